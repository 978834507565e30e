"""The pages' addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Form, Query
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lessongen.exporters.shapes import ROLE_LABELS
from lessongen.generation.library import lesson_of, lesson_shown
from lessongen.lesson.claims import cites
from lessongen.lesson.difference import compare
from lessongen.lesson.edition import student_cites
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import Priority, Task
from lessongen.lesson.versions import LessonName, Version
from lessongen.queue.board import look
from lessongen.queue.json_views import lesson_row, version_row
from lessongen.system.errors import LessongenError
from lessongen.system.levels import LEVELS
from lessongen.web.accepting import requested
from lessongen.web.answers import BOARD_ROWS, lesson_path, listed
from lessongen.web.api.reading import Format, exported, file_of, two_versions
from lessongen.web.callers import COOKIE, Asking, Call, Gate, address_of
from lessongen.web.naming import Audience, Lesson, Named, TaskId, VersionName
from lessongen.web.pages import drawing, files, forms, practice, reading
from lessongen.web.pages.drawing import draw
from lessongen.web.problems import Refusal, refusal
from lessongen.web.submitting import state, submit, visible_task
from lessongen.web.wire import CreateLessonRequest

router = APIRouter(prefix="/pages", include_in_schema=False)

_RECENT = 50
_SEE_OTHER = 303
_DIGITS = re.compile("[0-9]{1,9}")
_NOTHING = dict.fromkeys(("subject", "topic", "level", "minutes", "article", "focus"), "")
_NAME = ("subject", "topic", "language", "level", "variant")
_Text = Annotated[str, Form(max_length=200)]


def add_to(api: FastAPI) -> None:
    """Give the application its pages."""
    api.include_router(router)


@router.get("")
def home(request: Request, call: Asking, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Ask for a lesson; the lessons that there are."""
    return _home(request, call, q=q)


def _home(
    request: Request, call: Call, *, q: str = "", asked: Mapping[str, str] = _NOTHING, error: Refusal | None = None
) -> Response:
    library = call.app.library
    found = [lesson for lesson, _ in library.search(q, _RECENT)] if q.strip() else library.all(_RECENT)
    rows = [(each.name, lesson_row(each)) for each in found]
    status = error.status_code if error else 200
    return draw(request, "home.html", status=status, lessons=rows, q=q, asked=asked, error=error, levels=LEVELS)


@router.post("/lessons")
def ask(
    request: Request,
    call: Asking,
    form_key: forms.FormKey,
    subject: _Text = "",
    topic: _Text = "",
    level: _Text = "",
    minutes: _Text = "",
    article: _Text = "",
    focus: _Text = "",
    wikipedia: _Text = "",
) -> Response:
    """Take a form's request, or give the form back with what is wrong."""
    forms.require(request, form_key)
    asked = dict(subject=subject, topic=topic, level=level, minutes=minutes, article=article, focus=focus)
    try:
        wanted = _asked(call, asked, includes_wikipedia=bool(wikipedia))
    except (Refusal, LessongenError) as error:
        return _home(request, call, asked=asked, error=refusal(error))
    return RedirectResponse(f"/pages/tasks/{wanted}", status_code=_SEE_OTHER)


def _asked(call: Call, asked: dict[str, str], *, includes_wikipedia: bool) -> str:
    """The id of the task for what a form asks. Raises what is wrong with it."""
    given: dict[str, Any] = {name: text.strip() for name, text in asked.items() if text.strip()}
    if "minutes" in given:
        given["minutes"] = int(given["minutes"]) if _DIGITS.fullmatch(given["minutes"]) else given["minutes"]
    try:
        wish = CreateLessonRequest(**given, include_wikipedia=includes_wikipedia)
    except ValidationError as error:
        raise refusal(RequestValidationError(error.errors(include_url=False))) from error
    user = call.caller.named(None, call.app.settings.user)
    accepted = submit(call, requested(call.app, wish), user=user, priority=Priority.NORMAL, defer=False)
    return accepted.task_id


