"""Locks on files that the kernel releases when their holder ends, however it ends.

Unix has `flock`, whose waiters go on the moment that the holder dies. Elsewhere, and on file systems without it, the
library filelock serves; a waiter looks twenty times a second.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

if sys.platform != "win32":
    import fcntl

_LOOK_EVERY_SECONDS = 0.05

Release = Callable[[], None]


class Locks(Protocol):
    """How to lock files here."""

    def hold(self, path: Path) -> Release | None:
        """Lock a file, made if need be, until the release is called or the process ends; None if another holds it."""
        ...

    def is_held(self, path: Path) -> bool:
        """Whether a living process holds the lock; False if there is no such file."""
        ...

    def wait_until_free(self, path: Path) -> None:
        """Return when nobody holds the lock any more; at once if there is no such file."""
        ...


class FlockLocks:
    """`flock(2)`. Those who only ask take a shared lock, so that they don't hide the truth from each other."""

    def hold(self, path: Path) -> Release | None:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return lambda: os.close(descriptor)

    def is_held(self, path: Path) -> bool:
        try:
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def wait_until_free(self, path: Path) -> None:
        with contextlib.suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)


class PortableLocks:
    """The library filelock. It has no shared locks: one who asks may, for a moment, be taken for a holder."""

    def hold(self, path: Path) -> Release | None:
        from filelock import FileLock, Timeout

        lock = FileLock(path, thread_local=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return None
        return lock.release

    def is_held(self, path: Path) -> bool:
        if not path.exists():
            return False
        release = self.hold(path)
        if release is not None:
            release()
        return release is None

    def wait_until_free(self, path: Path) -> None:
        from filelock import FileLock

        if path.exists():
            with FileLock(path, thread_local=False).acquire(poll_interval=_LOOK_EVERY_SECONDS):
                return


def locks(*, portable: bool) -> Locks:
    """The locks to use: `flock` where there is one, unless the portable ones are asked for."""
    return PortableLocks() if portable or sys.platform == "win32" else FlockLocks()
