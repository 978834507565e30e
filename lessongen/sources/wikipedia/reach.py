"""Whether a wiki's host can be reached at all: asked once, briefly, and remembered; imports nothing heavy."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from urllib.parse import urlsplit

from lessongen.sources.page_cache import SharedPages
from lessongen.sources.wikipedia.site import Site
from lessongen.system.errors import Unavailable

PROBE_SECONDS = 1.5
REMEMBERED_SECONDS = 300.0


class Reach:
    """What is known of hosts; may be used by several threads. Failures are shared by all workers of a database."""

    def __init__(self, pages: SharedPages) -> None:
        self._pages = pages
        self._reached: dict[str, float] = {}

    def require(self, site: Site) -> None:
        """Raise `Unavailable` unless a connection can be made, or could a moment ago."""
        left = self._pages.closed_for(site.host)
        if left > 0:
            raise Unavailable(f"{site.name} could not be reached a moment ago.", hint=_HINT, retry_after_seconds=left)
        last = self._reached.get(site.host)
        if last is not None and time.monotonic() - last < REMEMBERED_SECONDS:
            return
        if not _connects(proxy_address(site) or site.address):
            self._pages.close(site.host, REMEMBERED_SECONDS)
            raise Unavailable(f"{site.name} can't be reached.", hint=_HINT)
        self._reached[site.host] = time.monotonic()

    def forget(self, site: Site) -> None:
        """A connection failed after all: look again before the next request."""
        self._reached.pop(site.host, None)


_HINT = "Is the network there? With --no-wikipedia the offline encyclopedia is used."


def proxy_of(site: Site) -> str | None:
    """The proxy that the environment names for a wiki, as curl and requests understand it."""
    if sys.platform not in ("darwin", "win32") and not any(name.lower().endswith("_proxy") for name in os.environ):
        return None  # the environment alone could name one, and what follows takes an idle worker 2 MB
    import urllib.request

    proxies = urllib.request.getproxies()
    if not proxies or urllib.request.proxy_bypass(site.host):
        return None
    proxy = proxies.get("https" if site.is_https else "http") or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def proxy_address(site: Site) -> tuple[str, int] | None:
    """The host and port of that proxy."""
    proxy = proxy_of(site)
    if not proxy:
        return None
    try:
        parts = urlsplit(proxy)
        return (parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)) if parts.hostname else None
    except ValueError:
        return None


def _connects(address: tuple[str, int]) -> bool:
    """Whether a connection is made in time; in a thread, for a name server's silence has no limit of its own."""
    made = threading.Event()

    def connect() -> None:
        with contextlib.suppress(OSError, UnicodeError):  # UnicodeError: a host name that can't be one
            socket.create_connection(address, timeout=PROBE_SECONDS).close()
            made.set()

    thread = threading.Thread(target=connect, name="wiki-probe", daemon=True)
    thread.start()
    thread.join(PROBE_SECONDS)
    return made.is_set()
