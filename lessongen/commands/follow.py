"""Following a task to its end: a live bar on a terminal, lines elsewhere."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lessongen.app import App
from lessongen.lesson.task import Status, Task
from lessongen.system.errors import ExitCode, LessongenError, NotFound, TaskOutcome, TryLater
from lessongen.system.terminal import Output

_LOOK_EVERY_SECONDS = 0.03
_WORKER_LOOK_EVERY_SECONDS = 1.0
_SHORT_LIFE_SECONDS = 60.0
_SHORT_LIVES_AT_MOST = 3
_REPEAT_EVERY_SECONDS = 10.0

RUNNING_FIGURE = " \N{MIDDLE DOT} "  # before what a progress message counts

Show = Callable[[Task], None]


@dataclass(kw_only=True)
class Follower:
    """Waits for a task's end. While `keeps_worker` holds, it sees to it that a worker takes tasks."""

    app: App
    output: Output
    keeps_worker: bool = True

    def follow(self, task: Task, *, timeout_seconds: float | None) -> Task | None:
        """The task once it is finished; None if it was purged meanwhile.

        Raises `TryLater` after the timeout, or if no worker stays alive.
        """
        deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        workers = WorkerWatch(self.app, self.output, what="task", starts=self.keeps_worker)
        tasks, store = self.app.store.tasks, self.app.store
        current: Task | None = task
        with _shown(self.output) as show:
            changed = -1
            while current is not None and not current.status.is_finished:
                show(current)
                if deadline is not None and time.monotonic() >= deadline:
                    raise self._timed_out(current, timeout_seconds or 0.0)
                workers.look()
                time.sleep(_LOOK_EVERY_SECONDS)
                if changed != (changed := store.changed()):
                    current = tasks.get(task.task_id)
            if current is not None:
                show(current)
        return current

    def _timed_out(self, task: Task, seconds: float) -> TryLater:
        return TryLater(
            f"The task is not done after {seconds:g} {'second' if seconds == 1 else 'seconds'}; it goes on.",
            hint=f"Follow it: {self.app.command('status', task.task_id, '--watch')}",
        )


@dataclass
class WorkerWatch:
    """Looks once a second whether there is a worker, and starts one where it may, or else warns once.

    Where it may, its caller has just started one. `what` is what waits for it.
    """

    app: App
    output: Output
    what: str
    starts: bool
    is_quiet: bool = False
    _look_at: float = field(default_factory=lambda: time.monotonic() + _WORKER_LOOK_EVERY_SECONDS)
    _started_at: float = field(default_factory=time.monotonic)
    _short_lives: int = 0
    _warned: bool = False

    def look(self, *, is_over: bool = False) -> bool | None:
        """Whether a worker takes tasks; None where it is not time to look. What is over needs none to be started.

        Raises `TryLater` if no worker stays alive.
        """
        now = time.monotonic()
        if now < self._look_at:
            return None
        self._look_at = now + _WORKER_LOOK_EVERY_SECONDS
        self.app.rescue()
        has_taker = self.app.roster.has_taker()
        if not (is_over or has_taker or self.app.is_worker_coming()):
            self._start(now)
        return has_taker

    def _start(self, now: float) -> None:
        if not self.starts:
            if not self._warned and not self.is_quiet:
                self.output.note(no_worker(self.app))
            self._warned = True
            return
        was_short = now - self._started_at < _SHORT_LIFE_SECONDS
        if was_short and self._short_lives >= _SHORT_LIVES_AT_MOST:
            raise TryLater(
                f"No worker stays alive; the {self.what} waits for one.",
                hint=f"See why: {self.app.command('worker', 'logs')}, {self.app.command('doctor')}",
            )
        if self.app.start_worker():
            self._short_lives = self._short_lives + 1 if was_short else 0
            self._started_at = now


def no_worker(app: App) -> str:
    """The warning that nobody works on the queue."""
    return f"No worker is alive: nothing happens until one runs. Start one: {app.command('worker', '--detach')}"


def outcome(task: Task) -> LessongenError | None:
    """The error that a finished task stands for; None if it made its lesson."""
    if task.status is Status.COMPLETED:
        return None
    if task.status is Status.CANCELLED:
        return TaskOutcome(
            "cancelled",
            ExitCode.TRY_LATER,
            "The task was cancelled.",
            hint=f"`lessongen retry {task.task_id}` resumes it.",
        )
    if task.failure is None:
        return NotFound(f"The task is {task.status.words}.")
    failure = task.failure
    return TaskOutcome(failure.code, ExitCode(failure.exit_code), failure.message, hint=failure.hint)


@contextlib.contextmanager
def _shown(output: Output) -> Iterator[Show]:
    if output.shows_progress:
        with _bar(output) as show:
            yield show
    else:
        yield _lines(output)


def _lines(output: Output) -> Show:
    """Say each new message once; what runs on behind a dot (`Writing section 2 · 143 tokens`) only now and then."""
    said, said_at = "", 0.0

    def show(task: Task) -> None:
        nonlocal said, said_at
        message, running, _ = task.progress.message.partition(RUNNING_FIGURE)
        is_due = bool(running) and time.monotonic() - said_at >= _REPEAT_EVERY_SECONDS
        if task.status.is_finished or (message == said and not is_due):
            return
        said, said_at = message, time.monotonic()
        output.note(f"{task.progress.percent:3d} %  {task.progress.message}")

    return show


@contextlib.contextmanager
def _bar(output: Output) -> Iterator[Show]:
    from rich.progress import BarColumn, TaskProgressColumn, TimeElapsedColumn

    from lessongen.system.terminal import printable

    with output.progress(BarColumn(bar_width=20), TaskProgressColumn(), TimeElapsedColumn()) as progress:
        bar = progress.add_task("", total=100)

        def show(task: Task) -> None:
            progress.update(bar, completed=task.progress.percent, description=printable(task.progress.message))

        yield show
