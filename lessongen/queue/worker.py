"""The worker: claims tasks, runs each in a thread of its own, and settles what comes of it.

The main thread decides and never works: it claims, renews leases, watches other workers, purges, and listens for
wake-ups and signals. Worker threads run attempts and settle them. They meet in a queue and in a pipe that wakes the
main thread.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from types import FrameType
from typing import TypeVar

from lessongen.jobs import Jobs
from lessongen.lesson.attempt import Attempt, HandedIn
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import Lease, LessonRequest
from lessongen.queue.attempt import Ending, LeasedAttempt
from lessongen.queue.batches import Batches
from lessongen.queue.dedupe import DistinctQuestions
from lessongen.queue.presence import Presence, Roster
from lessongen.queue.provider_batches import ProviderBatches
from lessongen.queue.wakeups import Ear, Errand, Pipe
from lessongen.system.clock import to_text
from lessongen.system.errors import Bug, Cancelled, DatabaseError, LessongenError, Postponed
from lessongen.system.leaving import ending_signals
from lessongen.system.memory import give_back

T = TypeVar("T")
Generate = Callable[[LessonRequest, Attempt], NewVersion]

log = logging.getLogger("lessongen.queue.worker")

_LOOK_EVERY_SECONDS = 1.0
_HURRY_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a worker is to run."""

    concurrency: int = 4
    drain: bool = False
    idle_seconds: float | None = None
    grace_seconds: float = 10.0
    purge_every: timedelta = timedelta(minutes=5)
    is_detached: bool = False


