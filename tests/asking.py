"""A question to a model, with a key and a prompt that must be found nowhere afterwards."""

from __future__ import annotations

import contextlib
import json
import time
import traceback
from typing import Any

import pytest

from lessongen.system.errors import (
    LessongenError,
)
from lessongen.writers.openai.client import ModelClient, Reply, Server
from tests.scripted_model import Answer, ScriptedModel

KEY = "sk-proj-Qm7Zt4Lw9XcV2nB8hJ5dR1"
PROMPT = "Write of the heron that stands in the shallow pond at dawn."
GOOD = {"title": "Herons", "facts": ["A heron eats fish.", "Un héron mange des poissons."]}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "facts": {"type": "array", "items": {"type": "string"}}},
    "required": ["title", "facts"],
    "additionalProperties": False,
}
MESSAGES = [{"role": "system", "content": "You write lessons."}, {"role": "user", "content": PROMPT}]
PATIENCE_SECONDS = 20.0  # far less than the waits that servers ask for below


def client_of(server: ScriptedModel | str, **options: Any) -> ModelClient:
    address = server if isinstance(server, str) else server.base_url
    return ModelClient(Server(**{"base_url": address, "api_key": KEY, "model": "scripted-1", **options}))


def ask(client: ModelClient, **options: Any) -> Reply:
    silent: dict[str, Any] = {"on_tokens": lambda count: None, "cancelled": lambda: False}
    call: dict[str, Any] = {"messages": MESSAGES, "schema": SCHEMA, "name": "outline", "seed": 7, "max_tokens": 200}
    with contextlib.closing(client):
        return client.ask(**{**call, **silent, **options})


def failure_of(answer: Answer, **options: Any) -> tuple[LessongenError, ScriptedModel]:
    """What the client raises for an answer, and the server that gave it; within the deadline, so nothing slept."""
    begun = time.monotonic()
    with ScriptedModel(answer) as server, pytest.raises(LessongenError) as caught:
        ask(client_of(server, **options))
    assert time.monotonic() - begun < PATIENCE_SECONDS
    return caught.value, server


def all_that_is_told(failure: BaseException) -> str:
    """Message, hint, JSON, repr, and the traceback as Python would print it."""
    told = [str(failure), repr(failure), *traceback.format_exception(failure)]
    if isinstance(failure, LessongenError):
        told += [str(failure.hint), json.dumps(failure.as_json(), ensure_ascii=False)]
    return "\n".join(told)


def assert_nothing_leaks(text: str) -> None:
    assert KEY not in text
    assert not any(KEY[at : at + 6] in text for at in range(len(KEY) - 5))
    assert "heron" not in text.lower()
    assert "shallow pond" not in text
