"""The worker's side of the queue: claiming tasks, holding them under leases, keeping steps, and ending attempts.

Every statement that writes for an attempt is guarded by the attempt's lease token, so that a worker which lost its
lease changes nothing. Moments are text (`clock.to_text`); leases are seconds on the boot clock.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lessongen.database.calls import call
from lessongen.database.chains import tasks_ended
from lessongen.database.rows import TASK_COLUMNS, WAITED_ENOUGH, due_row, failure_row, read_task
from lessongen.database.turns import next_due
from lessongen.database.usage import add_usages, spent
from lessongen.lesson.attempt import Spent, Usage
from lessongen.lesson.records import CallLimit, Claim
from lessongen.lesson.task import Failure, Lease, Progress, Status, Task
from lessongen.system.clock import BootTime, to_text

if TYPE_CHECKING:
    from lessongen.database.port import Connection, Database

MAKE_DUE = f"UPDATE tasks SET run_at = NULL WHERE {WAITED_ENOUGH}"

CLAIM = f"""
UPDATE tasks SET status = 'in_progress', attempt = attempt + 1, lease_token = :token, worker_id = :worker_id,
    lease_boot = :boot, lease_until = :until, started_at = :now, step = 'start', percent = 0, message = 'Started'
WHERE id = :id RETURNING {TASK_COLUMNS}"""

# What becomes of a task whose worker is gone: cancelled if that was asked, failed if it was the last attempt, else due.
RECLAIM = """
UPDATE tasks SET
    status = CASE WHEN cancel_requested THEN 'cancelled' WHEN attempt >= max_attempts THEN 'failed' ELSE 'pending' END,
    message = CASE WHEN cancel_requested THEN 'Cancelled' WHEN attempt >= max_attempts THEN :message
              ELSE 'Its worker died; waiting for another' END,
    error_code = CASE WHEN NOT cancel_requested AND attempt >= max_attempts THEN :code END,
    error_message = CASE WHEN NOT cancel_requested AND attempt >= max_attempts THEN :message END,
    error_hint = CASE WHEN NOT cancel_requested AND attempt >= max_attempts THEN :hint END,
    error_exit_code = CASE WHEN NOT cancel_requested AND attempt >= max_attempts THEN CAST(:exit_code AS INTEGER) END,
    completed_at = CASE WHEN cancel_requested OR attempt >= max_attempts THEN :now END,
    lease_token = NULL, worker_id = NULL, lease_boot = NULL, lease_until = NULL
WHERE status = 'in_progress' AND {which} RETURNING task_id, status, id, batch_id"""

LAPSED = "(lease_boot != :boot OR lease_until < :seconds)"

_OF_WORKER = "worker_id = :worker_id"

_ANY_TO_CLAIM = f"""
SELECT EXISTS (SELECT 1 FROM tasks WHERE status = 'pending' AND run_at IS NULL)
    OR EXISTS (SELECT 1 FROM tasks WHERE {WAITED_ENOUGH})
    OR EXISTS (SELECT 1 FROM tasks WHERE status = 'in_progress' AND {LAPSED})"""

_RENEW = """
UPDATE tasks SET lease_until = :until, lease_boot = :boot
WHERE status = 'in_progress' AND worker_id = :worker_id AND lease_token IN (SELECT value FROM json_each(:tokens))
RETURNING lease_token, cancel_requested"""

_REPORT = """
UPDATE tasks SET lease_until = :until, lease_boot = :boot, step = coalesce(:step, step), percent = :percent,
    message = :message, article = coalesce(:article, article)
WHERE id = :id AND lease_token = :token AND status = 'in_progress' RETURNING cancel_requested"""

FINISH = """
UPDATE tasks SET status = :status, completed_at = :now, percent = :percent, message = :message, run_at = NULL,
    error_code = :code, error_message = :error_message, error_hint = :hint, error_exit_code = :exit_code,
    lesson_id = :lesson_id, version = :version,
    lease_token = NULL, worker_id = NULL, lease_boot = NULL, lease_until = NULL
WHERE id = :id AND lease_token = :token AND status = 'in_progress'"""

HAND_BACK = """
UPDATE tasks SET status = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'pending' END,
    completed_at = CASE WHEN cancel_requested THEN :now END, run_at = :run_at, due_boot = :due_boot,
    due_seconds = :due_seconds, attempt = attempt - :attempts_given_back, message = :message, error_code = :code,
    error_message = :error_message, error_hint = :hint, error_exit_code = :exit_code,
    lease_token = NULL, worker_id = NULL, lease_boot = NULL, lease_until = NULL
