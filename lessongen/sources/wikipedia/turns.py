"""Waiting one's turn to ask a wiki, so that all workers of a database together keep to one pace."""

from __future__ import annotations

import threading
import time
from collections import defaultdict

from lessongen.lesson.attempt import Attempt
from lessongen.sources.page_cache import SharedPages
from lessongen.sources.wikipedia import faults
from lessongen.sources.wikipedia.site import Site
from lessongen.system.errors import Cancelled

_SLICE_SECONDS = 0.05
_PATIENCE_SECONDS = 5.0
_LONGEST_PATIENCE_SECONDS = 30.0


class Turns:
    """Hands out turns; used by several threads. What a server asks to wait is shared by all workers, too."""

    def __init__(self, pages: SharedPages, per_second: float) -> None:
        self._pages = pages
        self._per_second = per_second
        # A pace slower than the patience would never be come by otherwise.
        self._patience = min(max(_PATIENCE_SECONDS, 1.5 / per_second), _LONGEST_PATIENCE_SECONDS)
        self._unused: dict[str, list[float]] = defaultdict(list)
        self._lock = threading.Lock()

    def wait(self, site: Site, attempt: Attempt) -> None:
        """Come back when it is time to ask.

        Raises `RateLimited` where that is more than a few seconds off, or the wiki itself asked to wait; `Cancelled`.
        """
        asked_to_wait = self._pages.closed_for(_busy(site))
        if asked_to_wait > 0:
            raise faults.busy(site, asked_to_wait)
        due = self._turn(site)
        left = due - time.monotonic()
        if left > self._patience:
            self._give_back(site, due)
            raise faults.busy(site, left)
        while left > 0:
            if attempt.cancelled():
                self._give_back(site, due)
                raise Cancelled
            time.sleep(min(left, _SLICE_SECONDS))
            left = due - time.monotonic()

    def hold(self, site: Site, seconds: float) -> None:
        """The wiki asked not to be asked for so long."""
        if seconds > 0:
            self._pages.close(_busy(site), seconds)

    def _turn(self, site: Site) -> float:
        """When it is this one's turn; one that another left unused goes first, so that none is waited for twice."""
        with self._lock:
            unused = self._unused[site.host]
            if unused:
                due = min(unused)
                unused.remove(due)
                return due
        return time.monotonic() + self._pages.turn(site.host, self._per_second)

    def _give_back(self, site: Site, due: float) -> None:
        with self._lock:
            self._unused[site.host].append(due)


def _busy(site: Site) -> str:
    return f"{site.host} busy"
