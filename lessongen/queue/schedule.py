"""What runs a batch at set times: a line of a crontab, or a systemd service with its timer, as text.

Nothing here reads or writes a file. Formats: crontab(5); systemd.service(5), systemd.timer(5), systemd.syntax(7).
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lessongen.queue.cron import Cron
from lessongen.system.addresses import DatabaseAddress
from lessongen.system.errors import UsageError

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_PLAIN = re.compile(r"[A-Za-z0-9_@+=:,./-]+")
_LONGEST_SLUG = 40


@dataclass(frozen=True, kw_only=True)
class Job:
    """A batch file with the database that its lessons go to, and the whole command that submits it."""

    file: Path
    database: Path | DatabaseAddress
    words: Sequence[str]
    environment: Mapping[str, str]

    def __post_init__(self) -> None:
        for text in (str(self.file), str(self.database), *self.words, *self.environment.values()):
            if _CONTROL.search(text):
                raise UsageError(
                    "A schedule can't hold a line break, a control character, or what is not valid UTF-8.",
                    hint="Rename the file or its folder.",
                )

    @property
    def marker(self) -> str:
        """The comment that a crontab's line is known by: one for each file and database."""
        return f"# lessongen: {self.file} into {self.database}"

    @property
    def unit(self) -> str:
        """The name of its systemd units, without a suffix."""
        slug = re.sub(r"[^a-z0-9]+", "-", self.file.stem.lower()).strip("-")[:_LONGEST_SLUG] or "batch"
        digest = hashlib.sha256(f"{self.file}\0{self.database}".encode()).hexdigest()[:8]
        return f"lessongen-{slug}-{digest}"


# ---------------------------------------------------------------- crontab


def crontab_line(cron: Cron, job: Job) -> str:
    """The line of a crontab, without its end."""
    settings = [f"{name}={shlex.quote(value)}" for name, value in job.environment.items()]
    return f"{cron.text} " + _for_cron(" ".join([*settings, shlex.join(job.words)]))


def _for_cron(command: str) -> str:
    """A shell's command with %, which is a line break to cron, escaped.

    cron drops a backslash before %, but not one that another backslash stands before: so none may.
    """
    return command.replace("\\%", "\\''%").replace("%", "\\%")


def with_job(crontab: str, cron: Cron, job: Job) -> str:
    """The crontab with this job, once, in the place where it was; all else stays as it is."""
    lines = _lines(crontab)
    at = lines.index(job.marker) if job.marker in lines else len(lines)
    kept = _without(lines, job)
    return _joined([*kept[:at], job.marker, crontab_line(cron, job), *kept[at:]])


def without_job(crontab: str, job: Job) -> str:
    """The crontab without this job; all else stays as it is."""
    lines = _lines(crontab)
    return _joined(_without(lines, job)) if job.marker in lines else crontab


def _without(lines: Sequence[str], job: Job) -> list[str]:
    """The lines but the job's marker, and but the next one unless somebody has put another one there."""
    command = f" batch submit {_for_cron(shlex.quote(str(job.file)))}"
    kept: list[str] = []
    follows_marker = False
    for line in lines:
        if line == job.marker:
            follows_marker = True
            continue
        if not (follows_marker and command in line):
            kept.append(line)
        follows_marker = follows_marker and not line.strip()
    return kept


def _lines(crontab: str) -> list[str]:
    lines = crontab.split("\n")
    return lines[:-1] if not lines[-1] else lines  # cron wants a line's end on the last one too


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


# ---------------------------------------------------------------- systemd


def service(job: Job) -> str:
    """The unit that submits the batch.

    A worker that it starts may have other tasks too, so it is left alone when the command is over: it leaves by itself.
    """
    settings = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in job.environment.items())
    command = " ".join(_quoted(word).replace("$", "$$") for word in job.words)
    return (
        "[Unit]\n"
        f"Description=Lessons of {_escaped(str(job.file))}\n"
        "\n"
        "[Service]\n"
        "Type=oneshot\n"
        f"{settings}"
        f"ExecStart={command}\n"
        "KillMode=process\n"
    )


def timer(cron: Cron, job: Job) -> str:
    """The unit that says when; what was missed while the machine was off is made up for."""
    moments = "".join(f"OnCalendar={each}\n" for each in cron.calendar())
    return (
        "[Unit]\n"
        f"Description=Lessons of {_escaped(str(job.file))}, at {_escaped(cron.text)}\n"
        "\n"
        "[Timer]\n"
        f"{moments}"
        "Persistent=true\n"
        "\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    return '"' + _escaped(word).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(text: str) -> str:
    """Text without what systemd would replace."""
    return text.replace("%", "%%")
