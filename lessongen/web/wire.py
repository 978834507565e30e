"""What clients send and get: the models of the service that this API continues, with its names, fields and types.

Fields that came later follow its own; nothing that its clients read has moved.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from lessongen.lesson.limits import MINUTES, USUAL_QUESTIONS
from lessongen.system.levels import KNOWN

MOST_SOURCES = 20
MOST_ROWS = 1_000

Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=4_096)]
Whole = Annotated[int, Field(strict=True)]
Switch = Annotated[bool, Field(strict=True)]


class GenerationStatus(StrEnum):
    """Where a task stands. A cancelled task is told as failed, with that as its message."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


class CreateLessonRequest(BaseModel):
    """What to write a lesson about. Only `subject` and `topic` must be given."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"subject": "english", "topic": "verbs", "user_id": "user123", "include_wikipedia": True}]
        }
    )

    subject: Name
    topic: Name
    user_id: Name | None = Field(default=None, description="whose task it is; with a token, its own user or none")
    include_wikipedia: Switch = Field(default=True, description="ask Wikipedia where it can be reached")
    include_images: Switch = Field(default=True, description="take the article's lead image, if its licence is free")
    force_regenerate: Switch = Field(
        default=True, description="write a new version; with false a stored lesson that is as asked is the answer"
    )
    language: Name | None = Field(default=None, description="a code such as en")
    level: Name | None = Field(default=None, description=f"for whom: {KNOWN}")
    variant: Name | None = Field(default=None, description="one of several lessons on a topic, by a name of your own")
    minutes: Annotated[Whole, Field(ge=MINUTES.fewest, le=MINUTES.most)] | None = None
    questions: Annotated[Whole, Field(ge=USUAL_QUESTIONS.fewest, le=USUAL_QUESTIONS.most)] | None = None
    article: Name | None = Field(default=None, description="the exact title of the article")
    focus: Name | None = Field(default=None, description="what the lesson is to dwell on, in your words")
    sources: list[Text] = Field(
        default_factory=list,
        max_length=MOST_SOURCES,
        description="addresses to write from, of hosts that this server allows; never paths",
    )
    writer: Literal["auto", "extractive", "openai"] | None = None
    model: Name | None = None
    template: Name | None = None
    max_cost: Annotated[float, Field(strict=True, ge=0, lt=1e6)] | None = Field(
        default=None, description="dollars; at most what this server allows"
    )
    seed: Annotated[Whole, Field(ge=0, lt=2**63)] | None = None
    priority: Literal["low", "normal", "high"] = "normal"
    offline: Switch = Field(default=False, description="ask nothing on the network for text")
    defer: Switch = Field(default=False, description="over a limit: take it for later")


_TASK_ID = "550e8400-e29b-41d4-a716-446655440000"


class Decided(BaseModel):
    """What a lesson that was asked for will be like, and what it should cost in US dollars, null where not known."""

    level: str
    minutes: int | None = Field(description="null where the writer decides on them")
    questions: int | None = Field(description="null where the writer decides on them")
    focus: str | None
    writer: str
    model: str | None
    estimated_cost: float | None
    estimated_cost_if_cached: float | None = Field(description="the same where the model's server caches what was read")
    estimated_exam_cost: float | None = Field(description="of the exam that a judge sits first, where none has passed")


class LessonGenerationResponse(BaseModel):
    """The answer to a request for a lesson, at once. `lesson` and `error` are there when it was waited for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "task_id": _TASK_ID,
                    "status": "pending",
                    "message": "Lesson generation started for english/verbs",
                    "estimated_completion_time": "30-60 seconds",
                    "poll_url": f"/lessons/status/{_TASK_ID}",
                }
            ]
        }
    )

    task_id: str
    status: GenerationStatus
    message: str
    estimated_completion_time: str
    poll_url: str
    decided: Decided | None = Field(default=None, description="what the lesson will be like; null for a stored one")


class LessonWaitedResponse(LessonGenerationResponse):
    """The answer to a request for a lesson that was waited for: with the lesson, or why there is none."""

    error: str | None = None
    lesson: dict[str, Any] | None = None


class _TaskState(BaseModel):
    percent: int = Field(default=0, ge=0, le=100)
    step: str | None = None
    attempt: int | None = None
    version: str | None = Field(default=None, description="the version that was written")
    created_at: str | None = Field(default=None, description="ISO 8601, UTC")
    started_at: str | None = None
    completed_at: str | None = None
    task_id: str
    status: GenerationStatus
    message: str
    error: str | None = None


class LessonStatusResponse(_TaskState):
    """How far a task is; `lesson` is there once it is completed, `error` says why there is none."""

    lesson: dict[str, Any] | None = Field(default=None, description="what GET /lessons/{subject}/{topic} answers")
    hint: str | None = Field(
        default=None, description="what may help where the task failed, in the command line's words"
    )
    error_code: str | None = None


class LessonGenerationTask(_TaskState):
    """A task in a list."""

    subject: str
    topic: str
    language: str
    level: str
    variant: str
    user_id: str
    batch_id: str | None = None


class TaskCounts(BaseModel):
    """How many tasks stand in each state; cancelled ones are among the failed."""

    pending: int
    in_progress: int
    completed: int
    failed: int


class LessonTasksResponse(BaseModel):
    """Tasks, how many there are of each state, and that in words."""

    tasks: list[LessonGenerationTask]
    total: int = Field(description="how many tasks there are, listed or not")
    active: int = Field(description="how many are pending or in progress")
    counts: TaskCounts
    summary: str


class LessonMetadata(BaseModel):
    """When a lesson was first stored and last updated, and which version this is."""

    timestamp: float = Field(description="`date_created` in seconds since 1970")
    date_created: str
    version: str
    last_updated: str
    approvals: list[dict[str, Any]] = Field(default_factory=list, description="who has reviewed this version")


class StoredLessonResponse(BaseModel):
    """A stored lesson; `content` follows the lesson schema that the documentation gives."""

    subject: str
    topic: str
    language: str
    level: str
    variant: str
    metadata: LessonMetadata
    content: dict[str, Any]


class CreateBatchRequest(BaseModel):
    """Lessons that are asked for together: all are taken, or none."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "week 1", "lessons": [{"subject": "english", "topic": "verbs"}]}]}
    )

    name: Name = "web"
    lessons: list[CreateLessonRequest] = Field(min_length=1, max_length=MOST_ROWS)
    skip_existing: Switch = Field(default=False, description="leave out lessons that are stored already")
    fail_fast: Switch = Field(default=False, description="stop at the first that fails")
    again: Switch = Field(default=False, description="take it although the same batch is running")


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str | None = Field(default=None, description="a word for programs")
    hint: str | None = None
    errors: list[dict[str, Any]] | None = Field(default=None, description="which fields are wrong, and why")
