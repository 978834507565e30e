"""The person's side of the queue: every SQL statement that submits, looks, cancels, retries and forgets."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from lessongen.database.chains import tasks_ended, tasks_revived
from lessongen.database.retired import forget_user, retire
from lessongen.database.rows import AFTER_OTHERS, TASK_COLUMNS, WAITED_ENOUGH, read_task, submission_row
from lessongen.lesson.records import SubmitLimit, TaskFilter
from lessongen.lesson.task import FINISHED, Status, Submission, Task
from lessongen.system.clock import BootTime, from_text, to_text

if TYPE_CHECKING:
    from lessongen.database.port import Connection, Database

ADD = """
INSERT INTO tasks (task_id, request, subject, topic, status, user, priority, batch_id, max_attempts, run_at, due_boot,
    due_seconds, created_at, admitted_at, estimate_low, estimate_high, waits_for, message)
VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

# When the task was admitted that a new one must stay an hour behind: the limit-th latest. Tasks from the future are
# left out: the wall clock has been set back since. Others may have waited for their turn to write with an older `now`.
_ADMITTED_BEFORE = """
SELECT admitted_at FROM tasks WHERE user = ? AND created_at <= ? ORDER BY admitted_at DESC LIMIT 1 OFFSET ?"""
_LONGEST_TURN = timedelta(minutes=1)

_BY_ID = f"SELECT {TASK_COLUMNS} FROM tasks WHERE task_id = ?"

_BY_PREFIX = (
    f"SELECT {TASK_COLUMNS} FROM tasks WHERE task_id >= :prefix AND task_id < :end ORDER BY task_id LIMIT :limit"
)

_SEVERAL = f"SELECT {TASK_COLUMNS} FROM tasks WHERE task_id IN (SELECT value FROM json_each(?))"

_LAST = f"SELECT {TASK_COLUMNS} FROM tasks ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True)
class _Part:
    which: str
    index: str
    order: str


# What stands in a list, part by part: which tasks, by which index, in which order. Left to itself, SQLite walks or
# sorts a million finished tasks to find the few that are wanted.
_FINISHED_PART = _Part("status IN ('completed', 'failed', 'cancelled')", "tasks_finished", "completed_at DESC")
_LIST_PARTS = (
    _Part("status = 'in_progress'", "tasks_running", "id"),
    _Part("status = 'pending' AND run_at IS NULL", "tasks_due", "priority DESC, user, id"),
    _Part("status = 'pending' AND run_at IS NOT NULL", "tasks_waiting", "run_at"),
    _FINISHED_PART,
)

_ENDED = """
FROM tasks WHERE status IN ('completed', 'failed', 'cancelled') AND status != 'cancelled' AND completed_at >= :moment"""

_RUNNING_WORKERS = "SELECT worker_id, count(*) FROM tasks WHERE status = 'in_progress' GROUP BY worker_id"

_COUNT_LIVE = """
SELECT 'pending', (SELECT count(*) FROM tasks WHERE status = 'pending' AND run_at IS NULL)
    + (SELECT count(*) FROM tasks WHERE status = 'pending' AND run_at IS NOT NULL)
UNION ALL SELECT 'in_progress', (SELECT count(*) FROM tasks WHERE status = 'in_progress')
UNION ALL SELECT status, tasks FROM tally"""

_ANY_LIVE = """
SELECT EXISTS (SELECT 1 FROM tasks WHERE status = 'pending' AND run_at IS NULL)
    OR EXISTS (SELECT 1 FROM tasks WHERE status = 'pending' AND run_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM tasks WHERE status = 'in_progress')"""

# Those that wait for other tasks, or for a provider's answer, are none that a worker could take up, now or later.
_ANY_FOR_WORKERS = f"""
SELECT EXISTS (SELECT 1 FROM tasks WHERE status = 'pending' AND run_at IS NULL)
    OR EXISTS (SELECT 1 FROM tasks WHERE status = 'pending' AND run_at IS NOT NULL AND run_at < '{AFTER_OTHERS}')
    OR EXISTS (SELECT 1 FROM tasks WHERE status = 'in_progress')"""

