"""Where a worker's main thread waits, what wakes it, and work that it has others do meanwhile."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from lessongen.queue.presence import Presence

if TYPE_CHECKING:
    from lessongen.store import Store

_POLL_EVERY_SECONDS = 0.05


class Errand:
    """Work that a thread does now and then while the main thread goes on, which is woken at its end."""

    def __init__(self, name: str, wake: Callable[[], None]) -> None:
        self._name, self._wake = name, wake
        self._thread: threading.Thread | None = None
        self.is_running = False

    def start(self, work: Callable[[], None]) -> None:
        """Have it done, unless it is being done."""
        if self.is_running:
            return

        def run() -> None:
            try:
                work()
            finally:
                self.is_running = False  # before the main thread looks
                self._wake()

        self.is_running = True
        self._thread = threading.Thread(target=run, name=self._name, daemon=True)
        self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait for its end, so long at most."""
        if self._thread is not None:
            self._thread.join(seconds)


class Pipe:
    """Wakes the main thread out of its waiting; may be called from any thread and from a signal handler."""

    def __init__(self) -> None:
        self.reader, self._writer = socket.socketpair()
        self.reader.setblocking(False)
        self._writer.setblocking(False)
        self._closing = threading.RLock()  # the signal handler may run inside it
        self._is_open = True

    def wake(self) -> None:
        with self._closing, contextlib.suppress(BlockingIOError):
            if self._is_open:
                self._writer.send(b"!")

    def drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self.reader.recv(4096):
                pass

    def close(self) -> None:
        with self._closing:
            self._is_open = False
            self._writer.close()
            self.reader.close()


class Ear:
    """Where the main thread waits: for the pipe, for a wake-up by another process, or for time to pass.

    Where others can't send wake-ups it looks every so often whether they have written to the database.
    """

    def __init__(self, presence: Presence, pipe: Pipe, store: Store) -> None:
        self._presence, self._pipe, self._store = presence, pipe, store
        self._selector = selectors.DefaultSelector()
        self._selector.register(pipe.reader, selectors.EVENT_READ)
        if presence.listener is not None:
            self._selector.register(presence.listener, selectors.EVENT_READ)
        self._seen = store.changed()
        self.was_woken = False

    def listen(self, seconds: float) -> None:
        """Return when something may have happened, or after so long; `was_woken` if it was another process."""
        if self._presence.listener is None:
            self.was_woken = self._look(seconds)
        else:
            ready = self._selector.select(seconds)
            self.was_woken = any(key.fileobj is self._presence.listener for key, _ in ready)
        self._presence.drain_wakeups()
        self._pipe.drain()

    def _look(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if self._selector.select(min(_POLL_EVERY_SECONDS, left)):
                return False
            seen, self._seen = self._seen, self._store.changed()
            if seen != self._seen:
                return True
        return False

    def close(self) -> None:
        self._selector.close()
