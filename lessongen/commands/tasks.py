"""`tasks`, `cancel`, `retry`, `purge`: looking at the queue, and deciding on its tasks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from lessongen.commands import completion
from lessongen.commands.session import (
    FIRST_LESSON,
    NoStart,
    Run,
    Session,
    Yes,
    confirm,
    no_database,
    require_database,
    valid_text,
    whole_number,
)
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LIVE, Status, Task
from lessongen.queue.json_views import row
from lessongen.system.errors import UsageError
from lessongen.system.terminal import Output, ago, counted, quoted

_MOST_TASKS = 100_000
_MOST_RESULTS = 50  # more are summed up for a person

_STATUSES = ", ".join(status.words for status in Status)

TaskIds = Annotated[list[str] | None, typer.Argument(metavar="[TASK...]", help="Ids, beginnings of ids, or `last`.")]

OfBatch = Annotated[
    str | None,
    typer.Option(metavar="BATCH", help="Only those of this batch: its id, or `last`."),
]


# ---------------------------------------------------------------- tasks


def tasks(
    *,
    status: Annotated[
        str | None,
        typer.Option(metavar="STATUS", help=f"Only those that are {_STATUSES}.", autocompletion=completion.statuses),
    ] = None,
    user: Annotated[str | None, typer.Option(metavar="NAME", help="Only this user's.")] = None,
    subject: Annotated[str | None, typer.Option(metavar="SUBJECT", help="Only on this subject.")] = None,
    batch: OfBatch = None,
    limit: Annotated[int, typer.Option(metavar="N", parser=whole_number(1, _MOST_TASKS), help="At most so many.")] = 20,
    watch: Annotated[bool, typer.Option("--watch", help="A live board, until Ctrl-C.")] = False,
    run: Run,
) -> None:
    """List active and recent tasks: running ones, then those that wait in their order, then the last finished.

    With --watch a board of the queue, its workers and its throughput; with --json too, one object a line, whenever
    something has changed.
    """
    session = run.session()
    wanted = TaskFilter(
        status=_status(status),
        user=valid_text(user),
        subject=valid_text(subject),
        batch_id=_batch_id(session, batch),
    )
    if watch:
        from lessongen.commands.board import watch as watch_board

        require_database(session)
        watch_board(session, wanted, limit)
        return
    found, counts = _select(session, wanted, limit)
    if run.as_json:
        rows = [row(task) for task in found]
        session.output.json({"tasks": rows, "counts": counts, "total": sum(counts.values())})
        return
    if not found:
        _say_nothing(session, wanted)
        return
    _print_table(session, found)
    total = ", ".join(f"{count} {each.words}" for each, count in counts.items() if count)
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


def _batch_id(session: Session, text: str | None) -> str | None:
    """The whole id of the batch that is meant. Raises `NotFound`."""
    if text is None:
        return None
    require_database(session)
    return session.app.batches.find(text).batch_id


def _status(word: str | None) -> Status | None:
    if word is None:
        return None
    status = re.sub(r"[ -]", "_", word)  # as a table shows it, too
    if status not in list(Status):
        raise UsageError(f"There is no status {quoted(word)}.", hint=f"Give one of {', '.join(Status)}.")
    return Status(status)


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
            task.status.words,
            task.request.lesson.titled,
            f"{task.progress.percent} %" if task.status is Status.IN_PROGRESS else task.version or "",
            ago(task.completed_at or task.started_at or task.created_at, now),
            task.failure.message if task.failure else task.progress.message,
        ]
        for task in found
    ]
    session.output.table(["task", "status", "lesson", "", "when", "message"], rows, narrow=(0, 1, 2))


# ---------------------------------------------------------------- cancel, retry, purge


def cancel(
    *,
    ids: TaskIds = None,
    batch: OfBatch = None,
    every: Annotated[bool, typer.Option("--all", help="All that wait or run.")] = False,
    yes: Yes = False,
    run: Run,
) -> None:
    """Cancel tasks; running ones stop as soon as they can."""
    session = run.existing()
    of_batch = _batch_id(session, batch)
    chosen = _chosen(session, ids, LIVE if every or of_batch else (), "Cancel", of_batch, yes=yes)
    after = session.app.jobs.cancel(chosen)
    session.app.batches.close_ended()
    session.app.roster.wake()
    results = [
        (task, after.get(task.task_id, task.status), _cancelled_words(task, after.get(task.task_id))) for task in chosen
    ]
    _print_results(session.output, results)


def _cancelled_words(task: Task, now: Status | None) -> str:
    if now is None:
        return f"is {task.status.words} already"
    return "cancelled" if now is Status.CANCELLED else "is asked to stop"


def retry(
    *,
    ids: TaskIds = None,
    batch: OfBatch = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed.")] = False,
    every: Annotated[bool, typer.Option("--all", help="All that failed or were cancelled.")] = False,
    no_start: NoStart = False,
    yes: Yes = False,
    run: Run,
) -> None:
    """Try failed or cancelled tasks again; they go on after their last finished step."""
    session = run.existing()
    of_batch = _batch_id(session, batch)
    ended = (Status.FAILED,) if failed and not every else (Status.FAILED, Status.CANCELLED) if every or of_batch else ()
    chosen = _chosen(session, ids, ended, "Retry", of_batch, yes=yes)
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
        else (task, task.status, f"is {task.status.words} already")
        for task in chosen
    ]
    _print_results(session.output, results)
    session.app.glance_at_worker()


def _chosen(
    session: Session, ids: list[str] | None, of: Sequence[Status], verb: str, batch_id: str | None, *, yes: bool
) -> list[Task]:
    """The tasks that are meant: those named, or all of some statuses, of a batch maybe, once that is confirmed."""
    if bool(ids) == bool(of):
        raise UsageError(
            "Say which tasks: their ids, or all of a kind.", hint=f"`lessongen {verb.lower()} --help` says more."
        )
    if ids:
        found = {task.id: task for task in map(session.app.jobs.find, ids)}
        return list(found.values())
    store = session.app.store.tasks
    counts = store.counts(TaskFilter(batch_id=batch_id))
    chosen = [task for each in of for task in store.select(TaskFilter(status=each, batch_id=batch_id), counts[each])]
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
    *,
    user: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Erase all tasks of this user instead, whatever their age."),
    ] = None,
    yes: Yes = False,
    run: Run,
) -> None:
    """Drop the tasks that are past their retention.

    Workers do so by themselves. Lessons stay.
    """
    session = run.session()
    name = valid_text(user)
    if not session.app.has_database():
        dropped = 0
    elif name is None:
        dropped = session.app.jobs.purge()
    else:
        confirm(session.output, f"Cancel and erase all tasks of {quoted(name)}?", yes=yes)
        dropped = session.app.store.tasks.erase_user(name, session.app.clock.now())
        session.app.roster.wake()
    if run.as_json:
        session.output.json({"dropped": dropped})
    else:
        session.output.line(f"{counted(dropped, 'task')} dropped.")
