"""Several lessons as one Word document, each on pages of its own, or as one deck of slides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from lessongen.exporters.page import is_right_to_left
from lessongen.exporters.sheet import lay_out

if TYPE_CHECKING:
    from lessongen.exporters import Order
    from lessongen.exporters.packed import Properties
    from lessongen.exporters.shapes import Sheet

_BASED_ON = "Lessons with their sources, which stand at the end of each"


def bound_document(title: str, orders: Iterable[Order]) -> bytes:
    """A Word document that begins with links to its lessons; its direction is that of the first one."""
    from lessongen.exporters import word
    from lessongen.exporters.document import Document, file_of, whose_edition
    from lessongen.exporters.packed import properties_of, properties_together

    made: word.Word | None = None
    direction = _Direction()
    bodies, links, whose = list[str](), list[str](), set[str]()
    properties: list[Properties] = []
    for number, order in enumerate(orders, 1):
        sheet = lay_out(order.lesson, order.audience, order.about, order.image)
        is_rtl = direction.of(sheet, order.leave_out)
        made = made or word.Word(language=sheet.language, is_rtl=is_rtl, paper=order.paper)
        body = "".join(Document(sheet, made, leave_out=order.leave_out).body())
        bodies.append(word.on_a_new_page(body, f"_lesson{number}", number))
        links.append(word.link_within(sheet.title, f"_lesson{number}"))
        whose.add(whose_edition(sheet))
        properties.append(properties_of(sheet, order.about))
    if made is None:
        raise ValueError("a document of no lessons")
    contents = [word.paragraph("Title", word.run(title)), *made.listed(word.BULLETS, links, "ListBullet")]
    told = properties_together(title, properties)
    return file_of(made, [*contents, *bodies], told, whose=whose.pop() if len(whose) == 1 else "", based_on=_BASED_ON)


def bound_deck(title: str, orders: Iterable[Order]) -> bytes:
    """A deck with a lesson after the other, each behind a title; its direction is that of the first one."""
    from lessongen.exporters.deck import Slides
    from lessongen.exporters.packed import properties_of, properties_together
    from lessongen.exporters.slides import Deck

    deck: Deck | None = None
    direction = _Direction()
    properties: list[Properties] = []
    for order in orders:
        sheet = lay_out(order.lesson, order.audience, order.about, order.image)
        is_rtl = direction.of(sheet, order.leave_out)
        deck = deck or Deck(is_rtl=is_rtl)
        Slides(sheet, deck, leave_out=order.leave_out).add()
        properties.append(properties_of(sheet, order.about))
    if deck is None:
        raise ValueError("a deck of no lessons")
    return deck.file(properties_together(title, properties))


class _Direction:
    """Which way all of a file runs, as that of a document or a deck is set once."""

    def __init__(self) -> None:
        self._is_rtl: bool | None = None

    def of(self, sheet: Sheet, leave_out: Callable[[str], None]) -> bool:
        """The direction; that a lesson is written in the other one is told."""
        own = is_right_to_left(sheet.language)
        if self._is_rtl is None:
            self._is_rtl = own
        if own != self._is_rtl:
            written = "right to left" if own else "left to right"
            leave_out(f"“{sheet.title}” is written from {written}, and is set the other way, as the first lesson is.")
        return self._is_rtl
