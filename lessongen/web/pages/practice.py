"""Answering a lesson's questions: what a student is shown, and whether an answer is right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lessongen.lesson.claims import GAP, answer_text
from lessongen.lesson.edition import neutral_order, question_numbers
from lessongen.lesson.versions import comparable

Content = Mapping[str, Any]
Given = Mapping[str, str]

_EDGES = re.compile(r"^\W+|\W+$")


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
    """A question as a student meets it; `choices` are (value, text), `items` what each is chosen for."""

    number: int
    kind: str
    stem: Sequence[str]
    choices: Sequence[tuple[str, str]] = ()
    items: Sequence[tuple[str, str]] = ()
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
    choices, items = _choices(question)
    return Asked(
        number=number,
        kind=question["kind"],
        stem=question["stem"].split(GAP),
        choices=choices,
        items=items,
        given=given or {},
        verdict=_verdict(question, content, given) if given is not None else None,
    )


def _choices(question: Content) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    kind = question["kind"]
    if kind == "choice":
        return [(str(index), text) for index, text in enumerate(question["options"])], []
    if kind == "true_false":
        return [("true", "True"), ("false", "False")], []
    if kind == "match":
        order = neutral_order(question["right"])
        choices = [(str(index), question["right"][index]) for index in order]
        return choices, [(f"item{index}", text) for index, text in enumerate(question["left"])]
    if kind == "order":
        places = [(str(place), str(place)) for place in range(1, len(question["items"]) + 1)]
        return places, [(f"item{index}", question["items"][index]) for index in neutral_order(question["items"])]
    return [], []


def _verdict(question: Content, content: Content, given: Given) -> Verdict:
    quotes = {
        quote["id"]: {"text": quote["text"], "source": source["title"], "url": source["url"] or ""}
        for source in content["sources"]
        for quote in source["quotes"]
    }
    return Verdict(
        is_right=_is_right(question, given),
        answer=answer_text(question),
        feedback=question["feedback"]["text"],
        quotes=[quotes[cite] for cite in question["cites"] if cite in quotes],
    )


def _is_right(question: Content, given: Given) -> bool | None:
    kind, answer, said = question["kind"], question["answer"], given.get("answer", "")
    if kind == "choice":
        return said == str(question["options"].index(answer))
    if kind == "true_false":
        return said == ("true" if answer else "false")
    if kind == "match":
        return all(given.get(f"item{left}") == str(right) for left, right in enumerate(answer))
    if kind == "order":
        return all(given.get(f"item{item}") == str(place) for place, item in enumerate(answer, 1))
    same = _said(said) == _said(answer)
    return True if same else False if kind == "cloze" else None


def _said(text: str) -> str:
    """An answer as answers are compared: case, spaces, and marks at its ends don't count."""
    return _EDGES.sub("", comparable(text))
