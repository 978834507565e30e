"""What a server can: learned from its refusals, so that it is asked for nothing it has refused before."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lessongen.writers.openai.error_body import ServerError

FORMATS = ("json_schema", "json_object", "text")  # what is asked for first, and what instead
_LIMITS = ("max_tokens", "max_completion_tokens", None)
_OPTIONAL = ("stream_options", "seed", "temperature")

_UNKNOWN_HERE = (
    r"unsupported|not (?:currently |yet )?supported|n[o']t support|unrecogni[sz]ed|unknown|unexpected|not permitted"
    r"|forbidden|not allowed|not available|unavailable|not implemented|only the default|additional propert"
)
_FORMAT = r"response_format|json_schema|json_object|json mode|structured[ _]output|guided_json|grammar"
_REFUSING = (400, 404, 422, 501)
_LARGEST_SEED = 2**31 - 1  # some servers keep it in 32 bits


class Abilities:
    """How one server is to be asked. Several threads may use it: learning the same thing twice changes nothing."""

    def __init__(self) -> None:
        self._format = FORMATS[0]
        self._limit: str | None = _LIMITS[0]
        self._refused: frozenset[str] = frozenset()
        self._shows_schema = False

    def request(
        self,
        messages: Sequence[Mapping[str, str]],
        schema: Mapping[str, Any],
        *,
        name: str,
        seed: int,
        max_tokens: int,
        temperature: float | None,
    ) -> dict[str, Any]:
        """The body of a chat request that this server may take. Only the seed's lower 31 bits are sent."""
        shows_schema = self._shows_schema or self._format != "json_schema"
        body: dict[str, Any] = {
            "messages": _with_schema(messages, schema) if shows_schema else [dict(message) for message in messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "seed": seed & _LARGEST_SEED,
        }
        if temperature is not None:
            body["temperature"] = temperature
        if self._limit is not None:
            body[self._limit] = max_tokens
        if self._format == "json_schema":
            called = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:64] or "answer"
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": called, "strict": True, "schema": dict(schema)},
            }
        elif self._format == "json_object":
            body["response_format"] = {"type": "json_object"}
        return {name: value for name, value in body.items() if name not in self._refused}

    def learn(self, status: int, error: ServerError, request: Mapping[str, Any]) -> bool:
        """Take a refusal of that request to heart; whether it is worth asking again, without what was refused.

        `error.message` must hold nothing of the prompt, whose words would be taken for the server's.
        """
        format_named = _is_named("response_format", error) or re.search(_FORMAT, error.words)
        if format_named and "response_format" in request and (status in _REFUSING or status == 500):
            used = FORMATS.index(request["response_format"]["type"])
            self._format = FORMATS[max(used + 1, FORMATS.index(self._format))]
            return True
        is_unknown_here = re.search(_UNKNOWN_HERE, error.words)
        if status not in _REFUSING or error.is_overflow or not is_unknown_here:
            return False
        for used_limit, instead in itertools.pairwise(_LIMITS):
            if used_limit is not None and used_limit in request and _is_about(used_limit, error):
                self._limit = instead if self._limit == used_limit else self._limit
                return True
        for field in _OPTIONAL:
            if field in request and _is_about(field, error):
                self._refused |= {field}
                return True
        return False

    def show_schema(self) -> None:
        """From now on, put the schema into the prompt as well: the server takes the parameter and ignores it."""
        self._shows_schema = True


def _is_named(field: str, error: ServerError) -> bool:
    return any(named == field or named.startswith((field + ".", field + "[")) for named in error.named)


def _is_about(field: str, error: ServerError) -> bool:
    if error.named:
        return _is_named(field, error)
    mentioned = re.findall(r"[a-z]+(?:_[a-z]+)*", error.words)
    return field in mentioned or (field == "stream_options" and "include_usage" in mentioned)


def _with_schema(messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> list[dict[str, str]]:
    """The messages with the schema in the first system message, or in the last one where there is no system message.

    No message is added: many models' templates take a system message at the start alone, and turns that alternate.
    """
    asked = "Answer with JSON that meets this JSON Schema, and with nothing before or after it:\n" + json.dumps(
        schema, ensure_ascii=False
    )
    changed = [dict(message) for message in messages]
    place = next((at for at, message in enumerate(changed) if message["role"] == "system"), len(changed) - 1)
    changed[place]["content"] = f"{changed[place]['content']}\n\n{asked}"
    return changed
