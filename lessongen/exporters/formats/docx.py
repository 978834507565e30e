"""Word: the teacher's plan, or the student's sheet to write on, in Word's own styles, lists, tables and footnotes."""

from __future__ import annotations

from lessongen.exporters import Format, Order


def export(order: Order) -> bytes:
    """The lesson as a Word document; a teacher's has each key after its question."""
    from lessongen.exporters.document import Document
    from lessongen.exporters.page import is_right_to_left
    from lessongen.exporters.sheet import lay_out

    sheet = lay_out(order.lesson, order.audience, order.about, order.image)
    is_rtl = is_right_to_left(sheet.language)
    return Document(sheet, is_rtl=is_rtl, paper=order.paper, leave_out=order.leave_out).file(order.about)


FORMAT = Format(
    name="docx",
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    export=export,
    is_binary=True,
    extra="docx",
    libraries=("docx", "resvg_py"),
    about="docx is Word",
    place=5,
)
