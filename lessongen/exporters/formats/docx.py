"""Word: the teacher's plan, or the student's sheet to write on, in Word's own styles, lists, tables and footnotes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format
from lessongen.system.paper import A4, Paper

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


def export(
    lesson: Lesson,
    *,
    audience: Audience,
    about: Mapping[str, Any],
    image: str = "",
    paper: Paper = A4,
    leave_out: Callable[[str], None] = lambda told: None,
) -> bytes:
    """The lesson as a Word document; a teacher's has each key after its question."""
    from lessongen.exporters.document import Document
    from lessongen.exporters.page import is_right_to_left
    from lessongen.exporters.sheet import lay_out

    sheet = lay_out(lesson, audience, about, image)
    return Document(sheet, is_rtl=is_right_to_left(sheet.language), paper=paper, leave_out=leave_out).file(about)


FORMAT = Format(
    name="docx",
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    export=export,
    holds_image=True,
    prints=True,
    leaves_out=True,
    is_binary=True,
    extra="docx",
    libraries=("docx", "resvg_py"),
    about="docx is Word",
    place=5,
)
