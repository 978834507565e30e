"""Figures on lessons that no model judges, taken from their content as JSON and from the kept texts of their sources.

Nothing here asks the quality gate: what is verified is verified by `scripts/verify_lessons.py`, which shares no code
with it, or counted here.
"""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from typing import Any

import jsonschema

from bench.on_topic import OnTopic
from bench.shares import Share
from lessongen.exporters import Order, known_formats
from lessongen.lesson.model import Lesson
from scripts import verify_lessons as verifier

Content = Mapping[str, Any]
Texts = Mapping[str, str | None]

OPTIONS = 4
_SCHEMA = jsonschema.Draft202012Validator(Lesson.model_json_schema())
_WORD = re.compile(r"[^\W_]+")
_ABOUT = {"version": "1.0", "last_updated": "2026-01-31T09:00:00Z"}


@dataclass(kw_only=True)
class Measured:
    """The figures of a batch of lessons, each on different topics, and of second versions of some of them."""

    lessons: int = 0
    sound: Share = field(default_factory=Share)
    cited: Share = field(default_factory=Share)
    borne: Share = field(default_factory=Share)
    keys: Share = field(default_factory=Share)
    longest: Share = field(default_factory=Share)
    balanced: Share = field(default_factory=Share)
    duplicates: list[str] = field(default_factory=list)
    served: Share = field(default_factory=Share)
    student: Share = field(default_factory=Share)
    above_recall: Share = field(default_factory=Share)
    repeated: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    asked: dict[tuple[str, ...], str] = field(default_factory=dict)
    on_topic: OnTopic = field(default_factory=OnTopic)

    def add(self, content: Content, texts: Texts) -> None:
        """Count one lesson of the batch."""
        self.lessons += 1
        name = f"{content['subject']} / {content['topic']}"
        reading = verifier.Reading(content, texts)
        self._soundness(name, content, reading)
        self._sentences(name, reading)
        self._questions(name, content, reading)
        self._objectives(name, content)
        self.on_topic.add(name, content, texts)
        texts_alone = [each.name for each in known_formats().values() if not each.has_keys and not each.is_binary]
        for form in (*texts_alone, "rich"):
            holds_none = holds_no_key(content, partial(for_students, form=form))
            self.student.count(holds_none, f"{name}: {form} of a student depends on the key")

    def add_second(self, first: Content, second: Content) -> None:
        """Count how much of what a second version asks the first one asked."""
        ours, theirs = _uses(second), _uses(first)
        if ours:
            self.repeated.append(len(ours & theirs) / len(ours))

    def _soundness(self, name: str, content: Content, reading: verifier.Reading) -> None:
        faults = [f"schema: {error.message[:100]}" for error in _SCHEMA.iter_errors(content)]
        for rule in ("shape", "sources", "statements", "examples"):
            faults += [f"{where}: {what}" for where, what in verifier.RULES[rule](reading)]
        faults += [f"dangling reference {each}" for each in _dangling(content)]
        self.sound.count(not faults, f"{name}: {'; '.join(faults[:2])}")

    def _sentences(self, name: str, reading: verifier.Reading) -> None:
        for where, statement, is_fact in reading.statements():
            fine = verifier.is_borne_or_states_nothing(reading, statement, is_fact=is_fact)
            self.cited.count(fine, f"{name}: {where} states something and cites nothing")
            quotes = reading.cited(statement["cites"])
            if quotes:
                text = statement["text"]
                foreign = verifier.foreign_numbers(text, [*quotes, *reading.titles])
                foreign += verifier.foreign_names(text, quotes, reading.titles, reading.kept)
                self.borne.count(not foreign, f"{name}: {where} has {', '.join(foreign)}")

    def _questions(self, name: str, content: Content, reading: verifier.Reading) -> None:
        places: list[int] = []
        for question in content["questions"]:
            problems = list(verifier.key_problems(question, reading))
            self.keys.count(not problems, f"{name}: {question['id']}: {'; '.join(problems)}")
            self.kinds[question["kind"]] += 1
            self.above_recall.count(question["bloom"] != "remember", "")
            self._likenesses(f"{name} {question['id']}", question, reading)
            if question["kind"] == "choice" and question["answer"] in question["options"]:
                places.append(question["options"].index(question["answer"]))
                if len(question["options"]) == OPTIONS:
                    others = [each for each in question["options"] if each != question["answer"]]
                    is_longest = all(len(question["answer"]) > len(each) for each in others)
                    self.longest.count(is_longest, "")
        self.balanced.count(_is_balanced(places, content), f"{name}: right options at {sorted(places)}")

    def _likenesses(self, name: str, question: Content, reading: verifier.Reading) -> None:
        alike = _likenesses(question, reading)
        before = next((self.asked[each] for each in alike if each in self.asked), None)
        if before is not None:
            self.duplicates.append(f"{name} = {before}: {question['stem'][:80]}")
        for each in alike:
            self.asked.setdefault(each, name)

    def _objectives(self, name: str, content: Content) -> None:
        taught = {each for section in content["sections"] for each in section["objectives"]}
        asked = {question["objective"] for question in content["questions"]}
        for objective in content["objectives"]:
            is_served = objective["id"] in taught and objective["id"] in asked
            self.served.count(is_served, f"{name}: {objective['id']} has no section or no question")


