"""A whole database copied into another one, whichever two they are: each table's rows, in the order of foreign keys.

The rows go over in one transaction, and are read back and compared before it is committed: the target has all of them
or none. From before that until then it is marked as half a copy, which nothing but another copy opens.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from lessongen.system.errors import DatabaseError

Say = Callable[[str, float | None], None]  # what is being done, and how much of it is: 0 to 1, None where unknown

# After those that they refer to. What a database keeps of itself is not copied: the name of its file, who works in it.
TABLES = (
    *("tasks", "tally", "steps", "calls", "turns", "prerequisites", "batches", "expired_tasks"),
    *("lessons", "versions", "texts", "version_texts", "lesson_texts", "locks", "approvals", "reuses", "given_numbers"),
    *("durations", "usage", "pages", "hosts", "inputs", "tokens", "sent_batches", "batched_calls", "exams"),
)
_SAID_EVERY_ROWS = 500
_MOST = 2**256


class Readable(Protocol):
    """One database's tables in a transaction of its own."""

    def columns(self, table: str) -> list[str]:
        """The names of its columns, but those that are made of others."""
        ...

    def count(self, table: str) -> int:
        """How many rows it has."""
        ...

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
        """All its rows, in any order, read as they are needed."""
        ...

    def last_number(self, table: str) -> int:
        """The highest number that the table has given to a row; 0 where it gives none."""
        ...


class Writable(Readable, Protocol):
    """Tables that rows are put into; they were empty."""

    def storable(self, row: Sequence[Any]) -> Sequence[Any]:
        """The row as it can be kept there."""
        ...

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put in all these rows, and let them be the only ones."""
        ...

    def give_numbers_after(self, table: str, last: int) -> None:
        """Let rows to come have higher numbers than that."""
        ...


class Side(Protocol):
    """A database that is copied, or that a copy goes into."""

    def reading(self) -> AbstractContextManager[Readable]:
        """Its tables as they are at one moment."""
        ...

    def mark(self) -> None:
        """Let it say from now on that it is half a copy. Raises `CannotWrite` where it is not empty."""
        ...

    def writing(self) -> AbstractContextManager[Writable]:
        """Its tables; once the block ends without an error, they are kept and the mark is gone.

        Raises `CannotWrite` where it is not empty.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class CopiedTable:
    """What came over of one table, the same on both sides.

    `sha256` is the sum, modulo 2 to the 256, of the hashes of its rows: each as a list in JSON, of its values in the
    order of their columns' names.
    """

    rows: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What came over of a database; `changed_texts` had a NUL, and have U+FFFD in its place."""

    tables: dict[str, CopiedTable]
    changed_texts: int


class _Sum:
    """The number of rows and the sum of their hashes, which no order changes."""

    def __init__(self) -> None:
        self.rows = self._sum = 0

    def add(self, row: Sequence[Any]) -> None:
        """Count a row. A truth value counts as the number that SQLite has for it."""
        plain = [int(value) if isinstance(value, bool) else value for value in row]
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        self._sum = (self._sum + int.from_bytes(digest)) % _MOST
        self.rows += 1

    def result(self) -> CopiedTable:
        """What came of it."""
        return CopiedTable(rows=self.rows, sha256=f"{self._sum:064x}")


class _Progress:
    """How far the whole is: each row is written, and read again."""

    def __init__(self, say: Say, rows: int) -> None:
        self._say, self._of, self._done = say, max(1, 2 * rows), 0

    def count(self, what: str) -> None:
        """One more row of these is done."""
        if self._done % _SAID_EVERY_ROWS == 0:
            self._say(what, min(1.0, self._done / self._of))
        self._done += 1


def copy(source: Side, target: Side, say: Say) -> Copied:
    """Copy all rows of the source into the target, which is marked already, and compare both.

    Raises `DatabaseError` where one of them fails or they differ; then nothing is in the target, and its mark stays.
    """
    with source.reading() as old, target.writing() as new:
        progress = _Progress(say, sum(old.count(table) for table in TABLES))
        columns = {table: sorted(new.columns(table)) for table in TABLES}
        given = {table: _Sum() for table in TABLES}
        changed = 0

        def passed_on(table: str) -> Iterator[Sequence[Any]]:
            nonlocal changed
            for row in old.rows(table, columns[table]):
                progress.count(f"Copying {table}")
                stored = new.storable(row)
                changed += sum(one != other for one, other in zip(row, stored, strict=True))
                given[table].add(stored)
                yield stored

        for table in TABLES:
            if sorted(old.columns(table)) != columns[table]:
                raise DatabaseError(f"The two databases have other columns in {table}.", hint="Upgrade lessongen.")
            new.fill(table, columns[table], passed_on(table))
            new.give_numbers_after(table, old.last_number(table))
        for table in TABLES:
            _compare(table, given[table].result(), _read_back(new, table, columns[table], progress))
        say("Keeping the copy", None)
    return Copied(tables={table: given[table].result() for table in TABLES}, changed_texts=changed)


def _read_back(new: Readable, table: str, columns: Sequence[str], progress: _Progress) -> CopiedTable:
    found = _Sum()
    for row in new.rows(table, columns):
        progress.count(f"Checking {table}")
        found.add(row)
    return found.result()


def _compare(table: str, given: CopiedTable, found: CopiedTable) -> None:
    if given != found:
        raise DatabaseError(
            f"The copy differs in {table}: {given.rows:,} rows were read and {found.rows:,} are there, "
            f"with the hashes {given.sha256[:12]} and {found.sha256[:12]}. Nothing of it is kept.",
            hint="`lessongen db check` may say what is wrong with the one that is copied.",
        )


def not_empty(database: object) -> str:
    """What is said of a target that has something in it."""
    return f"{database} is not empty: a copy would mix two databases."


EMPTY_ONE = "Copy into a new one."


def is_empty(exists: Callable[[str], bool]) -> bool:
    """Whether no table has a row; `exists` says whether a query finds one."""
    counted = exists("SELECT 1 FROM tally WHERE tasks <> 0 LIMIT 1")
    return not counted and not any(exists(f"SELECT 1 FROM {table} LIMIT 1") for table in TABLES if table != "tally")
