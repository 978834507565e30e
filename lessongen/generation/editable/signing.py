"""What an author made of a lesson: what is untouched keeps its quotes, what is changed or new bears their name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from lessongen.generation.editable.read import Reading
from lessongen.lesson.editor import Editor
from lessongen.lesson.model import Lesson

Content = dict[str, Any]

_ASKED = ("kind", "stem", "term", "options", "answer", "left", "right", "items")


class Signing:
    """One reading of an edited lesson beside the version that was edited; `content` is the new version's.

    `signed` names what bears the author's name now and did not before, by its path.
    """

    def __init__(self, base: Content, reading: Reading, author: str) -> None:
        self._base = base
        self._author = author
        self._exact = {_bears(each): each for _, each in _statements(base)}
        self._by_text = {each["text"]: each for _, each in reversed(list(_statements(base)))}
        self.signed: list[str] = []
        self._editor = Editor(Lesson.model_validate(base))
        self.content = self._made(deepcopy(reading.content))
        self.is_changed = self.content != base

    def _made(self, read: Content) -> Content:
        content = {**self._base, **read}
        self._name(content)
        for path, statement in _statements(content):
            self._sign_statement(path, statement)
        for at, section in enumerate(content["sections"]):
            for number, block in enumerate(section["blocks"]):
                if block["kind"] == "example":
                    self._sign_example(f"sections[{at}].blocks[{number}]", block)
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

    # ------------------------------------------------------------ who says it

    def _sign_statement(self, path: str, statement: Content) -> None:
        before = self._exact.get(_bears(statement)) or self._by_text.get(statement["text"])
        if before is not None:
            statement |= {key: before[key] for key in ("cites", "origin", "by")}
        else:
            self._sign(path, statement)

    def _sign(self, path: str, part: Content) -> None:
        part |= {"cites": [], "origin": "author", "by": self._author}
        self.signed.append(path)

    def _sign_example(self, path: str, example: Content) -> None:
        """An example whose problem or answer has changed is the author's."""
        blocks = [block for section in self._base["sections"] for block in section["blocks"]]
        examples = [block for block in blocks if block["kind"] == "example"]
        same = [each for each in examples if all(each[key] == example[key] for key in ("problem", "answer"))]
        bearing = ("cites", "origin", "by")
        same.sort(key=lambda each: any(each[key] != example[key] for key in bearing))
        if same:
            example |= {key: same[0][key] for key in bearing}
        else:
            self._sign(path, example)

    def _sign_question(self, path: str, question: Content) -> None:
        """A question that asks something else, or has another key, is the author's."""
        before: Content = next((each for each in self._base["questions"] if each["id"] == question["id"]), {})
        if before and all(before.get(key) == question.get(key) for key in _ASKED):
            question |= {key: before[key] for key in ("cites", "origin", "by")}
        else:
            self._sign(path, question)

    def _provenance(self, content: Content) -> Content:
        """The provenance with the texts that can carry no signature and are an author's, each with whose."""
        before = dict(_unsigned(self._base))
        known = set(before.values())
        signed: dict[str, str] = {}
        for path, text in _unsigned(content):
            if text in self._base["provenance"]["signed"]:
                signed[text] = self._base["provenance"]["signed"][text]
            elif text not in known:
                signed[text] = self._author
                self.signed.append(path)
        return {**self._base["provenance"], "signed": signed}


def _bears(statement: Mapping[str, Any]) -> tuple[Any, ...]:
    return statement["text"], tuple(statement["cites"]), statement["origin"], statement["by"]


def _statements(content: Content) -> Iterator[tuple[str, Content]]:
    """Every statement with its path."""
    yield "summary", content["summary"]
    for name, second in (("key_terms", "definition"), ("misconceptions", "correction")):
        yield from ((f"{name}[{at}].{second}", each[second]) for at, each in enumerate(content[name]))
    for at, section in enumerate(content["sections"]):
        for number, block in enumerate(section["blocks"]):
            path = f"sections[{at}].blocks[{number}]"
            if block["kind"] == "prose":
                yield from ((f"{path}.sentences[{each}]", said) for each, said in enumerate(block["sentences"]))
            elif block["kind"] == "example":
                yield from ((f"{path}.steps[{each}]", said) for each, said in enumerate(block["steps"]))
    yield from ((f"questions[{at}].feedback", each["feedback"]) for at, each in enumerate(content["questions"]))


def _unsigned(content: Content) -> Iterator[tuple[str, str]]:
    """The texts that have neither cites nor a signature, each with its path: titles, objectives, instructions."""
    yield "title", content["title"]
    yield from ((f"objectives[{at}]", each["text"]) for at, each in enumerate(content["objectives"]))
    yield from ((f"prior_knowledge[{at}]", each) for at, each in enumerate(content["prior_knowledge"]))
    for at, section in enumerate(content["sections"]):
        yield f"sections[{at}]", section["title"]
        for number, block in enumerate(section["blocks"]):
            if block["kind"] == "activity":
                path = f"sections[{at}].blocks[{number}]"
                yield from ((f"{path}.steps[{each}]", step) for each, step in enumerate(block["steps"]))
                yield path, block["product"]
