"""Rows, read into records, and those of the queue into tasks; and how tasks are written as rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from lessongen.lesson.task import Estimate, Failure, LessonRequest, Priority, Progress, Status, Submission, Task
from lessongen.lesson.versions import version_text
from lessongen.system.clock import BootTime, from_text, to_text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from lessongen.database.port import Row

Record = TypeVar("Record", bound="DataclassInstance")

TASK_COLUMNS = """
    id, task_id, request, status, user, priority, batch_id, attempt, max_attempts, run_at, cancel_requested, step,
    percent, message, article, error_code, error_message, error_hint, error_exit_code, created_at, started_at,
    completed_at, lesson_id, version, estimate_low, estimate_high, waits_for"""

# Makes of a request's `vars` what `as_json` gives, without its copies: a batch writes a hundred thousand of them.
_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

# The `run_at` of a task that waits for others: no clock makes it due.
AFTER_OTHERS = "9999-12-31T23:59:59.999999Z"

# A waiting task is due by the boot clock; by the wall clock only if it has waited since an earlier boot. Each half of
# the condition is whole, so that each can use its partial index.
WAITED_ENOUGH = """(
    status = 'pending' AND run_at IS NOT NULL AND due_boot = :boot AND due_seconds <= :seconds
    OR status = 'pending' AND run_at IS NOT NULL AND run_at <= :now AND due_boot IS NOT :boot)"""


def record(kind: type[Record], row: Row, **given: Any) -> Record:
    """The record of that kind. What is not a column of its own name is `given`.

    A field's annotation tells how its column is read: switches and moments are kept as numbers and texts.
    """
    values = dict(zip(row.keys(), row, strict=True))  # a row itself looks for each name among all of its columns
    columns = {name: read(values[name]) if read else values[name] for name, read in _readers(kind) if name not in given}
    return kind(**columns, **given)


def moment(text: str | None) -> datetime | None:
    """A moment of a column that may be null."""
    return from_text(text) if text else None


_BY_ANNOTATION: Mapping[Any, Callable[[Any], Any]] = {"bool": bool, "datetime": from_text, "datetime | None": moment}


@cache
def _readers(kind: type[DataclassInstance]) -> Sequence[tuple[str, Callable[[Any], Any] | None]]:
    return [(field.name, _BY_ANNOTATION.get(field.type)) for field in fields(kind)]


def read_task(row: Row) -> Task:
    """The task of a row of `TASK_COLUMNS`."""
    failure = None
    if row["error_code"] is not None:
        failure = Failure(
            code=row["error_code"],
            message=row["error_message"],
            hint=row["error_hint"],
            exit_code=row["error_exit_code"],
        )
    estimate = None
    if row["estimate_low"] is not None:
        estimate = Estimate(low_seconds=row["estimate_low"], high_seconds=row["estimate_high"])
    return record(
        Task,
        row,
        request=LessonRequest.from_json(json.loads(row["request"])),
        status=Status(row["status"]),
        priority=Priority(row["priority"]),
        progress=record(Progress, row),
        failure=failure,
        run_at=moment(row["run_at"]) if row["run_at"] != AFTER_OTHERS else None,
        estimate=estimate,
        version=version_text(row["version"]) if row["version"] is not None else None,
    )


def submission_row(task_id: str, submission: Submission, now: datetime, at: BootTime) -> tuple[Any, ...]:
    """The values of a new task's row."""
    request = submission.request
    created = to_text(now)
    due = due_row(submission.run_at, now, at)
    if submission.waits_for:
        due = {"run_at": AFTER_OTHERS, "due_boot": None, "due_seconds": None}
    return (
        task_id,
        _TO_JSON(vars(request)),
        request.subject,
        request.topic,
        submission.user,
        submission.priority,
        submission.batch_id,
        submission.max_attempts,
        due["run_at"],
        due["due_boot"],
        due["due_seconds"],
        created,
        to_text(submission.run_at) if submission.run_at else created,
        submission.estimate.low_seconds if submission.estimate else None,
        submission.estimate.high_seconds if submission.estimate else None,
        submission.waits_for,
        "Waiting for tasks that come before it" if submission.waits_for else "Waiting for a worker",
    )


def due_row(run_at: datetime | None, now: datetime, at: BootTime) -> dict[str, Any]:
    """The values that say when a waiting task is due, all None if it is due now.

    `run_at` is for people, and for a wait that outlasts a reboot. Within the boot `at` the wait is measured on the boot
    clock, so that setting the wall clock neither cuts it short nor draws it out; that only counts beside a `run_at`.
    """
    if run_at is None:
        return {"run_at": None, "due_boot": None, "due_seconds": None}
    return {
        "run_at": to_text(run_at),
        "due_boot": at.boot,
        "due_seconds": at.seconds + (run_at - now).total_seconds(),
    }


def failure_row(failure: Failure | None) -> dict[str, Any]:
    """The values that say why a task failed, all None if it did not."""
    return {
        "code": failure.code if failure else None,
        "error_message": failure.message if failure else None,
        "hint": failure.hint if failure else None,
        "exit_code": failure.exit_code if failure else None,
    }
