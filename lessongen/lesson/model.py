"""A lesson's content, schema 2: what a writer makes, `check` examines and the database keeps.

The models are strict and immutable; their JSON Schema is published in `docs/reference/lesson.md`. What was stored in an
older schema is read through `lessongen.lesson.reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from lessongen.lesson.drawings import AnyDrawing
from lessongen.lesson.examined import Examined as Examined
from lessongen.lesson.image import Image
from lessongen.lesson.limits import (
    KEY_POINTS,
    KEY_TERMS,
    MISCONCEPTIONS,
    OBJECTIVES,
    PRIOR_KNOWLEDGE,
    QUESTIONS,
    SECTIONS,
)
from lessongen.lesson.questions import AnyQuestion
from lessongen.lesson.questions.base import Question as Question
from lessongen.lesson.statement import Bloom as Bloom
from lessongen.lesson.statement import Model
from lessongen.lesson.statement import Origin as Origin
from lessongen.lesson.statement import Role as Role
from lessongen.lesson.statement import Statement as Statement
from lessongen.lesson.statement import Verdict as Verdict
from lessongen.lesson.statement import sha256 as sha256

LESSON_SCHEMA: Literal[2] = 2

LessonKind = Literal["lesson", "fact_sheet"]
SectionKind = Literal["starter", "engage", "explain", "model", "practice", "check", "exit", "close"]

FEWEST: Mapping[str, int] = {
    "objectives": OBJECTIVES.fewest,
    "key_terms": KEY_TERMS.fewest,
    "questions": QUESTIONS.fewest,
}
"""The fewest of each that a lesson has. A fact sheet may have none."""
FEWEST_COLUMNS = 2
FEWEST_ENTRIES = 2

_T = TypeVar("_T")


class Objective(Model):
    """What a student can do afterwards; opens with a verb of its Bloom level."""

    id: str
    bloom: Bloom
    text: str


class KeyTerm(Model):
    """A term, and what it means: in the source's words, or in students' where a model writes."""

    term: str
    definition: Statement


class Misconception(Model):
    """What people mix up, why they come to think so, and what the source says instead."""

    belief: str
    tempting: str = Field(default="", description="for the teacher: why one comes to believe it; may be empty")
    correction: Statement


class Prose(Model):
    """Running text."""

    kind: Literal["prose"] = "prose"
    sentences: list[Statement] = Field(min_length=1)


class Example(Model):
    """A worked example."""

    kind: Literal["example"] = "example"
    problem: str
    steps: list[Statement] = Field(min_length=1)
    answer: str
    origin: Origin
    by: str | None = None
    cites: list[str] = Field(default_factory=list)
    verdict: Verdict | None = None
    supposes: bool = Field(default=False, description="whether it puts an invented case before students")
    drawing: AnyDrawing | None = Field(default=None, description="what is drawn beside the problem")


class Analogy(Model):
    """What something is like, marked as a comparison, with where it ends."""

    kind: Literal["analogy"] = "analogy"
    text: Statement = Field(description="the comparison; its role is `analogy`")
    statement: Statement = Field(description="the factual half: what is so of the topic")
    ends: Statement = Field(description="where the comparison no longer holds; its role is `analogy`")


class Row(Model):
    """One row of a table; its first cell heads it."""

    cells: list[str] = Field(min_length=FEWEST_COLUMNS)
    cites: list[str] = Field(default_factory=list)
    origin: Origin = "quoted"
    by: str | None = None
    verdict: Verdict | None = None


class Table(Model):
    """Things compared; each row stands on quotes of its own."""

    kind: Literal["table"] = "table"
    title: str
    headings: list[str] = Field(min_length=FEWEST_COLUMNS, description="of the columns, that of the row headings first")
    rows: list[Row] = Field(min_length=1)


class Entry(Model):
    """What was at one time."""

    when: str
    what: str
    cites: list[str] = Field(default_factory=list)
    origin: Origin = "quoted"
    by: str | None = None
    verdict: Verdict | None = None


class Timeline(Model):
    """What was when, the earliest first."""

    kind: Literal["timeline"] = "timeline"
    title: str
    entries: list[Entry] = Field(min_length=FEWEST_ENTRIES)


class Figure(Model):
    """A drawing that this program made of cited or computed facts; never a picture from elsewhere.

    It is drawn of the data of its `drawing`; one that is an SVG as it stands has none.
    """

    kind: Literal["figure"] = "figure"
    title: str
    alternative: str = Field(
        default="", description="what it shows, for those who can't see it; empty where a `drawing` tells"
    )
    svg: str = Field(default="", description="SVG that loads nothing and runs nothing; empty where data are drawn")
    drawing: AnyDrawing | None = Field(default=None, description="the data that it is drawn of")
    cites: list[str] = Field(default_factory=list)
    origin: Origin = "quoted"
    by: str | None = None
    verdict: Verdict | None = None

    @property
    def told(self) -> str:
        """What it shows, in words."""
        return self.alternative or (self.drawing.alternative if self.drawing else "")

    @property
    def drawn(self) -> str:
        """It as an SVG."""
        return self.drawing.svg() if self.drawing else self.svg


class Activity(Model):
    """Something to do; instructions, not facts."""

    kind: Literal["activity"] = "activity"
    steps: list[str] = Field(min_length=1)
    grouping: Literal["alone", "pairs", "groups", "class"]
    product: str = Field(description="what students have in hand at the end")


class Task(Model):
    """Practice: what students work on, and for the teacher what a good answer is."""

    kind: Literal["task"] = "task"
    prompt: str
    answer: str | None = Field(default=None, description="for the teacher: a model answer")
    criteria: list[str] = Field(default_factory=list, description="for the teacher: what a good answer has")
    support: str | None = Field(default=None, description="for the teacher: help for those who need it")
    stretch: str | None = Field(default=None, description="for the teacher: more for those who are done")
    supposes: bool = Field(default=False, description="whether it puts an invented case before students")
    cites: list[str] = Field(default_factory=list, description="the quotes that the model answer stands on")
    origin: Origin = "quoted"
    by: str | None = None
    verdict: Verdict | None = None


class Check(Model):
    """A place in a section where a question is asked."""

    kind: Literal["check"] = "check"
    question: str = Field(description="a question's id")


Block = Annotated[
    Prose | Example | Analogy | Table | Timeline | Figure | Activity | Task | Check, Field(discriminator="kind")
]


class Section(Model):
    """One phase of the lesson; explaining, checking and practising one idea are a cycle."""

    id: str
    kind: SectionKind
    title: str
    minutes: int = Field(ge=1)
    objectives: list[str] = Field(default_factory=list, description="objective ids that this section serves")
    cycle: int | None = Field(default=None, ge=1, description="the number of the cycle that it is part of")
    blocks: list[Block] = Field(min_length=1)
    notes: list[Statement] = Field(
        default_factory=list, description="for the teacher: what to say, what goes wrong, support and stretch"
    )


class Quote(Model):
    """An exact passage of a source."""

    id: str
    section: str = Field(description="the heading it stands under; empty for the lead")
    text: str
    sha256: str


class Source(Model):
    """Where quotes come from, and under which licence."""

    id: str
    title: str
    url: str | None
    revision: str | None = Field(description="what pins the text: a revision id, or the version of an installed pack")
    retrieved: datetime
    licence: str
    attribution: str
    text_sha256: str = Field(description="SHA-256 of the whole text in UTF-8; the database keeps the text under it")
    quotes: list[Quote]


class CheckSummary(Model):
    """That the lesson passed the gate, and which one."""

    passed: bool
    rules: int
    layers: list[str] = Field(description="`deterministic`, and `model` where a second model call judged too")
    refused: dict[str, int] = Field(
        default_factory=dict, description="how many sentences each layer refused before the lesson passed"
    )


class Legibility(Model):
    """How hard the running text of the sections is to read, as measured."""

    grade: float = Field(description="school grade by Flesch-Kincaid")
    sentence_words: float = Field(description="mean words a sentence")
    rare_words: float = Field(description="share of the words that are above B2 or on no list; names don't count")
    cefr: str = Field(description="the first CEFR level at which 95 % of the words are known")


class Provenance(Model):
    """How this content came to be."""

    writer: str
    model: str | None = None
    judge: str | None = Field(
        default=None, description="what judged the writer's sentences: a model's name, or `rules`; null where none was"
    )
    exam: str | None = Field(default=None, description="the exam that the judge had passed")
    exams: list[Examined] = Field(
        default_factory=list, description="what came of the exams of all judges whose verdicts the lesson holds"
    )
    background: bool = Field(default=False, description="whether sentences that are not from a source were asked for")
    seed: int
    temperature: float | None = None
    template: str | None = None
    prompt_sha256: str | None = None
    tokens: int = 0
    cost: float = 0.0
    duration_seconds: float
    check: CheckSummary | None = None
    resolution: str | None = Field(default=None, description="how the article was found for the topic")
    focus: str | None = Field(default=None, description="what the lesson was to dwell on, as it was asked for")
    passed_over: list[str] = Field(default_factory=list, description="which sources were asked and not used, and why")
    rewritten: int = Field(default=0, description="sentences that a model wrote anew because a check refused them")
    replaced: int = Field(default=0, description="sentences that were refused again, and gave way to their quote")
    computed: list[str] = Field(default_factory=list, description="what computed the worked examples and exercises")
    core: str | None = Field(default=None, description="the version of the core variant that this one is made from")
    legibility: Legibility | None = Field(default=None, description="what level the text has, whatever was asked for")
    notices: list[str] = Field(default_factory=list, description="what a teacher should know before handing it out")
    signed: dict[str, str] = Field(
        default_factory=dict,
        description="titles, objectives and instructions in an author's words, with who signs each",
    )


class Lesson(Model):
    """The content of one version of a lesson."""

    schema_version: Literal[2] = LESSON_SCHEMA
    title: str
    subject: str
    topic: str
    language: str
    level: str
    variant: str
    minutes: int
    kind: LessonKind = Field(default="lesson", description="a fact sheet where the source has too little for a lesson")
    outcome: str = Field(default="", description="one sentence, “I can …”; empty where the objectives say it")
    summary: Statement = Field(description="what the topic is, in a sentence or two")
    image: Image | None = Field(default=None, description="the lead picture of the article, where it has a free one")
    objectives: list[Objective] = Field(max_length=OBJECTIVES.most, description="at least 1; a fact sheet may have 0")
    prior_knowledge: list[str] = Field(
        default_factory=list,
        max_length=PRIOR_KNOWLEDGE.most,
        description="what one must know to start, not what is taught",
    )
    key_points: list[Statement] = Field(
        default_factory=list, max_length=KEY_POINTS.most, description="what is to be remembered"
    )
    key_terms: list[KeyTerm] = Field(max_length=KEY_TERMS.most, description="at least 3; a fact sheet may have 0")
    misconceptions: list[Misconception] = Field(default_factory=list, max_length=MISCONCEPTIONS.most)
    materials: list[str] = Field(default_factory=list, description="what has to be at hand")
    safety: list[str] = Field(
        default_factory=list, description="what to heed in practical work: a teacher's advice, never cited as a fact"
    )
    sections: list[Section] = Field(min_length=SECTIONS.fewest, max_length=SECTIONS.most)
    questions: list[AnyQuestion] = Field(max_length=QUESTIONS.most, description="at least 5; a fact sheet may have 0")
    sources: list[Source] = Field(min_length=1, description="the first is the article that the lesson is about")
    provenance: Provenance

    @field_validator(*FEWEST)
    @classmethod
    def _are_enough(cls, parts: list[_T], info: ValidationInfo) -> list[_T]:
        fewest = FEWEST[str(info.field_name)]
        if info.data.get("kind") == "lesson" and len(parts) < fewest:
            raise PydanticCustomError(
                "too_short",
                "List should have at least {fewest} items after validation, not {actual}",
                {"fewest": fewest, "actual": len(parts)},
            )
        return parts

    @property
    def article(self) -> Source:
        """The main source that the lesson is about."""
        return self.sources[0]

    @property
    def kept_texts(self) -> frozenset[str]:
        """The SHA-256 of all that the database keeps for it: its sources' texts, and the file of its picture."""
        file = [self.image.data_sha256] if self.image else []
        return frozenset([*(source.text_sha256 for source in self.sources), *file])
