"""Formats of a lesson's questions for machines: each is told of by how it asks, and writes what it is then given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format, Order
from lessongen.exporters.fitting import ANY, QUIZ, losses_of
from lessongen.lesson.interactions import Interaction

if TYPE_CHECKING:
    from lessongen.exporters.quiz import Item, Quiz
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


Asked = tuple["Quiz", "Sequence[Item]"]
"""The quiz of a lesson, and its items in the ways of asking that a format knows."""


def quiz_format(
    name: str,
    write: Callable[[str, Iterable[Asked]], bytes],
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
    """A format that has keys; `write` gets a title, and one lesson's quiz and items after the other.

    `told_as` is what it is called where its losses are told, `more_losses` those that are its own; `more` is as
    `Format` has it.
    """
    usual_losses = losses_of(
        told_as, known, holds=holds, has_drawings=has_drawings, knows_numbers=knows_numbers, most_options=most_options
    )

    def asked_in(order: Order, number: int) -> Asked:
        from lessongen.exporters.quiz import fitted, quiz_of

        quiz = quiz_of(order.lesson, order.audience, order.about, order.image)
        return quiz, [replace(item, lesson=number) for item in fitted(quiz.items, known, most_options)]

    def export(order: Order) -> bytes:
        quiz, items = asked_in(order, 1)
        return write(quiz.sheet.title, [(quiz, items)])

    def join(title: str, orders: Iterable[Order]) -> bytes:
        return write(title, (asked_in(order, number) for number, order in enumerate(orders, 1)))

    def losses(lesson: Lesson, audience: Audience) -> Iterator[str]:
        yield from usual_losses(lesson, audience)
        yield from more_losses(lesson)

    return Format(name=name, export=export, join=join, losses=losses, has_keys=True, **more)
