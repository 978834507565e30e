"""`schedule`: have a batch submitted at set times, by the user's own crontab or a systemd timer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from lessongen.commands.schedule_install import (
    install_in_crontab,
    install_units,
    remove_from_crontab,
    remove_units,
    require_calendar,
)
from lessongen.commands.session import Run, Session
from lessongen.queue.cron import Cron, parse
from lessongen.queue.schedule import Job, crontab_line, service, timer
from lessongen.system import importing
from lessongen.system.addresses import DatabaseAddress
from lessongen.system.errors import ExitCode, TaskOutcome, UsageError
from lessongen.system.terminal import quoted

_REHEARSAL_SECONDS = 600


def schedule(
    *,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The batch file.")],
    options: Annotated[
        list[str] | None,
        typer.Argument(metavar="[-- OPTION...]", help="Options for `batch submit`, as in -- --skip-existing."),
    ] = None,
    cron: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="When, as crontab has it: minute, hour, day, month, weekday. “0 5 * * 1” is Mondays at 5:00.",
        ),
    ] = None,
    systemd: Annotated[bool, typer.Option("--systemd", help="A systemd service and timer, no crontab line.")] = False,
    install: Annotated[bool, typer.Option("--install", help="Put it into your own crontab, or units.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take it out again.")] = False,
    run: Run,
) -> None:
    """Have a batch submitted at set times, by cron or systemd.

    Prints what is to be put where, unless --install puts it there. What it runs is tried first, with --dry-run. It
    waits for the batch's end and prints nothing but what went wrong, which cron mails.
    """
    session = run.session()
    plan = _Plan(cron=_time(cron, remove=remove, install=install), job=_job(session, file, options or ()))
    if remove:
        found = remove_units(plan.job) if systemd else remove_from_crontab(plan.job)
        _say_removed(session, plan.job, found=found, systemd=systemd)
        return
    if systemd:
        require_calendar(plan.when.calendar())
    _rehearse(session, plan.job)
    places = _install(plan, systemd=systemd) if install else ()
    _say(session, plan, places, systemd=systemd)


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What is to run, and when; nobody needs to say when to take it out."""

    cron: Cron | None
    job: Job

    @property
    def when(self) -> Cron:
        if self.cron is None:
            raise UsageError("When is it to run?", hint='Give --cron "0 5 * * 1", for Mondays at 5:00.')
        return self.cron

    def units(self) -> dict[str, str]:
        """The texts of the systemd units, by file name."""
        return {f"{self.job.unit}.service": service(self.job), f"{self.job.unit}.timer": timer(self.when, self.job)}


def _time(text: str | None, *, remove: bool, install: bool) -> Cron | None:
    if remove and install:
        raise UsageError("--install and --remove are both given.", hint="Give one of them.")
    if text is None and not remove:
        raise UsageError("When is it to run?", hint='Give --cron "0 5 * * 1", for Mondays at 5:00.')
    return None if text is None else parse(text)


def _job(session: Session, file: str, options: Sequence[str]) -> Job:
    from lessongen.system.files import given_path

    if file == "-":
        raise UsageError("Standard input can't be scheduled.", hint="Save the rows in a file.")
    path = Path(os.path.abspath(given_path(file, "the batch file")))
    for option in ("--db", "--json", "--dry-run"):
        if any(each.partition("=")[0] == option for each in options):
            raise UsageError(f"{option} can't be given to the scheduled command.", hint="Give it before the --.")
    settings = session.app.settings
    words = [*_program(), "batch", "submit", str(path)]
    words += [each for each in ("--wait",) if each not in options]
    words += options
    if isinstance(settings.database, DatabaseAddress) and settings.database.has_password:
        raise UsageError(
            "The address of the database holds a password, which cron and systemd would show.",
            hint="Leave it out of LESSONGEN_DATABASE, and keep it in ~/.pgpass.",
        )
    if settings.origins["database"] in ("flag", "LESSONGEN_DATABASE"):
        words += ["--db", str(settings.database)]
    home = session.output.environment.get("LESSONGEN_HOME")
    environment = {"LESSONGEN_HOME": os.path.abspath(given_path(home, "LESSONGEN_HOME"))} if home else {}
    return Job(file=path, database=settings.database, words=words, environment=environment)


def _program() -> list[str]:
    """This very installation, as it is found without a PATH."""
    beside = Path(sys.executable).parent / "lessongen"
    if beside.is_file() and os.access(beside, os.X_OK):
        return [str(beside)]
    return importing.command("lessongen")


