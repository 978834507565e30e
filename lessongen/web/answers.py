"""From what the app knows to what the wire says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lessongen.app import App
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LIVE, Status, Task
from lessongen.lesson.versions import LessonName, Version
from lessongen.queue.board import as_json, look
from lessongen.queue.json_views import moment
from lessongen.queue.presence import Peer
from lessongen.system.terminal import counted
from lessongen.web.problems import hint_for_web
from lessongen.web.wire import (
    GenerationStatus,
    LessonGenerationTask,
    LessonStatusResponse,
    TaskCounts,
)

CANCELLED = "The task was cancelled"
BOARD_ROWS = 50
_OF_A_WORKER = ("concurrency", "is_leaving", "is_frozen")


def wire_status(status: Status) -> GenerationStatus:
    """One of the four states that clients know."""
    return GenerationStatus.FAILED if status is Status.CANCELLED else GenerationStatus(status.value)


def stored_statuses(status: GenerationStatus) -> tuple[Status, ...]:
    """The states of ours that one on the wire stands for."""
    return tuple(each for each in Status if wire_status(each) is status)


def status_of(task: Task, lesson: Mapping[str, Any] | None) -> LessonStatusResponse:
    """A task's state, with the lesson once it is there."""
    failure = task.failure if task.status is Status.FAILED else None
    cancelled = task.status is Status.CANCELLED
    return LessonStatusResponse(
        task_id=task.task_id,
        status=wire_status(task.status),
        message=CANCELLED if cancelled else task.progress.message,
        error=CANCELLED if cancelled else failure.message if failure else None,
        lesson=dict(lesson) if lesson is not None else None,
        hint=hint_for_web(failure.hint) if failure else None,
        error_code="cancelled" if cancelled else failure.code if failure else None,
        percent=task.progress.percent,
        step=task.progress.step,
        attempt=task.attempt,
        version=task.version,
        created_at=moment(task.created_at),
        started_at=moment(task.started_at),
        completed_at=moment(task.completed_at),
    )


def reused_status(task_id: str, version: Version, lesson: Mapping[str, Any]) -> LessonStatusResponse:
    """The state of a request that a stored lesson was the answer to."""
    return LessonStatusResponse(
        task_id=task_id,
        status=GenerationStatus.COMPLETED,
        message=stored_message(version),
        lesson=dict(lesson),
        percent=100,
        version=version.text,
        completed_at=moment(version.created_at),
    )


def stored_message(version: Version) -> str:
    """What a client is told whose lesson was there already."""
    return f"Version {version.text} is stored already"


def listed(task: Task) -> LessonGenerationTask:
    """A task in a list."""
    state = status_of(task, None)
    return LessonGenerationTask(
        **state.model_dump(exclude={"lesson", "hint", "error_code"}),
        **vars(task.request.lesson),
        user_id=task.user,
        batch_id=task.batch_id,
    )


def counted_statuses(counts: Mapping[Status, int]) -> TaskCounts:
    """How many tasks stand in each of the four states."""
    return TaskCounts(
        pending=counts[Status.PENDING],
        in_progress=counts[Status.IN_PROGRESS],
        completed=counts[Status.COMPLETED],
        failed=counts[Status.FAILED] + counts[Status.CANCELLED],
    )


def summary(counts: Mapping[Status, int]) -> str:
    """The counts in words."""
    live = sum(counts[status] for status in LIVE)
    told = counted_statuses(counts)
    return (
        f"{counted(live, 'active task')}: {told.pending} pending, {told.in_progress} in progress; "
        f"{told.completed} completed, {told.failed} failed"
    )


def board_shown(app: App, user: str | None, peers: Sequence[Peer]) -> dict[str, Any]:
    """The board as a user sees it; of workers no more than that they are there, but for the owner."""
    shown = as_json(look(app.store, app.clock, TaskFilter(user=user), BOARD_ROWS, peers), app.clock.now())
    if user is not None:
        shown["workers"] = [{key: worker[key] for key in _OF_A_WORKER} for worker in shown["workers"]]
    return shown


def lesson_path(name: LessonName, prefix: str = "/lessons") -> str:
    """The address of a lesson: what its subject and topic hold of `/` and the like is escaped."""
    from urllib.parse import quote, urlencode

    query = urlencode(name.qualifiers)
    return f"{prefix}/{quote(name.subject, safe='')}/{quote(name.topic, safe='')}" + (f"?{query}" if query else "")
