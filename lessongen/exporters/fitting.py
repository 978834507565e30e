"""What becomes of a question in a format that does not know its way of asking, and how that is told."""

from __future__ import annotations

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
    """The right options and the first of the wrong ones, in the order in which they stand."""
    wrong = [text for text, is_right in asked.options if not is_right]
    kept = {*asked.right, *wrong[: most - len(asked.right)]}
    return replace(asked, options=tuple(each for each in asked.options if each[0] in kept))


def told_stem(stem: str, drawing: str) -> str:
    """A stem with what its drawing shows in words, for a format that holds none."""
    return f"{stem} [Drawing: {drawing}]" if drawing else stem


def losses_of(
    name: str,
    known: Collection[type[Interaction]],
    *,
    holds: str = QUIZ,
    has_drawings: bool = False,
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
        for (kind, change), count in Counter(filter(None, found)).items():
            yield f"{name} has no {kind}: {count} {change if count > 1 else _singular(change)}."

    return losses


def _change(asked: Interaction, known: Collection[type[Interaction]], most: int) -> tuple[str, str] | None:
    """What a format has not, and what its questions do there; None where they stay as they are."""
    pieces = become(asked, known, most)
    kind = f"{asked.name} questions"
    if not pieces:
        return kind, "are left out"
    name = pieces[0].asked.name
    if name == asked.name:
        return None if pieces[0].asked == asked else (f"{kind} of more than {most} options", f"keep {most}")
    return kind, f"become {name} ones" + (", one for each item" if len(pieces) > 1 else "")


def _tell(count: int) -> str:
    return "tell" if count > 1 else "tells"


def _singular(change: str) -> str:
    """The same of one question."""
    change = change.replace("become open", "becomes an open").replace("become ", "becomes a ")
    return change.replace("are left", "is left").replace("keep ", "keeps ").replace(" ones", " one")
