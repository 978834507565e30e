"""Each fault of a model server over a real socket: the right error, when to try again, no key and no prompt."""

from __future__ import annotations

import json
import logging
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from lessongen.system.errors import (
    BadAnswer,
    KeyRefused,
    LessongenError,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    Unavailable,
)
from lessongen.system.retry_after import retry_after
from lessongen.writers.openai.answers import Unusable, read_answer
from lessongen.writers.openai.error_body import error_of
from lessongen.writers.openai.faults import OPENAI_ERRORS, Secrets
from tests.asking import (
    GOOD,
    KEY,
    MESSAGES,
    PATIENCE_SECONDS,
    PROMPT,
    SCHEMA,
    all_that_is_told,
    ask,
    assert_nothing_leaks,
    client_of,
    failure_of,
)
from tests.processes import ROOT
from tests.scripted_model import Fault, ScriptedModel, error, html

# ---------------------------------------------------------------- the fault table


def soon(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("status", [408, 409, 425, 500, 502, 503, 504, 529])
def test_a_server_that_can_t_now_is_unavailable_and_says_when_to_come_again(status: int) -> None:
    failure, server = failure_of(lambda request: error(status, "Later.", headers={"Retry-After": "2"}))
    assert type(failure) is Unavailable
    assert failure.retryable
    assert failure.retry_after_seconds == 2
    assert failure.hint
    assert len(server.calls) == 1  # the library would try twice more, and sleep


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "90"}, 90),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "1000000"}, 3600),
        ({"Retry-After": "-5"}, 0),
        ({"Retry-After": timedelta(seconds=600)}, 600),
        ({"Retry-After": timedelta(seconds=-600)}, 0),
        ({"Retry-After": timedelta(seconds=10**6)}, 3600),
        ({"Retry-After-Ms": "2500"}, 2.5),
        ({"X-RateLimit-Reset-Requests": "1m30s", "X-RateLimit-Remaining-Requests": "0"}, 90),
        ({"X-RateLimit-Reset-Tokens": "120ms"}, 0.12),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({}, None),
    ],
)
def test_too_many_requests_are_rate_limited_until_the_server_says(
    headers: dict[str, str | timedelta], seconds: float | None
) -> None:
    # A date is counted from now, not from when the tests were collected.
    sent = {
        name: soon(value.total_seconds()) if isinstance(value, timedelta) else value for name, value in headers.items()
    }
    failure, server = failure_of(lambda request: error(429, "Slow down.", headers=sent))
    assert type(failure) is RateLimited
    assert failure.retryable
    assert failure.retry_after_seconds == (
        None if seconds is None else pytest.approx(seconds, abs=60 if seconds else 0)
    )
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (
            429,
            {"message": "You exceeded your current quota.", "code": "insufficient_quota", "type": "insufficient_quota"},
        ),
        (402, {"message": "Payment required."}),
        (400, {"message": "Your credit balance is too low to use this API."}),
        (403, {"message": "Insufficient balance."}),
    ],
)
def test_a_used_up_quota_is_final(status: int, body: dict[str, Any]) -> None:
    failure, server = failure_of(
        lambda request: Fault(status=status, headers={"Retry-After": "1"}, body={"error": body})
    )
    assert type(failure) is QuotaUsedUp
    assert not failure.retryable
    assert failure.exit_code == 69
    assert "credit" in (failure.hint or "")
    assert len(server.calls) == 1


def test_words_of_a_quota_a_minute_are_a_rate_limit() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}]
    body = [{"error": {"code": 429, "message": "You exceeded your current quota.", "details": details}}]
    failure, _ = failure_of(lambda request: Fault(status=429, body=json.dumps(body)))
    assert type(failure) is RateLimited
    assert failure.retry_after_seconds == 34