_ANY_DUE = f"""
SELECT EXISTS (SELECT 1 FROM tasks WHERE status = 'pending' AND run_at IS NULL)
    OR EXISTS (SELECT 1 FROM tasks WHERE {WAITED_ENOUGH})"""

_NEXT_DUE = """
SELECT min(due_seconds) FROM tasks WHERE status = 'pending' AND run_at IS NOT NULL AND due_boot = ?"""

_CANCEL_PENDING = """
UPDATE tasks SET status = 'cancelled', completed_at = :now, run_at = NULL, message = 'Cancelled'
WHERE task_id IN (SELECT value FROM json_each(:task_ids)) AND status = 'pending' RETURNING task_id, id, batch_id"""

_CANCEL_RUNNING = """
UPDATE tasks SET cancel_requested = TRUE
WHERE task_id IN (SELECT value FROM json_each(:task_ids)) AND status = 'in_progress' RETURNING task_id"""

_RETRY = """
UPDATE tasks SET status = 'pending', attempt = 0, run_at = NULL, cancel_requested = FALSE, step = NULL, percent = 0,
    message = 'Waiting for a worker', error_code = NULL, error_message = NULL, error_hint = NULL,
    error_exit_code = NULL, started_at = NULL, completed_at = NULL, waits_for = 0
WHERE task_id IN (SELECT value FROM json_each(:task_ids)) AND status IN ('failed', 'cancelled')
RETURNING task_id, id, batch_id"""

_DECIDED_AT_ONCE = 2_000  # tasks a transaction: workers need their turn while a person decides on a hundred thousand

_PURGE = """
DELETE FROM tasks WHERE id IN (
    SELECT id FROM tasks WHERE status = :status AND status IN ('completed', 'failed', 'cancelled')
    AND completed_at < :before
    AND (batch_id IS NULL OR batch_id NOT IN (SELECT batch_id FROM batches WHERE summary IS NULL))
    ORDER BY completed_at LIMIT :limit)
RETURNING task_id, user"""

_ERASE_USER = "DELETE FROM tasks WHERE user = :user AND status IN ('completed', 'failed', 'cancelled')"


