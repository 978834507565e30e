"""A worker process whose lessons are empty: `python -m tests.worker_program DATABASE [options]`.

What a topic says is done: `sleep:SECONDS` works so long, `kill` kills the process, `bug` raises, `stubborn:SECONDS`
works without listening, `steps:N` keeps N steps and counts each in a file beside the database, `wait:SECONDS` asks at
its first try to be tried again so much later.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sqlite3
import sys
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import LessonRequest
from lessongen.queue.server_roster import ServerRoster
from lessongen.queue.worker import Plan, Worker
from lessongen.store import PostgresStore, SqliteStore
from lessongen.system.addresses import database_address
from lessongen.system.clock import BootTime, Clock, SystemClock
from lessongen.system.errors import Cancelled, LessongenError, Postponed
from tests.faults.barriers import Barriers
from tests.processes import roster_of
from tests.queues import new_version


class Behaviour:
    """What the topic asks for, done."""

    def __init__(self, folder: Path, clock: Clock, barriers: Barriers) -> None:
        self._made = folder / "made-steps"
        self._waited = folder / "waited"
        self._clock = clock
        self._barriers = barriers

    def __call__(self, request: LessonRequest, attempt: Attempt) -> NewVersion:
        what, _, amount = request.topic.split("#")[0].partition(":")
        if what == "sleep":
            self._sleep(float(amount), attempt)
        elif what == "stubborn":
            time.sleep(float(amount))
        elif what == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif what == "bug":
            raise ZeroDivisionError("a bug in a writer")
        elif what == "steps":
            for number in range(int(amount)):
                attempt.step(f"step {number}", {"number": number}, partial(self._make, request, number))
        elif what == "wait" and not self._has_waited(request):
            raise Postponed(self._clock.now() + timedelta(seconds=float(amount)))
        self._barriers.reach("between the answer and its commit")
        return new_version(request)

    def _has_waited(self, request: LessonRequest) -> bool:
        waited = self._waited.read_text().splitlines() if self._waited.exists() else []
        with self._waited.open("a") as file:
            file.write(request.topic + "\n")
        return request.topic in waited

    @staticmethod
    def _sleep(seconds: float, attempt: Attempt) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(0.005, left))
            if attempt.cancelled():
                raise Cancelled

    def _make(self, request: LessonRequest, number: int) -> str:
        with self._made.open("a") as made:
            made.write(f"{request.topic} {number}\n")
        time.sleep(0.05)
        return "made"


class ShiftedClock:
    """The machine's clocks, the wall clock set forward by the seconds that a file names; the file may change."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=float(self._file.read_text()))

    def boot_time(self) -> BootTime:
        return SystemClock().boot_time()


def turning_read_only(connection: type[sqlite3.Connection], mark: Path) -> type[sqlite3.Connection]:
    """A connection class whose writes SQLite itself refuses as read-only once the file `mark` is there.

    No process can take from another the right to write a file that this has open, save for a kernel that loses a disk.
    """

    class FickleConnection(connection):  # type: ignore[misc, valid-type]
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            if mark.exists():
                super().execute("PRAGMA query_only = ON")
            cursor: sqlite3.Cursor = super().execute(sql, *parameters)
            return cursor

    return FickleConnection


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", type=Path)
    parser.add_argument("--server", help="the address of a database on a server instead")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--drain", action="store_true")
    parser.add_argument("--idle", type=float)
    parser.add_argument("--grace", type=float, default=5.0)
    parser.add_argument("--lease", type=float, default=30.0)
    parser.add_argument("--keep", type=float, default=3600.0)
    parser.add_argument("--purge-every", type=float, default=300.0)
    parser.add_argument("--die-at", type=int, help="kill this process at its barrier of that number")
    parser.add_argument("--busy", type=float, default=10.0, help="seconds to wait for a locked database")
    parser.add_argument("--read-only-when", type=Path, help="the database can't be written once this file is there")
    parser.add_argument("--clock", type=Path, help="the file of a shifted clock")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        work(given)
    except LessongenError as error:
        logging.getLogger("lessongen").error("%s", error.message)
        sys.exit(error.exit_code)


def work(given: argparse.Namespace) -> None:
    """Run the worker that the options describe, until it leaves."""
    if given.server:
        on_server = PostgresStore(database_address(given.server))
    clock: Clock = ShiftedClock(given.clock) if given.clock else SystemClock()
    if given.server:
        clock = on_server.clock()
    barriers = Barriers(given.database.parent, given.die_at)
    connection = barriers.connection()
    if given.read_only_when:
        connection = turning_read_only(connection, given.read_only_when)
    policy = Policy(
        lease_seconds=given.lease, backoff_seconds=0.01, keep_completed=timedelta(seconds=given.keep), max_attempts=3
    )
    Worker(
        jobs=Jobs(
            store=on_server
            if given.server
            else SqliteStore(given.database, busy_seconds=given.busy, factory=connection),
            clock=clock,
            policy=policy,
        ),
        generate=Behaviour(given.database.parent, clock, barriers),
        roster=ServerRoster(on_server) if given.server else roster_of(given.database.parent),
        plan=Plan(
            concurrency=given.threads,
            drain=given.drain,
            idle_seconds=given.idle,
            grace_seconds=given.grace,
            purge_every=timedelta(seconds=given.purge_every),
        ),
    ).run()


if __name__ == "__main__":
    main()
