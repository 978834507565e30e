"""`/batches`: lessons asked for together."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from lessongen.lesson.records import Batch
from lessongen.queue.batches import PlannedTask, Wish
from lessongen.queue.json_views import batch_row
from lessongen.web.accepting import priority_of, requested
from lessongen.web.callers import Asking, Call
from lessongen.web.naming import Limit, TaskId
from lessongen.web.problems import Refusal
from lessongen.web.wire import CreateBatchRequest

router = APIRouter()

_LISTED = 1_000


@router.post("/batches", summary="Ask for many lessons")
def create_batch(asked: CreateBatchRequest, call: Asking) -> dict[str, Any]:
    """Takes all lessons or none. The same batch sent again while it runs is the answer, not a second one."""
    app, caller = call.app, call.caller
    users = {caller.named(each.user_id, app.settings.user) for each in asked.lessons}
    if len(users) > 1:
        raise Refusal(422, "The lessons of a batch have one user.", code="usage")
    planned = [PlannedTask(request=requested(app, each), priority=priority_of(each)) for each in asked.lessons]
    wish = Wish(
        name=asked.name,
        user=users.pop(),
        skips_existing=asked.skip_existing,
        fail_fast=asked.fail_fast,
        again=asked.again,
    )
    submitted = app.batches.submit(planned, wish, writer=planned[0].request.writer, limit=caller.limit)
    call.starter.kick()
    return {**_row(call, submitted.batch), "is_new": submitted.is_new}


@router.get("/batches", summary="Batches, the latest first")
def list_batches(call: Asking, limit: Limit = 100) -> dict[str, Any]:
    """The caller's batches."""
    seen = [each for each in call.app.store.batches.all(_LISTED) if call.caller.may_see(each.user)]
    return {"batches": [_row(call, each) for each in seen[:limit]]}


@router.get("/batches/{batch_id:uuid}", summary="Where a batch stands")
def show_batch(batch_id: TaskId, call: Asking) -> dict[str, Any]:
    """How many of its tasks are in each state, and what it took."""
    return _row(call, _batch(call, str(batch_id)))


@router.post("/batches/{batch_id:uuid}/cancel", summary="Cancel a batch")
def cancel_batch(batch_id: TaskId, call: Asking) -> dict[str, Any]:
    """Cancels all of it that is not over."""
    batch = _batch(call, str(batch_id))
    call.app.batches.cancel(batch)
    return _row(call, batch)


@router.post("/batches/{batch_id:uuid}/retry", summary="Try a batch again")
def retry_batch(batch_id: TaskId, call: Asking) -> dict[str, Any]:
    """Makes what failed or was cancelled of it pending again."""
    batch = _batch(call, str(batch_id))
    call.app.batches.retry(batch)
    call.starter.kick()
    return _row(call, batch)


def _batch(call: Call, batch_id: str) -> Batch:
    batch = call.app.store.batches.get(batch_id)
    if batch is None or not call.caller.may_see(batch.user):
        raise Refusal(404, "There is no such batch.", code="not_found")
    return batch


def _row(call: Call, batch: Batch) -> dict[str, Any]:
    standing = call.app.batches.standing(batch)
    return {**batch_row(standing), "is_over": standing.summary is not None}
