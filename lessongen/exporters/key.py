"""What the teacher's edition has beyond the student's: the answer key, and what is said and done in each section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from lessongen.exporters.body import labelled, line_of, signed
from lessongen.exporters.marks import Marks
from lessongen.exporters.shapes import Guide, KeyEntry, Line, Passage, Phase, Solution
from lessongen.lesson.edition import sources_in_order
from lessongen.lesson.model import Check, Section, Statement, Task
from lessongen.lesson.parts import question_numbers
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson
    from lessongen.lesson.questions.base import Question


class Key:
    """Makes what is for teachers; its numbers and letters are those of the student's edition."""

    def __init__(self, lesson: Lesson, marks: Marks, about: Mapping[str, Any]) -> None:
        self._lesson = lesson
        self._marks = marks
        self._approvals = about.get("approvals", ())
        self._numbers = question_numbers(lesson)
        self._questions = {question.id: question for question in lesson.questions}
        self._tasks = 0
        self._passages = {
            quoted.id: Passage(text=printable(quoted.text), note=str(number), heading=printable(quoted.section))
            for number, source in enumerate(sources_in_order(lesson), 1)
            for quoted in source.quotes
        }

    def entries(self) -> Iterable[KeyEntry]:
        """One for each question, by number."""
        for question in sorted(self._lesson.questions, key=lambda question: self._numbers[question.id]):
            passages = tuple(self._passages[cite] for cite in question.cites)
            feedback = printable(question.feedback.text)
            is_news = feedback not in {passage.text for passage in passages} | {printable(str(question.answer))}
            yield KeyEntry(
                number=self._numbers[question.id],
                answer=printable(question.key_text),
                feedback=labelled(question.feedback) if is_news else None,
                passages=passages,
                by=signed(question),
                reviews=tuple(self._reviews(f"q{self._numbers[question.id]}")),
                wrong=tuple((_as_listed(question, each.option), self._line(each.reason)) for each in question.why),
            )

    def guided(self, phases: Iterable[Phase]) -> tuple[Phase, ...]:
        """The phases, each with what its section tells the teacher."""
        sections = zip(phases, self._lesson.sections, strict=True)
        return tuple(replace(phase, guide=self._guide(section)) for phase, section in sections)

    def _guide(self, section: Section) -> Guide | None:
        tasks = [block for block in section.blocks if isinstance(block, Task)]
        if not (tasks or section.notes):
            return None
        asked = [block.question for block in section.blocks if isinstance(block, Check)]
        return Guide(
            notes=tuple(map(self._line, section.notes)),
            solutions=tuple(map(self._solution, tasks)),
            answers=tuple((self._numbers[each], printable(self._questions[each].key_text)) for each in asked),
        )

    def _solution(self, task: Task) -> Solution:
        self._tasks += 1
        answer = None
        if task.answer:
            answer = line_of(task.answer, task, self._marks.passages_of_lesson(task.cites))
        return Solution(
            number=self._tasks,
            answer=answer,
            criteria=tuple(map(printable, task.criteria)),
            support=printable(task.support) if task.support else None,
            stretch=printable(task.stretch) if task.stretch else None,
        )

    def _line(self, statement: Statement) -> Line:
        return line_of(statement.text, statement, self._marks.passages_of_lesson(statement.cites))

    def _reviews(self, name: str) -> Iterable[str]:
        """What reviewers have marked at a question."""
        for approval in self._approvals:
            for mark in approval["marks"]:
                if mark["question"] == name:
                    verdict = {"ok": "approved", "reject": "rejected"}[mark["verdict"]]
                    note = f": {printable(mark['note'])}" if mark["note"] else ""
                    yield f"{verdict} by {printable(approval['reviewer'])}{note}"


def _as_listed(question: Question, option: str) -> str:
    """The option with its letter in the student's edition."""
    listed = list(question.listed)
    letter = f"{ascii_uppercase[listed.index(option)]}. " if option in listed else ""
    return f"{letter}{printable(option)}"
