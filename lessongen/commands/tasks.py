"""`status`, `tasks`, `cancel`, `retry`, `purge`: looking at tasks, and deciding on them."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from lessongen.app import App
from lessongen.commands import completion
from lessongen.commands.session import (
    FIRST_LESSON,
    Context,
    Db,
    Json,
    Session,
    TaskId,
    Yes,
    confirm,
    no_database,
    open_existing,
    open_session,
    require_database,
    whole_number,
)
from lessongen.errors import NotFound, UsageError
from lessongen.ports.store import TaskFilter
from lessongen.render import Output, ago, counted, quoted, status_words
from lessongen.shapes import row, state, stored_state
from lessongen.task import LIVE, Status, Task
from lessongen.versions import Version

_MOST_TASKS = 100_000
_MOST_RESULTS = 50  # more are summed up for a person

_STATUSES = ", ".join(map(status_words, Status))

TaskIds = Annotated[
    list[str] | None, typer.Argument(metavar="[TASK...]", help="Ids, beginnings of ids, or `last`.", show_default=False)
]


# ---------------------------------------------------------------- status


def status(
    context: Context,
    task: TaskId,
    watch: Annotated[bool, typer.Option("--watch", help="Follow it to its end.")] = False,
    as_json: Json = False,
    db: Db = None,
) -> None:
    """Show how far a task is.

    With --watch the exit code is that of the task's failure.
    """
    session = open_existing(context, as_json=as_json, db=db)
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
        from lessongen.lessons import shown

        version = app.shelf.version_of_task(task.task_id)
        lesson = shown(version) if version is not None else None
    return state(task, lesson)


def state_of_stored(version: Version) -> dict[str, Any]:
    """The state of a task that is gone while its lesson is there."""
    from lessongen.lessons import shown

    sources = json.loads(version.content).get("sources") or [{}]
    return stored_state(version.task_id or "", version, shown(version), sources[0].get("title"))


def _show_stored(session: Session, text: str) -> None:
    """A completed task outlives its retention in its lesson. Raises `NotFound` if there is none either."""
    version = session.app.shelf.version_of_task(text.strip().lower()) if _is_whole_id(text) else None
    if version is None:
        session.app.jobs.find(text)
        return
    if session.output.as_json:
        session.output.json(state_of_stored(version))
        return
    name = version.lesson.name
    session.output.line(f"{version.task_id}  completed {ago(version.created_at, session.app.clock.now())}")
    session.output.line(f"  lesson    {name.subject} / {name.topic}, version {version.text}")


def _is_whole_id(text: str) -> bool:
    try:
        uuid.UUID(text.strip())
    except ValueError:
        return False
    return True


def _watch(session: Session, task: Task) -> None:
    from lessongen.commands.follow import Follower, outcome
    from lessongen.errors import Interrupted

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
    if output.as_json:
        output.json({**state_with_lesson(app, task), "worker_alive": app.roster.has_taker()})
        return
    now = app.clock.now()
    output.line(f"{task.task_id}  {status_words(task.status)}")
    lesson = f"{task.request.subject} / {task.request.topic}"
    facts = {
        "lesson": lesson + (f", version {task.version}" if task.version else ""),
        "article": task.article,
        "step": f"{task.progress.step or 'waiting'}, {task.progress.percent} %: {task.progress.message}",
        "attempt": f"{task.attempt} of {task.max_attempts}" if task.attempt else None,
        "created": ago(task.created_at, now),
        "started": ago(task.started_at, now),
        "ended": ago(task.completed_at, now),
        "error": task.failure.message if task.failure else None,
        "hint": task.failure.hint if task.failure else None,
    }
    for name, fact in facts.items():
        if fact:
            output.line(f"  {name:<9} {fact}", hang=12)
    _say_next(session, task)


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


# ---------------------------------------------------------------- tasks


def tasks(
    context: Context,
    status: Annotated[
        str | None,
        typer.Option(
            metavar="STATUS",
            help=f"Only those that are {_STATUSES}.",
            show_default=False,
            autocompletion=completion.statuses,
        ),
    ] = None,
    user: Annotated[str | None, typer.Option(metavar="NAME", help="Only this user's.", show_default=False)] = None,
    subject: Annotated[
        str | None, typer.Option(metavar="SUBJECT", help="Only on this subject.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", parser=whole_number(1, _MOST_TASKS), help="At most so many.")] = 20,
    watch: Annotated[bool, typer.Option("--watch", help="A live board, until Ctrl-C.")] = False,
    as_json: Json = False,
    db: Db = None,
) -> None:
    """List active and recent tasks: running ones, then those that wait in their order, then the last finished.

    With --watch a board of the queue, its workers and its throughput; with --json too, one object a line, whenever
    something has changed.
    """
    session = open_session(context, as_json=as_json, db=db)
    wanted = TaskFilter(status=_status(status), user=_text(user), subject=_text(subject))
    if watch:
        from lessongen.commands.board import watch as watch_board

        require_database(session)
        watch_board(session, wanted, limit)
        return
    found, counts = _select(session, wanted, limit)
    if as_json:
        rows = [row(task) for task in found]
        session.output.json({"tasks": rows, "counts": counts, "total": sum(counts.values())})
        return
    if not found:
        _say_nothing(session, wanted)
        return
    _print_table(session, found)
    total = ", ".join(f"{count} {status_words(each)}" for each, count in counts.items() if count)
    session.output.line(f"{total}.")
    if counts[Status.PENDING] and not session.app.roster.has_taker():
        from lessongen.commands.follow import no_worker

        session.output.note(no_worker(session.app))


def _select(session: Session, wanted: TaskFilter, limit: int) -> tuple[Sequence[Task], dict[Status, int]]:
    """The tasks to list and how many there are in each status; none where there is no database."""
    if not session.app.has_database():
        return [], dict.fromkeys(Status, 0)
    session.app.rescue()
    store = session.app.store.tasks
    return store.select(wanted, limit), store.counts(wanted)


def _status(word: str | None) -> Status | None:
    if word is None:
        return None
    status = re.sub(r"[ -]", "_", word)  # as a table shows it, too
    if status not in list(Status):
        raise UsageError(f"There is no status {quoted(word)}.", hint=f"Give one of {', '.join(Status)}.")
    return Status(status)


def _text(value: str | None) -> str | None:
    """A text to look for; the database can't be asked for one that is not valid UTF-8."""
    if value is not None and not _is_utf8(value):
        raise UsageError(f"{quoted(value)} is not valid UTF-8.", hint="Check your terminal's encoding.")
    return value


