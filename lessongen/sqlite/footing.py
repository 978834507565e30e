"""The three files that an open database stands on, and whether they are still the ones that have its name.

SQLite goes on writing into files that were removed or replaced, and its processes then no longer see each other's
locks: what one of them accepts, another writes over or deletes. So each process remembers which files it opened and
looks whether they are there: beside each transaction, and at least once a second while it has nothing to do. A process
that opens a database waits until nobody stands on files that are gone.

Beside the database a small file, `…-files`, says which journal belongs to which file: SQLite itself would play the
journal of one database into another that was put in its place.

Nothing here opens and closes a file that SQLite has open in this process: that would drop SQLite's locks on it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lessongen.sqlite.descriptors import CAN_ASK, Identity, descriptors, holder_of, peek
from lessongen.system.errors import DatabaseError

PATIENCE_SECONDS = 5.0  # others look once a second, and then leave or open it anew
_POLL_SECONDS = 0.05
_WAL, _SHM, _RECORD = "-wal", "-shm", "-files"
_WAL_HEADER, _FRAME_HEADER = 32, 24


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What befell the files of an open database.

    `may_close`: SQLite may close them in its way, which writes what the journal holds into the database and deletes
    the journal by its name. `may_reopen`: the database itself is untouched, so that it can be opened anew.
    """

    message: str
    hint: str
    may_close: bool = False
    may_reopen: bool = False

    def error(self) -> DatabaseError:
        """The error that says so."""
        return DatabaseError(self.message, hint=self.hint)


