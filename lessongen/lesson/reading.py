"""A stored lesson read: content of an older schema becomes that of today's, for ever; what is stored never changes.

Each schema has one step to the next. Nothing here loads the models until a lesson is asked for, so that what prints
the content as it is starts at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson
    from lessongen.lesson.questions.base import QuestionRole

Content: TypeAlias = dict[str, Any]

_ON_THE_WAY = frozenset({"engage", "explain", "model", "practice"})
_VOUCHED_FOR = frozenset({"computed", "author"})


def lesson_of_json(text: str) -> Lesson:
    """The lesson of a stored content. Raises `pydantic.ValidationError` for what no schema up to today's allows."""
    from lessongen.lesson.model import Lesson

    try:
        content = content_of_json(text)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Lesson.model_validate_json(text)  # which says what is wrong with it
    # As JSON: the strings of dates and the like are no Python values.
    return Lesson.model_validate_json(json.dumps(content))


def content_of_json(text: str) -> Content:
    """A stored content as JSON of today's schema. Raises what reading a broken one raises."""
    content: Content = json.loads(text)
    while (step := _STEPS.get(content["schema_version"])) is not None:
        content = step(content)
    return content


def role_of_place(kind: str | None) -> QuestionRole:
    """What role a question has that a section of this kind asks, or none: where nothing else says so."""
    if kind == "starter":
        return "starter"
    return "check" if kind in _ON_THE_WAY else "exit"


def with_roles(lesson: Lesson) -> Lesson:
    """The lesson with the role of each question read off the place where it is asked first."""
    asked = _asked_in((section.kind, section.blocks) for section in lesson.sections)
    questions = [
        question.model_copy(update={"role": role_of_place(asked.get(question.id))}) for question in lesson.questions
    ]
    return lesson.model_copy(update={"questions": questions})


def _asked_in(sections: Iterable[tuple[str, Iterable[Any]]]) -> dict[str, str]:
    """The kind of the section that asks each question, by the question's id."""
    found: dict[str, str] = {}
    for kind, blocks in sections:
        for block in blocks:
            name = block.get("question") if isinstance(block, Mapping) else getattr(block, "question", None)
            if isinstance(name, str):
                found.setdefault(name, kind)
    return found


# ---------------------------------------------------------------- from schema 1 to 2


_UNKNOWN_THEN: Content = {"judge": None, "exam": None, "exams": [], "background": False, "focus": None}


def _from_1(content: Content) -> Content:
    """Schema 1 knew no roles: what stood on nothing asked, instructed or led over; the rest were facts."""
    asked = _asked_in((section["kind"], section["blocks"]) for section in content["sections"])
    terms, beliefs = content["key_terms"], content["misconceptions"]
    return {
        **content,
        "schema_version": 2,
        "kind": "lesson",
        "outcome": "",
        "summary": _statement(content["summary"]),
        "image": None,
        "key_points": [],
        "key_terms": [{**each, "definition": _statement(each["definition"])} for each in terms],
        "misconceptions": [{**each, "tempting": "", "correction": _statement(each["correction"])} for each in beliefs],
        "materials": [],
        "safety": [],
        "sections": [_section(section) for section in content["sections"]],
        "questions": [_question(each, role_of_place(asked.get(each["id"]))) for each in content["questions"]],
        "provenance": {**content["provenance"], **_UNKNOWN_THEN},
    }


def _statement(statement: Content) -> Content:
    is_borne = statement["cites"] or statement["origin"] in _VOUCHED_FOR
    return {**statement, "role": "fact" if is_borne else "framing", "verdict": None}


def _section(section: Content) -> Content:
    return {**section, "cycle": None, "blocks": [_block(block) for block in section["blocks"]], "notes": []}


def _block(block: Content) -> Content:
    if block["kind"] == "prose":
        return {**block, "sentences": [_statement(each) for each in block["sentences"]]}
    if block["kind"] == "example":
        added: Content = {"verdict": None, "supposes": False, "drawing": None}
        return {**block, "steps": [_statement(each) for each in block["steps"]], **added}
    return block


def _question(question: Content, role: str) -> Content:
    added = {"role": role, "supposes": False, "why": [], "verdict": None, "drawing": None}
    return {**question, **added, "feedback": _statement(question["feedback"])}


_STEPS: Mapping[Any, Callable[[Content], Content]] = {1: _from_1}
