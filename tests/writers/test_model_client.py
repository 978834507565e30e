"""The client of model servers against a scripted one: good answers, what a server can't do, cancelling, models."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lessongen.system.errors import (
    BadAnswer,
    Cancelled,
    KeyRefused,
    LessongenError,
    RequestRefused,
    Unavailable,
)
from lessongen.writers.openai.completion import estimated_tokens
from tests.asking import (
    GOOD,
    KEY,
    MESSAGES,
    PATIENCE_SECONDS,
    SCHEMA,
    ask,
    client_of,
    failure_of,
)
from tests.relays import certified, relay, tls_context
from tests.scripted_model import Fault, ScriptedModel, error, html, prompt_of

# ---------------------------------------------------------------- a good answer


def test_a_good_answer_is_data_with_the_servers_count_of_tokens() -> None:
    told: list[int] = []
    with ScriptedModel(lambda request: GOOD) as server:
        reply = ask(client_of(server, temperature=0.25), on_tokens=told.append)
    assert reply.data == GOOD
    assert json.loads(reply.text) == GOOD
    assert (reply.model, reply.is_estimated) == ("scripted-1", False)
    assert (reply.input_tokens, reply.output_tokens) == (server.input_tokens, server.output_tokens)
    assert told[-1] == reply.output_tokens
    (request,) = server.calls
    assert request["response_format"]["json_schema"] == {"name": "outline", "strict": True, "schema": SCHEMA}
    assert (request["seed"], request["max_tokens"], request["temperature"]) == (7, 200, 0.25)
    assert request["messages"] == MESSAGES
    assert (request["stream"], request["stream_options"]) == (True, {"include_usage": True})
    assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"


def test_tokens_that_the_server_does_not_count_are_estimated() -> None:
    with ScriptedModel(lambda request: Fault(content=GOOD, says_usage=False)) as server:
        reply = ask(client_of(server))
    assert reply.is_estimated
    assert reply.output_tokens == estimated_tokens(reply.text) > 0
    assert reply.input_tokens == estimated_tokens("\n".join(message["content"] for message in MESSAGES))


def test_tokens_are_told_while_they_come() -> None:
    """The server says the rest only after it has been seen that the first part was told."""
    told = threading.Event()

    def tell(count: int) -> None:
        assert count > 0
        told.set()

    with ScriptedModel(lambda request: Fault(content=GOOD, ends="stall", after=3)) as server:
        with pytest.raises(Cancelled):
            ask(client_of(server), on_tokens=tell, cancelled=told.is_set)
        assert told.is_set()


def test_tokens_of_an_answer_that_is_of_no_use_are_told_too() -> None:
    told: list[int] = []
    with (
        ScriptedModel(lambda request: Fault(content=GOOD, finish_reason="length")) as server,
        pytest.raises(BadAnswer),
    ):
        ask(client_of(server), on_tokens=told.append)
    assert told[-1] == server.output_tokens


@pytest.mark.parametrize("text", ["```json\n{}\n```", "Here you are: {} I hope it helps!", "<think>{{1}}</think>{}"])
def test_json_in_prose_is_found(text: str) -> None:
    said = text.replace("{}", json.dumps(GOOD))
    with ScriptedModel(lambda request: said) as server:
        assert ask(client_of(server)).data == GOOD


def test_a_server_that_does_not_stream_is_understood() -> None:
    body = {
        "model": "plain-1",
        "choices": [{"message": {"role": "assistant", "content": json.dumps(GOOD)}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 5},
    }
    with ScriptedModel(lambda request: Fault(body=body)) as server:
        reply = ask(client_of(server))
    assert (reply.data, reply.model, reply.input_tokens, reply.output_tokens) == (GOOD, "plain-1", 11, 5)


def test_a_stream_without_its_end_mark_is_whole_where_the_model_said_that_it_stopped() -> None:
    with ScriptedModel(lambda request: Fault(content=GOOD, says_done=False)) as server:
        assert ask(client_of(server)).data == GOOD


def test_one_client_serves_several_threads_at_once() -> None:
    meeting = threading.Barrier(4)

    def answer(request: dict[str, Any]) -> object:
        meeting.wait(PATIENCE_SECONDS)
        return {"title": prompt_of(request).splitlines()[-1], "facts": []}

    def asked(topic: str) -> str:
        reply = client.ask(
            [{"role": "user", "content": topic}],
            SCHEMA,
            name="outline",
            seed=1,
            max_tokens=50,
            on_tokens=lambda count: None,
            cancelled=lambda: False,
        )
        return str(reply.data["title"])

    topics = ["verbs", "nouns", "herons", "ponds"]
    with (
        ScriptedModel(answer) as server,
        contextlib.closing(client_of(server)) as client,
        ThreadPoolExecutor(4) as pool,
    ):
        assert list(pool.map(asked, topics)) == topics
    assert server.most_at_once == 4


# ---------------------------------------------------------------- what a server can't do


@pytest.mark.parametrize(
    ("refused", "formats"),
    [
        (["json_schema"], ["json_schema", "json_object", "json_object"]),
        (["json_schema", "json_object"], ["json_schema", "json_object", None, None]),
    ],
)
def test_a_server_without_schemas_is_asked_in_words_and_only_once_refuses(
    refused: list[str], formats: list[str | None]
) -> None:
    with ScriptedModel(lambda request: GOOD, refuses=refused) as server:
        client = client_of(server)
        assert ask(client).data == GOOD
        assert ask(client).data == GOOD
    assert [call.get("response_format", {}).get("type") for call in server.calls] == formats
    assert json.dumps(SCHEMA) in server.calls[-1]["messages"][0]["content"]
    assert server.calls[-1]["messages"][1] == MESSAGES[1]


@pytest.mark.parametrize(
    ("body", "gone"),
    [
        ({"error": {"message": "Unsupported parameter: 'seed'.", "param": "seed"}}, "seed"),
        (
            {"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]},
            "seed",
        ),
        ({"error": {"message": "stream_options.include_usage is not supported"}}, "stream_options"),
        ({"error": "json: unknown field stream_options"}, "stream_options"),
        (
            {"error": {"message": "'temperature' does not support 0.5. Only the default is.", "param": None}},
            "temperature",
        ),
        ({"error": {"message": "Use max_completion_tokens: max_tokens isn't supported.", "param": None}}, "max_tokens"),
        ({"error": {"message": "This response_format type is unavailable now"}}, "response_format"),
        ({"error": {"message": "Failed to parse grammar", "type": "invalid_request_error"}}, "response_format"),
        ({"message": "json_schema is not supported by this model", "code": 400}, "response_format"),
    ],
)
@pytest.mark.parametrize("status", [400, 422])
def test_what_a_server_refuses_is_left_out_however_it_says_so(status: int, body: dict[str, Any], gone: str) -> None:
    def refuses(request: dict[str, Any]) -> bool:
        wanted = request.get(gone)
        return wanted is not None and wanted != {"type": "json_object"}

    def answer(request: dict[str, Any]) -> object:
        return Fault(status=status, body=body) if refuses(request) else GOOD

    with ScriptedModel(answer) as server:
        client = client_of(server, temperature=0.5)
        assert ask(client).data == GOOD
        assert ask(client).data == GOOD
    assert [refuses(call) for call in server.calls] == [True, False, False]
    kept = {"seed", "stream_options", "temperature", "max_tokens"} - {gone}
    assert kept <= server.calls[-1].keys()
    if gone == "max_tokens":
        assert server.calls[-1]["max_completion_tokens"] == 200


def test_a_server_that_refuses_everything_is_asked_with_little() -> None:
    refused = [
        "json_schema",
        "json_object",
        "seed",
        "stream_options",
        "temperature",
        "max_tokens",
        "max_completion_tokens",
    ]
    with ScriptedModel(lambda request: GOOD, refuses=refused) as server:
        assert ask(client_of(server, temperature=0.5)).data == GOOD
    assert server.calls[-1].keys() == {"model", "messages", "stream"}


def test_a_value_out_of_range_is_no_missing_ability() -> None:
    failure, server = failure_of(lambda request: error(400, "max_tokens must be at most 100", param="max_tokens"))
    assert type(failure) is RequestRefused
    assert "max_tokens must be at most 100" in failure.message
    assert len(server.calls) == 1


def test_a_server_that_ignores_the_schema_is_told_it_in_words_the_next_time() -> None:
    def answer(request: dict[str, Any]) -> object:
        return GOOD if json.dumps(SCHEMA) in prompt_of(request) else "Herons are birds."

    with ScriptedModel(answer) as server:
        client = client_of(server)
        with pytest.raises(BadAnswer, match="no JSON"):
            ask(client)
        assert ask(client).data == GOOD
    assert [call["response_format"]["type"] for call in server.calls] == ["json_schema", "json_schema"]


# ---------------------------------------------------------------- cancelling


@pytest.mark.parametrize("ends", ["stall", "trickle"])
@pytest.mark.parametrize("after", [None, 0, 2])
def test_a_cancelled_call_ends_at_once_and_closes_its_connection(ends: Any, after: int | None) -> None:
    asked = threading.Event()

    def answer(request: dict[str, Any]) -> object:
        asked.set()
        return Fault(content=GOOD, ends=ends, after=after)

    with ScriptedModel(answer) as server:
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            ask(client_of(server, timeout_seconds=300), cancelled=asked.is_set)
        assert time.monotonic() - begun < PATIENCE_SECONDS
        assert server.client_left.wait(PATIENCE_SECONDS)


def test_a_cancelled_call_is_not_begun() -> None:
    with ScriptedModel(lambda request: GOOD) as server, pytest.raises(Cancelled):
        ask(client_of(server), cancelled=lambda: True)
    assert not server.requests


def test_a_call_can_be_cancelled_while_the_list_of_models_is_awaited() -> None:
    with ScriptedModel(lambda request: GOOD, models=Fault(ends="stall", after=None)) as server:
        with pytest.raises(Cancelled):
            ask(client_of(server, timeout_seconds=300), cancelled=lambda: bool(server.requests))
        assert server.client_left.wait(PATIENCE_SECONDS)


def test_what_the_callback_raises_closes_the_connection_too() -> None:
    def tell(count: int) -> None:
        raise KeyboardInterrupt

    with ScriptedModel(lambda request: Fault(content=GOOD, ends="stall", after=3)) as server:
        with pytest.raises(KeyboardInterrupt):
            ask(client_of(server, timeout_seconds=300), on_tokens=tell)
        assert server.client_left.wait(PATIENCE_SECONDS)


def test_a_call_over_tls_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    asked = threading.Event()

    def answer(request: dict[str, Any]) -> object:
        asked.set()
        return Fault(content=GOOD, ends="stall", after=2)

    with ScriptedModel(answer) as server, relay(server.port, context=tls_context(certificate, key)) as port:
        with pytest.raises(Cancelled):
            ask(client_of(f"https://127.0.0.1:{port}/v1", timeout_seconds=300), cancelled=asked.is_set)
        assert server.client_left.wait(PATIENCE_SECONDS)


# ---------------------------------------------------------------- models


def test_models_lists_what_the_server_offers() -> None:
    with ScriptedModel(lambda request: GOOD, models=["small", "large"]) as server:
        with contextlib.closing(client_of(server)) as client:
            assert client.models() == ["small", "large"]
    assert not server.calls


@pytest.mark.parametrize(
    "body", ['[{"id": "small"}, {"id": "large"}]', {"models": [{"name": "small"}, {"name": "large"}]}]
)
def test_models_are_read_from_other_shapes_of_lists(body: Any) -> None:
    with ScriptedModel(lambda request: GOOD, models=Fault(body=body)) as server:
        with contextlib.closing(client_of(server)) as client:
            assert client.models() == ["small", "large"]


def test_a_server_with_no_model_offers_none() -> None:
    with ScriptedModel(lambda request: GOOD, models=Fault(body={"object": "list", "data": None})) as server:
        with contextlib.closing(client_of(server)) as client:
            assert client.models() == []


@pytest.mark.parametrize(
    ("models", "kind", "patience"),
    [
        (None, RequestRefused, 60),
        (html(), BadAnswer, 60),
        (error(401, "No."), KeyRefused, 60),
        (error(503, "Loading model"), Unavailable, 60),
        (Fault(ends="stall", after=None), Unavailable, 0.4),
    ],
)
def test_models_says_why_there_is_no_list(models: Any, kind: type[LessongenError], patience: float) -> None:
    with ScriptedModel(lambda request: GOOD, models=models) as server:
        with contextlib.closing(client_of(server, timeout_seconds=patience)) as client, pytest.raises(kind) as caught:
            client.models()
    assert type(caught.value) is kind


def test_an_unknown_model_is_refused_with_names_near_it_each_time() -> None:
    with ScriptedModel(lambda request: GOOD, models=["gpt-9-mini", "gpt-9", "whisper"]) as server:
        client = client_of(server, model="gpt-9-mimi")
        for _ in range(2):
            with pytest.raises(RequestRefused, match="gpt-9-mimi") as caught:
                ask(client)
            assert "gpt-9-mini" in (caught.value.hint or "")
    assert not server.calls


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        (["scripted-1"], "scripted-1"),
        (["models/gemini-9"], "gemini-9"),
        (["llama9:latest"], "llama9"),
        (["maker/model"], "maker/model:free"),
        ([], "anything"),
    ],
)
def test_a_model_listed_under_another_form_of_its_name_is_asked(listed: list[str], asked: str) -> None:
    with ScriptedModel(lambda request: GOOD, models=listed) as server:
        assert ask(client_of(server, model=asked)).data == GOOD
    assert server.calls[0]["model"] == asked


@pytest.mark.parametrize("models", [None, error(403, "Not for this key."), error(500, "Oops"), html()])
def test_a_server_without_a_list_is_asked_all_the_same(models: Any) -> None:
    with ScriptedModel(lambda request: GOOD, models=models) as server:
        client = client_of(server)
        assert ask(client).data == ask(client).data == GOOD
    assert [request.method for request in server.requests] == ["GET", "POST", "POST"]


def test_with_no_model_named_the_only_one_is_taken() -> None:
    with ScriptedModel(lambda request: GOOD, models=["only"]) as server:
        assert ask(client_of(server, model="")).model == "only"
    with ScriptedModel(lambda request: GOOD, models=["one", "two"]) as server:
        with pytest.raises(RequestRefused, match="several models") as caught:
            ask(client_of(server, model=""))
    assert "one, two" in (caught.value.hint or "")


def test_a_reply_names_the_model_that_answered() -> None:
    with ScriptedModel(lambda request: GOOD, answers_as="scripted-1-2031-05-01") as server:
        assert ask(client_of(server)).model == "scripted-1-2031-05-01"
