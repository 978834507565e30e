"""The parts of a lesson by the names that a person uses: `s2`, `q3`, `quiz`, `key-terms`.

A name counts as readers do: `s2` is the second section, `q3` what the lesson asks third. A key is what the same part is
recognised by in later versions, where it may have moved; a lock is on a key.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lessongen.system.errors import NotFound, UsageError

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson

QUIZ = "quiz"
# The parts that there is one of, by name, with the lesson's field and what a person reads.
SINGLE: Mapping[str, tuple[str, str]] = {
    "title": ("title", "the title"),
    "outcome": ("outcome", "what students can do at the end"),
    "summary": ("summary", "the summary"),
    "objectives": ("objectives", "the objectives"),
    "prior-knowledge": ("prior_knowledge", "what helps to know already"),
    "key-points": ("key_points", "the key points"),
    "key-terms": ("key_terms", "the key terms"),
    "misconceptions": ("misconceptions", "what is often mixed up"),
    "materials": ("materials", "what has to be at hand"),
    "safety": ("safety", "what to heed"),
}
_ALIASES = {
    "questions": QUIZ,
    "points": "key-points",
    "terms": "key-terms",
    "prior": "prior-knowledge",
    "mixed-up": "misconceptions",
}
_COUNTED = re.compile(r"(?:(?P<section>s|(?:section|part)-?)|(?:q|question-?))0*(?P<number>[1-9][0-9]{0,3})")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A named part of one lesson: `name` as a person writes it, `key` as a lock keeps it, `title` to be read."""

    name: str
    key: str
    title: str

    @property
    def id(self) -> str:
        """The id that a section or a question has; empty for other parts."""
        return self.key.partition(":")[2]

    @property
    def is_section(self) -> bool:
        """Whether it is one section."""
        return self.key.startswith("section:")

    @property
    def is_question(self) -> bool:
        """Whether it is one question."""
        return self.key.startswith("question:")


def parts_of(lesson: Lesson) -> list[Part]:
    """All parts that the lesson has, in the order in which a reader meets them."""
    return list(_parts(lesson))


def _parts(lesson: Lesson) -> Iterator[Part]:
    for name, (field, title) in SINGLE.items():
        if getattr(lesson, field):
            yield Part(name=name, key=name, title=title)
    for number, section in enumerate(lesson.sections, 1):
        yield Part(name=f"s{number}", key=f"section:{section.id}", title=f"section {number}, “{section.title}”")
    yield Part(name=QUIZ, key=QUIZ, title="the quiz")
    stems = {question.id: question.stem for question in lesson.questions}
    for name, number in question_numbers(lesson).items():
        yield Part(name=f"q{number}", key=f"question:{name}", title=f"question {number}, “{stems[name]}”")


def part_named(lesson: Lesson, text: str) -> Part:
    """The part that a person means. Raises `UsageError` for no name of a part, `NotFound` for one that is not there."""
    wanted = _as_named(text)
    parts = {part.name: part for part in parts_of(lesson)}
    if wanted in parts:
        return parts[wanted]
    if wanted in SINGLE or _COUNTED.fullmatch(wanted):
        raise NotFound(f"The lesson has no part {text.strip()}.", hint=f"It has: {named_in_short(parts)}.")
    near = difflib.get_close_matches(wanted, [*parts, *_ALIASES], n=1)
    did_you_mean = f"Did you mean {near[0]}? " if near else ""
    shown = text.strip() if len(text) <= 60 else text[:59] + "…"
    raise UsageError(f"“{shown}” is no part of a lesson.", hint=f"{did_you_mean}This one has: {named_in_short(parts)}.")


def is_name(text: str) -> bool:
    """Whether a text has the form of a part's name; a lesson may lack the part."""
    wanted = _as_named(text)
    return wanted in (*SINGLE, QUIZ) or _COUNTED.fullmatch(wanted) is not None


def part_keyed(lesson: Lesson, key: str) -> Part | None:
    """The part of that key; None where the lesson has none."""
    return next((part for part in parts_of(lesson) if part.key == key), None)


def named_in_short(names: Iterable[str]) -> str:
    """The names as a person reads them, counted ones as a range: "title, s1 to s6, quiz, q1 to q8"."""
    told: list[str] = []
    names = list(names)
    for letter in "sq":
        counted = [name for name in names if re.fullmatch(rf"{letter}[0-9]+", name)]
        if len(counted) > 1:
            names = [name for name in names if name not in counted[1:]]
            names[names.index(counted[0])] = f"{counted[0]} to {counted[-1]}"
    told += names
    return ", ".join(told)


def question_numbers(lesson: Lesson) -> dict[str, int]:
    """The number, from 1, that a reader knows each question by: in the order in which the lesson asks them.

    Those that no section asks come by their role: starters before all others, the exit quiz and homework at the end.
    """
    placed = [block.question for section in lesson.sections for block in section.blocks if block.kind == "check"]
    return _numbered(placed, {question.id: question.role for question in lesson.questions})


def question_numbers_in(stored: Mapping[str, Any]) -> dict[str, int]:
    """The same of a lesson as it is stored, in JSON: for what shows it without loading the models, to start at once."""
    placed = [
        block["question"] for section in stored["sections"] for block in section["blocks"] if block["kind"] == "check"
    ]
    return _numbered(placed, {question["id"]: question.get("role", "exit") for question in stored["questions"]})


def _numbered(placed: Sequence[str], roles: Mapping[str, str]) -> dict[str, int]:
    asked = [each for each in placed if each in roles]
    left = [each for each in roles if each not in asked]
    first = [each for each in left if roles[each] == "starter"]
    last = [each for role in ("check", "exit", "homework") for each in left if roles[each] == role]
    return {question: number for number, question in enumerate(dict.fromkeys([*first, *asked, *last]), 1)}


def keys_within(lesson: Lesson, key: str) -> frozenset[str]:
    """The keys of what is kept with a part: of a section the questions that it asks, of the quiz all questions."""
    if key == QUIZ:
        return frozenset(f"question:{question.id}" for question in lesson.questions)
    part = part_keyed(lesson, key)
    if part is None or not part.is_section:
        return frozenset()
    section = next(each for each in lesson.sections if each.id == part.id)
    return frozenset(f"question:{block.question}" for block in section.blocks if block.kind == "check")


def _as_named(text: str) -> str:
    """The name in the one way of writing it."""
    folded = re.sub(r"[\s_]+", "-", text.strip().casefold())
    folded = _ALIASES.get(folded, folded)
    counted = _COUNTED.fullmatch(folded)
    if counted is None:
        return folded
    return f"{'s' if counted['section'] else 'q'}{counted['number']}"
