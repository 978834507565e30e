"""`doctor`: what works here and what does not, each with its remedy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from lessongen.app import App
from lessongen.commands.doctor_judge import judge
from lessongen.commands.doctor_sources import Finding, ModelServer, WikiProbe, archive, encyclopedia, extras
from lessongen.commands.session import Run
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import Status
from lessongen.system.addresses import DatabaseAddress
from lessongen.system.errors import ExitCode, LessongenError
from lessongen.system.terminal import Output, counted

_FREE_BYTES_WANTED = 200_000_000
_ESTIMATES_SEEN = 200

_WRITABLE = "Change its permissions, or use --db PATH."


def doctor(
    *,
    network: Annotated[
        bool, typer.Option("--network/--no-network", help="Ask the model server and the wiki whether they are there.")
    ] = True,
    run: Run,
) -> None:
    """Check what works here and what does not.

    The exit code is that of the first thing that is broken. A silent model server keeps it for ten seconds at most, a
    silent wiki for three.
    """
    output = run.output()
    findings: list[Finding] = []
    with ExitStack() as cleanup:
        for name, look in _looks(run, cleanup, network=network):
            try:
                findings += look()
            except LessongenError as error:
                findings.append(Finding(name, "fail", error.message, error.hint, error.exit_code))
    code = next((each.exit_code for each in findings if each.state == "fail"), ExitCode.DONE)
    if run.as_json:
        output.json({"ok": code == ExitCode.DONE, "checks": [_shown(each) for each in findings]})
    else:
        _print(output, findings)
    if code:
        raise typer.Exit(int(code))


def _shown(finding: Finding) -> dict[str, str | None]:
    return {"name": finding.name, "state": finding.state, "detail": finding.detail, "remedy": finding.remedy}


def _print(output: Output, findings: list[Finding]) -> None:
    for each in findings:
        output.line(f"{each.state:<5} {each.name:<12} {each.detail}", hang=19)
        if each.remedy:
            output.line(f"{'':<18} → {each.remedy}", hang=21)


def _looks(run: Run, cleanup: ExitStack, *, network: bool) -> Iterator[tuple[str, Callable[[], Iterable[Finding]]]]:
    """All looks by name; where the configuration is broken, that is the only one."""
    try:
        app = run.session().app
    except LessongenError as error:
        refused = error

        def broken() -> list[Finding]:
            raise refused

        yield "config", broken
        return
    server, wiki = ModelServer(app, run.output().environment, network=network), WikiProbe(app, network=network)
    cleanup.callback(server.close)
    yield "config", lambda: _config(app)
    yield "database", lambda: [*_database(app), *_worker(app), *_estimates(app)]
    yield "encyclopedia", lambda: encyclopedia(app)
    yield "wiki", wiki.findings
    yield "archive", lambda: archive(app)
    yield "writer", server.findings
    yield "judge", lambda: judge(app)
    yield "extras", extras
    path = app.settings.database
    if isinstance(path, Path):
        yield "disk", lambda: _disk(path.parent)


def _config(app: App) -> list[Finding]:
    file = app.settings.config_file
    return [Finding("config", "ok", str(file) if file.is_file() else f"defaults; {file} is not there")]


def _database(app: App) -> list[Finding]:
    path = app.settings.database
    if isinstance(path, DatabaseAddress):
        return [Finding("database", "ok", f"{path}, PostgreSQL {app.server_store.version}; {_tasks(app)}")]
    if not app.has_database():
        there = _nearest_folder(path.parent)
        if not os.access(there, os.W_OK):
            return [Finding("database", "fail", f"{path} can't be made: {there} is read-only", _WRITABLE)]
        return [Finding("database", "ok", f"{path} is not there yet; the first task makes it")]
    problems = app.file_store.problems()
    if problems:
        return [Finding("database", "fail", f"{path} is damaged: {problems[0]}", "Restore a backup.")]
    return [Finding("database", "ok", f"{path}, schema {app.file_store.schema}, sound; {_tasks(app)}")]


def _tasks(app: App) -> str:
    counts = app.store.tasks.counts(TaskFilter())
    return ", ".join(f"{count} {status.words}" for status, count in counts.items() if count) or "no tasks"


def _is_there(app: App) -> bool:
    path = app.settings.database
    return isinstance(path, DatabaseAddress) or path.exists()


def _worker(app: App) -> list[Finding]:
    if not _is_there(app):
        return [Finding("worker", "ok", "none is needed yet")]
    alive = [peer for peer in app.roster.alive() if not peer.is_leaving]
    if alive:
        return [Finding("worker", "ok", f"{len(alive)} alive")]
    waiting = app.store.tasks.counts(TaskFilter())[Status.PENDING]
    if not waiting:
        return [Finding("worker", "ok", "none is alive, nothing waits; `create` starts one")]
    start = app.command("worker", "--detach")
    return [Finding("worker", "warn", f"none is alive, and {counted(waiting, 'task')} waiting", f"Start one: {start}")]


def _estimates(app: App) -> list[Finding]:
    if not _is_there(app):
        return []
    made, held = app.store.lessons.estimates_held(_ESTIMATES_SEEN)
    if not made:
        return [Finding("estimates", "ok", "none yet to compare with what came of it")]
    return [
        Finding("estimates", "ok", f"the time given held for {held} of the last {made} lessons ({held / made:.0%})")
    ]


def _disk(folder: Path) -> list[Finding]:
    """The space where the database is, or will be."""
    there = _nearest_folder(folder)
    if not os.access(there, os.W_OK):
        return [Finding("disk", "fail", f"{there} is read-only", _WRITABLE)]
    free = shutil.disk_usage(there).free
    detail = f"{free / 1e9:.1f} GB free in {there}"
    if free < _FREE_BYTES_WANTED:
        return [Finding("disk", "warn", detail, "Free some space.")]
    return [Finding("disk", "ok", detail)]


def _nearest_folder(folder: Path) -> Path:
    """The folder itself, or the first above it that is there."""
    while not os.path.exists(folder) and folder != folder.parent:
        folder = folder.parent
    return folder
