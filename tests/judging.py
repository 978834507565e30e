"""Judges for tests: scripted models that answer as told, judges that only decide, and what they are asked."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lessongen.check.judges.exam import Exam, load_exam
from lessongen.lesson.attempt import Attempt, Spent
from lessongen.lesson.judgement import Claim, Identity, Passage, Verdict
from lessongen.writers.openai.client import ModelClient, Server
from lessongen.writers.openai.judge import Asking, ModelJudge
from tests.asking import KEY
from tests.scripted_model import Answer, prompt_of

EXAM = load_exam()
LABELS = {pair.claim.sentence: pair.is_honest for pair in EXAM.pairs}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An item as a model reads it in its prompt."""

    number: int
    quotes: tuple[str, ...]
    sentence: str


Decide = Callable[[Shown], str]


def shown_in(request: dict[str, Any]) -> list[Shown]:
    """The items of a prompt."""
    data = prompt_of(request).rpartition("<<<ITEMS\n")[2].partition("\nITEMS>>>")[0]
    found: dict[int, Shown] = {}
    for text in re.split(r"^item (?=\d+, )", data, flags=re.MULTILINE)[1:]:
        number = int(text.partition(",")[0])
        same = re.match(r"\d+, of the same article, with the quotes of item (\d+)$", text.partition("\n")[0])
        quotes = tuple(re.findall(r"^  quote \d+: (.*)$", text, re.MULTILINE))
        found[number] = Shown(
            number=number,
            quotes=found[int(same[1])].quotes if same else quotes,
            sentence=re.findall(r"^  sentence: (.*)$", text, re.MULTILINE)[0],
        )
    return list(found.values())


def said(item: Shown, ruling: str) -> dict[str, Any]:
    """An answer on one item, borne by its first quote."""
    span = " ".join(item.quotes[0].split()[:12]) if ruling == "supported" and item.quotes else ""
    quotes = [1] if span else []
    return {
        "item": item.number,
        "claims": "it says so",
        "verdict": ruling,
        "span": span,
        "quotes": quotes,
        "reason": "as the quote has it",
    }


def answering(decide: Decide) -> Answer:
    """A model that answers every item as `decide` says."""
    return lambda request: {"answers": [said(item, decide(item)) for item in shown_in(request)]}


def able(item: Shown) -> str:
    """Right on every pair of the exam; elsewhere what its quote says word for word is supported."""
    is_honest = LABELS.get(item.sentence, any(item.sentence in quote for quote in item.quotes))
    return "supported" if is_honest else "not said"


class Addressed(Protocol):
    """What has the address of a server."""

    @property
    def base_url(self) -> str: ...


def model_judge(server: Addressed, exam: Exam = EXAM, model: str = "scripted-1", **more: Any) -> ModelJudge:
    """The judge that asks a scripted server."""
    asked = Server(base_url=server.base_url, api_key=KEY, model="scripted-1", timeout_seconds=5, deadline_seconds=20)

    def client(model: str, temperature: float) -> ModelClient:
        return ModelClient(dataclasses.replace(asked, model=model, temperature=temperature))

    def price(model: str, tokens_in: int, tokens_out: int) -> float | None:
        return (tokens_in + tokens_out) / 1_000_000

    asking = Asking(model=model, base_url=server.base_url, client=client, price=price, **more)
    return ModelJudge(asking, exam)


@dataclass(frozen=True, kw_only=True)
class Deciding:
    """A judge that decides by a function of a claim and its place, and asks nobody."""

    decide: Callable[[Claim, int], bool]
    model: str = "deciding"

    @property
    def identity(self) -> Identity:
        return Identity(judge="test", model=self.model)

    def expected(self, claims: Sequence[Claim]) -> Spent:
        return Spent(calls=0, tokens=0, cost=0.0)

    def judge(self, claims: Sequence[Claim], attempt: Attempt) -> list[Verdict]:
        return [
            Verdict(
                judge="test",
                exam="",
                ruling="supported" if self.decide(claim, place) else "not said",
                sha256=claim.sha256,
            )
            for place, claim in enumerate(claims)
        ]


def claim(sentence: str, *quotes: str, **more: Any) -> Claim:
    """A claim on quotes named q1, q2 …"""
    passages = tuple(Passage(id=f"q{number}", text=text) for number, text in enumerate(quotes, 1))
    return Claim(sentence=sentence, quotes=passages, title="Lanterns", **more)
