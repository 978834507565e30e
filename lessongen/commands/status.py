"""`status`: one task, how far it is, and what came of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from lessongen.app import App
from lessongen.commands.provenance import KEPT_TEXT, facts, print_facts
from lessongen.commands.session import Run, Session, TaskId
from lessongen.lesson.attempt import Spent
from lessongen.lesson.task import Status, Task
from lessongen.lesson.versions import Version
from lessongen.queue.json_views import spent, state, stored_state
from lessongen.system.errors import NotFound
from lessongen.system.terminal import ago, dollars


def status(
    *,
    task: TaskId,
    watch: Annotated[bool, typer.Option("--watch", help="Follow it to its end.")] = False,
    run: Run,
) -> None:
    """Show how far a task is.

    With --watch the exit code is that of the task's failure.
    """
    session = run.existing()
    session.app.rescue()
    try:
        found = session.app.jobs.find(task)
    except NotFound:
        _show_stored(session, task)
        return
    if watch:
        _watch(session, found)
        return
    _print_state(session, found)


def state_with_lesson(app: App, task: Task) -> dict[str, Any]:
    """A task's state, with the lesson once it is completed."""
    lesson = None
    if task.status is Status.COMPLETED:
        from lessongen.generation.library import shown

        version = app.library.version_of_task(task.task_id)
        lesson = shown(version) if version is not None else None
    return state(task, lesson)


def state_of_stored(version: Version) -> dict[str, Any]:
    """The state of a task that is gone while its lesson is there."""
    from lessongen.generation.library import shown

    sources = json.loads(version.content).get("sources") or [{}]
    return stored_state(version.task_id or "", version, shown(version), sources[0].get("title"))


def _show_stored(session: Session, text: str) -> None:
    """A completed task outlives its retention in its lesson. Raises `NotFound` if there is none either."""
    version = session.app.library.version_of_task(text.strip().lower()) if _is_whole_id(text) else None
    if version is None:
        session.app.jobs.find(text)
        return
    if session.output.as_json:
        session.output.json(state_of_stored(version))
        return
    name = version.lesson.name
    session.output.line(f"{version.task_id}  completed {ago(version.created_at, session.app.clock.now())}")
    lesson = f"{name.titled}, version {version.text}"
    print_facts(session.output, [("lesson", lesson), *facts(json.loads(version.content))])
    session.output.line(f"  Show it: {session.app.command('show', version.task_id or '')}")


def _is_whole_id(text: str) -> bool:
    try:
        uuid.UUID(text.strip())
    except ValueError:
        return False
    return True


def _watch(session: Session, task: Task) -> None:
    from lessongen.commands.follow import Follower, outcome
    from lessongen.system.errors import Interrupted

    try:
        ended = Follower(app=session.app, output=session.output, keeps_worker=False).follow(task, timeout_seconds=None)
    except KeyboardInterrupt as error:
        raise Interrupted("The task goes on without you.") from error
    if ended is None:
        _show_stored(session, task.task_id)
        return
    failure = outcome(ended)
    if failure is not None:
        raise failure
    _print_state(session, ended)


def _print_state(session: Session, task: Task) -> None:
    app, output = session.app, session.output
    took = app.store.leases.spent(task)
    if output.as_json:
        shown = state_with_lesson(app, task)
        output.json({**shown, "spent": spent(took), "worker_alive": app.roster.has_taker()})
        return
    output.line(f"{task.task_id}  {task.status.words}")
    print_facts(output, [(name, fact) for name, fact in _facts(app, task, took) if fact])
    _say_next(session, task)


def _facts(app: App, task: Task, took: Spent) -> Iterator[tuple[str, str | None]]:
    now, request, failure = app.clock.now(), task.request, task.failure
    yield "lesson", request.lesson.titled + (f", version {task.version}" if task.version else "")
    yield "article", task.article
    yield "focus", request.focus if task.status is not Status.COMPLETED else None
    yield "step", f"{task.progress.step or 'waiting'}, {task.progress.percent} %: {task.progress.message}"
    yield "attempt", f"{task.attempt} of {task.max_attempts}" if task.attempt else None
    yield "created", ago(task.created_at, now)
    yield "started", ago(task.started_at, now)
    yield "ended", ago(task.completed_at, now)
    yield "error", failure.message if failure else None
    yield "hint", failure.hint if failure else None
    version = app.library.version_of_task(task.task_id) if task.status is Status.COMPLETED else None
    if version is not None:
        yield from facts(json.loads(version.content))
        return
    yield "writer", request.writer + (f" with {request.model}" if request.model else "")
    if request.writer == "openai" and not task.status.is_finished:
        from lessongen.commands.expected_judge import who_will_judge

        yield from (("judge", line) for line in who_will_judge(app, request) if line)
    for source in request.sources:
        yield "source", "standard input" if source.startswith(KEPT_TEXT) else source
    yield "spent", took.words if took.calls else None
    yield "limit", f"at most {dollars(request.max_cost)}" if request.max_cost is not None else None


def _say_next(session: Session, task: Task) -> None:
    app, output = session.app, session.output
    if task.status is Status.COMPLETED:
        output.line(f"  Show it: {app.command('show', task.task_id)}")
    elif task.status.is_finished:
        output.line(f"  Try again: {app.command('retry', task.task_id)}")
    elif not app.roster.has_taker():
        from lessongen.commands.follow import no_worker

        output.note(no_worker(app))
    else:
        output.line(f"  Follow it: {app.command('status', task.task_id, '--watch')}")
