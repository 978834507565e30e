"""Word: the teacher's plan, or the student's sheet to write on, in Word's own styles, lists, tables and footnotes."""

from __future__ import annotations

from collections.abc import Iterable

from lessongen.exporters import Format, Order


def export(order: Order) -> bytes:
    """The lesson as a Word document; a teacher's has each key after its question."""
    from lessongen.exporters.document import Document, file_of, whose_edition
    from lessongen.exporters.packed import properties_of
    from lessongen.exporters.page import is_right_to_left
    from lessongen.exporters.sheet import lay_out
    from lessongen.exporters.word import Word

    sheet = lay_out(order.lesson, order.audience, order.about, order.image)
    made = Word(language=sheet.language, is_rtl=is_right_to_left(sheet.language), paper=order.paper)
    body = Document(sheet, made, leave_out=order.leave_out).body()
    told = properties_of(sheet, order.about)
    return file_of(made, body, told, whose=whose_edition(sheet), based_on=sheet.based_on)


def join(title: str, orders: Iterable[Order]) -> bytes:
    """The lessons as one document."""
    from lessongen.exporters.bound import bound_document

    return bound_document(title, orders)


FORMAT = Format(
    name="docx",
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    export=export,
    join=join,
    is_binary=True,
    extra="docx",
    libraries=("docx", "resvg_py"),
    about="docx is Word",
    place=5,
)