def _rehearse(session: Session, job: Job) -> None:
    """Run the command with --dry-run. Raises the error that it would end with each time."""
    form = ["--json"] if session.output.as_json else []
    environment = {**session.output.environment, **job.environment}
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            [*job.words, "--dry-run", *form],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            cwd=os.sep,
            timeout=_REHEARSAL_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"The command can't be tried: {error}") from error
    if done.returncode == ExitCode.DONE:
        return
    said = done.stderr.decode(errors="replace").strip()
    if session.output.as_json:
        raise _told(said, done.returncode)
    session.output.note(said)
    raise TaskOutcome(
        "rehearsal_failed", _exit_code(done.returncode), "Nothing was scheduled: the command would fail each time."
    )


def _told(said: str, code: int) -> TaskOutcome:
    """The error that a command has told as JSON."""
    try:
        error = json.loads(said)["error"]
        return TaskOutcome(error["code"], _exit_code(code), error["message"], hint=error["hint"])
    except (ValueError, KeyError, TypeError):
        return TaskOutcome("rehearsal_failed", _exit_code(code), "Nothing was scheduled: the command would fail.")


def _exit_code(code: int) -> ExitCode:
    return ExitCode(code) if code in list(ExitCode) else ExitCode.BUG


def _install(plan: _Plan, *, systemd: bool) -> Sequence[str]:
    """Where it was put."""
    if systemd:
        return [str(path) for path in install_units(plan.job, plan.units())]
    install_in_crontab(plan.when, plan.job)
    return ["crontab"]


# ---------------------------------------------------------------- answers


def _say(session: Session, plan: _Plan, places: Sequence[str], *, systemd: bool) -> None:
    output, upcoming = session.output, plan.when.first_after(_local_now(session))
    if output.as_json:
        output.json(_as_json(plan, places, upcoming, systemd=systemd))
        return
    if places:
        output.line(f"{plan.job.file} is scheduled in {', '.join(places)}.")
    elif systemd:
        for name, text in plan.units().items():
            output.raw(f"# {name}\n{text}\n")
    else:
        output.raw(crontab_line(plan.when, plan.job) + "\n")
    output.note(f"It runs next on {upcoming:%A, %Y-%m-%d, at %H:%M}, local time.")
    for told in _notes(output.environment, systemd=systemd, is_installed=bool(places)):
        output.note(told)


def _notes(environment: Mapping[str, str], *, systemd: bool, is_installed: bool) -> list[str]:
    notes = []
    if systemd and is_installed:
        notes.append("Your timers run while you are logged in; always, after: loginctl enable-linger")
    elif not is_installed:
        where = "Put the two into ~/.config/systemd/user" if systemd else "Add the line with crontab -e"
        notes.append(f"{where}, or have it done: --install")
    unknown = sorted(
        name
        for name in environment
        if name.startswith(("LESSONGEN_", "OPENAI_")) and name not in ("LESSONGEN_HOME", "LESSONGEN_DATABASE")
    )
    if unknown:
        where = "an EnvironmentFile= of the service" if systemd else "the crontab, above the line"
        notes.append(
            f"It will not know what is set here: {', '.join(unknown)}. Set that in {where}, or keep settings "
            "with `lessongen config set`."
        )
    return notes


def _as_json(plan: _Plan, places: Sequence[str], upcoming: datetime, *, systemd: bool) -> dict[str, Any]:
    return {
        "file": str(plan.job.file),
        "database": str(plan.job.database),
        "command": list(plan.job.words),
        "environment": dict(plan.job.environment),
        "cron": plan.when.text,
        "line": None if systemd else crontab_line(plan.when, plan.job),
        "units": plan.units() if systemd else {},
        "installed": list(places),
        "next_run": upcoming.isoformat(timespec="minutes"),
    }


def _local_now(session: Session) -> datetime:
    return session.app.clock.now().astimezone().replace(tzinfo=None)


def _say_removed(session: Session, job: Job, *, found: bool, systemd: bool) -> None:
    if session.output.as_json:
        session.output.json({"file": str(job.file), "removed": found})
        return
    place = "systemd" if systemd else "your crontab"
    session.output.line(
        f"{job.file} is scheduled in {place} no more."
        if found
        else f"{place} knows no schedule of {quoted(str(job.file))}."
    )
