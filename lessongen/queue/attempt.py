"""One worker's try at a task: what a source and a writer may ask of the queue while they work."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from lessongen.jobs import Jobs
from lessongen.lesson.attempt import Attempt, BatchedAnswer, BatchedCall, HandedIn, Result, Spent, Usage
from lessongen.lesson.draft import Draft, Sibling, Stored
from lessongen.lesson.task import Lease, Progress
from lessongen.queue.dedupe import DistinctQuestions
from lessongen.system.crew import Crew
from lessongen.system.errors import Cancelled, LessongenError, OverBudget, Postponed

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson

_REPORT_EVERY_SECONDS = 0.2
_VERSIONS_REMEMBERED = 60
_LESSONS_BESIDE = 300
_FEWEST_AT_ONCE = 2


class Ending(Enum):
    """Why an attempt must stop before it is done."""

    CANCELLED = auto()
    HANDED_BACK = auto()
    LEASE_LOST = auto()


@dataclass(eq=False, kw_only=True)
class _Account:
    """What the calls of one thread took and is in no database yet, and what the one under way should cost."""

    usages: list[Usage] = field(default_factory=list)
    promised: float = 0.0


@dataclass(eq=False, kw_only=True)
class _Shared:
    """What the attempts of one lease that run side by side have in common: whether to stop, and their accounts.

    Under the `lock` no call is promised money and none is entered, so that nothing is counted twice or not at all.
    """

    ending: Ending | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    accounts: list[_Account] = field(default_factory=list)


_CREW = Crew()


class LeasedAttempt:
    """An attempt under a lease; implements `Attempt`. Its worker ends it from another thread with `end`.

    One thread uses it at a time; those that work side by side have siblings of it (`together`).
    """

    def __init__(self, jobs: Jobs, lease: Lease, distinct_questions: DistinctQuestions | None = None) -> None:
        self.lease = lease
        self._reservations = distinct_questions or DistinctQuestions()
        self._jobs = jobs
        self._article: str | None = None
        self._shared = _Shared()
        self._begin()

    def _begin(self) -> None:
        """Begin what each thread has of its own."""
        self._reported_step = ""
        self._reported_at = 0.0
        self._account = _Account()
        with self._shared.lock:
            self._shared.accounts.append(self._account)
        self._steps_open = 0
        self._step: tuple[str, str] = ("", "")  # the key and the inputs of the one that was opened last
        self._is_batched = False
        self._handed_in = 0.0  # dollars that calls should take which this attempt has handed in

    # ------------------------------------------------------------ the worker's side

    @property
    def ending(self) -> Ending | None:
        """Why it must stop; None while it may go on."""
        return self._shared.ending

    def end(self, ending: Ending) -> None:
        """Tell the attempt to stop; the first reason given stands."""
        with self._shared.lock:
            if self._shared.ending is None:
                self._shared.ending = ending

    # ------------------------------------------------------------ the generation's side

    @property
    def seed(self) -> int:
        """The request's seed, or else one drawn from the task's random id, so that every attempt has the same.

        The first version beside other variants takes theirs, so that all are made of the same core.
        """
        from lessongen.writers.variants import seed_for

        task = self.lease.task
        if task.request.seed is not None:
            return task.request.seed
        shared = seed_for(task.request, self, task.batch_id)
        return shared if shared is not None else uuid.UUID(task.task_id).int % 2**31

    @cached_property
    def earlier(self) -> Sequence[Lesson]:
        """The stored versions of this lesson, oldest first; the newest ones where there are very many."""
        from lessongen.lesson.reading import lesson_of_json

        lessons = self._jobs.store.lessons
        stored = lessons.find(self.lease.task.request.lesson)
        contents = lessons.contents(stored.id)[-_VERSIONS_REMEMBERED:] if stored else []
        return [lesson_of_json(content) for content in contents]

    @cached_property
    def stored(self) -> Stored | None:
        """The newest version of this lesson with the texts that it stands on, and what is locked of it."""
        from lessongen.lesson.reading import lesson_of_json

        lessons = self._jobs.store.lessons
        lesson = lessons.find(self.lease.task.request.lesson)
        version = lessons.version(lesson.id, lesson.newest) if lesson else None
        if lesson is None or version is None:
            return None
        draft = Draft(lesson=lesson_of_json(version.content), texts=lessons.texts(lesson.id, version.number))
        locks = frozenset(lock.part for lock in lessons.locks(lesson.id))
        return Stored(number=version.number, draft=draft, locks=locks)

    @cached_property
    def siblings(self) -> Mapping[str, Sibling]:
        """The newest versions of the same lesson in the other variants that have a meaning."""
        from lessongen.lesson.reading import lesson_of_json
        from lessongen.writers.variants import FAMILY

        lessons, name = self._jobs.store.lessons, self.lease.task.request.lesson
        found: dict[str, Sibling] = {}
        for variant in FAMILY:
            stored = lessons.find(dataclasses.replace(name, variant=variant))
            if stored is None or variant == name.variant.casefold():
                continue
            version = lessons.version(stored.id, stored.newest)
            if version is not None:
                lesson = lesson_of_json(version.content)
                texts = lessons.texts(stored.id, version.number)
                found[variant] = Sibling(lesson=lesson, texts=texts, version=version.text)
        return found

    @cached_property
    def presumed(self) -> Sequence[str]:
        """The key terms of the lessons that come before this one in its batch, each once."""
        contents = self._jobs.store.batches.known_before(self.lease.task)
        terms = (entry["term"] for content in contents for entry in json.loads(content)["key_terms"])
        return list(dict.fromkeys(terms))

    @property
    def asked_beside(self) -> Collection[tuple[str, str]]:
        """What the other lessons of its batch ask by now; read anew each time, as others are made meanwhile."""
        return self._stored_beside() | self._reservations.beside(self.lease.task)

    def reserve(self, pairs: Collection[tuple[str, str]]) -> bool:
        """Keep the other lessons of its batch that this worker writes from asking this; False where one asks it."""
        return self._reservations.take(self.lease.task, pairs, self._stored_beside)

    def _stored_beside(self) -> frozenset[tuple[str, str]]:
        from lessongen.lesson.likeness import pairs_asked
        from lessongen.lesson.reading import lesson_of_json

        task = self.lease.task
        if task.batch_id is None:
            return frozenset()
        contents = self._jobs.store.batches.contents_beside(task, _LESSONS_BESIDE)
        return frozenset(pair for content in contents for pair in pairs_asked(lesson_of_json(content)))

    def cancelled(self) -> bool:
        """Whether to stop as soon as possible."""
        return self._shared.ending is not None

    def progress(self, step: str, percent: int, message: str) -> None:
        """Record how far it is, at most five times a second within a step. Raises `Cancelled` if it must stop."""
        self._go_on()
        now = time.monotonic()
        if step == self._reported_step and now - self._reported_at < _REPORT_EVERY_SECONDS:
            return
        self._reported_step, self._reported_at = step, now
        self._report(Progress(step=step, percent=percent, message=message))

    def about(self, article: str) -> None:
        """Record the article that the lesson will be about."""
        self._article = article
        self._report(Progress(step="sources", percent=10, message=f"Found the article “{article}”"))

    def call(self, writer: str, tokens: int, cost: float | None = None) -> None:
        """Record that a call to a model will take so many tokens, and dollars.

        Raises `Postponed` where a limit is reached, `OverBudget` where the task would cost more than it may.
        """
        self._go_on()
        with self._shared.lock:
            self._require_budget(cost)
            self._account.promised = cost or 0.0
        until = self._jobs.admit_call(self.lease, writer, tokens)
        if until is not None:
            self._account.promised = 0.0
            raise Postponed(until)

    def used(self, usage: Usage) -> None:
        """Record what a call took, together with the result of the step that it is made in."""
        with self._shared.lock:
            self._account.usages.append(usage)
            self._account.promised = 0.0
        if not self._steps_open:
            self._keep_usages()

    def together(self, works: Sequence[Callable[[Attempt], Result]]) -> list[Result]:
        """What the works give, each done in a thread of its own; the error of the first that failed is raised.

        By the Batch API the calls of all go into one file.
        """
        if self.goes_by_batch_api or len(works) < _FEWEST_AT_ONCE:
            return self._in_turn(works)
        siblings = [self._sibling() for _ in works]
        running = [_CREW.start(partial(work, each)) for work, each in zip(works, siblings, strict=True)]
        errors = [each.exception() for each in running]  # waits for all: what is paid for is kept
        with self._shared.lock:
            for each in siblings:
                self._shared.accounts.remove(each._account)
        self._go_on()
        for error in errors:
            if error is not None:
                raise error
        return [each.result() for each in running]

    def _in_turn(self, works: Sequence[Callable[[Attempt], Result]]) -> list[Result]:
        """What the works give, one after the other; what several of them wait for is handed in together."""
        results: list[Result] = []
        waiting: list[BatchedCall] = []
        for work in works:
            try:
                results.append(work(self))
            except HandedIn as handed:
                waiting += handed.calls
        if waiting:
            raise HandedIn(*waiting)
        return results

    def _sibling(self) -> LeasedAttempt:
        """An attempt on the same lease for another thread."""
        sibling = copy.copy(self)
        sibling._begin()
        return sibling

    @property
    def goes_by_batch_api(self) -> bool:
        """Whether the task's calls go by the provider's Batch API."""
        return self.lease.task.request.batch_api and self.lease.task.batch_id is not None

    def batched(self, make: Callable[[str, str], BatchedCall], read: Callable[[BatchedAnswer], Result]) -> Result:
        """The provider's answer to the open step's call, as `read` takes it. Raises `HandedIn` where there is none."""
        self._go_on()
        sent_batches, task = self._jobs.store.sent_batches, self.lease.task
        answer = sent_batches.answer(task, *self._step)
        if answer is None:
            call = make(*self._step)
            self._handed_in += call.cost or 0.0
            self._require_budget(self._handed_in)
            raise HandedIn(call)
        try:
            result = read(answer)
        except LessongenError:
            sent_batches.discard(task, *self._step)
            raise
        self._is_batched = True
        return result

    def spent(self) -> Spent:
        """What the task's calls took so far, those of earlier attempts and of siblings too."""
        with self._shared.lock:
            kept = self._jobs.store.leases.spent(self.lease.task)
            usages = [usage for account in self._shared.accounts for usage in account.usages]
        return Spent(
            calls=kept.calls + len(usages),
            tokens=kept.tokens + sum(each.input_tokens + each.output_tokens for each in usages),
            cost=kept.cost + sum(each.cost or 0.0 for each in usages),
        )

    def _require_budget(self, cost: float | None) -> None:
        limit = self.lease.task.request.max_cost
        if limit is None:
            return
        others = sum(each.promised for each in self._shared.accounts if each is not self._account)
        spent = self.spent().cost
        if spent + others + (cost or 0.0) > limit:
            under_way = f", ${others:.4f} under way" if others else ""
            raise OverBudget(
                f"The lesson may cost ${limit:.4f}; ${spent:.4f} is spent{under_way}, and the next call takes about "
                f"${cost or 0.0:.4f}.",
                hint="Give it more with --max-cost, or choose a cheaper model with --model.",
            )

    def _keep_usages(self) -> None:
        with self._shared.lock:
            usages = self._entered()
            if usages:
                self._jobs.store.leases.add_usages(self.lease, usages, self._jobs.clock.now())

    def _entered(self) -> list[Usage]:
        """What has to be entered now, and is taken off the account."""
        usages, self._account.usages = self._account.usages, []
        self._account.promised = 0.0
        return usages

    def step(self, key: str, inputs: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """The kept result of `make` for these inputs; made and durably kept if there is none. Raises `Cancelled`."""
        self._go_on()
        leases = self._jobs.store.leases
        digest = hashlib.sha256(_canonical(inputs).encode()).hexdigest()
        kept = leases.step(self.lease.task, key, digest)
        if kept is not None:
            return json.loads(kept)
        self._steps_open += 1
        self._step, self._is_batched = (key, digest), False
        try:
            result = _canonical(make())
        except BaseException:
            self._keep_usages()  # paid for, though nothing came of it
            raise
        finally:
            self._steps_open -= 1
        now, is_batched = self._jobs.clock.now(), self._is_batched
        with self._shared.lock:
            usages = self._entered()
            is_kept = leases.keep_step(self.lease, key, digest, result, usages, now, is_batched=is_batched)
        if not is_kept:
            self.end(Ending.LEASE_LOST)
            raise Cancelled
        return json.loads(result)

    def _report(self, progress: Progress) -> None:
        asked_to_cancel = self._jobs.report(self.lease, progress, self._article)
        if asked_to_cancel is None:
            self.end(Ending.LEASE_LOST)
        elif asked_to_cancel:
            self.end(Ending.CANCELLED)
        self._go_on()

    def _go_on(self) -> None:
        if self._shared.ending is not None:
            raise Cancelled


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