WHERE id = :id AND lease_token = :token AND status = 'in_progress' RETURNING status"""

_STEP = "SELECT result FROM steps WHERE task = ? AND key = ? AND inputs_sha256 = ?"

_KEEP_STEP = """
INSERT INTO steps (task, key, inputs_sha256, result, created_at)
SELECT id, :key, :inputs_sha256, :result, :now FROM tasks
WHERE id = :id AND lease_token = :token AND status = 'in_progress'
ON CONFLICT (task, key) DO UPDATE SET
    inputs_sha256 = excluded.inputs_sha256, result = excluded.result, created_at = excluded.created_at"""

FORGET_CALL = "DELETE FROM batched_calls WHERE task = ? AND key = ? AND inputs_sha256 = ? AND status IS NOT NULL"

HOLDS = "SELECT 1 FROM tasks WHERE id = ? AND lease_token = ? AND status = 'in_progress'"

FORGET_STEPS = "DELETE FROM steps WHERE task = ?"


class Leases:
    """Attempts in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, claim: Claim) -> list[Lease]:
        """Take due tasks in the order of priority and turns; first rescue what lapsed.

        Where there is nothing of either, nothing is written: idle workers look once a second.
        """
        at = {"boot": claim.at.boot, "seconds": claim.at.seconds}
        moments = {"now": to_text(claim.now), **at}

        def work(connection: Connection) -> list[Lease]:
            connection.execute(MAKE_DUE, moments)
            _reclaim(connection, LAPSED, claim.now, claim.gone, at)
            return take(connection, claim)

        return self._database.quick(work) if self._database.read(_ANY_TO_CLAIM, moments)[0][0] else []

    def renew(self, worker_id: str, tokens: Collection[str], *, at: BootTime, lease_seconds: float) -> dict[str, bool]:
        """Renew a worker's leases: the tokens that it still holds, with whether the task is to be cancelled.

        A lease of its that nobody works on is not among `tokens`, and lapses.
        """
        until = at.seconds + lease_seconds
        parameters = {"worker_id": worker_id, "boot": at.boot, "until": until, "tokens": json.dumps(list(tokens))}
        rows = self._database.quick(lambda connection: connection.execute(_RENEW, parameters).fetchall())
        return {row[0]: bool(row[1]) for row in rows}

    def report(
        self, lease: Lease, progress: Progress, article: str | None, *, at: BootTime, lease_seconds: float
    ) -> bool | None:
        """Record progress and renew the lease: whether to cancel; None if the lease is lost."""
        parameters = {
            "id": lease.task.id,
            "token": lease.token,
            "boot": at.boot,
            "until": at.seconds + lease_seconds,
            "step": progress.step,
            "percent": progress.percent,
            "message": progress.message,
            "article": article,
        }
        rows = self._database.quick(lambda connection: connection.execute(_REPORT, parameters).fetchall())
        return bool(rows[0][0]) if rows else None

    def fail(self, lease: Lease, failure: Failure, now: datetime) -> bool:
        """End the attempt and the task as failed; False if the lease was lost."""
        return self._end(lease, Status.FAILED, now, failure)

    def end_cancelled(self, lease: Lease, now: datetime) -> bool:
        """End the attempt and the task as cancelled; False if the lease was lost."""
        return self._end(lease, Status.CANCELLED, now, None)

    def hand_back(
        self,
        lease: Lease,
        *,
        now: datetime,
        at: BootTime,
        run_at: datetime | None,
        message: str,
        failure: Failure | None = None,
        counts_as_attempt: bool = True,
    ) -> bool:
        """End the attempt; the task waits again, until `run_at` if given. False if the lease was lost."""
        parameters = {
            "id": lease.task.id,
            "token": lease.token,
            "now": to_text(now),
            "message": message,
            "attempts_given_back": 0 if counts_as_attempt else 1,
            **due_row(run_at, now, at),
            **failure_row(failure),
        }

        def work(connection: Connection) -> bool:
            rows = connection.execute(HAND_BACK, parameters).fetchall()
            if rows and rows[0][0] == Status.CANCELLED:
                tasks_ended(connection, [(lease.task.id, lease.task.batch_id, Status.CANCELLED)], now)
            return bool(rows)

        return self._database.durable(work)

    def reclaim_from(self, worker_id: str, *, now: datetime, gone: Failure) -> list[str]:
        """Take back all tasks of a worker that is known to be dead; their ids."""
        parameters = {"worker_id": worker_id}
        return self._database.durable(lambda connection: _reclaim(connection, _OF_WORKER, now, gone, parameters))

    def call(self, lease: Lease, writer: str, tokens: int, limit: CallLimit, *, at: BootTime) -> float | None:
        """Record a call to a model that is about to be made; or, where a limit is reached, in how many seconds to try
        again.
        """
        return self._database.quick(lambda connection: call(connection, lease, writer, tokens, limit, at))

    def step(self, task: Task, key: str, inputs_sha256: str) -> str | None:
        """The kept result of a step for these inputs."""
        rows = self._database.read(_STEP, (task.id, key, inputs_sha256))
        return rows[0][0] if rows else None

    def keep_step(
        self,
        lease: Lease,
        key: str,
        inputs_sha256: str,
        result: str,
        usages: Sequence[Usage],
        now: datetime,
        *,
        is_batched: bool = False,
    ) -> bool:
        """Keep a step's result and what its calls took, durably; False if the lease was lost.

        What was paid is kept in any case. A call that went by the provider's Batch API is forgotten with it.
        """
        parameters = {
            "id": lease.task.id,
            "token": lease.token,
            "key": key,
            "inputs_sha256": inputs_sha256,
            "result": result,
            "now": to_text(now),
        }

        def work(connection: Connection) -> bool:
            add_usages(connection, lease.task, usages, now)
            is_kept = connection.execute(_KEEP_STEP, parameters).rowcount == 1
            if is_kept and is_batched:
                connection.execute(FORGET_CALL, (lease.task.id, key, inputs_sha256))
            return is_kept

        return self._database.durable(work)

    def add_usages(self, lease: Lease, usages: Sequence[Usage], now: datetime) -> None:
        """Record what calls took that led to no step's result."""
        self._database.durable(lambda connection: add_usages(connection, lease.task, usages, now))

    def spent(self, task: Task) -> Spent:
        """What all calls for a task took so far."""
        return spent(self._database, task)

    def _end(self, lease: Lease, status: Status, now: datetime, failure: Failure | None) -> bool:
        return self._database.durable(lambda connection: finish(connection, lease, status, now, failure=failure))


