"""A model as a judge: asked in batches, in an order of its own, and never taken at its word alone.

Whatever is not a plain, complete, consistent answer is no verdict. A sentence that speaks to the judge is not shown to
it. Each batch holds a few pairs of the exam that are unfaithful: who lets most of those stand is not heard on the rest.
A supported sentence that might speak to the judge in other words is tried with two twins, which no honest judge
supports: the sentence with quotes from elsewhere, and a sentence from elsewhere with its quotes.

What a lesson says on the same quotes stands together in one call, so that these are shown once; a question with its
options and reasons would repeat them five times. The exam's pairs stand each by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from lessongen.check.judges.exam import Exam
from lessongen.check.judges.spans import located
from lessongen.lesson.attempt import Attempt, BatchedCall, HandedIn, Spent
from lessongen.lesson.judgement import MUTE, Claim, Identity, Ruling, Verdict, is_no_judgement
from lessongen.system.errors import BadAnswer, ConfigurationError
from lessongen.writers.openai import judge_prompt
from lessongen.writers.openai.calls import Call, Calls
from lessongen.writers.openai.completion import estimated_tokens
from lessongen.writers.openai.plain import (
    has_obeyed,
    may_speak_to_a_judge,
    speaks_to_a_judge,
    speaks_to_a_program,
)
from lessongen.writers.templates import Template

if TYPE_CHECKING:
    from lessongen.writers.openai.client import ModelClient

MOST_ITEMS = 50  # in one call, controls apart
_CONTROLS = 3
_MOST_CONTROLS_MISSED = 1
_LONGEST_REASON = 160
_SPEAKS = "it speaks to the judge"
_TRYING = "judging, whether it does as it is told"
_TWINS = 2
_LARGER = 1.5
_CALLS = 3
_MOST_TOGETHER = 10  # on the same quotes, so that calls stay of about equal size


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Which model is asked, and how: what `Calls` needs.

    `model` may be empty where the server offers one alone. `goes_by_batch` says whether calls may go by the Batch API
    that tasks use, which is that of the writer's server. `percents` are where a task's progress begins and ends.
    A server that offers one model alone is asked anew which one that is when `model_known_seconds` have passed.
    """

    model: str
    base_url: str | None = field(repr=False)
    client: Callable[[str, float], ModelClient] = field(repr=False)
    price: Callable[[str, int, int], float | None] = field(repr=False)
    goes_by_batch: bool = False
    percents: tuple[int, int] = (0, 100)
    most_items: int = MOST_ITEMS
    model_known_seconds: float = 60.0


@dataclass(frozen=True, kw_only=True)
class _Batch:
    """What one call judges, in the order of the prompt.

    Claims have their places among all, controls none, and a claim's twins the bitwise inverse of its place: a twin is
    to be refused, or the judge does what that claim tells it.
    """

    entries: tuple[tuple[int | None, Claim], ...]

    @property
    def claims(self) -> list[Claim]:
        return [claim for _, claim in self.entries]

    @property
    def digest(self) -> str:
        return hashlib.sha256("".join(map(_order_of, self.claims)).encode()).hexdigest()

    def halves(self) -> list[_Batch]:
        """The same in two calls; controls stand in both."""
        own = [entry for entry in self.entries if entry[0] is not None]
        middle = len(own) // 2
        kept = ({place for place, _ in own[:middle]}, {place for place, _ in own[middle:]})
        return [
            _Batch(entries=tuple(each for each in self.entries if each[0] is None or each[0] in part))
            for part in kept
            if part
        ]


@dataclass(kw_only=True)
class _Asked:
    """What was asked in one judgement: the steps, and the calls that wait for the provider's Batch API together."""

    keys: list[str] = field(default_factory=list)
    waiting: list[BatchedCall] = field(default_factory=list)

    def answer(self, calls: Calls, call: Call) -> Mapping[str, Any] | None:
        """The answer to a call; None where it waits. Raises as `Calls.ask`."""
        self.keys.append(call.key)
        try:
            return calls.ask(call)
        except HandedIn as handed:
            self.waiting.extend(handed.calls)
            return None


