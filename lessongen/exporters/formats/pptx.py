"""Slides: an idea on each, what to say and the quotes in the notes, a teacher's with the key after each question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lessongen.exporters import Format, Order
from lessongen.system.terminal import counted

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


def export(order: Order) -> bytes:
    """The lesson as slides in 16:9."""
    from lessongen.exporters.deck import Slides
    from lessongen.exporters.packed import properties_of
    from lessongen.exporters.page import is_right_to_left
    from lessongen.exporters.sheet import lay_out
    from lessongen.exporters.slides import Deck

    sheet = lay_out(order.lesson, order.audience, order.about, order.image)
    deck = Deck(is_rtl=is_right_to_left(sheet.language))
    Slides(sheet, deck, leave_out=order.leave_out).add()
    return deck.file(properties_of(sheet, order.about))


def join(title: str, orders: Iterable[Order]) -> bytes:
    """The lessons as one deck."""
    from lessongen.exporters.bound import bound_deck

    return bound_deck(title, orders)


def losses(lesson: Lesson, audience: Audience) -> Iterable[str]:
    """That answers are written elsewhere, where any are."""
    from lessongen.lesson.model import Task
    from lessongen.lesson.questions import KINDS

    asked = sum(KINDS[each.kind].layout(each.shown()).lines_to_write > 0 for each in lesson.questions)
    asked += sum(isinstance(block, Task) for section in lesson.sections for block in section.blocks)
    if asked:
        are = "are" if asked > 1 else "is"
        yield f"Slides have no lines to write on: {counted(asked, 'answer')} {are} written on paper."


FORMAT = Format(
    name="pptx",
    media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    export=export,
    join=join,
    losses=losses,
    is_binary=True,
    extra="pptx",
    libraries=("pptx", "resvg_py"),
    about="pptx is slides",
    place=6,
)
