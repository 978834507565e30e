"""A lesson as Markdown for an author: every text on a line of its own, in the order of the lesson."""

from __future__ import annotations

from collections.abc import Iterator

from lessongen.generation.editable.text import bearing, escaped, note
from lessongen.lesson.model import Activity, Block, Check, Example, Lesson, Prose, Question, Statement

_HELP = """\
<!-- Change what you like; each sentence stands on a line of its own. What you change or add bears your name. -->
<!-- The notes in braces say what a text stands on; lines that you write need none. -->
<!-- An unchanged file changes nothing. A line like this one is no part of the lesson. -->"""


def as_markdown(lesson: Lesson, version: str) -> str:
    """The lesson as Markdown; `read.Reading` takes all but sources and provenance back."""
    return "\n".join([f"<!-- version {version} -->", _HELP, "", *_lines(lesson)]) + "\n"


def _lines(lesson: Lesson) -> Iterator[str]:
    yield f"# {escaped(lesson.title)}"
    yield from ("", "## Summary", "", _said(lesson.summary))
    yield from ("", "## Objectives", "")
    for goal in lesson.objectives:
        yield f"- {goal.bloom}: {escaped(goal.text)}{note([goal.id])}"
    yield from ("", "## What helps to know already", "")
    yield from (f"- {escaped(each)}" for each in lesson.prior_knowledge)
    yield from ("", "## Key terms", "")
    for term in lesson.key_terms:
        yield f"- {escaped(term.term)}"
        yield f"= {_said(term.definition)}"
    yield from ("", "## Often mixed up", "")
    for mixed_up in lesson.misconceptions:
        yield f"- {escaped(mixed_up.belief)}"
        yield f"= {_said(mixed_up.correction)}"
    for section in lesson.sections:
        words = [section.id, section.kind, str(section.minutes), "min", *section.objectives]
        yield from ("", f"## Section: {escaped(section.title)}{note(words)}")
        for block in section.blocks:
            yield ""
            yield from _block(block)
    yield from ("", "## Questions")
    for question in lesson.questions:
        yield ""
        yield from _question(question)


def _said(statement: Statement) -> str:
    return f"{escaped(statement.text)}{note(bearing(statement))}"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Prose):
        yield from (_said(each) for each in block.sentences)
    elif isinstance(block, Activity):
        yield f":: activity {block.grouping}"
        yield from (f"{number}. {escaped(step)}" for number, step in enumerate(block.steps, 1))
        yield f"= {escaped(block.product)}"
    elif isinstance(block, Example):
        yield f":: example{note(bearing(block))}"
        yield f"? {escaped(block.problem)}"
        yield from (f"{number}. {_said(step)}" for number, step in enumerate(block.steps, 1))
        yield f"= {escaped(block.answer)}"
    elif isinstance(block, Check):
        yield f":: question{note([block.question])}"


def _question(question: Question) -> Iterator[str]:
    words = [question.id, question.kind, question.objective, question.bloom]
    yield f"### Question{note(words)}{note(bearing(question))}"
    yield f"? {escaped(question.stem)}"
    yield from (f"{opening}{escaped(text)}" for opening, text in question.lines())
    yield f"term: {escaped(question.term)}"
    yield f"feedback: {_said(question.feedback)}"
