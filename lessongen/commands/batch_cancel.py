"""`batch cancel`, `retry`: deciding on a batch that was submitted."""

from __future__ import annotations

from lessongen.commands.batch_follow import BatchId
from lessongen.commands.session import NoStart, Run, Session, Yes, confirm
from lessongen.lesson.records import Batch
from lessongen.lesson.task import LIVE, Status
from lessongen.queue.json_views import at_provider
from lessongen.system.terminal import counted, quoted


def cancel(*, batch: BatchId, yes: Yes = False, run: Run) -> None:
    """Cancel all of a batch that is not over; running tasks stop as soon as they can."""
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
    if provider is not None and provider.sent_batches:
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
    if provider is not None and provider.sent_batches:
        output.line("  The provider is asked to cancel too; what it has answered till then is paid, and kept.")
    output.line(f"  Resume it: {app.command('batch', 'retry', found.batch_id)}")


def _live(session: Session, batch: Batch) -> int:
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
    app.glance_at_worker()