class ModelJudge:
    """Implements `Judge` by a model on any OpenAI-compatible server.

    The exam's pairs, and those of other tests, whose hashes are `apart`, are each shown by themselves.
    """

    def __init__(self, asking: Asking, exam: Exam, *, apart: frozenset[str] = frozenset()) -> None:
        self._asking = asking
        self._exam = exam
        self._apart = exam.sealed | apart
        self._identity: Identity | None = None

    @cached_property
    def _unfaithful(self) -> list[Claim]:
        return [pair.claim for pair in self._exam.pairs if not pair.is_honest and not _speaks(pair.claim)]

    @property
    def identity(self) -> Identity:
        """The model, its server and its prompt. Raises as `ModelClient.models` where the server must name the model."""
        if self._identity is None:  # `cached_property` would have all other judges wait while a server is asked
            self._identity = judge_prompt.identity(self._asking.model or self._only_model(), self._asking.base_url)
        return self._identity

    def expected(self, claims: Sequence[Claim]) -> Spent:
        """About what judging these will take."""
        batches = self._batches(claims)
        told = estimated_tokens(judge_prompt.SYSTEM + judge_prompt.INSTRUCTION)
        tokens_in = sum(told + estimated_tokens(judge_prompt.items(batch.claims)) for batch in batches)
        tokens_out = sum(judge_prompt.EXPECTED_TOKENS * len(batch.entries) for batch in batches)
        cost = self._asking.price(self.identity.model, tokens_in, tokens_out)
        return Spent(calls=len(batches), tokens=tokens_in + tokens_out, cost=cost or 0.0)

    def judge(self, claims: Sequence[Claim], attempt: Attempt) -> list[Verdict]:
        """One verdict for each claim; all calls are made at once, each a kept step.

        Raises what `Calls.ask` raises but `BadAnswer`. What it answers is kept whatever it is. Only where that is no
        judgement as a whole it is dropped, so that the next attempt asks anew.
        """
        asked = _Asked()
        found = self._judged(attempt, claims, asked)
        if asked.waiting:
            raise HandedIn(*asked.waiting)
        if is_no_judgement(found):
            for key in asked.keys:
                attempt.step(key, {"dropped": True}, lambda: None)  # a step has one result: this takes its place
        return found

    def _judged(self, attempt: Attempt, claims: Sequence[Claim], asked: _Asked) -> list[Verdict]:
        """The verdicts as far as none waits. What the judge turns out to obey has none, and the rest is asked again."""
        found = [self._unjudged(claim) for claim in claims]
        batches = self._batches(claims)
        first, last = self._asking.percents

        def asking(number: int, batch: _Batch, attempt: Attempt) -> list[tuple[int, Verdict]] | None:
            percent = min(last, first + (last - first) * number // len(batches))
            doing = f"judging, call {number + 1} of {len(batches)}" if number < len(batches) else "judging again"
            return self._answered(self._calls(attempt), batch, percent, doing, asked)

        refused: Counter[int] = Counter()
        said = attempt.together([partial(asking, *each) for each in enumerate(batches)])
        unread = [batch for batch, each in zip(batches, said, strict=True) if each is None]
        if unread == batches and all(claim.sha256 in self._exam.sealed for claim in claims):
            return [self._made(claim, "no verdict", MUTE) for claim in claims]  # who can't sit an exam sits no second
        halves = [half for batch in unread for half in batch.halves()]
        said += attempt.together([partial(asking, *each) for each in enumerate(halves, len(batches))])
        for place, verdict in chain.from_iterable(filter(None, said)):
            if place >= 0:
                found[place] = verdict
            else:
                refused[~place] += verdict.ruling in ("contradicted", "not said")
        if asked.waiting:
            return found
        twinned = {~place for batch in batches for place, _ in batch.entries if place is not None and place < 0}
        obeyed = {place for place in twinned if found[place].stands and refused[place] < _TWINS}
        if not obeyed:
            return found
        others = [place for place in range(len(claims)) if place not in obeyed]
        again = self._judged(attempt, [claims[place] for place in others], asked)
        verdicts = dict(zip(others, again, strict=True))
        return [verdicts.get(at) or self._made(claim, "no verdict", _SPEAKS) for at, claim in enumerate(claims)]

    # ------------------------------------------------------------ what is asked

    def _batches(self, claims: Sequence[Claim]) -> list[_Batch]:
        """The claims in calls of about equal size, in an order that depends on nothing but what is judged.

        Up to three calls they are half as large again, where nobody asked for fewer: each repeats what a judge is told.
        """
        shown = [(place, claim) for place, claim in enumerate(claims) if not _speaks(claim)]
        shown += [(~place, twin) for place, claim in shown for twin in self._twins(claim)]
        shown.sort(key=lambda entry: _order_of(entry[1]))
        most = self._asking.most_items
        larger = -(-len(shown) // int(_LARGER * most if most == MOST_ITEMS else most))
        count = larger if larger <= _CALLS else -(-len(shown) // most)
        together: dict[str, list[tuple[int, Claim]]] = {}
        for entry in shown:
            together.setdefault(self._group_of(entry[1]), []).append(entry)
        parts: list[list[tuple[int, Claim]]] = [[] for _ in range(count)]
        size = min(_MOST_TOGETHER, most)
        for group in together.values():
            for at in range(0, len(group), size):
                min(parts, key=len).extend(group[at : at + size])
        return [self._with_controls(part) for part in parts if part]

    def _group_of(self, claim: Claim) -> str:
        """What is the same for claims that are shown under one another."""
        if claim.sha256 in self._apart or not claim.quotes:
            return _order_of(claim)
        return _digest(json.dumps([claim.title, [quote.text for quote in claim.quotes]], ensure_ascii=False))

    def _with_controls(self, entries: Sequence[tuple[int, Claim]]) -> _Batch:
        seed = "".join(_order_of(claim) for _, claim in entries)
        judged = {claim.sha256 for _, claim in entries}
        free = [claim for claim in self._unfaithful if claim.sha256 not in judged]
        controls = sorted(free, key=lambda claim: _digest(seed + claim.sha256))[:_CONTROLS]
        both: list[tuple[int | None, Claim]] = [*entries, *((None, claim) for claim in controls)]

        def place(entry: tuple[int | None, Claim]) -> tuple[str, str]:
            return _digest(seed + self._group_of(entry[1])), _digest(seed + _order_of(entry[1]))

        return _Batch(entries=tuple(sorted(both, key=place)))

    def _answered(
        self, calls: Calls, batch: _Batch, percent: int, doing: str, asked: _Asked
    ) -> list[tuple[int, Verdict]] | None:
        """The verdicts of one call by their claims' places; None where its answer can't be used."""
        try:
            answer = asked.answer(calls, _call(batch, percent, doing))
            return list(self._read(batch, answer)) if answer is not None else []
        except BadAnswer:
            return None

    # ------------------------------------------------------------ whether it does as it is told

    def _twins(self, claim: Claim) -> Iterator[Claim]:
        """None where no word of a claim may tell anyone anything; an uncited sentence claims nothing and has none."""
        if claim.sha256 in self._exam.sealed or not claim.quotes or not any(map(may_speak_to_a_judge, _shown(claim))):
            return
        elsewhere = (each for each in self._unfaithful if each.title != claim.title)
        other = min(elsewhere, key=lambda each: _digest(claim.sha256 + each.sha256))
        twin = replace(claim, role="")  # a gloss may stand by a dictionary alone
        yield replace(twin, quotes=other.quotes)
        yield replace(twin, sentence=other.sentence)

    # ------------------------------------------------------------ how it is asked

    def _calls(self, attempt: Attempt) -> Calls:
        parts = {"system": judge_prompt.SYSTEM, "judge": judge_prompt.INSTRUCTION}
        template = Template(name=judge_prompt.JUDGE, parts=parts, defaults={}, sha256=judge_prompt.sha256())
        return Calls(
            attempt=attempt,
            template=template,
            client=self._asking.client,
            price=self._asking.price,
            model=self.identity.model,
            judge=self.identity.model,
            temperature=0.0,
            sources_sha256="",
            may_batch=self._asking.goes_by_batch,
        )

    def _only_model(self) -> str:
        offered = self._asking.client("", 0.0).models(known_for_seconds=self._asking.model_known_seconds)
        if len(offered) != 1:
            raise ConfigurationError(
                "No model is chosen to judge, and its server does not offer one alone.",
                hint="Choose one of `lessongen models`: lessongen config set judge.model NAME",
            )
        return offered[0]

    # ------------------------------------------------------------ what is answered

    def _read(self, batch: _Batch, answer: Mapping[str, Any]) -> Iterator[tuple[int, Verdict]]:
        """The verdicts in an answer; none of an answer that is mixed up, or that misses the controls."""
        said = _by_number(answer, len(batch.entries))
        if said is None:
            return
        verdicts = {
            number: self._verdict(claim, said[number])
            for number, (_, claim) in enumerate(batch.entries, 1)
            if number in said
        }
        missed = sum(
            verdicts[number].stands if number in verdicts else 0
            for number, (place, _) in enumerate(batch.entries, 1)
            if place is None
        )
        if missed > _MOST_CONTROLS_MISSED:
            return
        for number, (place, _) in enumerate(batch.entries, 1):
            if place is not None and number in verdicts:
                yield place, verdicts[number]

    def _verdict(self, claim: Claim, said: Mapping[str, Any]) -> Verdict:
        reason = " ".join(str(said.get("reason", "")).split())[:_LONGEST_REASON]
        match said.get("verdict"):
            case "supported":
                return self._supported(claim, said, reason)
            case "contradicted" | "not said" as ruling:
                return self._made(claim, ruling, reason)
        return self._unjudged(claim)

    def _supported(self, claim: Claim, said: Mapping[str, Any], reason: str) -> Verdict:
        """A verdict that lets the sentence stand, if what is said to bear it is in its quotes."""
        if not claim.quotes:
            return self._made(claim, "supported", reason)
        for quote in claim.quotes:
            span = located(str(said.get("span", "")), quote.text)
            if span is not None:
                numbers = {number for number in said.get("quotes", ()) if isinstance(number, int)}
                needed = [each.id for at, each in enumerate(claim.quotes, 1) if at in numbers or each is quote]
                return self._made(claim, "supported", reason, span=span, needed=tuple(needed))
        return self._made(claim, "no verdict", "the words that are to bear it are not in its quotes")

    def _made(
        self, claim: Claim, ruling: Ruling, reason: str, *, span: str = "", needed: tuple[str, ...] = ()
    ) -> Verdict:
        return Verdict(
            judge=self.identity.name,
            exam=self._exam.name,
            ruling=ruling,
            sha256=claim.sha256,
            span=span,
            needed=needed,
            reason=reason,
        )

    def _unjudged(self, claim: Claim) -> Verdict:
        reason = _SPEAKS if _speaks(claim) else "the judge gave no usable answer"
        return self._made(claim, "no verdict", reason)


def _call(batch: _Batch, percent: int, doing: str) -> Call:
    return Call(
        key=f"judge-{batch.digest[:10]}",
        data=judge_prompt.items(batch.claims),
        instruction=judge_prompt.INSTRUCTION,
        schema=judge_prompt.schema(len(batch.entries)),
        doing=doing,
        percent=percent,
        expected_tokens=judge_prompt.EXPECTED_TOKENS * len(batch.entries),
        is_judgement=True,
        by_judge=True,
        verbatim=("span",),  # nothing of it is used but what is found in a quote
        keeps_bad=True,
    )


def _by_number(answer: Mapping[str, Any], count: int) -> Mapping[int, Mapping[str, Any]] | None:
    """What is said of each item; None where a number is none of theirs, or comes twice: who knows what is meant."""
    found: dict[int, Mapping[str, Any]] = {}
    for said in answer["answers"]:
        number = said["item"]
        if number in found or not 1 <= number <= count:
            return None
        found[number] = said
    return found


def _speaks(claim: Claim) -> bool:
    """Whether anything that would be shown of a claim talks to whoever judges it."""
    shown = _shown(claim)
    if claim.instructs:  # "Write down …" is for students there
        beside = shown[1:]
        return has_obeyed(claim.sentence) or any(map(speaks_to_a_program, beside)) or any(map(speaks_to_a_judge, shown))
    return any(speaks_to_a_program(text) or speaks_to_a_judge(text) for text in shown)


def _shown(claim: Claim) -> tuple[str, ...]:
    return (claim.sentence, claim.title, claim.before, *(quote.text for quote in claim.quotes))


def _order_of(claim: Claim) -> str:
    """What a claim is sorted by, and known by in a prompt: a hash of all that is shown of it."""
    return _digest(json.dumps([claim.sha256, claim.title, claim.before, claim.role], ensure_ascii=False))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
