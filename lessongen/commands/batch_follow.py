"""`batch list`, `show`, `wait`: looking at batches, and following one to its end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from lessongen.app import App
from lessongen.commands.follow import WorkerWatch, no_worker
from lessongen.commands.groups import Group
from lessongen.commands.provenance import print_facts
from lessongen.commands.session import NoStart, Run, Session, no_database, whole_number
from lessongen.commands.wishes import duration
from lessongen.lesson.records import Batch
from lessongen.lesson.sent_batches import AtProvider
from lessongen.lesson.task import Status
from lessongen.queue.batch_view import View, view
from lessongen.queue.batches import Standing
from lessongen.queue.json_views import batch_row, batch_state
from lessongen.system.errors import ExitCode, Interrupted, TaskOutcome, TryLater
from lessongen.system.terminal import Output, ago, counted, dollars, quoted, span_words

_MOST_LISTED = 10_000
_ALIKE_SHOWN = 10
_TICK_SECONDS = 0.05
_SHARE_OF_TIME = 10  # a look may take a tenth of the time between two
_DRAW_EVERY_SECONDS = 1.0
_SUMMING_UP_SECONDS = 10.0

BatchId = Annotated[str, typer.Argument(metavar="BATCH", help="The batch's id, the beginning of it, or `last`.")]
Show = Callable[[View], None]


@dataclass(frozen=True, kw_only=True)
class Following(Group):
    """How a batch is followed."""

    timeout: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Stop waiting after so long, 90s, 5m, 8h."),
    ] = None
    no_start: NoStart = False
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but what went wrong.")] = False


def left(session: Session, batch: Batch) -> Interrupted:
    """What Ctrl-C says that ended the waiting alone."""
    return Interrupted(
        "The batch goes on without you.", hint=f"Follow it: {session.app.command('batch', 'wait', batch.batch_id)}"
    )


# ---------------------------------------------------------------- list, show, wait


def list_all(
    *,
    limit: Annotated[
        int, typer.Option(metavar="N", parser=whole_number(1, _MOST_LISTED), help="At most so many.")
    ] = 20,
    run: Run,
) -> None:
    """List batches, the latest first."""
    session = run.session()
    app, output = session.app, session.output
    found = app.store.batches.all(limit) if app.has_database() else []
    standings = [app.batches.standing(batch) for batch in found]
    if run.as_json:
        output.json({"batches": [batch_row(standing) for standing in standings]})
        return
    if not found:
        output.line("There are no batches." if app.has_database() else no_database(session, "batches"))
        output.line(f"  Submit one: {app.command('batch', 'submit')} FILE")
        return
    now = app.clock.now()
    rows = []
    for standing in standings:
        batch, counts = standing.batch, standing.counts
        missed = counts[Status.FAILED] + counts[Status.CANCELLED]
        rows.append(
            [
                batch.batch_id[:8],
                _stands(standing),
                f"{counts[Status.COMPLETED]:,} of {batch.tasks:,}"
                + (f", {batch.skipped:,} left out" if batch.skipped else ""),
                f"{missed:,}" if missed else "",
                ", ".join(standing.judges),
                ago(batch.created_at, now),
                batch.name,
            ]
        )
    output.table(["batch", "", "made", "not made", "judged by", "submitted", "file"], rows, narrow=(0, 1, 2))


def _stands(standing: Standing) -> str:
    if standing.batch.ended_at is not None:
        return "over"
    return "at the provider" if standing.provider is not None and standing.provider.sent else "running"


def show(batch: BatchId, run: Run) -> None:
    """Show where a batch stands: counts, pace, time left, cost, what failed and why, what is alike."""
    session = run.existing()
    app, output = session.app, session.output
    app.rescue()
    shown = view(app.batches, app.batches.find(batch))
    if run.as_json:
        output.json(state(shown))
        return
    _print_state(output, app, shown)
    if shown.missed and shown.is_over:
        output.line(f"  Try again: {app.command('batch', 'retry', shown.batch.batch_id)}")
    elif shown.live and not app.roster.has_taker():
        output.note(no_worker(app))
    elif shown.live:
        output.line(f"  Follow it: {app.command('batch', 'wait', shown.batch.batch_id)}")


def wait(
    *,
    batch: BatchId,
    following: Following,
    run: Run,
) -> None:
    """Follow a batch to its end.

    The exit code is 1 where lessons were not made: they are listed. Ctrl-C leaves the batch running.
    """
    session = run.existing()
    timeout_seconds = duration("--timeout", following.timeout)
    found = session.app.batches.find(batch)
    try:
        if found.ended_at is None and not following.no_start:
            session.app.start_worker()
            session.app.require_worker()
        follow_to_end(session, found, following, timeout_seconds)
    except KeyboardInterrupt as error:
        raise left(session, found) from error


# ---------------------------------------------------------------- words


def _failure_of(view: View, retry: str) -> TaskOutcome | None:
    """The error that a batch stands for that is over; None where nothing of it failed or was cancelled."""
    if not view.missed:
        return None
    return TaskOutcome(
        "batch_failed",
        ExitCode.BUG,
        f"Not made: {view.missed:,} of {counted(view.batch.tasks, 'lesson')} of {view.batch.name}.",
        hint=f"Try them again: {retry}",
    )


def state(shown: View) -> dict[str, Any]:
    """The object of `batch show`."""
    return batch_state(
        shown.standing, per_minute=shown.per_minute, seconds_left=shown.seconds_left, failed=shown.failures
    )


def _counts_words(view: View) -> str:
    """What became of its tasks, counted: "38 completed, 2 failed"."""
    words = [f"{count:,} {status.words}" for status, count in view.standing.counts.items() if count]
    if view.batch.skipped:
        words.append(f"{view.batch.skipped:,} left out")
    return ", ".join(words) or "nothing to make"


def _failure_words(failure: Mapping[str, Any]) -> str:
    """One line that names a lesson that was not made, and why."""
    parts = [f"{failure['subject']} / {failure['topic']}: {failure['message']}", failure["hint"] or ""]
    return " ".join(part for part in parts if part).replace("\n", " ")


def _print_state(output: Output, app: App, shown: View) -> None:
    """All that is known of a batch, for a person."""
    batch = shown.batch
    output.line(f"{batch.batch_id}  {'over' if shown.is_over else 'ending' if batch.ended_at else 'running'}")
    print_facts(output, list(_facts(app, shown)))
    for failure in shown.failures:
        output.line(f"  {failure['status']:<9} {_failure_words(failure)}", hang=12)
    _print_alike(output, shown)


def _facts(app: App, shown: View) -> Iterator[tuple[str, str]]:
    batch, standing = shown.batch, shown.standing
    yield "file", batch.name
    yield "tasks", f"{batch.tasks:,}: {_counts_words(shown)}"
    if standing.provider is not None:
        yield "provider", _provider_words(standing.provider)
    yield "created", ago(batch.created_at, app.clock.now())
    if batch.ended_at:
        took = span_words((batch.ended_at - batch.created_at).total_seconds())
        yield "ended", f"{ago(batch.ended_at, app.clock.now())}, after {took}"
    elif shown.per_minute:
        left = shown.seconds_left
        yield "pace", f"{shown.per_minute:.1f} a minute" + (f", about {span_words(left)} left" if left else "")
    if standing.judges:
        yield "judged by", ", ".join(f"{name} ({counted(count, 'lesson')})" for name, count in standing.judges.items())
    if standing.spent.tokens:
        yield "spent", _spent_words(standing)
    if batch.fail_fast:
        yield "ends", "at the first failure"
    if batch.on_done:
        yield "then runs", batch.on_done
    if batch.webhook:
        yield "then asks", batch.webhook.partition("?")[0]


def _provider_words(found: AtProvider) -> str:
    """Where calls stand that go by the Batch API: "at the provider: 120 of 400 answered, 12 not sent yet"."""
    parts = []
    if found.sent:
        parts.append(f"at the provider: {found.answered:,} of {found.sent:,} answered")
    if found.waiting:
        parts.append(f"{counted(found.waiting, 'call')} not sent yet")
    parts += [
        f"{quoted(each.provider_id or 'not sent')}: {each.trouble}" for each in found.sent_batches if each.trouble
    ]
    return ", ".join(parts) or "at the provider"


def _spent_words(standing: Standing) -> str:
    """What models took for it so far: "$0.12 (7,900 tokens)"."""
    tokens = counted(standing.spent.tokens, "token")
    return f"{dollars(standing.spent.cost)} ({tokens})" if standing.spent.cost else tokens


def _print_alike(output: Output, shown: View) -> None:
    """Which lessons and questions are nearly the same: the first few."""
    for pair in shown.alike[:_ALIKE_SHOWN]:
        output.line(f"  alike     {pair['first']} and {pair['second']}: {pair['detail']}", hang=12)
    if len(shown.alike) > _ALIKE_SHOWN:
        output.line(f"  alike     and {len(shown.alike) - _ALIKE_SHOWN:,} more; --json lists all")


# ---------------------------------------------------------------- to its end


def follow_to_end(session: Session, batch: Batch, following: Following, timeout_seconds: float | None) -> None:
    """Wait for the batch's end and say what became of it. Raises `TaskOutcome` where some of it was not made."""
    ended = _follow(session, batch, following, timeout_seconds)
    _say_end(session, ended, is_quiet=following.quiet)