@pytest.mark.parametrize(
    ("status", "message", "kind", "exit_code", "hint"),
    [
        (400, "messages: at least one is needed", RequestRefused, 69, "another model or server"),
        (401, "Incorrect API key provided.", KeyRefused, 77, "OPENAI_API_KEY"),
        (403, "Country, region, or territory not supported.", KeyRefused, 77, "OPENAI_API_KEY"),
        (403, "You have no access to model scripted-1", RequestRefused, 69, "lessongen models"),
        (404, "The model `scripted-1` does not exist.", RequestRefused, 69, "lessongen models"),
        (404, "Not Found", RequestRefused, 69, "/v1"),
        (405, "Method Not Allowed", RequestRefused, 69, "/v1"),
        (413, "Request entity too large", RequestRefused, 69, "openai.source_tokens"),
        (422, "unprocessable", RequestRefused, 69, "another model or server"),
        (501, "Not here.", RequestRefused, 69, "another model or server"),
        (400, "This model's maximum context length is 4096 tokens.", RequestRefused, 69, "longer context"),
        (400, "the request exceeds the available context size", RequestRefused, 69, "longer context"),
    ],
)
def test_a_refusal_is_final_and_names_the_remedy(
    status: int, message: str, kind: type[LessongenError], exit_code: int, hint: str
) -> None:
    failure, server = failure_of(lambda request: error(status, message))
    assert type(failure) is kind
    assert not failure.retryable
    assert failure.exit_code == exit_code
    assert hint in (failure.hint or "")
    assert str(status) in failure.message
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (html(), "web page"),
        (Fault(body={}), "nothing in it"),
        (Fault(body="[]"), "no completion"),
        (Fault(body='{"choices": [{"message"'), "no JSON"),
        (Fault(body="[" * 100_000), "no JSON"),
        (Fault(headers={"Content-Type": "text/event-stream"}, body="data: {oops\n\n"), "no JSON"),
        (Fault(headers={"Content-Type": "text/event-stream"}, body=""), "nothing in it"),
        (Fault(headers={"Content-Type": "text/event-stream"}, body="data: [1, 2]\n\n"), "no completion"),
        (Fault(headers={"Content-Type": "text/event-stream"}, body='data: {"choices": ["a"]}\n\n'), "no completion"),
        (Fault(has_choices=False), "nothing in it"),
        (Fault(content=None), "empty"),
        (Fault(content=""), "empty"),
        (Fault(content="Herons are birds."), "no JSON"),
        (Fault(content=json.dumps(GOOD)[:-9]), "no JSON"),
        (Fault(content={}), r"required at \$"),
        (Fault(content={**GOOD, "facts": ["a", 7]}), r"type at \$\.facts\[1\]"),
        (Fault(content=[GOOD]), "schema"),
        (Fault(content='{"title": 7e999, "facts": []}'), "can't be written"),
        (Fault(content='{"title": NaN}'), "no JSON"),
        (Fault(content='{"title": "\\ud83d", "facts": []}'), "can't be written"),
        (Fault(content=GOOD, refusal="I can't help with herons."), "refuses"),
        (Fault(content=GOOD, finish_reason=None), "broke off"),
        (Fault(content=GOOD, finish_reason=None, says_done=False), "broke off"),
        (Fault(content=GOOD, finish_reason="length"), r"cut at max_tokens \(200\)"),
        (Fault(content=None, finish_reason="length"), r"cut at max_tokens \(200\)"),
        (Fault(content=GOOD, finish_reason="content_filter"), "filter"),
        (Fault(content=GOOD, finish_reason="tool_calls"), "tool"),
        (Fault(content="word " * 20_000), "without end"),
    ],
)
def test_an_answer_that_is_none_is_bad(fault: Fault, why: str) -> None:
    failure, server = failure_of(lambda request: fault)
    assert isinstance(failure, BadAnswer)
    assert failure.retryable
    assert re.search(why, failure.message)
    assert_nothing_leaks(all_that_is_told(failure))
    assert len(server.calls) == 1


@pytest.mark.parametrize("after", [None, 0, 1, 3])
@pytest.mark.parametrize(("ends", "why"), [("reset", "broke"), ("cut", "broke"), ("stall", "said nothing for 0.4")])
def test_a_connection_that_breaks_or_goes_silent_is_unavailable(ends: Any, after: int | None, why: str) -> None:
    patience = 0.4 if ends == "stall" else 60  # a busy server may take its time to break off
    failure, server = failure_of(lambda request: Fault(content=GOOD, ends=ends, after=after), timeout_seconds=patience)
    assert type(failure) is Unavailable
    assert why in failure.message
    assert len(server.calls) == 1


