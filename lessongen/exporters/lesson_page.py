"""A lesson as a page of its own, whose questions can be tried where its edition has the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lessongen.exporters.answering import form, told
from lessongen.exporters.markup import html_of
from lessongen.exporters.page import digest, in_script, page, script
from lessongen.exporters.quiz import quiz_of
from lessongen.lesson.interactions import Write

if TYPE_CHECKING:
    from lessongen.exporters import Order
    from lessongen.exporters.quiz import Item
    from lessongen.exporters.shapes import Sheet


def lesson_page(order: Order, trail: Sequence[tuple[str, str]] = ()) -> tuple[bytes, Sheet]:
    """The lesson as a page of its own, and what it is made of; `trail` are links that lead from it.

    In the teacher's edition, which has the keys anyway, the questions can be tried with a score, where scripts run. The
    student's has no key, so nothing there could mark an answer.
    """
    quiz = quiz_of(order.lesson, order.audience, order.about, order.image)
    asked = dict(enumerate(quiz.items, 1))
    more: dict[str, object] = {}
    if asked:
        code = script("asked.js") + script("quiz.js") + script("try.js")
        more |= {
            "forms": {number: html_of(form(item, number)) for number, item in asked.items()},
            "asked": in_script([_told_with_key(item, number) for number, item in asked.items()]),
            "script": code,
            "runs": digest(code),
        }
    return page("lesson.html", quiz.sheet, trail=trail, has_contents=True, **more), quiz.sheet


def _told_with_key(item: Item, number: int) -> dict[str, Any]:
    """The question as the script marks it, which says the key before all else where no person marks it."""
    about = told(item, number)
    key = [] if isinstance(item.asked, Write) else [f"Key: {'; '.join(item.asked.in_words)}"]
    return {**about, "told": [*key, *about["told"]]}