class Tasks:
    """Tasks in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        submissions: Sequence[tuple[str, Submission]],
        limit: SubmitLimit | None = None,
        *,
        now: datetime,
        at: BootTime,
    ) -> datetime | None:
        """Add tasks under the given ids, all or none, durably.

        Where a limit would be passed: nothing is added, and it says when the first of them may come; or, if the limit
        defers, each is added with the time at which it may start.
        """

        def work(connection: Connection) -> None:
            add_in_turn(connection, submissions, limit, now, at)

        try:
            self._database.durable(work)
        except _OverLimit as over:
            return over.until
        return None

    def get(self, task_id: str) -> Task | None:
        """The task of that whole id."""
        rows = self._database.read(_BY_ID, (task_id,))
        return read_task(rows[0]) if rows else None

    def starting_with(self, prefix: str, limit: int) -> list[Task]:
        """Tasks whose id starts so, at most `limit`."""
        rows = self._database.read(_BY_PREFIX, {"prefix": prefix, "end": prefix + "\U0010ffff", "limit": limit})
        return [read_task(row) for row in rows]

    def last(self) -> Task | None:
        """The task submitted last."""
        rows = self._database.read(_LAST)
        return read_task(rows[0]) if rows else None

    def several(self, task_ids: Iterable[str]) -> list[Task]:
        """The tasks of these whole ids; those that are not there are left out."""
        return [read_task(row) for row in self._database.read(_SEVERAL, (json.dumps(list(task_ids)),))]

    def select(self, wanted: TaskFilter, limit: int) -> list[Task]:
        """Running tasks, then waiting ones in their order, then finished ones, latest first."""
        tasks: list[Task] = []
        for part in _LIST_PARTS:
            if wanted.status is None or f"'{wanted.status}'" in part.which:
                tasks += self._part(part, wanted, limit - len(tasks))
            if len(tasks) >= limit:
                break
        return tasks

    def finished(self, wanted: TaskFilter, limit: int) -> list[Task]:
        """Finished tasks, latest first."""
        return self._part(_FINISHED_PART, wanted, limit)

    def _part(self, part: _Part, wanted: TaskFilter, limit: int) -> list[Task]:
        condition, parameters = _condition(wanted)
        by = "" if condition and part is _FINISHED_PART else f"INDEXED BY {part.index}"
        sql = f"SELECT {TASK_COLUMNS} FROM tasks {by} WHERE {part.which}{condition} ORDER BY {part.order} LIMIT {limit}"
        return [read_task(row) for row in self._database.read(sql, parameters)]

    def counts(self, wanted: TaskFilter) -> dict[Status, int]:
        """How many tasks stand in each status."""
        if wanted == TaskFilter():
            found = self._database.read(_COUNT_LIVE)
        else:
            condition, parameters = _condition(wanted)
            sql = f"SELECT status, count(*) FROM tasks WHERE TRUE{condition} GROUP BY status"
            found = self._database.read(sql, parameters)
        counts = dict.fromkeys(Status, 0)
        counts.update({Status(row[0]): row[1] for row in found})
        return counts

    def ended_since(self, moment: datetime) -> int:
        """How many tasks were completed or failed since then."""
        count: int = self._database.read(f"SELECT count(*) {_ENDED}", {"moment": to_text(moment)})[0][0]
        return count

    def endings(self, since: datetime, wanted: TaskFilter, limit: int) -> list[tuple[datetime, datetime]]:
        """When the tasks that were completed or failed since then were started and ended, latest first."""
        condition, parameters = _condition(wanted)
        sql = f"""
        SELECT coalesce(started_at, completed_at), completed_at {_ENDED}{condition}
        ORDER BY completed_at DESC LIMIT {limit}"""
        rows = self._database.read(sql, {**parameters, "moment": to_text(since)})
        return [(from_text(row[0]), from_text(row[1])) for row in rows]

    def running_workers(self) -> dict[str, int]:
        """How many tasks each worker holds, by worker id."""
        return {row[0]: row[1] for row in self._database.read(_RUNNING_WORKERS)}

    def any_live(self) -> bool:
        """Whether any task is pending or in progress."""
        return bool(self._database.read(_ANY_LIVE)[0][0])

    def any_for_workers(self) -> bool:
        """Whether any task is in progress, due, or due at some time by itself."""
        return bool(self._database.read(_ANY_FOR_WORKERS)[0][0])

    def any_due(self, *, now: datetime, at: BootTime) -> bool:
        """Whether a task could be claimed now."""
        parameters = {"now": to_text(now), "boot": at.boot, "seconds": at.seconds}
        return bool(self._database.read(_ANY_DUE, parameters)[0][0])

    def seconds_until_due(self, at: BootTime) -> float | None:
        """In how many seconds the first task becomes due, of those that began to wait since the machine started."""
        due: float | None = self._database.read(_NEXT_DUE, (at.boot,))[0][0]
        return None if due is None else max(0.0, due - at.seconds)

    def cancel(self, task_ids: Iterable[str], now: datetime) -> dict[str, Status]:
        """Cancel what waits and ask running attempts to stop; the status of each afterwards."""

        def work(connection: Connection, some: str) -> dict[str, Status]:
            parameters = {"task_ids": some, "now": to_text(now)}
            cancelled = connection.execute(_CANCEL_PENDING, parameters).fetchall()
            tasks_ended(connection, [(row[1], row[2], Status.CANCELLED) for row in cancelled], now)
            running = connection.execute(_CANCEL_RUNNING, parameters).fetchall()
            return {
                **{row[0]: Status.CANCELLED for row in cancelled},
                **{row[0]: Status.IN_PROGRESS for row in running},
            }

        after: dict[str, Status] = {}
        for some in _portions(task_ids):
            after |= self._database.durable(partial(work, some=some))
        return after

    def retry(self, task_ids: Iterable[str]) -> list[str]:
        """Make failed and cancelled tasks pending again, with all their attempts and their kept steps; their ids."""

        def work(connection: Connection, some: str) -> list[str]:
            retried = connection.execute(_RETRY, {"task_ids": some}).fetchall()
            tasks_revived(connection, [(row[1], row[2]) for row in retried])
            return [row[0] for row in retried]

        return [task_id for some in _portions(task_ids) for task_id in self._database.durable(partial(work, some=some))]

    def purge(self, before: dict[Status, datetime], limit: int, *, now: datetime) -> int:
        """Drop finished tasks that ended before the moment given for their status, at most `limit` each; how many.

        That they were there is kept.
        """

        def work(connection: Connection) -> int:
            dropped = 0
            for status, moment in before.items():
                if status in FINISHED:
                    parameters = {"status": status, "before": to_text(moment), "limit": limit}
                    gone = connection.execute(_PURGE, parameters).fetchall()
                    retire(connection, [(row[0], row[1]) for row in gone], now)
                    dropped += len(gone)
            return dropped

        return self._database.durable(work)

    def erase_user(self, user: str, now: datetime) -> int:
        """Cancel a person's live tasks and drop all finished ones; how many were dropped."""
        live = self._database.read(
            "SELECT task_id FROM tasks WHERE user = ? AND status IN ('pending', 'in_progress')", (user,)
        )
        self.cancel([row[0] for row in live], now)

        def work(connection: Connection) -> int:
            forget_user(connection, user)
            return connection.execute(_ERASE_USER, {"user": user}).rowcount

        return self._database.durable(work)


