"""What an author made of a lesson: what is untouched keeps its quotes, what is changed or new bears their name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from lessongen.generation.editable.read import Reading
from lessongen.lesson.editor import Editor
from lessongen.lesson.model import Lesson

Content = dict[str, Any]

_BEARING = ("cites", "origin", "by", "verdict")
_WITHIN: Mapping[str, Sequence[str]] = {"table": ("rows",), "timeline": ("entries",)}
# What of each piece its signature is for.
_SIGNED_BY: Mapping[str, Sequence[str]] = {
    "example": ("problem", "answer", "supposes", "drawing"),
    "rows": ("cells",),
    "entries": ("when", "what"),
    "figure": ("alternative", "svg", "drawing"),
    "task": ("answer", "supposes"),
}
_JUDGED_OF_TASK = ("prompt", "criteria", "support", "stretch")
_ASKED = ("kind", "stem", "term", "options", "answer", "left", "right", "items", "supposes", "drawing")


class Signing:
    """One reading of an edited lesson beside the version that was edited; `content` is the new version's.

    `signed` names what bears the author's name now and did not before, by its path.
    """

    def __init__(self, base: Content, reading: Reading, author: str) -> None:
        edited = Lesson.model_validate(base)
        self._base = base = edited.model_dump(mode="json")  # with what a stored one may lack
        self._author = author
        self._exact: dict[tuple[Any, ...], list[Content]] = {}
        for _, each in _statements(base):
            self._exact.setdefault(_bears(each), []).append(each)
        self._by_text = {each["text"]: each for _, each in reversed(list(_statements(base)))}
        self.signed: list[str] = []
        self._editor = Editor(edited)
        self.content = self._made(deepcopy(reading.content))
        self.is_changed = self.content != base

    def _made(self, read: Content) -> Content:
        content = {**self._base, **read}
        self._name(content)
        for path, statement in _statements(content):
            self._sign_statement(path, statement)
        for path, kind, piece in _pieces(content):
            self._sign_piece(path, kind, piece)
        for at, question in enumerate(content["questions"]):
            self._sign_question(f"questions[{at}]", question)
        minutes = [section["minutes"] for section in content["sections"]]
        if minutes != [section["minutes"] for section in self._base["sections"]]:
            content["minutes"] = sum(minutes)
        content["provenance"] = self._provenance(content)
        return content

    def _name(self, content: Content) -> None:
        """Give ids to what is new."""
        for field, prefix in (("objectives", "o"), ("sections", "part"), ("questions", "q")):
            for each in content[field]:
                each["id"] = each["id"] or self._editor.free(f"{prefix}1")
        for question in content["questions"]:
            question["objective"] = question["objective"] or (content["objectives"] or [{"id": ""}])[0]["id"]
            question["term"] = question["term"] or self._base["topic"]
            question["role"] = question["role"] or self._was(question).get("role", "exit")

    # ------------------------------------------------------------ who says it

    def _sign_statement(self, path: str, statement: Content) -> None:
        before = self._same(statement) or self._by_text.get(statement["text"])
        if before is not None:
            statement |= {key: before[key] for key in ("role", *_BEARING)}
        else:
            self._sign(path, statement)

    def _same(self, statement: Content) -> Content | None:
        """The statement that was the same; of several the first that was not taken yet, for each has its verdict."""
        same = self._exact.get(_bears(statement), [])
        return same.pop(0) if len(same) > 1 else next(iter(same), None)

    def _sign(self, path: str, part: Content) -> None:
        part |= {"cites": [], "origin": "author", "by": self._author, "verdict": None}
        self.signed.append(path)

    def _sign_piece(self, path: str, kind: str, piece: Content) -> None:
        """A worked example, row, entry, figure or task that says or asks something else is the author's."""
        alike = [each for _, its, each in _pieces(self._base) if its == kind]
        same = [each for each in alike if all(each[key] == piece[key] for key in _signed_by(kind, each))]
        same.sort(key=lambda each: any(each[key] != piece[key] for key in ("cites", "origin", "by")))
        if same:
            piece |= {key: same[0][key] for key in _BEARING}
        else:
            self._sign(path, piece)

    def _sign_question(self, path: str, question: Content) -> None:
        """A question that asks something else, or has another key, is the author's."""
        before = self._was(question)
        if before and all(before.get(key) == question.get(key) for key in _ASKED):
            question |= {key: before[key] for key in _BEARING}
        else:
            self._sign(path, question)

    def _was(self, question: Content) -> Content:
        """The question of that id in the version that was edited; empty where there is none."""
        return next((each for each in self._base["questions"] if each["id"] == question["id"]), {})

    def _provenance(self, content: Content) -> Content:
        """The provenance with the texts that can carry no signature and are an author's, each with whose."""
        known = {text for _, text in _unsigned(self._base)}
        signed: dict[str, str] = {}
        for path, text in _unsigned(content):
            if text in self._base["provenance"]["signed"]:
                signed[text] = self._base["provenance"]["signed"][text]
            elif text not in known:
                signed[text] = self._author
                self.signed.append(path)
        return {**self._base["provenance"], "signed": signed}


