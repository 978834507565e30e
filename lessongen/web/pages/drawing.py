"""Drawing pages: the templates, and what all pages share."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lessongen.exporters.page import templates
from lessongen.system.clock import from_text
from lessongen.system.terminal import ago, counted, span_words
from lessongen.web.answers import lesson_path
from lessongen.web.callers import COOKIE, Gate
from lessongen.web.pages import forms
from lessongen.web.problems import Refusal

STATIC = {
    "site.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def draw(request: Request, template: str, *, status: int = 200, **given: Any) -> Response:
    """A page from its template."""
    key = forms.key_of(request)
    gate: Gate = request.app.state.gate
    page = (
        _environment()
        .get_template(template)
        .render(
            **given,
            form_key=forms.field_of(key),
            now=gate.app.clock.now(),
            path=request.url.path,
            has_token=COOKIE in request.cookies,
        )
    )
    response = HTMLResponse(page, status_code=status)
    forms.keep(request, response, key)
    return response


def bar(request: Request, **given: Any) -> str:
    """The bar that stands above a lesson."""
    return _environment().get_template("bar.html").render(**given, path=request.url.path, has_token=False)


def problem_page(request: Request, problem: Refusal) -> Response:
    """What went wrong, for people; whoever has no token is asked for it."""
    if problem.status_code == 401 and request.url.path != "/pages/enter":
        return RedirectResponse(f"/pages/enter?next={quote(request.url.path)}", status_code=303)
    page = (
        _environment()
        .get_template("problem.html")
        .render(problem=problem.as_json(), path=request.url.path, has_token=COOKIE in request.cookies)
    )
    return HTMLResponse(page, status_code=problem.status_code, headers=problem.headers)


@cache
def static_text(name: str) -> str:
    """One of our style sheets and scripts."""
    return resources.files("lessongen.web").joinpath("static", name).read_text(encoding="utf-8")


def static_address(name: str) -> str:
    """Where a browser gets it, and gets it anew once it has changed."""
    return f"/pages/static/{name}?v={hashlib.sha256(static_text(name).encode()).hexdigest()[:12]}"


@cache
def _environment() -> Environment:
    environment = templates("lessongen.web")
    environment.globals |= {
        "static": static_address,
        "lesson_path": lesson_path,
        "ago": ago,
        "counted": counted,
        "span": span_words,
    }
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    environment.filters["moment"] = lambda text: from_text(text) if text else None
    return environment
