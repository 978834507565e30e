"""The client of OpenAI-compatible servers: one question, one answer that is JSON of a given schema.

It speaks streamed chat completions, the one surface that OpenAI, llama.cpp, Ollama and vLLM share. It never waits to
try again: errors say when that is worth while, and the queue decides.
"""

from __future__ import annotations

import difflib
import functools
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lessongen.lesson.attempt import BatchedAnswer
from lessongen.system.errors import BadAnswer, Cancelled, LessongenError, NotAsAsked, RequestRefused, Unavailable
from lessongen.system.printable import printable
from lessongen.writers.openai.abilities import Abilities
from lessongen.writers.openai.address import address_of, usable_key
from lessongen.writers.openai.answers import Unusable, read_answer
from lessongen.writers.openai.completion import Completion, SaidError, estimated_tokens
from lessongen.writers.openai.error_body import error_of
from lessongen.writers.openai.events import events
from lessongen.writers.openai.faults import Place, Secrets, refused, sent_in_stream, too_slow, unusable
from lessongen.writers.openai.library import Library

_LIST_SECONDS = 15.0
_CUT = ("length", "max_tokens")  # what servers call the end of an answer that reached its limit
_LARGEST_BODY = 16 * 2**20
_ONLY_STREAMED = ("stream", "stream_options")
_GOOD = 200


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where and how a model is asked.

    `base_url` is what `address_of` takes. A `model` of "" is the only one that the server offers. `timeout_seconds`
    is how long the server may say nothing, `deadline_seconds` how long one call may take in all. Without a
    `temperature` the server takes its own.
    """

    base_url: str | None = field(default=None, repr=False)  # may hold a secret
    api_key: str = field(default="", repr=False)
    model: str
    timeout_seconds: float = 60.0
    deadline_seconds: float = 600.0
    temperature: float | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a model answered: the text, the JSON in it, and the model's name as the server gives it.

    Tokens are as the server counted them. Where it did not, the numbers are those of `estimated_tokens`.
    """

    text: str = field(repr=False)
    data: Any = field(repr=False)
    model: str
    input_tokens: int
    output_tokens: int
    is_estimated: bool


