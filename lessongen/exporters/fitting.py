"""What becomes of a question in a format that does not know its way of asking, and how that is told."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lessongen.lesson.interactions import Fill, Interaction, Pair, Pick, Sort, Write
from lessongen.system.terminal import counted

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

ANY = 1_000
"""How many options a question may have where a format sets no limit."""

QUIZ = "the questions alone: summary, key words, sections and tasks are not in it"
"""What a format without the lesson around its questions holds."""

WITH_PAGE = "what students read and the questions with their keys: notes for the teacher and a time plan are not in it"
"""What a format holds that has the student's page beside the questions."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A question that another one becomes, or a part of it: `of` says which."""

    asked: Interaction
    of: str = ""

    def asks(self, stem: str) -> str:
        """The stem with what of it is asked for."""
        return f"{stem} \N{EM DASH} {self.of}" if self.of else stem


def become(asked: Interaction, known: Collection[type[Interaction]], most_options: int = ANY) -> tuple[Piece, ...]:
    """A question in the ways of asking that a format knows, with so many options; nothing where there is none.

    What is to be put in order is matched with its places, what is to be matched is picked one by one, and what is to
    be typed is marked by a person.
    """
    if isinstance(asked, Pick) and len(asked.options) > most_options:
        return (Piece(asked=_with_fewer(asked, most_options)),) if 0 < len(asked.right) < most_options else ()
    if type(asked) in known:
        return (Piece(asked=asked),)
    if isinstance(asked, Sort):
        places = tuple(str(place) for place in range(1, len(asked.items) + 1))
        shown = sorted(zip(asked.items, places, strict=True), key=lambda each: each[0].casefold())
        return become(Pair(pairs=tuple(shown), choices=places), known, most_options)
    if isinstance(asked, Pair) and Pick in known:
        choices = list(dict.fromkeys(asked.choices))
        picks = [Pick(options=tuple((each, each == right) for each in choices)) for _, right in asked.pairs]
        return tuple(
            Piece(asked=_with_fewer(pick, most_options), of=left)
            for (left, _), pick in zip(asked.pairs, picks, strict=True)
        )
    if isinstance(asked, Fill) and Write in known:
        return (Piece(asked=Write(points=asked.answers)),)
    return ()


def _with_fewer(asked: Pick, most: int) -> Pick:
    """The right options and some of the wrong ones, in the order in which they stand.

    Which wrong ones is drawn, always alike for the same question: were it the first, an option from the end of the list
    would be known to be right.
    """
    places = range(len(asked.options))
    wrong = [place for place in places if not asked.options[place][1]]
    drawn = random.Random(repr(asked.options)).sample(wrong, min(most - len(asked.right), len(wrong)))  # noqa: S311
    return replace(asked, options=tuple(asked.options[at] for at in places if at in drawn or asked.options[at][1]))


def shares(asked: Pick) -> tuple[str, str]:
    """What a right option and a wrong one earn in percent: all right ones together 100, all options nothing.

    Where one alone is right and picked, a wrong one costs nothing.
    """
    right = len(asked.right)
    wrong = len(asked.options) - right
    return _percent(100, right), _percent(-100, wrong) if right > 1 else "0"


def _percent(whole: int, parts: int) -> str:
    """A part of so many, as Moodle knows it: with five digits at most."""
    return f"{whole / max(parts, 1):.5f}".rstrip("0").rstrip(".")


def told_stem(stem: str, drawing: str) -> str:
    """A stem with what its drawing shows in words, for a format that holds none."""
    return f"{stem} [Drawing: {drawing}]" if drawing else stem


def losses_of(
    name: str,
    known: Collection[type[Interaction]],
    *,
    holds: str = QUIZ,
    has_drawings: bool = False,
    knows_numbers: bool = True,
    most_options: int = ANY,
) -> Callable[[Lesson, Audience], Iterable[str]]:
    """What a format that is called so and knows these ways of asking says of a lesson."""

    def losses(lesson: Lesson, audience: Audience) -> Iterator[str]:
        if holds:
            yield f"{name} holds {holds}."
        drawn = sum(question.drawing is not None for question in lesson.questions)
        if drawn and not has_drawings:
            yield f"{name} holds no drawings: {counted(drawn, 'question')} with one {_tell(drawn)} it in words."
        found = (_change(question.interaction(), known, most_options) for question in lesson.questions)
        for (kind, of_one, of_several), count in Counter(filter(None, found)).items():
            yield f"{name} has no {kind}: {count} {of_several if count > 1 else of_one}."
        asked = [question.interaction() for question in lesson.questions]
        numbers = sum(isinstance(each, Fill) and each.is_number for each in asked)
        if numbers and not knows_numbers:
            becomes = "become short-answer ones" if numbers > 1 else "becomes a short-answer one"
            yield f"{name} compares no numbers by their worth: {counted(numbers, 'question')} {becomes}."

    return losses


def _change(asked: Interaction, known: Collection[type[Interaction]], most: int) -> tuple[str, str, str] | None:
    """What a format has not, and what becomes there of one such question and of several; None where nothing does."""
    pieces = become(asked, known, most)
    kind = f"{asked.name} questions"
    if not pieces:
        return kind, "is left out", "are left out"
    name = pieces[0].asked.name
    if name == asked.name:
        several = f"{kind} of more than {most} options"
        return None if pieces[0].asked == asked else (several, f"keeps {most}", f"keep {most}")
    more = ", one for each item" if len(pieces) > 1 else ""
    more += f", with {most} options each" if pieces != become(asked, known) else ""
    article = "an" if name[0] in "aeiou" else "a"
    return kind, f"becomes {article} {name} one{more}", f"become {name} ones{more}"


def _tell(count: int) -> str:
    return "tell" if count > 1 else "tells"
