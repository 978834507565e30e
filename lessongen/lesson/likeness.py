"""What in several lessons is too much alike to hand out together: passages used twice, questions asked twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from lessongen.lesson.model import Lesson
from lessongen.text.words import fold

_SHARE_OF_QUOTES = 0.5
_MOST_HOLDERS = 50  # a passage that more lessons than that quote tells nothing of any two


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Two lessons, by what the caller calls them, that are nearly the same or ask the same question."""

    kind: Literal["lesson", "question"]
    first: str
    second: str
    detail: str


def likenesses(lessons: Iterable[tuple[str, Lesson]]) -> list[Likeness]:
    """The pairs of different lessons where the smaller shares half of its quotes, and the questions asked in both.

    Lessons are given with a name each. Two questions are the same if they have the same stem, or ask for the same term
    of the same quote.
    """
    quotes: dict[str, frozenset[str]] = {}
    asked: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    for name, lesson in lessons:
        quotes[name] = frozenset(quote.sha256 for source in lesson.sources for quote in source.quotes)
        digests = _digests(lesson)
        for question in lesson.questions:
            key = ("stem", question.kind, fold(question.stem), *sorted(question.told_apart_by))
            asked[key].setdefault(name, question.stem)
            for cite in question.cites:
                if cite in digests:
                    asked[("term", digests[cite], fold(question.term))].setdefault(name, question.stem)
    return [*_alike_lessons(quotes), *_alike_questions(asked.values())]


def _digests(lesson: Lesson) -> dict[str, str]:
    """The SHA-256 of each quote by its id."""
    return {quote.id: quote.sha256 for source in lesson.sources for quote in source.quotes}


def _alike_lessons(quotes: dict[str, frozenset[str]]) -> list[Likeness]:
    holders: dict[str, list[str]] = defaultdict(list)
    for name, held in quotes.items():
        for digest in held:
            holders[digest].append(name)
    shared = Counter(
        pair for names in holders.values() if len(names) <= _MOST_HOLDERS for pair in combinations(names, 2)
    )
    found = []
    for (first, second), count in shared.items():
        share = count / max(1, min(len(quotes[first]), len(quotes[second])))
        if share >= _SHARE_OF_QUOTES:
            detail = f"{share:.0%} of the passages of one stand in the other"
            found.append(Likeness(kind="lesson", first=first, second=second, detail=detail))
    return found


def _alike_questions(asked: Iterable[dict[str, str]]) -> list[Likeness]:
    found: dict[tuple[str, str, str], Likeness] = {}
    for stems in asked:
        names: Sequence[str] = list(stems)
        for first, second in combinations(names[:_MOST_HOLDERS], 2):
            stem = stems[first]
            found.setdefault((first, second, stem), Likeness(kind="question", first=first, second=second, detail=stem))
    return list(found.values())


def pairs_asked(lesson: Lesson) -> set[tuple[str, str]]:
    """What a lesson asks: pairs of a quote's SHA-256 and the folded term."""
    digests = _digests(lesson)
    return {
        (digests[cite], fold(question.term))
        for question in lesson.questions
        for cite in question.cites
        if cite in digests
    }