class Footing:
    """The files of one open database. Made after SQLite has opened them; `release` after it has closed them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._real = os.path.realpath(path)
        main = os.stat(path)
        self.main = _identity(main)
        self._main_fd = descriptors.take(self.main, self._real)
        header = os.pread(self._main_fd, 100, 0)
        self._is_wal = len(header) == 100 and header[18] == 2
        self._page = _page_bytes(header)
        self._size, self._counter = main.st_size, _counter(header)
        wal, shm = (_stat(self._real + suffix) for suffix in (_WAL, _SHM))
        self._wal, self._shm = (_identity(wal) if wal else None), (_identity(shm) if shm else None)
        self._shm_size = shm.st_size if shm else 0
        self._shm_fd = descriptors.take(self._shm, self._real + _SHM) if self._shm else None
        self._remember()

    def release(self) -> None:
        """Let go of the files. Called only when SQLite has closed them."""
        descriptors.give_back(self.main)
        if self._shm is not None:
            descriptors.give_back(self._shm)

    @property
    def is_whole(self) -> bool:
        """Whether the journal and its index were there to be remembered."""
        return not self._is_wal or (self._wal is not None and self._shm is not None)

    def is_smaller(self) -> bool:
        """Whether the database is smaller than it was: by `vacuum`, or cut by someone."""
        size = os.fstat(self._main_fd).st_size
        self._size = max(self._size, size)
        return size < self._size

    def accept_size(self) -> None:
        """The database is whole as large as it is now."""
        self._size = os.fstat(self._main_fd).st_size

    def trouble(self) -> Trouble | None:
        """What is wrong with the files; None where they are the ones that were opened."""
        main = _stat(self._path)
        if main is None or _identity(main) != self.main:
            return self._main_gone(main is None)
        if not self._is_wal:
            return None
        wal, shm = _stat(self._real + _WAL), _stat(self._real + _SHM)
        if self._are_foreign(wal, shm):
            return self._replaced_beside()
        if (wal is None and self._wal is not None) or (shm is None and self._shm is not None):
            return self._removed_beside(wal is None)
        return self._cut(wal, shm) or self._went_back()

    # ------------------------------------------------------------ what befell them

    def _are_foreign(self, wal: os.stat_result | None, shm: os.stat_result | None) -> bool:
        """Whether beside the database stand other files than those that were opened."""
        return (wal is not None and _identity(wal) != self._wal) or (shm is not None and _identity(shm) != self._shm)

    def _main_gone(self, is_removed: bool) -> Trouble:
        beside = _stat(self._real + _WAL), _stat(self._real + _SHM)
        what = "was removed or moved" if is_removed else "was replaced by another file"
        return Trouble(
            message=f"The database {self._path} {what} while this process had it open: nothing more is written.",
            hint="Put it back, or start again with what is there now.",
            may_close=not self._are_foreign(*beside),
        )

    def _removed_beside(self, is_wal: bool) -> Trouble:
        name = self._real + (_WAL if is_wal else _SHM)
        return Trouble(
            message=f"{name} was removed while the database was in use.",
            hint=f"Stop what uses the database, and try again: {self._path}",
            may_close=True,
            may_reopen=True,
        )

    def _replaced_beside(self) -> Trouble:
        return Trouble(
            message=f"The files beside the database {self._path} were replaced while this process had it open: "
            "nothing more is written.",
            hint="Stop what uses it, `lessongen worker stop`; then `lessongen db check` says whether it is whole.",
        )

    def _cut(self, wal: os.stat_result | None, shm: os.stat_result | None) -> Trouble | None:
        """Whether the journal was made shorter than its index says; an index that was cut is made long again."""
        if wal is None or shm is None or self._shm_fd is None:
            return None
        if shm.st_size < self._shm_size:
            # Whoever looks into what is no longer there is killed by the system. Empty, SQLite builds it anew.
            os.truncate(self._real + _SHM, self._shm_size)
            return None
        self._shm_size = shm.st_size
        if wal.st_size >= _journal_bytes(self._shm_fd, self._page):
            return None
        wal = _stat(self._real + _WAL)  # SQLite empties it after it has said so in the index
        if wal is None or wal.st_size >= _journal_bytes(self._shm_fd, self._page):
            return None
        return Trouble(
            message=f"{self._real}{_WAL} was cut short while the database was in use: what was written last is gone.",
            hint=_CHECK_OR_RESTORE,
        )

    def _went_back(self) -> Trouble | None:
        counter = _counter(os.pread(self._main_fd, 100, 0))
        if counter >= self._counter:
            self._counter = counter
            return None
        return Trouble(
            message=f"The database {self._path} was overwritten by an older copy, or cut short, while it was in use: "
            "nothing more is written.",
            hint=_REMOVE_JOURNAL.format(path=self._real),
        )

    # ------------------------------------------------------------ the record

    def _remember(self) -> None:
        """Write down which journal belongs to the database, where that is not written yet."""
        if self._wal is None:
            return
        record = {"main": self.main, "wal": self._wal, "counter": self._counter, "size": self._size}
        was = _record(self._real)
        if was and all(tuple(was[key]) == record[key] for key in ("main", "wal")) and was["counter"] == self._counter:
            return
        with contextlib.suppress(OSError):  # in a folder that can't be written nobody writes the database either
            descriptor = os.open(self._real + _RECORD, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump(record, file)


_CHECK_OR_RESTORE = "Stop what uses it; `lessongen db check` says whether it is whole; or put a backup in its place."
_REMOVE_JOURNAL = (
    "Stop what uses it, `lessongen worker stop`. To go on with what is there now, move {path}-wal and {path}-shm away."
)


# ---------------------------------------------------------------- before it is opened


def admit(path: Path, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Return when the database may be opened; others have a moment to let go of files that are gone.

    Raises `DatabaseError` where it may not, with what to do.
    """
    if not CAN_ASK:  # Windows keeps files that are open from being removed
        return
    deadline = time.monotonic() + patience_seconds
    while (trouble := _hindrance(path)) is not None:
        if time.monotonic() >= deadline:
            raise trouble.error()
        time.sleep(_POLL_SECONDS)


def _hindrance(path: Path) -> Trouble | None:
    real = os.path.realpath(path)
    main, wal, shm = (_stat(real + suffix) for suffix in ("", _WAL, _SHM))
    if main is None or main.st_size == 0:
        if wal is None or wal.st_size <= _WAL_HEADER:
            return _emptied(path, real, main)
        return Trouble(
            message=f"The database {path} {'is gone' if main is None else 'is empty'}, and the journal of what was "
            f"there is left: {real}{_WAL}.",
            hint=f"Put the database back; to begin a new one, move {real}{_WAL} and {real}{_SHM} away.",
        )
    known_as = _known_as(real) if main.st_nlink > 1 else None
    if known_as is not None and not _is_same_name(known_as, real):
        return Trouble(
            message=f"{path} is another name (a hard link) of the database {known_as}: used under two names, it would "
            "be destroyed.",
            hint=f"Use --db {known_as}; or make it a file of its own: cp {path} {path}.copy && mv {path}.copy {path}",
        )
    if _identity(main) in descriptors:
        return None  # this process has it open, and its footing is looked after
    return _examine(path, real, main, wal, shm)


def _emptied(path: Path, real: str, main: os.stat_result | None) -> Trouble | None:
    """Whether a database was there that was made empty; one that was removed is begun anew."""
    record = _record(real)
    if main is None or not record or tuple(record["main"]) != _identity(main):
        return None
    return Trouble(
        message=f"The database {path} was cut to nothing.",
        hint=f"Put a backup in its place; to begin a new one, remove it first: {real}",
    )


