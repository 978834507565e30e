"""The calls of one lesson: a kept step each, with its limit asked for before and its tokens recorded after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lessongen.lesson.attempt import Attempt, BatchedAnswer, BatchedCall, Usage
from lessongen.system.errors import BadAnswer
from lessongen.writers.openai.completion import estimated_tokens
from lessongen.writers.openai.plain import Recitation, plain
from lessongen.writers.openai.prices import BATCH_PRICE
from lessongen.writers.openai.schemas import Schema, Schemas, loosened
from lessongen.writers.templates import Template

if TYPE_CHECKING:
    from lessongen.writers.openai.client import ModelClient, Reply

_WRITER = "openai"
_OPENAI = "https://api.openai.com"
_THOUGHTS = 4_000  # tokens
_MOST_TOKENS = 32_000  # more is refused by many servers
_SHORTEST_KEY = 6  # characters; "none" is no secret
_WITHOUT_LENGTHS = ("openai.com", "azure.com")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call: the step that it is, what is asked, and how the progress names it.

    `data` stands before the instruction, so that calls which share it and the part of the template that is their
    `system` share a prompt's beginning. `expected_tokens` is how long a usual answer is. A judgement is made at
    temperature 0, one `by_judge` by the judging model. What stands under the names in `verbatim` is kept as it was
    said, for those who look for it in a source. Of a call that `keeps_bad` an answer that can't be used is a step's
    result as well: whoever takes the work up again is told of it and does not ask a second time.
    """

    key: str
    data: str
    instruction: str
    schema: Schema
    doing: str
    percent: int
    expected_tokens: int
    is_judgement: bool = False
    by_judge: bool = False
    verbatim: Collection[str] = ()
    system: str = "system"
    keeps_bad: bool = False

    @property
    def max_tokens(self) -> int:
        """Where an answer is cut: no answer in its right mind is so long, with the thoughts of a model that reasons."""
        return min(5 * self.expected_tokens + _THOUGHTS, _MOST_TOKENS)