def _is_utf8(text: str) -> bool:
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in text)


def _say_nothing(session: Session, wanted: TaskFilter) -> None:
    if not session.app.has_database():
        session.output.line(no_database(session, "tasks"))
    elif wanted != TaskFilter():
        session.output.line("No task is like that.")
        return
    else:
        session.output.line("There are no tasks.")
    session.output.line(f"  Ask for a lesson: {session.app.command(*FIRST_LESSON)}")


def _print_table(session: Session, found: Sequence[Task]) -> None:
    now = session.app.clock.now()
    rows = [
        [
            task.task_id[:8],
            status_words(task.status),
            f"{task.request.subject} / {task.request.topic}",
            f"{task.progress.percent} %" if task.status is Status.IN_PROGRESS else task.version or "",
            ago(task.completed_at or task.started_at or task.created_at, now),
            task.failure.message if task.failure else task.progress.message,
        ]
        for task in found
    ]
    session.output.table(["task", "status", "lesson", "", "when", "message"], rows, narrow=(0, 1, 2))


# ---------------------------------------------------------------- cancel, retry, purge


def cancel(
    context: Context,
    ids: TaskIds = None,
    every: Annotated[bool, typer.Option("--all", help="All that wait or run.")] = False,
    yes: Yes = False,
    as_json: Json = False,
    db: Db = None,
) -> None:
    """Cancel tasks; running ones stop as soon as they can."""
    session = open_existing(context, as_json=as_json, db=db)
    chosen = _chosen(session, ids, LIVE if every else (), "Cancel", yes=yes)
    after = session.app.jobs.cancel(chosen)
    session.app.roster.wake()
    results = [
        (task, after.get(task.task_id, task.status), _cancelled_words(task, after.get(task.task_id))) for task in chosen
    ]
    _print_results(session.output, results)


