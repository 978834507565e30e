"""A task: one persisted request for a lesson, and the states that it goes through."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from lessongen.lesson.versions import LessonName
from lessongen.system.errors import LessongenError, UsageError
from lessongen.system.terminal import quoted

CORE = "core"
MADE_OF_CORE = ("support", "extend")
"""The variants that are made from the core lesson; any other name is a label."""


class Status(StrEnum):
    """Where a task stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_finished(self) -> bool:
        """Nothing happens to the task any more, unless someone retries it."""
        return self in FINISHED

    @property
    def words(self) -> str:
        """As people read it: "in progress"."""
        return self.replace("_", " ")


LIVE = (Status.PENDING, Status.IN_PROGRESS)
FINISHED = (Status.COMPLETED, Status.FAILED, Status.CANCELLED)

TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.PENDING: (Status.IN_PROGRESS, Status.CANCELLED),
    Status.IN_PROGRESS: (Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.PENDING),
    Status.COMPLETED: (),
    Status.FAILED: (Status.PENDING,),
    Status.CANCELLED: (Status.PENDING,),
}


class Priority(IntEnum):
    """Which of two due tasks goes first; the higher one."""

    LOW = 0
    NORMAL = 1
    HIGH = 2

    @property
    def word(self) -> str:
        """As people write it: low, normal, high."""
        return self.name.lower()

    @classmethod
    def named(cls, text: str) -> Priority:
        """The inverse of `word`, in any case. Raises `UsageError`."""
        for each in cls:
            if each.word == text.lower():
                return each
        known = ", ".join(each.word for each in cls)
        raise UsageError(f"There is no priority {quoted(text)}.", hint=f"Give one of {known}.")


@dataclass(frozen=True, kw_only=True)
class LessonRequest:
    """What a person asked for; immutable once accepted.

    `source_hosts` are the only hosts that its sources may be fetched from, and those on public addresses alone; empty
    for a person on this machine, who may name any.
    """

    subject: str
    topic: str
    language: str = "en"
    level: str = "general"
    variant: str = "core"
    minutes: int | None = None
    questions: int | None = None
    wikipedia: bool = True
    images: bool = True
    sources: tuple[str, ...] = ()
    article: str | None = None
    writer: str = "auto"
    model: str | None = None
    seed: int | None = None
    template: str | None = None
    max_cost: float | None = None
    offline: bool = False
    part: str | None = field(default=None, metadata={"doc": "the key of the one part that is to be made anew"})
    source_hosts: tuple[str, ...] = ()
    batch_api: bool = False
    judge: str | None = field(default=None, metadata={"doc": "what judges sentences; none: as the worker is set"})
    focus: str | None = field(default=None, metadata={"doc": "what the lesson is to dwell on, in the asker's words"})

    @property
    def lesson(self) -> LessonName:
        """The lesson that this asks for a version of."""
        return LessonName(
            subject=self.subject, topic=self.topic, language=self.language, level=self.level, variant=self.variant
        )

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types; `from_json` takes it back."""
        return {**dataclasses.asdict(self), "sources": list(self.sources), "source_hosts": list(self.source_hosts)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> LessonRequest:
        """The request that `as_json` wrote."""
        tuples = {name: tuple(data.get(name, ())) for name in ("sources", "source_hosts")}
        return cls(**{**data, **tuples})


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Between how many and how many seconds after submission a task should be done."""

    low_seconds: float
    high_seconds: float

    @property
    def words(self) -> str:
        """As people say it: "30-60 seconds", "2-4 minutes"."""
        units = (("second", 1, 90), ("minute", 60, 5_400), ("hour", 3_600, 172_800), ("day", 86_400, None))
        for unit, size, last in units:
            if last is None or self.high_seconds <= last:
                low = max(1, int(self.low_seconds // size))
                high = max(low, -int(-self.high_seconds // size))
                return f"{low}-{high} {unit}s" if low < high else f"{low} {unit}{'s' if low > 1 else ''}"
        raise AssertionError("the last unit has no end")

    @property
    def middle_seconds(self) -> float:
        """The middle of it, to a tenth of a second."""
        return round((self.low_seconds + self.high_seconds) / 2, 1)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a task ended without a lesson, as a person reads it."""

    code: str
    message: str
    hint: str | None
    exit_code: int

    @classmethod
    def of(cls, error: LessongenError) -> Failure:
        """What an error says, for a task that ends by it."""
        code, exit_code = error.as_json()["code"], int(error.exit_code)
        return cls(code=code, message=error.message, hint=error.hint, exit_code=exit_code)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far an attempt is: the step's name, 0-100, and a sentence."""

    step: str | None = None
    percent: int = 0
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One row of the queue as it was when read; it never changes by itself."""

    id: int
    task_id: str
    request: LessonRequest
    status: Status
    user: str
    priority: Priority
    batch_id: str | None
    attempt: int
    max_attempts: int
    progress: Progress
    article: str | None
    failure: Failure | None
    cancel_requested: bool
    created_at: datetime
    run_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    estimate: Estimate | None = None
    lesson_id: int | None = None
    version: str | None = None
    waits_for: int = 0


@dataclass(frozen=True, kw_only=True)
class Lease:
    """The right to work on a task: every write of an attempt is fenced by `token`."""

    task: Task
    token: str
    worker_id: str


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A request on its way into the queue."""

    request: LessonRequest
    user: str = ""
    priority: Priority = Priority.NORMAL
    batch_id: str | None = None
    max_attempts: int = 3
    run_at: datetime | None = None
    estimate: Estimate | None = None
    waits_for: int = 0
