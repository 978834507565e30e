"""The store: tasks and lessons in one database. The two sides of the product meet here and nowhere else.

Other rooms name its classes from here: one a noun, each method one transaction.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from lessongen.database.batches import Batches
from lessongen.database.leases import Leases
from lessongen.database.lessons import Lessons
from lessongen.database.pages import Pages
from lessongen.database.retired import Retired
from lessongen.database.sent_batches import SentBatches
from lessongen.database.sqlite.database import BUSY_SECONDS
from lessongen.database.sqlite.database import Database as SqliteDatabase
from lessongen.database.sqlite.version import SCHEMA_VERSION
from lessongen.database.tasks import Tasks
from lessongen.database.tokens import Tokens
from lessongen.database.usage import Usages

if TYPE_CHECKING:
    from lessongen.database.copying import Side
    from lessongen.database.exams import Exams
    from lessongen.database.port import Database
    from lessongen.database.postgres.copying import PostgresSide
    from lessongen.database.postgres.workers import SignedIn, WorkerRow, Workers
    from lessongen.database.sqlite.copying import SqliteSide
    from lessongen.database.sqlite.upkeep import Upkeep
    from lessongen.system.addresses import DatabaseAddress
    from lessongen.system.clock import Clock

__all__ = [
    "Batches",
    "Leases",
    "Lessons",
    "Pages",
    "PostgresStore",
    "Retired",
    "SentBatches",
    "SignedIn",
    "SqliteStore",
    "Store",
    "Tasks",
    "Tokens",
    "Usages",
    "WorkerRow",
    "Workers",
]


class Store:
    """The nouns over one database; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._nouns_in = database
        self.tasks = Tasks(database)
        self.leases = Leases(database)
        self.lessons = Lessons(database)
        self.batches = Batches(database)
        self.pages = Pages(database)
        self.usage = Usages(database)
        self.sent_batches = SentBatches(database)
        self.retired = Retired(database)
        self.tokens = Tokens(database)

    @property
    def exams(self) -> Exams:
        """The results of judges' exams."""
        from lessongen.database.exams import Exams

        return Exams(self._nouns_in)

    def side(self) -> Side:
        """The database as one that is copied, or that a copy goes into."""
        raise NotImplementedError

    def follow(self) -> None:
        """From now on go on with a database that is put in the place of this one; else that is an error for good."""

    def changed(self) -> int:
        """A number that changes when another connection has written."""
        return self._nouns_in.data_version()

    def close(self) -> None:
        """Close all connections."""
        self._nouns_in.close()


class SqliteStore(Store):
    """One database file, created and migrated when opened.

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
        self._database = SqliteDatabase(self.path, busy_seconds=busy_seconds, factory=factory)
        super().__init__(self._database)

    def follow(self) -> None:
        """From now on go on with a database that is put in the place of this one; else that is an error for good."""
        self._database.follows = True

    @property
    def schema(self) -> int:
        """The number of the schema that the file has since it was opened."""
        return SCHEMA_VERSION

    def problems(self) -> list[str]:
        """What SQLite's quick integrity check finds wrong with the file; empty if it is sound."""
        return [row[0] for row in self._database.read("PRAGMA quick_check") if row[0] != "ok"]

    @property
    def upkeep(self) -> Upkeep:
        """Backup, check and compaction of the file."""
        from lessongen.database.sqlite.upkeep import Upkeep

        return Upkeep(self._database)

    def side(self) -> SqliteSide:
        """The database as one that is copied, or that a copy goes into."""
        from lessongen.database.sqlite.copying import SqliteSide

        return SqliteSide(self._database)


class PostgresStore(Store):
    """One database of a PostgreSQL server, its schema created and migrated when opened.

    Raises `DatabaseError` where it can't be used, each cause with its remedy, none with a password.
    """

    def __init__(self, address: DatabaseAddress) -> None:
        from lessongen.database.postgres.database import Database as PostgresDatabase

        self.address = address
        self._database = PostgresDatabase(address)
        super().__init__(self._database)

    @property
    def version(self) -> str:
        """The server's version, as it says it."""
        return str(self._database.read("SHOW server_version")[0][0])

    @property
    def workers(self) -> Workers:
        """The workers of all hosts."""
        from lessongen.database.postgres.workers import Workers

        return Workers(self._database)

    def clock(self) -> Clock:
        """The server's clock, by which all hosts go."""
        from lessongen.database.postgres.clock import ServerClock

        return ServerClock(self._database)

    def side(self) -> PostgresSide:
        """The database as one that is copied, or that a copy goes into."""
        from lessongen.database.postgres.copying import PostgresSide

        return PostgresSide(self._database)
