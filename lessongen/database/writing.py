"""One writing connection, whose waiting transactions share a commit."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from lessongen.database.port import WritingConnection

T = TypeVar("T")
C = TypeVar("C", bound="WritingConnection")


class _Job(Generic[C, T]):
    """A transaction on its way through a writer."""

    def __init__(self, work: Callable[[C], T], asked_at: float) -> None:
        self.work = work
        self.asked_at = asked_at
        self.is_done = False
        self.error: BaseException | None = None
        self.result: T


class Writer(Generic[C]):
    """One writing connection; the transactions that wait for it together share a commit.

    `begin` opens a transaction, and is told the latest moment that one was asked for; `after` is called once it is
    committed. Those that write with one `turn` never do at once.
    """

    def __init__(
        self,
        turn: threading.Lock,
        connect: Callable[[], C],
        begin: Callable[[C, float], None],
        after: Callable[[], None],
    ) -> None:
        self._turn = turn
        self._begin, self._after = begin, after
        self._connect = connect
        self._connection: C | None = None
        self._waiting: deque[_Job[C, Any]] = deque()

    def run(self, work: Callable[[C], T], asked_at: float) -> T:
        """What the work gives, once it is committed."""
        job = _Job(work, asked_at)
        self._waiting.append(job)
        with self._turn:
            if not job.is_done:
                self._commit_together([self._waiting.popleft() for _ in range(len(self._waiting))])
        if job.error is not None:
            raise job.error
        return job.result

    def _commit_together(self, jobs: list[_Job[C, Any]]) -> None:
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._begin(self._connection, max(job.asked_at for job in jobs))
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

    @staticmethod
    def _run_in_savepoint(connection: C, job: _Job[C, Any]) -> None:
        connection.execute("SAVEPOINT job")
        try:
            job.result = job.work(connection)
        except BaseException as error:  # handed to the caller, not swallowed
            if not connection.in_transaction:  # a full disk undoes the whole transaction by itself
                raise
            connection.execute("ROLLBACK TO job")
            job.error = error
        connection.execute("RELEASE job")
