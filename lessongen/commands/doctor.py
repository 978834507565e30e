"""`doctor`: what works here and what does not, each with its remedy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import typer

from lessongen.app import App
from lessongen.commands.session import Context, Db, Json, open_session
from lessongen.errors import ExitCode, LessongenError
from lessongen.ports.store import TaskFilter
from lessongen.render import Output, counted, status_words
from lessongen.task import Status

_FREE_BYTES_WANTED = 200_000_000
_ESTIMATES_SEEN = 200

_WRITABLE = "Change its permissions, or use --db PATH."

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """What one look found: `fail` where lessons can't be made, `warn` where something is not as it should be."""

    name: str
    state: State
    detail: str
    remedy: str | None = None


def doctor(context: Context, as_json: Json = False, db: Db = None) -> None:
    """Check what works here and what does not.

    The exit code is that of the first thing that is broken.
    """
    output: Output = context.obj
    output.as_json = as_json
    findings: list[Finding] = []
    code = ExitCode.DONE
    for name, look in _looks(context, db):
        try:
            findings += look()
        except LessongenError as error:
            findings.append(Finding(name, "fail", error.message, error.hint))
            code = code or error.exit_code
    code = code or (ExitCode.CONFIGURATION if any(each.state == "fail" for each in findings) else ExitCode.DONE)
    if as_json:
        output.json({"ok": code == ExitCode.DONE, "checks": [asdict(each) for each in findings]})
    else:
        _print(output, findings)
    if code:
        raise typer.Exit(int(code))


def _print(output: Output, findings: list[Finding]) -> None:
    for each in findings:
        output.line(f"{each.state:<5} {each.name:<12} {each.detail}", hang=19)
        if each.remedy:
            output.line(f"{'':<18} → {each.remedy}", hang=21)


def _looks(context: Context, db: str | None) -> Iterator[tuple[str, Callable[[], list[Finding]]]]:
    """All looks by name; where the configuration is broken, that is the only one."""
    try:
        app = open_session(context, as_json=context.obj.as_json, db=db).app
    except LessongenError as error:
        refused = error

        def broken() -> list[Finding]:
            raise refused

        yield "config", broken
        return
    yield "config", lambda: _config(app)
    yield "database", lambda: [*_database(app), *_worker(app), *_estimates(app)]
    yield "encyclopedia", lambda: _encyclopedia(app)
    yield "writer", lambda: _writer(context.obj)
    yield "disk", lambda: _disk(app.settings.database.parent)


def _config(app: App) -> list[Finding]:
    file = app.settings.config_file
    return [Finding("config", "ok", str(file) if file.is_file() else f"defaults; {file} is not there")]


def _database(app: App) -> list[Finding]:
    path = app.settings.database
    if not os.path.exists(path):
        there = _nearest_folder(path.parent)
        if not os.access(there, os.W_OK):
            return [Finding("database", "fail", f"{path} can't be made: {there} is read-only", _WRITABLE)]
        return [Finding("database", "ok", f"{path} is not there yet; the first task makes it")]
    problems = app.store.problems()
    if problems:
        return [Finding("database", "fail", f"{path} is damaged: {problems[0]}", "Restore a backup.")]
    counts = app.store.tasks.counts(TaskFilter())
    tasks = ", ".join(f"{count} {status_words(status)}" for status, count in counts.items() if count) or "no tasks"
    return [Finding("database", "ok", f"{path}, schema {app.store.schema}, sound; {tasks}")]


def _worker(app: App) -> list[Finding]:
    if not os.path.exists(app.settings.database):
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
    if not app.settings.database.exists():
        return []
    made, held = app.store.lessons.estimates_held(_ESTIMATES_SEEN)
    if not made:
        return [Finding("estimates", "ok", "none yet to compare with what came of it")]
    return [
        Finding("estimates", "ok", f"the time given held for {held} of the last {made} lessons ({held / made:.0%})")
    ]


def _encyclopedia(app: App) -> list[Finding]:
    from lessongen.sources.offline import open_encyclopedia

    encyclopedia = open_encyclopedia(app.settings.cache_folder)
    if encyclopedia.has_neighbours:
        return [Finding("encyclopedia", "ok", encyclopedia.pack.revision)]
    detail = f"{encyclopedia.pack.revision} is installed, but the table of related articles is made for another release"
    return [Finding("encyclopedia", "warn", detail, "pip install 'lessongen[offline]'")]


def _writer(output: Output) -> list[Finding]:
    key = "OPENAI_API_KEY is set" if output.environment.get("OPENAI_API_KEY") else "no key is set, and none is needed"
    return [Finding("writer", "ok", f"extractive; {key}")]


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
