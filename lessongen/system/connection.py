"""Calls that can be broken off: blocking work in a thread of its own, and the socket that it waits on."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

POLL_SECONDS = 0.05

Result = TypeVar("Result")
_OPENED = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")
_here = threading.local()


class Traceable(Protocol):
    """A request of httpx's or httpx2's, as far as it is of use here."""

    @property
    def extensions(self) -> Any:
        """Its dictionary of extensions; "trace" is told of each thing that the connection does."""
        ...


class Line:
    """The connection of one call, or of a client that keeps its own and makes one request at a time."""

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
        """Takes note of the socket; called by the library's transport."""
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
    """A hook for clients: connects the request to the `Line` of the call that makes it."""
    line: Line | None = getattr(_here, "line", None)
    if line is not None:
        request.extensions["trace"] = line.trace


def interruptible(work: Callable[[], Result], tick: Callable[[], None], line: Line | None = None) -> Result:
    """The result of `work`, which runs in another thread while `tick` is called here every few moments.

    Whatever `tick` raises is raised at once, and the connection that `work` waits on is broken off; a thread that
    waits for a name server or a handshake can't be woken and ends by its own time limit, heard by nobody. `line` is
    that of a client that keeps its connection from call to call; once broken off it can't be used again.
    """
    used = line or Line()
    running = _Running(work, used)
    try:
        while not running.done.wait(POLL_SECONDS):
            tick()
    except BaseException:
        used.break_off()
        raise
    return running.result()


class _Running(Generic[Result]):
    """Work in a daemon thread, so that a process that ends does not wait for a server."""

    def __init__(self, work: Callable[[], Result], line: Line) -> None:
        self.done = threading.Event()
        self._work = work
        self._line = line
        self._results: list[Result] = []
        self._error: BaseException | None = None
        threading.Thread(target=self._run, name="interruptible-call", daemon=True).start()

    def _run(self) -> None:
        _here.line = self._line
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
