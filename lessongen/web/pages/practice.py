"""Answering a lesson's questions: what a student is shown, and whether an answer is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lessongen.lesson.claims import GAP
from lessongen.lesson.edition import question_numbers
from lessongen.lesson.questions import question_of
from lessongen.lesson.questions.base import Form

Content = Mapping[str, Any]
Given = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of an answer: `is_right` is None where a person compares it with the model answer."""

    is_right: bool | None
    answer: str
    feedback: str
    quotes: Sequence[Mapping[str, str]]

    @property
    def words(self) -> list[str]:
        """What is said beside the quotes, nothing of it twice."""
        quoted = {quote["text"] for quote in self.quotes}
        said = [self.feedback] if self.is_right else [self.answer, self.feedback]
        return [text for text in dict.fromkeys(said) if text and text not in quoted]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as a student meets it, with the form that it is answered in."""

    number: int
    stem: Sequence[str]
    form: Form
    given: Given = field(default_factory=dict)
    verdict: Verdict | None = None


def questions(content: Content, answered: int | None = None, given: Given | None = None) -> list[Asked]:
    """The lesson's questions in their order; that of the number `answered` with its verdict."""
    numbers = question_numbers(content)
    in_order = sorted(content["questions"], key=lambda question: numbers[question["id"]])
    return [
        _asked(number, question, content, given if number == answered else None)
        for number, question in enumerate(in_order, 1)
    ]


def _asked(number: int, question: Content, content: Content, given: Given | None) -> Asked:
    form = question_of(question).form()
    return Asked(
        number=number,
        stem=question["stem"].split(GAP),
        form=form,
        given=given or {},
        verdict=_verdict(question, content, given) if given is not None else None,
    )


def _verdict(question: Content, content: Content, given: Given) -> Verdict:
    quotes = {
        quote["id"]: {"text": quote["text"], "source": source["title"], "url": source["url"] or ""}
        for source in content["sources"]
        for quote in source["quotes"]
    }
    asked = question_of(question)
    return Verdict(
        is_right=asked.judge(given),
        answer=asked.answer_text,
        feedback=question["feedback"]["text"],
        quotes=[quotes[cite] for cite in question["cites"] if cite in quotes],
    )
