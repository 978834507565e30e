"""The ASGI application: the API's and the pages' addresses behind the guard, over one `App`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from lessongen import __version__
from lessongen.app import App
from lessongen.system.errors import LessongenError
from lessongen.web.api import batches, health, lessons, reading, tasks
from lessongen.web.callers import Gate
from lessongen.web.guard import Guard, Rules
from lessongen.web.live import Hub
from lessongen.web.pacing import Counting
from lessongen.web.pages import routes as pages
from lessongen.web.pages.drawing import problem_page
from lessongen.web.problems import DOCUMENTED, handler
from lessongen.web.starter import Starter

_ABOUT = (
    "Lessons that stand on their sources, written in the background. POST /lessons answers at once with a task id; "
    "follow it at its poll_url, or listen to its updates."
)


@dataclass(frozen=True, kw_only=True)
class Service:
    """The whole service: what answers, and what runs beside it."""

    asgi: ASGIApp
    api: FastAPI
    hub: Hub
    starter: Starter


def service(app: App, rules: Rules, *, demands_token: bool, starts_worker: bool) -> Service:
    """Put the service together; it begins when its ASGI application is started."""
    hub = Hub(app)
    starter = Starter(app, starts=starts_worker)
    api = FastAPI(
        title="lessongen",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        lifespan=_lifespan,
        responses=DOCUMENTED,
    )
    gate = Gate(app=app, demands_token=demands_token)
    api.state.gate = gate
    api.state.hub = hub
    api.state.starter = starter
    # The more particular addresses come first: the last of these takes any subject and topic.
    for router in (health.router, tasks.router, batches.router, reading.router, lessons.router):
        api.include_router(router)
    pages.add_to(api)
    as_problem = handler(problem_page)
    for kind in (HTTPException, RequestValidationError, LessongenError):
        api.add_exception_handler(kind, as_problem)
    _describe(api)
    inner: ASGIApp = api
    if rules.origins:
        inner = CORSMiddleware(
            api,
            allow_origins=sorted(rules.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            expose_headers=["Retry-After"],
            max_age=600,
        )
    return Service(asgi=Guard(inner, rules, Counting(gate).who), api=api, hub=hub, starter=starter)


@asynccontextmanager
async def _lifespan(api: FastAPI) -> AsyncIterator[None]:
    api.state.hub.start()
    api.state.starter.start()
    yield
    api.state.hub.join()
    api.state.starter.stop()


def _describe(api: FastAPI) -> None:
    """Let the OpenAPI document tell of tokens, of the models by their names, and of problems as what they are."""
    made = api.openapi

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            document = made()
            parts = document["components"]
            parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{}, {"token": []}]
            _tell_problems(document)
        return api.openapi_schema or {}

    api.openapi = openapi  # type: ignore[method-assign]


def _tell_problems(document: dict[str, Any]) -> None:
    """FastAPI files every model under application/json, and validation errors under a model of its own."""
    schema = {"$ref": "#/components/schemas/Problem"}
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {"application/problem+json": {"schema": schema}}
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
