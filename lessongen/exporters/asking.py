"""Formats of a lesson's questions for machines: each is told of by how it asks, and writes what it is then given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format, Order
from lessongen.exporters.fitting import ANY, QUIZ, losses_of
from lessongen.lesson.interactions import Interaction

if TYPE_CHECKING:
    from lessongen.exporters.quiz import Item, Quiz
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


def quiz_format(
    name: str,
    write: Callable[[Quiz, Sequence[Item]], bytes],
    *,
    told_as: str,
    known: Collection[type[Interaction]],
    holds: str = QUIZ,
    has_drawings: bool = False,
    knows_numbers: bool = True,
    most_options: int = ANY,
    more_losses: Callable[[Lesson], Iterator[str]] = lambda lesson: iter(()),
    **more: Any,
) -> Format:
    """A format that has keys; `write` gets the quiz, and its items in the ways of asking that are `known`.

    `told_as` is what it is called where its losses are told, `more_losses` those that are its own; `more` is as
    `Format` has it.
    """
    usual_losses = losses_of(
        told_as, known, holds=holds, has_drawings=has_drawings, knows_numbers=knows_numbers, most_options=most_options
    )

    def export(order: Order) -> bytes:
        from lessongen.exporters.quiz import fitted, quiz_of

        quiz = quiz_of(order.lesson, order.audience, order.about, order.image)
        return write(quiz, list(fitted(quiz.items, known, most_options)))

    def losses(lesson: Lesson, audience: Audience) -> Iterator[str]:
        yield from usual_losses(lesson, audience)
        yield from more_losses(lesson)

    return Format(name=name, export=export, losses=losses, has_keys=True, **more)