@router.get("/tasks/{task_id:uuid}")
def task(task_id: TaskId, request: Request, call: Asking) -> Response:
    """One task, as it is being written."""
    found = state(call.app, call.caller, str(task_id))
    kept = call.app.store.tasks.get(str(task_id))
    name = kept.request.lesson if kept else None
    lesson = found.lesson
    title = f"{name.subject} / {name.topic}" if name else f"{lesson['subject']} / {lesson['topic']}" if lesson else ""
    read = None
    if lesson is not None:
        read = lesson_path(LessonName(**{part: lesson[part] for part in _NAME}), "/pages/read")
    return draw(
        request,
        "task.html",
        task=found,
        title=title,
        read=read,
        is_live=found.status in ("pending", "in_progress"),
        has_worker=call.starter.starts or call.app.roster.has_taker(),
    )


@router.post("/tasks/{task_id:uuid}/cancel")
def cancel(task_id: TaskId, request: Request, call: Asking, form_key: forms.FormKey) -> Response:
    """Cancel a task."""
    return _decided(request, call, task_id, form_key, call.app.jobs.cancel)


@router.post("/tasks/{task_id:uuid}/retry")
def retry(task_id: TaskId, request: Request, call: Asking, form_key: forms.FormKey) -> Response:
    """Try a task again."""
    return _decided(request, call, task_id, form_key, call.app.jobs.retry)


def _decided(
    request: Request, call: Call, task_id: TaskId, form_key: str, decide: Callable[[list[Task]], object]
) -> Response:
    forms.require(request, form_key)
    decide([visible_task(call.app, call.caller, str(task_id))])
    call.starter.kick()
    return RedirectResponse(f"/pages/tasks/{task_id}", status_code=_SEE_OTHER)


@router.get("/board")
def board(request: Request, call: Asking) -> Response:
    """Tasks and workers."""
    app = call.app
    seen = look(app.store, app.clock, TaskFilter(user=call.caller.user), BOARD_ROWS, app.roster.alive())
    lists = {
        "Being written": [listed(each) for each in seen.running],
        "Waiting": [listed(each) for each in seen.waiting],
        "Ended": [listed(each) for each in seen.finished],
    }
    return draw(request, "board.html", board=seen, lists=lists, rate=seen.tasks_per_minute(app.clock.now()))


# ---------------------------------------------------------------- lessons


@router.get("/read/{subject}/{topic:path}")
def read(
    lesson: Lesson, request: Request, call: Asking, version: VersionName = None, audience: Audience = "student"
) -> Response:
    """The lesson: the HTML export under our bar."""
    found = lesson.version(call.app, version)
    bar = drawing.bar(request, name=found.lesson.name, version=found, audience=audience, here="read")
    return reading.page(exported(call.app, found, "html", audience).decode(), bar)


@router.get("/practise/{subject}/{topic:path}")
def practise(lesson: Lesson, request: Request, call: Asking, version: VersionName = None) -> Response:
    """The lesson's questions, to be answered."""
    found = lesson.version(call.app, version)
    asked = practice.questions(lesson_of(found))
    return _lesson_page(request, "practise.html", found, "practise", questions=asked, answered=None)


@router.post("/practise/{subject}/{topic:path}")
async def answer(lesson: Lesson, request: Request, call: Asking, version: VersionName = None) -> Response:
    """One answered question, with what is right and the passage that says so."""
    form = await request.form(max_fields=20, max_files=0)
    given = {name: str(value)[:2_000] for name, value in form.items()}
    return await run_in_threadpool(_judged, lesson, request, call, version, given)


def _judged(lesson: Named, request: Request, call: Call, version: str | None, given: dict[str, str]) -> Response:
    forms.require(request, given.get("form_key", ""))
    found = lesson.version(call.app, version)
    number = int(given["question"]) if _DIGITS.fullmatch(given.get("question", "")) else 0
    asked = practice.questions(lesson_of(found), number, given)
    return _lesson_page(request, "practise.html", found, "practise", questions=asked, answered=number)


@router.get("/versions/{subject}/{topic:path}")
def versions(lesson: Lesson, request: Request, call: Asking) -> Response:
    """The versions of a lesson."""
    newest = lesson.version(call.app, None)
    rows = [version_row(each) for each in reversed(call.app.library.history(newest.lesson))]
    return _lesson_page(request, "versions.html", newest, "versions", versions=rows)


