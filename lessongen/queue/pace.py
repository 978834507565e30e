"""How fast a queue, or a batch of it, goes, and how long it should go on: the same reckoning wherever it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lessongen.lesson.records import TaskFilter

if TYPE_CHECKING:
    from lessongen.store import Tasks

_OVER = timedelta(minutes=10)
_LATELY = timedelta(minutes=1)
_ENOUGH_TO_COUNT = 10
_AT_MOST = 1_000
_IDLE = timedelta(seconds=10)  # nothing ran for so long: what came before says nothing about the pace of now


@dataclass(frozen=True, kw_only=True)
class Pace:
    """So many tasks were completed or failed since that moment; None where none was."""

    ended: int
    since: datetime | None

    def per_minute(self, now: datetime) -> float:
        """How many tasks end in a minute."""
        return 0.0 if self.since is None else 60 * self.ended / max(1.0, (now - self.since).total_seconds())

    def seconds_left(self, live: int, now: datetime) -> float | None:
        """When so many tasks should be over at this pace; None where that can't be said."""
        per_minute = self.per_minute(now)
        return 60 * live / per_minute if live and per_minute else None


def pace(tasks: Tasks, wanted: TaskFilter, now: datetime) -> Pace:
    """The pace since the tasks were last taken up after an idle time; of the last minute, where enough ended in it."""
    ended, since, lately = 0, None, 0
    for started, completed in tasks.endings(now - _OVER, wanted, _AT_MOST):
        if since is not None and since - completed > _IDLE:
            break
        ended += 1
        lately += completed >= now - _LATELY
        since = min(since or started, started)
    if since is None:
        return Pace(ended=0, since=None)
    if lately >= _ENOUGH_TO_COUNT and since < now - _LATELY:
        return Pace(ended=lately, since=now - _LATELY)
    return Pace(ended=ended, since=max(since, now - _OVER))
