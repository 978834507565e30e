"""One writing connection, whose waiting transactions share a commit."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from lessongen.sqlite.failures import newer
from lessongen.sqlite.footing import Trouble
from lessongen.sqlite.version import SCHEMA_VERSION

T = TypeVar("T")


class Moved(Exception):
    """Nothing was written: the files are not the database's any more."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.trouble = trouble


class _Job(Generic[T]):
    """A transaction on its way through a writer."""

    def __init__(self, work: Callable[[sqlite3.Connection], T], asked_at: float) -> None:
        self.work = work
        self.asked_at = asked_at
        self.is_done = False
        self.error: BaseException | None = None
        self.result: T


class Writer:
    """One writing connection; the transactions that wait for it together share a commit."""

    def __init__(
        self,
        path: Path,
        turn: threading.Lock,
        connect: Callable[[], sqlite3.Connection],
        before: Callable[[sqlite3.Connection, float], None],
        after: Callable[[], None],
    ) -> None:
        self._path = path
        self._turn = turn
        self._before, self._after = before, after
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._waiting: deque[_Job[Any]] = deque()

    def run(self, work: Callable[[sqlite3.Connection], T], asked_at: float) -> T:
        """What the work gives, once it is committed; `before` is told the latest moment that one was asked for."""
        job = _Job(work, asked_at)
        self._waiting.append(job)
        with self._turn:
            if not job.is_done:
                self._commit_together([self._waiting.popleft() for _ in range(len(self._waiting))])
        if job.error is not None:
            raise job.error
        return job.result

    def _commit_together(self, jobs: list[_Job[Any]]) -> None:
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.execute("BEGIN IMMEDIATE")
            self._check_schema(self._connection)
            self._before(self._connection, max(job.asked_at for job in jobs))
            if len(jobs) == 1:
                jobs[0].result = jobs[0].work(self._connection)
            else:
                for job in jobs:
                    self._run_in_savepoint(self._connection, job)
            self._connection.execute("COMMIT")
            self._after()
        except BaseException as error:  # noqa: BLE001 - handed to the callers, not swallowed
            # Nothing of this commit is known to be in the database: every caller must hear of it, in its own thread.
            for job in jobs:
                job.error = error
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        finally:
            for job in jobs:
                job.is_done = True

    def _check_schema(self, connection: sqlite3.Connection) -> None:
        """Write nothing into a database that a newer lessongen has taken over since it was opened."""
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise newer(self._path, version)

    @staticmethod
    def _run_in_savepoint(connection: sqlite3.Connection, job: _Job[Any]) -> None:
        connection.execute("SAVEPOINT job")
        try:
            job.result = job.work(connection)
        except BaseException as error:  # handed to the caller, not swallowed
            if not connection.in_transaction:  # a full disk undoes the whole transaction by itself
                raise
            connection.execute("ROLLBACK TO job")
            job.error = error
        connection.execute("RELEASE job")