class ModelClient:
    """Asks one model on one server; may be used by several threads at once.

    What the server turns out not to take (a schema, a parameter) it is not asked for again. Neither key nor prompt is
    in any error, log or repr.
    """

    def __init__(self, server: Server) -> None:
        """Raises `ConfigurationError` for an address or a key that can't be used. Nothing is sent yet."""
        self.server = server
        self._address = address_of(server.base_url)
        self._key = usable_key(server.api_key, self._address)
        self._abilities = Abilities()
        self._model = server.model
        self._is_model_looked_up = False
        self._listed: tuple[list[str], float] = [], 0.0  # the names, and when
        self._library = Library(self._address, self._key, timeout_seconds=server.timeout_seconds)

    def ask(
        self,
        messages: Sequence[Mapping[str, str]],
        schema: Mapping[str, Any],
        *,
        accepts: Mapping[str, Any] | None = None,
        name: str,
        seed: int,
        max_tokens: int,
        on_tokens: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> Reply:
        """The model's answer to the messages (role, content), valid by `schema`, a JSON Schema of the strict kind.

        Of a server that does not hold its model to the schema an answer is taken that is valid by `accepts` alone.
        `name` names the schema to the server. `on_tokens` is told from time to time about how many tokens have come
        so far, and in the end how many there were, also of an answer that can't be used. Once `cancelled`, or when
        either raises, the connection is closed.

        Raises `Cancelled`; `Unavailable`, `RateLimited` and `BadAnswer`, which are worth another try;
        `RequestRefused`, `QuotaUsedUp`, `KeyRefused` and `ConfigurationError`, which are not.
        """
        deadline = time.monotonic() + self.server.deadline_seconds
        self._look_up_model(cancelled)
        place = self._place("\n".join(message["content"] for message in messages))
        while True:
            request = self._abilities.request(
                messages, schema, name=name, seed=seed, max_tokens=max_tokens, temperature=self.server.temperature
            )
            completion = Completion(max_tokens)
            told = 0

            def tick(completion: Completion = completion) -> None:
                nonlocal told
                _stop_if(cancelled)
                if time.monotonic() > deadline:
                    raise too_slow(place, self.server.deadline_seconds)
                if completion.tokens > told:
                    told = completion.tokens
                    on_tokens(told)

            failure = self._library.attempt(place, functools.partial(self._hear, request, completion), tick)
            if completion.output_tokens != told:
                on_tokens(completion.output_tokens)  # also those of an answer that is of no use: they are paid for
            if failure is None:
                return self._reply(place, request, accepts or schema, max_tokens, completion)
            if failure.said is None or not self._abilities.learn(failure.status, failure.said, request):
                raise failure.error

    def batched(
        self,
        messages: Sequence[Mapping[str, str]],
        schema: Mapping[str, Any],
        *,
        name: str,
        seed: int,
        max_tokens: int,
        cancelled: Callable[[], bool],
    ) -> dict[str, Any]:
        """The body of a call as `ask` would send it, for the provider's Batch API. Raises as `ask` does."""
        self._look_up_model(cancelled)
        request = self._abilities.request(
            messages, schema, name=name, seed=seed, max_tokens=max_tokens, temperature=self.server.temperature
        )
        body = {"model": self._model, **request}
        return {name: value for name, value in body.items() if name not in _ONLY_STREAMED}

    def read_batched(self, answer: BatchedAnswer, schema: Mapping[str, Any], max_tokens: int) -> Reply:
        """What a model answered to a call that went by the Batch API, valid by `schema`.

        Raises as `ask` does; `Unavailable` where the call is worth another try in another form.
        """
        request = answer.request or {}
        place = self._place("\n".join(message["content"] for message in request.get("messages", ())))
        if answer.status != _GOOD:
            said = place.secrets.without_prompt(error_of(answer.body))
            if self._abilities.learn(answer.status, said, request):
                raise Unavailable(
                    f"{place.address} does not take the form of the call.", hint="It is sent in another form."
                )
            raise refused(place, answer.status, {}, answer.body, datetime.now(UTC))
        completion = Completion(max_tokens)
        try:
            completion.whole(answer.body)
        except SaidError as error:
            failure = sent_in_stream(place, error.body, datetime.now(UTC))
        except Unusable as error:
            failure = unusable(place, str(error))
        else:
            return self._reply(place, request, schema, max_tokens, completion)
        raise failure

    def models(self, *, known_for_seconds: float = 0.0) -> list[str]:
        """The names of the models that the server offers, now or at most so long ago; costs nothing.

        Raises as `ask` does; `RequestRefused` from a server without such a list.
        """
        names, listed_at = self._listed
        if not names or time.monotonic() - listed_at >= known_for_seconds:
            names = self._list(lambda: False)
            self._listed = names, time.monotonic()
        return names

    def close(self) -> None:
        """Let go of what the client holds; it may be used again. Calls that still run in other threads fail."""
        self._library.close()

    # ------------------------------------------------------------ the models on offer

    def _look_up_model(self, cancelled: Callable[[], bool]) -> None:
        """Refuse a model that the server does not list: some answer with another one, in silence."""
        _stop_if(cancelled)
        if self._is_model_looked_up:
            return
        try:
            offered = self._list(cancelled)
        except LessongenError:
            offered = []  # no list, or not for this key: what is asked will tell
        asked = self.server.model
        # Listed under other names: "models/x" (Google), "x:latest" (Ollama), and x for "x:free" (OpenRouter).
        accepted = {asked, f"models/{asked}", f"{asked}:latest", asked.partition(":")[0]}
        if not asked and len(offered) == 1:
            self._model = offered[0]
        elif offered and not accepted & set(offered):
            raise self._unknown(asked, offered)
        self._is_model_looked_up = True

    def _unknown(self, asked: str, offered: Sequence[str]) -> RequestRefused:
        near = difflib.get_close_matches(asked, offered, n=3, cutoff=0.4) or offered[:3]
        what = (
            f"does not offer the model “{printable(asked)}”" if asked else "offers several models, and none is chosen"
        )
        return RequestRefused(
            f"{self._address.shown} {what}.",
            hint=f"It offers {', '.join(map(printable, near))}; `lessongen models` shows all {len(offered)}.",
        )

    def _list(self, cancelled: Callable[[], bool]) -> list[str]:
        place = self._place("")
        deadline = time.monotonic() + _LIST_SECONDS
        found: list[object] = []

        def tick() -> None:
            _stop_if(cancelled)
            if time.monotonic() > deadline:
                raise too_slow(place, _LIST_SECONDS)

        failure = self._library.attempt(
            place, lambda: found.append(self._library.opened().get("/models", cast_to=object)), tick
        )
        if failure is not None:
            raise failure.error
        names = list(_names_in(found[0]))
        if not names and not isinstance(found[0], Mapping | list):
            raise unusable(place, "it is no list of models", "Is the address right? It mostly ends in /v1.")
        return names

    # ------------------------------------------------------------ one attempt

    def _hear(self, request: Mapping[str, Any], completion: Completion) -> None:
        import openai

        body = {"model": self._model, **request}
        # Raw JSON instead of openai's models: those take any shape, and fail later where they are used.
        stream = self._library.opened().post(
            "/chat/completions", cast_to=object, body=body, stream=True, stream_cls=openai.Stream[object]
        )
        with stream:
            kind = stream.response.headers.get("content-type", "").lower()
            if "html" in kind:
                raise Unusable("it is a web page; OPENAI_BASE_URL may be the address of something else")
            if "json" in kind:
                completion.whole(json.loads(_limited(stream.response.iter_bytes())))
            else:
                for data in events(stream.response.iter_bytes()):  # openai's own reading takes twice as long
                    completion.add(json.loads(data))

    def _reply(
        self,
        place: Place,
        request: Mapping[str, Any],
        schema: Mapping[str, Any],
        max_tokens: int,
        completion: Completion,
    ) -> Reply:
        failure = _why_not(completion, max_tokens)
        if failure is not None:
            is_cut = completion.finish_reason in _CUT and completion.has_choices
            raise unusable(place, *failure, error=NotAsAsked if is_cut else BadAnswer)
        try:
            data = read_answer(completion.text, schema)
        except Unusable as error:
            self._abilities.show_schema()  # it may have taken the parameter and ignored it
            raise unusable(place, str(error), error=NotAsAsked) from error
        said = "\n".join(message["content"] for message in request.get("messages", ()))
        return Reply(
            text=completion.text,
            data=data,
            model=completion.model or self._model,
            input_tokens=estimated_tokens(said) if completion.usage is None else completion.usage[0],
            output_tokens=completion.output_tokens,
            is_estimated=completion.usage is None,
        )

    def _place(self, prompt: str) -> Place:
        return Place(
            address=self._address.shown,
            model=printable(self._model),
            secrets=Secrets(key=self._key, prompt=prompt),
        )


def _why_not(completion: Completion, max_tokens: int) -> tuple[str, str] | tuple[str] | None:
    """Why a completion that has ended is no answer; None where it may be one."""
    if completion.is_refusal:
        return "the model refuses to answer", "Another model, or other sources, may help."
    if not completion.has_choices:
        return ("there is nothing in it",)
    match completion.finish_reason:
        case None:
            return ("it broke off before its end",)
        case reason if reason in _CUT:
            return f"it was cut at max_tokens ({max_tokens})", "Another model may need fewer words."
        case "content_filter":
            return "the server's content filter stopped it", "Another model, or other sources, may help."
        case "tool_calls" | "function_call":
            return ("it calls a tool, and there are none",)
    return None


def _stop_if(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled


def _names_in(listed: object) -> Iterator[str]:
    """The models' names: OpenAI's {"data": [{"id"}]}, a bare list (Together), {"models": [{"name"}]} (Ollama)."""
    found = (listed.get("data") or listed.get("models")) if isinstance(listed, Mapping) else listed
    for item in found if isinstance(found, list) else []:
        name = (item.get("id") or item.get("name")) if isinstance(item, Mapping) else item
        if isinstance(name, str):
            yield name


def _limited(pieces: Iterator[bytes]) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > _LARGEST_BODY:
            raise Unusable("it goes on without end")
    return bytes(body)
