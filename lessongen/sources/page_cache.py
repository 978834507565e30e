"""What sources on the network share through the database, at the clock's time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lessongen.lesson.material import Page
from lessongen.system.clock import Clock

if TYPE_CHECKING:
    from lessongen.store import Pages


@dataclass(frozen=True, kw_only=True)
class SharedPages:
    """What sources on the network share through a store: pages, and whose turn it is to ask a host."""

    store: Pages
    clock: Clock

    def page(self, wiki: str, key: str) -> Page | None:
        """The page kept under that key of that wiki, however old."""
        return self.store.page(wiki, key)

    def keep_page(self, wiki: str, key: str, content: str) -> None:
        """Keep a page, in place of an older one."""
        self.store.keep_page(wiki, key, content, self.clock.now())

    def turn(self, host: str, per_second: float) -> float:
        """Take the next turn to ask a host, shared by all workers: in how many seconds it comes."""
        return self.store.turn(host, per_second, self.clock.boot_time())

    def closed_for(self, host: str) -> float:
        """For how many seconds more a host is not to be asked, because it could not be reached; 0 if it may be."""
        return self.store.closed_for(host, self.clock.boot_time())

    def close(self, host: str, seconds: float) -> None:
        """Don't ask a host for so long."""
        self.store.close(host, seconds, self.clock.boot_time())

    def kept_text(self, digest: str) -> str | None:
        """The text of that SHA-256 that a user handed in with a request."""
        return self.store.kept_text(digest)
