"""A lesson as Markdown for an author: every text on a line of its own, in the order of the lesson."""

from __future__ import annotations

from collections.abc import Iterator

from lessongen.generation.editable.text import bearing, drawing_line, escaped, note, role_and_bearing
from lessongen.lesson import model
from lessongen.lesson.model import Lesson

_HELP = """\
<!-- Change what you like; each sentence stands on a line of its own. What you change or add bears your name. -->
<!-- The notes in braces say what a text stands on; lines that you write need none. -->
<!-- An unchanged file changes nothing. A line like this one is no part of the lesson. -->"""


def as_markdown(lesson: Lesson, version: str) -> str:
    """The lesson as Markdown; `read.Reading` takes all but sources and provenance back."""
    return "\n".join([f"<!-- version {version} -->", _HELP, "", *_lines(lesson)]) + "\n"


def _lines(lesson: Lesson) -> Iterator[str]:
    yield f"# {escaped(lesson.title)}"
    yield from ("", "## Outcome", "", *([escaped(lesson.outcome)] if lesson.outcome else []))
    yield from ("", "## Summary", "", _said(lesson.summary))
    yield from ("", "## Objectives", "")
    for goal in lesson.objectives:
        yield f"- {goal.bloom}: {escaped(goal.text)}{note([goal.id])}"
    yield from ("", "## What helps to know already", "")
    yield from (f"- {escaped(each)}" for each in lesson.prior_knowledge)
    yield from ("", "## Key points", "")
    yield from (f"- {_said(each)}" for each in lesson.key_points)
    yield from ("", "## Key terms", "")
    for term in lesson.key_terms:
        yield f"- {escaped(term.term)}"
        yield f"= {_said(term.definition)}"
    yield from ("", "## Often mixed up", "")
    for mixed_up in lesson.misconceptions:
        yield f"- {escaped(mixed_up.belief)}"
        if mixed_up.tempting:
            yield f"tempting: {escaped(mixed_up.tempting)}"
        yield f"= {_said(mixed_up.correction)}"
    for heading, items in (("Materials", lesson.materials), ("Safety", lesson.safety)):
        yield from ("", f"## {heading}", "")
        yield from (f"- {escaped(each)}" for each in items)
    for section in lesson.sections:
        yield ""
        yield from _section(section)
    yield from ("", "## Questions")
    for question in lesson.questions:
        yield ""
        yield from _question(question)


def _section(section: model.Section) -> Iterator[str]:
    cycle = [] if section.cycle is None else ["cycle", str(section.cycle)]
    words = [section.id, section.kind, *cycle, str(section.minutes), "min", *section.objectives]
    yield f"## Section: {escaped(section.title)}{note(words)}"
    for block in section.blocks:
        yield ""
        yield from _block(block)
    for said in section.notes:
        yield from ("", f":: note {_said(said)}")


def _said(statement: model.Statement) -> str:
    return f"{escaped(statement.text)}{note(role_and_bearing(statement))}"


def _block(block: model.Block) -> Iterator[str]:
    if isinstance(block, model.Prose):
        yield from (_said(each) for each in block.sentences)
    elif isinstance(block, model.Activity):
        yield f":: activity {block.grouping}"
        yield from (f"{number}. {escaped(step)}" for number, step in enumerate(block.steps, 1))
        yield f"= {escaped(block.product)}"
    elif isinstance(block, model.Example):
        yield f":: example{' supposes' if block.supposes else ''}{note(bearing(block))}"
        yield f"? {escaped(block.problem)}"
        yield from drawing_line(block.drawing)
        yield from (f"{number}. {_said(step)}" for number, step in enumerate(block.steps, 1))
        yield f"= {escaped(block.answer)}"
    elif isinstance(block, model.Analogy):
        yield ":: analogy"
        yield from (f"{opening}: {_said(said)}" for opening, said in _of_analogy(block))
    elif isinstance(block, model.Table | model.Timeline):
        yield from _listing(block)
    elif isinstance(block, model.Figure):
        yield f":: figure{note(bearing(block))}"
        yield f"title: {escaped(block.title)}"
        yield f"alternative: {escaped(block.alternative)}"
        yield f"svg: {escaped(block.svg)}"
        yield from drawing_line(block.drawing)
    elif isinstance(block, model.Task):
        yield from _task(block)
    elif isinstance(block, model.Check):
        yield f":: question{note([block.question])}"


def _of_analogy(block: model.Analogy) -> Iterator[tuple[str, model.Statement]]:
    yield from (("text", block.text), ("statement", block.statement), ("ends", block.ends))


def _listing(block: model.Table | model.Timeline) -> Iterator[str]:
    yield f":: {block.kind}"
    yield f"title: {escaped(block.title)}"
    if isinstance(block, model.Timeline):
        for entry in block.entries:
            yield f"when: {escaped(entry.when)}{note(bearing(entry))}"
            yield f"what: {escaped(entry.what)}"
        return
    yield from (f"heading: {escaped(each)}" for each in block.headings)
    for row in block.rows:
        yield f"row: {escaped(row.cells[0])}{note(bearing(row))}"
        yield from (f"- {escaped(cell)}" for cell in row.cells[1:])


def _task(block: model.Task) -> Iterator[str]:
    yield f":: task{' supposes' if block.supposes else ''}{note(bearing(block))}"
    yield f"? {escaped(block.prompt)}"
    if block.answer is not None:
        yield f"= {escaped(block.answer)}"
    yield from (f"- {escaped(each)}" for each in block.criteria)
    for name, text in (("support", block.support), ("stretch", block.stretch)):
        if text is not None:
            yield f"{name}: {escaped(text)}"


def _question(question: model.Question) -> Iterator[str]:
    words = [question.id, question.kind, question.objective, question.bloom, question.role]
    words += ["supposes"] if question.supposes else []
    yield f"### Question{note(words)}{note(bearing(question))}"
    yield f"? {escaped(question.stem)}"
    yield from drawing_line(question.drawing)
    yield from (f"{opening}{escaped(text)}" for opening, text in question.lines())
    yield f"term: {escaped(question.term)}"
    yield f"feedback: {_said(question.feedback)}"
    for why in question.why:
        yield f"why not: {escaped(why.option)}"
        yield f"because: {_said(why.reason)}"
