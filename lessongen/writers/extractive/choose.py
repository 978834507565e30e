"""Which of the candidate questions a lesson asks: fresh ones first, of several kinds, one a sentence."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lessongen.lesson.model import Lesson
from lessongen.text.words import fold
from lessongen.writers.extractive.candidates import Aim, Candidate

Use = tuple[str, str]  # a quote's SHA-256 and the folded term asked about it

_ORDER = ("order", "short", "open")
_MOST_OF_AIM: Mapping[Aim, int] = {"parts": 2, "order": 1}
_MOST_OPEN, _MOST_OPEN_IN_NEED = 2, 4


@dataclass(frozen=True, kw_only=True)
class Used:
    """What is asked already: how often by earlier versions of the lesson, and by other lessons of its batch."""

    earlier: Mapping[Use, int] = field(default_factory=dict)
    beside: frozenset[Use] = frozenset()

    @property
    def counts(self) -> Counter[Use]:
        """How often each was asked."""
        return Counter(self.earlier) + Counter(dict.fromkeys(self.beside, 1))


def uses_of(lessons: Iterable[Lesson]) -> Counter[Use]:
    """How often each (quote, asked term) pair stands in these lessons' questions."""
    counted: Counter[Use] = Counter()
    for lesson in lessons:
        digests = {quote.id: quote.sha256 for source in lesson.sources for quote in source.quotes}
        for question in lesson.questions:
            counted.update((digests[cite], fold(question.term)) for cite in question.cites if cite in digests)
    return counted


def choose(
    candidates: Sequence[Candidate], most: int, used: Used, rng: random.Random, *, fewest: int = 0
) -> list[Candidate]:
    """Up to `most`: fresh ones; then up to `fewest` what was asked before, what others of the batch ask at last."""
    shuffled = list(candidates)
    rng.shuffle(shuffled)
    beside = [each for each in shuffled if each.uses & used.beside]
    stale = [each for each in shuffled if each.uses & set(used.earlier) and each not in beside]
    fresh = [each for each in shuffled if each not in beside and each not in stale]
    chosen: list[Candidate] = []
    for pool, count in ((fresh, most), (stale, min(fewest, most)), (beside, min(fewest, most))):
        _fill(chosen, pool, count)
    _fill(chosen, [each for each in [*fresh, *stale] if each not in chosen], min(fewest, most), _MOST_OPEN_IN_NEED)
    return sorted(chosen, key=lambda each: _ORDER.index(each.kind))


def _fill(chosen: list[Candidate], pool: Sequence[Candidate], count: int, most_open: int = _MOST_OPEN) -> None:
    """Add from the pool, of the aims and kinds in turn that there are fewest of."""
    rest = list(pool)
    while rest and len(chosen) < count:
        aims, kinds = Counter(each.aim for each in chosen), Counter(each.kind for each in chosen)
        best = min(rest, key=lambda each: (each.rank, aims[each.aim], kinds[each.kind]))
        rest.remove(best)
        if _fits(best, chosen, aims, most_open):
            chosen.append(best)


def _fits(candidate: Candidate, chosen: Sequence[Candidate], aims: Mapping[Aim, int], most_open: int) -> bool:
    if candidate.kind == "open":
        opens = [each for each in chosen if each.kind == "open"]
        return len(opens) < most_open and all(set(each.passages).isdisjoint(candidate.passages) for each in opens)
    if aims[candidate.aim] >= _MOST_OF_AIM.get(candidate.aim, len(chosen) + 1):
        return False
    others = [each for each in chosen if each.kind != "open"]
    told = {passage for each in others for passage in each.passages}
    asked = {fold(each.asked) for each in others}
    return told.isdisjoint(candidate.passages) and fold(candidate.asked) not in asked