def add_in_turn(
    connection: Connection,
    submissions: Iterable[tuple[str, Submission]],
    limit: SubmitLimit | None,
    now: datetime,
    at: BootTime,
) -> None:
    """Add tasks inside a transaction of the caller's; one over a limit gets a later start, or undoes all."""
    for task_id, submission in submissions:
        admitted = _admission(connection, submission.user, now, limit)
        if admitted > now:
            if limit is None or not limit.defers:
                raise _OverLimit(admitted)
            submission = dataclasses.replace(submission, run_at=admitted)
        connection.execute(ADD, submission_row(task_id, submission, now, at))


def _portions(task_ids: Iterable[str]) -> Iterator[str]:
    """The ids as JSON lists, each for one transaction."""
    remaining = list(task_ids)
    for start in range(0, len(remaining), _DECIDED_AT_ONCE):
        yield json.dumps(remaining[start : start + _DECIDED_AT_ONCE])


class _OverLimit(Exception):
    """Undoes a submission that would pass the limit."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


def _admission(connection: Connection, user: str, now: datetime, limit: SubmitLimit | None) -> datetime:
    """When this user's next task may come."""
    if limit is None:
        return now
    present = to_text(now + _LONGEST_TURN)
    row = connection.execute(_ADMITTED_BEFORE, (user, present, limit.tasks - 1)).fetchone()
    return max(now, from_text(row[0]) + limit.period) if row else now


def _condition(wanted: TaskFilter) -> tuple[str, dict[str, Any]]:
    parts = []
    parameters: dict[str, Any] = {}
    for column in ("status", "user", "batch_id", "subject"):
        value = getattr(wanted, column)
        if value is not None:
            same = "lower(subject) = lower(:subject)" if column == "subject" else f"{column} = :{column}"
            parts.append(f" AND {same}")
            parameters[column] = value
    return "".join(parts), parameters
