"""A queue over a real database file, with requests and versions that are valid and say nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import LessonRequest, Priority, Task
from lessongen.store import PostgresStore, SqliteStore, Store
from lessongen.system.addresses import DatabaseAddress
from lessongen.system.clock import BootTime, SystemClock


@dataclass
class SetClock:
    """A clock that stands still until it is set."""

    moment: datetime = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
    seconds: float = 1_000.0
    boot: str = "boot-1"

    def now(self) -> datetime:
        return self.moment

    def boot_time(self) -> BootTime:
        return BootTime(boot=self.boot, seconds=self.seconds)

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass on both clocks."""
        self.moment += timedelta(seconds=seconds)
        self.seconds += seconds


# Where a queue is: in `lessons.db` of a folder, or in a database of a server.
Place = Path | DatabaseAddress


def open_store(place: Place) -> Store:
    """The store there; another one each time, as other processes have it."""
    store = SqliteStore(place / "lessons.db") if isinstance(place, Path) else PostgresStore(place)
    _opened.append(store)
    return store


_opened: list[Store] = []


@contextmanager
def stores_closed() -> Iterator[None]:
    """Close the stores that were opened in the block, once it ends."""
    before = len(_opened)
    try:
        yield
    finally:
        while len(_opened) > before:
            _opened.pop().close()


def open_jobs(place: Place, clock: SetClock | SystemClock | None = None, policy: Policy | None = None) -> Jobs:
    """A queue there."""
    return Jobs(store=open_store(place), clock=clock or SystemClock(), policy=policy or Policy())


def submit(
    jobs: Jobs,
    topic: str = "verbs",
    *,
    user: str = "ann",
    priority: Priority = Priority.NORMAL,
    subject: str = "english",
) -> Task:
    """One accepted task."""
    request = LessonRequest(subject=subject, topic=topic)
    return jobs.submit([request], user=user, priority=priority, writer="extractive")[0]


def new_version(request: LessonRequest, text: str = "A verb is a word.") -> NewVersion:
    """A version that holds no lesson but is stored like one."""
    return NewVersion(
        name=request.lesson,
        content='{"title": "' + request.topic + '"}',
        body=text,
        texts={hashlib.sha256(text.encode()).hexdigest(): text},
        writer="extractive",
        model="",
        reason="created",
    )
