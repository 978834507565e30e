"""Whether a database may be opened: whether it is what was in use here, and nobody stands on files that are gone."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import time
from dataclasses import replace
from pathlib import Path

from lessongen.database.sqlite import record
from lessongen.database.sqlite.descriptors import CAN_ASK, Identity, descriptors, holder_of, peek
from lessongen.database.sqlite.footing import (
    CHECK_OR_RESTORE,
    PATIENCE_SECONDS,
    SHM,
    WAL,
    WAL_HEADER,
    Trouble,
    counter_of,
    go_on,
    identity_of,
    journal_bytes,
    page_bytes,
    stat_of,
)

_POLL_SECONDS = 0.05
_SECONDS_ALONE = 0.5  # nobody has it open who could let go: a moment for who puts a file in its place just now


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
    main, wal, shm = (stat_of(real + suffix) for suffix in ("", WAL, SHM))
    for each, found in ((real, main), (real + WAL, wal), (real + SHM, shm)):
        if found is not None and not stat.S_ISREG(found.st_mode):
            return Trouble(
                message=f"The database {path} can't be used: {each} is no file.",
                hint="Move that away, or choose another database with --db PATH.",
                may_pass_seconds=0,
            )
    if main is None or main.st_size == 0:
        return _vanished(path, real, main, wal)
    known_as = _known_as(real) if main.st_nlink > 1 else None
    if known_as is not None and _is_under_another(main, known_as, real):
        return Trouble(
            message=f"{path} is another name (a hard link) of the database {known_as}: used under two names, it would "
            "be destroyed.",
            hint=f"Use --db {known_as}; or make it a file of its own: cp {path} {path}.copy && mv {path}.copy {path}",
        )
    if identity_of(main) in descriptors:
        return None  # this process has it open, and its footing is looked after
    return _examine(path, real, main, wal, shm)


def _vanished(path: Path, real: str, main: os.stat_result | None, wal: os.stat_result | None) -> Trouble | None:
    """Whether a database was here that is not any more; None where one may be begun."""
    known = record.read(real)
    what = "is gone" if main is None else "is empty"
    if known is not None and main is not None and known.main == identity_of(main):
        what = "was cut to nothing"
    again = "Put it, or a backup of it, back in its place. To begin a new one:"
    if wal is not None and wal.st_size > WAL_HEADER:
        return Trouble(
            message=f"The database {path} {what}, and the journal of what was there is left: {real}{WAL}.",
            hint=f"{again} {record.line_that_forgets(real)}",
        )
    if known is None:
        return None
    return Trouble(
        message=f"The database {path} {what}: one of {known.size:,} bytes was in use here.",
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
    has_journal = wal is not None and (wal.st_size > WAL_HEADER or holder is not None)
    if known is not None:
        is_its_journal = has_journal and wal is not None and known.wal == identity_of(wal)
        trouble = _compared(path, real, known, identity_of(main), counter_of(header), has_journal, is_its_journal)
        if trouble is not None:
            return replace(trouble, may_pass_seconds=_SECONDS_ALONE if holder is None else PATIENCE_SECONDS)
    if holder is None:
        return None
    if wal is None or shm is None:
        return Trouble(
            message=f"{real}{WAL if wal is None else SHM} was removed, or the database has another name, while it "
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
            hint=go_on(real),
        )
    if is_its_journal and counter < known.counter:
        return Trouble(
            message=f"The database {path} was overwritten by an older copy, and the journal of what was there is "
            "left beside it.",
            hint=go_on(real),
        )
    if not has_journal and counter < known.stamped:
        return Trouble(
            message=f"The database {path} is an older copy of the one that was in use here, or its journal was "
            "removed: what was accepted last is not in it.",
            hint=f"If you have a newer one, put that in its place. {go_on(real)}",
        )
    return None


def _cut_journal(real: str, header: bytes, wal: os.stat_result) -> Trouble | None:
    with peek(real + SHM) as descriptor:
        if descriptor is None or wal.st_size >= journal_bytes(descriptor, page_bytes(header)):
            return None
    return Trouble(
        message=f"{real}{WAL} was cut short while the database is in use: what was written last is gone.",
        hint=CHECK_OR_RESTORE,
    )


def is_open_here(path: Path) -> bool:
    """Whether this process has the file open that is at the path now."""
    main = stat_of(path)
    return main is not None and identity_of(main) in descriptors


def is_doubtful(path: Path) -> bool:
    """Whether the database is smaller than when it was last known: by `vacuum`, or cut by someone."""
    real = os.path.realpath(path)
    main, known = stat_of(real), record.read(real)
    return bool(main and known and known.main == identity_of(main) and main.st_size < known.size)


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
    named = stat_of(known_as)
    if named is None or identity_of(named) != identity_of(main):
        return False  # a copy, or moved
    if os.path.basename(known_as) != os.path.basename(real):
        return True
    folders = os.path.dirname(known_as), os.path.dirname(real)
    with contextlib.suppress(OSError):  # a folder may be reached in two ways
        return folders[0] != folders[1] and not os.path.samefile(*folders)
    return True
