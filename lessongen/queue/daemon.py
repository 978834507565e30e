"""The detached worker: started when nobody else takes tasks, stopped on demand; and what dead workers leave behind."""

from __future__ import annotations

import logging
import logging.handlers
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lessongen.jobs import Jobs
from lessongen.queue import DETACHED
from lessongen.queue.presence import Card, Roster
from lessongen.system import importing
from lessongen.system.addresses import DatabaseAddress
from lessongen.system.errors import CannotWrite, TryLater
from lessongen.system.printable import printable
from lessongen.system.privacy import close_to_others, make_private_folder, users_umask
from lessongen.system.settings import KEYS, Settings

_LOG_BYTES, _LOG_FILES = 1_000_000, 3
_LOG_SHOWN_BYTES, _LOG_SHOWN_LINES = 4_000, 8
_STARTING_SECONDS, _GLANCE_SECONDS, _LOOK_EVERY_SECONDS = 30.0, 3.0, 0.02
_MOMENT_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class Started:
    """A detached worker that was started and may be on its way yet."""

    process: subprocess.Popen[bytes]
    log_file: Path
    log_began: int
    began: float = field(default_factory=time.monotonic)

    @property
    def is_coming(self) -> bool:
        """Whether it runs, and has not been given up: a busy machine may take many seconds to start it."""
        return self.process.poll() is None and time.monotonic() - self.began < _STARTING_SECONDS

    def let_go(self) -> None:
        """Look no more after it: it outlives this process."""
        self.process.returncode = self.process.poll() or 0

    def wait_until_up(self, roster: Roster, *, is_required: bool) -> None:
        """Return when it has signed in, or left because another one is there.

        Raises `TryLater`, with the end of its log, if it ended instead, or is required and not up in time. One that is
        not required is given a moment: those who only want a task accepted don't wait for a busy machine.
        """
        deadline = time.monotonic() + (_STARTING_SECONDS if is_required else _GLANCE_SECONDS)
        while (code := self.process.poll()) is None and not self._is_in(roster):
            if time.monotonic() > deadline:
                if not is_required:
                    return
                raise TryLater(
                    f"The worker has not come up within {_STARTING_SECONDS:g} seconds.{self._said()}",
                    hint=f"It may yet. Its log: {self.log_file}",
                )
            time.sleep(_LOOK_EVERY_SECONDS)
        if code:
            raise TryLater(
                f"The worker did not come up: it ended with {code}.{self._said()}", hint=f"Its log: {self.log_file}"
            )

    def _is_in(self, roster: Roster) -> bool:
        return roster.has_taker() or any(peer.card.pid == self.process.pid for peer in roster.alive())

    def _said(self) -> str:
        """The end of what it has written into its log."""
        try:
            with self.log_file.open("rb") as log:
                size = log.seek(0, os.SEEK_END)
                log.seek(max(self.log_began if size >= self.log_began else 0, size - _LOG_SHOWN_BYTES))
                lines = log.read(_LOG_SHOWN_BYTES).decode(errors="replace").splitlines()
        except OSError:
            return ""
        shown = [printable(line) for line in lines if line.strip()][-_LOG_SHOWN_LINES:]
        return "".join(f"\n  {line}" for line in shown)


def start_if_none(roster: Roster, settings: Settings, environment: Mapping[str, str]) -> Started | None:
    """Start a detached worker unless one is alive that takes tasks; the one that was started.

    The settings say on which database it works, in which folder, and where its log is. Two processes that do this at
    once may both start one: the second leaves by itself.
    """
    return None if roster.has_taker() else start(settings, environment)


def start(settings: Settings, environment: Mapping[str, str]) -> Started:
    """Start a detached worker that outlives this process, its terminal, and the folder that it stands in."""
    log_file = settings.log_file
    try:
        make_private_folder(log_file.parent)
        make_private_folder(settings.home)
        close_to_others(log_file.parent)
        with log_file.open("ab") as log:
            close_to_others(log_file)
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                importing.command("lessongen", DETACHED, str(settings.database)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=settings.home,
                env=_environment(settings, environment),
                umask=users_umask(),  # for the commands that it runs for the user
                start_new_session=True,
                close_fds=True,
            )
            return Started(process=process, log_file=log_file, log_began=log.tell())
    except OSError as error:
        raise CannotWrite(
            f"The worker can't be started with its log at {log_file}: {error.strerror}.",
            hint="Make the folder writable, or set LESSONGEN_HOME; the task waits for a worker until then.",
        ) from error


def _environment(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """What the worker is told; an address goes this way alone, for a command line is seen by everyone."""
    found = importing.environment(environment, secrets=True, moves=True)
    if isinstance(settings.database, DatabaseAddress):
        found[KEYS["database"].variable] = settings.database.url
    return found


def log_to(log_file: Path) -> None:
    """Send the log to a file that is rotated at 1 MB, three kept."""
    for old in log_file.parent.glob(f"{log_file.name}*"):
        close_to_others(old)
    handler = logging.handlers.RotatingFileHandler(
        log_file, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
    )
    handler.setFormatter(LOG_FORMAT)
    logger = logging.getLogger("lessongen")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Send the log to standard error, for a worker in the foreground."""
    handler = logging.StreamHandler()
    handler.setFormatter(LOG_FORMAT)
    logger = logging.getLogger("lessongen")
    logger.addHandler(handler)
    logger.setLevel(level)


LOG_FORMAT = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
LOG_FORMAT.converter = time.gmtime


def stop(roster: Roster, *, timeout_seconds: float) -> Sequence[Card]:
    """Ask all workers to leave and wait until they have; who they were.

    Raises `TryLater` if some are still at work after the timeout; they leave when they are done. A while in which this
    process stood still, with the machine as it may be, counts as a moment.
    """
    asked = [peer.card for peer in roster.alive()]
    for card in asked:
        roster.ask_to_stop(card)
    waited, now = 0.0, time.monotonic()
    while left := {peer.card.worker_id for peer in roster.alive()} & {card.worker_id for card in asked}:
        if waited > timeout_seconds:
            raise _still_there(roster, left)
        time.sleep(_LOOK_EVERY_SECONDS)
        before, now = now, time.monotonic()
        waited += min(now - before, _MOMENT_SECONDS)
    return asked


def _still_there(roster: Roster, workers: set[str]) -> TryLater:
    peers = [peer for peer in roster.alive() if peer.card.worker_id in workers]
    frozen = [peer.card for peer in peers if peer.is_frozen]
    if frozen:
        pids = " ".join(str(card.pid) for card in frozen)
        return TryLater(
            f"A worker does not answer: process {', '.join(map(_process, frozen))}. It was stopped, or hangs.",
            hint=f"End it: kill -KILL {pids}. Nothing is lost; other workers take its tasks over.",
        )
    pids = ", ".join(_process(peer.card) for peer in peers)
    return TryLater(
        f"Still finishing what it runs: process {pids}.",
        hint="It leaves by itself; `lessongen worker stop` once more hurries it.",
    )


def _process(card: Card) -> str:
    return f"{card.pid} on {card.host}" if card.host else str(card.pid)


def rescue(jobs: Jobs, roster: Roster) -> Sequence[str]:
    """Take back the tasks of workers that died; their ids. Harmless when several processes do it at once."""
    return roster.rescue(jobs.reclaim_from)