@router.get("/diff/{subject}/{topic:path}")
def diff(
    lesson: Lesson,
    request: Request,
    call: Asking,
    older: Annotated[str | None, Query(alias="from", max_length=20)] = None,
    newer: Annotated[str | None, Query(alias="to", max_length=20)] = None,
) -> Response:
    """What changed between two versions."""
    old, new = two_versions(call, lesson.lesson(call.app), older, newer)
    difference = compare(lesson_of(old), lesson_of(new))
    return _lesson_page(request, "diff.html", new, "versions", old=old, difference=difference)


@router.get("/cites/{subject}/{topic:path}")
def cite(
    lesson: Lesson, request: Request, call: Asking, version: VersionName = None, audience: Audience = "student"
) -> Response:
    """Each claim beside the quote that bears it; for students, of what their edition has."""
    found = lesson.version(call.app, version)
    claims = (cites if audience == "teacher" else student_cites)(lesson_of(found))
    return _lesson_page(
        request, "cites.html", found, "cites", claims=claims, labels=ROLE_LABELS, is_whole=audience == "teacher"
    )


@router.get("/files/{subject}/{topic:path}")
def listed_files(lesson: Lesson, request: Request, call: Asking, version: VersionName = None) -> Response:
    """The lesson as files to download."""
    found = lesson.version(call.app, version)
    return _lesson_page(request, "files.html", found, "files", offers=list(files.offers(lesson_shown(found))))


@router.get("/file/{subject}/{topic:path}")
def file(
    lesson: Lesson,
    call: Asking,
    form: Annotated[Format, Query(alias="format")],
    version: VersionName = None,
    audience: Audience = "student",
) -> Response:
    """One of them."""
    return file_of(call.app, lesson.version(call.app, version), form, audience)


@router.post("/again/{subject}/{topic:path}")
def again(lesson: Lesson, request: Request, call: Asking, form_key: forms.FormKey) -> Response:
    """Ask for a new version of a lesson."""
    forms.require(request, form_key)
    name = lesson.lesson(call.app).name
    wish = CreateLessonRequest(**{part: getattr(name, part) for part in _NAME})
    user = call.caller.named(None, call.app.settings.user)
    accepted = submit(call, requested(call.app, wish), user=user, priority=Priority.NORMAL, defer=False)
    return RedirectResponse(f"/pages/tasks/{accepted.task_id}", status_code=_SEE_OTHER)


def _lesson_page(request: Request, template: str, version: Version, here: str, **given: Any) -> Response:
    return draw(request, template, name=version.lesson.name, version=version, audience="student", here=here, **given)


# ---------------------------------------------------------------- tokens, and our own files


@router.get("/enter")
def enter(request: Request, next: Annotated[str, Query(max_length=1_000)] = "/pages") -> Response:
    """Ask for a token."""
    return draw(request, "enter.html", next=forms.local_path(next), error=None)


@router.post("/enter")
def entered(
    request: Request,
    form_key: forms.FormKey,
    token: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=1_000)] = "/pages",
) -> Response:
    """Let the browser keep a token that is valid."""
    forms.require(request, form_key)
    gate: Gate = request.app.state.gate
    try:
        gate.caller_of(token.strip(), address_of(request))
    except Refusal as error:
        return draw(request, "enter.html", status=error.status_code, next=forms.local_path(next), error=error.detail)
    response = RedirectResponse(forms.local_path(next), status_code=_SEE_OTHER)
    is_tls = request.url.scheme == "https"
    response.set_cookie(COOKIE, token.strip(), httponly=True, samesite="strict", secure=is_tls, path="/")
    return response


@router.post("/leave")
def leave(request: Request, form_key: forms.FormKey) -> Response:
    """Have the browser forget its token."""
    forms.require(request, form_key)
    response = RedirectResponse("/pages/enter", status_code=_SEE_OTHER)
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/static/{name}")
def static(name: str) -> Response:
    """A style sheet or a script of ours."""
    if name not in drawing.STATIC:
        raise Refusal(404, "There is no such file.", code="not_found")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(drawing.static_text(name), media_type=drawing.STATIC[name], headers=headers)
