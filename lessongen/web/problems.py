"""What goes wrong, as problem details (RFC 9457): never more of it than a stranger may know."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from lessongen.system.errors import (
    DatabaseBusy,
    DatabaseError,
    LessongenError,
    NotFound,
    TryLater,
    Unavailable,
)
from lessongen.web.wire import Problem

_LOG = logging.getLogger("lessongen.web")
_ERRORS_TOLD = 20
_BUSY_SECONDS = 2
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")
# What the command line's options are called on the page where one asks for a lesson.
_FIELDS = (
    (re.compile(r'such as --article "([^"]+)"'), r"such as “\1” in the field Article"),
    (re.compile(r'(?:ask )?with --article "([^"]+)"'), r"name “\1” in the field Article"),
    (re.compile(r"with --article TITLE"), "in the field Article"),
    (re.compile(r"(?:: | with )--source FILE"), ""),
    (re.compile(r"--focus\b"), "the focus"),
    (re.compile(r"(?:with )?--level\b"), "the field For whom"),
)
MEDIA_TYPE = "application/problem+json"

# What every operation may answer beside what it is for.
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": about, "content": {MEDIA_TYPE: {}}}
    for status, about in (
        (400, "The request is not HTTP, JSON or UTF-8 as it should be."),
        (401, "A token is demanded, and none that is valid was given."),
        (403, "Another may do this, or another site asked for it."),
        (404, "There is no such thing, or it is another user's."),
        (405, "That can't be done with this address."),
        (413, "The body is too large."),
        (421, "The server does not go by that name."),
        (422, "The request can't be carried out as it is."),
        (431, "The headers and the address are too large."),
        (429, "A limit is reached; `Retry-After` says for how long."),
        (503, "The database is busy or can't be used."),
    )
}

GONE: dict[str, Any] = {
    "model": Problem,
    "description": "The task is past its retention; its lesson stays.",
    "content": {MEDIA_TYPE: {}},
}


class Refusal(HTTPException):
    """An answer that is a problem."""

    detail: str

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str | None = None,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__(status, detail, headers=dict(headers) if headers else None)
        self.code, self.hint, self.errors = code, hint, errors

    def as_json(self) -> dict[str, Any]:
        """The problem's object."""
        problem = Problem(
            title=HTTPStatus(self.status_code).phrase,
            status=self.status_code,
            detail=self.detail,
            code=self.code,
            hint=self.hint,
            errors=[dict(each) for each in self.errors] if self.errors is not None else None,
        )
        return problem.model_dump(exclude_none=True)

    def body(self) -> bytes:
        """The problem as JSON; what is no text is told as it can be."""
        return json.dumps(self.as_json(), ensure_ascii=True).encode()

    def response(self) -> Response:
        """The problem as an answer to a program."""
        return Response(self.body(), status_code=self.status_code, headers=self.headers, media_type=MEDIA_TYPE)


def refusal(error: Exception) -> Refusal:
    """The problem that an error is to a client; what it may not know is logged alone."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return Refusal(error.status_code, str(error.detail), headers=error.headers)
    if isinstance(error, LessongenError):
        return _of_ours(error)
    _LOG.error("A bug answered a request", exc_info=error)
    return Refusal(500, "The server is at fault; its log says more.", code="bug")


def _of_ours(error: LessongenError) -> Refusal:
    code = error.as_json()["code"]
    if isinstance(error, NotFound):
        return Refusal(404, error.message, code=code)
    if isinstance(error, TryLater):
        wait = {"Retry-After": str(max(1, round(error.retry_after_seconds or 1)))}
        return Refusal(429, error.message, code=code, headers=wait)
    if isinstance(error, DatabaseError):  # names the file and the machine
        _LOG.error("The database: %s", error.message)
        detail = "The database is busy." if isinstance(error, DatabaseBusy) else "The database can't be used."
        return Refusal(503, detail, code=code, headers={"Retry-After": str(_BUSY_SECONDS)})
    if isinstance(error, Unavailable):
        return Refusal(503, error.message, code=code, headers={"Retry-After": str(_BUSY_SECONDS)})
    return Refusal(422, error.message, code=code, hint=hint_for_web(error.hint))


def hint_for_web(hint: str | None) -> str | None:
    """A hint that a person without our command line can follow.

    What an option is for is said by the name of the page's field; a sentence that names other options or commands goes.
    None where nothing is left.
    """
    if hint is None:
        return None
    for option, field in _FIELDS:
        hint = option.sub(field, hint)
    kept = [each for each in _SENTENCE_ENDS.split(hint) if "lessongen" not in each and "--" not in each]
    return " ".join(kept) or None


def _invalid(error: RequestValidationError) -> Refusal:
    errors = [
        {"loc": [str(part) for part in each["loc"]], "msg": str(each["msg"]), "type": str(each["type"])}
        for each in error.errors()[:_ERRORS_TOLD]
    ]
    first = errors[0]
    where = ".".join(part for part in first["loc"] if part not in ("body", "query", "path")) or "The body"
    if first["type"] == "json_invalid":
        return Refusal(422, "The body is not JSON.", code="usage", errors=errors)
    return Refusal(422, f"{where}: {first['msg']}.", code="usage", errors=errors)


def _allowed(request: Request) -> list[str]:
    """What can be done with an address: the router itself names the methods of the first of several routes alone."""
    return [
        method
        for method in ("GET", "POST")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


def handler(page: Callable[[Request, Refusal], Response]) -> Callable[[Request, Exception], Awaitable[Response]]:
    """FastAPI's handler for every error: a `page` for people, an object for programs."""

    async def as_problem(request: Request, error: Exception) -> Response:
        problem = refusal(error)
        if problem.status_code == 405:
            problem.headers = {**(problem.headers or {}), "Allow": ", ".join(_allowed(request))}
        is_for_people = request.url.path == "/pages" or request.url.path.startswith("/pages/")
        return page(request, problem) if is_for_people else problem.response()

    return as_problem
