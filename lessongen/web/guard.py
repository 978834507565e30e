"""What every request passes before anything reads it, and every answer before it leaves: plain ASGI, no I/O.

Names and origins are checked because a browser can be made to ask a server on its own machine: a name that leads here
(DNS rebinding) or another site's form. The content security policy lets nothing run or load but our own files.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lessongen.web.problems import Refusal, refusal

MOST_BODY_BYTES = 2_000_000
_DISCARDED_BYTES = 10_000_000
_DISCARD_SECONDS = 2.0
LOOPBACK_NAMES = frozenset(("localhost", "127.0.0.1", "::1"))
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
_TLS_HEADER = ("Strict-Transport-Security", "max-age=31536000")
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_ENDLESS = "/events"
_CALLERS_KEPT = 10_000


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the guard lets through. `hosts` None is any name, where a token is demanded anyway."""

    hosts: frozenset[str] | None = LOOPBACK_NAMES
    origins: frozenset[str] = frozenset()
    requests_per_minute: int | None = None


class Guard:
    """The outermost ASGI application."""

    def __init__(self, inner: ASGIApp, rules: Rules) -> None:
        self._inner = inner
        self._rules = rules
        self._pace = Pace(rules.requests_per_minute) if rules.requests_per_minute else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        body = _Body(receive, headers)
        answer = _Answer(send, body, is_tls=scope["scheme"] == "https")
        if scope["method"] == "HEAD" and not scope["path"].endswith(_ENDLESS):
            scope = {**scope, "method": "GET"}  # the server itself keeps the body back
        try:
            self._check(scope)
            body.check_length()
            await self._inner(scope, body.receive, answer.send)
        except Exception as error:
            if answer.has_begun:
                raise
            await refusal(error).response()(scope, receive, answer.send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._check(scope)
        except Refusal:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._inner(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._rules.hosts is not None and _name(host) not in self._rules.hosts:
            raise Refusal(421, "The server does not go by that name.", code="wrong_host")
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if changes and not self._is_of_this_site(headers, host):
            raise Refusal(403, "Another site asked for this.", code="cross_site")
        if self._pace is not None:
            wait = self._pace.wait_seconds(_who(scope, headers))
            if wait:
                raise Refusal(429, "Too many requests.", code="try_later", headers={"Retry-After": str(int(wait) + 1)})

    def _is_of_this_site(self, headers: Headers, host: str) -> bool:
        """Whether no browser says that another site's page is behind the request."""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site == "same-origin" or origin is None:
            return site in (None, "none", "same-origin")
        try:
            is_ours = urlsplit(origin).netloc.lower() == host.lower()
        except ValueError:
            return False
        return is_ours or origin.lower() in self._rules.origins


class _Answer:
    """Sends an answer with the headers that all have."""

    def __init__(self, send: Send, body: _Body, *, is_tls: bool) -> None:
        self._send = send
        self._body = body
        self._is_tls = is_tls
        self.has_begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if self._is_tls:
                headers.setdefault(*_TLS_HEADER)
        elif not message.get("more_body", False) and self._body.has_more:
            # Closing now would reset the connection before a client that still sends has read the answer.
            await self._send({**message, "more_body": True})
            await self._body.discard()
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)


class _Body:
    """A request's body, as far as it may be read."""

    def __init__(self, receive: Receive, headers: Headers) -> None:
        said = headers.get("content-length", "0")
        self._length = int(said) if said.isdigit() else 0
        self._receive = receive
        self._read = 0
        self.has_more = self._length > 0 or "transfer-encoding" in headers

    def check_length(self) -> None:
        """Refuse a body that says itself that it is too large, before any of it is read."""
        if self._length > MOST_BODY_BYTES:
            raise _too_large()

    async def receive(self) -> Message:
        message = await self._next()
        if self._read > MOST_BODY_BYTES:
            raise _too_large()
        return message

    async def discard(self) -> None:
        """Read on for a while, keeping nothing."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_SECONDS):
                while self.has_more and self._read < _DISCARDED_BYTES:
                    await self._next()

    async def _next(self) -> Message:
        message = await self._receive()
        self.has_more = message["type"] == "http.request" and message.get("more_body", False)
        self._read += len(message.get("body", b""))
        return message


@dataclass
class Pace:
    """At most so many requests a minute of each caller: a bucket that fills evenly, as large as ten seconds' worth."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait_seconds(self, who: str) -> float:
        """0 where the request may pass, else when the next one may."""
        size = max(1.0, self.per_minute / 6)
        now = self.clock()
        left, at = self._buckets.pop(who, (size, now))
        left = min(size, left + (now - at) * self.per_minute / 60)
        may_pass = left >= 1
        self._buckets[who] = (left - 1 if may_pass else left, now)
        while len(self._buckets) > _CALLERS_KEPT:
            self._buckets.popitem(last=False)
        return 0.0 if may_pass else (1 - left) * 60 / self.per_minute


def _who(scope: Scope, headers: Headers) -> str:
    """Whose requests are counted together: those of one token or cookie, or else of one address."""
    secret = headers.get("authorization") or headers.get("cookie")
    if secret:
        return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
    return str((scope.get("client") or ("",))[0])


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _too_large() -> Refusal:
    return Refusal(
        413,
        f"The body is larger than {MOST_BODY_BYTES:,} bytes.",
        code="too_large",
        headers={"Connection": "close"},
    )


def policy_with_style(style: str) -> str:
    """The policy of a page that has exactly this style sheet in it."""
    import base64

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")
