"""Looking after a database file: a copy while workers write, a check of what it holds, its space given back.

The copy is made by SQLite's backup API inside one read transaction. In WAL mode that neither blocks writers nor is
disturbed by them, and the copy is the database at one moment. Without that transaction the API begins anew whenever
another process has written; `VACUUM INTO` would leave a copy that is not in WAL mode.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lessongen.database.sqlite import record
from lessongen.database.sqlite.database import Database
from lessongen.database.sqlite.soundness import Flaw, flaws, index_is_sound
from lessongen.system.errors import CannotWrite, DatabaseError

_PAGES_AT_ONCE = 2_000
_CHECKPOINT_SECONDS = 30.0
_BESIDE = ("-wal", "-shm", "-journal")
_TARGET_FAILED = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)

_RECOUNT = "UPDATE tally SET tasks = (SELECT count(*) FROM tasks WHERE tasks.status = tally.status)"
_CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"

Say = Callable[[str, float | None], None]  # what is being done, and how much of it is: 0 to 1, None where unknown


@dataclass(frozen=True, kw_only=True)
class Space:
    """What a database took on disk before and after its space was given back.

    Unless that `is_all`, others held on to the old state; the rest follows by itself when they have gone.
    """

    bytes_before: int
    bytes_after: int
    is_all: bool


class Upkeep:
    """The care of one SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def back_up(self, target: Path, *, replace: bool, say: Say) -> int:
        """Write a copy of the database at this moment to `target`, whole and checked, or not at all; its size in bytes.

        Workers may go on. Raises `CannotWrite`, also for a file that is there already unless it is to be replaced, or
        that is a database in use; `DatabaseError` if the copy is not sound.
        """
        _refuse(self._database.path, target, replace=replace)
        with _half_written(target) as copy:
            self._copy(copy, target, say)
            say("Checking the copy", None)
            self._verify(copy)
            # Put back over a database in use, an older copy is known by its count of changes.
            with contextlib.suppress(DatabaseError):
                self._database.renew_stamp()
            size = copy.stat().st_size
            _publish(copy, target, like=self._database.path)
            record.forget(target)  # what was there before is given up on purpose
        return size

    def check(self, say: Say) -> list[Flaw]:
        """What is wrong with the database; empty if it is sound."""
        return flaws(self._database, lambda what: say(what, None))

    def vacuum(self, say: Say) -> Space:
        """Give unused space back to the disk, and build anew what can be: the tally and the search index.

        Raises `DatabaseBusy` if others don't let it. Writers wait meanwhile.
        """
        from sqlite_utils import Database as Utilities

        before = self._bytes()
        with self._database.apart() as connection:
            utilities = Utilities(connection, recursive_triggers=False, execute_plugins=False)
            say("Checking the search index", None)
            index = utilities.table("lesson_texts")
            if index_is_sound(connection):
                index.optimize()
            else:
                index.rebuild_fts()
            connection.execute(_RECOUNT)
            say("Giving space back", None)
            utilities.vacuum()
            is_all = _checkpoint(connection)
        return Space(bytes_before=before, bytes_after=self._bytes(), is_all=is_all)

    def _copy(self, copy: Path, target: Path, say: Say) -> None:
        def progress(_status: int, remaining: int, total: int) -> None:
            say("Copying", 1 - remaining / max(1, total))

        with self._database.apart() as source, contextlib.closing(sqlite3.connect(copy)) as destination:
            source.execute("BEGIN")
            source.execute("SELECT 1 FROM sqlite_master").fetchone()  # a snapshot is taken by the first read
            try:
                source.backup(destination, pages=_PAGES_AT_ONCE, progress=progress)
            except sqlite3.Error as error:
                if error.sqlite_errorcode & 0xFF in _TARGET_FAILED:
                    raise _cannot_write(target, str(error)) from error
                raise

    def _verify(self, copy: Path) -> None:
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise DatabaseError(
                f"The database {self._database.path} is damaged, and so is the copy: {found}.",
                hint="`lessongen db check` says more; an older backup may be whole.",
            )

    def _bytes(self) -> int:
        """What the database takes on disk, with what is not yet written into its file."""
        return sum(_size(_beside(self._database.path, suffix)) for suffix in ("", "-wal"))


def _checkpoint(connection: sqlite3.Connection) -> bool:
    """Move what was written into the database's file and empty the file beside it; False if others hold on to it."""
    deadline = time.monotonic() + _CHECKPOINT_SECONDS
    while connection.execute(_CHECKPOINT).fetchone()[0]:
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.1)  # SQLite itself does not wait for another process that is at the same work
    return True


def _refuse(source: Path, target: Path, *, replace: bool) -> None:
    """Raise `CannotWrite` for a target that must not be written over."""
    try:
        if not target.exists():
            return
        if target.samefile(source):
            raise CannotWrite(f"{target} is the database itself.", hint="Choose another file for the backup.")
        if not target.is_file():
            raise CannotWrite(f"{target} is no file.", hint="Give the path of a file.")
    except OSError as error:
        raise _cannot_write(target, error.strerror or str(error)) from error
    if not replace:
        raise CannotWrite(f"{target} is there already.", hint="Choose another name, or replace it: --force.")
    # What SQLite left beside an old database would be written into the new one when that is opened.
    if any(_beside(target, suffix).exists() for suffix in ("-wal", "-journal")):
        raise CannotWrite(
            f"{target} is a database in use.",
            hint="Stop what uses it first; if nothing does, open it once: `lessongen tasks --db PATH`.",
        )


@contextmanager
def _half_written(target: Path) -> Iterator[Path]:
    """A new file beside `target`, gone with all that SQLite put beside it when the block ends."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=".lessongen-", suffix=".db", dir=target.parent)
    except OSError as error:
        raise _cannot_write(target, error.strerror or str(error)) from error
    os.close(descriptor)
    copy = Path(name)
    try:
        yield copy
    finally:
        for suffix in ("", *_BESIDE):
            with contextlib.suppress(OSError):
                _beside(copy, suffix).unlink()


def _publish(copy: Path, target: Path, *, like: Path) -> None:
    """Put the copy in its place, on disk and with the rights that user and group have to the file `like`."""
    try:
        copy.chmod(like.stat().st_mode & 0o660)
        _sync(copy)
        copy.replace(target)
        if os.name != "nt":  # folders can't be opened there
            _sync(target.parent)
    except OSError as error:
        raise _cannot_write(target, error.strerror or str(error)) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _cannot_write(target: Path, why: str) -> CannotWrite:
    return CannotWrite(
        f"{target} can't be written: {why}.", hint="Choose a file in a folder that exists and has enough space."
    )
