"""The JSON shapes of tasks and of lists, as documented; additive changes only. That of a lesson is `lessons.shown`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lessongen.lesson.attempt import ExpectedCost, Spent
from lessongen.lesson.records import UsageLine
from lessongen.lesson.sent_batches import AtProvider
from lessongen.lesson.task import Status, Task
from lessongen.lesson.versions import LessonName, StoredLesson, Version
from lessongen.queue.presence import Peer
from lessongen.system.clock import to_text

if TYPE_CHECKING:
    from lessongen.lesson.parts import Part
    from lessongen.queue.batches import Standing


def moment(value: datetime | None) -> str | None:
    """A moment to the microsecond, or null."""
    return to_text(value) if value else None


def named(name: LessonName) -> dict[str, str]:
    """What identifies a lesson."""
    return {**vars(name)}


def failure(task: Task) -> dict[str, Any] | None:
    """Why the task, or its last attempt, failed."""
    if task.failure is None:
        return None
    return {"code": task.failure.code, "message": task.failure.message, "hint": task.failure.hint}


def accepted(
    task: Task, message: str, following: str, *, expects: ExpectedCost | None, exam: Spent | None
) -> dict[str, Any]:
    """What `create` answers; `expects` is what calls to a model should take, `exam` what a judge's exam before them.

    Minutes and questions are null where the writer decides on them.
    """
    estimate, spent = task.estimate, expects.spent if expects else None
    return {
        "task_id": task.task_id,
        "status": task.status,
        "message": message,
        **named(task.request.lesson),
        "estimated_completion_time": estimate.words if estimate else None,
        "estimated_seconds": estimate.middle_seconds if estimate else None,
        "writer": task.request.writer,
        "model": task.request.model,
        "minutes": task.request.minutes,
        "questions": task.request.questions,
        "focus": task.request.focus,
        "estimated_tokens": spent.tokens if spent else None,
        "estimated_cost": spent.cost or None if spent else None,
        "estimated_cost_if_cached": expects.cost_if_cached if expects else None,
        "estimated_cost_by": expects.source if expects else None,
        "estimated_exam_cost": exam.cost or None if exam else None,
        "next": following,
    }


def already_stored(version: Version, message: str, following: str) -> dict[str, Any]:
    """What `create --reuse` answers where there is a lesson: as if its task had been accepted and were done."""
    content = json.loads(version.content)
    made = content["provenance"]
    return {
        "task_id": version.task_id,
        "status": Status.COMPLETED,
        "message": message,
        **named(version.lesson.name),
        "estimated_completion_time": None,
        "estimated_seconds": 0,
        "writer": version.writer,
        "model": made.get("model"),
        "minutes": content["minutes"],
        "questions": len(content["questions"]),
        "focus": made.get("focus"),
        "estimated_tokens": 0,
        "estimated_cost": 0.0,
        "estimated_cost_if_cached": None,
        "estimated_cost_by": None,
        "estimated_exam_cost": None,
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
        "writer": task.request.writer,
        "model": task.request.model,
        "focus": task.request.focus,
        "error": failure(task),
        "lesson": lesson,
        "version": task.version,
        "created_at": moment(task.created_at),
        "started_at": moment(task.started_at),
        "completed_at": moment(task.completed_at),
    }


def spent(took: Spent) -> dict[str, Any]:
    """What the calls to a model for one task took so far."""
    return {"calls": took.calls, "tokens": took.tokens, "cost": took.cost}


def usage_line(line: UsageLine) -> dict[str, Any]:
    """A line of the list that `usage` answers; `unpriced_calls` are those whose cost is not known."""
    return {
        "key": line.key,
        "lessons": line.lessons,
        "calls": line.calls,
        "input_tokens": line.input_tokens,
        "output_tokens": line.output_tokens,
        "cost": line.cost,
        "unpriced_calls": line.unpriced,
    }


def stored_state(task_id: str, version: Version, lesson: Mapping[str, Any], article: str | None) -> dict[str, Any]:
    """What `status` answers for a task that is past its retention, while its lesson is still there."""
    made = lesson["content"]["provenance"]
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
        "writer": version.writer,
        "model": made.get("model"),
        "focus": made.get("focus"),
        "error": None,
        "lesson": lesson,
        "version": version.text,
        "created_at": None,
        "started_at": None,
        "completed_at": moment(version.created_at),
        "spent": {"calls": None, "tokens": made.get("tokens", 0), "cost": made.get("cost", 0.0)},
    }


def row(task: Task) -> dict[str, Any]:
    """A task in the list that `tasks` answers: its state without the lesson, with whose it is and how urgent."""
    shown = state(task, None)
    del shown["lesson"]
    return {**shown, "user": task.user, "priority": task.priority.word, "batch_id": task.batch_id}


def batch_row(standing: Standing) -> dict[str, Any]:
    """A batch in the list that `batch list` answers."""
    batch = standing.batch
    return {
        **batch.head(),
        "counts": dict(standing.counts),
        "tokens": standing.spent.tokens,
        "cost": standing.spent.cost,
        "created_at": moment(batch.created_at),
        "ended_at": moment(batch.ended_at),
        "provider": at_provider(standing.provider),
        "judges": dict(standing.judges),
    }


def at_provider(found: AtProvider | None) -> dict[str, Any] | None:
    """Where the calls of a batch stand that go by the provider's Batch API; null where none waits for an answer."""
    if found is None:
        return None
    return {
        "waiting": found.waiting,
        "sent": found.sent,
        "answered": found.answered,
        "batches": [
            {
                "provider_id": each.provider_id,
                "status": each.status or "sending",
                "model": each.model,
                "calls": each.calls,
                "answered": each.answered,
                "failed": each.failed,
                "trouble": each.trouble,
                "created_at": moment(each.created_at),
            }
            for each in found.sent_batches
        ],
    }


