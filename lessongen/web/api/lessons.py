"""`/lessons`: ask for lessons, follow their tasks, read them; and `/`, the map of all addresses."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from lessongen import __version__
from lessongen.generation.library import shown
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LIVE, Status, Task
from lessongen.queue.json_views import lesson_row
from lessongen.system.errors import LessongenError, NotFound
from lessongen.system.values import seconds
from lessongen.web.accepting import priority_of, requested
from lessongen.web.answers import counted_statuses, listed, stored_statuses, summary
from lessongen.web.callers import Asking, Call
from lessongen.web.live import Hub, TaskTopic, Watch
from lessongen.web.naming import Audience, Lesson, Limit, TaskId, VersionName
from lessongen.web.problems import GONE, Refusal
from lessongen.web.submitting import reuse, state, submit
from lessongen.web.wire import (
    CreateLessonRequest,
    GenerationStatus,
    LessonGenerationResponse,
    LessonStatusResponse,
    LessonTasksResponse,
    LessonWaitedResponse,
    StoredLessonResponse,
)

router = APIRouter()

_LONGEST_WAIT_SECONDS = 600.0
_USUAL_WAIT_SECONDS = 180.0
_WORDS_FOR_YES = ("true", "yes")
_ASK_AGAIN_SECONDS = 2

ENDPOINTS: Mapping[str, str] = {
    "GET /": "this map",
    "POST /lessons": "ask for a lesson; answers at once with a task id (?wait=60s waits for the lesson)",
    "GET /lessons": "list or search stored lessons (?q=words)",
    "GET /lessons/status/{task_id}": "how far a task is; the lesson once it is completed",
    "GET /lessons/tasks": "active tasks, counts per status, a summary",
    "GET /lessons/{subject}/{topic}": "the stored lesson (?version=1.0, ?audience=student)",
    "GET /versions/{subject}/{topic}": "the versions of a lesson",
    "GET /diff/{subject}/{topic}": "what changed between two versions (?from=1.0&to=1.1)",
    "GET /cites/{subject}/{topic}": "each claim beside the quote that bears it",
    "GET /exports/{subject}/{topic}": "the lesson as a file (?format=html, …)",
    "POST /tasks/{task_id}/cancel": "cancel a task",
    "POST /tasks/{task_id}/retry": "try a failed or cancelled task again",
    "GET /tasks/{task_id}/events": "a task's updates as Server-Sent Events",
    "WebSocket /tasks/{task_id}/live": "a task's updates over a WebSocket",
    "GET /board": "tasks and workers",
    "GET /board/events": "the board's updates as Server-Sent Events",
    "WebSocket /board/live": "the board's updates over a WebSocket",
    "POST /batches": "ask for many lessons at once",
    "GET /batches": "batches, the latest first",
    "GET /batches/{batch_id}": "where a batch stands",
    "POST /batches/{batch_id}/cancel": "cancel what is not over of a batch",
    "POST /batches/{batch_id}/retry": "try again what failed of a batch",
    "GET /usage": "what models took",
    "GET /health": "whether the server and its database work",
    "GET /metrics": "figures for Prometheus",
    "GET /pages": "pages for people",
    "GET /openapi.json": "this API as an OpenAPI document",
}


@router.get("/", summary="The map of all addresses", operation_id="map")
def root(request: Request) -> Any:
    """What can be asked here, and how to move on from the synchronous service; to a browser, the pages."""
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/pages", status_code=303, headers={"Vary": "Accept"})
    return {
        "name": "lessongen",
        "version": __version__,
        "message": "Lessons are written in the background: POST /lessons answers at once with a task id.",
        "endpoints": dict(ENDPOINTS),
        "migration": [
            "POST /lessons answers with a task_id instead of a lesson: keep it.",
            "Ask GET /lessons/status/{task_id} (it is the poll_url) until status is completed or failed; "
            "or listen to GET /tasks/{task_id}/events.",
            "Give up after 2 to 3 minutes; the task goes on, and its lesson is stored.",
            "On failed, error says why. After its retention a task answers 410; its lesson stays.",
            "Until a client is changed, POST /lessons?wait=180s answers when the lesson is there.",
            "GET /lessons/{subject}/{topic} is unchanged.",
        ],
        "documentation": "/openapi.json",
    }


@router.post(
    "/lessons",
    summary="Ask for a lesson",
    response_model=LessonWaitedResponse | LessonGenerationResponse,
    responses={202: {"model": LessonGenerationResponse, "description": "Accepted, and not waited for to the end."}},
)
def create_lesson(
    asked: CreateLessonRequest,
    call: Asking,
    request: Request,
    wait: Annotated[
        str | None,
        Query(
            max_length=10,
            pattern=r"^(?:true|yes|[0-9]{1,3}(?:\.[0-9]{1,3})?|[0-9]{1,3}s|[0-9]{1,2}m)$",
            description="answer when the lesson is there, or after so long: `true`, `60`, `90s`, `2m`; at most 10m",
            examples=["2s"],
        ),
    ] = None,
) -> Any:
    """Accepts the request and answers at once; the lesson is written in the background, as a new version."""
    seconds_to_wait = _wait_seconds(wait)
    wanted = requested(call.app, asked)
    user = call.caller.named(asked.user_id, call.app.settings.user)
    answer = None
    if not asked.force_regenerate:
        left_open = dataclasses.replace(wanted, writer=asked.writer or "auto", model=asked.model)
        answer = reuse(call, left_open, user=user)
    if answer is None:
        answer = submit(call, wanted, user=user, priority=priority_of(asked), defer=asked.defer)
    if seconds_to_wait is None:
        return Response(answer.model_dump_json(), media_type="application/json")
    return _Waiting(request.app.state.hub, call, answer, seconds_to_wait)


def _wait_seconds(text: str | None) -> float | None:
    if text is None:
        return None
    if text in _WORDS_FOR_YES:
        return _USUAL_WAIT_SECONDS
    try:
        return min(seconds(text), _LONGEST_WAIT_SECONDS)
    except ValueError as error:
        raise Refusal(422, f"`wait` takes {error}.", code="usage") from error


class _Waiting(Response):
    """The answer to a request once its task has ended, or as it is after so long: 200.

    What was accepted is told in any case, with 202: at once where there is no place to wait, or when waiting is cut
    short.
    """

    def __init__(self, hub: Hub, call: Call, accepted: LessonGenerationResponse, seconds_to_wait: float) -> None:
        super().__init__(media_type="application/json")
        self._hub, self._call, self._accepted, self._seconds = hub, call, accepted, seconds_to_wait

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        waiting = asyncio.create_task(self._waited())
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait((waiting, leaving), return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():  # else nobody hears the answer any more
                await waiting.result()(scope, receive, send)
        finally:
            leaving.cancel()
            waiting.cancel()

    async def _waited(self) -> Response:
        accepted = self._accepted
        if accepted.status is GenerationStatus.PENDING:
            watch = Watch(self._hub, TaskTopic(task_id=accepted.task_id), None, self._call.caller)
            try:
                async with watch, asyncio.timeout(self._seconds):
                    while not watch.is_closed and not await _is_last(watch):
                        pass
            except TimeoutError:
                pass  # it is told as it is
            except Refusal:
                return _accepted(accepted)
            if watch.is_revoked:
                return _accepted(accepted)
        try:
            ended = await run_in_threadpool(_ended, self._call, accepted)
        except (LessongenError, Refusal):  # a busy database; a task whose retention is over
            return _accepted(accepted)
        return Response(ended, media_type="application/json")


async def _is_last(watch: Watch) -> bool:
    update = await watch.next(_LONGEST_WAIT_SECONDS)
    return update is not None and update.is_last


async def _left(receive: Receive) -> None:
    """Return when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _accepted(answer: LessonGenerationResponse) -> Response:
    """The accepted task, which is to be asked for again."""
    headers = {"Location": answer.poll_url, "Retry-After": str(_ASK_AGAIN_SECONDS)}
    return Response(answer.model_dump_json(), 202, headers, "application/json")


