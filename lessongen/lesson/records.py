"""What the queue and the shelf of lessons ask of a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lessongen.lesson.attempt import Spent, Usage
from lessongen.lesson.material import Page
from lessongen.lesson.parcels import ParcelStore
from lessongen.lesson.task import Failure, Lease, Progress, Status, Submission, Task
from lessongen.lesson.versions import Approval, LessonName, Lock, StoredLesson, Version
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
class ExpiredTask:
    """What is left of a task that was dropped after its retention: whose it was."""

    task_id: str
    user: str


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


class TaskStore(Protocol):
    """The queue as people see it. Each method is one transaction."""

    def add(
        self,
        submissions: Sequence[tuple[str, Submission]],
        limit: SubmitLimit | None = None,
        *,
        now: datetime,
        at: BootTime,
    ) -> datetime | None: ...
    def get(self, task_id: str) -> Task | None: ...
    def starting_with(self, prefix: str, limit: int) -> list[Task]: ...
    def last(self) -> Task | None: ...
    def select(self, wanted: TaskFilter, limit: int) -> list[Task]: ...
    def finished(self, wanted: TaskFilter, limit: int) -> list[Task]: ...
    def counts(self, wanted: TaskFilter) -> dict[Status, int]: ...
    def ended_since(self, moment: datetime) -> int: ...
    def endings(self, since: datetime, wanted: TaskFilter, limit: int) -> Sequence[tuple[datetime, datetime]]: ...
    def running_workers(self) -> dict[str, int]: ...
    def any_live(self) -> bool: ...
    def any_for_workers(self) -> bool: ...
    def any_due(self, *, now: datetime, at: BootTime) -> bool: ...
    def seconds_until_due(self, at: BootTime) -> float | None: ...
    def cancel(self, task_ids: Iterable[str], now: datetime) -> dict[str, Status]: ...
    def retry(self, task_ids: Iterable[str]) -> Sequence[str]: ...
    def several(self, task_ids: Iterable[str]) -> list[Task]: ...
    def purge(self, before: dict[Status, datetime], limit: int, *, now: datetime) -> int: ...
    def erase_user(self, user: str, now: datetime) -> int: ...


class LeaseStore(Protocol):
    """Attempts. Each method is one transaction; those that return False or None found their lease lost."""

    def claim(self, claim: Claim) -> Sequence[Lease]: ...
    def renew(self, worker_id: str, *, at: BootTime, lease_seconds: float) -> dict[str, bool]: ...
    def report(
        self, lease: Lease, progress: Progress, article: str | None, *, at: BootTime, lease_seconds: float
    ) -> bool | None: ...
    def fail(self, lease: Lease, failure: Failure, now: datetime) -> bool: ...
    def end_cancelled(self, lease: Lease, now: datetime) -> bool: ...
    def hand_back(
        self,
        lease: Lease,
        *,
        now: datetime,
        at: BootTime,
        run_at: datetime | None,
        message: str,
        failure: Failure | None = None,
        counts_as_attempt: bool = True,
    ) -> bool: ...
    def reclaim_from(self, worker_id: str, *, now: datetime, gone: Failure) -> Sequence[str]: ...
    def call(self, lease: Lease, writer: str, tokens: int, limit: CallLimit, *, at: BootTime) -> float | None: ...
    def step(self, task: Task, key: str, inputs_sha256: str) -> str | None: ...
    def keep_step(
        self,
        lease: Lease,
        key: str,
        inputs_sha256: str,
        result: str,
        usages: Sequence[Usage],
        now: datetime,
        *,
        is_batched: bool = False,
    ) -> bool: ...
    def add_usages(self, lease: Lease, usages: Sequence[Usage], now: datetime) -> None: ...
    def spent(self, task: Task) -> Spent: ...


class LessonStore(Protocol):
    """The shelf of lessons. `complete` is the one write that both nouns share.

    `complete` and `add` raise `Superseded` where the lesson is not as the new version expects it.
    """

    def complete(self, lease: Lease, new: NewVersion, now: datetime, then: Claim | None) -> Completion: ...
    def add(self, new: NewVersion, now: datetime) -> Version: ...
    def locks(self, lesson_id: int) -> Sequence[Lock]: ...
    def lock(self, lesson_id: int, locks: Iterable[Lock]) -> None: ...
    def unlock(self, lesson_id: int, parts: Iterable[str]) -> None: ...
    def approvals(self, lesson_id: int) -> Mapping[int, Sequence[Approval]]: ...
    def approve(self, lesson_id: int, number: int, approval: Approval) -> None: ...
    def approved(self) -> Mapping[int, Sequence[str]]: ...
    def withdraw(self, lesson_id: int, number: int, reviewer: str | None) -> int: ...
    def find(self, name: LessonName) -> StoredLesson | None: ...
    def alike(self, subject_and_topic_key: str) -> list[StoredLesson]: ...
    def all(self, limit: int) -> list[StoredLesson]: ...
    def search(self, words: str, limit: int) -> Sequence[tuple[StoredLesson, str]]: ...
    def subjects(self) -> Sequence[str]: ...
    def updated(self, keys: Iterable[str]) -> dict[str, datetime]: ...
    def version(self, lesson_id: int, number: int) -> Version | None: ...
    def version_of_task(self, task_id: str) -> Version | None: ...
    def versions(self, lesson_id: int) -> Sequence[Version]: ...
    def contents(self, lesson_id: int) -> Sequence[str]: ...
    def texts(self, lesson_id: int, number: int) -> dict[str, str]: ...
    def delete(self, lesson_id: int) -> bool: ...
    def rename(self, lesson_id: int, name: LessonName) -> bool: ...
    def estimates_held(self, limit: int) -> tuple[int, int]: ...
    def durations(self, writer: str, model: str, level: str, limit: int) -> Sequence[float]: ...


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


class BatchStore(Protocol):
    """Batches. Each method is one transaction."""

    def add(
        self, batch: Batch, rows: Iterable[BatchRow], limit: SubmitLimit | None = None, *, now: datetime, at: BootTime
    ) -> str | None: ...
    def get(self, batch_id: str) -> Batch | None: ...
    def starting_with(self, prefix: str, limit: int) -> Sequence[Batch]: ...
    def last(self) -> Batch | None: ...
    def all(self, limit: int) -> Sequence[Batch]: ...
    def counts(self, batch_id: str) -> dict[Status, int]: ...
    def task_ids(self, batch_id: str, statuses: Sequence[Status]) -> Sequence[str]: ...
    def contents(self, batch_id: str) -> Iterable[tuple[str, str]]: ...
    def cost(self, batch_id: str) -> Spent: ...
    def untold(self) -> Sequence[Batch]: ...
    def sum_up(self, batch_id: str, summary: str) -> bool: ...
    def told(self, batch_id: str, now: datetime) -> bool: ...
    def contents_beside(self, task: Task, limit: int) -> Sequence[str]: ...
    def known_before(self, task: Task) -> Sequence[str]: ...


class PageStore(Protocol):
    """What sources keep: pages of wikis, turns to ask hosts, and texts that users handed in."""

    def page(self, wiki: str, key: str) -> Page | None: ...
    def keep_page(self, wiki: str, key: str, content: str, now: datetime) -> None: ...
    def turn(self, host: str, per_second: float, at: BootTime) -> float: ...
    def closed_for(self, host: str, at: BootTime) -> float: ...
    def close(self, host: str, seconds: float, at: BootTime) -> None: ...
    def keep_text(self, digest: str, text: str, now: datetime) -> None: ...
    def drop_texts(self, before: datetime) -> int: ...
    def kept_text(self, digest: str) -> str | None: ...


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


class UsageStore(Protocol):
    """What calls to models took."""

    def lines(self, by: str, since: datetime | None, user: str | None) -> Sequence[UsageLine]: ...
    def typical(self, writer: str, model: str) -> Spent | None: ...


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """A stored version that was handed out as the answer to a request, under an id like a task's."""

    task_id: str
    user: str
    lesson_id: int
    number: int
    created_at: datetime


