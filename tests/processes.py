"""Real worker processes for tests, and waiting with a deadline."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lessongen.queue.presence import Roster

ROOT = Path(__file__).parent.parent


def roster_of(folder: Path) -> Roster:
    """The workers over `folder/lessons.db`."""
    return Roster(folder / "lessons.db", portable="LESSONGEN_QUEUE_PORTABLE" in os.environ)


def start_worker(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    """A worker process over `folder/lessons.db`; its log is in `folder/worker.log`."""
    log: IO[bytes]
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.worker_program", str(folder / "lessons.db"), *options],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )


@contextmanager
def worker(folder: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process that is killed, if still there, when the block ends."""
    process = start_worker(folder, *options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def freeze(process: subprocess.Popen[bytes], folder: Path) -> None:
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
