"""What there is to read of a stored lesson beside itself: versions, differences, cites, files."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from lessongen.app import App
from lessongen.exporters import known_formats
from lessongen.generation.library import approval_shown, lesson_of, lesson_shown, shown
from lessongen.lesson.claims import cites
from lessongen.lesson.difference import compare
from lessongen.lesson.versions import StoredLesson, Version, version_text
from lessongen.queue.json_views import locks_shown, version_row
from lessongen.queue.json_views import named as name_parts
from lessongen.system.errors import NotFound
from lessongen.web.callers import Asking, Call
from lessongen.web.naming import Audience, Lesson, VersionName

router = APIRouter()

FORMATS = known_formats()
Format = StrEnum("Format", {name: name for name in FORMATS})  # type: ignore[misc]
_HTML = Format("html")


@router.get("/versions/{subject}/{topic:path}", summary="The versions of a lesson")
def versions(lesson: Lesson, call: Asking) -> dict[str, Any]:
    """All versions, oldest first; none is ever overwritten."""
    stored = lesson.lesson(call.app)
    rows = [version_row(each) for each in call.app.library.history(stored)]
    hidden = set() if call.caller.user is None else {"task_id"}  # another's task is not told
    return {
        **name_parts(stored.name),
        "versions": [{key: value for key, value in row.items() if key not in hidden} for row in rows],
    }


@router.get("/diff/{subject}/{topic:path}", summary="What changed between versions")
def diff(
    lesson: Lesson,
    call: Asking,
    older: Annotated[str | None, Query(alias="from", max_length=20, examples=["1.0"])] = None,
    newer: Annotated[str | None, Query(alias="to", max_length=20, examples=["1.1"])] = None,
) -> dict[str, Any]:
    """What changed, part by part; between the last two versions unless told otherwise."""
    stored = lesson.lesson(call.app)
    old, new = two_versions(call, stored, older, newer)
    difference = compare(lesson_of(old), lesson_of(new))
    locked = call.app.library.locked(call.app.library.version(stored))
    answer = {**name_parts(stored.name), "from": old.text, "to": new.text, **difference.as_json()}
    return {**answer, "locks": locks_shown(locked)}


def two_versions(call: Call, stored: StoredLesson, older: str | None, newer: str | None) -> tuple[Version, Version]:
    """The versions that are meant. Raises `NotFound`."""
    new = call.app.library.version(stored, newer)
    if older is None and new.number == 0:
        raise NotFound(f"There is no version before {new.text} to compare it with.")
    return call.app.library.version(stored, older or version_text(new.number - 1)), new


@router.get("/cites/{subject}/{topic:path}", summary="Claims beside their quotes", operation_id="cites")
def cite(lesson: Lesson, call: Asking, version: VersionName = None) -> Response:
    """Each claim of a lesson beside the passages that bear it, with source, revision and licence."""
    found = lesson.version(call.app, version)
    content = json.loads(found.content)
    return JSONResponse(
        {
            **name_parts(found.lesson.name),
            "version": found.text,
            "claims": cites(lesson_of(found)),
            "provenance": content["provenance"],
            "approvals": [approval_shown(content, each) for each in found.approvals],
        }
    )


@router.get(
    "/exports/{subject}/{topic:path}",
    summary="A lesson as a file",
    operation_id="export",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {each.media_type.partition(";")[0]: {} for each in FORMATS.values()},
        }
    },
)
def export_lesson(
    lesson: Lesson,
    call: Asking,
    version: VersionName = None,
    audience: Audience = "teacher",
    form: Annotated[Format, Query(alias="format")] = _HTML,
) -> Response:
    """The lesson in a format; a student's has no answers. HTML is one file that asks nothing of the network."""
    return file_of(call.app, lesson.version(call.app, version), form, audience)


def file_of(app: App, version: Version, form: str, audience: Audience) -> Response:
    """A version as a file to be kept, called as the command line calls it. Raises what `exported` does."""
    chosen = FORMATS[form]
    name = f"{chosen.stem(version.lesson.name, audience)}.{chosen.ending}"
    return Response(
        exported(app, version, form, audience),
        media_type=chosen.media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
    )


def exported(app: App, version: Version, form: str, audience: Audience) -> bytes:
    """A version in a format. Raises `ConfigurationError` where the format's libraries are not installed."""
    lesson = lesson_shown(version)
    image = app.library.image(version, lesson)
    about, paper = shown(version)["metadata"], app.settings.printed_on
    return FORMATS[form].write(lesson, audience=audience, about=about, image=image, paper=paper).data
