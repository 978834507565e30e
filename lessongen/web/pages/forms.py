"""Forms that only our own pages can send: a cookie that no other site can set, and its seal in the form."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Annotated

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from lessongen.web.problems import Refusal

COOKIE = "lessongen_form"
_SECRET = secrets.token_bytes(32)  # of this run: a page that is older is loaded again
_LONGEST = 100

# What a browser may read as another site, or as a step out of the pages.
_LEADS_AWAY = re.compile(r"\\|//|/\.{1,2}(?:/|$)|[\s#]")

FormKey = Annotated[str, Form(max_length=_LONGEST)]


def key_of(request: Request) -> str:
    """The browser's key, or a new one."""
    key = request.cookies.get(COOKIE, "")
    return key if 0 < len(key) <= _LONGEST else secrets.token_urlsafe(24)


def field_of(key: str) -> str:
    """What a form of the browser with that key holds."""
    return hmac.new(_SECRET, key.encode("utf-8", "replace"), "sha256").hexdigest()


def keep(request: Request, response: Response, key: str) -> None:
    """Have the browser keep its key."""
    if request.cookies.get(COOKIE) != key:
        is_tls = request.url.scheme == "https"
        response.set_cookie(COOKIE, key, httponly=True, samesite="strict", secure=is_tls, path="/pages")


def require(request: Request, field: str) -> None:
    """Raise `Refusal` unless the form came from a page of ours."""
    if not hmac.compare_digest(field.encode(), field_of(request.cookies.get(COOKIE, "")).encode()):
        raise Refusal(403, "The form is too old, or not ours. Load the page again.", code="cross_site")


def local_path(text: str) -> str:
    """The page to go on to; the first one where the text is no page of ours."""
    path, _, _ = text.partition("?")
    is_ours = re.match("/pages(?:[/?]|$)", text) and not _LEADS_AWAY.search(path) and text.isprintable()
    return text if is_ours else "/pages"
