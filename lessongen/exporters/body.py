"""The body of a sheet: the student's edition as lines and blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import cycle, groupby, zip_longest
from string import ascii_lowercase, ascii_uppercase

from lessongen.exporters.drawing import drawn, picture_of
from lessongen.exporters.key import Key
from lessongen.exporters.labels import of_asked
from lessongen.exporters.lines import line_of
from lessongen.exporters.marks import Marks
from lessongen.exporters.shapes import (
    Block,
    Comparison,
    Dates,
    Drawing,
    Grid,
    Line,
    Paragraph,
    Part,
    Phase,
    Picture,
    Practice,
    QuestionGroup,
    SheetQuestion,
    Step,
    Task,
    WorkedExample,
    worn,
)
from lessongen.lesson import model
from lessongen.lesson.claims import Borne
from lessongen.lesson.drawings.years import Moment, Years
from lessongen.lesson.edition import StudentLesson, StudentQuestion
from lessongen.lesson.model import Statement
from lessongen.lesson.questions import KINDS
from lessongen.system.printable import printable

_FURTHER = "Further questions"
_TEACHING = {
    **dict.fromkeys(("paragraph", "analogy"), "Say"),
    **dict.fromkeys(("example", "table", "timeline", "figure"), "Show"),
    "task": "Do",
    "question": "Ask",
    "practice": "Practise",
}
_YEAR = re.compile(r"(?:[Ii]n )?(?:AD )?(?P<year>[0-9]{1,4})(?: (?:(?P<before>BCE?)|AD|CE))?")
_MOST_YEARS = 12
_GROUPINGS = {"alone": "Alone", "pairs": "In pairs", "groups": "In groups", "class": "With the class"}


class Body:
    """Turns the student's edition into lines and blocks; made once a lesson, asked in the order of reading.

    With a key the blocks hold what is for teachers as well.
    """

    def __init__(self, view: StudentLesson, marks: Marks, key: Key | None) -> None:
        self._view = view
        self._marks = marks
        self._key = key
        self._questions = {each.id: _asked(number, each) for number, each in enumerate(view.questions, 1)}
        self._placed = {
            block.question for section in view.sections for block in section.blocks if isinstance(block, model.Check)
        }
        self._figures = self._tasks = 0

    def line(self, statement: Statement) -> Line:
        """A statement with its marks."""
        return self._line(statement.text, statement)

    def _line(self, text: str, borne: Borne) -> Line:
        return line_of(text, borne, self._marks.of_student(borne.cites, text))

    def phases(self) -> Iterable[Phase]:
        """The sections in order."""
        begins = 0
        for number, section in enumerate(self._view.sections, 1):
            notes = self._key.notes(number) if self._key else ()
            yield Phase(
                number=number,
                title=printable(section.title),
                kind=section.kind,
                begins=begins,
                minutes=section.minutes,
                cycle=section.cycle,
                notes=notes,
                steps=tuple(self._steps(number, section)),
            )
            begins += section.minutes

    def _steps(self, number: int, section: model.Section) -> Iterable[Step]:
        blocks = tuple(self._blocks(number, section))
        if not self._key:
            yield Step(label="", blocks=blocks)
            return
        for label, run in groupby(blocks, key=_what_to_do):
            yield Step(label=label, blocks=tuple(run))

    def _blocks(self, number: int, section: model.Section) -> Iterable[Block]:
        """The blocks, tasks that follow each other as the parts of one."""
        for is_task, run in groupby(enumerate(section.blocks), key=lambda each: isinstance(each[1], model.Task)):
            if is_task:
                tasks = [(place, block) for place, block in run if isinstance(block, model.Task)]
                letters = ascii_lowercase if len(tasks) > 1 else [""]
                self._tasks += 1
                yield Practice(
                    number=self._tasks,
                    role="homework" if section.kind == "exit" else "check",
                    parts=tuple(
                        Part(
                            letter=letter,
                            prompt=_asking(task.prompt, task.origin, task.supposes),
                            solution=self._key.solution(number, place) if self._key else None,
                        )
                        for letter, (place, task) in zip(cycle(letters), tasks, strict=False)
                    ),
                )
            else:
                yield from (self._block(block) for _, block in run)

    def starters(self) -> tuple[SheetQuestion, ...]:
        """What is asked before the first section, because none asks it."""
        return tuple(self._with_key(each) for each in self._not_placed() if each.role == "starter")

    def closing(self) -> Iterable[QuestionGroup]:
        """What is asked after the last section, because none asks it, by role."""
        asks_exit = any(self._questions[each].role == "exit" for each in self._placed)
        titles = {"check": _FURTHER, "exit": _FURTHER if asks_exit else "Exit quiz", "homework": "Homework"}
        for title in dict.fromkeys(titles.values()):
            questions = [each for each in self._not_placed() if titles.get(each.role) == title]
            if questions:
                yield QuestionGroup(title=title, questions=tuple(map(self._with_key, questions)))

    def _not_placed(self) -> list[SheetQuestion]:
        return [question for key, question in self._questions.items() if key not in self._placed]

    def _with_key(self, asked: SheetQuestion) -> SheetQuestion:
        return replace(asked, key=self._key.entry(asked.number)) if self._key else asked

    def _block(self, block: model.Block) -> Block:
        if isinstance(block, model.Prose):
            return Paragraph(lines=tuple(_signed_at_ends([self.line(each) for each in block.sentences])))
        if isinstance(block, model.Example):
            told = [*(self.line(step) for step in block.steps), self._line(block.answer, block)]
            *steps, answer = _signed_at_ends(told)
            return WorkedExample(
                problem=_asking(block.problem, block.origin, block.supposes),
                steps=tuple(steps),
                answer=answer,
                picture=picture_of(block.drawing),
            )
        if isinstance(block, model.Activity):
            return Task(
                grouping=_GROUPINGS[block.grouping],
                steps=tuple(printable(step) for step in block.steps),
                product=printable(block.product),
            )
        if isinstance(block, model.Check):
            return self._with_key(self._questions[block.question])
        return self._taught(block)

    def _taught(self, block: model.Block) -> Block:
        if isinstance(block, model.Analogy):
            text, statement, ends = (self.line(each) for each in (block.text, block.statement, block.ends))
            # The block says by itself what its role would be labelled with.
            return Comparison(text=replace(text, label=None), statement=statement, ends=replace(ends, label=None))
        if isinstance(block, model.Table):
            headings = tuple(map(printable, block.headings))
            return Grid(title=printable(block.title), headings=headings, rows=tuple(map(self._row, block.rows)))
        if isinstance(block, model.Timeline):
            entries = tuple((printable(each.when), self._line(each.what, each)) for each in block.entries)
            return Dates(title=printable(block.title), entries=entries, picture=picture_of(years_of(block.entries)))
        assert isinstance(block, model.Figure)  # noqa: S101 - the last kind that is left
        self._figures += 1
        alternative = self._line(block.told, block)
        picture = picture_of(block.drawing) or Picture(
            alternative=alternative.text, svg=drawn(block.svg, self._figures, alternative.text)
        )
        return Drawing(title=printable(block.title), alternative=alternative, picture=picture)

    def _row(self, row: model.Row) -> tuple[Line, ...]:
        *cells, last = row.cells
        return (*(Line(text=printable(cell)) for cell in cells), self._line(last, row))


def years_of(entries: Sequence[model.Entry]) -> Years | None:
    """The line of time of a timeline; None where a time is no year, or all are one."""
    found = [_YEAR.fullmatch(each.when.strip()) for each in entries]
    years = [int(each["year"]) * (-1 if each["before"] else 1) for each in found if each]
    if len(years) < len(found) or len(years) > _MOST_YEARS:
        return None
    drawing = Years(moments=[Moment(year=year) for year in years])
    return None if any(drawing.faults()) else drawing


def _what_to_do(block: Block) -> str:
    """What a teacher does with a block."""
    is_homework = isinstance(block, Practice) and block.role == "homework"
    return "Set as homework" if is_homework else _TEACHING[block.kind]


def _signed_at_ends(lines: Sequence[Line]) -> Iterable[Line]:
    """The lines with the name of who vouches for them at the end of each run that no quote bears."""
    for line, following in zip_longest(lines, lines[1:]):
        goes_on = following is not None and following.by == line.by and not (following.notes or following.label)
        may_wait = goes_on and not (line.notes or line.label)
        yield replace(line, by=None) if may_wait else line


def stem_of(question: StudentQuestion | model.Question) -> str:
    """A stem, with what says so where it states something of its own before it asks."""
    return _asking(question.stem, question.origin, question.supposes, is_starter=question.role == "starter")


def _asking(text: str, origin: model.Origin, supposes: bool, *, is_starter: bool = False) -> str:
    return worn(printable(text), of_asked(text, origin=origin, supposes=supposes, is_starter=is_starter))


def _asked(number: int, question: StudentQuestion) -> SheetQuestion:
    layout = KINDS[question.kind].layout(question.shown)
    return SheetQuestion(
        number=number,
        stem=stem_of(question),
        role=question.role,
        picture=picture_of(question.drawing),
        lettered=tuple(zip(ascii_uppercase, map(printable, layout.lettered), strict=False)),
        numbered=tuple(map(printable, layout.numbered)),
        boxes=tuple(layout.boxes),
        lines_to_write=layout.lines_to_write,
    )
