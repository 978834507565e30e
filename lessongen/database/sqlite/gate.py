"""A gate that many threads go through at once, and that one can close behind the last of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from lessongen.system.errors import DatabaseBusy

_PATIENCE_SECONDS = 30.0


class _Here(threading.local):
    """How many uses of this thread are open, one inside another."""

    depth = 0


class Gate:
    """A use is a `with` block, in any number, also one inside another; or one thread is `alone`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._users = 0
        self._closed = False
        self._here = _Here()

    def __enter__(self) -> None:
        """Begin a use: wait while someone is alone."""
        if not self._here.depth:
            with self._lock:
                while self._closed:
                    self._changed.wait()
                self._users += 1
        self._here.depth += 1

    def __exit__(self, *error: object) -> None:
        self._here.depth -= 1
        if not self._here.depth:
            with self._lock:
                self._users -= 1
                if not self._users:  # someone may wait to be alone
                    self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Inside a use: nobody else uses it while the block lasts. Raises `DatabaseBusy` where others don't end."""
        with self._changed:
            self._users -= 1  # else two that want to be alone would wait for each other
            self._changed.notify_all()
            try:
                self._wait_for_the_last()
            finally:
                self._users += 1
            self._closed = True
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()

    def _wait_for_the_last(self) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self._closed or self._users > 0:
            left = deadline - time.monotonic()
            if left <= 0 or self._here.depth > 1:
                raise DatabaseBusy("The database's files have changed, and it is still in use here.", hint="Try again.")
            self._changed.wait(left)
