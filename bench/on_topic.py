"""What lessons without a model are held to: on their topic, asking what needs the text, with keys to mark from.

Taken from content as JSON. Of the package it asks only what tells the flaws of questions and an abbreviation's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.shares import Share
from lessongen.check.items import flaws
from lessongen.lesson.model import Lesson
from lessongen.system.levels import GRADES, grade_of
from lessongen.text.passages import is_cut_at_abbreviation
from lessongen.text.sentences import split_sentences

Content = Mapping[str, Any]

GAP = "_____"
_PICKED = ("choice", "true_false")
_COMPARES = re.compile(r"\bcompare\b|\bin common\b|\bhow (?:do|does|are|is) .+ (?:differ|different)\b", re.IGNORECASE)
# "X is a kind of bird that …": the noun that a definition puts its term under.
_CLASS = re.compile(
    r"\b(?:is|are|was|were) (?:an?|the|any|one)\b (?P<class>.+?)"
    r"(?=[,.;(]| (?:that|which|who|in|of|for|from|with|by|on|at|to|used|found|made|consisting|comprising)\b|$)"
)
_FEWEST_POINTS = 2
_ROOM = 1  # grades above the one asked for, of which nothing need be said


@dataclass(kw_only=True)
class OnTopic:
    """The figures of a batch of lessons."""

    own: Share = field(default_factory=Share)
    asked_own: Share = field(default_factory=Share)
    marked: Share = field(default_factory=Share)
    flawless: Share = field(default_factory=Share)
    level_said: Share = field(default_factory=Share)
    retold: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    def add(self, name: str, content: Content, texts: Mapping[str, str | None]) -> None:
        """Count one lesson."""
        quotes = {
            quote["id"]: (quote["text"], source["id"]) for source in content["sources"] for quote in source["quotes"]
        }
        article = content["sources"][0]["id"]
        self.kinds.append(content.get("kind", "lesson"))
        for sentence in _sentences(content):
            of = {quotes[cite][1] for cite in sentence["cites"] if cite in quotes}
            self.own.count(of == {article}, f"{name}: {sentence['text'][:60]}")
        for question in content["questions"]:
            if question["origin"] != "computed":
                self._question(f"{name} {question['id']}", question, quotes, article)
        self._retold(name, content)
        self._flaws(name, content)
        for source in content["sources"]:
            kept = texts.get(source["text_sha256"]) or ""
            cut = [quote["text"] for quote in source["quotes"] if is_cut_at_abbreviation(quote["text"], kept)]
            self.cut += [f"{name}: … {each[-30:]}" for each in cut]
        self._level(name, content)

    def _question(self, name: str, question: Content, quotes: Mapping[str, tuple[str, str]], article: str) -> None:
        cited = [quotes[cite] for cite in question["cites"] if cite in quotes]
        self.asked_own.count(all(of == article for _, of in cited), f"{name}: {question['stem'][:60]}")
        is_comparison = _COMPARES.search(question["stem"]) is not None
        if is_comparison and len({_class_of(text) for text, _ in cited}) > 1:
            self.unlike.append(f"{name}: {question['stem'][:80]}")
        if question["kind"] == "open":
            # Sentences pasted one behind the other tell nobody what to give a mark for.
            points = [line for line in question["answer"].split(" • ") if line.strip()]
            is_pasted = len(points) < _FEWEST_POINTS or any(len(split_sentences(each)) > 1 for each in points)
            self.marked.count(not is_pasted, f"{name}: {question['answer'][:60]}")

    def _retold(self, name: str, content: Content) -> None:
        asked = {question["id"]: question for question in content["questions"]}
        for section in content["sections"]:
            shown = {
                cite
                for block in section["blocks"]
                if block["kind"] == "prose"
                for sentence in block["sentences"]
                for cite in sentence["cites"]
            }
            for block in section["blocks"]:
                question = asked.get(block.get("question", "")) if block["kind"] == "check" else None
                if question and _shows_a_sentence(question) and shown & set(question["cites"]):
                    self.retold.append(f"{name} {question['id']}: {question['stem'][:80]}")

    def _flaws(self, name: str, content: Content) -> None:
        flawed: dict[str, str] = {}
        for problem in flaws(Lesson.model_validate(content)):
            flawed.setdefault(str(problem.where).split(".")[0], f"{problem.rule}: {problem.message[:90]}")
        for at, question in enumerate(content["questions"]):
            if question["kind"] in _PICKED:
                told = flawed.get(f"questions[{at}]")
                self.flawless.count(told is None, f"{name} {question['id']}: {told}")

    def _level(self, name: str, content: Content) -> None:
        measured = content["provenance"]["legibility"]
        if measured is None or content["level"] not in GRADES:
            return
        if measured["grade"] > grade_of(content["level"]) + _ROOM:
            is_said = any("reads at about grade" in each for each in content["provenance"]["notices"])
            self.level_said.count(is_said, f"{name}: grade {measured['grade']:.0f} for {content['level']}")


def _sentences(content: Content) -> Iterator[Content]:
    """What the sections say in quoted sentences."""
    for section in content["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "prose":
                yield from (each for each in block["sentences"] if each["origin"] == "quoted")


def _shows_a_sentence(question: Content) -> bool:
    return question["kind"] in ("true_false", "cloze") or GAP in question["stem"]


def _class_of(definition: str) -> str:
    found = _CLASS.search(definition)
    return found["class"].split()[-1].lower() if found else definition
