"""What a sheet is made of: the parts of a lesson as a reader meets them, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.statement import Role

ROLE_LABELS: Mapping[Role, str] = {
    "gloss": "in plain words",
    "analogy": "a comparison",
    "supposition": "an imagined case",
    "background": "not from the source",
}
"""What is said at the end of a sentence that is no fact of the source."""

WHEN: Mapping[str, str] = {
    "starter": "Before we start",
    "check": "On the way",
    "exit": "Exit quiz",
    "homework": "Homework",
}
"""When the questions of each role are asked, in the order of the lesson."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A sentence with its marks: "2" leads to the second source, "2.1" to the first passage that is told of it.

    `by` says what computed it or who signs it, `label` that it is no fact of the source; `role` is for its looks.
    """

    text: str
    notes: tuple[str, ...] = ()
    by: str | None = None
    role: Role = "fact"
    label: str | None = None

    @property
    def is_no_fact(self) -> bool:
        """Whether it is to look different from what the sources say."""
        return self.role in ROLE_LABELS

    @property
    def asides(self) -> tuple[str, ...]:
        """What stands in brackets after its marks."""
        return tuple(each for each in (self.label, self.by) if each)


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Running text."""

    kind: Literal["paragraph"] = "paragraph"
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class WorkedExample:
    """A problem with the steps to its answer."""

    kind: Literal["example"] = "example"
    problem: str
    steps: tuple[Line, ...]
    answer: Line


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """An analogy: what something is like, what is so of the topic, and where the likeness ends."""

    kind: Literal["analogy"] = "analogy"
    text: Line
    statement: Line
    ends: Line


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table; each row's last cell has the row's marks."""

    kind: Literal["table"] = "table"
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Dates:
    """A timeline."""

    kind: Literal["timeline"] = "timeline"
    title: str
    entries: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A figure; `svg` is safe to be put into a page as it is, and empty where it would not be."""

    kind: Literal["figure"] = "figure"
    title: str
    alternative: Line
    svg: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do; `grouping` as people say it: "In pairs"."""

    kind: Literal["task"] = "task"
    grouping: str
    steps: tuple[str, ...]
    product: str


@dataclass(frozen=True, kw_only=True)
class Practice:
    """What students work on, numbered through the lesson; `lines_to_write` are ruled on paper."""

    kind: Literal["practice"] = "practice"
    number: int
    prompt: str
    lines_to_write: int = 4


@dataclass(frozen=True, kw_only=True)
class SheetQuestion:
    """A question as students get it. `lettered` is what is chosen from, put in order, or matched to `numbered`.

    `boxes` are words to tick; `lines_to_write` is how many ruled lines the answer needs on paper.
    """

    kind: Literal["question"] = "question"
    number: int
    stem: str
    role: str = "exit"
    lettered: tuple[tuple[str, str], ...] = ()
    numbered: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    lines_to_write: int = 0


Block = Paragraph | WorkedExample | Comparison | Grid | Dates | Drawing | Task | Practice | SheetQuestion


@dataclass(frozen=True, kw_only=True)
class QuestionGroup:
    """Questions under one heading."""

    title: str
    questions: tuple[SheetQuestion, ...]


@dataclass(frozen=True, kw_only=True)
class Solution:
    """What a teacher knows of a practice: a good answer or what it has, help, and more for those who are done."""

    number: int
    answer: Line | None
    criteria: tuple[str, ...]
    support: str | None
    stretch: str | None


@dataclass(frozen=True, kw_only=True)
class Guide:
    """What a teacher needs while a section is taught; `answers` are the keys of its questions by their numbers."""

    notes: tuple[Line, ...]
    solutions: tuple[Solution, ...]
    answers: tuple[tuple[int, str], ...]


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A section of the lesson; `guide` is for teachers, where the lesson says how it is taught."""

    number: int
    title: str
    kind: str
    minutes: int
    blocks: tuple[Block, ...]
    cycle: int | None = None
    guide: Guide | None = None

    @property
    def aside(self) -> str:
        """What stands beside its title: "10 min · cycle 1, practice"."""
        return f"{self.minutes} min" + (f" · cycle {self.cycle}, {self.kind}" if self.cycle else "")


@dataclass(frozen=True, kw_only=True)
class Told:
    """A passage that a mark in the lesson leads to."""

    mark: str
    text: str
    heading: str


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A source in the list at the end; `url` and `licence_url` are safe to link to, or None."""

    number: int
    title: str
    attribution: str
    licence: str
    licence_url: str | None
    url: str | None
    revision: str | None
    retrieved: str
    passages: tuple[Told, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A source's own words in the answer key."""

    text: str
    note: str
    heading: str


@dataclass(frozen=True, kw_only=True)
class KeyEntry:
    """A question's answer, why, the passages that bear it, and why each wrong option is one."""

    number: int
    answer: str
    feedback: str | None
    passages: tuple[Passage, ...]
    by: str | None
    reviews: tuple[str, ...] = ()
    wrong: tuple[tuple[str, Line], ...] = ()


@dataclass(frozen=True, kw_only=True)
class MixedUp:
    """What people mix up; `tempting`, why one comes to believe it, is for teachers."""

    belief: str
    correction: Line
    tempting: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A lesson, ready to be given a form."""

    audience: Audience
    title: str
    based_on: str
    facts: tuple[str, ...]
    language: str
    outcome: str
    summary: Line
    objectives: tuple[str, ...]
    prior_knowledge: tuple[str, ...]
    materials: tuple[str, ...]
    safety: tuple[str, ...]
    key_points: tuple[Line, ...]
    key_terms: tuple[tuple[str, Line], ...]
    misconceptions: tuple[MixedUp, ...]
    starters: tuple[SheetQuestion, ...]
    phases: tuple[Phase, ...]
    closing: tuple[QuestionGroup, ...]
    references: tuple[Reference, ...]
    notices: tuple[str, ...] = ()
    has_plan: bool = field(default=False, metadata={"doc": "whether a teacher is told beforehand what comes when"})
    key: tuple[KeyEntry, ...] = ()
    colophon: tuple[str, ...] = field(default=(), metadata={"doc": "which version this is and how it was made"})

    @property
    def further_questions(self) -> tuple[SheetQuestion, ...]:
        """The questions that stand after the sections."""
        return tuple(question for group in self.closing for question in group.questions)

    @property
    def questions(self) -> tuple[SheetQuestion, ...]:
        """All questions, by number."""
        placed = [block for phase in self.phases for block in phase.blocks if isinstance(block, SheetQuestion)]
        asked = {each.number: each for each in (*self.starters, *placed, *self.further_questions)}
        return tuple(asked[number] for number in sorted(asked))

    @property
    def practice(self) -> tuple[Practice, ...]:
        """All practice tasks, by number."""
        return tuple(block for phase in self.phases for block in phase.blocks if isinstance(block, Practice))

    @property
    def told(self) -> Mapping[str, str]:
        """The passages by the marks that lead to them."""
        return {passage.mark: passage.text for each in self.references for passage in each.passages}

    @property
    def solutions(self) -> tuple[Solution, ...]:
        """What a teacher knows of them."""
        return tuple(each for phase in self.phases if phase.guide for each in phase.guide.solutions)


def headed(headings: Sequence[str], row: Sequence[Line]) -> tuple[str, ...]:
    """The headings of a row's cells but the first; empty for cells that no heading is over."""
    named = headings[1 : len(row)]
    return (*named, *[""] * (len(row) - 1 - len(named)))
