"""PDF of the worksheet: one page to write on, and for teachers its key on the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format
from lessongen.exporters.formats import worksheet
from lessongen.exporters.printing import printed, require_layout
from lessongen.system.paper import A4, Paper

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


def export(
    lesson: Lesson, *, audience: Audience, about: Mapping[str, Any], image: str = "", paper: Paper = A4
) -> bytes:
    """The page of `worksheet` on paper. Raises `ConfigurationError` where this machine can't lay out PDF."""
    return printed(worksheet.export(lesson, audience=audience, about=about, image=image, paper=paper), paper)


FORMAT = Format(
    name="worksheet-pdf",
    ending="pdf",
    media_type="application/pdf",
    export=export,
    holds_image=True,
    prints=True,
    is_binary=True,
    extra="pdf",
    libraries=("weasyprint",),
    needs_more=require_layout,
    place=8,
)
