"""A database file as one side of a copy."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lessongen.database.copying import EMPTY_ONE, is_empty, not_empty
from lessongen.database.half_copy import HALF_COPY
from lessongen.database.sqlite.database import Database
from lessongen.database.sqlite.failures import translate
from lessongen.database.sqlite.version import APPLICATION_ID, SCHEMA_VERSION
from lessongen.system.errors import CannotWrite

_COLUMNS = "SELECT name FROM pragma_table_info(?)"
_GIVES_NUMBERS = """
SELECT (SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_schema WHERE name = :table) AS are_kept
FROM pragma_table_info(:table) WHERE name = 'id' AND pk = 1"""
_LAST = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?"


def forget_mark(path: Path) -> None:
    """Let a file that is half a copy, in which nothing is yet, be opened again; any other is left as it is.

    Raises `DatabaseError`, also where a copy into it is going on.
    """
    if not path.is_file():
        return
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                return
            if connection.execute("PRAGMA user_version").fetchone()[0] == HALF_COPY:
                connection.execute("BEGIN IMMEDIATE")
                if connection.execute("PRAGMA user_version").fetchone()[0] == HALF_COPY:
                    connection.execute("PRAGMA user_version = 0")  # its schema may be an older one
                connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise translate(error, path) from error


class Tables:
    """The tables of a file, on a connection that is in a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def columns(self, table: str) -> list[str]:
        """The names of its columns."""
        return [row[0] for row in self._connection.execute(_COLUMNS, (table,))]

    def count(self, table: str) -> int:
        """How many rows it has."""
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
        """All its rows."""
        cursor = self._connection.cursor()
        cursor.row_factory = None
        yield from cursor.execute(f"SELECT {_named(columns)} FROM {table}")

    def last_number(self, table: str) -> int:
        """The highest number that the table has given to a row; 0 where it gives none."""
        gives = self._connection.execute(_GIVES_NUMBERS, {"table": table}).fetchone()
        if gives is None:
            return 0
        there = int(self._connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])
        return max(there, int(self._connection.execute(_LAST, (table,)).fetchone()[0]))

    def storable(self, row: Sequence[Any]) -> Sequence[Any]:
        """The row: a file keeps all of it."""
        return row

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put in all these rows, and let them be the only ones."""
        self._connection.execute(f"DELETE FROM {table}")
        places = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({_named(columns)}) VALUES ({places})", rows)

    def give_numbers_after(self, table: str, last: int) -> None:
        """Let rows to come have higher numbers than that, where the table keeps the last one."""
        gives = self._connection.execute(_GIVES_NUMBERS, {"table": table}).fetchone()
        if gives is not None and gives["are_kept"]:
            self._connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            self._connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))


class SqliteSide:
    """A database file that is copied, or that a copy goes into."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self) -> Iterator[Tables]:
        """Its tables as they are at one moment."""
        with self._database.apart() as connection:
            connection.execute("BEGIN")
            yield Tables(connection)

    def mark(self) -> None:
        """Let it say from now on that it is half a copy. Raises `CannotWrite` where it is not empty."""
        with self._transaction() as connection:
            connection.execute(f"PRAGMA user_version = {HALF_COPY}")

    @contextmanager
    def writing(self) -> Iterator[Tables]:
        """Its tables; once the block ends without an error, they are kept and the mark is gone."""
        with self._transaction() as connection:
            yield Tables(connection)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self._database.renew_stamp()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._database.apart() as connection:
            connection.execute("BEGIN IMMEDIATE")
            if not is_empty(lambda query: connection.execute(query).fetchone() is not None):
                raise CannotWrite(not_empty(self._database.path), hint=EMPTY_ONE)
            yield connection
            connection.execute("COMMIT")


def _named(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
