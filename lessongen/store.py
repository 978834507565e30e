"""The store: tasks and lessons in one SQLite file. The two sides of the product meet here and nowhere else.

Other rooms name its classes from here: one a noun, each method one transaction.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from lessongen.sqlite.batches import Batches
from lessongen.sqlite.database import BUSY_SECONDS, Database
from lessongen.sqlite.leases import Leases
from lessongen.sqlite.lessons import Lessons
from lessongen.sqlite.pages import Pages
from lessongen.sqlite.retired import Retired
from lessongen.sqlite.sent_batches import SentBatches
from lessongen.sqlite.tasks import Tasks
from lessongen.sqlite.tokens import Tokens
from lessongen.sqlite.usage import Usages
from lessongen.sqlite.version import SCHEMA_VERSION

if TYPE_CHECKING:
    from lessongen.sqlite.exams import Exams
    from lessongen.sqlite.upkeep import Upkeep

__all__ = [
    "Batches",
    "Leases",
    "Lessons",
    "Pages",
    "Retired",
    "SentBatches",
    "SqliteStore",
    "Tasks",
    "Tokens",
    "Usages",
]


class SqliteStore:
    """One database file, created and migrated when opened; safe to share between threads.

    `busy_seconds` is how long a write waits for other processes. Raises `DatabaseError` where the file can't be used,
    each cause with its remedy.
    """

    def __init__(
        self,
        path: Path,
        *,
        busy_seconds: float = BUSY_SECONDS,
        factory: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> None:
        self.path = path.absolute()
        self._database = Database(self.path, busy_seconds=busy_seconds, factory=factory)
        self.tasks = Tasks(self._database)
        self.leases = Leases(self._database)
        self.lessons = Lessons(self._database)
        self.batches = Batches(self._database)
        self.pages = Pages(self._database)
        self.usage = Usages(self._database)
        self.sent_batches = SentBatches(self._database)
        self.retired = Retired(self._database)
        self.tokens = Tokens(self._database)

    def follow(self) -> None:
        """From now on go on with a database that is put in the place of this one; else that is an error for good."""
        self._database.follows = True

    def changed(self) -> int:
        """A number that changes when another connection has written."""
        return self._database.data_version()

    @property
    def schema(self) -> int:
        """The number of the schema that the file has since it was opened."""
        return SCHEMA_VERSION

    def problems(self) -> list[str]:
        """What SQLite's quick integrity check finds wrong with the file; empty if it is sound."""
        return [row[0] for row in self._database.read("PRAGMA quick_check") if row[0] != "ok"]

    @property
    def exams(self) -> Exams:
        """The results of judges' exams."""
        from lessongen.sqlite.exams import Exams

        return Exams(self._database)

    @property
    def upkeep(self) -> Upkeep:
        """Backup, check and compaction of the file."""
        from lessongen.sqlite.upkeep import Upkeep

        return Upkeep(self._database)

    def close(self) -> None:
        """Close the file."""
        self._database.close()
