"""The queue's rules: what is taken, when an attempt is over, and what becomes of a task then.

`jobs` decides; the store carries out, each decision in one transaction. Nothing else retries: sources and writers
raise, and the error's class says whether another attempt makes sense.
"""

from __future__ import annotations

import dataclasses
import os
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lessongen.lesson.attempt import BatchedCall
from lessongen.lesson.ids import Ids
from lessongen.lesson.limits import MINUTES, USUAL_QUESTIONS
from lessongen.lesson.records import (
    CallLimit,
    Claim,
    Completion,
    NewVersion,
    SubmitLimit,
    TaskFilter,
)
from lessongen.lesson.task import (
    LIVE,
    Estimate,
    Failure,
    Lease,
    LessonRequest,
    Priority,
    Progress,
    Status,
    Submission,
    Task,
)
from lessongen.system.clock import Clock
from lessongen.system.errors import (
    DatabaseError,
    ExitCode,
    LessongenError,
    RateLimited,
    TryLater,
    UsageError,
)
from lessongen.system.levels import level_of
from lessongen.system.names import base_language, require_name, require_text

if TYPE_CHECKING:
    from lessongen.store import Lessons, Store

_HOUR = timedelta(hours=1)
_PATIENCE_WITH_A_SERVER = timedelta(days=1)
_KNOWN_AS_EXPIRED = timedelta(days=90)
_RATE_LIMIT_SECONDS = 20.0  # where the server does not say for how long
_LONGEST_PAUSE_SECONDS = 3_600.0
_ENOUGH_TO_DIVIDE = 5
_MOST_AT_ONCE = 4  # threads of a worker, by default
_WORKER_START_SECONDS = 2.0  # where none is alive
# A lesson takes several rounds, each of which a provider promises within a day, and mostly ends in minutes or hours.
_BY_BATCH_API = Estimate(low_seconds=600, high_seconds=2 * 86_400)

