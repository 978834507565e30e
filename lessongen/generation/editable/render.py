"""A lesson's content as Markdown for an author: every text on a line of its own, in the order of the lesson."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lessongen.generation.editable.text import bearing, escaped, note
from lessongen.lesson.questions import question_of

Content = Mapping[str, Any]

_HELP = """\
<!-- Change what you like; each sentence stands on a line of its own. What you change or add bears your name. -->
<!-- The notes in braces say what a text stands on; lines that you write need none. -->
<!-- An unchanged file changes nothing. A line like this one is no part of the lesson. -->"""


def as_markdown(content: Content, version: str) -> str:
    """The content (JSON of the lesson schema) as Markdown; `read.Reading` takes all but sources and provenance back."""
    return "\n".join([f"<!-- version {version} -->", _HELP, "", *_lines(content)]) + "\n"


def _lines(content: Content) -> Iterator[str]:
    yield f"# {escaped(content['title'])}"
    yield from ("", "## Summary", "", _said(content["summary"]))
    yield from ("", "## Objectives", "")
    for each in content["objectives"]:
        yield f"- {each['bloom']}: {escaped(each['text'])}{note([each['id']])}"
    yield from ("", "## What helps to know already", "")
    yield from (f"- {escaped(each)}" for each in content["prior_knowledge"])
    yield from ("", "## Key terms", "")
    for each in content["key_terms"]:
        yield f"- {escaped(each['term'])}"
        yield f"= {_said(each['definition'])}"
    yield from ("", "## Often mixed up", "")
    for each in content["misconceptions"]:
        yield f"- {escaped(each['belief'])}"
        yield f"= {_said(each['correction'])}"
    for section in content["sections"]:
        words = [section["id"], section["kind"], str(section["minutes"]), "min", *section["objectives"]]
        yield from ("", f"## Section: {escaped(section['title'])}{note(words)}")
        for block in section["blocks"]:
            yield ""
            yield from _block(block)
    yield from ("", "## Questions")
    for question in content["questions"]:
        yield ""
        yield from _question(question)


def _said(statement: Content) -> str:
    return f"{escaped(statement['text'])}{note(bearing(dict(statement)))}"


def _block(block: Content) -> Iterator[str]:
    if block["kind"] == "prose":
        yield from (_said(each) for each in block["sentences"])
    elif block["kind"] == "activity":
        yield f":: activity {block['grouping']}"
        yield from (f"{number}. {escaped(step)}" for number, step in enumerate(block["steps"], 1))
        yield f"= {escaped(block['product'])}"
    elif block["kind"] == "example":
        yield f":: example{note(bearing(dict(block)))}"
        yield f"? {escaped(block['problem'])}"
        yield from (f"{number}. {_said(step)}" for number, step in enumerate(block["steps"], 1))
        yield f"= {escaped(block['answer'])}"
    else:
        yield f":: question{note([block['question']])}"


def _question(question: Content) -> Iterator[str]:
    words = [question["id"], question["kind"], question["objective"], question["bloom"]]
    yield f"### Question{note(words)}{note(bearing(dict(question)))}"
    yield f"? {escaped(question['stem'])}"
    yield from (f"{opening}{escaped(text)}" for opening, text in question_of(question).lines())
    yield f"term: {escaped(question['term'])}"
    yield f"feedback: {_said(question['feedback'])}"
