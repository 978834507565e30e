"""Putting a schedule into the user's own crontab, or among the user's own systemd units, and taking it out again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from lessongen.queue.cron import Cron
from lessongen.queue.schedule import Job, with_job, without_job
from lessongen.system.errors import CannotWrite, Unavailable, UsageError
from lessongen.system.files import make_folder, write_whole

_SECONDS = 30


def install_in_crontab(cron: Cron, job: Job) -> None:
    """Put the job into the user's crontab, or change it there. Raises `CannotWrite`."""
    before = _crontab()
    _write_crontab(before, with_job(before, cron, job))


def remove_from_crontab(job: Job) -> bool:
    """Take the job out of the user's crontab; whether it was there. Raises `CannotWrite`."""
    before = _crontab()
    after = without_job(before, job)
    _write_crontab(before, after)
    return after != before


def _crontab() -> str:
    """The user's crontab, byte for byte; empty where there is none."""
    done = _run(["crontab", "-l"], hint="Install cron, or use systemd: --systemd.")
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "surrogateescape")
    if "no crontab" in said.lower():
        return ""
    raise CannotWrite(f"Your crontab can't be read: {said or 'crontab -l failed'}", hint="See: crontab -l")


def _write_crontab(before: str, after: str) -> None:
    if after == before:
        return
    done = _run(["crontab", "-"], stdin=after.encode("utf-8", "surrogateescape"))
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise CannotWrite(f"Your crontab can't be changed: {said or 'crontab - failed'}", hint="It is as it was.")


# ---------------------------------------------------------------- systemd


def require_calendar(values: Sequence[str]) -> None:
    """Ask systemd, where it is installed, whether it understands these times. Raises `UsageError`."""
    if shutil.which("systemd-analyze") is None:
        return
    done = _run(["systemd-analyze", "calendar", *values])
    if done.returncode:
        raise UsageError(
            f"The systemd of this machine does not understand the time: {done.stderr.decode(errors='replace').strip()}",
            hint="Use cron, without --systemd.",
        )


def install_units(job: Job, units: Mapping[str, str]) -> list[Path]:
    """Write the units and have systemd start the timer; the files. Raises `CannotWrite`, `Unavailable`."""
    _require_systemctl()
    folder = _units_folder()
    make_folder(folder)
    paths = []
    for name, text in units.items():
        write_whole(folder / name, text.encode())
        paths.append(folder / name)
    # A timer that runs already keeps its old times until it is started anew.
    _systemctl(["daemon-reload"], ["enable", f"{job.unit}.timer"], ["restart", f"{job.unit}.timer"])
    return paths


def remove_units(job: Job) -> bool:
    """Stop the timer and delete the units; whether there were any. Raises `CannotWrite`, `Unavailable`."""
    _require_systemctl()
    paths = [_units_folder() / f"{job.unit}{suffix}" for suffix in (".timer", ".service")]
    there = [path for path in paths if path.exists()]
    if not there:
        return False
    _systemctl(["disable", "--now", f"{job.unit}.timer"])
    try:
        for path in there:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(f"{path} can't be deleted: {error.strerror}.") from error
    _systemctl(["daemon-reload"])
    return True


def _units_folder() -> Path:
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(configured) if os.path.isabs(configured) else Path("~/.config").expanduser()
    if not folder.is_absolute():
        raise CannotWrite("There is no home folder for systemd units.", hint="Set HOME.")
    return folder / "systemd" / "user"


def _require_systemctl() -> None:
    if shutil.which("systemctl") is None:
        raise CannotWrite("There is no systemd on this machine: systemctl is missing.", hint="Use cron.")


def _systemctl(*commands: Sequence[str]) -> None:
    for number, command in enumerate(commands):
        done = _run(["systemctl", "--user", *command])
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            left = " && ".join(" ".join(["systemctl --user", *each]) for each in commands[number:])
            raise Unavailable(
                f"systemd can't be told: {said or 'systemctl failed'}", hint=f"When you are logged in, run: {left}"
            )


def _run(words: Sequence[str], *, stdin: bytes = b"", hint: str = "Install it.") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - a program of the system, found by the user's PATH
            words, input=stdin, capture_output=True, env={**os.environ, "LC_ALL": "C"}, timeout=_SECONDS
        )
    except FileNotFoundError as error:
        raise CannotWrite(f"There is no command {words[0]} on this machine.", hint=hint) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotWrite(f"{words[0]} can't be run: {error}") from error
