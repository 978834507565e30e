"""Serving: a socket, uvicorn over it, and an end that does not wait for those who watch."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from lessongen.app import App
from lessongen.system.errors import ConfigurationError, UsageError
from lessongen.system.leaving import ending_signals
from lessongen.system.settings import Settings
from lessongen.web.application import Service, service
from lessongen.web.guard import LOOPBACK_NAMES, MOST_HEADER_BYTES, SECURITY_HEADERS, Rules, too_many_headers
from lessongen.web.problems import MEDIA_TYPE, Refusal

_HEADER_SECONDS = 10.0
_BODY_SECONDS = 30.0
_KEEP_ALIVE_SECONDS = 15
_LEAVE_SECONDS = 3
_BACKLOG = 1_024
_PROXIES = ("127.0.0.1", "::1")
_MOST_CONNECTIONS = 8_000
_MOST_MESSAGE_BYTES = 4_096  # of what a watcher says over a WebSocket, which means nothing


@dataclass(frozen=True, kw_only=True)
class Tls:
    """A certificate and its key, as PEM files."""

    certificate: Path
    key: Path


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def demands_token(settings: Settings) -> bool:
    """Whether callers must have a token: wherever others than this machine's user may call."""
    return settings.web_require_token or bool(settings.web_hosts) or not is_loopback(settings.web_host)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `ConfigurationError`, `UsageError` for an address that can't be had."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"{host} is no address of this machine.", hint="Give --host 127.0.0.1, or an IP of it."
        ) from error
    # With its protocol named: asyncio sets TCP_NODELAY only where it is told that a socket is one of TCP.
    listening = socket.socket(found[0], found[1], socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(found[4])
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise ConfigurationError(
            f"{host}, port {port}, can't be listened on: {error.strerror}.",
            hint="Choose another --port; 0 takes a free one.",
        ) from error
    return listening


def serve(
    app: App, listening: socket.socket, *, starts_worker: bool, tls: Tls | None, ready: Callable[[], None]
) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called once requests are answered."""
    _allow_many_files()
    settings = app.settings
    names = {settings.web_host.lower(), *settings.web_hosts, *LOOPBACK_NAMES}
    is_open = not is_loopback(settings.web_host) and not settings.web_hosts
    rules = Rules(
        hosts=None if is_open else frozenset(names),
        origins=frozenset(settings.web_origins),
        requests_per_minute=settings.web_requests_per_minute if demands_token(settings) else None,
        takes_strangers=demands_token(settings),
    )
    serving = service(app, rules, demands_token=demands_token(settings), starts_worker=starts_worker)
    config = uvicorn.Config(
        serving.asgi,
        http=PatientProtocol,
        ws="websockets-sansio",
        ws_max_size=_MOST_MESSAGE_BYTES,
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        # A proxy on this machine says who asks, and whether by TLS.
        proxy_headers=bool(settings.web_hosts),
        forwarded_allow_ips=list(_PROXIES),
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_LEAVE_SECONDS,
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        ssl_certfile=str(tls.certificate) if tls else None,
        ssl_keyfile=str(tls.key) if tls else None,
    )
    _Server(config, serving, ready).run([listening])


class _Server(uvicorn.Server):
    """uvicorn, which tells when it answers, and ends streams when it is told to leave."""

    def __init__(self, config: uvicorn.Config, serving: Service, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._serving = serving
        self._ready = ready
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        if threading.current_thread() is threading.main_thread():
            for number in ending_signals():  # uvicorn itself does not mind a terminal that is closed
                signal.signal(number, self.handle_exit)
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Leave in peace, and at once if told twice; uvicorn itself would end the process by the signal.

        A signal may come while another is handled, so nothing here takes a lock.
        """
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._serving.hub.close_watches)
        self.force_exit = self.should_exit
        self.should_exit = True


class PatientProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, whose patience with a client that sends a request slowly ends.

    uvicorn waits for ever for a request's headers and body; a few hundred such clients would hold all connections.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(_HEADER_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_idle = self.conn.their_state is h11.IDLE
        super().data_received(data)
        if self.conn.their_state is h11.SEND_BODY:
            if was_idle:
                self._expect(_BODY_SECONDS)
        elif self.conn.their_state is not h11.IDLE:
            self._expect(None)
        elif self._deadline is None:
            self._expect(_HEADER_SECONDS)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._expect(None)
        if sum(len(name) + len(value) + 4 for name, value in self.headers) > MOST_HEADER_BYTES:
            self._refuse(too_many_headers())
            return
        super().handle_websocket_upgrade(event)
        # What the WebSocket's own parser does not take would be kept open, unanswered.
        if not getattr(self.transport.get_protocol(), "handshake_initiated", True):
            self._refuse(_no_http())

    def on_response_complete(self) -> None:
        self._expect(None)
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP at all gets an answer like any other."""
        error = sys.exception()  # uvicorn handles it while it calls this
        is_too_long = isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431
        self._refuse(too_many_headers() if is_too_long else _no_http())

    def _refuse(self, refusal: Refusal) -> None:
        """Answer without asking the application, and close the connection."""
        headers = [*SECURITY_HEADERS.items(), ("Content-Type", MEDIA_TYPE), ("Connection", "close")]
        phrase = HTTPStatus(refusal.status_code).phrase.encode()
        for event in (
            h11.Response(status_code=refusal.status_code, headers=headers, reason=phrase),
            h11.Data(data=refusal.body()),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _expect(self, seconds: float | None) -> None:
        """Close the connection unless what is awaited has come in time; None awaits nothing."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self._give_up) if seconds is not None else None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def _no_http() -> Refusal:
    return Refusal(400, "The request is not HTTP/1.1 as it should be.", code="usage")


def _allow_many_files() -> None:
    """A watcher is an open file; the usual limit is 1,024."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if most == resource.RLIM_INFINITY else most
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, 65_536), most))
