"""PDF: the lesson's page as it prints, tagged, with its fonts in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format
from lessongen.exporters.formats import html
from lessongen.exporters.printing import printed, require_layout
from lessongen.system.paper import A4, Paper

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


def export(
    lesson: Lesson, *, audience: Audience, about: Mapping[str, Any], image: str = "", paper: Paper = A4
) -> bytes:
    """The page of `html` on paper. Raises `ConfigurationError` where this machine can't lay out PDF."""
    return printed(html.export(lesson, audience=audience, about=about, image=image), paper)


FORMAT = Format(
    name="pdf",
    ending="pdf",
    media_type="application/pdf",
    export=export,
    holds_image=True,
    prints=True,
    is_binary=True,
    extra="pdf",
    libraries=("weasyprint",),
    needs_more=require_layout,
    asked_by=("pdf",),
    place=7,
)
