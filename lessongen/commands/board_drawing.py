"""How the board of `tasks --watch` looks on a terminal, wide or narrow; loads Rich."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from lessongen.lesson.task import Priority, Status, Task
from lessongen.queue.presence import Peer
from lessongen.system.clock import from_text
from lessongen.system.terminal import STYLES, ago, printable, span_words

if TYPE_CHECKING:
    from lessongen.queue.board import Board

_NARROW = 60
_WORKERS_SHOWN = 4
_HEAD_LINES = 2


def summary(board: Board, now: datetime) -> str:
    """The board in a sentence or two."""
    return f"{_counts(board)}. {_pace(board, now)}"


def drawn(board: Board, now: datetime, width: int, height: int) -> RenderableType:
    """The board for a terminal of that size."""
    workers = _workers(board, now)
    kinds = {"running": board.running, "next": board.waiting, "last": board.finished}
    titles = sum(bool(tasks) for tasks in kinds.values())
    room = height - 1 - _HEAD_LINES - len(workers) - titles
    shares = _shares(room, [len(tasks) for tasks in kinds.values()])
    parts: list[RenderableType] = [_text(_counts(board), "bold"), _text(_pace(board, now)), *workers]
    for (title, tasks), share in zip(kinds.items(), shares, strict=True):
        if share:
            parts += [_text(title, "dim"), _section(tasks[:share], now, is_narrow=width < _NARROW)]
    return Group(*parts)


def _counts(board: Board) -> str:
    shown = [f"{count:,} {status.words}" for status, count in board.counts.items() if count]
    return ", ".join(shown) or "There are no tasks"


def _pace(board: Board, now: datetime) -> str:
    rate = board.tasks_per_minute(now)
    words = f"{rate:,.0f} a minute" if rate >= 10 else f"{rate:.1f} a minute"
    left = board.seconds_left(now)
    if not board.has_taker and board.counts[Status.PENDING]:
        return f"{words}; no worker is alive."
    return f"{words}, about {span_words(left)} left." if left is not None else f"{words}."


def _workers(board: Board, now: datetime) -> list[RenderableType]:
    lines: list[RenderableType] = [_worker(peer, board, now) for peer in board.peers[:_WORKERS_SHOWN]]
    hidden = len(board.peers) - len(lines)
    return [*lines, _text(f"and {hidden} more workers")] if hidden else lines


def _worker(peer: Peer, board: Board, now: datetime) -> Text:
    card = peer.card
    running = f"{board.running_of.get(card.worker_id, 0)} of {card.concurrency}"
    since = span_words((now - from_text(card.started_at)).total_seconds())
    state = ", frozen" if peer.is_frozen else ", leaving" if peer.is_leaving else ""
    return _text(f"worker {card.worker_id}: {running}, for {since}{state}")


def _shares(room: int, sizes: Sequence[int]) -> list[int]:
    """How many rows each section gets: turn by turn, until all are shown or the terminal is full."""
    shares = [0] * len(sizes)
    while room > 0 and shares != list(sizes):
        for at, size in enumerate(sizes):
            if shares[at] < size and room > 0:
                shares[at] += 1
                room -= 1
    return shares


def _section(tasks: Sequence[Task], now: datetime, *, is_narrow: bool) -> Table:
    """Tasks of one kind, a line each: id, state, lesson, and on a wide terminal what there is to say."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, ratio=2, overflow="ellipsis")
    if not is_narrow:
        table.add_column(no_wrap=True, ratio=3, overflow="ellipsis")
        table.add_column(no_wrap=True, justify="right")
    for task in tasks:
        row = [_text(task.task_id[:8]), _state(task, is_narrow=is_narrow), _lesson(task)]
        if not is_narrow:
            row += [_words(task), _when(task, now)]
        table.add_row(*row)
    return table


def _state(task: Task, *, is_narrow: bool) -> RenderableType:
    if task.status is not Status.IN_PROGRESS:
        return _text(str(task.status), STYLES.get(task.status, ""))
    if task.cancel_requested:
        return _text("cancelling", STYLES["cancelled"])
    bar = Table.grid(padding=(0, 1))
    bar.add_column(no_wrap=True)
    bar.add_column(no_wrap=True, justify="right", min_width=5)
    bar.add_row(
        ProgressBar(total=100, completed=task.progress.percent, width=5 if is_narrow else 20),
        _text(f"{task.progress.percent} %"),
    )
    return bar


def _lesson(task: Task) -> Text:
    version = f", version {task.version}" if task.version else ""
    return _text(f"{task.request.lesson.titled}{version}")


def _words(task: Task) -> Text:
    if task.status is Status.IN_PROGRESS and task.cancel_requested:
        return _text("asked to stop", "yellow")
    if task.failure is not None:
        return _text(task.failure.message)
    urgent = f"{task.priority.word} priority" if task.priority is not Priority.NORMAL else ""
    return _text(urgent if task.status is Status.PENDING else task.progress.message)


def _when(task: Task, now: datetime) -> Text:
    if task.status is Status.PENDING and task.run_at is not None and task.run_at > now:
        return _text(f"in {span_words((task.run_at - now).total_seconds())}")
    return _text(ago(task.completed_at or task.started_at or task.created_at, now))


def _text(words: str, style: str = "") -> Text:
    """Text on one line; nothing in it can steer the terminal."""
    return Text(printable(words).replace("\n", " "), style=style, no_wrap=True, overflow="ellipsis")
