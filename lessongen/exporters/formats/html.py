"""HTML: one file for screen and paper, that asks nothing of the network; in the teacher's, questions can be tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


def export(
    lesson: Lesson,
    *,
    audience: Audience,
    about: Mapping[str, Any],
    image: str = "",
    leave_out: Callable[[str], None] = lambda told: None,
) -> bytes:
    """The lesson as a page; a teacher's answer key prints on a page of its own."""
    from lessongen.exporters.lesson_page import lesson_page
    from lessongen.exporters.page import not_shown

    made, sheet = lesson_page(lesson, audience, about, image)
    for told in not_shown(sheet):
        leave_out(told)
    return made


FORMAT = Format(
    name="html",
    media_type="text/html; charset=utf-8",
    export=export,
    holds_image=True,
    leaves_out=True,
    asked_by=("html", "htm"),
    place=3,
)
