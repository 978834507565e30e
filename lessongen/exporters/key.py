"""What the teacher's edition has beyond the student's: keys, good answers, and notes for each section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from lessongen.exporters.labels import PRIOR_KNOWLEDGE, is_prior_knowledge, of_help, of_note
from lessongen.exporters.lines import line_of
from lessongen.exporters.marks import Marks
from lessongen.exporters.shapes import KeyEntry, Line, Solution, worn
from lessongen.lesson.model import Statement, Task
from lessongen.lesson.parts import question_numbers
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson
    from lessongen.lesson.questions.base import Question


class Key:
    """Makes what is for teachers, asked in the order of reading; its letters are those of the student's edition."""

    def __init__(self, lesson: Lesson, marks: Marks, about: Mapping[str, Any]) -> None:
        self._marks = marks
        self._approvals = about.get("approvals", ())
        self._sections = lesson.sections
        self._texts = {quote.id: printable(quote.text) for source in lesson.sources for quote in source.quotes}
        numbers = question_numbers(lesson)
        self._questions = {numbers[question.id]: question for question in lesson.questions}

    def entry(self, number: int) -> KeyEntry:
        """What a teacher knows of the question of that number."""
        question = self._questions[number]
        answer = line_of(question.key_text, question, self._marks.of(question.cites))
        if is_prior_knowledge(question):
            answer = replace(answer, label=PRIOR_KNOWLEDGE)
        told = {self._texts.get(cite) for cite in question.cites} | {printable(str(question.answer))}
        feedback = self.line(question.feedback) if printable(question.feedback.text) not in told else None
        if feedback is not None and feedback.by == answer.by:
            feedback = replace(feedback, by=None)  # said once of both
        return KeyEntry(
            answer=answer,
            feedback=feedback,
            reviews=tuple(self._reviews(f"q{number}")),
            wrong=tuple((_as_listed(question, each.option), self.line(each.reason)) for each in question.why),
        )

    def notes(self, section: int) -> tuple[Line, ...]:
        """What a teacher is told of the section of that number, from 1."""
        return tuple(replace(self.line(note), label=of_note(note)) for note in self._sections[section - 1].notes)

    def solution(self, section: int, block: int) -> Solution:
        """What a teacher knows of the task that stands there, sections counted from 1 and blocks from 0."""
        task = self._sections[section - 1].blocks[block]
        assert isinstance(task, Task)  # noqa: S101 - the student's edition has the same blocks
        return Solution(
            answer=line_of(task.answer, task, self._marks.of(task.cites, task.answer)) if task.answer else None,
            criteria=tuple(self._help(each, task) for each in task.criteria),
            support=self._help(task.support, task) if task.support else None,
            stretch=self._help(task.stretch, task) if task.stretch else None,
        )

    @staticmethod
    def _help(text: str, task: Task) -> str:
        return worn(printable(text), of_help(text, task))

    def line(self, statement: Statement) -> Line:
        """A statement with its marks."""
        return line_of(statement.text, statement, self._marks.of(statement.cites, statement.text))

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
    return f"{letter}{printable(option).rstrip('.')}"
