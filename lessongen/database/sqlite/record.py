"""What was known of a database when it was last in use: a small file beside it, `…-files`.

It says which journal belongs to which file: SQLite itself would play the journal of one database into another that was
put in its place. And it says how far the database had come: where that is gone, or an older copy is in its place,
nothing is begun anew in silence.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from lessongen.database.sqlite.descriptors import Identity
from lessongen.system.files import open_input

SUFFIX = "-files"
_WRITE = os.O_WRONLY | os.O_CREAT  # no link is followed to what else it may lead to, and no pipe is waited for
_WRITE |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_NOWHERE: Identity = (0, 0)
_BYTES = 256  # of one length, so that it is written over in one go and never found half written


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a database was when it was last opened or closed.

    `counter` is SQLite's count of changes in the file itself, `stamped` a count that the database has reached with its
    journal: whole, the file has that once nobody has it open.
    """

    main: Identity
    wal: Identity
    counter: int
    stamped: int
    size: int

    def come_to(self, counter: int) -> Record:
        """The same, and that the file has come so far."""
        return replace(self, counter=counter, stamped=max(self.stamped, counter))


def read(real: str) -> Record | None:
    """The record beside a database; None where there is none, or none that can be read."""
    try:
        with open_input(Path(real + SUFFIX)) as file:
            found = json.loads(file.read(_BYTES * 2))
            is_copy = found["self"] != os.fstat(file.fileno()).st_ino
        main, wal = (tuple(map(int, found[key])) for key in ("main", "wal"))
        counter, stamped, size = (int(found[key]) for key in ("counter", "stamped", "size"))
    except (OSError, ValueError, TypeError, LookupError):
        return None
    if len(main) != 2 or len(wal) != 2:
        return None
    if is_copy:  # copied, or restored, with the database: it knows no file of this place
        main = wal = _NOWHERE
    return Record(main=main, wal=wal, counter=counter, stamped=stamped, size=size)


def write(real: str, record: Record) -> None:
    """Keep the record, where the folder can be written: where it can't, nobody writes the database either."""
    with contextlib.suppress(OSError):
        descriptor = os.open(real + SUFFIX, _WRITE, 0o600)
        try:
            itself = os.fstat(descriptor).st_ino
            text = json.dumps({**asdict(record), "self": itself}).encode().ljust(_BYTES)
            os.pwrite(descriptor, text, 0)
            os.ftruncate(descriptor, len(text))
        finally:
            os.close(descriptor)


def forget(path: Path) -> None:
    """Another database is put in its place on purpose."""
    with contextlib.suppress(OSError):
        os.unlink(os.path.realpath(path) + SUFFIX)


def line_that_forgets(real: str) -> str:
    """The command line that moves aside what is beside the database; then what is there is taken as it is."""
    beside = [real + suffix for suffix in (SUFFIX, "-wal", "-shm") if os.path.lexists(real + suffix)]
    aside = real + ".aside"
    return f"{shlex.join(['mkdir', '-p', aside])} && {shlex.join(['mv', *beside, aside])}"