@pytest.mark.parametrize("after", [None, 2])
def test_an_answer_that_trickles_ends_at_the_deadline(after: int | None) -> None:
    fault = Fault(content=GOOD, ends="trickle", after=after)
    failure, server = failure_of(lambda request: fault, timeout_seconds=30, deadline_seconds=0.6)
    assert type(failure) is Unavailable
    assert "within 0.6 seconds" in failure.message
    assert server.client_left.wait(120)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"message": "boom", "type": "server_error", "code": 500}, Unavailable),
        ({"message": "boom"}, Unavailable),
        ("boom", Unavailable),
        ({"message": "Slow down.", "code": "rate_limit_exceeded"}, RateLimited),
        ({"message": "Nothing left.", "code": "insufficient_quota"}, QuotaUsedUp),
        ({"message": "too long", "code": "context_length_exceeded"}, RequestRefused),
        ({"message": "No.", "type": "invalid_request_error"}, RequestRefused),
        ({"message": "No.", "code": 401}, KeyRefused),
    ],
)
@pytest.mark.parametrize("is_streamed", [True, False])
def test_an_error_sent_under_status_200_is_read_as_what_it_says(
    said: object, kind: type[LessongenError], is_streamed: bool
) -> None:
    fault = Fault(content=GOOD, event={"error": said}) if is_streamed else Fault(body={"error": said})
    failure, server = failure_of(lambda request: fault)
    assert type(failure) is kind
    assert len(server.calls) == 1


def test_where_nothing_listens_the_server_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(Unavailable, match="Nothing listens") as caught:
        ask(client_of(address))
    assert type(caught.value) is Unavailable
    assert "OPENAI_BASE_URL" in (caught.value.hint or "")


def test_a_name_that_nobody_has_is_unavailable() -> None:
    with pytest.raises(Unavailable, match=r"http://model\.invalid/v1 (can't be found|failed)") as caught:
        ask(client_of("http://model.invalid/v1"))
    assert type(caught.value) is Unavailable


def test_a_server_that_speaks_no_http_is_unavailable() -> None:
    def talk(listener: socket.socket) -> None:
        for _ in range(2):  # the list of models, and the question
            connection, _address = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"220 mail.example ready\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk, args=(listener,))
        thread.start()
        with pytest.raises(Unavailable) as caught:
            ask(client_of(f"http://127.0.0.1:{listener.getsockname()[1]}/v1"))
        thread.join(PATIENCE_SECONDS)
    assert_nothing_leaks(all_that_is_told(caught.value))


# ---------------------------------------------------------------- nothing leaks


ECHOES = [
    f"Incorrect API key provided: {KEY}. You can find yours elsewhere.",
    f"Incorrect API key provided: {KEY[:8]}{'*' * 12}{KEY[-6:]}.",
    f'{{"headers": {{"Authorization": "Bearer {KEY}"}}}}',
    f"Can't read the request: {PROMPT}",
    "Can't read the request: " + json.dumps(MESSAGES),
    f"Invalid value: '{PROMPT[:40]}' in messages[1].content; unsupported seed",
    f"Bad input {PROMPT.upper()} for {KEY}",
    "Too long: " + "so many words " * 2_000 + PROMPT,
]


