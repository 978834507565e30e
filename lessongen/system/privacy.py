"""What lessongen keeps for itself, database, logs, cache, settings, is for its user alone: files 600, folders 700.

A process of ours makes every file so, by its umask. What the user asks for as an output, and what the user's own
programs write, follows the umask that the user has set.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

_OTHERS = 0o077
_BESIDE_DATABASE = ("", "-wal", "-shm", "-journal")

_users: int | None = None


def keep_private() -> None:
    """From now on make files for this user alone, unless told otherwise; once a process."""
    global _users
    if _users is None:
        _users = os.umask(_OTHERS)


def users_umask() -> int:
    """The umask that the user has set: for outputs, and for programs of the user."""
    if _users is not None:
        return _users
    mask = os.umask(0)
    os.umask(mask)
    return mask


def make_private_folder(path: Path, mode: int = 0o700) -> None:
    """Make the folder, and those above it, for this user alone where they are not there. Raises `OSError`.

    An output's folder is made by it too, in the mode that the user's umask leaves.
    """
    if path.is_dir():
        return
    if path.parent != path:
        make_private_folder(path.parent, mode)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        path.chmod(mode)  # whatever the umask took away
    path.mkdir(exist_ok=True)  # says what else is there


def close_to_others(path: Path, *, kept: int = 0) -> None:
    """Take what rights others have to a file or folder of this user's, but those in `kept`; harmless if it is gone."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        found = path.stat()
        if found.st_uid == os.geteuid() and found.st_mode & _OTHERS & ~kept:
            path.chmod(stat.S_IMODE(found.st_mode) & ~(_OTHERS & ~kept))


def close_database(database: Path, *, home: Path) -> None:
    """Take others' rights to a database and SQLite's files beside it.

    Elsewhere than at home the group keeps its rights: whoever gave it some there meant it.
    """
    kept = 0 if database.parent == home else 0o070
    for suffix in _BESIDE_DATABASE:
        close_to_others(database.with_name(database.name + suffix), kept=kept)