def _say_end(session: Session, ended: View, *, is_quiet: bool) -> None:
    output, batch = session.output, ended.batch
    failure = _failure_of(ended, session.app.command("batch", "retry", batch.batch_id))
    if output.as_json:
        output.json(state(ended))
    else:
        if not is_quiet and (output.is_terminal or output.shows_progress):
            output.line(f"Batch {batch.batch_id}  {_counts_words(ended)}.")
            _print_alike(output, ended)
        for each in ended.failures:
            output.note(_failure_words(each))
        if ended.missed > len(ended.failures):
            output.note(f"and {ended.missed - len(ended.failures):,} more")
    if failure is not None:
        raise failure


def _follow(session: Session, batch: Batch, following: Following, timeout_seconds: float | None) -> View:
    """The batch once it is over, summary and all. Unless it is to start none, a worker is started where none is alive.

    Raises `TryLater` after the timeout, or if no worker stays alive.
    """
    app = session.app
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    quiet, starts = following.quiet, not following.no_start
    workers = WorkerWatch(app, session.output, what="batch", starts=starts, is_quiet=quiet)
    over_since: float | None = None
    changed, look_at, seen = -1, 0.0, view(app.batches, batch, lists_failures=False)
    with _shown(session, is_quiet=following.quiet) as show:
        while not seen.is_over:
            if deadline is not None and time.monotonic() >= deadline:
                raise _timed_out(session, seen, timeout_seconds or 0.0)
            now = time.monotonic()
            is_over = seen.batch.ended_at is not None
            has_taker = workers.look(is_over=is_over)
            if is_over and has_taker is not None:
                # Its summary is the worker's work, unless there is none, or it is busy for long.
                over_since = over_since or now
                if not has_taker or now - over_since > _SUMMING_UP_SECONDS:
                    app.batches.close_ended()
            is_changed = changed != app.store.changed()
            if now >= look_at and (is_changed or now >= look_at + _DRAW_EVERY_SECONDS):
                changed = app.store.changed()
                seen = view(app.batches, batch, lists_failures=False)
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


@contextlib.contextmanager
def _shown(session: Session, *, is_quiet: bool) -> Iterator[Show]:
    if is_quiet or not session.output.shows_progress:
        yield lambda seen: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TimeElapsedColumn

    with session.output.progress(BarColumn(bar_width=20), MofNCompleteColumn(), TimeElapsedColumn()) as progress:
        bar = progress.add_task("")

        def show(seen: View) -> None:
            done = seen.batch.tasks - seen.live
            progress.update(bar, total=seen.batch.tasks, completed=done, description=_progress_words(seen))

        yield show


def _progress_words(seen: View) -> str:
    """What stands beside the bar: what failed, the pace, the time left, the cost."""
    parts = [f"{seen.missed:,} not made"] if seen.missed else []
    if seen.standing.provider is not None:
        parts.append(_provider_words(seen.standing.provider))
    elif seen.per_minute:
        parts.append(f"{seen.per_minute:.0f} a minute" if seen.per_minute >= 10 else f"{seen.per_minute:.1f} a minute")
    if seen.seconds_left is not None and seen.standing.provider is None:
        parts.append(f"about {span_words(seen.seconds_left)} left")
    if seen.standing.spent.cost:
        parts.append(dollars(seen.standing.spent.cost))
    return ", ".join(parts)
