"""Answering a lesson's questions: what a student is shown, and whether an answer is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lessongen.exporters.body import stem_of
from lessongen.exporters.drawing import picture_of
from lessongen.exporters.labels import is_prior_knowledge, of_answer
from lessongen.exporters.lines import labelled
from lessongen.exporters.shapes import WHEN, Picture
from lessongen.lesson.model import Lesson, Question
from lessongen.lesson.parts import question_numbers
from lessongen.lesson.questions.base import Form
from lessongen.system.printable import printable
from lessongen.text.passages import GAP

Given = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of an answer: `is_right` is None where a person compares it with the model answer.

    `answer` and `feedback` are empty where there is nothing to say, or the quotes say it. `label` says of the answer
    that it is no fact of the source.
    """

    is_right: bool | None
    answer: str
    label: str
    feedback: str
    quotes: Sequence[Mapping[str, str]]


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
    cited = [quotes[cite] for cite in question.cites if cite in quotes]
    # What is likely to be answered from what students bring along, and how to lead on, is written for teachers.
    is_open = question.kind == "open" and is_prior_knowledge(question)
    said = {quote["text"] for quote in cited}
    answer = "" if is_open or question.told_answer in said else printable(question.told_answer)
    feedback = question.feedback.text
    return Verdict(
        is_right=question.judge(given),
        answer=answer,
        label="" if is_open else of_answer(question) or "",
        feedback="" if is_open or feedback in {question.told_answer, *said} else labelled(question.feedback),
        quotes=cited,
    )
