"""The three files that an open database stands on, and whether they are still the ones that have its name.

SQLite goes on writing into files that were removed or replaced, and its processes then no longer see each other's
locks: what one of them accepts, another writes over or deletes. So each process remembers which files it opened and
looks whether they are there: beside each transaction, and at least once a second while it has nothing to do. A process
that opens a database waits until nobody stands on files that are gone.

What a process that opens a database knows of the time before is in the record beside it.

Nothing here opens and closes a file that SQLite has open in this process: that would drop SQLite's locks on it.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, replace
from pathlib import Path

from lessongen.database.sqlite import record
from lessongen.database.sqlite.descriptors import Identity, descriptors
from lessongen.system.errors import DatabaseError

PATIENCE_SECONDS = 5.0  # others look once a second, and then leave or open it anew
WAL, SHM = "-wal", "-shm"
WAL_HEADER, _FRAME_HEADER = 32, 24


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
        self.main = identity_of(main)
        self._main_fd = descriptors.take(self.main, self._real)
        header = os.pread(self._main_fd, 100, 0)
        self._is_wal = len(header) == 100 and header[18] == 2
        self._page = page_bytes(header)
        self.size, self._counter = main.st_size, counter_of(header)
        wal, shm = (stat_of(self._real + suffix) for suffix in (WAL, SHM))
        self._wal, self._shm = (identity_of(wal) if wal else None), (identity_of(shm) if shm else None)
        self._shm_size = shm.st_size if shm else 0
        self._shm_fd = None
        if self._shm is not None:
            try:
                self._shm_fd = descriptors.take(self._shm, self._real + SHM)
            except FileNotFoundError:  # removed just then
                self._shm = None
        self._remember()

    def release(self) -> None:
        """Let go of the files. Called only when SQLite has closed them."""
        main, known = stat_of(self._real), record.read(self._real)
        if known is not None and main is not None and known.main == self.main == identity_of(main):
            now = known.come_to(counter_of(os.pread(self._main_fd, 100, 0)))
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

    def trouble(self) -> tuple[Trouble | None, int]:
        """What is wrong with the files, None where they are the ones that were opened; and the database's size.

        Where that is less than `size`, the largest that was seen, it was `vacuum`, or cut by someone.
        """
        main = stat_of(self._path)
        if main is None or identity_of(main) != self.main:
            return self._main_gone(main is None), 0
        self.size = max(self.size, main.st_size)
        return self._trouble_beside(), main.st_size

    def _trouble_beside(self) -> Trouble | None:
        if not self._is_wal:
            return None
        wal, shm = stat_of(self._real + WAL), stat_of(self._real + SHM)
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
        return (wal is not None and identity_of(wal) != self._wal) or (
            shm is not None and identity_of(shm) != self._shm
        )

    def _main_gone(self, is_removed: bool) -> Trouble:
        beside = stat_of(self._real + WAL), stat_of(self._real + SHM)
        what = "was removed or moved" if is_removed else "was replaced by another file"
        return Trouble(
            message=f"The database {self._path} {what} while this process had it open: nothing more is written.",
            hint="Put it back, or start again with what is there now.",
            may_close=not self._are_foreign(*beside),
        )

    def _removed_beside(self, is_wal: bool) -> Trouble:
        name = self._real + (WAL if is_wal else SHM)
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
            os.truncate(self._real + SHM, self._shm_size)
            return None
        self._shm_size = shm.st_size
        if wal.st_size >= journal_bytes(self._shm_fd, self._page):
            return None
        wal = stat_of(self._real + WAL)  # SQLite empties it after it has said so in the index
        if wal is None or wal.st_size >= journal_bytes(self._shm_fd, self._page):
            return None
        return Trouble(
            message=f"{self._real}{WAL} was cut short while the database was in use: what was written last is gone.",
            hint=CHECK_OR_RESTORE,
        )

    def _went_back(self) -> Trouble | None:
        counter = counter_of(os.pread(self._main_fd, 100, 0))
        if counter >= self._counter:
            if counter > self._counter:  # the journal that is there from now on is of a later state of the database
                self._counter = counter
                self._remember()
            return None
        return Trouble(
            message=f"The database {self._path} was overwritten by an older copy, or cut short, while it was in use: "
            "nothing more is written.",
            hint=go_on(self._real),
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
            size=self.size,
        )
        if known is None or replace(known, size=now.size) != now:
            record.write(self._real, now)


CHECK_OR_RESTORE = "Stop what uses it; `lessongen db check` says whether it is whole; or put a backup in its place."


def go_on(real: str) -> str:
    """What to do where someone wants what is there now."""
    return (
        f"Stop what uses it, `lessongen worker stop`. To go on with what is there now: {record.line_that_forgets(real)}"
    )


# ---------------------------------------------------------------- files


def journal_bytes(index: int, page: int) -> int:
    """How long the journal must be at least, by the index of what is in it."""
    head = os.pread(index, 20, 0)
    if len(head) < 20 or not head[12]:  # not built yet
        return 0
    frames: int = struct.unpack("=I", head[16:20])[0]
    return WAL_HEADER + frames * (_FRAME_HEADER + page) if frames else 0


def page_bytes(header: bytes) -> int:
    """How large a page is, by the database's header."""
    said = int.from_bytes(header[16:18], "big")
    return 65_536 if said == 1 else said


def counter_of(header: bytes) -> int:
    """SQLite's count of changes; older copies of a database have a lower one."""
    return int.from_bytes(header[24:28], "big")


def stat_of(path: str | Path) -> os.stat_result | None:
    """What is at the path; None where nothing is."""
    try:
        return os.stat(path)
    except OSError:
        return None


def identity_of(stat: os.stat_result) -> Identity:
    """What tells a file from another that takes its place."""
    return stat.st_dev, stat.st_ino