@dataclass(eq=False, kw_only=True)
class Calls:
    """Asks the writing and the judging model for one lesson.

    `may_batch` is false for another server than tasks use; `told` is what the rules of all calls have in braces.
    """

    attempt: Attempt
    template: Template
    client: Callable[[str, float], ModelClient]
    price: Callable[[str, int, int], float | None]
    model: str
    judge: str
    temperature: float
    sources_sha256: str
    may_batch: bool = True
    told: Mapping[str, object] = field(default_factory=dict)
    answered_by: str = ""
    _prompts: list[str] = field(default_factory=list)

    @property
    def prompts_sha256(self) -> str:
        """The SHA-256 of all prompts so far, in order."""
        return hashlib.sha256("\0".join(self._prompts).encode()).hexdigest()

    @cached_property
    def recitation(self) -> Recitation:
        """What tells a text that recites the prompts."""
        return Recitation(self.template.parts.values())

    @property
    def schemas(self) -> Schemas:
        """The schemas that the server takes."""
        host = urlsplit(self.client(self.model, self.temperature).server.base_url or _OPENAI).hostname or ""
        return Schemas(has_lengths=not host.endswith(_WITHOUT_LENGTHS))

    def ask(self, call: Call) -> Mapping[str, Any]:
        """The answer to a call: the kept one, or one asked for now.

        Raises what `ModelClient.ask` and `Attempt.call` raise; the step is then made again by the next attempt, but for
        a `BadAnswer` that is kept.
        """
        model = self.judge if call.by_judge else self.model
        messages = [
            {"role": "system", "content": self.template.fill(call.system, **self.told)},
            {"role": "user", "content": f"{call.data}\n\n{call.instruction}"},
        ]
        inputs = {
            "model": model,
            "messages": messages,
            "schema": call.schema,
            "template": self.template.sha256,
            "sources": self.sources_sha256,
            "seed": self.attempt.seed,
            "temperature": self._temperature_of(call),
        }
        self._prompts.append(json.dumps(messages, ensure_ascii=False))
        kept = self.attempt.step(call.key, inputs, lambda: self._asked(call, model, messages))
        if not call.by_judge and not self.answered_by:
            self.answered_by = str(kept["model"])
        answer: Mapping[str, Any] | None = kept["answer"]
        if answer is None:
            raise BadAnswer(kept["why"])
        return answer

    def _asked(self, call: Call, model: str, messages: list[dict[str, str]]) -> dict[str, Any]:
        attempt, said = self.attempt, 0
        prompt_tokens = estimated_tokens("".join(message["content"] for message in messages))
        attempt.progress(call.key, call.percent, call.doing)
        # The first call's seed is the lesson's; another try of a call that failed must not fail in the same way.
        seed = (attempt.seed + attempt.spent().calls) % 2**31
        cost = self.price(model, prompt_tokens, call.expected_tokens)
        if self.may_batch and attempt.goes_by_batch_api:
            return self._batched(call, model, messages, seed, cost)
        attempt.call(_WRITER, prompt_tokens + call.expected_tokens, cost)

        def on_tokens(count: int) -> None:
            nonlocal said
            said = count
            attempt.progress(call.key, call.percent, f"{call.doing} · {count} tokens")

        try:
            client = self.client(model, self._temperature_of(call))
            reply = client.ask(
                messages,
                call.schema,
                accepts=loosened(call.schema),
                name=call.key.partition("-")[0],
                seed=seed,
                max_tokens=call.max_tokens,
                on_tokens=on_tokens,
                cancelled=attempt.cancelled,
            )
        except BadAnswer as error:
            if said:
                self._record(call, model, prompt_tokens, said)  # paid for all the same
            if call.keeps_bad:
                return _bad(error, model)
            raise
        self._record(call, reply.model, reply.input_tokens, reply.output_tokens, asked_for=model)
        return {"answer": self._harmless(reply.data, client.server.api_key, call.verbatim), "model": reply.model}

    def _temperature_of(self, call: Call) -> float:
        return 0.0 if call.is_judgement else self.temperature

    def _batched(
        self, call: Call, model: str, messages: list[dict[str, str]], seed: int, cost: float | None
    ) -> dict[str, Any]:
        """The answer by the provider's Batch API; what it took is recorded when it comes in."""
        client = self.client(model, self._temperature_of(call))
        accepted = loosened(call.schema)

        def make(key: str, inputs_sha256: str) -> BatchedCall:
            body = client.batched(
                messages,
                call.schema,
                name=call.key.partition("-")[0],
                seed=seed,
                max_tokens=call.max_tokens,
                cancelled=self.attempt.cancelled,
            )
            return BatchedCall(
                key=key,
                inputs_sha256=inputs_sha256,
                model=body["model"],
                body=body,
                cost=None if cost is None else cost * BATCH_PRICE,
            )

        def read(answer: BatchedAnswer) -> Reply | BadAnswer:
            try:
                return client.read_batched(answer, accepted, call.max_tokens)
            except BadAnswer as error:
                if call.keeps_bad:
                    return error
                raise

        reply = self.attempt.batched(make, read)
        if isinstance(reply, BadAnswer):
            return _bad(reply, model)
        return {"answer": self._harmless(reply.data, client.server.api_key, call.verbatim), "model": reply.model}

    def _harmless(self, answer: Any, key: str, verbatim: Collection[str] = ()) -> Any:
        """The answer as it may be kept: blank instead of what is no plain text, or recites the prompt or the key."""
        if isinstance(answer, Mapping):
            return {
                name: value if name in verbatim else self._harmless(value, key, verbatim)
                for name, value in answer.items()
            }
        if isinstance(answer, list):
            return [self._harmless(value, key, verbatim) for value in answer]
        if not isinstance(answer, str):
            return answer
        text = plain(answer)
        is_harmful = text is None or self.recitation.is_in(text) or (len(key) >= _SHORTEST_KEY and key in text)
        return "" if is_harmful else answer

    def _record(
        self, call: Call, model: str, input_tokens: int, output_tokens: int, *, asked_for: str | None = None
    ) -> None:
        cost = self.price(model, input_tokens, output_tokens)
        if cost is None and asked_for is not None:
            cost = self.price(asked_for, input_tokens, output_tokens)
        self.attempt.used(
            Usage(step=call.key, model=model, input_tokens=input_tokens, output_tokens=output_tokens, cost=cost)
        )


def _bad(error: BadAnswer, model: str) -> dict[str, Any]:
    """The step's result where an answer can't be used."""
    return {"answer": None, "why": error.message, "model": model}
