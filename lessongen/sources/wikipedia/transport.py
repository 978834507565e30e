"""The transport under wikipedia-api's client: asks any MediaWiki, politely, and lets sound answers through alone.

wikipedia-api itself knows *.wikipedia.org alone, sleeps as long as a server tells it to, and fails with a `KeyError`
on an error object under status 200; so that is settled here, below it. Imported where it is used: httpx is heavy.
"""

from __future__ import annotations

import contextlib
import json
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from lessongen.lesson.attempt import Attempt
from lessongen.sources.wikipedia import faults
from lessongen.sources.wikipedia.reach import Reach, proxy_of
from lessongen.sources.wikipedia.site import Patience, Site
from lessongen.sources.wikipedia.turns import Turns
from lessongen.system.clock import Clock
from lessongen.system.connection import Line, interruptible, traced
from lessongen.system.errors import Cancelled, ConfigurationError, LessongenError, RateLimited
from lessongen.system.retry_after import retry_after

if TYPE_CHECKING:
    import ssl

# Seconds of replication lag above which a wiki is not asked: mediawiki.org/wiki/Manual:Maxlag_parameter.
_MAXLAG_SECONDS = 5
_MOST_REDIRECTS = 3
_GZIP = 16 + zlib.MAX_WBITS

_T = TypeVar("_T")


