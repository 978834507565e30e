"""Connections and transactions: how the database file is opened, read, and written.

Three kinds of connection serve a process, each opened when first needed: one whose commits are synced to disk
(`durable`), one whose commits survive a killed process but not a power cut (`quick`), and a reader for each thread.
SQLite's `synchronous` can't change inside a transaction, hence the two writers.

Transactions that wait for a writer at the same time share one commit: whoever holds the writer runs all that wait, each
in a savepoint of its own where they are several. A caller returns after the commit that holds its work, so sharing
weakens no promise.

Each transaction begins after a look whether the files are still those that have the database's name, and a durable one
ends with such a look: nothing is accepted into files that are gone. The look that ended one transaction is the one
before the next, where that was waiting by then. Where the database itself is untouched it is opened anew, all
connections of the process at once, else SQLite would go on with what they share.
"""

from __future__ import annotations

import ctypes
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from lessongen.database.sqlite.admission import admit, is_doubtful, is_open_here
from lessongen.database.sqlite.failures import newer, translate
from lessongen.database.sqlite.footing import PATIENCE_SECONDS, Footing, Trouble, identity_of, stat_of
from lessongen.database.sqlite.gate import Gate
from lessongen.database.sqlite.version import APPLICATION_ID, SCHEMA_VERSION
from lessongen.database.writing import Writer
from lessongen.system.errors import CannotWrite, DatabaseError
from lessongen.system.privacy import make_private_folder

T = TypeVar("T")

BUSY_SECONDS = 10.0
_LOOK_AGAIN_SECONDS = 0.005
_TRIES = 3
_CHECKPOINT_PAGES = 4_000  # 16 MB: whoever commits then writes them into the database, so not at every sixtieth lesson


