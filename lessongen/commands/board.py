"""`tasks --watch`: a live board of queue, workers and throughput; lines where nobody looks at a terminal.

All that it shows comes from the database and the workers' cards. The database is read when its data version has
changed, a few times a second at most; what merely grows older is drawn anew without reading.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from lessongen.commands.session import Session
from lessongen.ports.store import TaskFilter
from lessongen.presence import Peer
from lessongen.render import ReaderGone, counted, to_json
from lessongen.shapes import moment, row, worker_row
from lessongen.task import LIVE, Status, Task

if TYPE_CHECKING:
    from lessongen.app import App

_TICK_SECONDS = 0.25
_WORKERS_EVERY_SECONDS = 1.0
_DRAW_EVERY_SECONDS = 1.0
_THROUGHPUT_OVER = (timedelta(minutes=1), timedelta(minutes=5))  # the longer one where little ended in the shorter
_ENOUGH_TO_COUNT = 10
_SHARE_OF_TIME = 10  # a look may take a tenth of the time between two


@dataclass(frozen=True, kw_only=True)
class Board:
    """The queue as it was when last read; `ended` tasks were completed or failed since `ended_since`."""

    counts: dict[Status, int]
    peers: Sequence[Peer]
    running_of: dict[str, int]
    running: Sequence[Task]
    waiting: Sequence[Task]
    finished: Sequence[Task]
    ended: int
    ended_since: datetime | None

    def tasks_per_minute(self, now: datetime) -> float:
        """The throughput of the last minutes."""
        if self.ended_since is None:
            return 0.0
        return 60 * self.ended / max(1.0, (now - self.ended_since).total_seconds())

    def seconds_left(self, now: datetime) -> float | None:
        """When the queue should be empty at this throughput; None if that can't be said."""
        live = sum(self.counts[status] for status in LIVE)
        rate = self.tasks_per_minute(now)
        return 60 * live / rate if live and rate and self.has_taker else None

    @property
    def has_taker(self) -> bool:
        """Whether a worker takes tasks."""
        return any(not peer.is_leaving and not peer.is_frozen for peer in self.peers)


Show = Callable[[Board, bool], None]  # the board, and whether it is a new one


def watch(session: Session, wanted: TaskFilter, limit: int) -> None:
    """Show the board until Ctrl-C, or until the reader of standard output has gone."""
    with contextlib.suppress(KeyboardInterrupt), _shown(session) as show:
        _follow(session, wanted, limit, show)


def _follow(session: Session, wanted: TaskFilter, limit: int, show: Show) -> None:
    app, store = session.app, session.app.store
    peers: Sequence[Peer] = ()
    seen: tuple[int, Sequence[Peer]] | None = None
    workers_at = look_at = time.monotonic()
    while True:
        if time.monotonic() >= workers_at:
            app.rescue()
            peers = app.roster.alive()
            workers_at = time.monotonic() + _WORKERS_EVERY_SECONDS
        state = (store.changed(), peers)
        is_new = state != seen and time.monotonic() >= look_at
        if is_new:
            started = time.monotonic()
            board, seen = look(app, wanted, limit, peers), state
            look_at = started + (time.monotonic() - started) * _SHARE_OF_TIME
        show(board, is_new)
        time.sleep(_TICK_SECONDS)
        if session.output.reader_is_gone():
            raise ReaderGone


def look(app: App, wanted: TaskFilter, limit: int, peers: Sequence[Peer]) -> Board:
    """Read the board: at most `limit` tasks of each kind."""
    store = app.store.tasks

    def tasks(status: Status) -> list[Task]:
        if wanted.status not in (None, status):
            return []
        return store.select(dataclasses.replace(wanted, status=status), limit)

    wants_finished = wanted.status is None or wanted.status.is_finished
    ended, since = _throughput(app, dataclasses.replace(wanted, status=None))
    return Board(
        counts=store.counts(wanted),
        peers=peers,
        running_of=store.running_workers(),
        running=tasks(Status.IN_PROGRESS),
        waiting=tasks(Status.PENDING),
        finished=store.finished(wanted, limit) if wants_finished else (),
        ended=ended,
        ended_since=since,
    )


def _throughput(app: App, wanted: TaskFilter) -> tuple[int, datetime | None]:
    """How many tasks ended of late, and since when: since the first of them was started, in the last minutes."""
    now = app.clock.now()
    for over in _THROUGHPUT_OVER:
        begin = now - over
        ended, started = app.store.tasks.ended_since(begin, wanted)
        if ended >= _ENOUGH_TO_COUNT:
            break
    return ended, max(begin, started) if started else None


# ---------------------------------------------------------------- where it is shown


@contextmanager
def _shown(session: Session) -> Iterator[Show]:
    output = session.output
    if output.as_json:
        yield _json_lines(session)
    elif output.is_terminal and output.environment.get("TERM") != "dumb":
        with _live(session) as show:
            yield show
    else:
        yield _lines(session)


def _json_lines(session: Session) -> Show:
    def show(board: Board, is_new: bool) -> None:
        if is_new:
            session.output.raw(to_json(_as_json(board, session.app.clock.now())) + "\n")

    return show


def _as_json(board: Board, now: datetime) -> dict[str, Any]:
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


def _lines(session: Session) -> Show:
    """A line whenever the counts, the workers or the running tasks are others."""
    from lessongen.commands.board_drawing import summary

    said: list[object] = []

    def show(board: Board, is_new: bool) -> None:
        fresh = (board.counts, board.peers, [task.task_id for task in board.running])
        if is_new and said != [fresh]:
            said[:] = [fresh]
            now = session.app.clock.now()
            workers = counted(len(board.peers), "worker")
            session.output.line(f"{now:%H:%M:%S} UTC  {summary(board, now)} {workers}.")

    return show


@contextmanager
def _live(session: Session) -> Iterator[Show]:
    from rich.live import Live

    from lessongen.commands.board_drawing import drawn, summary

    console, clock = session.output.console(), session.app.clock
    last: list[Board] = []
    draw_at = time.monotonic()
    try:
        with Live(
            console=console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
        ) as live:

            def show(board: Board, is_new: bool) -> None:
                nonlocal draw_at
                if is_new or time.monotonic() >= draw_at:
                    last[:] = [board]
                    draw_at = time.monotonic() + _DRAW_EVERY_SECONDS
                    live.update(drawn(board, clock.now(), console.width, console.height), refresh=True)

            yield show
    finally:
        if last:
            session.output.line(summary(last[0], clock.now()))
