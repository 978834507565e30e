"""One worker's try at a task: what a source and a writer may ask of the queue while they work."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lessongen.errors import Cancelled, Postponed
from lessongen.jobs import Jobs
from lessongen.task import Lease, Progress

if TYPE_CHECKING:
    from lessongen.lesson import Lesson

_REPORT_EVERY_SECONDS = 0.2
_VERSIONS_REMEMBERED = 60


class Ending(Enum):
    """Why an attempt must stop before it is done."""

    CANCELLED = auto()
    HANDED_BACK = auto()
    LEASE_LOST = auto()


class LeasedAttempt:
    """An attempt under a lease; implements `ports.Attempt`. Its worker ends it from another thread with `end`."""

    def __init__(self, jobs: Jobs, lease: Lease) -> None:
        self.lease = lease
        self._jobs = jobs
        self._article: str | None = None
        self._ending: Ending | None = None
        self._over = threading.Event()
        self._reported_step = ""
        self._reported_at = 0.0

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
        """The request's seed, or else one drawn from the task's random id, so that every attempt has the same."""
        asked = self.lease.task.request.seed
        return asked if asked is not None else uuid.UUID(self.lease.task.task_id).int % 2**31

    @cached_property
    def earlier(self) -> Sequence[Lesson]:
        """The stored versions of this lesson, oldest first; the newest ones where there are very many."""
        from lessongen.lesson import Lesson

        lessons = self._jobs.store.lessons
        stored = lessons.find(self.lease.task.request.lesson)
        contents = lessons.contents(stored.id)[-_VERSIONS_REMEMBERED:] if stored else []
        return [Lesson.model_validate_json(content) for content in contents]

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

    def call(self, writer: str, tokens: int) -> None:
        """Record that a call to a model will cost so many tokens. Raises `Postponed` where a limit is reached."""
        self._go_on()
        until = self._jobs.admit_call(self.lease, writer, tokens)
        if until is not None:
            raise Postponed(until)

    def step(self, key: str, inputs: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """The kept result of `make` for these inputs; made and durably kept if there is none. Raises `Cancelled`."""
        self._go_on()
        leases = self._jobs.store.leases
        digest = hashlib.sha256(_canonical(inputs).encode()).hexdigest()
        kept = leases.step(self.lease.task, key, digest)
        if kept is not None:
            return json.loads(kept)
        result = _canonical(make())
        if not leases.keep_step(self.lease, key, digest, result, self._jobs.clock.now()):
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
