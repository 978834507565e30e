"""What of a stored lesson can be shown where a part of it is broken: the rest, and what is left out in plain sentences.

Whoever stored it, one bad part takes no other with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from lessongen.lesson.reading import content_of_json, lesson_of_json

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson, Section

_Place: TypeAlias = tuple[str | int, ...]

_LISTS = {
    "questions": "question",
    "key_terms": "key word",
    "key_points": "key point",
    "misconceptions": "misconception",
}
_ROUNDS = 3  # a broken part may hide another one
_LONGEST = 60


def sound_part(text: str) -> tuple[Lesson, tuple[str, ...]]:
    """The lesson of a stored content without parts that can't be read or refer to nothing, and which these are.

    Raises `pydantic.ValidationError` where no more than a part is broken.
    """
    lesson, lost = _readable(text)
    questions, left_out = _questions(lesson)
    if left_out:
        lesson = lesson.model_copy(update={"questions": questions})
    sections, left_out_there = _sections(lesson)
    if left_out_there:
        lesson = lesson.model_copy(update={"sections": sections})
    return lesson, (*lost, *left_out, *left_out_there)


# ---------------------------------------------------------------- what can't be read


def _readable(text: str) -> tuple[Lesson, tuple[str, ...]]:
    from pydantic import ValidationError

    lost: list[str] = []
    for _ in range(_ROUNDS):
        try:
            return lesson_of_json(text), tuple(lost)
        except ValidationError as error:
            places = [_part_at(each["loc"]) for each in error.errors()]
            if not all(places):
                raise
            content = content_of_json(text)
            lost += _without(content, sorted({each for each in places if each}, key=repr, reverse=True))
            text = json.dumps(content)
    return lesson_of_json(text), tuple(lost)


def _part_at(place: _Place) -> _Place | None:
    """The part of the lesson that can be left out, with what is wrong at this place; None where there is none."""
    if len(place) > 3 and place[0] == "sections" and place[2] in ("blocks", "notes") and isinstance(place[3], int):
        return place[:4]
    return place[:2] if len(place) > 1 and place[0] in _LISTS and isinstance(place[1], int) else None


def _without(content: dict[str, Any], places: Sequence[_Place]) -> Iterator[str]:
    """Take the parts out of a content, the last first, and name them."""
    for place in places:
        *above, at = place
        parts: Any = content
        for step in above:
            parts = parts[step]
        del parts[at]
        if place[0] == "sections":
            section = content["sections"][place[1]]
            what = "note" if place[2] == "notes" else "part"
            yield f"A {what} of “{_shortened(section.get('title'))}” can't be read and is left out."
        else:
            yield f"A {_LISTS[str(place[0])]}, the {_nth(int(at) + 1)}, can't be read and is left out."
    # A section of which nothing is left is none.
    content["sections"] = [section for section in content["sections"] if section["blocks"]]


# ---------------------------------------------------------------- what refers to nothing


def _questions(lesson: Lesson) -> tuple[list[Any], list[str]]:
    """The questions whose quotes are there, each id once; and which are none of these."""
    quotes = {quote.id for source in lesson.sources for quote in source.quotes}
    kept: dict[str, Any] = {}
    lost: list[str] = []
    for question in lesson.questions:
        why = (
            "another one has its id"
            if question.id in kept
            else ""
            if quotes.issuperset(question.cites)
            else "it cites a quote that is not there"
        )
        if why:
            lost.append(f"The question “{_shortened(question.stem)}” is left out: {why}.")
        else:
            kept[question.id] = question
    return list(kept.values()), lost


def _sections(lesson: Lesson) -> tuple[list[Section], list[str]]:
    """The sections without what asks a question that is not there."""
    from lessongen.lesson.model import Check

    asked = {question.id for question in lesson.questions}
    kept: list[Section] = []
    lost: list[str] = []
    for section in lesson.sections:
        blocks = [each for each in section.blocks if not isinstance(each, Check) or each.question in asked]
        if len(blocks) < len(section.blocks):
            lost.append(f"“{_shortened(section.title)}” asks a question that is not there: it is left out.")
        if blocks:
            kept.append(
                section if len(blocks) == len(section.blocks) else section.model_copy(update={"blocks": blocks})
            )
    return kept, lost


def _shortened(text: object) -> str:
    told = str(text)
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"


def _nth(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