def _cancelled_words(task: Task, now: Status | None) -> str:
    if now is None:
        return f"is {status_words(task.status)} already"
    return "cancelled" if now is Status.CANCELLED else "is asked to stop"


def retry(
    context: Context,
    ids: TaskIds = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed.")] = False,
    every: Annotated[bool, typer.Option("--all", help="All that failed or were cancelled.")] = False,
    no_start: Annotated[bool, typer.Option("--no-start", help="Start no worker.")] = False,
    yes: Yes = False,
    as_json: Json = False,
    db: Db = None,
) -> None:
    """Try failed or cancelled tasks again; they go on after their last finished step."""
    session = open_existing(context, as_json=as_json, db=db)
    ended = (Status.FAILED, Status.CANCELLED) if every else (Status.FAILED,) if failed else ()
    chosen = _chosen(session, ids, ended, "Retry", yes=yes)
    done = [task for task in chosen if task.status is Status.COMPLETED]
    if done:
        raise UsageError(
            f"Task {done[0].task_id} is completed: there is nothing to retry.",
            hint="`lessongen create` writes a new version.",
        )
    again = set(session.app.jobs.retry(chosen))
    if again and not no_start:
        session.app.start_worker()
    results = [
        (task, Status.PENDING, "waits for a worker")
        if task.task_id in again
        else (task, task.status, f"is {status_words(task.status)} already")
        for task in chosen
    ]
    _print_results(session.output, results)


def _chosen(session: Session, ids: list[str] | None, of: Sequence[Status], verb: str, *, yes: bool) -> list[Task]:
    """The tasks that are meant: those named, or all of some statuses once that is confirmed."""
    if bool(ids) == bool(of):
        raise UsageError("Say which tasks: their ids, or all of a kind.", hint=f"`lessongen {verb.lower()} --help`")
    if ids:
        found = {task.id: task for task in map(session.app.jobs.find, ids)}
        return list(found.values())
    store = session.app.store.tasks
    counts = store.counts(TaskFilter())
    chosen = [task for each in of for task in store.select(TaskFilter(status=each), counts[each])]
    if chosen:
        confirm(session.output, f"{verb} {counted(len(chosen), 'task')}?", yes=yes)
    return chosen


def _print_results(output: Output, results: Sequence[tuple[Task, Status, str]]) -> None:
    if output.as_json:
        output.json({"tasks": [{"task_id": task.task_id, "status": status} for task, status, _ in results]})
        return
    if not results:
        output.line("No task is like that.")
    if len(results) > _MOST_RESULTS:
        output.line(_summed_up([words for _, _, words in results]))
        return
    for task, _, words in results:
        output.line(f"{task.task_id}  {words}")


def _summed_up(words: Sequence[str]) -> str:
    """What became of many tasks, counted."""
    from collections import Counter

    return "; ".join(f"{each}: {count:,}" for each, count in Counter(words).most_common())


def purge(
    context: Context,
    user: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Erase all tasks of this user instead, whatever their age.", show_default=False
        ),
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
    db: Db = None,
) -> None:
    """Drop the tasks that are past their retention.

    Workers do so by themselves. Lessons stay.
    """
    session = open_session(context, as_json=as_json, db=db)
    name = _text(user)
    if not session.app.has_database():
        dropped = 0
    elif name is None:
        dropped = session.app.jobs.purge()
    else:
        confirm(session.output, f"Cancel and erase all tasks of {quoted(name)}?", yes=yes)
        dropped = session.app.store.tasks.erase_user(name, session.app.clock.now())
        session.app.roster.wake()
    if as_json:
        session.output.json({"dropped": dropped})
    else:
        session.output.line(f"{counted(dropped, 'task')} dropped.")
