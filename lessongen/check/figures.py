"""A lesson in figures, and what falls short of good without being wrong: warnings, that `check --strict` counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lessongen.check.reading import Reading
from lessongen.lesson.draft import Problem
from lessongen.lesson.model import Lesson, Prose, Question
from lessongen.lesson.place import Place
from lessongen.text.words import word_count

_LONGEST_AT_MOST = 0.35
_ABOVE_RECALL_AT_LEAST = 0.25
_FEWEST_TO_JUDGE = 3  # choices; of fewer the share says nothing


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is in a lesson, counted. `places` has for each place among a choice's options how often it is right."""

    words: int
    sections: int
    sources: int
    quotes: int
    sentences: int
    cited: int
    origins: Mapping[str, int]
    questions: int
    kinds: Mapping[str, int]
    above_recall: float
    right_longest: float
    places: Sequence[int]
    objectives: int

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types, by these names."""
        return asdict(self)


def figures_of(lesson: Lesson) -> Figures:
    """The figures of a lesson."""
    claims = Reading(lesson, {}).statements
    said = [
        sentence
        for section in lesson.sections
        for block in section.blocks
        if isinstance(block, Prose)
        for sentence in block.sentences
    ]
    above = sum(question.bloom != "remember" for question in lesson.questions)
    return Figures(
        words=sum(word_count(sentence.text) for sentence in said),
        sections=len(lesson.sections),
        sources=len(lesson.sources),
        quotes=sum(len(source.quotes) for source in lesson.sources),
        sentences=len(said),
        cited=sum(bool(sentence.cites) or sentence.origin in ("computed", "author") for sentence in said),
        origins=dict(sorted(Counter(claim.origin for claim in claims).items())),
        questions=len(lesson.questions),
        kinds=dict(sorted(Counter(question.kind for question in lesson.questions).items())),
        above_recall=round(above / len(lesson.questions), 4),
        right_longest=round(_share_longest(lesson), 4),
        places=_places(lesson),
        objectives=len(lesson.objectives),
    )


def _share_longest(lesson: Lesson) -> float:
    """The share of choices whose right option is longer than each other one."""
    longest = [each.is_answer_longest for each, _ in _picked(lesson)]
    return sum(longest) / len(longest) if longest else 0.0


def _places(lesson: Lesson) -> list[int]:
    picked = _picked(lesson)
    counted = Counter(place for _, place in picked)
    return [counted[place] for place in range(max((len(each.listed) for each, _ in picked), default=0))]


def _picked(lesson: Lesson) -> list[tuple[Question, int]]:
    """The questions whose answer is picked from a list, with its place there."""
    return [(each, each.place_of_answer) for each in lesson.questions if each.place_of_answer is not None]


# ---------------------------------------------------------------- warnings


def longest_option(lesson: Lesson) -> Iterator[str]:
    """The right option is longer than each other one in at most 35 % of three or more choices."""
    share = _share_longest(lesson)
    if len(_picked(lesson)) >= _FEWEST_TO_JUDGE and share > _LONGEST_AT_MOST:
        yield f"the right option is the longest in {share:.0%} of the choices"


def key_places(lesson: Lesson) -> Iterator[str]:
    """The places of right options, and true and false, are used equally often or differ by one."""
    places = _places(lesson)
    if places and max(places) - min(places) > 1:
        yield f"right options stand at A, B, C … {', '.join(map(str, places))} times"
    true = [each.answer for each in lesson.questions if isinstance(each.answer, bool)]
    if abs(2 * sum(true) - len(true)) > 1:
        yield f"{sum(true)} of {len(true)} statements to be judged are true"


def above_recall(lesson: Lesson) -> Iterator[str]:
    """At least a quarter of the questions asks for more than recall."""
    above = sum(question.bloom != "remember" for question in lesson.questions)
    if above < _ABOVE_RECALL_AT_LEAST * len(lesson.questions):
        yield f"{above} of {len(lesson.questions)} questions ask for more than recall"


Warner = Callable[[Lesson], Iterator[str]]

WARNINGS: Mapping[str, Warner] = {
    rule.__name__.replace("_", "-"): rule for rule in (longest_option, key_places, above_recall)
}
"""Every rule that warns, by its code."""


def warnings_of(lesson: Lesson) -> list[Problem]:
    """What the warning rules find."""
    return [
        Problem(rule=code, where=Place.of("questions"), message=message)
        for code, rule in WARNINGS.items()
        for message in rule(lesson)
    ]