def _examine(
    path: Path, real: str, main: os.stat_result, wal: os.stat_result | None, shm: os.stat_result | None
) -> Trouble | None:
    record = _record(real)
    belongs = bool(record) and tuple(record["main"]) == _identity(main)
    with peek(real) as descriptor:
        if descriptor is None:
            return None
        header = os.pread(descriptor, 100, 0)
        if len(header) < 100 or not header.startswith(b"SQLite format 3\0") or header[18] != 2:
            return None  # SQLite says what is wrong with it, or keeps no journal beside it
        holder = holder_of(descriptor)
    has_journal = wal is not None and (wal.st_size > _WAL_HEADER or holder is not None)
    if record and has_journal and wal is not None and tuple(record["wal"]) == _identity(wal):
        if not belongs:
            return Trouble(
                message=f"The database {path} was replaced, and the journal of the one before is beside it: SQLite "
                "would write it into the one that is there now.",
                hint=_REMOVE_JOURNAL.format(path=real),
            )
        if _counter(header) < record["counter"]:
            return Trouble(
                message=f"The database {path} was overwritten by an older copy, and the journal of what was there is "
                "left beside it.",
                hint=_REMOVE_JOURNAL.format(path=real),
            )
    if holder is None:
        return None
    if wal is None or shm is None:
        return Trouble(
            message=f"{real}{_WAL if wal is None else _SHM} was removed, or the database has another name, while it "
            f"is in use{f' by process {holder}' if holder else ''}: nothing is written.",
            hint="Stop what uses it, `lessongen worker stop`, or end that process; then try again.",
        )
    return _cut_journal(real, header, wal)


def _cut_journal(real: str, header: bytes, wal: os.stat_result) -> Trouble | None:
    with peek(real + _SHM) as descriptor:
        if descriptor is None or wal.st_size >= _journal_bytes(descriptor, _page_bytes(header)):
            return None
    return Trouble(
        message=f"{real}{_WAL} was cut short while the database is in use: what was written last is gone.",
        hint=_CHECK_OR_RESTORE,
    )


def is_open_here(path: Path) -> bool:
    """Whether this process has the file open that is at the path now."""
    main = _stat(path)
    return main is not None and _identity(main) in descriptors


def is_doubtful(path: Path) -> bool:
    """Whether the database is smaller than when it was last known: by `vacuum`, or cut by someone."""
    real = os.path.realpath(path)
    main, record = _stat(real), _record(real)
    return bool(main and record and tuple(record["main"]) == _identity(main) and main.st_size < record["size"])


def _known_as(real: str) -> str | None:
    """The name under which the database was last written, read without its journal; None where it does not say."""
    connection = sqlite3.connect(f"{Path(real).as_uri()}?immutable=1", uri=True)
    try:
        row = connection.execute("SELECT path FROM place").fetchone()
    except sqlite3.Error:
        return None
    finally:
        connection.close()
    return os.fsdecode(row[0]) if row and row[0] else None


def _is_same_name(one: str, other: str) -> bool:
    """Whether two paths are one name, though a folder of it may be reached in two ways."""
    if os.path.basename(one) != os.path.basename(other):
        return False
    folders = os.path.dirname(one), os.path.dirname(other)
    with contextlib.suppress(OSError):
        return folders[0] == folders[1] or os.path.samefile(*folders)
    return False


# ---------------------------------------------------------------- files


def _journal_bytes(index: int, page: int) -> int:
    """How long the journal must be at least, by the index of what is in it."""
    head = os.pread(index, 20, 0)
    if len(head) < 20 or not head[12]:  # not built yet
        return 0
    frames: int = struct.unpack("=I", head[16:20])[0]
    return _WAL_HEADER + frames * (_FRAME_HEADER + page) if frames else 0


def _page_bytes(header: bytes) -> int:
    said = int.from_bytes(header[16:18], "big")
    return 65_536 if said == 1 else said


def _counter(header: bytes) -> int:
    """SQLite's count of changes; older copies of a database have a lower one."""
    return int.from_bytes(header[24:28], "big")


def _record(real: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(Path(real + _RECORD).read_bytes())
        return found if {"main", "wal", "counter", "size"} <= found.keys() else {}
    except (OSError, ValueError, AttributeError):
        return {}


def _stat(path: str | Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except OSError:
        return None


def _identity(stat: os.stat_result) -> Identity:
    return stat.st_dev, stat.st_ino
