"""What a lesson claims, and the quotes that each claim stands on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lessongen.lesson import model
from lessongen.lesson.model import Lesson, Question, Statement
from lessongen.lesson.parts import question_numbers
from lessongen.text.passages import GAP

Borne = Statement | Question | model.Example | model.Row | model.Entry | model.Figure | model.Task
"""What has cites and an origin."""


def cites(lesson: Lesson) -> list[dict[str, Any]]:
    """Each claim of a lesson beside the quotes that bear it, in the order of the lesson.

    A claim is a statement, or a question with its answer. Each is
    `{"claim", "where": […], "role", "origin", "by", "quotes": [{"id", "text", "section", "source", "url", "revision",
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
            "role": _role(borne),
            "origin": borne.origin,
            "by": borne.by,
            "quotes": borne_by,
            "reasoning": _reasoning(borne),
        }
        kept = found.setdefault((text, borne.origin, *borne.cites), claim)
        if where not in kept["where"]:
            kept["where"].append(where)
    return list(found.values())


def _role(borne: Borne) -> model.Role:
    if isinstance(borne, Statement):
        return borne.role
    return "supposition" if isinstance(borne, Question | model.Task | model.Example) and borne.supposes else "fact"


def _reasoning(borne: Borne) -> list[str]:
    """The steps that lead to a computed answer: of a worked example, or in the feedback of a question."""
    if borne.origin != "computed":
        return []
    if isinstance(borne, model.Example):
        return [step.text for step in borne.steps]
    return [borne.feedback.text] if isinstance(borne, Question) else []


def _claims(lesson: Lesson) -> Iterator[tuple[str, str, Borne]]:
    """Where each claim stands, what it says, and the part of the lesson that has its cites and origin."""
    yield "summary", lesson.summary.text, lesson.summary
    for point in lesson.key_points:
        yield "key points", point.text, point
    for term in lesson.key_terms:
        yield f"key term “{term.term}”", term.definition.text, term.definition
    for each in lesson.misconceptions:
        yield "misconception", each.correction.text, each.correction
    for number, section in enumerate(lesson.sections, 1):
        yield from _of_section(f"section {number}, “{section.title}”", section)
    numbers = question_numbers(lesson)
    for question in sorted(lesson.questions, key=lambda question: numbers[question.id]):
        where = f"question {numbers[question.id]}"
        yield where, answered(question), question
        if question.origin != "computed":
            yield f"{where}, feedback", question.feedback.text, question.feedback
        for why in question.why:
            yield f"{where}, why not “{why.option}”", why.reason.text, why.reason


def _of_section(where: str, section: model.Section) -> Iterator[tuple[str, str, Borne]]:
    for block in section.blocks:
        if isinstance(block, model.Prose):
            yield from ((where, sentence.text, sentence) for sentence in block.sentences)
        elif isinstance(block, model.Example):
            if block.origin != "computed":
                yield from ((where, step.text, step) for step in block.steps)
            yield where, f"{block.problem} {block.answer}", block
        elif isinstance(block, model.Analogy):
            yield from ((where, each.text, each) for each in (block.text, block.statement, block.ends))
        elif isinstance(block, model.Table):
            yield from ((f"{where}, table", row_said(row), row) for row in block.rows)
        elif isinstance(block, model.Timeline):
            yield from ((f"{where}, timeline", entry_said(entry), entry) for entry in block.entries)
        elif isinstance(block, model.Figure):
            yield f"{where}, figure", block.told, block
        elif isinstance(block, model.Task) and block.answer is not None:
            yield f"{where}, task", f"{block.prompt} {block.answer}", block
    yield from ((f"{where}, note", note.text, note) for note in section.notes)


def row_said(row: model.Row) -> str:
    """A row of a table as one claim."""
    return f"{row.cells[0]}: {', '.join(row.cells[1:])}"


def entry_said(entry: model.Entry) -> str:
    """An entry of a timeline as one claim."""
    return f"{entry.when}: {entry.what}"


def answered(question: Question) -> str:
    """The question with its answer: in its gap if it has one."""
    answer = question.answer_text
    if GAP in question.stem:
        return question.stem.replace(GAP, f"[{answer}]")
    return f"{question.stem} – {answer}"  # noqa: RUF001


def _quote(quote: model.Quote, source: model.Source) -> dict[str, Any]:
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
