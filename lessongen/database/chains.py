"""What the end of a task means for the others of its batch: those that come after it, and the batch's own end.

Runs inside the transaction that ends the task, so that no crash leaves a task waiting for one that is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lessongen.database.rows import AFTER_OTHERS
from lessongen.lesson.task import Status
from lessongen.system.clock import to_text
from lessongen.system.errors import ExitCode

if TYPE_CHECKING:
    from lessongen.database.port import Connection

PREREQUISITE = "prerequisite"

_AFTER = "SELECT task, run_anyway FROM prerequisites WHERE needs = ?"

# The wait for a submission limit, if any, goes on by the wall clock.
_ONE_LESS = f"""
UPDATE tasks SET waits_for = waits_for - 1,
    run_at = CASE WHEN waits_for > 1 THEN '{AFTER_OTHERS}' WHEN admitted_at > :now THEN admitted_at END,
    message = CASE WHEN waits_for > 1 THEN message ELSE 'Waiting for a worker' END
WHERE id = :id AND status = 'pending' AND waits_for > 0"""

_FAIL = """
UPDATE tasks SET status = 'failed', completed_at = :now, run_at = NULL, waits_for = 0, message = :message,
    error_code = :code, error_message = :message, error_hint = :hint, error_exit_code = :exit_code
WHERE id = :id AND status = 'pending' RETURNING batch_id"""

_NAME = "SELECT subject, topic, status FROM tasks WHERE id = ?"

_FAILS_FAST = "SELECT fail_fast FROM batches WHERE batch_id = ?"
_CANCEL_WAITING = """
UPDATE tasks SET status = 'cancelled', completed_at = :now, run_at = NULL, waits_for = 0,
    message = 'Cancelled: another task of the batch failed'
WHERE batch_id = :batch AND status = 'pending'"""
_CANCEL_RUNNING = "UPDATE tasks SET cancel_requested = TRUE WHERE batch_id = ? AND status = 'in_progress'"

_END = """
UPDATE batches SET ended_at = :now WHERE batch_id = :batch AND ended_at IS NULL
AND NOT EXISTS (SELECT 1 FROM tasks WHERE batch_id = :batch AND status IN ('pending', 'in_progress'))"""

# Where the same file was submitted again meanwhile, that batch is the one that a third submission is recognised as.
_BEGIN_AGAIN = """
UPDATE batches SET ended_at = NULL, summary = NULL, told_at = NULL,
    fingerprint = CASE WHEN EXISTS (
        SELECT 1 FROM batches other WHERE other.fingerprint = batches.fingerprint AND other.ended_at IS NULL
        AND other.batch_id != batches.batch_id) THEN batch_id ELSE fingerprint END
WHERE batch_id = ?"""
_WAIT_AGAIN = f"""
UPDATE tasks SET waits_for = :waits_for, run_at = '{AFTER_OTHERS}', message = 'Waiting for tasks that come before it'
WHERE id = :id"""
_LIVE_BEFORE = """
SELECT count(*) FROM prerequisites JOIN tasks ON tasks.id = needs
WHERE task = ? AND status IN ('pending', 'in_progress')"""


def tasks_ended(connection: Connection, ended: Sequence[tuple[int, str | None, Status]], now: datetime) -> None:
    """Do what follows from the end of tasks, given by row id, batch and status.

    What came after a completed one may start, what came after another fails, unless it is to run all the same; a batch
    that fails fast is cancelled; a batch without live tasks is over.
    """
    of_batches = [(task, batch, status) for task, batch, status in ended if batch is not None]
    waiting = list(of_batches)
    moment = to_text(now)
    while waiting:
        task, batch, status = waiting.pop()
        for after, run_anyway in connection.execute(_AFTER, (task,)).fetchall():
            if status is Status.COMPLETED or run_anyway:
                connection.execute(_ONE_LESS, {"id": after, "now": moment})
            elif connection.execute(_FAIL, _unmet(connection, after, task, moment)).fetchall():
                waiting.append((after, batch, Status.FAILED))
    failed = {batch for _, batch, status in of_batches if status is Status.FAILED}
    for batch in sorted(failed):
        fails_fast = connection.execute(_FAILS_FAST, (batch,)).fetchone()
        if fails_fast is not None and fails_fast[0]:
            connection.execute(_CANCEL_WAITING, {"batch": batch, "now": moment})
            connection.execute(_CANCEL_RUNNING, (batch,))
    for batch in sorted({batch for _, batch, _ in of_batches}):
        connection.execute(_END, {"batch": batch, "now": moment})


def tasks_revived(connection: Connection, revived: Sequence[tuple[int, str | None]]) -> None:
    """Do what follows from tasks that are pending once more: they wait for live ones before them, and so does the
    batch's end.
    """
    for task, batch in revived:
        if batch is None:
            continue
        live = connection.execute(_LIVE_BEFORE, (task,)).fetchone()[0]
        if live:
            connection.execute(_WAIT_AGAIN, {"id": task, "waits_for": live})
    for batch in sorted({batch for _, batch in revived if batch is not None}):
        connection.execute(_BEGIN_AGAIN, (batch,))


def _unmet(connection: Connection, task: int, before: int, moment: str) -> dict[str, object]:
    subject, topic, status = connection.execute(_NAME, (before,)).fetchone()
    ended = "was cancelled" if status == Status.CANCELLED else "failed"
    return {
        "id": task,
        "now": moment,
        "code": PREREQUISITE,
        "message": f"“{topic}” ({subject}), which comes before it, {ended}.",
        "hint": "Retry the batch; or submit it with --after-failed run.",
        "exit_code": int(ExitCode.DATA),
    }
