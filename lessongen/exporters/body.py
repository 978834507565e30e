"""The body of a sheet: the student's edition as lines and blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from string import ascii_uppercase

from lessongen.exporters.drawing import drawn
from lessongen.exporters.marks import Marks
from lessongen.exporters.shapes import (
    ROLE_LABELS,
    Block,
    Comparison,
    Dates,
    Drawing,
    Grid,
    Line,
    Paragraph,
    Phase,
    Practice,
    QuestionGroup,
    SheetQuestion,
    Task,
    WorkedExample,
)
from lessongen.lesson import model
from lessongen.lesson.edition import StudentLesson, StudentQuestion
from lessongen.lesson.model import Statement
from lessongen.lesson.questions import KINDS
from lessongen.lesson.questions.base import Question
from lessongen.system.printable import printable

Borne = Statement | Question | model.Example | model.Row | model.Entry | model.Figure | model.Task
"""What has cites and an origin."""

_FURTHER = "Further questions"
_GROUPINGS = {"alone": "Alone", "pairs": "In pairs", "groups": "In groups", "class": "With the class"}


class Body:
    """Turns the student's edition into lines and blocks; made once a lesson, asked in the order of reading."""

    def __init__(self, view: StudentLesson, marks: Marks) -> None:
        self._view = view
        self._marks = marks
        self._questions = {each.id: _asked(number, each) for number, each in enumerate(view.questions, 1)}
        placed = [(section.kind, block) for section in view.sections for block in section.blocks]
        self._placed = {block.question for _, block in placed if isinstance(block, model.Check)}
        self._figures = self._tasks = 0

    def line(self, statement: Statement) -> Line:
        """A statement with its marks."""
        return self._line(statement.text, statement)

    def _line(self, text: str, borne: Borne) -> Line:
        is_quote = borne.origin == "quoted" and isinstance(borne, Statement | model.Example)
        notes = self._marks.sources(borne.cites) if is_quote else self._marks.passages(borne.cites)
        return line_of(text, borne, notes)

    def phases(self) -> Iterable[Phase]:
        """The sections in order."""
        for number, section in enumerate(self._view.sections, 1):
            yield Phase(
                number=number,
                title=printable(section.title),
                kind=section.kind,
                minutes=section.minutes,
                cycle=section.cycle,
                blocks=tuple(self._block(block) for block in section.blocks),
            )

    def starters(self) -> tuple[SheetQuestion, ...]:
        """What is asked before the first section, because none asks it."""
        return tuple(each for each in self._not_placed() if each.role == "starter")

    def closing(self) -> Iterable[QuestionGroup]:
        """What is asked after the last section, because none asks it, by role."""
        asks_exit = any(self._questions[each].role == "exit" for each in self._placed)
        titles = {"check": _FURTHER, "exit": _FURTHER if asks_exit else "Exit quiz", "homework": "Homework"}
        for title in dict.fromkeys(titles.values()):
            questions = tuple(each for each in self._not_placed() if titles.get(each.role) == title)
            if questions:
                yield QuestionGroup(title=title, questions=questions)

    def _not_placed(self) -> list[SheetQuestion]:
        return [question for key, question in self._questions.items() if key not in self._placed]

    def _block(self, block: model.Block) -> Block:
        if isinstance(block, model.Prose):
            return Paragraph(lines=tuple(_with_notes_at_ends([self.line(each) for each in block.sentences])))
        if isinstance(block, model.Example):
            answer = self._line(block.answer, block)
            *steps, answer = _with_notes_at_ends([*(self.line(step) for step in block.steps), answer])
            return WorkedExample(problem=printable(block.problem), steps=tuple(steps), answer=answer)
        if isinstance(block, model.Activity):
            return Task(
                grouping=_GROUPINGS[block.grouping],
                steps=tuple(printable(step) for step in block.steps),
                product=printable(block.product),
            )
        if isinstance(block, model.Check):
            return self._questions[block.question]
        return self._taught(block)

    def _taught(self, block: model.Analogy | model.Table | model.Timeline | model.Figure | model.Task) -> Block:
        if isinstance(block, model.Analogy):
            text, statement, ends = (self.line(each) for each in (block.text, block.statement, block.ends))
            # The block says by itself what its role would be labelled with.
            return Comparison(text=replace(text, label=None), statement=statement, ends=replace(ends, label=None))
        if isinstance(block, model.Table):
            headings = tuple(map(printable, block.headings))
            return Grid(title=printable(block.title), headings=headings, rows=tuple(map(self._row, block.rows)))
        if isinstance(block, model.Timeline):
            entries = tuple((printable(each.when), self._line(each.what, each)) for each in block.entries)
            return Dates(title=printable(block.title), entries=entries)
        if isinstance(block, model.Figure):
            self._figures += 1
            alternative = self._line(block.alternative, block)
            svg = drawn(block.svg, self._figures, alternative.text)
            return Drawing(title=printable(block.title), alternative=alternative, svg=svg)
        self._tasks += 1
        return Practice(number=self._tasks, prompt=printable(block.prompt))

    def _row(self, row: model.Row) -> tuple[Line, ...]:
        *cells, last = row.cells
        return (*(Line(text=printable(cell)) for cell in cells), self._line(last, row))


def line_of(text: str, borne: Borne, notes: tuple[str, ...]) -> Line:
    """A text as a line that says what it is, where it is no fact of a source, and who signs it."""
    role = borne.role if isinstance(borne, Statement) else "fact"
    return Line(text=printable(text), notes=notes, by=signed(borne), role=role, label=ROLE_LABELS.get(role))


def labelled(statement: Statement) -> str:
    """A statement's text, with what says so where it is no fact of a source."""
    label = ROLE_LABELS.get(statement.role)
    return printable(statement.text) + (f" [{label}]" if label else "")


def signed(part: Borne) -> str | None:
    """Who or what stands behind a sentence that is not a source's own."""
    if part.origin == "computed":
        return f"computed by {printable(part.by or 'lessongen')}"
    if part.origin == "author":
        return printable(part.by or "the author")
    return None


def _with_notes_at_ends(lines: Sequence[Line]) -> Iterable[Line]:
    """The lines with one note at the end of each run that the same sources bear, or the same person or program.

    What is no fact of a source keeps what says so.
    """
    for line, following in zip_longest(lines, lines[1:]):
        goes_on = following is not None and (following.notes, following.by) == (line.notes, line.by)
        may_wait = goes_on and line.label is None and following.label is None
        yield replace(line, notes=(), by=None) if may_wait else line


def _asked(number: int, question: StudentQuestion) -> SheetQuestion:
    layout = KINDS[question.kind].layout(question.shown)
    return SheetQuestion(
        number=number,
        stem=printable(question.stem),
        role=question.role,
        lettered=tuple(zip(ascii_uppercase, map(printable, layout.lettered), strict=False)),
        numbered=tuple(map(printable, layout.numbered)),
        boxes=tuple(layout.boxes),
        lines_to_write=layout.lines_to_write,
    )
