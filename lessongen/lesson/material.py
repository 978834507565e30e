"""What a lesson is made of and by whom: texts, and what finds and writes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Anew, Draft, Problem
from lessongen.lesson.task import LessonRequest
from lessongen.system.clock import from_text, to_text

if TYPE_CHECKING:
    from lessongen.lesson.image import FoundImage
    from lessongen.lesson.model import Source as LessonSource


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of a document under one heading: characters `start` to `end` of its text."""

    heading: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Document:
    """One source text, whole, with all that a lesson must say about where it came from.

    `text` is what is kept by SHA-256 and what quotes are substrings of. `parts` covers the text in order; the lead has
    the heading "". `title` is the article's title with any disambiguation: "Cell (biology)".
    """

    title: str
    text: str
    language: str
    url: str | None
    revision: str | None
    retrieved: datetime
    licence: str
    attribution: str
    description: str = ""
    parts: tuple[Part, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types; `from_json` takes it back."""
        return {**dataclasses.asdict(self), "retrieved": to_text(self.retrieved)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Document:
        """The document that `as_json` wrote."""
        return cls(
            **{
                **data,
                "retrieved": from_text(data["retrieved"]),
                "parts": tuple(Part(**part) for part in data["parts"]),
            }
        )


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a source found for a request: the article that the lesson will be about, and others asked for by name.

    Where it `is_closed`, a writer adds no article of its own finding to these.
    """

    article: Document
    others: tuple[Document, ...] = ()
    resolution: str = field(default="", metadata={"doc": "how the article was found"})
    passed_over: tuple[str, ...] = field(default=(), metadata={"doc": "which sources were not used, and why"})
    primer: tuple[Document, ...] = field(default=(), metadata={"doc": "lessongen's own on the skill that is meant"})
    is_closed: bool = False
    qualifier: str = field(default="", metadata={"doc": "what the topic asks of the article beyond its name"})
    image: FoundImage | None = field(default=None, metadata={"doc": "the article's lead picture, if it has a free one"})

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types; `from_json` takes it back."""
        return {
            "article": self.article.as_json(),
            "others": [other.as_json() for other in self.others],
            "resolution": self.resolution,
            "passed_over": list(self.passed_over),
            "primer": [each.as_json() for each in self.primer],
            "is_closed": self.is_closed,
            "qualifier": self.qualifier,
            "image": self.image.as_json() if self.image else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Material:
        """The material that `as_json` wrote."""
        image = None
        if data.get("image"):
            from lessongen.lesson.image import FoundImage

            image = FoundImage.from_json(data["image"])
        return cls(
            article=Document.from_json(data["article"]),
            others=tuple(Document.from_json(other) for other in data["others"]),
            resolution=data["resolution"],
            passed_over=tuple(data["passed_over"]),
            primer=tuple(Document.from_json(each) for each in data["primer"]),
            is_closed=data["is_closed"],
            qualifier=data.get("qualifier", ""),
            image=image,
        )


# ---------------------------------------------------------------- sources and writers


@dataclass(frozen=True, kw_only=True)
class Page:
    """A kept page of a wiki, as JSON, and when it was fetched."""

    content: str
    fetched_at: datetime


class Source(Protocol):
    """Where text comes from."""

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        """The article for a request.

        Raises `Uncovered` (with the nearest titles in its hint) rather than choose a wrong one.
        """
        ...


class Writer(Protocol):
    """What turns source text into a lesson."""

    @property
    def name(self) -> str:
        """As in provenance: "extractive", "openai"."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it has rules for."""
        ...

    @property
    def writes_freely(self) -> bool:
        """Whether it says things in words of its own, which are for a judge to decide on."""
        ...

    def write(self, request: LessonRequest, material: Material, attempt: Attempt, *, judge: str = ...) -> Draft:
        """A lesson from the material, not yet checked. Raises `TooThin`, naming the article and what to do.

        `judge` is who will decide on its words: the name of a model that has passed its exam, or the rules, which let
        stand what is near a quote's words alone.
        """
        ...

    def review(
        self,
        draft: Draft,
        request: LessonRequest,
        material: Material,
        attempt: Attempt,
        before: Draft | None = None,
    ) -> Sequence[Problem]:
        """What a teacher would object to that no judge and no rule of the gate sees; made while a judge judges.

        `before` is the draft that was reviewed before this one: what it shares with it was found good or told.
        """
        ...

    def anew(self, stored: Draft, key: str, request: LessonRequest, attempt: Attempt) -> Anew:
        """The part of that key (`parts.Part.key`) of a stored lesson in another way, from the texts that it stands on.

        Of the quiz or a question more questions than are needed, best first, on what the lesson shows; of a section
        other text or another activity. Raises `TooThin` where the texts bear none.
        """
        ...

    def repair(
        self, draft: Draft, problems: Sequence[Problem], request: LessonRequest, material: Material, attempt: Attempt
    ) -> Draft | None:
        """The draft with all that judge, review and gate object to mended, at once; None where it can't do better.

        It keeps provenance and the verdicts of what it leaves alone, so that a judge is shown what is new alone.
        """
        ...


Audience = Literal["student", "teacher"]


def documents_of(stored: Draft) -> list[Document]:
    """The texts that a stored lesson stands on as documents, the article first.

    Of their headings only those are known that a quote stands under: parts reach from the first to the last of the
    quotes in a row that share one.
    """
    lesson = stored.lesson
    return [
        Document(
            title=source.title,
            text=text,
            language=lesson.language,
            url=source.url,
            revision=source.revision,
            retrieved=source.retrieved,
            licence=source.licence,
            attribution=source.attribution,
            parts=_known_parts(text, source),
        )
        for source in lesson.sources
        if (text := stored.texts.get(source.text_sha256)) is not None
    ]


def _known_parts(text: str, source: LessonSource) -> tuple[Part, ...]:
    placed = sorted((text.find(quote.text), quote.section, len(quote.text)) for quote in source.quotes)
    parts: list[Part] = []
    for start, heading, length in placed:
        if start < 0:
            continue
        if parts and parts[-1].heading == heading:
            parts[-1] = dataclasses.replace(parts[-1], end=start + length)
        else:
            parts.append(Part(heading=heading, start=start if heading else 0, end=start + length))
    return tuple(parts)
