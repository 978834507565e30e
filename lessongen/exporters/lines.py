"""Texts of a lesson as lines that say what they are: no fact of the source, prior knowledge, signed by whom."""

from __future__ import annotations

from lessongen.exporters.labels import of_statement, role_of_answer
from lessongen.exporters.shapes import ROLE_LABELS, Line, Note, worn
from lessongen.lesson.claims import Borne
from lessongen.lesson.model import Statement
from lessongen.system.printable import printable


def line_of(text: str, borne: Borne, notes: tuple[Note, ...]) -> Line:
    """A text as a line that says what it is, where it is no fact of a source, and who signs it."""
    role = borne.role if isinstance(borne, Statement) else role_of_answer(borne)
    return Line(text=printable(text), notes=notes, by=signed(borne), role=role, label=ROLE_LABELS.get(role))


def labelled(statement: Statement) -> str:
    """A statement's text, with what says so where it is no fact of a source."""
    return worn(printable(statement.text), of_statement(statement))


def signed(part: Borne) -> str | None:
    """Who or what stands behind a sentence that is not a source's own."""
    if part.origin == "computed":
        return "computed"  # by what, the colophon says
    if part.origin == "author":
        return printable(part.by or "the author")
    return None
