"""What a lesson claims, and the quotes that each claim stands on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lessongen.lesson.model import (
    Example,
    Lesson,
    Prose,
    Question,
    Quote,
    Section,
    Source,
    Statement,
)
from lessongen.lesson.parts import question_numbers

Borne = Statement | Question | Example
"""What has cites and an origin."""

GAP = "_____"


def cites(lesson: Lesson) -> list[dict[str, Any]]:
    """Each claim of a lesson beside the quotes that bear it, in the order of the lesson.

    A claim is a statement, or a question with its answer. Each is
    `{"claim", "where": […], "origin", "by", "quotes": [{"id", "text", "section", "source", "url", "revision",
    "licence", "attribution"}], "reasoning": […]}`; one that stands in several places is listed once, with all of them.
    A computed answer has no quotes, but the steps that lead to it as its reasoning.
    """
    quotes = {quote.id: _quote(quote, source) for source in lesson.sources for quote in source.quotes}
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for where, text, borne in _claims(lesson):
        borne_by = [quotes[cite] for cite in borne.cites if cite in quotes]
        claim = {
            "claim": text,
            "where": [],
            "origin": borne.origin,
            "by": borne.by,
            "quotes": borne_by,
            "reasoning": _reasoning(borne),
        }
        kept = found.setdefault((text, borne.origin, *borne.cites), claim)
        if where not in kept["where"]:
            kept["where"].append(where)
    return list(found.values())


def _reasoning(borne: Borne) -> list[str]:
    """The steps that lead to a computed answer: of a worked example, or in the feedback of a question."""
    if borne.origin != "computed":
        return []
    if isinstance(borne, Example):
        return [step.text for step in borne.steps]
    return [] if isinstance(borne, Statement) else [borne.feedback.text]


def _claims(lesson: Lesson) -> Iterator[tuple[str, str, Borne]]:
    """Where each claim stands, what it says, and the part of the lesson that has its cites and origin."""
    yield "summary", lesson.summary.text, lesson.summary
    for term in lesson.key_terms:
        yield f"key term “{term.term}”", term.definition.text, term.definition
    for each in lesson.misconceptions:
        yield "misconception", each.correction.text, each.correction
    for number, section in enumerate(lesson.sections, 1):
        yield from _of_section(f"section {number}, “{section.title}”", section)
    numbers = question_numbers(lesson)
    for question in sorted(lesson.questions, key=lambda question: numbers[question.id]):
        where = f"question {numbers[question.id]}"
        yield where, _answered(question), question
        if question.origin != "computed":
            yield f"{where}, feedback", question.feedback.text, question.feedback


def _of_section(where: str, section: Section) -> Iterator[tuple[str, str, Borne]]:
    for block in section.blocks:
        if isinstance(block, Prose):
            yield from ((where, sentence.text, sentence) for sentence in block.sentences)
        elif isinstance(block, Example):
            if block.origin != "computed":
                yield from ((where, step.text, step) for step in block.steps)
            yield where, f"{block.problem} {block.answer}", block


def _answered(question: Question) -> str:
    """The question with its answer: in its gap if it has one."""
    answer = question.answer_text
    if GAP in question.stem:
        return question.stem.replace(GAP, f"[{answer}]")
    return f"{question.stem} – {answer}"  # noqa: RUF001


def _quote(quote: Quote, source: Source) -> dict[str, Any]:
    return {
        "id": quote.id,
        "text": quote.text,
        "section": quote.section,
        "source": source.title,
        "url": source.url,
        "revision": source.revision,
        "licence": source.licence,
        "attribution": source.attribution,
    }
