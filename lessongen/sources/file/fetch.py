"""Fetching one web page politely: who asks is said, redirects, size and time are bounded, only text is taken.

Runs in the child process, so that a server that never ends its answer, or a name that is not resolved, costs no worker.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from lessongen.system.errors import DataError, LessongenError, RateLimited, Unavailable
from lessongen.system.hosts import is_allowed, public_address
from lessongen.system.retry_after import retry_after

if TYPE_CHECKING:
    import httpx

FETCH_SECONDS = 30.0
_CONNECT_SECONDS = 10.0
_MOST_REDIRECTS = 5
_TAKEN = re.compile(
    r"text/(?!css|javascript|calendar|csv)|application/(?:xhtml|xml|pdf|rtf|epub|octet-stream|x-download|force-download"
    r"|msword|vnd\.openxmlformats-officedocument\.wordprocessingml|vnd\.oasis\.opendocument\.text|markdown|x-pdf|zip)",
    re.IGNORECASE,
)
_ACCEPT = "text/html, application/xhtml+xml, text/markdown, text/plain, application/pdf, */*;q=0.1"
_NOT_THERE = (404, 410)
_NOT_ALLOWED = (401, 402, 403, 407, 451)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A page's bytes, what its server says of their encoding, and whether it says that they are HTML."""

    data: bytes
    charset: str | None
    is_html: bool


def checked_address(address: str) -> str:
    """The address if it can be fetched. Raises `DataError` for another scheme than http, and for a password in it."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise DataError(
            "The address can't be understood.", hint="Give an address such as https://example.org."
        ) from error
    if parts.scheme.lower() not in ("http", "https"):
        raise DataError(
            f"Nothing is fetched by “{parts.scheme}:”.", hint="Give an http or https address, or the path of a file."
        )
    if not host:
        raise DataError("The address names no server.", hint="Give an address such as https://example.org/page.")
    if parts.username is not None or parts.password is not None:
        raise DataError(
            "The address holds a name or a password, which a lesson would hand out.",
            hint="Save the page as a file, and give that.",
        )
    return address


def fetch(address: str, user_agent: str, most_bytes: int, hosts: Sequence[str] = ()) -> Fetched:
    """What stands at an http or https address; where `hosts` are given on these alone, and on public addresses.

    Raises `Unavailable` where the server can't be reached, is late or at fault, `RateLimited` where it takes no more
    requests, each with the wait that the server asks for; `DataError` for what is not there, not allowed, too large, or
    no text.
    """
    import httpx

    deadline = time.monotonic() + FETCH_SECONDS
    host = urlsplit(address).hostname or address
    timeout = httpx.Timeout(FETCH_SECONDS, connect=_CONNECT_SECONDS)
    headers = {"User-Agent": user_agent, "Accept": _ACCEPT}
    try:
        # A proxy of the environment's would look the name up by itself, and might find another address.
        with httpx.Client(timeout=timeout, headers=headers, follow_redirects=False, trust_env=not hosts) as client:
            for _ in range(_MOST_REDIRECTS + 1):
                request = client.build_request("GET", checked_address(address))
                response = client.send(_pinned(client, request, hosts) if hosts else request, stream=True)
                with contextlib.closing(response):
                    if not response.has_redirect_location:
                        return _body(response, host, deadline, most_bytes)
                    address = _redirected(host, address, response.headers["location"])
                    host = urlsplit(address).hostname or host
    except (httpx.InvalidURL, ValueError) as error:  # a name that is none, which the resolver or httpx finds
        raise DataError(f"{host} can't be fetched: {error}.", hint="Is the address right?") from error
    except httpx.TimeoutException as error:
        raise _late(host) from error
    except httpx.DecodingError as error:
        raise DataError(
            f"What {host} sent can't be unpacked.", hint="Save the page as a file, and give that."
        ) from error
    except httpx.HTTPError as error:
        raise Unavailable(
            f"{host} can't be reached: {error or type(error).__name__}.",
            hint="Is the address right, and the network there?",
        ) from error
    raise DataError(f"{host} redirects more than {_MOST_REDIRECTS} times.", hint="Give the address that it ends at.")


def _redirected(host: str, address: str, location: str) -> str:
    """The address that a server redirects to. Raises `DataError` for one that can't be fetched, saying whose it is."""
    import httpx

    try:
        return str(httpx.URL(checked_address(urljoin(address, location))))
    except (httpx.InvalidURL, ValueError, DataError) as error:
        reason = error.message if isinstance(error, DataError) else "The address can't be understood."
        raise DataError(
            f"{host} redirects to an address that can't be fetched. {reason}",
            hint="Open it in your browser, and give the address of the page that it shows.",
        ) from error


def _pinned(client: httpx.Client, request: httpx.Request, hosts: Sequence[str]) -> httpx.Request:
    """The request to the very address that was examined: a name looked up again may lead elsewhere."""
    url = request.url
    if not is_allowed(url.host, hosts):
        raise DataError(f"{url.host} is not among the hosts that may be fetched from.")
    address = public_address(url.host, url.port or (443 if url.scheme == "https" else 80))
    return client.build_request(
        "GET",
        url.copy_with(host=address),
        headers={"Host": url.netloc.decode("ascii")},
        extensions={"sni_hostname": url.host},
    )


def _body(response: httpx.Response, host: str, deadline: float, most_bytes: int) -> Fetched:
    if response.status_code != 200:
        raise _refused(response.status_code, response.headers, host)
    kind = response.headers.get("content-type", "")
    if kind and not _TAKEN.match(kind):
        raise DataError(
            f"{host} sent {kind.split(';')[0].strip()[:60]}, which holds no running text.",
            hint="Give the address of a page, a text or a PDF.",
        )
    gathered = bytearray()
    for chunk in response.iter_bytes():
        gathered += chunk
        if len(gathered) > most_bytes:
            raise DataError(
                f"What {host} sends is larger than {most_bytes // 1_000_000} MB.",
                hint="Save the part that the lesson is about as a file, and give that.",
            )
        if time.monotonic() > deadline:
            raise _late(host)
    return Fetched(
        data=bytes(gathered),
        charset=response.charset_encoding,
        is_html=re.match(r"text/html|application/xhtml", kind, re.IGNORECASE) is not None,
    )


def _refused(status: int, headers: Mapping[str, str], host: str) -> LessongenError:
    if status in _NOT_THERE:
        return DataError(f"{host} has no such page ({status}).", hint="Is the address right?")
    if status in _NOT_ALLOWED:
        return DataError(
            f"{host} does not let the page be fetched ({status}).",
            hint="Save it in your browser as a file, and give that.",
        )
    wait = retry_after(headers, datetime.now(UTC))
    if status == 429:
        return RateLimited(f"{host} takes no more requests for now.", retry_after_seconds=wait)
    if status >= 500 or status in (408, 425):
        return Unavailable(
            f"{host} is at fault or overloaded ({status}).", hint="Try again later.", retry_after_seconds=wait
        )
    return DataError(f"{host} answered with status {status}.", hint="Save the page as a file, and give that.")


def _late(host: str) -> Unavailable:
    return Unavailable(f"{host} did not answer in full within {FETCH_SECONDS:g} seconds.", hint="Try again later.")