class _Moved(Exception):
    """Nothing was written: the files are not the database's any more."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.trouble = trouble


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
        self.follows = False
        self._factory = factory
        self._busy_seconds = busy_seconds
        self._gate = Gate()
        self._footing: Footing | None = None
        self._lost: Trouble | None = None  # why there is no footing any more
        self._main: object = None
        self._looked_at = 0.0
        self._openings = 0
        self._is_stamped = False
        self._change = 0  # the count that the database has reached by the stamp, until that is kept in its record
        self._all: list[sqlite3.Connection] = []
        self._all_lock = threading.Lock()
        with self._translated():
            self._open()

    # ------------------------------------------------------------ transactions

    def durable(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a transaction that is on disk when this returns."""
        return self._write(lambda asked_at: self._durable.run(work, asked_at))

    def quick(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a transaction that a killed process keeps and a power cut may undo."""
        return self._write(lambda _: self._quick.run(work, 0.0))

    def read(self, sql: str, parameters: Any = ()) -> list[sqlite3.Row]:
        """All rows of one query, on a connection that can't write."""
        return self._used(lambda: self._reader().execute(sql, parameters).fetchall())

    def data_version(self) -> int:
        """A number that changes when another connection has written."""
        version: int = self.read("PRAGMA data_version")[0][0]
        return version + (self._openings << 32)

    @contextmanager
    def apart(self) -> Iterator[sqlite3.Connection]:
        """A connection for work that takes long, closed when the block ends; SQLite's errors in it are translated."""
        with self._gate, self._translated():
            self._look_again()
            with self._connected() as connection:
                yield connection

    def renew_stamp(self) -> None:
        """Count a change, so that every copy made before can be told from the database."""
        self._is_stamped = False
        self.durable(lambda connection: None)

    def close(self) -> None:
        """Close all connections of this process."""
        self._let_go(self._footing.trouble()[0] if self._footing is not None else None)

    def _write(self, run: Callable[[float], T]) -> T:
        for _ in range(_TRIES):
            asked_at = time.monotonic()
            try:
                return self._used(partial(run, asked_at))
            except _Moved as moved:
                trouble = moved.trouble
                self._looked_at = 0.0
        raise trouble.error()

    # ------------------------------------------------------------ the files that it stands on

    def _used(self, use: Callable[[], T]) -> T:
        """What a use of the connections gives, begun on files that are the database's; SQLite's errors translated."""
        with self._gate:
            try:
                self._look_again()
                return use()
            except sqlite3.Error as error:
                raise translate(error, self.path) from error

    def _look_again(self) -> None:
        """See that the files are still the database's; open it anew where they are not. Raises `DatabaseError`."""
        begun = time.monotonic()
        if self._lost is None and begun - self._looked_at <= _LOOK_AGAIN_SECONDS:
            return
        trouble = self._trouble()
        if trouble is None:
            self._looked_at = begun
            return
        with self._gate.alone():
            trouble = self._trouble()
            if trouble is not None:  # else another thread has opened it anew meanwhile
                self._open_anew(trouble)

    def _trouble(self) -> Trouble | None:
        footing = self._footing
        if footing is None:
            return self._lost
        trouble, size = footing.trouble()
        if trouble is None and size < footing.size:
            trouble = self._damage()
            if trouble is None:
                footing.size = size  # whole as large as it was when it was looked at
        return trouble

    def _damage(self) -> Trouble | None:
        """What is wrong with a database that has become smaller; nothing where it was `vacuum`."""
        try:
            with self._connected() as connection:  # others have in memory what is no longer in the file
                said: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            said = str(error)
        if said == "ok":
            return None
        return Trouble(
            message=f"The database {self.path} was cut short: {said.splitlines()[-1]}.",
            hint="Stop what uses it, and restore a backup; or choose another with --db PATH.",
        )

    def _open_anew(self, trouble: Trouble) -> None:
        if self._footing is not None:
            self._main = self._footing.main
            self._let_go(trouble)
        may_follow = self.follows and os.path.exists(self.path) and not is_open_here(self.path)
        if not (trouble.may_reopen or may_follow):
            self._lost = trouble
            raise trouble.error()
        try:
            self._open(0.0 if self._lost else PATIENCE_SECONDS)
        except DatabaseError as error:
            hint = error.hint or ""
            self._lost = Trouble(message=error.message, hint=hint, may_reopen=trouble.may_reopen)
            raise
        if self._footing is not None and self._footing.main != self._main and not self.follows:
            self._let_go(self._footing.trouble()[0])
            self._lost = trouble
            raise trouble.error()

    def _let_go(self, trouble: Trouble | None) -> None:
        """Close all connections; or, where SQLite would delete others' files in doing so, never."""
        footing, self._footing = self._footing, None
        self._looked_at = 0.0
        with self._all_lock:
            connections, self._all = self._all, []
        if trouble is not None and not trouble.may_close:
            # Kept by a reference that is never given back; the system lets go of the files when the process ends.
            for connection in connections:
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
            return
        if trouble is not None and connections:
            # SQLite closes what was moved without this: what is in the journal would be lost with it.
            with suppress(sqlite3.Error):
                connections[-1].execute("PRAGMA query_only = OFF")
                connections[-1].execute("PRAGMA wal_checkpoint(PASSIVE)")
        for connection in connections:
            connection.close()
        if footing is not None:
            footing.release()

    def _open(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._lost = None
        turn = threading.Lock()  # of both writers: SQLite would let one of them sleep while the other writes
        self._durable = Writer(turn, lambda: self._writing("FULL"), self._begin, self._after)
        self._quick = Writer(turn, lambda: self._writing("NORMAL"), self._begin, self._after_quick)
        self._local = threading.local()
        for _ in range(_TRIES):
            begun = time.monotonic()
            admit(self.path, patience_seconds=patience_seconds)
            doubtful = self._openings > 0 or is_doubtful(self.path)
            there = stat_of(self.path)
            try:
                self._prepare()
                self._footing = self._stand()
            except BaseException:
                self._let_go(None)
                raise
            is_same = there is None or self._footing is None or self._footing.main == identity_of(there)
            if self._footing is not None and self._footing.is_whole and is_same:
                break
            if sys.platform == "win32":  # which keeps open files
                break
            self._let_go(None)  # someone removed or replaced them just then
            self._local = threading.local()
        else:
            raise DatabaseError(
                f"The files of the database {self.path} are being removed: nothing is written.",
                hint="Stop what uses it, and see what removes them.",
            )
        self._openings += 1
        self._is_stamped, self._change = False, 0
        self._looked_at = begun
        damage = self._damage() if doubtful else None
        if damage is not None:
            self._let_go(damage)
            raise damage.error()

    def _stand(self) -> Footing | None:
        """The files that were opened; None where they are gone already."""
        if sys.platform == "win32":
            return None
        try:
            return Footing(self.path)
        except FileNotFoundError:
            return None

    def _begin(self, connection: sqlite3.Connection, asked_at: float) -> None:
        connection.execute("BEGIN IMMEDIATE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:  # a newer lessongen has taken it over since it was opened
            raise newer(self.path, version)
        self._before(connection, asked_at)

    def _before(self, connection: sqlite3.Connection, asked_at: float) -> None:
        """At the beginning of a transaction: raise `_Moved` where the files are gone; stamp the first one.

        It needs a look at them since it was asked for; the one that ended the transaction before it may be that.
        """
        is_old = self._looked_at < asked_at or time.monotonic() - self._looked_at > _LOOK_AGAIN_SECONDS
        if self._footing is not None and is_old:
            trouble = self._trouble()
            if trouble is not None:
                raise _Moved(trouble)
        if self._lost is not None:
            raise _Moved(self._lost)
        if not self._is_stamped:
            stamp(connection, self.path)
            self._change = self._footing.change_to_come() if self._footing is not None else 0

    def _after(self) -> None:
        """Once a durable transaction is on disk: raise `DatabaseError` where that may not be the database's."""
        self._is_stamped = True
        begun = time.monotonic()
        trouble = self._trouble() if self._footing is not None else None
        if trouble is None:
            if self._footing is not None and self._change:
                self._footing.note_change(self._change)
                self._change = 0
            self._looked_at = begun
            return
        self._looked_at = 0.0
        raise DatabaseError(
            f"{trouble.message} What was written just then may be lost.",
            hint=f"See what is there, `lessongen tasks`, before you try again. {trouble.hint}",
        )

    def _after_quick(self) -> None:
        self._is_stamped = True

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

    def _writing(self, synchronous: str) -> sqlite3.Connection:
        connection = self._connect(synchronous)
        connection.execute("PRAGMA temp_store = MEMORY")  # else what could be undone goes into a file, at each commit
        return connection

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection = self._connect("FULL")
        try:
            yield connection
        finally:
            with self._all_lock:
                self._all.remove(connection)
            connection.close()

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
            raise newer(self.path, version)
        if not _is_ours(connection) and not _is_empty(connection):
            raise DatabaseError(
                f"{self.path} is an SQLite database, but not one of lessongen's.",
                hint="Choose another file with --db PATH.",
            )
        from lessongen.database.sqlite.migrations import migrate

        writer = self._connect("FULL")
        migrate(writer)
        writer.execute("BEGIN IMMEDIATE")
        stamp(writer, self.path)
        writer.execute("COMMIT")
        writer.execute("PRAGMA wal_checkpoint(PASSIVE)")  # its name can be read without the journal from now on

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise translate(error, self.path) from error


def stamp(connection: sqlite3.Connection, path: Path) -> None:
    """Inside a transaction: count a change in the file's header, and keep the name that the database has.

    SQLite counts only what changes the first page; older copies are told from the database by that count.
    """
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    name = os.fsencode(os.path.realpath(path))
    connection.execute("UPDATE place SET path = :name WHERE path != :name", {"name": name})


def _is_ours(connection: sqlite3.Connection) -> bool:
    application_id: int = connection.execute("PRAGMA application_id").fetchone()[0]
    return application_id == APPLICATION_ID


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
