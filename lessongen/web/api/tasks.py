"""`/tasks`, `/board`: decide on tasks, and watch them and the workers as they change."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from lessongen.lesson.task import Task
from lessongen.web.answers import board_shown
from lessongen.web.callers import Asking, Call, call
from lessongen.web.live import BoardTopic, Hub, TaskTopic, Topic, Update, Watch
from lessongen.web.naming import TaskId
from lessongen.web.problems import GONE, Refusal
from lessongen.web.submitting import state, visible_task
from lessongen.web.wire import LessonStatusResponse

router = APIRouter()

_KEEP_ALIVE_SECONDS = 15.0
_RECONNECT_MILLISECONDS = 1_000
_REVOKED_CODE = 1008
_EVENT_STREAM = "text/event-stream"
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-Sent Events: each has an id, an event type and a JSON object as its data.",
        "content": {_EVENT_STREAM: {"schema": {"type": "string"}}},
    },
    204: {"description": "The last event was had already, and no more will come."},
    410: GONE,
}
LastEventId = Annotated[
    str | None, Header(alias="Last-Event-ID", max_length=64, description="the id of the last event that was had")
]


@router.post(
    "/tasks/{task_id:uuid}/cancel",
    summary="Cancel a task",
    response_model=LessonStatusResponse,
    responses={410: GONE},
)
def cancel_task(task_id: TaskId, call: Asking) -> LessonStatusResponse:
    """Cancels a task that is not over; a running one ends as soon as its worker hears of it."""
    task = visible_task(call.app, call.caller, str(task_id))
    call.app.jobs.cancel([task])
    call.starter.kick()
    return state(call.app, call.caller, task.task_id)


@router.post(
    "/tasks/{task_id:uuid}/retry",
    summary="Try a task again",
    response_model=LessonStatusResponse,
    responses={410: GONE, 409: {**GONE, "description": "The task did not fail."}},
)
def retry_task(task_id: TaskId, call: Asking) -> LessonStatusResponse:
    """Makes a failed or cancelled task pending again; it goes on after its last finished step."""
    task = visible_task(call.app, call.caller, str(task_id))
    if not call.app.jobs.retry([task]):
        raise Refusal(409, "Only a task that failed or was cancelled can be tried again.", code="usage")
    call.starter.kick()
    return state(call.app, call.caller, task.task_id)


@router.get("/board", summary="Tasks and workers")
def board(call: Asking) -> dict[str, Any]:
    """What runs, waits and has ended of the caller's tasks, who works, and how fast."""
    return board_shown(call.app, call.caller.user, call.app.roster.alive())


# ---------------------------------------------------------------- Server-Sent Events


def _watched_task(task_id: TaskId, call: Asking) -> Task:
    return visible_task(call.app, call.caller, str(task_id))


class _Stream(StreamingResponse):
    """The events of a watch, whose place is free again however the answer ends, and be it before it began."""

    def __init__(self, hub: Hub, watch: Watch) -> None:
        super().__init__(_events(watch), media_type=_EVENT_STREAM, headers={"X-Accel-Buffering": "no"})
        self._hub = hub
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._hub.add(self._watch)
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._hub.remove(self._watch)


@router.get(
    "/tasks/{task_id:uuid}/events",
    summary="A task's updates",
    response_class=StreamingResponse,
    responses=_STREAM,
)
async def task_events(
    task: Annotated[Task, Depends(_watched_task)], call: Asking, request: Request, last_event_id: LastEventId = None
) -> Response:
    """The task's state now and whenever it changes, until it has ended. Each event has the whole state."""
    return await _stream(request, call, TaskTopic(task_id=task.task_id), last_event_id)


@router.get(
    "/board/events",
    summary="The board's updates",
    response_class=StreamingResponse,
    responses={status: about for status, about in _STREAM.items() if status == 200},
)
async def board_events(call: Asking, request: Request, last_event_id: LastEventId = None) -> Response:
    """The caller's board now and whenever it changes."""
    return await _stream(request, call, BoardTopic(user=call.caller.user), last_event_id)


async def _stream(request: Request, call: Call, topic: Topic, last_id: str | None) -> Response:
    hub: Hub = request.app.state.hub
    if isinstance(topic, TaskTopic) and last_id is not None and await run_in_threadpool(hub.has_ended, topic, last_id):
        return Response(status_code=204)
    return _Stream(hub, Watch(hub, topic, last_id, call.caller))


async def _events(watch: Watch) -> AsyncIterator[str]:
    yield f"retry: {_RECONNECT_MILLISECONDS}\n\n"
    while not watch.is_closed:
        update = await watch.next(_KEEP_ALIVE_SECONDS)
        if watch.is_revoked:
            return
        yield _event(update) if update is not None else ":\n\n"
        if update is not None and update.is_last:
            return


def _event(update: Update) -> str:
    return f"id: {update.id}\nevent: {update.kind}\ndata: {update.data}\n\n"


# ---------------------------------------------------------------- WebSockets


@router.websocket("/tasks/{task_id}/live")
async def task_live(socket: WebSocket, task_id: str) -> None:
    """The same updates over a WebSocket: objects with `id`, `event` and `data`; closed when the task has ended."""
    try:
        asking = await run_in_threadpool(call, socket)
        task = await run_in_threadpool(visible_task, asking.app, asking.caller, task_id)
    except Refusal as refusal:
        await _refuse(socket, refusal)
        return
    await _send_all(socket, asking, TaskTopic(task_id=task.task_id))


@router.websocket("/board/live")
async def board_live(socket: WebSocket) -> None:
    """The board's updates over a WebSocket."""
    try:
        asking: Call = await run_in_threadpool(call, socket)
    except Refusal as refusal:
        await _refuse(socket, refusal)
        return
    await _send_all(socket, asking, BoardTopic(user=asking.caller.user))


async def _send_all(socket: WebSocket, asking: Call, topic: Topic) -> None:
    hub: Hub = socket.app.state.hub
    watch = Watch(hub, topic, socket.query_params.get("last_event_id"), asking.caller)
    try:
        hub.add(watch)
    except Refusal as refusal:
        await _refuse(socket, refusal)
        return
    try:
        await socket.accept()
        await _send_while_heard(socket, watch)
    finally:
        hub.remove(watch)


async def _send_while_heard(socket: WebSocket, watch: Watch) -> None:
    listening = asyncio.create_task(_listen(socket, watch))
    try:
        await _send_updates(socket, watch)
    except (WebSocketDisconnect, RuntimeError):
        pass  # the watcher has gone
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


async def _send_updates(socket: WebSocket, watch: Watch) -> None:
    while not watch.is_closed:
        update = await watch.next(_KEEP_ALIVE_SECONDS)
        if update is None or watch.is_revoked:
            continue
        await socket.send_json({"id": update.id, "event": update.kind, "data": json.loads(update.data)})
        if update.is_last:
            break
    await socket.close(_REVOKED_CODE if watch.is_revoked else 1001 if watch.is_closed else 1000)


async def _listen(socket: WebSocket, watch: Watch) -> None:
    """Hear when the watcher leaves; whatever else it says means nothing."""
    with contextlib.suppress(RuntimeError):
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    watch.close()


async def _refuse(socket: WebSocket, refusal: Refusal) -> None:
    await socket.send_denial_response(refusal.response())