WORKER_GONE = Failure(
    code="worker_died",
    message="The worker died each time it tried this task.",
    hint="See `lessongen worker logs` for what killed it; `lessongen retry TASK` tries again.",
    exit_code=ExitCode.TRY_LATER,
)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The numbers behind the rules."""

    max_attempts: int = 5
    lease_seconds: float = 30.0
    backoff_seconds: float = 2.0
    backoff_cap_seconds: float = 300.0
    keep_completed: timedelta = timedelta(hours=1)
    keep_failed: timedelta = timedelta(days=30)
    running_per_user: int | None = None
    submitted_per_hour: int | None = None
    calls: CallLimit = field(default_factory=CallLimit)

    @property
    def renew_seconds(self) -> float:
        """How often a lease is renewed: often enough that three renewals may be missed."""
        return self.lease_seconds / 4


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """The queue of tasks over a store."""

    store: Store
    clock: Clock
    policy: Policy = field(default_factory=Policy)

    # ------------------------------------------------------------ submit

    def submit(
        self,
        requests: Sequence[LessonRequest],
        *,
        user: str,
        priority: Priority,
        writer: str,
        defer: bool = False,
        limit: SubmitLimit | None = None,
    ) -> list[Task]:
        """Accept tasks, all or none; once this returns they are on disk.

        `writer` is the one that the estimates are for; `limit` takes the place of the settings' one. Raises
        `UsageError` for a request that can't be stored, and `TryLater` over the user's limit, unless it is to `defer`:
        then what is over gets a later start.
        """
        for request in requests:
            validate(request)
        if user:
            require_name("user", user)
        waiting = self._live_tasks()
        submissions = [
            (
                str(uuid.uuid4()),
                Submission(
                    request=request,
                    user=user,
                    priority=priority,
                    max_attempts=self.policy.max_attempts,
                    estimate=self.estimates(request, writer)(waiting + ahead),
                ),
            )
            for ahead, request in enumerate(requests)
        ]
        limit = dataclasses.replace(limit, defers=defer) if limit else self.submit_limit(defer=defer)
        over_until = self.store.tasks.add(submissions, limit, now=self.clock.now(), at=self.clock.boot_time())
        if over_until is not None and limit is not None:
            seconds = max(1, round((over_until - self.clock.now()).total_seconds()))
            raise TryLater(
                f"The limit of {limit.words} for one user is reached.",
                hint=f"Try again in {seconds} s, at {over_until:%H:%M:%S} UTC; or let it wait its turn: --defer.",
                retry_after_seconds=seconds,
            )
        return [self.get(task_id) for task_id, _ in submissions]

    def submit_limit(self, *, defer: bool) -> SubmitLimit | None:
        """How many tasks a user may submit, if there is a limit."""
        tasks = self.policy.submitted_per_hour
        return SubmitLimit(tasks=tasks, period=_HOUR, defers=defer) if tasks is not None else None

    def _live_tasks(self) -> int:
        counts = self.store.tasks.counts(TaskFilter())
        return sum(counts[status] for status in LIVE)

    def estimates(self, request: LessonRequest, writer: str) -> Callable[[int], Estimate]:
        """When a task like this one, submitted now, should be done, from what the last lessons of its kind took.

        As a function of how many tasks go before it. Those are done between one after the other and all of a worker's
        threads at once, each in the time of a fast or of a slow lesson: threads slow each other down as they please.
        """
        import statistics

        if request.batch_api:
            return lambda before: _BY_BATCH_API
        seconds = _typical_seconds(self.store.lessons, writer, request)
        low, high = seconds[0] / 2, seconds[-1]
        fast, slow = seconds[0], seconds[-1]
        if len(seconds) >= _ENOUGH_TO_DIVIDE:
            tenths = statistics.quantiles(seconds, n=10)
            high, fast, slow = tenths[-1], tenths[2], tenths[6]

        def estimate(before: int) -> Estimate:
            return Estimate(
                low_seconds=low + before * fast / _MOST_AT_ONCE,
                high_seconds=high + before * slow + _WORKER_START_SECONDS,
            )

        return estimate

    # ------------------------------------------------------------ look

    @property
    def _ids(self) -> Ids[Task]:
        return Ids(
            kept=self.store.tasks,
            id_of=lambda task: task.task_id,
            noun="task",
            nouns="tasks",
            first_hint="Create one: lessongen create english verbs",
            list_hint="`lessongen tasks` lists them. Completed ones are dropped after a while; their lessons stay.",
        )

    def get(self, task_id: str) -> Task:
        """The task of that whole id; raises `NotFound`."""
        return self._ids.get(task_id)

    def find(self, text: str) -> Task:
        """The task that a person means, as `Ids.find` has it."""
        return self._ids.find(text)

    # ------------------------------------------------------------ a person's decisions

    def cancel(self, tasks: Iterable[Task]) -> dict[str, Status]:
        """Cancel tasks; the status of each afterwards, by id. A running one stays so until its worker stops it."""
        return self.store.tasks.cancel([task.task_id for task in tasks], self.clock.now())

    def retry(self, tasks: Iterable[Task]) -> list[str]:
        """Make failed and cancelled tasks pending again; they go on after their last kept step. Their ids."""
        return list(self.store.tasks.retry([task.task_id for task in tasks]))

    def purge(self) -> int:
        """Drop the tasks that are past their retention; how many."""
        # Limits are counted from rows: none of the period of one may go, such as the last hour.
        least = _HOUR if self.policy.submitted_per_hour is not None else timedelta()
        least = max(least, self.store.tokens.longest_period())
        now = self.clock.now()
        before = {
            Status.COMPLETED: now - max(least, self.policy.keep_completed),
            Status.FAILED: now - max(least, self.policy.keep_failed),
            Status.CANCELLED: now - max(least, self.policy.keep_failed),
        }
        self.store.retired.purge(
            reuses_before=now - self.policy.keep_completed, expired_before=now - _KNOWN_AS_EXPIRED, now=now
        )
        self.store.pages.drop_texts(now - _HOUR)  # a text is kept just before the task that needs it
        dropped, batch = 0, 1_000
        while True:
            found = self.store.tasks.purge(before, batch, now=now)
            dropped += found
            if found < batch:
                return dropped

    # ------------------------------------------------------------ a worker's decisions

    def claim(self, worker_id: str, count: int) -> Sequence[Lease]:
        """Take up to `count` tasks that are due; first rescue tasks whose leases have run out."""
        return self.store.leases.claim(self._claim(worker_id, count))

    def _claim(self, worker_id: str, count: int) -> Claim:
        return Claim(
            worker_id=worker_id,
            tokens=[os.urandom(16).hex() for _ in range(count)],
            now=self.clock.now(),
            at=self.clock.boot_time(),
            lease_seconds=self.policy.lease_seconds,
            gone=WORKER_GONE,
            running_per_user=self.policy.running_per_user,
        )

    def renew(self, worker_id: str, tokens: Collection[str]) -> dict[str, bool]:
        """Renew these leases of a worker: the tokens still held, with whether the task is to be cancelled."""
        at, seconds = self.clock.boot_time(), self.policy.lease_seconds
        return self.store.leases.renew(worker_id, tokens, at=at, lease_seconds=seconds)

    def report(self, lease: Lease, progress: Progress, article: str | None) -> bool | None:
        """Record progress: whether to cancel; None if the lease is lost."""
        return self.store.leases.report(
            lease, progress, article, at=self.clock.boot_time(), lease_seconds=self.policy.lease_seconds
        )

    def complete(self, lease: Lease, new: NewVersion, *, take_next: bool = False) -> Completion:
        """Store the lesson as its next version and complete the task; on wish take the next in the same commit."""
        then = self._claim(lease.worker_id, 1) if take_next else None
        return self.store.lessons.complete(lease, new, self.clock.now(), then)

    def settle_error(self, lease: Lease, error: LessongenError) -> Status | None:
        """End an attempt that failed: back to pending after a pause if another may help, else failed.

        The status afterwards; None if the lease was lost.
        """
        failure = Failure.of(error)
        task = lease.task
        now = self.clock.now()
        counts = not (isinstance(error, DatabaseError) or self._waits_for_a_server(error, task, now))
        if error.retryable and (task.attempt < task.max_attempts or not counts):
            run_at = now + self._pause(error, task)
            message = f"Attempt {task.attempt} of {task.max_attempts} failed: {error.message}"
            kept = self._wait_again(lease, now, run_at, message, failure=failure, counts=counts)
            return Status.PENDING if kept else None
        return Status.FAILED if self.store.leases.fail(lease, failure, now) else None

    @staticmethod
    def _waits_for_a_server(error: LessongenError, task: Task, now: datetime) -> bool:
        """Whether the attempt was turned away by a busy server: not the task's fault, for a day."""
        return isinstance(error, RateLimited) and now - task.created_at < _PATIENCE_WITH_A_SERVER

    def _pause(self, error: LessongenError, task: Task) -> timedelta:
        """How long to wait before the next attempt: what the server asks for, and in any case some backoff."""
        asked = error.retry_after_seconds
        if asked is None and isinstance(error, RateLimited):
            asked = _RATE_LIMIT_SECONDS
        return timedelta(seconds=min(asked or 0.0, _LONGEST_PAUSE_SECONDS)) + self.backoff(task.attempt)

    def settle_cancelled(self, lease: Lease) -> bool:
        """End an attempt whose task was cancelled."""
        return self.store.leases.end_cancelled(lease, self.clock.now())

    def hand_back(self, lease: Lease) -> bool:
        """End an attempt that its worker could not finish before leaving; the attempt doesn't count."""
        message = "Handed back by a worker that was stopped"
        return self._wait_again(lease, self.clock.now(), None, message, counts=False)

    def postpone(self, lease: Lease, until: datetime, message: str) -> bool:
        """End an attempt that can't go on before that moment; the attempt doesn't count."""
        return self._wait_again(lease, self.clock.now(), until, message, counts=False)

    def hand_in(self, lease: Lease, calls: Sequence[BatchedCall]) -> bool:
        """End an attempt that waits for a provider's answers to these calls; the attempt doesn't count."""
        return self.store.sent_batches.hand_in(lease, calls, now=self.clock.now())

    def _wait_again(
        self,
        lease: Lease,
        now: datetime,
        run_at: datetime | None,
        message: str,
        *,
        failure: Failure | None = None,
        counts: bool,
    ) -> bool:
        return self.store.leases.hand_back(
            lease,
            now=now,
            at=self.clock.boot_time(),
            run_at=run_at,
            message=message,
            failure=failure,
            counts_as_attempt=counts,
        )

    def admit_call(self, lease: Lease, writer: str, tokens: int) -> datetime | None:
        """Record a call to a model that is about to be made; or, where a limit is reached, when to try again."""
        seconds = self.store.leases.call(lease, writer, tokens, self.policy.calls, at=self.clock.boot_time())
        return None if seconds is None else self.clock.now() + timedelta(seconds=seconds)

    def has_due(self) -> bool:
        """Whether a task could be claimed now."""
        return self.store.tasks.any_due(now=self.clock.now(), at=self.clock.boot_time())

    def seconds_until_due(self) -> float | None:
        """In how many seconds the first of the tasks that wait becomes due; None where none is known to wait."""
        return self.store.tasks.seconds_until_due(self.clock.boot_time())

    def reclaim_from(self, worker_id: str) -> Sequence[str]:
        """Take back the tasks of a worker that is dead."""
        return self.store.leases.reclaim_from(worker_id, now=self.clock.now(), gone=WORKER_GONE)

    def backoff(self, attempt: int) -> timedelta:
        """How long to wait after that attempt: exponential, capped, with full jitter.

        Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
        """
        import random

        ceiling = min(self.policy.backoff_cap_seconds, self.policy.backoff_seconds * 2 ** (attempt - 1))
        return timedelta(seconds=random.uniform(0, ceiling))  # noqa: S311 - jitter, not a secret


