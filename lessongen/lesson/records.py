"""The records that go in and out of the database, beside tasks and lessons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lessongen.lesson.task import Failure, Lease, Status, Submission
from lessongen.lesson.versions import LessonName, Version
from lessongen.system.clock import BootTime


@dataclass(frozen=True, kw_only=True)
class TaskFilter:
    """Which tasks to list or count; None asks for all."""

    status: Status | None = None
    user: str | None = None
    batch_id: str | None = None
    subject: str | None = None


@dataclass(frozen=True, kw_only=True)
class SubmitLimit:
    """At most so many tasks of one user in any such period; what is over waits its turn if it `defers`."""

    tasks: int
    period: timedelta
    defers: bool

    @property
    def words(self) -> str:
        """As people say it: "20 tasks an hour", "20 tasks in 90 minutes"."""
        seconds = int(self.period.total_seconds())
        for unit, size in (("a day", 86_400), ("an hour", 3_600), ("a minute", 60)):
            if seconds == size:
                return f"{self.tasks} tasks {unit}"
        return f"{self.tasks} tasks in {seconds // 60} minutes" if seconds % 60 == 0 else f"{self.tasks} in {seconds} s"


@dataclass(frozen=True, kw_only=True)
class CallLimit:
    """At most so many calls, and so many tokens, of one writer in any minute, by all workers; None for no limit."""

    calls_per_minute: int | None = None
    tokens_per_minute: int | None = None


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A worker's wish for tasks, one for each token; `gone` is why tasks fail whose workers died each time.

    No user gets more than `running_per_user` tasks at once; None for no limit.
    """

    worker_id: str
    tokens: Sequence[str]
    now: datetime
    at: BootTime
    lease_seconds: float
    gone: Failure
    running_per_user: int | None = None


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What became of a finished attempt: its version, None if the lease was lost; and the next task, if any."""

    version: Version | None
    following: Lease | None = None


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a new version was made for: the keys of the locked parts, and the number that its version should get.

    None where the number does not matter.
    """

    locks: frozenset[str] = frozenset()
    next_number: int | None = None


@dataclass(frozen=True, kw_only=True)
class NewVersion:
    """A checked lesson on its way into the store: `content` is its JSON, `body` its plain text for the search.

    It is stored only while the lesson is as `expects` says; then the locks on the parts `unlocks` go.
    """

    name: LessonName
    content: str
    body: str
    texts: Mapping[str, str]
    writer: str
    model: str
    reason: str
    expects: Expected | None = None
    unlocks: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """One task of a batch on its way into the queue; `after` are the places of the rows that come before it."""

    task_id: str
    submission: Submission
    after: Sequence[int] = ()
    run_anyway: bool = False


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Tasks submitted together. `tasks` is how many were submitted, `skipped` how many had a lesson already.

    `fingerprint` is that of what was asked for; `summary` is there once the batch is over, as JSON.
    """

    batch_id: str
    name: str
    fingerprint: str
    user: str
    tasks: int
    skipped: int
    fail_fast: bool
    on_done: str | None
    webhook: str | None
    created_at: datetime
    ended_at: datetime | None = None
    summary: str | None = None

    def head(self) -> dict[str, object]:
        """What it is, as all that shows it says."""
        return {name: getattr(self, name) for name in ("batch_id", "name", "user", "tasks", "skipped")}


@dataclass(frozen=True, kw_only=True)
class UsageLine:
    """What models took, summed over one user, day or model; `lessons` is how many were stored of these tasks."""

    key: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float
    unpriced: int
    lessons: int


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """A stored version that was handed out as the answer to a request, under an id like a task's."""

    task_id: str
    user: str
    lesson_id: int
    number: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Token:
    """A right to use the web API as a user; what is kept is a hash, the token itself is known to its owner alone.

    `limit` is how many tasks it lets its user submit; None for what the settings say.
    """

    number: int
    user: str
    limit: SubmitLimit | None
    created_at: datetime
    revoked_at: datetime | None
