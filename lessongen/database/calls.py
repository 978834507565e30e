"""Calls to models, one row each: what the limits of a writer are counted from.

They are dated on the boot clock: a limit neither opens nor closes when the wall clock is set. Calls made before the
machine was started don't count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lessongen.lesson.records import CallLimit
from lessongen.lesson.task import Lease
from lessongen.system.clock import BootTime

if TYPE_CHECKING:
    from lessongen.database.port import Connection, Row

_PERIOD_SECONDS = 60.0

_RECENT = "SELECT seconds, tokens FROM calls WHERE writer = ? AND boot = ? AND seconds > ? ORDER BY seconds"
_ADD = "INSERT INTO calls (task_id, writer, tokens, boot, seconds) VALUES (?, ?, ?, ?, ?)"


def call(
    connection: Connection, lease: Lease, writer: str, tokens: int, limit: CallLimit, at: BootTime
) -> float | None:
    """Record a call that is about to be made; or, where a limit is reached, in how many seconds it may be tried again.

    A single call over the token limit is let through once no other stands in its minute.
    """
    recent = connection.execute(_RECENT, (writer, at.boot, at.seconds - _PERIOD_SECONDS)).fetchall()
    wait = None
    while recent and not _has_room(recent, tokens, limit):
        wait = recent.pop(0)[0] + _PERIOD_SECONDS - at.seconds
    if wait is None:
        connection.execute(_ADD, (lease.task.task_id, writer, tokens, at.boot, at.seconds))
    return wait


def _has_room(recent: list[Row], tokens: int, limit: CallLimit) -> bool:
    fits = limit.calls_per_minute is None or len(recent) < limit.calls_per_minute
    spent = sum(row[1] for row in recent)
    return fits and (limit.tokens_per_minute is None or spent + tokens <= limit.tokens_per_minute)
