"""HTML: one file for screen and paper, that asks nothing of the network; in the teacher's, questions can be tried."""

from __future__ import annotations

from collections.abc import Iterable

from lessongen.exporters import Format, Order


def export(order: Order) -> bytes:
    """The lesson as a page; a teacher's answer key prints on a page of its own."""
    from lessongen.exporters.lesson_page import lesson_page
    from lessongen.exporters.page import not_shown

    made, sheet = lesson_page(order)
    for told in not_shown(sheet):
        order.leave_out(told)
    return made


def join(title: str, orders: Iterable[Order]) -> bytes:
    """The lessons on one page, behind a list of them."""
    from lessongen.exporters.joined_page import joined_page

    return joined_page(title, map(export, orders), has_contents=True)


FORMAT = Format(
    name="html",
    media_type="text/html; charset=utf-8",
    export=export,
    join=join,
    asked_by=("html", "htm"),
    place=3,
)
