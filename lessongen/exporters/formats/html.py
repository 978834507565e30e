"""HTML: one file for screen and paper, that asks nothing of the network and runs no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


def export(lesson: Lesson, *, audience: Audience, about: Mapping[str, Any], image: str = "") -> bytes:
    """The lesson as a page; a teacher's answer key prints on a page of its own."""
    from lessongen.exporters.page import page
    from lessongen.exporters.sheet import lay_out

    return page("lesson.html", lay_out(lesson, audience, about, image))


FORMAT = Format(
    name="html",
    media_type="text/html; charset=utf-8",
    export=export,
    holds_image=True,
    asked_by=("html", "htm"),
    place=3,
)
