"""`tasks --watch`: a live board of queue, workers and throughput; lines where nobody looks at a terminal.

All that it shows comes from the database and the workers' cards. The database is read when its data version has
changed, a few times a second at most; what merely grows older is drawn anew without reading.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from lessongen.commands.session import Session
from lessongen.lesson.records import TaskFilter
from lessongen.queue.board import Board, as_json, look
from lessongen.queue.presence import Peer
from lessongen.system.terminal import ReaderGone, counted, to_json

_TICK_SECONDS = 0.25
_WORKERS_EVERY_SECONDS = 1.0
_DRAW_EVERY_SECONDS = 1.0
_SHARE_OF_TIME = 10  # a look may take a tenth of the time between two

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
            board, seen = look(app.store, app.clock, wanted, limit, peers), state
            look_at = started + (time.monotonic() - started) * _SHARE_OF_TIME
        show(board, is_new)
        time.sleep(_TICK_SECONDS)
        if session.output.reader_is_gone():
            raise ReaderGone


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
            session.output.raw(to_json(as_json(board, session.app.clock.now())) + "\n")

    return show


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
