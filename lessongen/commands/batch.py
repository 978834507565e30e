"""`batch list`, `show`, `wait`, `cancel`, `retry`: looking at batches, and deciding on one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lessongen.commands.session import Run, Session, Yes, confirm, no_database, whole_number
from lessongen.lesson.task import Status
from lessongen.system.errors import Interrupted, UsageError
from lessongen.system.terminal import ago, counted, quoted
from lessongen.system.values import seconds

if TYPE_CHECKING:
    from lessongen.lesson.records import Batch
    from lessongen.queue.batches import Standing

_MOST_LISTED = 10_000

BatchId = Annotated[
    str, typer.Argument(metavar="BATCH", help="The batch's id, the beginning of it, or `last`.", show_default=False)
]
NoStart = Annotated[bool, typer.Option("--no-start", help="Start no worker.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but what went wrong.")]
Timeout = Annotated[
    str | None, typer.Option(metavar="DURATION", help="Stop waiting after so long, 90s, 5m, 8h.", show_default=False)
]


def duration(option: str, text: str | None) -> float | None:
    """The seconds that an option says. Raises `UsageError`."""
    try:
        return None if text is None else seconds(text)
    except ValueError as error:
        raise UsageError(f"{option} can't be {quoted(text or '')}.", hint=f"Give {error}.") from error


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
    from lessongen.queue.json_views import batch_row

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
                ago(batch.created_at, now),
                batch.name,
            ]
        )
    output.table(["batch", "", "made", "not made", "submitted", "file"], rows, narrow=(0, 1, 2))


def _stands(standing: Standing) -> str:
    if standing.batch.ended_at is not None:
        return "over"
    return "at the provider" if standing.provider is not None and standing.provider.sent else "running"


def show(batch: BatchId, run: Run) -> None:
    """Show where a batch stands: counts, pace, time left, cost, what failed and why, what is alike."""
    from lessongen.commands.batch_standing import print_state, state, view

    session = run.existing()
    app, output = session.app, session.output
    app.rescue()
    shown = view(app, app.batches.find(batch))
    if run.as_json:
        output.json(state(shown))
        return
    print_state(output, app, shown)
    if shown.missed and shown.is_over:
        output.line(f"  Try again: {app.command('batch', 'retry', shown.batch.batch_id)}")
    elif shown.live and not app.roster.has_taker():
        from lessongen.commands.follow import no_worker

        output.note(no_worker(app))
    elif shown.live:
        output.line(f"  Follow it: {app.command('batch', 'wait', shown.batch.batch_id)}")


def wait(
    *,
    batch: BatchId,
    timeout: Timeout = None,
    no_start: NoStart = False,
    quiet: Quiet = False,
    run: Run,
) -> None:
    """Follow a batch to its end.

    The exit code is 1 where lessons were not made: they are listed. Ctrl-C leaves the batch running.
    """
    from lessongen.commands.batch_follow import follow_to_end

    session = run.existing()
    timeout_seconds = duration("--timeout", timeout)
    found = session.app.batches.find(batch)
    try:
        if found.ended_at is None and not no_start:
            session.app.start_worker()
            session.app.require_worker()
        follow_to_end(session, found, timeout_seconds=timeout_seconds, keeps_worker=not no_start, is_quiet=quiet)
    except KeyboardInterrupt as error:
        raise left(session, found) from error


# ---------------------------------------------------------------- cancel, retry


def cancel(*, batch: BatchId, yes: Yes = False, run: Run) -> None:
    """Cancel all of a batch that is not over; running tasks stop as soon as they can."""
    from lessongen.queue.json_views import at_provider

    session = run.existing()
    app, output = session.app, session.output
    found = app.batches.find(batch)
    live = _live(session, found)
    if live:
        confirm(output, f"Cancel {counted(live, 'task')} of {quoted(found.name)}?", yes=yes)
    after = app.batches.cancel(found)
    app.roster.wake()
    stopped = sum(status is Status.CANCELLED for status in after.values())
    provider = app.batches.standing(found).provider
    if provider is not None and provider.parcels:
        app.start_worker()  # which asks the provider to cancel its batches, and fetches what these brought till then
    if output.as_json:
        shown = {"batch_id": found.batch_id, "cancelled": stopped, "asked_to_stop": len(after) - stopped}
        output.json({**shown, "provider": at_provider(provider)})
        return
    if not after:
        output.line("The batch is over already: nothing was cancelled.")
        return
    asked = f"; {counted(len(after) - stopped, 'running task')} asked to stop" if len(after) > stopped else ""
    output.line(f"{counted(stopped, 'task')} cancelled{asked}.")
    if provider is not None and provider.parcels:
        output.line("  The provider is asked to cancel too; what it has answered till then is paid, and kept.")
    output.line(f"  Resume it: {app.command('batch', 'retry', found.batch_id)}")


def _live(session: Session, batch: Batch) -> int:
    from lessongen.lesson.task import LIVE

    counts = session.app.batches.standing(batch).counts
    return sum(counts[status] for status in LIVE)


def retry(*, batch: BatchId, no_start: NoStart = False, run: Run) -> None:
    """Try again what failed or was cancelled of a batch; each task goes on after its last finished step."""
    session = run.existing()
    app, output = session.app, session.output
    found = app.batches.find(batch)
    again = app.batches.retry(found)
    if again and not no_start:
        app.start_worker()
    following = app.command("batch", "wait", found.batch_id)
    if output.as_json:
        output.json({"batch_id": found.batch_id, "retried": len(again), "next": following})
    elif not again:
        output.line("Nothing of the batch failed or was cancelled: there is nothing to try again.")
    else:
        output.line(f"{counted(len(again), 'task')} will be tried again.")
        output.line(f"  Follow it: {following}")
    app.require_worker()
