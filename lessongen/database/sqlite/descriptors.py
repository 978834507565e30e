"""Descriptors of files that SQLite has open, or may have: asked for their locks, read from, never closed too early.

To close any descriptor of a file drops all locks that the process has on it, SQLite's too.
"""

from __future__ import annotations

import contextlib
import os
import struct
import sys
import threading
from collections.abc import Iterator

if sys.platform != "win32":
    import fcntl

_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510  # the bytes that SQLite locks for as long as a database is open
_LOCK = {"linux": "hhqqi4x", "darwin": "qqihh"}.get(sys.platform)  # C's struct flock
CAN_ASK = _LOCK is not None

Identity = tuple[int, int]


def holder_of(descriptor: int) -> int | None:
    """The process that has the database open: its id, 0 where that can't be told; None if no other one has."""
    if _LOCK is None:
        return None
    if sys.platform == "linux":
        asked = struct.pack(_LOCK, fcntl.F_WRLCK, os.SEEK_SET, _SHARED_FIRST, _SHARED_SIZE, 0)
    else:
        asked = struct.pack(_LOCK, _SHARED_FIRST, _SHARED_SIZE, 0, fcntl.F_WRLCK, os.SEEK_SET)
    try:
        told = struct.unpack(_LOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
    except OSError:  # a file system without locks
        return None
    kind, process = (told[0], told[4]) if sys.platform == "linux" else (told[3], told[2])
    return None if kind == fcntl.F_UNLCK else max(0, process)


class _Descriptors:
    """Files that this process looks into beside SQLite, one descriptor each, closed when the last user lets go."""

    def __init__(self) -> None:
        self._held: dict[Identity, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def __contains__(self, file: Identity) -> bool:
        return file in self._held

    def take(self, file: Identity, path: str) -> int:
        """A descriptor of the file, opened at its path by the first."""
        with self._lock:
            descriptor, users = self._held.get(file) or (os.open(path, os.O_RDONLY | os.O_CLOEXEC), 0)
            self._held[file] = (descriptor, users + 1)
            return descriptor

    def give_back(self, file: Identity) -> None:
        """Use it no more."""
        with self._lock:
            descriptor, users = self._held.pop(file)
            if users > 1:
                self._held[file] = (descriptor, users - 1)
            else:
                os.close(descriptor)


descriptors = _Descriptors()


@contextlib.contextmanager
def peek(path: str) -> Iterator[int | None]:
    """A descriptor of a file that SQLite has not open in this process; None if it can't be opened."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)
