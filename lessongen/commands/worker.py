"""`worker`: run one, see which are alive, stop them, read the detached one's log."""

from __future__ import annotations

import logging
from collections import deque
from pathlib import Path
from typing import Annotated

import typer

from lessongen.commands.detached import work
from lessongen.commands.session import Run, Session, whole_number
from lessongen.commands.wishes import duration
from lessongen.queue.json_views import worker_row
from lessongen.system.errors import CannotWrite, UsageError
from lessongen.system.files import open_input
from lessongen.system.terminal import ago, counted

Concurrency = Annotated[
    int | None,
    typer.Option(metavar="N", parser=whole_number(1, 64), help="How many tasks to run at once, 1 to 64."),
]


def run(
    *,
    concurrency: Concurrency = None,
    drain: Annotated[bool, typer.Option("--drain", help="Leave when nothing is left to do now.")] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Run in the background, unless one does already.")] = False,
    idle_seconds: Annotated[
        str | None, typer.Option(metavar="DURATION", help="Leave after so long without work.")
    ] = None,
    run: Run,
) -> None:
    """Run a worker in the foreground.

    Ctrl-C or SIGTERM lets it finish what it runs, a second one hands that back to the queue.
    """
    flags = {"worker.concurrency": str(concurrency) if concurrency else None}
    session = run.session(flags=flags)
    idle = duration("--idle-seconds", idle_seconds)
    if detach:
        if drain or idle is not None or concurrency is not None:
            raise UsageError(
                "A detached worker takes its plan from the settings, not from options.",
                hint="Use `lessongen config set worker.concurrency 8`, or LESSONGEN_WORKER_CONCURRENCY=8.",
            )
        _detach(session)
    else:
        _run_here(session, drain=drain, idle_seconds=idle)


def _run_here(session: Session, *, drain: bool, idle_seconds: float | None) -> None:
    from lessongen.queue.daemon import log_to_stderr

    session.app.store.changed()  # a database that can't be used is an error at once, not in the log
    log_to_stderr(logging.INFO if session.output.shows_progress or not drain else logging.WARNING)  # cron mails it
    work(session.app, drain=drain, idle_seconds=idle_seconds, is_detached=False)


def _detach(session: Session) -> None:
    app, output = session.app, session.output
    app.store.changed()
    started = app.start_worker()
    app.require_worker()
    if output.as_json:
        output.json({"started": started, "log": str(app.settings.log_file)})
    elif started:
        output.line("A worker was started; it runs in the background.")
        output.line(f"  Look after it: {app.command('worker', 'status')}, {app.command('worker', 'logs')}")
    else:
        output.line("A worker is running already: none was started.")
        output.line(f"  Look after it: {app.command('worker', 'status')}")


def status(run: Run) -> None:
    """List the workers that are alive."""
    session = run.session()
    app = session.app
    app.rescue()
    running = app.store.tasks.running_workers() if app.has_database() else {}
    peers = app.roster.alive()
    if run.as_json:
        workers = [worker_row(peer, running.get(peer.card.worker_id, 0)) for peer in peers]
        session.output.json({"workers": workers})
        return
    if not peers:
        session.output.line("No worker is alive.")
        session.output.line(f"  Start one: {app.command('worker', '--detach')}")
        return
    from lessongen.system.clock import from_text

    now = app.clock.now()
    has_hosts = any(peer.card.host for peer in peers)
    rows = [
        [
            *([peer.card.host] if has_hosts else []),
            str(peer.card.pid),
            "frozen"
            if peer.is_frozen
            else "leaving"
            if peer.is_leaving
            else "detached"
            if peer.card.is_detached
            else "foreground",
            f"{running.get(peer.card.worker_id, 0)} of {peer.card.concurrency}",
            ago(from_text(peer.card.started_at), now),
        ]
        for peer in peers
    ]
    session.output.table([*(["host"] if has_hosts else []), "process", "kind", "tasks", "started"], rows)


def stop(
    *,
    timeout: Annotated[str, typer.Option(metavar="DURATION", help="How long to wait for them.")] = "15s",
    run: Run,
) -> None:
    """Ask all workers of this database to leave, and wait until they have.

    They finish what they run, or hand it back to the queue.
    """
    from lessongen.queue.daemon import stop as stop_all

    session = run.session()
    session.app.rescue()
    stopped = stop_all(session.app.roster, timeout_seconds=duration("--timeout", timeout) or 0.0)
    if run.as_json:
        session.output.json({"stopped": [card.worker_id for card in stopped]})
    else:
        session.output.line(f"{counted(len(stopped), 'worker')} stopped." if stopped else "No worker is alive.")


def logs(
    *,
    lines: Annotated[
        int,
        typer.Option("--lines", "-n", metavar="N", parser=whole_number(1, 100_000), help="How many of the last lines."),
    ] = 40,
    run: Run,
) -> None:
    """Show the end of the detached worker's log."""
    session = run.session()
    file = session.app.settings.log_file
    last = _last_lines(file, lines)
    if run.as_json:
        session.output.json({"path": str(file), "lines": last})
        return
    if not last:
        session.output.note(f"There is no log yet; it will be {file}.")
    for line in last:
        session.output.line(line)


def _last_lines(file: Path, most: int) -> list[str]:
    try:
        with open_input(file) as log:
            return [line.decode(errors="replace").rstrip("\r\n") for line in deque(log, maxlen=most)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise CannotWrite(f"The log {file} can't be read: {error.strerror}.") from error
