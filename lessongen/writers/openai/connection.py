"""Calls that can be broken off: blocking work in a thread of its own, and the socket it waits on."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Protocol, TypeVar

POLL_SECONDS = 0.1

Result = TypeVar("Result")
_OPENED = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")
_here = threading.local()


class Traceable(Protocol):
    """A request of httpx2's, as far as it is of use here."""

    @property
    def extensions(self) -> Any:
        """Its dictionary of extensions; "trace" is told of each thing that the connection does."""
        ...


class Line:
    """The connection of one call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_broken = False

    def break_off(self) -> None:
        """Shut the socket, now or as soon as there is one, so that whoever waits on it wakes up."""
        with self._lock:
            self._is_broken = True
            self._shut()

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Takes note of the socket; called by httpx2's transport."""
        if name.endswith(_OPENED):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self._is_broken:
                    self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # closed already
                # Not through SSLSocket, which would drop its state under the reading thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def traced(request: Traceable) -> None:
    """A hook for httpx2's clients: connects the request to the `Line` of the call that makes it."""
    line: Line | None = getattr(_here, "line", None)
    if line is not None:
        request.extensions["trace"] = line.trace


def interruptible(work: Callable[[], Result], tick: Callable[[], None]) -> Result:
    """The result of `work`, which runs in another thread while `tick` is called here every tenth of a second.

    Whatever `tick` raises is raised at once, and the connection that `work` waits on is broken off; a thread that
    waits for a name server or a handshake can't be woken and ends by its own time limit, heard by nobody.
    """
    line = Line()

    def run() -> Result:
        _here.line = line
        return work()

    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model-call")
    future: Future[Result] = executor.submit(run)
    executor.shutdown(wait=False)
    try:
        while not wait((future,), timeout=POLL_SECONDS).done:
            tick()
        return future.result()
    finally:
        line.break_off()
