"""What a judge is asked and says, how sure it is by its exam, and what it takes to pass that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, TypeAlias

JUDGES = ("model", "rules")
"""The judges by their names."""

Ruling: TypeAlias = Literal["supported", "contradicted", "not said", "no verdict"]
RULINGS: tuple[Ruling, ...] = ("supported", "contradicted", "not said", "no verdict")
"""What a judge may say of a claim. "no verdict" is what counts where it said nothing that can be used: a refusal."""
_MOST_UNANSWERED = 0.5


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A quote as a judge sees it: its id, and its words."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A sentence that is to stand on its quotes.

    `title` is that of the source. `before` is the sentence before it, where that tells what "it" means, and `role` what
    the sentence is in the lesson. `article` is all sentences of the source, for a judge that looks whether another one
    says it better; a model never sees them. `instructs` is whether it has students do something, or asks them.
    """

    sentence: str
    quotes: tuple[Passage, ...]
    title: str = ""
    before: str = ""
    role: str = ""
    article: tuple[str, ...] = field(default=(), repr=False)
    instructs: bool = False

    @cached_property
    def sha256(self) -> str:
        """The hash that binds a verdict to what was judged: the sentence and the words of its quotes, in order."""
        return hash_of(self.sentence, [quote.text for quote in self.quotes])


def hash_of(sentence: str, quotes: Sequence[str]) -> str:
    """The SHA-256 over a sentence and its quotes."""
    return _digest([sentence, list(quotes)])


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def seal_of(claim: Claim, *, judge: str, exam: str, ruling: str, span: str) -> str:
    """The SHA-256 that a stored verdict carries: over what was judged, as what, and all that the verdict says."""
    return _digest([claim.sentence, [quote.text for quote in claim.quotes], claim.role, judge, exam, ruling, span])


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a judge says of one claim.

    `judge` and `exam` say who judged, and which exam it is measured by. `span` are the words of a quote that bear the
    sentence, exactly as that quote has them; `needed` are the ids of all quotes that it takes.
    """

    judge: str
    exam: str
    ruling: Ruling
    sha256: str
    span: str = ""
    needed: tuple[str, ...] = ()
    reason: str = ""

    @property
    def stands(self) -> bool:
        """Whether the sentence may stand by this verdict. All but "supported" is a refusal."""
        return self.ruling == "supported"

    def is_of(self, claim: Claim) -> bool:
        """Whether it is the verdict on this claim, no word changed since."""
        return self.sha256 == claim.sha256 and (not self.span or any(self.span in each.text for each in claim.quotes))


MUTE = "its answers can't be read"
"""Why there is no verdict on any pair of an exam where no answer of the judge's had the form that was asked for."""


def is_no_judgement(verdicts: Collection[Verdict]) -> bool:
    """Whether half of the claims or more have no verdict: it is the judge then that failed, and not the sentences."""
    unanswered = sum(each.ruling == "no verdict" for each in verdicts)
    return unanswered > 0 and unanswered >= _MOST_UNANSWERED * len(verdicts)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Which judge it is. A result of the exam counts for this identity alone: another prompt is another judge.

    `model` and `server` are empty for a judge that is none; the server is told without any secret.
    """

    judge: str
    model: str = ""
    server: str = ""
    prompt_sha256: str = ""

    @property
    def name(self) -> str:
        """For people: "rules", "gpt-4.1-mini"."""
        return self.model or self.judge


@dataclass(frozen=True, kw_only=True)
class KindCount:
    """How often a judge was right on the pairs of one kind."""

    kind: str
    is_honest: bool
    right: int
    pairs: int


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What a judge must reach: shares of the unfaithful sentences caught and of the honest ones accepted."""

    caught: float = 0.95
    accepted: float = 0.90


@dataclass(frozen=True, kw_only=True)
class ExamResult:
    """What came of one exam.

    `exam` names the pairs by language and hash, `is_short` that only some of them were sat. `unanswered` counts the
    pairs without a usable verdict, which are wrong. Tokens are those in and out together.
    """

    identity: Identity
    exam: str
    language: str
    is_short: bool
    kinds: tuple[KindCount, ...]
    unanswered: int
    seconds: float
    calls: int
    tokens: int
    cost: float | None
    sat_at: datetime

    @property
    def caught(self) -> tuple[int, int]:
        """Of how many unfaithful sentences how many were refused: (caught, all)."""
        return self._count(is_honest=False)

    @property
    def accepted(self) -> tuple[int, int]:
        """Of how many honest sentences how many were let stand: (accepted, all)."""
        return self._count(is_honest=True)

    def _count(self, *, is_honest: bool) -> tuple[int, int]:
        kinds = [each for each in self.kinds if each.is_honest == is_honest]
        return sum(each.right for each in kinds), sum(each.pairs for each in kinds)

    def passes(self, bar: Bar) -> bool:
        """Whether both shares reach the bar. There must be pairs of both sorts."""
        return _reaches(self.caught, bar.caught) and _reaches(self.accepted, bar.accepted)

    def kinds_as_json(self) -> list[Mapping[str, Any]]:
        """The counts by kind in plain JSON types."""
        return [asdict(each) for each in self.kinds]


def _reaches(count: tuple[int, int], share: float) -> bool:
    right, pairs = count
    return pairs > 0 and right >= share * pairs - 1e-9
