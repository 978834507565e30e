"""Answering a lesson's questions: what a student is shown, and whether an answer is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lessongen.exporters.body import stem_of
from lessongen.exporters.drawing import picture_of
from lessongen.exporters.labels import of_answer
from lessongen.exporters.lines import labelled
from lessongen.exporters.shapes import WHEN, Picture
from lessongen.lesson.model import Lesson, Question
from lessongen.lesson.parts import question_numbers
from lessongen.lesson.questions.base import Form
from lessongen.text.passages import GAP

Given = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of an answer: `is_right` is None where a person compares it with the model answer."""

    is_right: bool | None
    answer: str
    aside: str
    feedback: str
    quotes: Sequence[Mapping[str, str]]

    @property
    def words(self) -> list[str]:
        """What is said beside the quotes, nothing of it twice."""
        quoted = {quote["text"] for quote in self.quotes}
        said = [self.feedback] if self.is_right else [self.answer, self.feedback]
        told = [text for text in dict.fromkeys(said) if text and text not in quoted]
        return [*told, f"({self.aside})"] if self.aside else told


@dataclass(frozen=True, kw_only=True)
class PracticeQuestion:
    """A question as a student meets it, with the form that it is answered in.

    `heading` says when it is asked, above the first of those that are asked then.
    """

    number: int
    heading: str
    stem: Sequence[str]
    form: Form
    picture: Picture | None = None
    given: Given = field(default_factory=dict)
    verdict: Verdict | None = None


def questions(lesson: Lesson, answered: int | None = None, given: Given | None = None) -> list[PracticeQuestion]:
    """The lesson's questions in their order; that of the number `answered` with its verdict."""
    numbers = question_numbers(lesson)
    in_order = sorted(lesson.questions, key=lambda question: numbers[question.id])
    says_when = any(question.role in ("starter", "homework") for question in in_order)
    return [
        _asked(
            number,
            question,
            lesson,
            given if number == answered else None,
            WHEN[question.role] if says_when and (before is None or before.role != question.role) else "",
        )
        for number, (before, question) in enumerate(pairwise([None, *in_order]), 1)
        if question is not None
    ]


def _asked(number: int, question: Question, lesson: Lesson, given: Given | None, heading: str) -> PracticeQuestion:
    return PracticeQuestion(
        number=number,
        heading=heading,
        stem=stem_of(question).split(GAP),
        picture=picture_of(question.drawing),
        form=question.form(),
        given=given or {},
        verdict=_verdict(question, lesson, given) if given is not None else None,
    )


def _verdict(question: Question, lesson: Lesson, given: Given) -> Verdict:
    quotes = {
        quote.id: {"text": quote.text, "source": source.title, "url": source.url or ""}
        for source in lesson.sources
        for quote in source.quotes
    }
    return Verdict(
        is_right=question.judge(given),
        answer=question.told_answer,
        aside=of_answer(question) or "",
        feedback=labelled(question.feedback),
        quotes=[quotes[cite] for cite in question.cites if cite in quotes],
    )
