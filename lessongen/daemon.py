"""The detached worker: started when nobody else takes tasks, stopped on demand; and what dead workers leave behind."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from lessongen.errors import CannotWrite, TryLater
from lessongen.jobs import Jobs
from lessongen.presence import Card, Roster

_LOG_BYTES, _LOG_FILES = 1_000_000, 3


def start_if_none(roster: Roster, database: Path, log_file: Path) -> bool:
    """Start a detached worker unless one is alive that takes tasks; whether one was started.

    Two processes that do this at once may both start one: the second leaves by itself.
    """
    if roster.has_taker():
        return False
    start(database, log_file)
    return True


def start(database: Path, log_file: Path) -> None:
    """Start a detached worker that outlives this process and its terminal."""
    try:
        log_file.parent.mkdir(parents=True, exist_ok=True)
        with log_file.open("ab") as log:
            subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "lessongen", "worker", "--detached-child", "--db", str(database)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                close_fds=True,
            )
    except OSError as error:
        raise CannotWrite(
            f"The worker can't be started with its log at {log_file}: {error.strerror}.",
            hint="Make the folder writable, or set LESSONGEN_HOME; the task waits for a worker until then.",
        ) from error


def log_to(log_file: Path) -> None:
    """Send the log to a file that is rotated at 1 MB, three kept."""
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

    Raises `TryLater` if some are still at work after the timeout; they leave when they are done.
    """
    asked = [peer.card for peer in roster.alive()]
    for card in asked:
        with contextlib.suppress(ProcessLookupError):
            os.kill(card.pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout_seconds
    while left := {peer.card.worker_id for peer in roster.alive()} & {card.worker_id for card in asked}:
        if time.monotonic() > deadline:
            raise _still_there(roster, left)
        time.sleep(0.02)
    return asked


def _still_there(roster: Roster, workers: set[str]) -> TryLater:
    peers = [peer for peer in roster.alive() if peer.card.worker_id in workers]
    frozen = [str(peer.card.pid) for peer in peers if peer.is_frozen]
    if frozen:
        return TryLater(
            f"A worker does not answer: process {', '.join(frozen)}. It was stopped, or hangs.",
            hint=f"End it: kill -KILL {' '.join(frozen)}. Nothing is lost; other workers take its tasks over.",
        )
    pids = ", ".join(str(peer.card.pid) for peer in peers)
    return TryLater(
        f"Still finishing what it runs: process {pids}.",
        hint="It leaves by itself; `lessongen worker stop` once more hurries it.",
    )


def rescue(jobs: Jobs, roster: Roster) -> Sequence[str]:
    """Take back the tasks of workers that died; their ids. Harmless when several processes do it at once."""
    return roster.rescue(jobs.reclaim_from)
