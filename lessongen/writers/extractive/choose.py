"""Which of the candidate questions a lesson asks: fresh ones first, of several kinds, one a sentence."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lessongen.lesson.limits import USUAL_QUESTIONS
from lessongen.lesson.model import Lesson
from lessongen.text.words import fold
from lessongen.writers.extractive.candidates import Candidate

Use = tuple[str, str]  # a quote's SHA-256 and the folded term asked about it

DEFAULT_COUNT = 8
_MANY = 10  # questions of which four may be statements to judge
_MOST_DATES = 2
_MOST_MAKESHIFT = 4
_MOST_ASKED_TWICE = 1
_LONGEST_ONE_IN = 3  # choices: as often as by chance, or a little more
_ONE_OF_A_KIND = ("match", "order", "open")


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
    candidates: Sequence[Candidate],
    wanted: int | None,
    used: Used,
    rng: random.Random,
    *,
    usual: int = DEFAULT_COUNT,
) -> list[Candidate]:
    """As many as wanted or `usual`, or as the material bears; repeats only where fresh ones don't suffice."""
    chosen = _choose(candidates, wanted, used, rng, usual)
    choices = [candidate for candidate in chosen if candidate.kind == "choice"]
    if len(choices) > 1 and all(_answer_is_longest(candidate) for candidate in choices):
        # The longest option would always be the right one: do without the choice questions where it is.
        chosen = _choose([each for each in candidates if not _answer_is_longest(each)], wanted, used, rng, usual)
    if len({candidate.is_true for candidate in chosen if candidate.is_statement}) == 1:
        # With nothing else to judge beside them, statements are judged by how the lesson's questions are made.
        rest = [each for each in candidates if not each.is_statement]
        chosen = _choose([each for each in rest if _keeps_lengths(each)], wanted, used, rng, usual)
    return sorted(chosen, key=lambda each: _ORDER.index(each.kind))


_ORDER = ("choice", "true_false", "cloze", "match", "order", "short", "open")


def _keeps_lengths(candidate: Candidate) -> bool:
    return candidate.kind != "choice" or not _answer_is_longest(candidate)


def _choose(
    candidates: Sequence[Candidate], wanted: int | None, used: Used, rng: random.Random, usual: int
) -> list[Candidate]:
    count = min(wanted or usual, USUAL_QUESTIONS.most)
    shuffled = list(candidates)
    rng.shuffle(shuffled)
    shuffled.sort(key=lambda each: (each.makeshift, each.aim == "recall" and not each.is_about_main))
    selection = _Selection(count, rng)
    beside = [each for each in shuffled if each.uses & used.beside]
    stale = [each for each in shuffled if each.uses & set(used.earlier) and each not in beside]
    fresh = [each for each in shuffled if each not in beside and each not in stale]
    selection.add_one([each for each in fresh if each.is_central])
    selection.add(fresh, strictness=2)
    selection.add(fresh, strictness=1)
    if wanted is None:
        selection.count = USUAL_QUESTIONS.fewest
    selection.add(stale, strictness=1)
    selection.add(fresh + stale, strictness=0)
    selection.count = USUAL_QUESTIONS.fewest
    selection.add(beside, strictness=1)
    selection.add(beside, strictness=0)
    return selection.chosen


class _Selection:
    """What is chosen so far, and whether one more fits to it."""

    def __init__(self, count: int, rng: random.Random) -> None:
        self.count = count
        # Each may use up the definitions that the others need.
        self._rounds = rng.choice((("match", "true_false", "choice"), ("true_false", "match", "choice")))
        self.chosen: list[Candidate] = []
        self._quota = {
            "choice": max(2, -(-3 * count // 8)),
            "cloze": max(1, count // 5),
            "true_false": 4 if count >= _MANY else 2,
            "short": max(2, count // 4),
            "match": 1,
            "order": 1,
            "open": 1,
        }

    def add_one(self, candidates: Sequence[Candidate]) -> None:
        """The first of these that fits, if any."""
        first = next((each for each in candidates if self._fits(each, 2)), None)
        if first is not None:
            self.chosen.append(first)

    def add(self, candidates: Sequence[Candidate], *, strictness: int) -> None:
        """Fill up from these; less strict, quotas don't hold, and a sentence may be asked about twice."""
        rounds = ("open", "order", *self._rounds, "short", "cloze")
        for kind in rounds if strictness else ("any",):
            for candidate in candidates:
                if len(self.chosen) >= self.count:
                    return
                if kind in (candidate.kind, "any") and self._fits(candidate, strictness):
                    self.chosen.append(candidate)

    def _fits(self, candidate: Candidate, strictness: int) -> bool:
        same_kind = [each for each in self.chosen if each.kind == candidate.kind]
        if candidate.is_statement:
            alike = sum(each.is_true == candidate.is_true for each in same_kind)
            # Two about one term give each other away, and so do those that are all true, or all false.
            if alike * 2 >= self._quota["true_false"] or any(each.asked == candidate.asked for each in same_kind):
                return False
        for aim in ("date", "number"):
            if candidate.aim == aim and sum(each.aim == aim for each in self.chosen) >= _MOST_DATES:
                return False
        if candidate.makeshift and sum(each.makeshift > 0 for each in self.chosen) >= _MOST_MAKESHIFT:
            return False
        if candidate.makeshift > 1 and (strictness or len(self.chosen) >= USUAL_QUESTIONS.fewest):
            return False
        if candidate.kind in _ONE_OF_A_KIND and same_kind and (strictness or candidate.kind != "open"):
            return False
        if _answer_is_longest(candidate):
            longest = sum(map(_answer_is_longest, self.chosen))
            if (longest + 1) * _LONGEST_ONE_IN > self._quota["choice"]:
                return False
        if len(same_kind) >= self._quota[candidate.kind] * (1 if strictness == 2 else 2):
            if strictness or candidate.kind != "short":
                return False  # rather many to be answered in a sentence than no lesson
        if strictness and self._asked_twice(candidate) > _MOST_ASKED_TWICE:
            return False
        return not any(_clash(candidate, each, strictness) for each in self.chosen)

    def _asked_twice(self, candidate: Candidate) -> int:
        """How many passages would be matched and asked about by themselves as well."""
        together = [*self.chosen, candidate]
        matched = {passage for each in together if each.kind == "match" for passage in each.passages}
        return sum(each.kind != "match" and not matched.isdisjoint(each.passages) for each in together)


def _clash(one: Candidate, other: Candidate, strictness: int) -> bool:
    """Whether two questions are too alike for one lesson."""
    if one.stem == other.stem:
        return True
    shared = set(one.passages) & set(other.passages)
    kinds = {one.kind, other.kind}
    if "open" in kinds:
        return one.kind == other.kind and strictness > 0  # it weighs what others ask for
    if kinds & {"match", "order"}:
        # A true statement would be the key to a pair; what was put in order can't be asked for its year as well.
        return bool(shared) and (one.is_statement or other.is_statement or one.aim == other.aim == "date")
    if shared and (strictness > 0 or fold(one.asked) == fold(other.asked)):
        return True
    gaps = kinds <= {"choice", "cloze"}
    return gaps and fold(one.asked) == fold(other.asked)


def _answer_is_longest(candidate: Candidate) -> bool:
    return candidate.kind == "choice" and all(len(option) < len(candidate.answer) for option in candidate.options)