def _signed_by(kind: str, before: Content) -> Sequence[str]:
    """What of a piece its signature is for: of a task that a judge decided on, all that it was shown."""
    more = _JUDGED_OF_TASK if kind == "task" and before["verdict"] is not None else ()
    return (*_SIGNED_BY[kind], *more)


def _bears(statement: Mapping[str, Any]) -> tuple[Any, ...]:
    return (*(statement[key] for key in ("text", "role", "origin", "by")), *statement["cites"])


def _statements(content: Content) -> Iterator[tuple[str, Content]]:
    """Every statement with its path."""
    yield "summary", content["summary"]
    yield from ((f"key_points[{at}]", each) for at, each in enumerate(content["key_points"]))
    for name, second in (("key_terms", "definition"), ("misconceptions", "correction")):
        yield from ((f"{name}[{at}].{second}", each[second]) for at, each in enumerate(content[name]))
    for at, section in enumerate(content["sections"]):
        for number, block in enumerate(section["blocks"]):
            path = f"sections[{at}].blocks[{number}]"
            if block["kind"] == "prose":
                yield from ((f"{path}.sentences[{each}]", said) for each, said in enumerate(block["sentences"]))
            elif block["kind"] == "example":
                yield from ((f"{path}.steps[{each}]", said) for each, said in enumerate(block["steps"]))
            elif block["kind"] == "analogy":
                yield from ((f"{path}.{name}", block[name]) for name in ("text", "statement", "ends"))
        yield from ((f"sections[{at}].notes[{each}]", said) for each, said in enumerate(section["notes"]))
    for at, question in enumerate(content["questions"]):
        yield f"questions[{at}].feedback", question["feedback"]
        yield from ((f"questions[{at}].why[{each}].reason", why["reason"]) for each, why in enumerate(question["why"]))


def _pieces(content: Content) -> Iterator[tuple[str, str, Content]]:
    """What blocks have a signature for besides statements, each with its path and its kind."""
    for at, section in enumerate(content["sections"]):
        for number, block in enumerate(section["blocks"]):
            path, kind = f"sections[{at}].blocks[{number}]", block["kind"]
            for name in _WITHIN.get(kind, ()):
                yield from ((f"{path}.{name}[{each}]", name, piece) for each, piece in enumerate(block[name]))
            if kind in _SIGNED_BY:
                yield path, kind, block


def _unsigned(content: Content) -> Iterator[tuple[str, str]]:
    """The texts that have neither cites nor a signature, each with its path: titles, objectives, instructions."""
    yield "title", content["title"]
    yield "outcome", content["outcome"]
    for name in ("materials", "safety"):
        yield from ((f"{name}[{at}]", each) for at, each in enumerate(content[name]))
    yield from ((f"misconceptions[{at}]", each["tempting"]) for at, each in enumerate(content["misconceptions"]))
    yield from ((f"objectives[{at}]", each["text"]) for at, each in enumerate(content["objectives"]))
    yield from ((f"prior_knowledge[{at}]", each) for at, each in enumerate(content["prior_knowledge"]))
    for at, section in enumerate(content["sections"]):
        yield f"sections[{at}]", section["title"]
        for number, block in enumerate(section["blocks"]):
            yield from _unsigned_of(f"sections[{at}].blocks[{number}]", block)


def _unsigned_of(path: str, block: Content) -> Iterator[tuple[str, str]]:
    if block["kind"] == "activity":
        yield from ((f"{path}.steps[{each}]", step) for each, step in enumerate(block["steps"]))
        yield path, block["product"]
    elif block["kind"] == "task":
        yield path, block["prompt"]
        yield from ((f"{path}.criteria[{each}]", text) for each, text in enumerate(block["criteria"]))
        yield from ((path, block[name]) for name in ("support", "stretch") if block[name] is not None)
    elif block["kind"] in ("table", "timeline", "figure"):
        yield path, block["title"]
        yield from ((path, heading) for heading in block.get("headings", ()))
