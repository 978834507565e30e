"""Taking a request: a new task, or the stored lesson that is the answer."""

from __future__ import annotations

import uuid

from lessongen.app import App
from lessongen.generation.library import shown
from lessongen.lesson.records import Reuse
from lessongen.lesson.task import LessonRequest, Priority, Status, Task
from lessongen.lesson.versions import Version
from lessongen.web.answers import reused_status, status_of, stored_message, wire_status
from lessongen.web.callers import Call, Caller
from lessongen.web.problems import Refusal
from lessongen.web.wire import Decided, GenerationStatus, LessonGenerationResponse, LessonStatusResponse


def submit(
    call: Call, request: LessonRequest, *, user: str, priority: Priority, defer: bool
) -> LessonGenerationResponse:
    """Accept the request as a task; it is on disk when this returns, and a worker is told."""
    task = call.app.jobs.submit(
        [request], user=user, priority=priority, writer=request.writer, defer=defer, limit=call.caller.limit
    )[0]
    call.starter.kick()
    return LessonGenerationResponse(
        task_id=task.task_id,
        status=wire_status(task.status),
        message=f"Lesson generation started for {request.subject}/{request.topic}",
        estimated_completion_time=task.estimate.words if task.estimate else "unknown",
        poll_url=poll_url(task.task_id),
        decided=_decided(call.app, request),
    )


def _decided(app: App, request: LessonRequest) -> Decided:
    expects, exam = app.expected_cost(request), app.exam_before(request)
    return Decided(
        level=request.level,
        minutes=request.minutes,
        questions=request.questions,
        focus=request.focus,
        writer=request.writer,
        model=request.model,
        estimated_cost=expects.spent.cost or None if expects else None,
        estimated_cost_if_cached=expects.cost_if_cached if expects else None,
        estimated_exam_cost=exam.cost or None if exam else None,
    )


def reuse(call: Call, request: LessonRequest, *, user: str) -> LessonGenerationResponse | None:
    """The stored lesson that is as asked, as a task that is done; None where there is none.

    It is the task that made it while that is there for the caller to see, else an id of the caller's own.
    """
    version = call.app.library.agreeing(request) if not request.sources else None
    if version is None:
        return None
    task = call.app.store.tasks.get(version.task_id) if version.task_id else None
    if task is not None and call.caller.may_see(task.user):
        task_id = task.task_id
    else:
        task_id = str(uuid.uuid4())
        call.app.store.retired.add_reuse(
            Reuse(
                task_id=task_id,
                user=user,
                lesson_id=version.lesson.id,
                number=version.number,
                created_at=call.app.clock.now(),
            )
        )
    return LessonGenerationResponse(
        task_id=task_id,
        status=GenerationStatus.COMPLETED,
        message=stored_message(version),
        estimated_completion_time="0 seconds",
        poll_url=poll_url(task_id),
    )


def poll_url(task_id: str) -> str:
    """Where a task's state is."""
    return f"/lessons/status/{task_id}"


def state(app: App, caller: Caller, task_id: str) -> LessonStatusResponse:
    """A task's state, with the lesson once it is completed.

    Raises `Refusal`: 404 for none, or another user's; 410 for one that is past its retention.
    """
    task = app.store.tasks.get(task_id)
    if task is not None:
        if not caller.may_see(task.user):
            raise no_such_task()
        return status_of(task, _lesson(app, task))
    reused = app.store.retired.reuse(task_id)
    if reused is not None and caller.may_see(reused.user):
        version = app.store.lessons.version(reused.lesson_id, reused.number)
        if version is not None:
            return reused_status(task_id, version, shown(version))
    _raise_expired(app, caller, task_id)
    raise no_such_task()


def visible_task(app: App, caller: Caller, task_id: str) -> Task:
    """A task that is in the queue; raises as `state` does."""
    task = app.store.tasks.get(task_id)
    if task is None:
        state(app, caller, task_id)  # a stored lesson that was handed out has nothing to decide on
        raise no_such_task()
    if not caller.may_see(task.user):
        raise no_such_task()
    return task


def no_such_task() -> Refusal:
    """One answer for a task that is not there and for one that is another's: nobody learns which."""
    return Refusal(404, "There is no such task.", code="not_found")


def _raise_expired(app: App, caller: Caller, task_id: str) -> None:
    user = app.store.retired.user_of_expired(task_id)
    if user is not None:
        if caller.may_see(user):
            raise _gone()
    elif caller.user is None and app.library.version_of_task(task_id) is not None:
        raise _gone()  # dropped before ids were kept


def _gone() -> Refusal:
    return Refusal(410, "The task is past its retention; its lesson, if it made one, stays.", code="expired")


def _lesson(app: App, task: Task) -> dict[str, object] | None:
    if task.status is not Status.COMPLETED:
        return None
    version: Version | None = app.library.version_of_task(task.task_id)
    return shown(version) if version is not None else None
