"""The board of a queue: what runs, waits and has ended, who works on it, and how fast; for terminals and the web."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LIVE, Status, Task
from lessongen.queue.json_views import moment, row, worker_row
from lessongen.queue.pace import Pace, pace
from lessongen.queue.presence import Peer

if TYPE_CHECKING:
    from lessongen.store import Store
    from lessongen.system.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Board:
    """The queue as it was when last read."""

    counts: dict[Status, int]
    peers: Sequence[Peer]
    running_of: dict[str, int]
    running: Sequence[Task]
    waiting: Sequence[Task]
    finished: Sequence[Task]
    pace: Pace

    def tasks_per_minute(self, now: datetime) -> float:
        """The throughput of the last minutes."""
        return self.pace.per_minute(now)

    def seconds_left(self, now: datetime) -> float | None:
        """When the queue should be empty at this throughput; None if that can't be said."""
        live = sum(self.counts[status] for status in LIVE)
        return self.pace.seconds_left(live, now) if self.has_taker else None

    @property
    def has_taker(self) -> bool:
        """Whether a worker takes tasks."""
        return any(not peer.is_leaving and not peer.is_frozen for peer in self.peers)


def look(database: Store, clock: Clock, wanted: TaskFilter, limit: int, peers: Sequence[Peer]) -> Board:
    """Read the board: at most `limit` tasks of each kind."""
    store = database.tasks

    def tasks(status: Status) -> list[Task]:
        if wanted.status not in (None, status):
            return []
        return store.select(dataclasses.replace(wanted, status=status), limit)

    wants_finished = wanted.status is None or wanted.status.is_finished
    return Board(
        counts=store.counts(wanted),
        peers=peers,
        running_of=store.running_workers(),
        running=tasks(Status.IN_PROGRESS),
        waiting=tasks(Status.PENDING),
        finished=store.finished(wanted, limit) if wants_finished else (),
        pace=pace(store, dataclasses.replace(wanted, status=None), clock.now()),
    )


def as_json(board: Board, now: datetime) -> dict[str, Any]:
    """The documented shape of a board."""
    left = board.seconds_left(now)
    return {
        "at": moment(now),
        "counts": board.counts,
        "total": sum(board.counts.values()),
        "workers": [worker_row(peer, board.running_of.get(peer.card.worker_id, 0)) for peer in board.peers],
        "running": [row(task) for task in board.running],
        "waiting": [row(task) for task in board.waiting],
        "finished": [row(task) for task in board.finished],
        "tasks_per_minute": round(board.tasks_per_minute(now), 1),
        "seconds_left": None if left is None else round(left),
    }
