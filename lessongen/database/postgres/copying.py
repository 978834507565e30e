"""A database of a server as one side of a copy."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from lessongen.database.copying import EMPTY_ONE, TABLES, is_empty, not_empty
from lessongen.database.half_copy import HALF_COPY
from lessongen.database.postgres.connection import Connection, Unsure, whole
from lessongen.database.postgres.database import BEGIN, Database
from lessongen.database.postgres.failures import translate, unsure
from lessongen.system.addresses import DatabaseAddress
from lessongen.system.errors import CannotWrite

_ROWS_AT_ONCE = 500
_PATIENT = "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0"
_SNAPSHOT = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_PATIENT}"
# One that was killed lets go once the server has noticed: within seconds.
_ALONE = f"BEGIN; {_PATIENT}; SET LOCAL lock_timeout = '15s'; {BEGIN.removeprefix('BEGIN; ')}"
_COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'lessongen' AND table_name = ? AND is_generated = 'NEVER' ORDER BY ordinal_position"""
_UNMARK = f"DELETE FROM schema_steps WHERE number = {HALF_COPY}"


def forget_mark(address: DatabaseAddress) -> None:
    """Let a database that is half a copy, in which nothing is yet, be opened again; any other is left as it is.

    Raises `DatabaseError`, also where a copy into it is going on.
    """
    with _connected(address) as connection:
        if connection.execute("SELECT to_regclass('lessongen.schema_steps')").fetchall()[0][0] is None:
            return
        if connection.execute(f"SELECT 1 FROM schema_steps WHERE number = {HALF_COPY}").fetchall():
            connection.run(_ALONE)
            connection.run(_UNMARK)
            connection.run("COMMIT")


class Tables:
    """The tables of a database, on a connection that is in a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def columns(self, table: str) -> list[str]:
        """The names of its columns, but those that the server makes of others."""
        return list(self._types(table))

    def count(self, table: str) -> int:
        """How many rows it has."""
        return int(self._connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0])

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
        """All its rows."""
        query = f'SELECT {_named(columns)} FROM "{table}"'.encode()
        with self._connection.raw.cursor(f"copied_{uuid.uuid4().hex}", row_factory=tuple_row) as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            yield from cursor.execute(query)

    def last_number(self, table: str) -> int:
        """The highest number that the table has given to a row; 0 where it gives none."""
        sequence = self._sequence(table)
        if sequence is None:
            return 0
        last, is_given = self._connection.execute(f"SELECT last_value, is_called FROM {sequence}").fetchall()[0]
        there = self._connection.execute(f'SELECT coalesce(max(id), 0) FROM "{table}"').fetchall()[0][0]
        return max(int(there), int(last) if is_given else 0)

    def storable(self, row: Sequence[Any]) -> Sequence[Any]:
        """The row without NUL, which PostgreSQL's texts can't hold."""
        return [whole(value) for value in row]

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put in all these rows, and let them be the only ones."""
        types = self._types(table)
        truths = {place for place, column in enumerate(columns) if types[column] == "boolean"}
        self._connection.run(f'DELETE FROM "{table}"')
        statement = f'COPY "{table}" ({_named(columns)}) FROM STDIN'.encode()
        with self._connection.raw.cursor() as cursor, cursor.copy(statement) as into:
            for row in rows:
                into.write_row(
                    [bool(value) if at in truths and value is not None else value for at, value in enumerate(row)]
                )

    def give_numbers_after(self, table: str, last: int) -> None:
        """Let rows to come have higher numbers than that."""
        sequence = self._sequence(table)
        if sequence is not None and last > 0:
            self._connection.run(f"SELECT setval('{sequence}', {int(last)})")

    def _types(self, table: str) -> dict[str, str]:
        return {name: kind for name, kind in self._connection.execute(_COLUMNS, (table,)).fetchall()}

    def _sequence(self, table: str) -> str | None:
        if "id" not in self._types(table):
            return None
        found: str | None = self._connection.execute(f"SELECT pg_get_serial_sequence('\"{table}\"', 'id')").fetchall()[
            0
        ][0]
        return found


class PostgresSide:
    """A server's database that is copied, or that a copy goes into."""

    def __init__(self, database: Database) -> None:
        self._address = database.address

    @contextmanager
    def reading(self) -> Iterator[Tables]:
        """Its tables as they are at one moment."""
        with _connected(self._address) as connection:
            connection.run(_SNAPSHOT)
            yield Tables(connection)

    def mark(self) -> None:
        """Let it say from now on that it is half a copy. Raises `CannotWrite` where it is not empty."""
        with self._transaction() as connection:
            connection.run(f"INSERT INTO schema_steps (number) VALUES ({HALF_COPY})")

    @contextmanager
    def writing(self) -> Iterator[Tables]:
        """Its tables; once the block ends without an error, they are kept and the mark is gone."""
        with self._transaction() as connection:
            yield Tables(connection)
            connection.run(_UNMARK)
            # Else its first queries are planned as if it were empty.
            connection.run("; ".join(f'ANALYZE "{table}"' for table in TABLES))

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with _connected(self._address) as connection:
            connection.run(_ALONE)
            if not is_empty(lambda query: bool(connection.execute(query).fetchall())):
                raise CannotWrite(not_empty(self._address), hint=EMPTY_ONE)
            yield connection
            connection.execute("COMMIT")


@contextmanager
def _connected(address: DatabaseAddress) -> Iterator[Connection]:
    """A connection of its own; a transaction that is open when the block ends is undone."""
    connection = Connection(address.url)
    try:
        yield connection
    except Unsure as error:
        raise unsure(address) from error
    except psycopg.Error as error:
        raise translate(error, address) from error
    finally:
        connection.close()


def _named(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
