"""Which lesson or task an address means, taken from the path as it was sent, before anything in it was decoded."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Path, Query, Request
from pydantic import BeforeValidator, StringConstraints

from lessongen.app import App
from lessongen.lesson.versions import StoredLesson, Version
from lessongen.system.errors import UsageError
from lessongen.web.problems import Refusal

Audience = Literal["teacher", "student"]
_Part = Annotated[str | None, StringConstraints(min_length=1, max_length=200)]
VersionName = Annotated[
    str | None, Query(alias="version", max_length=20, description="1.0, 1.1, …; the latest if none", examples=["1.0"])
]


def _of_digits(given: object) -> object:
    """What a query says a number is: ASCII digits, nothing else. Raises `ValueError`."""
    if isinstance(given, str) and not re.fullmatch("[0-9]{1,9}", given):
        raise ValueError("should be a whole number in digits")
    return given


Digits = BeforeValidator(_of_digits)
Limit = Annotated[int, Digits, Query(ge=1, le=1_000, description="at most so many")]

TaskId = Annotated[uuid.UUID, Path(description="the whole id", examples=["550e8400-e29b-41d4-a716-446655440000"])]


@dataclass(frozen=True, kw_only=True)
class Named:
    """The lesson that an address names."""

    subject: str
    topic: str
    language: str | None
    level: str | None
    variant: str | None

    def lesson(self, app: App) -> StoredLesson:
        """The stored lesson. Raises `NotFound`, or `Refusal` where several are meant."""
        try:
            return app.library.find(
                self.subject, self.topic, language=self.language, level=self.level, variant=self.variant
            )
        except UsageError as error:
            hint = "Add language, level or variant to the address."
            raise Refusal(422, error.message, code="usage", hint=hint) from error

    def version(self, app: App, text: str | None) -> Version:
        """One version of it, the latest if none is named. Raises `NotFound`."""
        return app.library.version(self.lesson(app), text)


async def named(
    request: Request,
    subject: Annotated[str, Path(description="`/` in it is sent as %2F", examples=["english"])],
    topic: Annotated[str, Path(description="it may hold `/`", examples=["verbs"])],
    language: Annotated[_Part, Query(description="a code such as en")] = None,
    level: Annotated[_Part, Query(description="for whom")] = None,
    variant: Annotated[_Part, Query(description="which of several on one topic")] = None,
) -> Named:
    """FastAPI's dependency on the lesson that `…/{subject}/{topic}` names; a topic may hold `/`."""
    subject, topic = _last_parts(request)  # these two are for the document: in them `%2F` is `/` already
    return Named(subject=subject, topic=topic, language=language, level=level, variant=variant)


Lesson = Annotated[Named, Depends(named)]


def _last_parts(request: Request) -> tuple[str, str]:
    """Subject and topic: what follows the route's first part, parted at the first `/` that was sent as one."""
    route: str = request.scope["route"].path
    before = len(route[: route.index("{")].strip("/").split("/"))
    raw: bytes = request.scope["raw_path"].partition(b"?")[0]
    parts = raw.lstrip(b"/").split(b"/", before + 1)
    if len(parts) < before + 2 or not parts[before] or not parts[before + 1]:
        raise Refusal(404, "The address names no lesson: it takes a subject and a topic.", code="not_found")
    return _decoded(parts[before]), _decoded(parts[before + 1])


def _decoded(part: bytes) -> str:
    try:
        return unquote_to_bytes(part).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(400, "The address is not UTF-8.", code="usage") from error
