"""Texts of a lesson as lines that say what they are: no fact of the source, prior knowledge, signed by whom."""

from __future__ import annotations

from lessongen.exporters.shapes import ROLE_LABELS, Line, Note
from lessongen.lesson.claims import Borne
from lessongen.lesson.model import Example, Question, Role, Statement, Task
from lessongen.system.printable import printable


def line_of(text: str, borne: Borne, notes: tuple[Note, ...]) -> Line:
    """A text as a line that says what it is, where it is no fact of a source, and who signs it."""
    role = borne.role if isinstance(borne, Statement) else _role_of_answer(borne)
    return Line(text=printable(text), notes=notes, by=signed(borne), role=role, label=ROLE_LABELS.get(role))


def _role_of_answer(borne: Borne) -> Role:
    """A written answer in sentences, or to an invented case, reasons from what it cites."""
    is_asked = isinstance(borne, Question) and (borne.kind in ("short", "open") or borne.supposes)
    is_reasoned = is_asked or isinstance(borne, Task | Example)
    return "inference" if is_reasoned and borne.origin == "written" and borne.cites else "fact"


def is_prior_knowledge(question: Question) -> bool:
    """Whether its answer is what students bring along, so that no source bears it."""
    return question.role == "starter" and not question.cites and question.origin != "computed"


def labelled(statement: Statement) -> str:
    """A statement's text, with what says so where it is no fact of a source."""
    label = ROLE_LABELS.get(statement.role)
    return printable(statement.text) + (f" [{label}]" if label else "")


def signed(part: Borne) -> str | None:
    """Who or what stands behind a sentence that is not a source's own."""
    if part.origin == "computed":
        return "computed"  # by what, the colophon says
    if part.origin == "author":
        return printable(part.by or "the author")
    return None
