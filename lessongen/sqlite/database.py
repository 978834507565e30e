"""Connections and transactions: how the database file is opened, read, and written.

Three kinds of connection serve a process, each opened when first needed: one whose commits are synced to disk
(`durable`), one whose commits survive a killed process but not a power cut (`quick`), and a reader for each thread.
SQLite's `synchronous` can't change inside a transaction, hence the two writers.

Transactions that wait for a writer at the same time share one commit: whoever holds the writer runs all that wait, each
in a savepoint of its own. A caller returns after the commit that holds its work, so sharing weakens no promise.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

from lessongen.errors import CannotWrite, DatabaseBusy, DatabaseError, DatabaseFull
from lessongen.privacy import make_private_folder
from lessongen.sqlite.version import SCHEMA_VERSION

T = TypeVar("T")

APPLICATION_ID = 0x4C47454E  # "LGEN": tells our files from other SQLite databases
BUSY_SECONDS = 10.0
_CHECKPOINT_PAGES = 4_000  # 16 MB: whoever commits then writes them into the database, so not at every sixtieth lesson


class Database:
    """One database file, created and migrated when it is opened. Safe to share between threads.

    `factory` makes the connections, as in `sqlite3.connect`.
    """

    def __init__(
        self,
        path: Path,
        *,
        busy_seconds: float = BUSY_SECONDS,
        factory: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> None:
        self.path = path
        self._factory = factory
        self._busy_seconds = busy_seconds
        turn = threading.Lock()  # of both writers: SQLite would let one of them sleep while the other writes
        self._durable = _Writer(path, turn, lambda: self._connect("FULL"))
        self._quick = _Writer(path, turn, lambda: self._connect("NORMAL"))
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._all_lock = threading.Lock()
        with self._translated():
            self._prepare()

    # ------------------------------------------------------------ transactions

    def durable(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a transaction that is on disk when this returns."""
        with self._translated():
            return self._durable.run(work)

    def quick(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a transaction that a killed process keeps and a power cut may undo."""
        with self._translated():
            return self._quick.run(work)

    def read(self, sql: str, parameters: Any = ()) -> list[sqlite3.Row]:
        """All rows of one query, on a connection that can't write."""
        with self._translated():
            return self._reader().execute(sql, parameters).fetchall()

    def data_version(self) -> int:
        """A number that changes when another connection has written."""
        with self._translated():
            version: int = self._reader().execute("PRAGMA data_version").fetchone()[0]
            return version

    @contextmanager
    def apart(self) -> Iterator[sqlite3.Connection]:
        """A connection for work that takes long, closed when the block ends; SQLite's errors in it are translated."""
        with self._translated():
            connection = self._connect("FULL")
            try:
                yield connection
            finally:
                with self._all_lock:
                    self._all.remove(connection)
                connection.close()

    def close(self) -> None:
        """Close all connections of this process."""
        with self._all_lock:
            for connection in self._all:
                connection.close()
            self._all.clear()

    # ------------------------------------------------------------ connections

    def _connect(self, synchronous: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=self._factory,
        )
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        with self._all_lock:
            self._all.append(connection)
        return connection

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if connection is None:
            connection = self._connect("NORMAL")
            connection.execute("PRAGMA query_only = ON")
            self._local.reader = connection
        return connection

    # ------------------------------------------------------------ opening

    def _prepare(self) -> None:
        try:
            make_private_folder(self.path.parent)
        except OSError as error:
            raise CannotWrite(
                f"The folder {self.path.parent} can't be created: {error.strerror}.",
                hint="Choose another place with --db PATH or LESSONGEN_HOME.",
            ) from error
        connection = self._reader()
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION and _is_ours(connection):
            return
        if version > SCHEMA_VERSION and _is_ours(connection):
            raise _newer(self.path, version)
        if not _is_ours(connection) and not _is_empty(connection):
            raise DatabaseError(
                f"{self.path} is an SQLite database, but not one of lessongen's.",
                hint="Choose another file with --db PATH.",
            )
        from lessongen.migrations import migrate

        migrate(self._connect("FULL"))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _translate(error, self.path) from error


class _Job(Generic[T]):
    """A transaction on its way through a writer."""

    def __init__(self, work: Callable[[sqlite3.Connection], T]) -> None:
        self.work = work
        self.is_done = False
        self.error: BaseException | None = None
        self.result: T


class _Writer:
    """One writing connection; the transactions that wait for it together share a commit."""

    def __init__(self, path: Path, turn: threading.Lock, connect: Callable[[], sqlite3.Connection]) -> None:
        self._path = path
        self._turn = turn
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._waiting: deque[_Job[Any]] = deque()

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        job = _Job(work)
        self._waiting.append(job)
        with self._turn:
            if not job.is_done:
                self._commit_together([self._waiting.popleft() for _ in range(len(self._waiting))])
        if job.error is not None:
            raise job.error
        return job.result

    def _commit_together(self, jobs: list[_Job[Any]]) -> None:
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.execute("BEGIN IMMEDIATE")
            self._check_schema(self._connection)
            for job in jobs:
                self._run_in_savepoint(self._connection, job)
            self._connection.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - handed to the callers, not swallowed
            # Nothing of this commit is in the database: every caller must hear of it, in its own thread.
            for job in jobs:
                job.error = error
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        finally:
            for job in jobs:
                job.is_done = True

    def _check_schema(self, connection: sqlite3.Connection) -> None:
        """Write nothing into a database that a newer lessongen has taken over since it was opened."""
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise _newer(self._path, version)

    @staticmethod
    def _run_in_savepoint(connection: sqlite3.Connection, job: _Job[Any]) -> None:
        connection.execute("SAVEPOINT job")
        try:
            job.result = job.work(connection)
        except BaseException as error:  # handed to the caller, not swallowed
            if not connection.in_transaction:  # a full disk undoes the whole transaction by itself
                raise
            connection.execute("ROLLBACK TO job")
            job.error = error
        connection.execute("RELEASE job")


def _is_ours(connection: sqlite3.Connection) -> bool:
    application_id: int = connection.execute("PRAGMA application_id").fetchone()[0]
    return application_id == APPLICATION_ID


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _newer(path: Path, version: int) -> DatabaseError:
    return DatabaseError(
        f"The database {path} was written by a newer lessongen (schema {version}; this one knows {SCHEMA_VERSION}).",
        hint="Upgrade lessongen, or choose another database with --db PATH.",
    )


def _translate(error: sqlite3.Error, path: Path) -> DatabaseError:
    """The error that a person can act on, for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    primary = code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseBusy(
            f"The database {path} is locked by another process.", hint="Try again; `lessongen doctor` says who has it."
        )
    if primary == sqlite3.SQLITE_NOTADB:
        return DatabaseError(f"{path} is not a database.", hint="Choose another file with --db PATH.")
    if primary == sqlite3.SQLITE_CORRUPT:
        return DatabaseError(
            f"The database {path} is damaged: {error}.", hint="Restore a backup, or choose another with --db PATH."
        )
    if primary == sqlite3.SQLITE_READONLY:
        return DatabaseError(
            f"The database {path} can't be written: it, or its folder, is read-only.",
            hint="Change its permissions, or choose another with --db PATH.",
        )
    if primary == sqlite3.SQLITE_CANTOPEN:
        return DatabaseError(
            f"The database {path} can't be opened: {error}.",
            hint="Check that the path is a file in a folder that you may write to, or choose another with --db PATH.",
        )
    if primary == sqlite3.SQLITE_FULL:
        return DatabaseFull(
            f"The disk is full: nothing was written to {path}.", hint="Free some space; `lessongen purge` helps."
        )
    if code in (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE):  # a quota's limit is told as a failure
        return DatabaseFull(
            f"The disk takes no more: nothing was written to {path}.",
            hint="Free some space or raise the quota; if there is plenty of both, check the disk's health.",
        )
    if primary == sqlite3.SQLITE_IOERR:
        return DatabaseError(
            f"The disk refused to read or write {path}: {error}.", hint="Check the disk's space and health."
        )
    return DatabaseError(f"The database {path} failed: {error}.", hint="`lessongen doctor` says more.")
