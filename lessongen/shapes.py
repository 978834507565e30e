"""The JSON shapes of tasks and of lists, as documented; additive changes only. That of a lesson is `lessons.shown`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lessongen.clock import to_text
from lessongen.presence import Peer
from lessongen.render import estimate_words, estimated_seconds
from lessongen.task import Status, Task
from lessongen.versions import LessonName, StoredLesson, Version


def moment(value: datetime | None) -> str | None:
    """A moment to the microsecond, or null."""
    return to_text(value) if value else None


def named(name: LessonName) -> dict[str, str]:
    """What identifies a lesson."""
    return {
        "subject": name.subject,
        "topic": name.topic,
        "language": name.language,
        "level": name.level,
        "variant": name.variant,
    }


def failure(task: Task) -> dict[str, Any] | None:
    """Why the task, or its last attempt, failed."""
    if task.failure is None:
        return None
    return {"code": task.failure.code, "message": task.failure.message, "hint": task.failure.hint}


def accepted(task: Task, message: str, following: str) -> dict[str, Any]:
    """What `create` answers."""
    estimate = task.estimate
    return {
        "task_id": task.task_id,
        "status": task.status,
        "message": message,
        **named(task.request.lesson),
        "estimated_completion_time": estimate_words(estimate) if estimate else None,
        "estimated_seconds": estimated_seconds(estimate) if estimate else None,
        "next": following,
    }


def already_stored(version: Version, message: str, following: str) -> dict[str, Any]:
    """What `create --reuse` answers where there is a lesson: as if its task had been accepted and were done."""
    return {
        "task_id": version.task_id,
        "status": Status.COMPLETED,
        "message": message,
        **named(version.lesson.name),
        "estimated_completion_time": None,
        "estimated_seconds": 0,
        "next": following,
    }


def state(task: Task, lesson: Mapping[str, Any] | None) -> dict[str, Any]:
    """What `status` answers; `lesson` is the object of `show`, once there is one."""
    return {
        "task_id": task.task_id,
        "status": task.status,
        "message": task.progress.message,
        **named(task.request.lesson),
        "percent": task.progress.percent,
        "step": task.progress.step,
        "attempt": task.attempt,
        "max_attempts": task.max_attempts,
        "article": task.article,
        "error": failure(task),
        "lesson": lesson,
        "version": task.version,
        "created_at": moment(task.created_at),
        "started_at": moment(task.started_at),
        "completed_at": moment(task.completed_at),
    }


def stored_state(task_id: str, version: Version, lesson: Mapping[str, Any], article: str | None) -> dict[str, Any]:
    """What `status` answers for a task that is past its retention, while its lesson is still there."""
    return {
        "task_id": task_id,
        "status": Status.COMPLETED,
        "message": "Done; the task itself is past its retention",
        **named(version.lesson.name),
        "percent": 100,
        "step": None,
        "attempt": None,
        "max_attempts": None,
        "article": article,
        "error": None,
        "lesson": lesson,
        "version": version.text,
        "created_at": None,
        "started_at": None,
        "completed_at": moment(version.created_at),
    }


def row(task: Task) -> dict[str, Any]:
    """A task in the list that `tasks` answers: its state without the lesson, with whose it is and how urgent."""
    shown = state(task, None)
    del shown["lesson"]
    return {**shown, "user": task.user, "priority": task.priority.word, "batch_id": task.batch_id}


def lesson_row(lesson: StoredLesson) -> dict[str, Any]:
    """A lesson in the list that `lessons` answers."""
    return {
        **named(lesson.name),
        "version": lesson.latest,
        "versions": lesson.versions,
        "created_at": moment(lesson.created_at),
        "updated_at": moment(lesson.updated_at),
    }


def version_row(version: Version) -> dict[str, Any]:
    """A version in the list that `history` answers."""
    return {
        "version": version.text,
        "created_at": moment(version.created_at),
        "writer": version.writer,
        "reason": version.reason,
        "task_id": version.task_id,
    }


def worker_row(peer: Peer, running: int) -> dict[str, Any]:
    """A worker in the list that `worker status` answers, with how many tasks it holds."""
    return {
        "worker_id": peer.card.worker_id,
        "pid": peer.card.pid,
        "started_at": peer.card.started_at,
        "concurrency": peer.card.concurrency,
        "running": running,
        "is_detached": peer.card.is_detached,
        "is_leaving": peer.is_leaving,
        "is_frozen": peer.is_frozen,
    }