def _ended(call: Call, answer: LessonGenerationResponse) -> str:
    now = state(call.app, call.caller, answer.task_id)
    fields = answer.model_dump() | {"status": now.status, "error": now.error, "lesson": now.lesson}
    if answer.status is GenerationStatus.PENDING:
        fields["message"] = now.message
    return LessonWaitedResponse(**fields).model_dump_json()


@router.get("/lessons", summary="List or search stored lessons")
def list_lessons(
    call: Asking,
    q: Annotated[str | None, Query(max_length=200, description="all of these words", examples=["verb"])] = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Stored lessons by name, or those whose newest version holds all the words, best first."""
    if q is not None:
        found = [{**lesson_row(lesson), "snippet": snippet} for lesson, snippet in call.app.library.search(q, limit)]
    else:
        found = [lesson_row(lesson) for lesson in call.app.library.all(limit)]
    return {"lessons": found, "count": len(found)}


@router.get("/lessons/tasks", summary="Active tasks", response_model=LessonTasksResponse)
def list_tasks(
    call: Asking,
    status: Annotated[
        GenerationStatus | None, Query(description="those in this state; the active ones if none")
    ] = None,
    limit: Limit = 100,
) -> Any:
    """The caller's tasks: those that are pending or in progress, or those in one state; and the counts of all."""
    store = call.app.store.tasks
    user = call.caller.user
    counts = store.counts(TaskFilter(user=user))
    statuses: Sequence[Status] = stored_statuses(status) if status else (Status.IN_PROGRESS, Status.PENDING)
    tasks: list[Task] = []
    for each in (each for each in statuses if counts[each]):
        tasks += store.select(TaskFilter(user=user, status=each), limit - len(tasks)) if len(tasks) < limit else []
    found = LessonTasksResponse(
        tasks=[listed(task) for task in tasks],
        total=sum(counts.values()),
        active=sum(counts[each] for each in LIVE),
        counts=counted_statuses(counts),
        summary=summary(counts),
    )
    return Response(found.model_dump_json(), media_type="application/json")


@router.get(
    "/lessons/status/{task_id:uuid}",
    summary="How far a task is",
    response_model=LessonStatusResponse,
    responses={410: GONE},
)
def task_status(task_id: TaskId, call: Asking) -> Any:
    """The state of a task, with the lesson once it is completed. The id must be whole."""
    found = state(call.app, call.caller, str(task_id))
    return Response(found.model_dump_json(), media_type="application/json")


def _neither(task_id: str) -> Refusal:
    shortened = task_id if len(task_id) <= 60 else task_id[:59] + "…"
    detail = f"There is no task “{shortened}”; an id must be whole."
    return Refusal(404, detail, code="not_found")


@router.get("/lessons/{subject}/{topic:path}", summary="A stored lesson", response_model=StoredLessonResponse)
def show_lesson(lesson: Lesson, call: Asking, version: VersionName = None, audience: Audience = "teacher") -> Any:
    """The lesson with its metadata: the latest version unless another is named; to students without answers."""
    try:
        found = lesson.version(call.app, version)
    except NotFound as error:
        if lesson.subject == "status":  # whoever follows a task by half an id
            raise _neither(lesson.topic) from error
        raise
    return JSONResponse(shown(found, audience))