def validate(request: LessonRequest) -> None:
    """Raise `UsageError` for a request that can't be stored or can't name a lesson."""
    for what in ("subject", "topic", "language", "level", "variant", "article", "focus"):
        value = getattr(request, what)
        if value is not None:
            require_name(what, value)
    base_language(request.language)
    level_of(request.level)
    if request.model is not None:
        require_text("model", request.model)
    for source in request.sources:
        require_text("source", source, longest=4_096)
    if request.minutes is not None and not MINUTES.fewest <= request.minutes <= MINUTES.most:
        raise UsageError(
            f"A lesson takes between {MINUTES.fewest} and {MINUTES.most} minutes.", hint="Change --minutes."
        )
    if request.questions is not None and not USUAL_QUESTIONS.fewest <= request.questions <= USUAL_QUESTIONS.most:
        raise UsageError(
            f"A lesson has between {USUAL_QUESTIONS.fewest} and {USUAL_QUESTIONS.most} questions.",
            hint="Change --questions.",
        )
    if request.max_cost is not None and not 0 <= request.max_cost < 1e6:
        raise UsageError("A lesson's cost is limited to a number of dollars from 0.", hint="Change --max-cost.")
    if request.seed is not None and not 0 <= request.seed < 2**63:
        raise UsageError("A seed is a number from 0 to 9223372036854775807.", hint="Change --seed.")


_FIRST_GUESS_SECONDS = {"extractive": [0.4, 3.0]}
_FIRST_GUESS_ELSEWHERE = [30.0, 60.0]


def _typical_seconds(lessons: Lessons, writer: str, request: LessonRequest) -> list[float]:
    history = lessons.durations(writer, request.model or "", request.level, limit=50)
    return sorted(history) or _FIRST_GUESS_SECONDS.get(writer, _FIRST_GUESS_ELSEWHERE)
