"""The three files that an open database stands on, and whether they are still the ones that have its name.

SQLite goes on writing into files that were removed or replaced, and its processes then no longer see each other's
locks: what one of them accepts, another writes over or deletes. So each process remembers which files it opened and
looks whether they are there: beside each transaction, and at least once a second while it has nothing to do. A process
that opens a database waits until nobody stands on files that are gone.

What a process that opens a database knows of the time before is in the record beside it.

Nothing here opens and closes a file that SQLite has open in this process: that would drop SQLite's locks on it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import struct
import time
from dataclasses import dataclass, replace
from pathlib import Path

from lessongen.sqlite import record
from lessongen.sqlite.descriptors import CAN_ASK, Identity, descriptors, holder_of, peek
from lessongen.system.errors import DatabaseError

PATIENCE_SECONDS = 5.0  # others look once a second, and then leave or open it anew
_POLL_SECONDS = 0.05
_SECONDS_ALONE = 0.5  # nobody has it open who could let go: a moment for who puts a file in its place just now
_WAL, _SHM = "-wal", "-shm"
_WAL_HEADER, _FRAME_HEADER = 32, 24


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What befell the files of an open database.

    `may_close`: SQLite may close them in its way, which writes what the journal holds into the database and deletes
    the journal by its name. `may_reopen`: the database itself is untouched, so that it can be opened anew.
    `may_pass_seconds`: how long it may take others to put it right.
    """

    message: str
    hint: str
    may_close: bool = False
    may_reopen: bool = False
    may_pass_seconds: float = PATIENCE_SECONDS

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
        main, known = _stat(self._real), record.read(self._real)
        if known is not None and main is not None and known.main == self.main == _identity(main):
            now = known.come_to(_counter(os.pread(self._main_fd, 100, 0)))
            if now != known:
                record.write(self._real, now)
        descriptors.give_back(self.main)
        if self._shm is not None:
            descriptors.give_back(self._shm)

    def change_to_come(self) -> int:
        """Inside a transaction that changes the first page: a count that the database will have reached after it."""
        known = record.read(self._real)
        return (known.stamped if known is not None and known.main == self.main else 0) + 1

    def note_change(self, reached: int) -> None:
        """Keep that the database has come so far; called once that is on disk."""
        known = record.read(self._real)
        if known is not None and known.main == self.main and known.stamped < reached:
            record.write(self._real, replace(known, stamped=reached))

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
        went_back = self._went_back()  # first: the journal of what was there must not get into an older copy
        if went_back is not None:
            return went_back
        if (wal is None and self._wal is not None) or (shm is None and self._shm is not None):
            return self._removed_beside(wal is None)
        return self._cut(wal, shm)

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
            if counter > self._counter:  # the journal that is there from now on is of a later state of the database
                self._counter = counter
                self._remember()
            return None
        return Trouble(
            message=f"The database {self._path} was overwritten by an older copy, or cut short, while it was in use: "
            "nothing more is written.",
            hint=_go_on(self._real),
        )

    def _remember(self) -> None:
        """Keep which journal belongs to the database, and how far it has come, where that is not kept yet."""
        if self._wal is None:
            return
        known = record.read(self._real)
        now = record.Record(
            main=self.main,
            wal=self._wal,
            counter=self._counter,
            stamped=max(self._counter, known.stamped if known else 0),
            size=self._size,
        )
        if known is None or replace(known, size=now.size) != now:
            record.write(self._real, now)


_CHECK_OR_RESTORE = "Stop what uses it; `lessongen db check` says whether it is whole; or put a backup in its place."


# ---------------------------------------------------------------- before it is opened


