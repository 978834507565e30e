"""What the body of a server's error says, in whichever of the known shapes it comes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ServerError:
    """What an error's body says; each is empty where it says nothing. `named` are fields of the request."""

    message: str
    code: str
    kind: str
    named: tuple[str, ...]

    @property
    def words(self) -> str:
        """Code, kind and message in lower case, for looking into."""
        return f"{self.code} {self.kind} {self.message}".lower()

    @property
    def status(self) -> int:
        """The status that this error would have had, had it not been sent under 200."""
        if re.fullmatch(r"[45][0-9]{2}", self.code):
            return int(self.code)
        for words, status in _STATUSES:
            if words in (self.code, self.kind):
                return status
        return 400 if self.is_overflow else 500

    @property
    def is_overflow(self) -> bool:
        """Whether prompt and answer together are longer than the model's context."""
        return bool(re.search(_OVERFLOW, self.words))

    @property
    def is_about_model(self) -> bool:
        """Whether the model asked for is unknown, or not for this account."""
        return "model_not_found" in self.words or "model" in self.named or bool(re.search(_NO_MODEL, self.words))


_OVERFLOW = (
    r"context_length_exceeded|exceed_context_size|string_above_max_length"
    r"|context (?:length|window|size)|maximum context|too many (?:input )?tokens|(?:prompt|input) is too long"
    r"|reduce the length|exceeds the (?:model'?s )?(?:context|maximum number of tokens)"
)
_NO_MODEL = (
    r"\bmodel\b[^.]{0,120}?(?:not (?:been )?(?:found|exist|a valid|available)|does not exist|doesn't exist|unknown)"
    r"|(?:unknown|invalid|no such|not a valid) model\b|no access to (?:the )?model"
)
_STATUSES = (
    ("rate_limit_exceeded", 429),
    ("rate_limit_error", 429),
    ("insufficient_quota", 429),
    ("invalid_request_error", 400),
    ("context_length_exceeded", 400),
    ("invalid_api_key", 401),
    ("authentication_error", 401),
    ("permission_error", 403),
    ("model_not_found", 404),
    ("not_found_error", 404),
    ("overloaded_error", 503),
)
_NO_MONEY = (
    r"insufficient (?:funds|balance|credit|quota)|credit balance is too low"
    r"|(?:hard|spending) limit (?:has been )?reached"
)
_USED_UP = ("insufficient_quota", "insufficient_balance", "billing_hard_limit_reached", "billing_not_active")


def is_used_up(status: int, error: ServerError) -> bool:
    """Whether nothing is left to spend. Words about a "quota" alone don't tell: some say so of a limit a minute."""
    if status == 402 or any(code in (error.code, error.kind) for code in _USED_UP):
        return True
    return status in (400, 403, 429) and bool(re.search(_NO_MONEY, error.words))


def error_of(body: object) -> ServerError:
    """What a body says.

    Known shapes: OpenAI's {"error": {…}}, its inside alone, a list of one (Google), {"detail": …} (FastAPI),
    {"error": "text"} (Ollama), and text; of a page nothing is taken.
    """
    if isinstance(body, list) and body and isinstance(body[0], Mapping) and "error" in body[0]:
        body = body[0]
    found = body.get("error", body) if isinstance(body, Mapping) else body
    if not isinstance(found, Mapping):
        return ServerError(message=_text_of(found), code="", kind="", named=())
    named = [found["param"]] if isinstance(found.get("param"), str) else []
    message = found.get("message")
    detail = found.get("detail")
    if not isinstance(message, str) and isinstance(detail, list):
        places = [item for item in detail if isinstance(item, Mapping)]
        fields = [".".join(str(part) for part in _listed(item.get("loc")) if part != "body") for item in places]
        named += fields
        message = "; ".join(f"{field}: {item.get('msg')}" for field, item in zip(fields, places, strict=True))
    if not isinstance(message, str):
        message = detail if isinstance(detail, str) else ""
    code, kind = found.get("code"), found.get("type")
    return ServerError(
        message=message,
        code=str(code) if isinstance(code, str | int) else "",
        kind=kind if isinstance(kind, str) else "",
        named=tuple(named),
    )


def _text_of(found: object) -> str:
    if not isinstance(found, str) or re.search(r"<(?:!doctype|html|head|body)\b", found, re.IGNORECASE):
        return ""
    return found


def _listed(found: object) -> list[Any]:
    return found if isinstance(found, list) else []
