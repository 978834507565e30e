"""Pages of wikis, turns to ask hosts, and texts handed in: every SQL statement on them.

Turns and closures are on the boot clock; after the machine was started anew every host may be asked.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from lessongen.lesson.material import Page
from lessongen.system.clock import BootTime, from_text, to_text

if TYPE_CHECKING:
    from lessongen.database.port import Connection, Database

_PAGE = "SELECT content, fetched_at FROM pages WHERE wiki = ? AND key = ?"
_KEEP_PAGE = """
INSERT INTO pages (wiki, key, content, fetched_at) VALUES (?, ?, ?, ?)
ON CONFLICT (wiki, key) DO UPDATE SET content = excluded.content, fetched_at = excluded.fetched_at"""

_NEXT_TURN = "SELECT next_seconds FROM hosts WHERE host = ? AND boot = ?"
_TAKE_TURN = """
INSERT INTO hosts (host, boot, next_seconds, closed_until) VALUES (:host, :boot, :next, 0)
ON CONFLICT (host) DO UPDATE SET next_seconds = :next, boot = :boot,
    closed_until = CASE WHEN hosts.boot = :boot THEN hosts.closed_until ELSE 0 END"""
_CLOSED_UNTIL = "SELECT closed_until FROM hosts WHERE host = ? AND boot = ?"
_CLOSE = """
INSERT INTO hosts (host, boot, next_seconds, closed_until) VALUES (:host, :boot, 0, :until)
ON CONFLICT (host) DO UPDATE SET closed_until = :until, boot = :boot,
    next_seconds = CASE WHEN hosts.boot = :boot THEN hosts.next_seconds ELSE 0 END"""

_KEEP_TEXT = "INSERT INTO inputs (sha256, text, created_at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING"
_DROP_TEXTS = """
DELETE FROM inputs WHERE created_at < ? AND NOT EXISTS (
    SELECT 1 FROM tasks WHERE status != 'completed' AND instr(request, 'text:' || inputs.sha256) > 0)"""
_KEPT_TEXT = "SELECT text FROM inputs WHERE sha256 = ?"


class Pages:
    """What sources keep in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wiki: str, key: str) -> Page | None:
        """The page kept under that key."""
        rows = self._database.read(_PAGE, (wiki, key))
        return Page(content=rows[0][0], fetched_at=from_text(rows[0][1])) if rows else None

    def keep_page(self, wiki: str, key: str, content: str, now: datetime) -> None:
        """Keep a page, in place of an older one."""
        self._database.quick(lambda connection: connection.execute(_KEEP_PAGE, (wiki, key, content, to_text(now))))

    def turn(self, host: str, per_second: float, at: BootTime) -> float:
        """Take the next turn to ask a host: in how many seconds it comes."""

        def work(connection: Connection) -> float:
            row = connection.execute(_NEXT_TURN, (host, at.boot)).fetchone()
            turn = max(at.seconds, row[0] if row else at.seconds)
            connection.execute(_TAKE_TURN, {"host": host, "boot": at.boot, "next": turn + 1 / per_second})
            return turn - at.seconds

        return self._database.quick(work)

    def closed_for(self, host: str, at: BootTime) -> float:
        """For how many seconds more a host is not to be asked; 0 if it may be."""
        rows = self._database.read(_CLOSED_UNTIL, (host, at.boot))
        return max(0.0, rows[0][0] - at.seconds) if rows else 0.0

    def close(self, host: str, seconds: float, at: BootTime) -> None:
        """Don't ask a host for so long."""
        parameters = {"host": host, "boot": at.boot, "until": at.seconds + seconds}
        self._database.quick(lambda connection: connection.execute(_CLOSE, parameters))

    def keep_text(self, digest: str, text: str, now: datetime) -> None:
        """Keep, durably, a text that a user handed in with a request."""
        self._database.durable(lambda connection: connection.execute(_KEEP_TEXT, (digest, text, to_text(now))))

    def drop_texts(self, before: datetime) -> int:
        """Drop the texts that were kept before that moment and that no task needs any more; how many."""
        return self._database.quick(lambda connection: connection.execute(_DROP_TEXTS, (to_text(before),)).rowcount)

    def kept_text(self, digest: str) -> str | None:
        """The text of that SHA-256."""
        rows = self._database.read(_KEPT_TEXT, (digest,))
        return rows[0][0] if rows else None