def admit(path: Path, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Return when the database may be opened; others have a moment to let go of files that are gone.

    Raises `DatabaseError` where it may not, with what to do.
    """
    if not CAN_ASK:  # Windows keeps files that are open from being removed
        return
    began = time.monotonic()
    deadline = began + patience_seconds
    while (trouble := _hindrance(path)) is not None:
        if time.monotonic() >= min(deadline, began + trouble.may_pass_seconds):
            raise trouble.error()
        time.sleep(_POLL_SECONDS)


def _hindrance(path: Path) -> Trouble | None:
    real = os.path.realpath(path)
    main, wal, shm = (_stat(real + suffix) for suffix in ("", _WAL, _SHM))
    if main is None or main.st_size == 0:
        return _vanished(path, real, main, wal)
    known_as = _known_as(real) if main.st_nlink > 1 else None
    if known_as is not None and _is_under_another(main, known_as, real):
        return Trouble(
            message=f"{path} is another name (a hard link) of the database {known_as}: used under two names, it would "
            "be destroyed.",
            hint=f"Use --db {known_as}; or make it a file of its own: cp {path} {path}.copy && mv {path}.copy {path}",
        )
    if _identity(main) in descriptors:
        return None  # this process has it open, and its footing is looked after
    return _examine(path, real, main, wal, shm)


def _vanished(path: Path, real: str, main: os.stat_result | None, wal: os.stat_result | None) -> Trouble | None:
    """Whether a database was here that is not any more; None where one may be begun."""
    known = record.read(real)
    what = "is gone" if main is None else "is empty"
    again = "Put it, or a backup of it, back in its place. To begin a new one:"
    if wal is not None and wal.st_size > _WAL_HEADER:
        return Trouble(
            message=f"The database {path} {what}, and the journal of what was there is left: {real}{_WAL}.",
            hint=f"{again} {record.line_that_forgets(real)}",
        )
    if known is None:
        return None
    return Trouble(
        message=f"The database {path} {what if main is None or known.main != _identity(main) else 'was cut to nothing'}"
        f": one of {known.size:,} bytes was in use here.",
        hint=f"{again} {record.line_that_forgets(real)}",
        may_pass_seconds=_SECONDS_ALONE,
    )


def _examine(
    path: Path, real: str, main: os.stat_result, wal: os.stat_result | None, shm: os.stat_result | None
) -> Trouble | None:
    with peek(real) as descriptor:
        if descriptor is None:
            return None
        header = os.pread(descriptor, 100, 0)
        if len(header) < 100 or not header.startswith(b"SQLite format 3\0") or header[18] != 2:
            return None  # SQLite says what is wrong with it, or keeps no journal beside it
        holder = holder_of(descriptor)
    known = record.read(real)
    has_journal = wal is not None and (wal.st_size > _WAL_HEADER or holder is not None)
    if known is not None:
        is_its_journal = has_journal and wal is not None and known.wal == _identity(wal)
        trouble = _compared(path, real, known, _identity(main), _counter(header), has_journal, is_its_journal)
        if trouble is not None:
            return replace(trouble, may_pass_seconds=_SECONDS_ALONE if holder is None else PATIENCE_SECONDS)
    if holder is None:
        return None
    if wal is None or shm is None:
        return Trouble(
            message=f"{real}{_WAL if wal is None else _SHM} was removed, or the database has another name, while it "
            f"is in use{f' by process {holder}' if holder else ''}: nothing is written.",
            hint="Stop what uses it, `lessongen worker stop`, or end that process; then try again.",
        )
    return _cut_journal(real, header, wal)


def _compared(
    path: Path,
    real: str,
    known: record.Record,
    main: Identity,
    counter: int,
    has_journal: bool,
    is_its_journal: bool,
) -> Trouble | None:
    """Whether the database that is there falls short of the one that the record is of."""
    if is_its_journal and known.main != main:
        return Trouble(
            message=f"The database {path} was replaced, and the journal of the one before is beside it: SQLite "
            "would write it into the one that is there now.",
            hint=_go_on(real),
        )
    if is_its_journal and counter < known.counter:
        return Trouble(
            message=f"The database {path} was overwritten by an older copy, and the journal of what was there is "
            "left beside it.",
            hint=_go_on(real),
        )
    if not has_journal and counter < known.stamped:
        return Trouble(
            message=f"The database {path} is an older copy of the one that was in use here, or its journal was "
            "removed: what was accepted last is not in it.",
            hint=f"If you have a newer one, put that in its place. {_go_on(real)}",
        )
    return None


def _cut_journal(real: str, header: bytes, wal: os.stat_result) -> Trouble | None:
    with peek(real + _SHM) as descriptor:
        if descriptor is None or wal.st_size >= _journal_bytes(descriptor, _page_bytes(header)):
            return None
    return Trouble(
        message=f"{real}{_WAL} was cut short while the database is in use: what was written last is gone.",
        hint=_CHECK_OR_RESTORE,
    )


def _go_on(real: str) -> str:
    return (
        f"Stop what uses it, `lessongen worker stop`. To go on with what is there now: {record.line_that_forgets(real)}"
    )


def is_open_here(path: Path) -> bool:
    """Whether this process has the file open that is at the path now."""
    main = _stat(path)
    return main is not None and _identity(main) in descriptors


def is_doubtful(path: Path) -> bool:
    """Whether the database is smaller than when it was last known: by `vacuum`, or cut by someone."""
    real = os.path.realpath(path)
    main, known = _stat(real), record.read(real)
    return bool(main and known and known.main == _identity(main) and main.st_size < known.size)


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


def _is_under_another(main: os.stat_result, known_as: str, real: str) -> bool:
    """Whether the file has the name by which it is known, and is reached by another one."""
    named = _stat(known_as)
    if named is None or _identity(named) != _identity(main):
        return False  # a copy, or moved
    if os.path.basename(known_as) != os.path.basename(real):
        return True
    folders = os.path.dirname(known_as), os.path.dirname(real)
    with contextlib.suppress(OSError):  # a folder may be reached in two ways
        return folders[0] != folders[1] and not os.path.samefile(*folders)
    return True


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


def _stat(path: str | Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except OSError:
        return None


def _identity(stat: os.stat_result) -> Identity:
    return stat.st_dev, stat.st_ino
