"""A lesson's content, schema 1: what a writer makes, `check` examines and the database keeps.

The models are strict and immutable; their JSON Schema is published in `docs/reference/lesson.md`.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from lessongen.lesson.limits import KEY_TERMS, MISCONCEPTIONS, OBJECTIVES, PRIOR_KNOWLEDGE, QUESTIONS, SECTIONS
from lessongen.lesson.questions import AnyQuestion
from lessongen.lesson.questions.base import Question as Question
from lessongen.lesson.statement import Bloom as Bloom
from lessongen.lesson.statement import Model
from lessongen.lesson.statement import Origin as Origin
from lessongen.lesson.statement import Statement as Statement

SCHEMA_VERSION = 1

SectionKind = Literal["engage", "explain", "model", "practice", "check", "close"]


class Objective(Model):
    """What a student can do afterwards; opens with a verb of its Bloom level."""

    id: str
    bloom: Bloom
    text: str


class KeyTerm(Model):
    """A term and the source's own definition of it."""

    term: str
    definition: Statement


class Misconception(Model):
    """What people mix up, and what the source says instead."""

    belief: str
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


class Activity(Model):
    """Something to do; instructions, not facts."""

    kind: Literal["activity"] = "activity"
    steps: list[str] = Field(min_length=1)
    grouping: Literal["alone", "pairs", "groups", "class"]
    product: str = Field(description="what students have in hand at the end")


class Check(Model):
    """A place in a section where a question is asked."""

    kind: Literal["check"] = "check"
    question: str = Field(description="a question's id")


Block = Annotated[Prose | Example | Activity | Check, Field(discriminator="kind")]


class Section(Model):
    """One phase of the lesson."""

    id: str
    kind: SectionKind
    title: str
    minutes: int = Field(ge=1)
    objectives: list[str] = Field(default_factory=list, description="objective ids that this section serves")
    blocks: list[Block] = Field(min_length=1)


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
    seed: int
    temperature: float | None = None
    template: str | None = None
    prompt_sha256: str | None = None
    tokens: int = 0
    cost: float = 0.0
    duration_seconds: float
    check: CheckSummary | None = None
    resolution: str | None = Field(default=None, description="how the article was found for the topic")
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

    schema_version: Literal[1] = 1
    title: str
    subject: str
    topic: str
    language: str
    level: str
    variant: str
    minutes: int
    summary: Statement
    objectives: list[Objective] = Field(min_length=OBJECTIVES.fewest, max_length=OBJECTIVES.most)
    prior_knowledge: list[str] = Field(default_factory=list, max_length=PRIOR_KNOWLEDGE.most)
    key_terms: list[KeyTerm] = Field(min_length=KEY_TERMS.fewest, max_length=KEY_TERMS.most)
    misconceptions: list[Misconception] = Field(default_factory=list, max_length=MISCONCEPTIONS.most)
    sections: list[Section] = Field(min_length=SECTIONS.fewest, max_length=SECTIONS.most)
    questions: list[AnyQuestion] = Field(min_length=QUESTIONS.fewest, max_length=QUESTIONS.most)
    sources: list[Source] = Field(min_length=1, description="the first is the article that the lesson is about")
    provenance: Provenance

    @property
    def article(self) -> Source:
        """The main source that the lesson is about."""
        return self.sources[0]


def sha256(text: str) -> str:
    """Hex SHA-256 of the text in UTF-8: the id of a quote's or a source's text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
