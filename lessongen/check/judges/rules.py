"""The judge that is no model: the word rules at their strict point. It needs nothing and passes no exam."""

from __future__ import annotations

from collections.abc import Sequence

from lessongen.check.word_rules import refusal, stands_verbatim
from lessongen.lesson.attempt import Attempt, Spent
from lessongen.lesson.judgement import Claim, Identity, Verdict

NAME = "rules"


class RulesJudge:
    """Implements `Judge` by words, numbers, names and their order; deterministic, free, and strict."""

    @property
    def identity(self) -> Identity:
        """The rules have no version but the package's."""
        return Identity(judge=NAME)

    def expected(self, claims: Sequence[Claim]) -> Spent:
        """Nothing."""
        return Spent(calls=0, tokens=0, cost=0.0)

    def judge(self, claims: Sequence[Claim], attempt: Attempt) -> list[Verdict]:
        """The verdict of the rules on each claim; the attempt is not used."""
        return [verdict_of(claim) for claim in claims]


def verdict_of(claim: Claim) -> Verdict:
    """What the rules say of one claim; a sentence that stands is borne by the quote that has most of it."""
    texts = [quote.text for quote in claim.quotes]
    found = refusal(claim.sentence, texts, title=claim.title, article=claim.article)
    if found is not None:
        return Verdict(judge=NAME, exam="", ruling="not said", sha256=claim.sha256, reason=found.message)
    span = next((claim.sentence for text in texts if claim.sentence in text), None) or _nearest(claim.sentence, texts)
    needed = tuple(quote.id for quote in claim.quotes)
    return Verdict(judge=NAME, exam="", ruling="supported", sha256=claim.sha256, span=span, needed=needed)


def _nearest(sentence: str, texts: Sequence[str]) -> str:
    from lessongen.check.word_rules.passage import content_keys

    wanted = content_keys(sentence)
    return max(texts, key=lambda text: (stands_verbatim(sentence, text), len(content_keys(text) & wanted)))
