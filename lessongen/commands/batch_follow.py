"""Following a batch to its end: a bar over all of it on a terminal, nothing elsewhere."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lessongen.commands.batch_standing import (
    View,
    counts_words,
    failure_of,
    failure_words,
    print_alike,
    provider_words,
    state,
    view,
)
from lessongen.commands.follow import no_worker
from lessongen.commands.session import Session
from lessongen.lesson.records import Batch
from lessongen.system.errors import TryLater
from lessongen.system.terminal import counted, dollars, span_words

_TICK_SECONDS = 0.05
_SHARE_OF_TIME = 10  # a look may take a tenth of the time between two
_DRAW_EVERY_SECONDS = 1.0
_WORKERS_EVERY_SECONDS = 1.0
_STARTING_SECONDS = 10.0  # how long a worker may take to sign in, on a busy machine
_SHORT_LIFE_SECONDS = 60.0
_SHORT_LIVES_AT_MOST = 3
_SUMMING_UP_SECONDS = 10.0

Show = Callable[[View], None]


def follow_to_end(
    session: Session, batch: Batch, *, timeout_seconds: float | None, keeps_worker: bool, is_quiet: bool
) -> None:
    """Wait for the batch's end and say what became of it. Raises `TaskOutcome` where some of it was not made."""
    ended = follow(session, batch, timeout_seconds=timeout_seconds, keeps_worker=keeps_worker, is_quiet=is_quiet)
    _say_end(session, ended, is_quiet=is_quiet)


def _say_end(session: Session, ended: View, *, is_quiet: bool) -> None:
    output, batch = session.output, ended.batch
    failure = failure_of(ended, session.app.command("batch", "retry", batch.batch_id))
    if output.as_json:
        output.json(state(ended))
    else:
        if not is_quiet and (output.is_terminal or output.shows_progress):
            output.line(f"Batch {batch.batch_id}  {counts_words(ended)}.")
            print_alike(output, ended)
        for each in ended.failures:
            output.note(failure_words(each))
        if ended.missed > len(ended.failures):
            output.note(f"and {ended.missed - len(ended.failures):,} more")
    if failure is not None:
        raise failure


def follow(
    session: Session, batch: Batch, *, timeout_seconds: float | None, keeps_worker: bool, is_quiet: bool
) -> View:
    """The batch once it is over, summary and all. While `keeps_worker` holds, a worker is started where none is alive.

    Raises `TryLater` after the timeout, or if no worker stays alive.
    """
    app = session.app
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    workers = _WorkerWatch(session, starts=keeps_worker, is_quiet=is_quiet)
    changed, look_at, seen = -1, 0.0, view(app, batch, lists_failures=False)
    with _shown(session, is_quiet=is_quiet) as show:
        while not seen.is_over:
            if deadline is not None and time.monotonic() >= deadline:
                raise _timed_out(session, seen, timeout_seconds or 0.0)
            workers.look(seen)
            now = time.monotonic()
            is_changed = changed != app.store.changed()
            if now >= look_at and (is_changed or now >= look_at + _DRAW_EVERY_SECONDS):
                changed = app.store.changed()
                seen = view(app, batch, lists_failures=False)
                look_at = now + (time.monotonic() - now) * _SHARE_OF_TIME
                show(seen)
            time.sleep(_TICK_SECONDS)
    return seen


def _timed_out(session: Session, seen: View, seconds: float) -> TryLater:
    over = seen.batch.tasks - seen.live
    return TryLater(
        f"After {seconds:g} {'second' if seconds == 1 else 'seconds'} {over:,} of {counted(seen.batch.tasks, 'task')} "
        "are over; the batch goes on.",
        hint=f"Follow it: {session.app.command('batch', 'wait', seen.batch.batch_id)}",
    )


@dataclass
class _WorkerWatch:
    """Looks once a second whether there is a worker, and starts one where it may; ends what no worker ends.

    Where it may, its caller has just started one.
    """

    session: Session
    starts: bool
    is_quiet: bool
    _look_at: float = field(default_factory=lambda: time.monotonic() + _WORKERS_EVERY_SECONDS)
    _started_at: float = field(default_factory=time.monotonic)
    _short_lives: int = 0
    _over_since: float | None = None
    _warned: bool = False

    def look(self, seen: View) -> None:
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + _WORKERS_EVERY_SECONDS
        app = self.session.app
        app.rescue()
        has_taker = app.roster.has_taker()
        if seen.batch.ended_at is not None:
            # Its summary is the worker's work, unless there is none, or it is busy for long.
            self._over_since = self._over_since or now
            if not has_taker or now - self._over_since > _SUMMING_UP_SECONDS:
                app.batches.close_ended()
        elif not has_taker:
            self._start(now)

    def _start(self, now: float) -> None:
        app = self.session.app
        if not self.starts:
            if not self._warned and not self.is_quiet:
                self.session.output.note(no_worker(app))
            self._warned = True
            return
        if now - self._started_at < _STARTING_SECONDS:
            return
        self._short_lives = self._short_lives + 1 if now - self._started_at < _SHORT_LIFE_SECONDS else 0
        if self._short_lives >= _SHORT_LIVES_AT_MOST:
            raise TryLater(
                "No worker stays alive; the batch waits for one.",
                hint=f"See why: {app.command('worker', 'logs')}, {app.command('doctor')}",
            )
        app.start_worker()
        self._started_at = now


@contextlib.contextmanager
def _shown(session: Session, *, is_quiet: bool) -> Iterator[Show]:
    if is_quiet or not session.output.shows_progress:
        yield lambda seen: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.table import Column

    words = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1))
    columns = (BarColumn(bar_width=20), MofNCompleteColumn(), TimeElapsedColumn(), words)
    with Progress(*columns, console=session.output.error_console(), transient=True, expand=True) as progress:
        bar = progress.add_task("")

        def show(seen: View) -> None:
            done = seen.batch.tasks - seen.live
            progress.update(bar, total=seen.batch.tasks, completed=done, description=progress_words(seen))

        yield show


def progress_words(seen: View) -> str:
    """What stands beside the bar: what failed, the pace, the time left, the cost."""
    parts = [f"{seen.missed:,} not made"] if seen.missed else []
    if seen.standing.provider is not None:
        parts.append(provider_words(seen.standing.provider))
    elif seen.per_minute:
        parts.append(f"{seen.per_minute:.0f} a minute" if seen.per_minute >= 10 else f"{seen.per_minute:.1f} a minute")
    if seen.seconds_left is not None and seen.standing.provider is None:
        parts.append(f"about {span_words(seen.seconds_left)} left")
    if seen.standing.cost:
        parts.append(dollars(seen.standing.cost))
    return ", ".join(parts)