def batch_state(
    standing: Standing, *, per_minute: float, seconds_left: float | None, failed: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What `batch show` answers; `alike` is known once the batch is over.

    An address is shown without its query, which may hold a secret.
    """
    batch, summary = standing.batch, standing.summary
    return {
        **batch_row(standing),
        "is_over": summary is not None,
        "tasks_per_minute": round(per_minute, 1),
        "seconds_left": None if seconds_left is None else round(seconds_left),
        "fail_fast": batch.fail_fast,
        "on_done": batch.on_done,
        "webhook": batch.webhook.partition("?")[0] if batch.webhook else None,
        "failed": list(failed),
        "alike": summary["alike"] if summary else [],
    }


def lesson_row(lesson: StoredLesson, approved_by: Sequence[str] = ()) -> dict[str, Any]:
    """A lesson in the list that `lessons` answers, with who has approved its newest version."""
    return {
        **named(lesson.name),
        "kind": "fact_sheet" if lesson.is_fact_sheet else "lesson",
        "version": lesson.latest,
        "versions": lesson.versions,
        "harder": lesson.harder or None,
        "created_at": moment(lesson.created_at),
        "updated_at": moment(lesson.updated_at),
        "approved_by": list(approved_by),
    }


def locks_shown(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Locked parts of a lesson."""
    return [{"part": part.name, "title": part.title} for part in parts]


def version_row(version: Version) -> dict[str, Any]:
    """A version in the list that `history` answers."""
    return {
        "version": version.text,
        "created_at": moment(version.created_at),
        "writer": version.writer,
        "reason": version.reason,
        "task_id": version.task_id,
        "approved_by": [each.reviewer for each in version.approvals],
    }


def worker_row(peer: Peer, running: int) -> dict[str, Any]:
    """A worker in the list that `worker status` answers, with how many tasks it holds."""
    return {
        "worker_id": peer.card.worker_id,
        "pid": peer.card.pid,
        "host": peer.card.host or None,
        "started_at": peer.card.started_at,
        "concurrency": peer.card.concurrency,
        "running": running,
        "is_detached": peer.card.is_detached,
        "is_leaving": peer.is_leaving,
        "is_frozen": peer.is_frozen,
    }