@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 422, 429, 500])
def test_a_server_that_echoes_key_and_prompt_leaks_neither(
    status: int, echo: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fault = Fault(body={"error": {"message": echo}}) if status == 200 else error(status, echo)
    with ScriptedModel(lambda request: fault) as server:
        client = client_of(server)
        with pytest.raises(LessongenError) as caught:
            ask(client)
    assert len(server.calls) == 1  # a word of the prompt is not taken for a refused parameter
    told = all_that_is_told(caught.value)
    assert_nothing_leaks("\n".join([told, caplog.text, repr(client), repr(client.server), str(vars(client).keys())]))


def test_the_servers_own_words_are_told_where_they_hold_no_secret() -> None:
    failure, _ = failure_of(lambda request: error(400, f"The tool choice is odd (key {KEY})\x1b[31m\nSee the manual."))
    assert "The tool choice is odd (key [key]) See the manual." in failure.message.replace("[31m", "")
    assert "\x1b" not in failure.message


def test_a_good_call_logs_neither_key_nor_prompt(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ScriptedModel(lambda request: GOOD) as server:
        reply = ask(client_of(server))
    assert not [record for record in caplog.records if record.name.startswith(("openai", "httpx2", "httpcore2"))]
    assert_nothing_leaks(caplog.text)
    assert "Herons" not in repr(reply)


def test_a_debugging_library_prints_neither_key_nor_prompt() -> None:
    program = (
        "import sys, logging\n"
        "from tests.asking import ask, client_of\n"
        "logging.basicConfig(level=logging.DEBUG)\n"
        "print(ask(client_of(sys.argv[1])))\n"
    )
    with ScriptedModel(lambda request: GOOD) as server:
        done = subprocess.run(
            [sys.executable, "-c", program, server.base_url],
            env={"PYTHONPATH": str(ROOT), "OPENAI_LOG": "debug"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr
    assert "Reply(" in done.stdout
    assert not re.search("openai|httpx2|httpcore2", done.stderr)
    assert_nothing_leaks(done.stdout + done.stderr)


@pytest.mark.parametrize(
    "prompt", ["Цапля стоит в тихом пруду на рассвете.", "苍鹭在黎明时分站在浅水池塘里等待着小鱼游过来。"]
)
def test_a_prompt_in_another_script_is_known_again_in_escapes(prompt: str) -> None:
    secrets = Secrets(key=KEY, prompt=f"Write of this.\n{prompt}")
    assert secrets.cleaned(f"Bad: {prompt}") == secrets.cleaned("Bad: " + json.dumps(prompt)) == ""
    assert secrets.cleaned("Bad: Слишком много запросов.") == "Bad: Слишком много запросов."


def test_short_keys_and_no_key_blank_nothing_but_themselves() -> None:
    assert Secrets(key="abc").cleaned("The abcd of abc is odd.") == "The abcd of [key] is odd."
    assert Secrets(key="none").cleaned("There is none.") == "There is none."
    assert Secrets(key="").cleaned("There is none.") == "There is none."


# ---------------------------------------------------------------- every exception has a meaning


def test_every_exception_of_the_library_has_a_meaning() -> None:
    import openai

    def below(kind: type[BaseException]) -> Iterator[type[BaseException]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    # Those of tools that lessongen never imports would come and go with what other tests import.
    public = {kind for kind in below(openai.OpenAIError) if kind.__module__.count(".") < 2}
    exported = {
        value for value in list(vars(openai).values()) if isinstance(value, type) and issubclass(value, BaseException)
    }
    told = {kind: {each.__name__ for each in kind.__mro__} - {"OpenAIError", "APIError"} for kind in public | exported}
    bases = (openai.OpenAIError, openai.APIError)
    assert [kind for kind in told if kind not in bases and not told[kind] & OPENAI_ERRORS.keys()] == []


# ---------------------------------------------------------------- reading, without a server


@pytest.mark.parametrize(
    ("body", "message", "named"),
    [
        ({"error": {"message": "m", "param": "seed"}}, "m", ("seed",)),
        ({"error": "m"}, "m", ()),
        ({"message": "m"}, "m", ()),
        ({"detail": "m"}, "m", ()),
        ({"detail": [{"loc": ["body", "seed"], "msg": "m", "input": "secret"}]}, "seed: m", ("seed",)),
        ([{"error": {"message": "m"}}], "m", ()),
        ("m", "m", ()),
        ("<html><body>m</body></html>", "", ()),
        (None, "", ()),
        ({}, "", ()),
        ({"error": {"message": ["odd"], "code": None, "param": 7}}, "", ()),
        ({"detail": [7, {"loc": 7}]}, ": None", ("",)),
    ],
)
def test_an_errors_body_is_read_in_any_shape(body: object, message: str, named: tuple[str, ...]) -> None:
    found = error_of(body)
    assert (found.message, found.named) == (message, named)


NOW = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "Thu, 01 May 2031 12:01:00 GMT"}, 60),
        ({"Retry-After": "Thu, 01 May 2031 12:01:00 GMT", "Date": "Thu, 01 May 2031 12:00:50 GMT"}, 10),
        ({"Retry-After": "2031-05-01T12:00:30Z"}, 30),
        ({"Retry-After": "7", "x-ratelimit-reset-requests": "1h"}, 7),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 45)}, 45),
        ({"x-ratelimit-reset": str((int(NOW.timestamp()) + 45) * 1000)}, 45),
        ({"x-ratelimit-reset-requests": "2s", "x-ratelimit-reset-tokens": "6m0s"}, 360),
        (
            {
                "x-ratelimit-reset-requests": "2s",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-tokens": "6m0s",
                "x-ratelimit-remaining-tokens": "149",
            },
            2,
        ),
        ({"anthropic-ratelimit-tokens-reset": "2031-05-01T12:00:05Z"}, 5),
        ({"retry-after": "9" * 400}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Thu, 99 May 2031 12:01:00 GMT"}, None),
    ],
)
def test_when_to_come_again_is_read_from_each_kind_of_header(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    "text", ["{" * 5_000, '{"a":' * 5_000, "[" * 100_000, "[1, " * 20_000, '{"title": 1' + "0" * 9_000]
)
def test_what_only_looks_like_json_is_unusable_and_soon_found_so(text: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Unusable):
        read_answer(text, SCHEMA)
    assert time.monotonic() - begun < PATIENCE_SECONDS


def test_of_several_objects_the_one_that_meets_the_schema_is_taken() -> None:
    assert read_answer(f'First {{"draft": 1}}, then {json.dumps(GOOD)}.', SCHEMA) == GOOD
