"""A request that can be broken off: it waits in a thread of its own, and its socket is shut when no one waits."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

POLL_SECONDS = 0.05

Result = TypeVar("Result")
_OPENED = ("connect_tcp.complete", "start_tls.complete")


class Line:
    """The connection of one client, which makes one request at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_broken = False

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Takes note of the socket; httpx's transport calls it through the request's extension "trace"."""
        if name.endswith(_OPENED):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self._is_broken:
                    self._shut()

    def wait_for(self, work: Callable[[], Result], tick: Callable[[], None]) -> Result:
        """The result of `work`, which runs in another thread while `tick` is called here every few moments.

        What `tick` raises is raised at once; the socket is shut then, now or as soon as there is one, and the line
        can't be used again. A thread that waits for a name server ends by itself, heard by nobody.
        """
        running = _Running(work)
        try:
            while not running.done.wait(POLL_SECONDS):
                tick()
        except BaseException:
            with self._lock:
                self._is_broken = True
                self._shut()
            raise
        return running.result()

    def _shut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # closed already
                # Not through SSLSocket, which would drop its state under the reading thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Running(Generic[Result]):
    """Work in a daemon thread, so that a process that ends does not wait for a wiki."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self.done = threading.Event()
        self._work = work
        self._results: list[Result] = []
        self._error: BaseException | None = None
        threading.Thread(target=self._run, name="wiki-request", daemon=True).start()

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._error = error
        finally:
            self.done.set()

    def result(self) -> Result:
        """What the work returned. Raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._results[0]
