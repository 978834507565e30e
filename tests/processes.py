"""Real worker processes for tests, and waiting with a deadline."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lessongen.queue.presence import Roster
from tests.forked import ROOT as ROOT
from tests.forked import Forked, start

PROGRAM = [sys.executable, "-m", "lessongen"]


def roster_of(folder: Path) -> Roster:
    """The workers over `folder/lessons.db`."""
    return Roster(folder / "lessons.db", portable="LESSONGEN_QUEUE_PORTABLE" in os.environ)


def start_worker(folder: Path, *options: str) -> Forked:
    """A worker process over `folder/lessons.db`; its log is in `folder/worker.log`."""
    return start("tests.worker_program", folder / "worker.log", str(folder / "lessons.db"), *options)


@contextmanager
def worker(folder: Path, *options: str) -> Iterator[Forked]:
    """A worker process that is killed, if still there, when the block ends."""
    process = start_worker(folder, *options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def freeze(process: Forked, folder: Path) -> None:
    """SIGSTOP a worker at a moment at which it is not writing: nobody else could write until it is woken."""
    connection = sqlite3.connect(folder / "lessons.db", isolation_level=None, timeout=0.2)
    while True:
        process.send_signal(signal.SIGSTOP)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            process.send_signal(signal.SIGCONT)
            continue
        connection.execute("ROLLBACK")
        connection.close()
        return


def eventually(condition: Callable[[], bool], *, seconds: float = 120.0) -> None:
    """Wait until the condition holds; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
