"""What every request passes before anything reads it, and every answer before it leaves: plain ASGI.

Names and origins are checked because a browser can be made to ask a server on its own machine: a name that leads here
(DNS rebinding) or another site's form. Headers that proxies add are looked for because behind one every stranger comes
from this machine. The content security policy lets nothing run or load but our own files.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lessongen.system.errors import LessongenError
from lessongen.web.pacing import Pace
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
MOST_HEADER_BYTES = 16_384
# What only a proxy, a balancer or a tunnel adds to a request: who is behind it, for which name, on which way.
_OF_A_PROXY = re.compile(
    r"forwarded|(?:^|-)via$|client-?ip|real-?ip|remote-?(?:ip|addr|host|user)|^x-original-|^x-prox|^proxy-(?!connection)"
    r"|^x-host$|^x-scheme$|^x-request-start$|^x-rewrite-url$|^x-url-scheme$|^front-end-https$"
    r"|^(?:x-)?(?:cdn|ssl|surrogate|cloudfront|tunnel|heroku|edge)-|^x-client-(?:cert|verify|dn)"
    r"|^(?:cf|fastly|fly|tailscale|ngrok|true-client|incap|akamai|do-connecting|gcp|x-(?:envoy|azure|arr|amz|amzn"
    r"|appengine|goog|vercel|nf|varnish|akamai|sucuri|cluster|waf|haproxy|nginx|traefik|replaced-path))(?:-|$)"
)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the guard lets through. `hosts` None is any name, where a token is demanded anyway."""

    hosts: frozenset[str] | None = LOOPBACK_NAMES
    origins: frozenset[str] = frozenset()
    requests_per_minute: int | None = None
    takes_strangers: bool = False  # a token is demanded, so that it does not matter who is behind a proxy


class Guard:
    """The outermost ASGI application."""

    def __init__(self, inner: ASGIApp, rules: Rules, who: Callable[[Scope], Awaitable[str]]) -> None:
        """`who` says whose requests are counted together."""
        self._inner = inner
        self._rules = rules
        self._pace = Pace(rules.requests_per_minute) if rules.requests_per_minute else None
        self._who = who

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
            await self._check(scope)
            body.check_length()
            await self._inner(scope, body.receive, answer.send)
        except Exception as error:
            if answer.has_begun:
                raise
            await refusal(error).response()(scope, receive, answer.send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._check(scope)
        except (Refusal, LessongenError) as error:
            await receive()
            await refusal(error).response()(scope, receive, send)
            return
        await self._inner(scope, receive, send)

    async def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        _require_whole(scope, headers)
        if not self._rules.takes_strangers:
            _require_no_proxy(scope)
        if self._rules.hosts is not None and _name(host) not in self._rules.hosts:
            raise Refusal(421, "The server does not go by that name.", code="wrong_host", hint=_BEHIND_A_PROXY)
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if changes and not self._is_of_this_site(headers, host):
            raise Refusal(403, "Another site asked for this.", code="cross_site")
        if self._pace is not None:
            wait = self._pace.wait_seconds(await self._who(scope))
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
        self._length = int(said) if re.fullmatch(r"[0-9]{1,20}", said) else 0
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


def _require_whole(scope: Scope, headers: Headers) -> None:
    """Refuse headers without measure, and a body whose length is said in two ways: a proxy may believe the other."""
    size = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    if size + len(scope["raw_path"]) + len(scope["query_string"]) > MOST_HEADER_BYTES:
        raise too_many_headers()
    if "transfer-encoding" in headers and ("content-length" in headers or scope.get("http_version") == "1.0"):
        raise Refusal(400, "The length of the body is said in two ways.", code="usage", headers={"Connection": "close"})


_BEHIND_A_PROXY = (
    "Behind a proxy: start it with --allow-host NAME, the name that the proxy serves it under, and pass Host on; "
    "or with --require-token (web.allow_host, web.require_token)."
)


def _require_no_proxy(scope: Scope) -> None:
    """Refuse what came through a proxy where no token is demanded: whoever is behind it would be the owner.

    A proxy that adds no header is told by its HTTP/1.0, which nginx speaks unless told otherwise, and no browser does.
    """
    names = (name.decode("latin-1").replace("_", "-").lower() for name, _ in scope["headers"])
    found = next((name for name in names if _OF_A_PROXY.search(name)), None)
    if found is None and scope.get("http_version") != "1.0":
        return
    sign = f"the header {found}" if found is not None else "HTTP/1.0"
    raise Refusal(
        403,
        f"This came through a proxy ({sign}), and no token is demanded here: strangers would be taken for the owner.",
        code="proxied",
        hint=_BEHIND_A_PROXY,
    )


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


def too_many_headers() -> Refusal:
    """What is answered to headers without measure."""
    return Refusal(
        431,
        f"The headers and the address are larger than {MOST_HEADER_BYTES:,} bytes.",
        code="too_large",
        headers={"Connection": "close"},
    )


def policy_with_style(style: str, *, has_picture: bool = False) -> str:
    """The policy of a page that has exactly this style sheet in it, and maybe a picture as a data address."""
    import base64

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")
    return policy.replace("img-src 'self'", "img-src 'self' data:") if has_picture else policy