def _dangling(content: Content) -> Iterator[str]:
    """References of the lesson that lead nowhere."""
    objectives = {each["id"] for each in content["objectives"]}
    questions = {each["id"] for each in content["questions"]}
    for section in content["sections"]:
        yield from (each for each in section["objectives"] if each not in objectives)
        for block in section["blocks"]:
            if block["kind"] == "check" and block["question"] not in questions:
                yield block["question"]
    yield from (each["objective"] for each in content["questions"] if each["objective"] not in objectives)


def _is_balanced(places: Sequence[int], content: Content) -> bool:
    """Whether each place among the options is right equally often, or once more than another."""
    offered = [len(each["options"]) for each in content["questions"] if each["kind"] == "choice"]
    counted = Counter(places)
    counts = [counted[place] for place in range(max(offered, default=0))]
    return not counts or max(counts) - min(counts) <= 1


def _said(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _likenesses(question: Content, reading: verifier.Reading) -> set[tuple[str, ...]]:
    """What makes two questions the same: words with what is listed or drawn, or the kind and term asked of a quote."""
    listed = sorted(_said(each) for each in question.get("left") or question.get("items") or ())
    listed += [json.dumps(question["drawing"])] if question.get("drawing") else []
    alike = {("words", _said(question["stem"]), *listed)}
    if question["kind"] in ("match", "order"):
        return alike
    return alike | {
        ("term", question["kind"], _said(question["term"]), each) for each in reading.cited(question["cites"])
    }


def _uses(content: Content) -> set[tuple[str, str]]:
    digests = {quote["id"]: quote["sha256"] for source in content["sources"] for quote in source["quotes"]}
    return {
        (digests[cite], _said(question["term"]))
        for question in content["questions"]
        for cite in question["cites"]
        if cite in digests
    }


# ---------------------------------------------------------------- student output


def holds_no_key(content: Content, output: Callable[[Content], bytes]) -> bool:
    """Whether an output stays the same, byte for byte, when all keys are others: then it holds none."""
    return output(content) == output(_with_other_keys(content))


def for_students(content: Content, form: str) -> bytes:
    """The lesson as students get it."""
    lesson = Lesson.model_validate(content)
    if form != "rich":
        return known_formats()[form].export(Order(lesson, "student", _ABOUT))
    from rich.console import Console

    from lessongen.exporters.terminal import render

    console = Console(file=StringIO(), width=100, color_system=None)
    render(lesson, _ABOUT, "student", console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().encode()


def _with_other_keys(content: Content) -> Content:
    """The lesson with all that belongs to a key changed, and nothing else."""
    changed = copy.deepcopy(dict(content))
    for question in changed["questions"]:
        question["answer"] = _OTHER_KEY[question["kind"]](question)
        question["term"] = "another term"
        question["feedback"] = {**question["feedback"], "text": "Another feedback."}
    return changed


def _next_option(question: Content) -> str:
    options: list[str] = question["options"]
    return options[(options.index(question["answer"]) + 1) % len(options)]


_OTHER_KEY: Mapping[str, Callable[[Content], object]] = {
    "choice": _next_option,
    "true_false": lambda question: not question["answer"],
    "match": lambda question: [*question["answer"][1:], question["answer"][0]],
    "order": lambda question: question["answer"][::-1],
    "cloze": lambda question: "another answer",
    "short": lambda question: "Another answer.",
    "open": lambda question: "Another answer.",
}