def finish(
    connection: Connection,
    lease: Lease,
    status: Status,
    now: datetime,
    *,
    failure: Failure | None = None,
    version: tuple[int, int] | None = None,
    done: str = "Done",
) -> bool:
    """End an attempt and its task inside a transaction of the caller's.

    False, and nothing changed, if the lease is lost. `version` is the lesson's row id and the version's number, `done`
    what a completed task says.
    """
    messages = {Status.COMPLETED: done, Status.CANCELLED: "Cancelled"}
    parameters = {
        "id": lease.task.id,
        "token": lease.token,
        "status": status,
        "now": to_text(now),
        "percent": 100 if status is Status.COMPLETED else lease.task.progress.percent,
        "message": failure.message if failure else messages[status],
        "lesson_id": version[0] if version else None,
        "version": version[1] if version else None,
        **failure_row(failure),
    }
    changed = connection.execute(FINISH, parameters).rowcount == 1
    if changed and lease.task.batch_id is not None:
        tasks_ended(connection, [(lease.task.id, lease.task.batch_id, status)], now)
    if changed and status is Status.COMPLETED:
        connection.execute(FORGET_STEPS, (lease.task.id,))
    return changed


def holds(connection: Connection, lease: Lease) -> bool:
    """Whether the attempt still has its lease."""
    return connection.execute(HOLDS, (lease.task.id, lease.token)).fetchone() is not None


def take(connection: Connection, claim: Claim) -> list[Lease]:
    """Take due tasks inside a transaction of the caller's, as many as there are tokens, or as are due."""
    leases = []
    for token in claim.tokens:
        found = next_due(connection, claim.running_per_user)
        if found is None:
            break
        parameters = {
            "id": found,
            "token": token,
            "worker_id": claim.worker_id,
            "boot": claim.at.boot,
            "until": claim.at.seconds + claim.lease_seconds,
            "now": to_text(claim.now),
        }
        claimed = connection.execute(CLAIM, parameters).fetchall()
        leases.append(Lease(task=read_task(claimed[0]), token=token, worker_id=claim.worker_id))
    return leases


def _reclaim(connection: Connection, which: str, now: datetime, gone: Failure, parameters: dict[str, Any]) -> list[str]:
    sql = RECLAIM.format(which=which)
    rows = connection.execute(
        sql,
        {
            **parameters,
            "now": to_text(now),
            "code": gone.code,
            "message": gone.message,
            "hint": gone.hint,
            "exit_code": gone.exit_code,
        },
    ).fetchall()
    ended = [(row[2], row[3], Status(row[1])) for row in rows if Status(row[1]).is_finished]
    tasks_ended(connection, ended, now)
    return [row[0] for row in rows]
