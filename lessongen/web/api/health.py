"""`/health`, `/metrics`, `/usage`: how the service does, for proxies, Prometheus and whoever pays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import JSONResponse, Response

from lessongen.app import App
from lessongen.lesson.records import TaskFilter
from lessongen.queue.json_views import usage_line
from lessongen.system.errors import DatabaseError
from lessongen.system.values import seconds
from lessongen.web.callers import Asking, Gate
from lessongen.web.live import Hub
from lessongen.web.problems import Refusal

router = APIRouter()

_FREE: list[dict[str, list[str]]] = [{}]  # no token is demanded
_LAST_MINUTES = timedelta(minutes=5)


@router.get(
    "/health",
    summary="Whether the service works",
    openapi_extra={"security": _FREE},
    responses={503: {"description": "The database can't be used."}},
)
def health(request: Request) -> Any:
    """`ok`, or what does not work. Without a worker tasks wait until one is started."""
    gate: Gate = request.app.state.gate
    try:
        gate.app.store.changed()
    except DatabaseError:
        return JSONResponse({"status": "failing", "database": False, "worker": False}, status_code=503)
    return {"status": "ok", "database": True, "worker": gate.app.roster.has_taker()}


@router.get("/usage", summary="What models took")
def usage(
    call: Asking,
    by: Literal["user", "day", "model"] = "user",
    since: Annotated[
        str | None,
        Query(
            max_length=12,
            pattern=r"^[0-9]{1,6}[smhdw]?$",
            description="only the last so long: 7d, 24h",
            examples=["7d"],
        ),
    ] = None,
) -> dict[str, Any]:
    """Calls, tokens and dollars by user, day or model; of the caller alone where that is a token's user."""
    app = call.app
    try:
        start = app.clock.now() - timedelta(seconds=seconds(since)) if since else None
    except (ValueError, OverflowError) as error:
        raise Refusal(422, f"`since` can't be {since}.", code="usage") from error
    lines = app.store.usage.lines(by, start, call.caller.user)
    return {"by": by, "lines": [usage_line(line) for line in lines]}


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"description": "Prometheus' text format.", "content": {"text/plain": {}}}},
)
def metrics(call: Asking, request: Request) -> Response:
    """Counts of tasks, workers and watchers; nothing about any one of them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(call.app, request.app.state.hub))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Figures:
    """The figures as they are when they are asked for; implements prometheus_client's collector."""

    def __init__(self, app: App, hub: Hub) -> None:
        self._app = app
        self._hub = hub

    def collect(self) -> Iterable[Metric]:
        app = self._app
        tasks = GaugeMetricFamily("lessongen_tasks", "Tasks that are kept, by status.", labels=["status"])
        for status, count in app.store.tasks.counts(TaskFilter()).items():
            tasks.add_metric([str(status)], count)
        yield tasks
        workers = GaugeMetricFamily(
            "lessongen_workers", "Workers that are alive, by whether they take tasks.", labels=["takes"]
        )
        peers = app.roster.alive()
        takers = sum(not peer.is_leaving and not peer.is_frozen for peer in peers)
        workers.add_metric(["yes"], takers)
        workers.add_metric(["no"], len(peers) - takers)
        yield workers
        ended = app.store.tasks.ended_since(app.clock.now() - _LAST_MINUTES)
        yield GaugeMetricFamily("lessongen_tasks_ended_5m", "Tasks completed or failed in five minutes.", value=ended)
        yield GaugeMetricFamily("lessongen_watchers", "Open streams of updates.", value=self._hub.watchers)
        yield from _usage(app)


def _usage(app: App) -> Iterable[Metric]:
    tokens = CounterMetricFamily("lessongen_model_tokens", "Tokens that models took.", labels=["model", "kind"])
    cost = CounterMetricFamily("lessongen_model_cost_dollars", "Dollars that models took.", labels=["model"])
    for line in app.store.usage.lines("model", None, None):
        tokens.add_metric([line.key, "input"], line.input_tokens)
        tokens.add_metric([line.key, "output"], line.output_tokens)
        cost.add_metric([line.key], line.cost)
    yield tokens
    yield cost
