"""One worker's try at a task: what a source and a writer may ask of the queue while they work."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lessongen.jobs import Jobs
from lessongen.lesson.attempt import BatchedAnswer, BatchedCall, HandedIn, Result, Spent, Usage
from lessongen.lesson.draft import Draft, Sibling, Stored
from lessongen.lesson.task import Lease, Progress
from lessongen.queue.dedupe import DistinctQuestions
from lessongen.system.errors import Cancelled, LessongenError, OverBudget, Postponed

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson

_REPORT_EVERY_SECONDS = 0.2
_VERSIONS_REMEMBERED = 60
_LESSONS_BESIDE = 300


class Ending(Enum):
    """Why an attempt must stop before it is done."""

    CANCELLED = auto()
    HANDED_BACK = auto()
    LEASE_LOST = auto()


class LeasedAttempt:
    """An attempt under a lease; implements `Attempt`. Its worker ends it from another thread with `end`."""

    def __init__(self, jobs: Jobs, lease: Lease, distinct_questions: DistinctQuestions | None = None) -> None:
        self.lease = lease
        self._reservations = distinct_questions or DistinctQuestions()
        self._jobs = jobs
        self._article: str | None = None
        self._ending: Ending | None = None
        self._over = threading.Event()
        self._reported_step = ""
        self._reported_at = 0.0
        self._usages: list[Usage] = []
        self._steps_open = 0
        self._step: tuple[str, str] = ("", "")  # the key and the inputs of the one that was opened last
        self._is_batched = False

    # ------------------------------------------------------------ the worker's side

    @property
    def ending(self) -> Ending | None:
        """Why it must stop; None while it may go on."""
        return self._ending

    def end(self, ending: Ending) -> None:
        """Tell the attempt to stop; the first reason given stands."""
        if self._ending is None:
            self._ending = ending
            self._over.set()

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
        return self._over.is_set()

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
        self._require_budget(cost)
        until = self._jobs.admit_call(self.lease, writer, tokens)
        if until is not None:
            raise Postponed(until)

    def used(self, usage: Usage) -> None:
        """Record what a call took, together with the result of the step that it is made in."""
        self._usages.append(usage)
        if not self._steps_open:
            self._keep_usages()

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
            self._require_budget(call.cost)
            raise HandedIn(call)
        try:
            result = read(answer)
        except LessongenError:
            sent_batches.discard(task, *self._step)
            raise
        self._is_batched = True
        return result

    def spent(self) -> Spent:
        """What the task's calls took so far, those of earlier attempts too."""
        kept = self._jobs.store.leases.spent(self.lease.task)
        return Spent(
            calls=kept.calls + len(self._usages),
            tokens=kept.tokens + sum(each.input_tokens + each.output_tokens for each in self._usages),
            cost=kept.cost + sum(each.cost or 0.0 for each in self._usages),
        )

    def _require_budget(self, cost: float | None) -> None:
        limit = self.lease.task.request.max_cost
        if limit is None:
            return
        spent = self.spent().cost
        if spent + (cost or 0.0) > limit:
            raise OverBudget(
                f"The lesson may cost ${limit:.4f}; ${spent:.4f} is spent, and the next call takes about "
                f"${cost or 0.0:.4f}.",
                hint="Give it more with --max-cost, or choose a cheaper model with --model.",
            )

    def _keep_usages(self) -> None:
        usages, self._usages = self._usages, []
        if usages:
            self._jobs.store.leases.add_usages(self.lease, usages, self._jobs.clock.now())

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
        usages, self._usages = self._usages, []
        now, is_batched = self._jobs.clock.now(), self._is_batched
        if not leases.keep_step(self.lease, key, digest, result, usages, now, is_batched=is_batched):
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
        if self._over.is_set():
            raise Cancelled


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