class RetiredStore(Protocol):
    """Task ids that are not in the queue. Each method is one transaction."""

    def expired(self, task_id: str) -> ExpiredTask | None: ...
    def add_reuse(self, reuse: Reuse) -> None: ...
    def reuse(self, task_id: str) -> Reuse | None: ...
    def purge(self, *, reuses_before: datetime, expired_before: datetime, now: datetime) -> None: ...


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


class TokenStore(Protocol):
    """Who may use the web API. Each method is one transaction."""

    def add(self, sha256: str, user: str, limit: SubmitLimit | None, now: datetime) -> Token: ...
    def find(self, sha256: str) -> Token | None: ...
    def valid(self, hashes: Iterable[str]) -> set[str]: ...
    def all(self) -> Sequence[Token]: ...
    def revoke(self, numbers: Iterable[int], now: datetime) -> Sequence[int]: ...
    def longest_period(self) -> timedelta: ...


class Store(Protocol):
    """One database."""

    @property
    def tasks(self) -> TaskStore: ...
    @property
    def leases(self) -> LeaseStore: ...
    @property
    def lessons(self) -> LessonStore: ...
    @property
    def pages(self) -> PageStore: ...
    @property
    def batches(self) -> BatchStore: ...
    @property
    def usage(self) -> UsageStore: ...
    @property
    def retired(self) -> RetiredStore: ...
    @property
    def tokens(self) -> TokenStore: ...
    @property
    def parcels(self) -> ParcelStore: ...
    def changed(self) -> int: ...
    def close(self) -> None: ...
