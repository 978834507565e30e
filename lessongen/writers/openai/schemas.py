"""The shapes of a model's answers, as JSON Schemas of the strict kind; what each field must hold is said in them.

Arrays are bounded everywhere. Strings are only where the server is not OpenAI's own, which refuses `maxLength`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from lessongen.lesson.model import Bloom

Schema = Mapping[str, Any]

BLOOMS: Sequence[Bloom] = get_args(Bloom)
ROLES = ("fact", "inference", "gloss", "supposition", "framing")
GROUPINGS = ("alone", "pairs", "groups", "class")
KINDS = ("choice", "true_false", "cloze", "short", "open", "order", "match")
FLAWS = {
    "unclear": "it is unclear",
    "premise": "it takes something for granted that the lesson does not say",
    "needs": "the lesson does not give what it needs",
    "trivial": "it shows no understanding",
    "printed": "its answer stands on the page",
    "cue": "the answer can be found without the lesson",
    "again": "it repeats another",
    "disputed": "its key can be disputed",
    "flaw": "flawed",
}
"""What a blind reviewer looks for in each question besides its answer, and how a writer is told."""
_LONGEST = 600
_MOST_CITES = 8
_INTEGER = {"type": "integer"}
_BOOLEAN = {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Schemas:
    """Makes the schemas for one server."""

    has_lengths: bool

    def plan(self) -> Schema:
        """What the lesson is for, what it teaches in which cycles, and what has to be at hand."""
        cycle = _object(
            title=self._text,
            minutes=_INTEGER,
            objective=self._text,
            sentences=_array(_INTEGER, 60),
            concrete=self._text,
        )
        return self._named(
            title=self._text,
            outcome=self._said("opens with “I can”"),
            summary=self._statement,
            prior=_array(self._text, 5),
            hook=_array(self._statement, 5),
            starter=_array(_object(ask=self._text, listen=_array(self._text, 3), settled_by=self._cites), 2),
            notes=_array(self._statement, 5),
            key_points=_array(self._statement, 5),
            terms=_array(_object(term=self._text, definition=self._statement), 10),
            misconceptions=_array(_object(belief=self._text, tempts=self._text, correction=self._statement), 3),
            cycles=_array(cycle, 3),
            materials=_array(self._text, 12),
            safety=_array(self._text, 5),
        )

    def cycles(self, count: int) -> Schema:
        """All ideas of a lesson, in their order."""
        return self._named(cycles=_array(self._cycle, count))

    def cycle(self) -> Schema:
        """One idea: explained, shown, checked and practised."""
        return self._named(**self._cycle["properties"])

    @property
    def _cycle(self) -> dict[str, Any]:
        analogy = _object(after=_INTEGER, comparison=self._text, fact=self._statement, ends=self._text)
        example = _object(
            problem=self._text,
            steps=_array(self._statement, 8),
            answer=self._text,
            cites=self._cites,
            supposes=_BOOLEAN,
        )
        activity = _object(
            steps=_array(self._text, 6),
            grouping={"type": "string", "enum": list(GROUPINGS)},
            product=self._text,
        )
        show = _object(
            kind={"type": "string", "enum": ["table", "timeline", "none"]},
            title=self._text,
            headings=_array(self._text, 5),
            rows=_array(_object(cells=_array(self._text, 5), cites=self._cites), 8),
        )
        part = _object(
            prompt=self._text,
            answer=self._text,
            criteria=_array(self._text, 5),
            cites=self._cites,
            supposes=_BOOLEAN,
        )
        practice = _object(
            intro=self._statement,
            parts=_array(part, 3),
            **dict.fromkeys(("support", "stretch", "stretch_answer"), self._text),
            notes=_array(self._statement, 3),
        )
        return _object(
            explain=_array(self._statement, 30),
            analogy=_array(analogy, 1),
            example=_array(example, 1),
            show=show,
            activity=_array(activity, 1),
            notes=_array(self._statement, 5),
            checks=_array(self._question, 3),
            practice=practice,
        )

    def quizzes(self, count: int) -> Schema:
        """What is asked at the end, and what is taken home."""
        homework = _object(prompt=self._text, criteria=_array(self._text, 5))
        return _object(exit=_array(self._question, count), homework=homework)

    def questions(self, count: int) -> Schema:
        """So many questions, or a few more."""
        return _object(questions=_array(self._question, count + 2))

    def answers(self, count: int) -> Schema:
        """An answer and a reviewer's look for each question, by its number, and at the lesson as a whole."""
        answer = _object(
            question=_INTEGER,
            answer=self._text,
            defensible=_array(self._text, 6),
            wrong=_array(_object(option=self._text, believes=self._text), 6),
            answerable=_BOOLEAN,
            mistaken=self._text,
            settles=self._text,
            **dict.fromkeys(FLAWS, self._text),
        )
        return _object(
            answers=_array(answer, count),
            tasks=_array(_object(task=_INTEGER, needs=self._text), 12),
            lesson=_array(_object(text=self._text, wrong=self._text), 12),
        )

    def repair(self, sorts: Mapping[str, int]) -> Schema:
        """The parts as they are to be, by their numbers, questions twice; in the list of their sort, with so many."""
        shapes: Mapping[str, Mapping[str, Any]] = {
            "sentences": self._statement["properties"],
            "rows": {"cells": _array(self._text, 5), "cites": self._cites},
            "tasks": {
                **dict.fromkeys(("prompt", "answer"), self._text),
                "criteria": _array(self._text, 5),
                **dict.fromkeys(("support", "stretch"), self._text),
                "cites": self._cites,
                "supposes": _BOOLEAN,
            },
            "questions": self._question["properties"],
            "texts": {"text": self._text},
        }
        numbered = {"part": _INTEGER, "drop": _BOOLEAN}
        most = {sort: count * (2 if sort == "questions" else 1) for sort, count in sorts.items()}
        return _object(**{sort: _array(_object(**numbered, **shapes[sort]), count) for sort, count in most.items()})

    def _named(self, **fields: Any) -> Schema:
        """An object of these fields in which what comes again and again is told once."""
        names = {json.dumps(self._statement): "statement", json.dumps(self._cites): "cites"}

        def put(part: Any) -> Any:
            if isinstance(part, list):
                return list(map(put, part))
            if not isinstance(part, dict):
                return part
            name = names.get(json.dumps(part))
            return {key: put(each) for key, each in part.items()} if name is None else {"$ref": f"#/$defs/{name}"}

        statement = {key: put(each) for key, each in self._statement.items()}
        return {**put(_object(**fields)), "$defs": {"statement": statement, "cites": self._cites}}

    @property
    def _text(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": _LONGEST} if self.has_lengths else {"type": "string"}

    def _said(self, about: str) -> dict[str, Any]:
        return {**self._text, "description": about}

    @property
    def _cites(self) -> dict[str, Any]:
        return _array(_INTEGER, _MOST_CITES)

    @property
    def _statement(self) -> dict[str, Any]:
        return _object(text=self._text, role={"type": "string", "enum": list(ROLES)}, cites=self._cites)

    @property
    def _question(self) -> dict[str, Any]:
        option = _object(text=self._text, why=self._said("of a wrong option; empty for the right one"))
        return _object(
            kind={"type": "string", "enum": list(KINDS)},
            stem=self._text,
            options=_array(option, 5),
            answer=self._said("of a choice the right option's exact text"),
            items={**_array(self._text, 6), "description": "of an order"},
            pairs={**_array(_object(left=self._text, right=self._text), 6), "description": "of a match"},
            term=self._text,
            explanation=self._text,
            cites=self._cites,
            supposes=_BOOLEAN,
            level={"type": "string", "enum": list(BLOOMS[:5])},
        )


def loosened(schema: Schema) -> Schema:
    """The schema without its choices and least numbers: what an answer must meet that the program judges anyway.

    Servers that are not held to a schema miss one choice of many easily, and all else they said would be lost.
    """
    return {
        name: {key: loosened(each) for key, each in value.items()}
        if name in ("properties", "$defs")
        else loosened(value)
        if name == "items"
        else value
        for name, value in schema.items()
        if name not in ("enum", "minItems", "maxLength")
    }


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _array(items: Mapping[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": max(1, most)}