class PoliteTransport(httpx.BaseTransport):
    """Sends what it is given to one wiki's api.php, whatever host it was meant for; one request at a time.

    `answer` is the last answer as parsed JSON, with all that wikipedia-api leaves out.
    """

    def __init__(
        self,
        site: Site,
        *,
        user_agent: str,
        turns: Turns,
        reach: Reach,
        attempt: Attempt,
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self.answer: dict[str, Any] = {}
        self._site = site
        self._user_agent = user_agent
        self._turns = turns
        self._reach = reach
        self._attempt = attempt
        self._clock = clock
        self._patience = patience or Patience()
        self._url = site.api_url
        self._is_answering = False
        self._line = Line()
        self._inner = _inner(site)

    def ask(self, **parameters: str | int) -> dict[str, Any]:
        """The answer to a query of one's own. Raises as `handle_request` does."""
        query = urlencode({"action": "query", "format": "json", "redirects": 1, **parameters})
        self.handle_request(httpx.Request("GET", f"{self._site.api_url}?{query}"))
        return self.answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """A sound answer, of status 200 and JSON.

        Raises `RateLimited` with the wait that the wiki asks for, `BadAnswer`, `Unavailable`, `ConfigurationError`,
        `UnsupportedLanguage`; `Cancelled` as soon as the attempt is.
        """
        agent = request.headers.get("user-agent", "")
        if not agent.startswith(self._user_agent):
            agent = self._user_agent
        headers = {"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        query = f"{request.url.query.decode('ascii')}&maxlag={_MAXLAG_SECONDS}"
        body, self.answer = self._in_time(lambda: self._fetched(query, headers))
        return httpx.Response(200, content=body, headers={"Content-Type": "application/json"}, request=request)

    def download(self, url: str, *, seconds: float, most_bytes: int) -> bytes:
        """The content of a file at a web address, from a host that has turns and a connection of its own.

        No redirect is followed. Raises as `handle_request` does.
        """
        place = replace(self._site, api_url=url, host=urlsplit(url).netloc.lower(), is_wikipedia=False)
        patience = replace(self._patience, request_seconds=seconds, most_bytes=most_bytes)
        beside = PoliteTransport(
            place,
            user_agent=self._user_agent,
            turns=self._turns,
            reach=self._reach,
            attempt=self._attempt,
            clock=self._clock,
            patience=patience,
        )
        try:
            return beside._in_time(beside._content)
        finally:
            beside.close()

    def _in_time(self, ask: Callable[[], _T]) -> _T:
        """What a question gives when it is its turn; given up when it takes too long, or the attempt is cancelled."""
        self._turns.wait(self._site, self._attempt)
        deadline = time.monotonic() + self._patience.request_seconds

        def tick() -> None:
            if self._attempt.cancelled():
                raise Cancelled
            if time.monotonic() > deadline:
                raise faults.late(self._site, self._patience.request_seconds)

        return interruptible(ask, tick, self._line)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    # ------------------------------------------------------------ one exchange, in a thread of its own

    def _content(self) -> bytes:
        headers = {"User-Agent": self._user_agent, "Accept": "image/*", "Accept-Encoding": "gzip"}
        with self._translated():
            response = self._answered(self._url, headers)
            try:
                if response.status_code in (429, 503):
                    raise self._noted(faults.busy(self._site, retry_after(response.headers, self._clock.now())))
                if response.status_code != 200:
                    raise faults.unusable(self._site, f"its status is {response.status_code}")
                return b"".join(self._unpacked(response))
            finally:
                response.close()

    def _fetched(self, query: str, headers: dict[str, str]) -> tuple[bytes, dict[str, Any]]:
        with self._translated():
            for _ in range(_MOST_REDIRECTS + 1):
                response = self._answered(f"{self._url}?{query}", headers)
                try:
                    moved = self._moved_to(response)
                    if moved is None:
                        return self._sound(response)
                finally:
                    response.close()
                self._url = moved
            raise faults.unusable(self._site, "it redirects without end")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Make what goes wrong in an exchange one of our errors."""
        self._is_answering = False
        try:
            yield
        except httpx.TimeoutException as error:
            self._reach.forget(self._site)
            raise faults.late(self._site, self._patience.silence_seconds) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            if self._is_answering and isinstance(error, httpx.RemoteProtocolError):
                raise faults.unusable(self._site, "it is cut off") from error
            self._reach.forget(self._site)
            raise faults.unreachable(self._site, error) from error

    def _answered(self, url: str, headers: dict[str, str]) -> httpx.Response:
        silence = self._patience.silence_seconds
        timeout = {"connect": min(silence, 5.0), "read": silence, "write": silence, "pool": silence}
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})
        traced(request)
        response = self._inner.handle_request(request)
        self._is_answering = True
        return response

    def _moved_to(self, response: httpx.Response) -> str | None:
        """Where to ask instead: the same host, by https or another path."""
        if response.status_code not in (301, 302, 303, 307, 308):
            return None
        target = urlsplit(urljoin(self._url, response.headers.get("location", "")))
        if target.hostname != urlsplit(self._url).hostname or not target.path.endswith(".php"):
            return None
        if self._url.startswith("https:") and target.scheme != "https":
            return None
        return f"{target.scheme}://{target.netloc}{target.path}"

    def _sound(self, response: httpx.Response) -> tuple[bytes, dict[str, Any]]:
        if response.status_code != 200:
            raise self._noted(faults.refused(self._site, response.status_code, response.headers, self._clock.now()))
        body = b"".join(self._unpacked(response))
        if not body.strip():
            raise faults.unusable(self._site, "it is empty")
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError) as error:
            kind = "a web page" if body.lstrip()[:1] == b"<" else "no JSON, or cut off"
            raise faults.unusable(self._site, f"it is {kind}") from error
        if not isinstance(answer, dict):
            raise faults.unusable(self._site, "it is not what MediaWiki answers")
        failure = faults.said(self._site, answer, response.headers, self._clock.now())
        if failure is not None:
            raise self._noted(failure)
        if not isinstance(answer.get("query"), dict) and not isinstance(answer.get("parse"), dict):
            raise faults.unusable(self._site, "it is not what MediaWiki answers")
        return body, answer

    def _noted(self, failure: LessongenError) -> LessongenError:
        if isinstance(failure, RateLimited) and failure.retry_after_seconds:
            self._turns.hold(self._site, failure.retry_after_seconds)
        return failure

    def _unpacked(self, response: httpx.Response) -> Iterator[bytes]:
        """The body's pieces; unpacked here and not by httpx, which would unpack a bomb before it can be counted."""
        packing = response.headers.get("content-encoding", "identity").strip().lower()
        if packing not in ("identity", "", "gzip", "x-gzip"):
            raise faults.unusable(self._site, "it is packed in a way that was not asked for")
        unpacker = zlib.decompressobj(_GZIP) if "gzip" in packing else None
        left = self._patience.most_bytes
        stream = response.stream
        if not isinstance(stream, httpx.SyncByteStream):
            raise TypeError("a stream of httpx's synchronous transport")
        for raw in stream:
            piece = raw
            if unpacker is not None:
                try:
                    piece = unpacker.decompress(raw, left + 1)
                except zlib.error as error:
                    raise faults.unusable(self._site, "it can't be unpacked") from error
            left -= len(piece)
            if left < 0 or (unpacker is not None and unpacker.unconsumed_tail):
                raise faults.unusable(self._site, f"it is larger than {self._patience.most_bytes / 1_000_000:g} MB")
            yield piece
        if unpacker is not None and not unpacker.eof:
            raise faults.unusable(self._site, "it is cut off")


def _inner(site: Site) -> httpx.HTTPTransport:
    try:
        return httpx.HTTPTransport(
            verify=_certificates() if site.is_https else False,
            proxy=proxy_of(site),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise ConfigurationError(
            "The proxy that the environment names can't be used.", hint="Look at HTTPS_PROXY and ALL_PROXY."
        ) from error


@cache
def _certificates() -> ssl.SSLContext:
    """One for all connections: to read the certificates takes longer than a request."""
    return httpx.create_ssl_context()
