"""Connections and transactions: how a database of a PostgreSQL server is opened, read, and written.

Transactions run one after the other, on all hosts together, as the nouns expect it: each begins by taking one advisory
lock, which ends with it. Those of one process that wait at the same time share a commit. A quick one does not wait for
the disk.

A connection that broke is opened anew. What had not come to its commit is run again; of what had, it is said that it
may be there or not.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeVar

import psycopg

from lessongen.database.postgres.connection import Connection, Unsure
from lessongen.database.postgres.failures import is_of_the_connection, newer, translate, unsure
from lessongen.database.postgres.migrations import STEPS, applied, migrate
from lessongen.database.writing import Writer
from lessongen.system.addresses import DatabaseAddress
from lessongen.system.errors import DatabaseError

T = TypeVar("T")

PATIENCE_SECONDS = 10.0
_PATIENCE_AT_FIRST_SECONDS = 3.0  # the address may be a wrong one
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.05, 1.0
_MOST_IDLE_READERS = 4
_WRITE_LOCK = 0x4C47454E_0002
# One after the other, and each counted: who has seen a count has all that was written until then.
BEGIN = f"BEGIN; SELECT pg_advisory_xact_lock({_WRITE_LOCK}); UPDATE changes SET number = number + 1"
_BEGIN_QUICK = f"BEGIN; SET LOCAL synchronous_commit TO off; {BEGIN.removeprefix('BEGIN; ')}"
_CHANGES = "SELECT number FROM changes"
_NOW = "SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)"


class Database:
    """One database, its schema created and migrated when it is opened. Safe to share between threads.

    `patience_seconds` is how long a server that can't be reached any more is waited for.
    """

    def __init__(self, address: DatabaseAddress, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.address = address
        self._patience_seconds = patience_seconds
        try:
            psycopg.conninfo.conninfo_to_dict(address.url)
        except psycopg.ProgrammingError:  # which repeats parts of the address
            raise DatabaseError(
                f"PostgreSQL's client does not understand the address {address}: its user, its password or a parameter "
                "after the question mark.",
                hint="Write such characters as %, @ and : inside of them as %25, %40 and %3A.",
            ) from None
        self._idle: list[Connection] = []
        self._idle_lock = threading.Lock()
        turn = threading.Lock()
        self._writing = Connection(address.url)
        self._durable: Writer[Connection] = Writer(turn, self._writer, partial(_begin, BEGIN), _nothing)
        self._quick: Writer[Connection] = Writer(turn, self._writer, partial(_begin, _BEGIN_QUICK), _nothing)
        try:
            self._patiently(self._prepare, min(patience_seconds, _PATIENCE_AT_FIRST_SECONDS))
        except BaseException:
            self.close()
            raise

    def durable(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that is on disk when this returns."""
        return self._patiently(lambda: self._durable.run(work, 0.0))

    def quick(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that a killed process keeps and a server's crash may undo."""
        return self._patiently(lambda: self._quick.run(work, 0.0))

    def read(self, sql: str, parameters: Any = ()) -> list[Any]:
        """All rows of one query."""

        def read() -> list[Any]:
            with self._reader() as connection:
                return connection.execute(sql, parameters).fetchall()

        return self._patiently(read)

    def data_version(self) -> int:
        """A number that changes when another connection has written."""
        version: int = self.read(_CHANGES)[0][0]
        return version

    def seconds(self) -> float:
        """The server's clock: seconds since 1970."""
        now: float = self.read(_NOW)[0][0]
        return now

    def close(self) -> None:
        """Close all connections of this process."""
        with self._idle_lock:
            idle, self._idle = self._idle, []
        for connection in (self._writing, *idle):
            with suppress(psycopg.Error):
                connection.close()

    def _writer(self) -> Connection:
        return self._writing

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        with self._idle_lock:
            connection = self._idle.pop() if self._idle else Connection(self.address.url)
        try:
            yield connection
        finally:
            with self._idle_lock:
                is_kept = connection.is_open and len(self._idle) < _MOST_IDLE_READERS
                if is_kept:
                    self._idle.append(connection)
            if not is_kept:
                connection.close()

    def _prepare(self) -> None:
        connection = self._writing
        connection.renew()
        step = applied(connection)
        if step > len(STEPS):
            raise newer(self.address, step, len(STEPS))
        if step < len(STEPS):
            if connection.raw.info.parameter_status("server_encoding") != "UTF8":
                raise DatabaseError(
                    f"The database {self.address} is not encoded in UTF-8.",
                    hint="Create one that is: createdb --encoding UTF8 --template template0 NAME.",
                )
            migrate(connection)

    def _patiently(self, use: Callable[[], T], seconds: float | None = None) -> T:
        """What a use of the connections gives; tried again, for a while, where there is no connection."""
        patience = self._patience_seconds if seconds is None else seconds
        deadline = float("inf")  # until it fails: one that stood still for long has all its patience yet
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return use()
            except Unsure as error:
                raise unsure(self.address) from error
            except psycopg.Error as error:
                said = translate(error, self.address)
                deadline = min(deadline, time.monotonic() + patience)
                if not said.retryable or not is_of_the_connection(error) or time.monotonic() > deadline:
                    raise said from error
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def _begin(sql: str, connection: Connection, asked_at: float) -> None:
    connection.renew()
    connection.run(sql)


def _nothing() -> None:
    pass