@dataclass(kw_only=True)
class Worker:
    """One worker process's life; `run` returns when it is told to leave, or by its plan."""

    jobs: Jobs
    generate: Generate
    roster: Roster
    plan: Plan
    batches: Batches | None = None  # whose ends it sums up and tells of
    provider_batches: ProviderBatches | None = None  # where calls for a provider's Batch API go out and answers come in
    _attempts: dict[str, LeasedAttempt] = field(default_factory=dict)
    _reservations: DistinctQuestions = field(default_factory=DistinctQuestions)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _leases: queue.SimpleQueue[Lease | None] = field(default_factory=queue.SimpleQueue)
    _threads: int = 0
    _signals: int = 0
    _asked: int = 0  # otherwise than by a signal, to leave
    _watched: set[str] = field(default_factory=set)
    _roster_seen: int = -1
    _close_at: float = 0.0
    _unusable: DatabaseError | None = None  # why no attempt can be settled any more

    def run(self) -> None:
        """Work until told to stop, until the queue is empty (`drain`), or until idle for `idle_seconds`."""
        with contextlib.closing(Pipe()) as self._pipe, self._signals_caught(), self._threads_ended():
            self._closing, self._at_desk = (
                Errand("batches", self._pipe.wake),
                Errand("provider_batches", self._pipe.wake),
            )
            while not self._stopping:
                started = to_text(self.jobs.clock.now())
                with self.roster.signed_in(
                    started_at=started, concurrency=self.plan.concurrency, is_detached=self.plan.is_detached
                ) as presence:
                    log.info("worker %s started with %d threads", presence.card.worker_id, self.plan.concurrency)
                    self._work_until_done(presence)
                # Someone may have submitted in the moment between the last look and the signing out, trusting that this
                # worker was there: so look once more before really leaving.
                if not self.jobs.has_due():
                    break
            log.info("worker left")

    # ------------------------------------------------------------ the main thread

    @property
    def _stopping(self) -> bool:
        return self._stops > 0

    @property
    def _stops(self) -> int:
        """How often it was told to leave. A signal may come at any moment: its handler alone counts signals."""
        return max(self._signals, self._asked)

    def _work_until_done(self, presence: Presence) -> None:
        self._worker_id = presence.card.worker_id
        with contextlib.closing(Ear(presence, self._pipe, self.jobs.store)) as ear:
            rounds = _Rounds(self.jobs.policy.renew_seconds, self.plan.purge_every.total_seconds())
            while not self._stopping:
                try:
                    if self._is_over(rounds, presence):
                        break
                    ear.listen(self._seconds_until_next(rounds))
                    rounds.woken = ear.was_woken
                except DatabaseError as error:
                    if not error.retryable:
                        raise
                    log.error("%s", error.message)
                    ear.listen(_LOOK_EVERY_SECONDS)
            presence.leaving()
            self._finish_or_hand_back(ear, presence)
            for errand in (self._closing, self._at_desk):
                errand.join(self.plan.grace_seconds)

    def _is_over(self, rounds: _Rounds, presence: Presence) -> bool:
        """One round of the main thread's work; whether it was the last one."""
        is_there = presence.beat()
        self._asked = presence.stops_asked
        if not is_there:
            log.error("the database %s is gone; leaving", self.roster.database)
            self._signals += 1
            return True
        if self._unusable is not None:
            raise self._unusable
        peers_changed, seen = self._watch_peers(), self.jobs.store.changed()
        if peers_changed or self._is_at_work or rounds.may_have_news(seen):
            self._claim()
            if self._attempts and rounds.renewal_is_due():
                self._renew()
            self._close_batches()
            self._attend_desk()
            rounds.looked(seen, self._seconds_until_due())
        if rounds.purge_is_due():
            self.jobs.purge()
        return self._is_done(rounds)

    def _claim(self) -> None:
        free = max(0, self.plan.concurrency - len(self._attempts))
        for lease in self.jobs.claim(self._worker_id, free):
            self._begin(lease)
            if self._threads < len(self._attempts):
                self._threads += 1
                threading.Thread(target=self._serve, name=f"attempt-{self._threads}", daemon=True).start()
            self._leases.put(lease)

    def _close_batches(self) -> None:
        """Have a thread sum up the batches that are over, and tell of them: that may take a while."""
        if self.batches is None or self._closing.is_running or time.monotonic() < self._close_at:
            return
        if self.jobs.store.batches.untold():
            self._close_at = time.monotonic() + _LOOK_EVERY_SECONDS  # another process may be at it
            self._closing.start(partial(self._close, self.batches))

    @staticmethod
    def _close(batches: Batches) -> None:
        try:
            for batch in batches.close_ended():
                log.info("batch %s is over", batch.batch_id)
        except DatabaseError as error:
            log.error("can't sum up a batch yet: %s", error.message)

    def _attend_desk(self) -> None:
        """Have a thread send calls to the provider and fetch answers, where there is something to do."""
        if self.provider_batches is not None and not self._at_desk.is_running and self.provider_batches.is_due():
            self._at_desk.start(partial(self._attend, self.provider_batches))

    def _attend(self, provider_batches: ProviderBatches) -> None:
        try:
            provider_batches.attend(lambda: self._stopping)
        except DatabaseError as error:
            log.error("can't see to the provider's batches yet: %s", error.message)

    def _renew(self) -> None:
        with self._lock:
            attempts = dict(self._attempts)
        held = self.jobs.renew(self._worker_id, attempts)
        for token, attempt in attempts.items():
            if token not in held:
                attempt.end(Ending.LEASE_LOST)
            elif held[token]:
                attempt.end(Ending.CANCELLED)

    @property
    def _is_at_work(self) -> bool:
        return bool(self._attempts) or self._closing.is_running or self._at_desk.is_running

    def _is_done(self, rounds: _Rounds) -> bool:
        if self._is_at_work:
            rounds.busy()
            return False
        if self.plan.drain:
            return self._is_drained()
        if (
            self.plan.idle_seconds is not None
            and self.provider_batches is not None
            and self.provider_batches.has_work()
        ):
            rounds.busy()
        return self.plan.idle_seconds is not None and rounds.idle_for() >= self.plan.idle_seconds

    def _is_drained(self) -> bool:
        """Whether nothing is left, or nothing but what waits for a provider that was asked just now."""
        tasks = self.jobs.store.tasks
        if not tasks.any_live():
            return True
        provider_batches = self.provider_batches
        if (
            provider_batches is None
            or tasks.any_for_workers()
            or provider_batches.is_due()
            or provider_batches.is_gathering()
            or not provider_batches.has_work()
        ):
            return False
        log.info("what is left waits for the provider's Batch API; the next worker looks after it")
        return True

    def _seconds_until_due(self) -> float:
        """In how many seconds, if nothing is written meanwhile, there may be something to do in the database."""
        seconds = self.jobs.policy.renew_seconds  # leases of a worker that hangs may lapse
        if self.provider_batches is not None and not self._at_desk.is_running and self.provider_batches.has_work():
            seconds = min(seconds, self.provider_batches.seconds_until_due())
        due = self.jobs.seconds_until_due()
        if due is not None and len(self._attempts) < self.plan.concurrency:
            seconds = min(seconds, due)
        return seconds

    def _seconds_until_next(self, rounds: _Rounds) -> float:
        seconds = min(_LOOK_EVERY_SECONDS, rounds.seconds_until_look())
        if self.plan.idle_seconds is not None and not self._attempts:
            seconds = min(seconds, max(0.0, self.plan.idle_seconds - rounds.idle_for()))
        return seconds

    def _finish_or_hand_back(self, ear: Ear, presence: Presence) -> None:
        """Let running attempts finish within the grace period, a second signal cuts it short; hand the rest back."""

        def may_wait() -> bool:
            presence.beat()
            self._asked = presence.stops_asked
            return self._stops < 2

        self._wait_for_attempts(ear, self.plan.grace_seconds, may_wait)
        with self._lock:
            unfinished = list(self._attempts.values())
        for attempt in unfinished:
            attempt.end(Ending.HANDED_BACK)
        self._wait_for_attempts(ear, _HURRY_SECONDS, lambda: True)
        with self._lock:
            stuck = list(self._attempts.values())
        for attempt in stuck:
            log.warning("task %s did not stop in time; handed back", attempt.lease.task.task_id)
            self._settle(attempt, partial(self.jobs.hand_back, attempt.lease))

    def _wait_for_attempts(self, ear: Ear, seconds: float, may_wait: Callable[[], bool]) -> None:
        deadline = time.monotonic() + seconds
        renew_at = time.monotonic() + self.jobs.policy.renew_seconds
        while self._attempts and may_wait() and time.monotonic() < deadline:
            ear.listen(min(0.5, deadline - time.monotonic()))
            if time.monotonic() >= renew_at:
                with contextlib.suppress(DatabaseError):  # tried again; at worst the leases lapse
                    self._renew()
                renew_at = time.monotonic() + self.jobs.policy.renew_seconds

    # ------------------------------------------------------------ other workers

    def _watch_peers(self) -> bool:
        """Take over from the dead; for each living one have a thread block on its lock, that goes on when it dies.

        Whether any worker has come or gone since the last time.
        """
        changed = self.roster.modified()
        if changed == self._roster_seen:
            return False
        for task_id in self.roster.rescue(self.jobs.reclaim_from):
            log.warning("took back task %s from a dead worker", task_id)
        for worker_id in self.roster.others(self._worker_id):
            if worker_id not in self._watched:
                self._watched.add(worker_id)
                threading.Thread(target=self._await_death, args=(worker_id,), daemon=True).start()
        self._roster_seen = changed
        return True

    def _await_death(self, worker_id: str) -> None:
        self.roster.wait_for_death(worker_id)
        try:
            for task_id in self.jobs.reclaim_from(worker_id):
                log.warning("worker %s died; took back task %s", worker_id, task_id)
            self.roster.bury(worker_id)
        except DatabaseError as error:
            log.error("can't take back the tasks of worker %s yet: %s", worker_id, error.message)
            self._roster_seen = -1  # the main thread tries again
        self._watched.discard(worker_id)
        self._pipe.wake()

    # ------------------------------------------------------------ a worker thread

    def _serve(self) -> None:
        while True:
            lease = self._leases.get()
            if lease is None:
                return
            while lease is not None:
                following = self._run_attempt(lease)
                with self._lock:
                    del self._attempts[lease.token]
                self._reservations.release(lease.task)
                lease = following
            self._pipe.wake()
            if not self._attempts:
                give_back()

    @contextlib.contextmanager
    def _threads_ended(self) -> Iterator[None]:
        """Have the threads end with the block, one that is stuck in an attempt when that is over."""
        try:
            yield
        finally:
            for _ in range(self._threads):
                self._leases.put(None)
            self._threads = 0

    def _begin(self, lease: Lease) -> None:
        with self._lock:
            self._attempts[lease.token] = LeasedAttempt(self.jobs, lease, self._reservations)

    def _run_attempt(self, lease: Lease) -> Lease | None:
        """Run an attempt and settle it; the next task, where one was taken with the commit that settled this one."""
        attempt = self._attempts[lease.token]
        task = lease.task
        try:
            new = self.generate(task.request, attempt)
            completion = self._settle(attempt, lambda: self.jobs.complete(lease, new, take_next=not self._stopping))
            if completion is None:
                return None
            if completion.version is not None:
                log.info("task %s completed", task.task_id)
            if completion.following is not None:
                self._begin(completion.following)
            return completion.following
        except Cancelled:
            self._settle_ended(attempt)
        except HandedIn as handed:
            self._settle(attempt, partial(self.jobs.hand_in, lease, handed.calls))
        except Postponed as wait:
            self._settle(attempt, partial(self.jobs.postpone, lease, wait.until, "Waiting for the writer's limit"))
        except LessongenError as error:
            log.warning("task %s, attempt %d: %s", task.task_id, task.attempt, error.message)
            self._settle(attempt, partial(self.jobs.settle_error, lease, error))
        except Exception as error:
            # The one catch-all: whatever a task does, the worker lives on and the task gets its end.
            log.exception("task %s, attempt %d: a bug", task.task_id, task.attempt)
            bug = Bug(f"A bug in lessongen: {type(error).__name__}: {error}", hint="See `lessongen worker logs`.")
            self._settle(attempt, partial(self.jobs.settle_error, lease, bug))
        return None

    def _settle_ended(self, attempt: LeasedAttempt) -> None:
        lease = attempt.lease
        if attempt.ending is Ending.CANCELLED:
            log.info("task %s cancelled", lease.task.task_id)
            self._settle(attempt, partial(self.jobs.settle_cancelled, lease))
        elif attempt.ending is Ending.HANDED_BACK:
            self._settle(attempt, partial(self.jobs.hand_back, lease))
        else:
            log.warning("task %s: another worker has taken it over", lease.task.task_id)

    def _settle(self, attempt: LeasedAttempt, write: Callable[[], T]) -> T | None:
        """Write an attempt's end as soon as the database takes it: what was paid for is not thrown away.

        None if it took none before the worker left, or never will.
        """
        while True:
            try:
                return write()
            except DatabaseError as error:
                log.error("task %s: can't write its end: %s", attempt.lease.task.task_id, error.message)
                if not error.retryable:
                    self._fail_or_leave(attempt.lease, error)
                    return None
            if attempt.ending is Ending.HANDED_BACK:
                return None
            time.sleep(_LOOK_EVERY_SECONDS)

    def _fail_or_leave(self, lease: Lease, error: DatabaseError) -> None:
        """Fail a task whose result the database refuses; if it refuses that too, the worker is of no more use."""
        try:
            self.jobs.settle_error(lease, error)
        except DatabaseError:
            self._unusable = error
            self._pipe.wake()

    # ------------------------------------------------------------ signals

    @contextlib.contextmanager
    def _signals_caught(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        caught = {signal.SIGTERM, signal.SIGINT, *ending_signals()}
        before = {number: signal.signal(number, self._on_signal) for number in caught}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
        self._pipe.wake()

    def stop(self) -> None:
        """Leave as if signalled once; for a worker that runs inside another program."""
        self._signals += 1
        self._pipe.wake()


class _Rounds:
    """When the main thread last did what it does at intervals."""

    def __init__(self, renew_seconds: float, purge_seconds: float) -> None:
        self._renew_seconds, self._purge_seconds = renew_seconds, purge_seconds
        self._renewed_at = self._busy_at = time.monotonic()
        self._purged_at = float("-inf")
        self._seen, self._look_at = -1, float("-inf")
        self.woken = False  # by another process: there may be a task to cancel

    def may_have_news(self, seen: int) -> bool:
        """Whether the database was written to since the last time, as `seen` says, or something has come due."""
        return self.woken or seen != self._seen or time.monotonic() >= self._look_at

    def looked(self, seen: int, seconds: float) -> None:
        """The database was looked through as it was at `seen`; unless it is written to, the next time is in so long."""
        self._seen, self._look_at = seen, time.monotonic() + seconds

    def seconds_until_look(self) -> float:
        return max(0.0, self._look_at - time.monotonic())

    def renewal_is_due(self) -> bool:
        now = time.monotonic()
        if not self.woken and now - self._renewed_at < self._renew_seconds:
            return False
        self._renewed_at = now
        return True

    def purge_is_due(self) -> bool:
        now = time.monotonic()
        if now - self._purged_at < self._purge_seconds:
            return False
        self._purged_at = now
        return True

    def busy(self) -> None:
        self._busy_at = time.monotonic()

    def idle_for(self) -> float:
        return time.monotonic() - self._busy_at
