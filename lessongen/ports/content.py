"""What a lesson is made of and by whom, and what sources and writers may ask of the queue."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from lessongen.clock import from_text, to_text
from lessongen.task import LessonRequest

if TYPE_CHECKING:
    from lessongen.lesson import Activity, Example, Lesson, Prose, Question
    from lessongen.lesson import Source as LessonSource

Result = TypeVar("Result")


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

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types; `from_json` takes it back."""
        return {
            "article": self.article.as_json(),
            "others": [other.as_json() for other in self.others],
            "resolution": self.resolution,
            "passed_over": list(self.passed_over),
            "primer": [each.as_json() for each in self.primer],
            "is_closed": self.is_closed,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Material:
        """The material that `as_json` wrote."""
        return cls(
            article=Document.from_json(data["article"]),
            others=tuple(Document.from_json(other) for other in data["others"]),
            resolution=data["resolution"],
            passed_over=tuple(data["passed_over"]),
            primer=tuple(Document.from_json(each) for each in data["primer"]),
            is_closed=data["is_closed"],
        )


# ---------------------------------------------------------------- encyclopedia


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An article of an encyclopedia with what is known about its title.

    `category` is one of the encyclopedia's broad subjects ("Mathematics", "People", …). `is_common_noun` holds where
    running text writes the title in lower case ("verb", not "Brazil").
    """

    id: int
    document: Document
    category: str
    is_common_noun: bool
    popularity: int

    @property
    def title(self) -> str:
        """The article's title, with its disambiguation."""
        return self.document.title


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Where a text names another article's title: characters `start` to `end`."""

    entry_id: int
    start: int
    end: int


class Encyclopedia(Protocol):
    """What a writer may ask of an installed encyclopedia about terms and how they are related."""

    def entry(self, entry_id: int) -> Entry:
        """The article of that id."""
        ...

    def entry_titled(self, title: str) -> Entry | None:
        """The article of exactly that title, or None."""
        ...

    def neighbours(self, entry: Entry) -> Mapping[int, float]:
        """Up to 80 articles nearest in meaning, by id, with the cosine of their embeddings; highest first."""
        ...

    def mentions(self, text: str, about: Entry) -> Sequence[Mention]:
        """The articles whose titles `text` names, in order; `about` (which text belongs to) decides between senses."""
        ...

    def naming(self, entry: Entry, limit: int = 60) -> Sequence[Entry]:
        """Articles whose text names this one's title, best first."""
        ...

    def siblings(self, entry: Entry, limit: int = 300) -> Sequence[Entry]:
        """Articles of the same category whose description has the same head noun ("composer"), in a fixed order."""
        ...


# ---------------------------------------------------------------- attempt, sources, writers


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What one call to a model took: tokens in and out, and dollars where the price is known.

    That of one that went by the provider's Batch API `is_batched` is half of the usual one.
    """

    step: str
    model: str
    input_tokens: int
    output_tokens: int
    cost: float | None
    is_batched: bool = False


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What all calls for a task took so far: how many, tokens in and out together, dollars where known."""

    calls: int
    tokens: int
    cost: float


@dataclass(frozen=True, kw_only=True)
class BatchedCall:
    """A call that goes by a provider's Batch API: the step that it is for, and the body of the request.

    `cost` is what it should cost at most about, in dollars, where that is known.
    """

    key: str
    inputs_sha256: str
    model: str
    body: Mapping[str, Any]
    cost: float | None


@dataclass(frozen=True, kw_only=True)
class BatchedAnswer:
    """What a provider answered to such a call: the status that it gives, and the body.

    `request` is the body of the call, where the status is no good one.
    """

    status: int
    body: Mapping[str, Any]
    request: Mapping[str, Any] | None = None


class HandedIn(Exception):
    """Raised inside an attempt whose next call goes by the provider's Batch API: its task waits; never shown."""

    def __init__(self, call: BatchedCall) -> None:
        super().__init__()
        self.call = call


@dataclass(frozen=True, kw_only=True)
class Sibling:
    """The newest version of the same lesson in another variant, with the texts of its sources by SHA-256."""

    lesson: Lesson
    texts: Mapping[str, str]
    version: str


class Attempt(Protocol):
    """One worker's try at a task: what sources and writers need from the queue and may not reach for."""

    @property
    def seed(self) -> int:
        """The seed of this attempt's random choices; recorded in the lesson."""
        ...

    @property
    def earlier(self) -> Sequence[Lesson]:
        """The stored versions of this lesson, oldest first: what a fresh one should not repeat."""
        ...

    @property
    def stored(self) -> Stored | None:
        """The newest version of this lesson; None where there is none yet."""
        ...

    @property
    def siblings(self) -> Mapping[str, Sibling]:
        """What there is of the same lesson in the variants core, support and extend, this one apart; by variant."""
        ...

    @property
    def presumed(self) -> Sequence[str]:
        """The key terms of the lessons that come before this one in its batch: what students know by then."""
        ...

    @property
    def asked_beside(self) -> Collection[tuple[str, str]]:
        """What the other lessons of its batch ask by now: pairs of a quote's SHA-256 and the folded term."""
        ...

    def progress(self, step: str, percent: int, message: str) -> None:
        """Say how far it is. Raises `Cancelled` if the task was cancelled or the worker must hand it back."""
        ...

    def about(self, article: str) -> None:
        """Record the article that the lesson will be about."""
        ...

    def step(self, key: str, inputs: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """The kept result of `make` for these inputs; made, and kept, only if there is none. Both are plain JSON."""
        ...

    def call(self, writer: str, tokens: int, cost: float | None = None) -> None:
        """Say, before a call to a model, what it will take in tokens and dollars.

        Raises `Postponed` where a limit is reached, `OverBudget` where the task would cost more than it may.
        """
        ...

    def used(self, usage: Usage) -> None:
        """Record what a call took. Inside `step` it is kept in one commit with the step's result."""
        ...

    def spent(self) -> Spent:
        """What the task's calls took so far, those of earlier attempts too."""
        ...

    @property
    def goes_by_batch_api(self) -> bool:
        """Whether calls to a model go by the provider's Batch API, `batched` instead of `call` and `used`."""
        ...

    def batched(self, make: Callable[[str, str], BatchedCall], read: Callable[[BatchedAnswer], Result]) -> Result:
        """The provider's answer to the call of the open step, as `read` takes it; what it took is recorded already.

        Where there is none yet, the call is made from the step's key and the hash of its inputs, and the attempt ends
        with `HandedIn`: the task waits without a worker until the answer has come. An answer that `read` raises for is
        thrown away. Raises `OverBudget` where the task would cost more than it may.
        """
        ...

    def cancelled(self) -> bool:
        """Whether to stop as soon as possible."""
        ...


@dataclass(frozen=True, kw_only=True)
class Page:
    """A kept page of a wiki, as JSON, and when it was fetched."""

    content: str
    fetched_at: datetime


class PageCache(Protocol):
    """What sources on the network share through the database: pages, and whose turn it is to ask a host."""

    def page(self, wiki: str, key: str) -> Page | None:
        """The page kept under that key of that wiki, however old."""
        ...

    def keep_page(self, wiki: str, key: str, content: str) -> None:
        """Keep a page, in place of an older one."""
        ...

    def turn(self, host: str, per_second: float) -> float:
        """Take the next turn to ask a host, shared by all workers: in how many seconds it comes."""
        ...

    def closed_for(self, host: str) -> float:
        """For how many seconds more a host is not to be asked, because it could not be reached; 0 if it may be."""
        ...

    def close(self, host: str, seconds: float) -> None:
        """Don't ask a host for so long."""
        ...

    def kept_text(self, digest: str) -> str | None:
        """The text of that SHA-256 that a user handed in with a request."""
        ...


class Source(Protocol):
    """Where text comes from."""

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        """The article for a request.

        Raises `Uncovered` (with the nearest titles in its hint) rather than choose a wrong one.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A rule that a place of a lesson breaks: `where` is a path such as `questions[2]`, `message` plain words."""

    rule: str
    where: str
    message: str


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

    def write(self, request: LessonRequest, material: Material, attempt: Attempt) -> Draft:
        """A lesson from the material, not yet checked. Raises `TooThin`, naming the article and what to do."""
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
        """The draft with what the check objects to mended; None from a writer that can't do better."""
        ...


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A writer's lesson with the whole texts that its quotes come from, by SHA-256."""

    lesson: Lesson
    texts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Anew:
    """What a writer made for a part of a lesson, with the sources of its quotes; calls took so many tokens, dollars.

    `reserve` has more questions, for where these don't suffice.
    """

    questions: Sequence[Question] = ()
    blocks: Sequence[Prose | Activity | Example] = ()
    sources: Sequence[LessonSource] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    reserve: Anew | None = None
    tokens: int = 0
    cost: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Stored:
    """The newest version of a lesson: which one, what it says, and the keys of the parts that later ones keep."""

    number: int
    draft: Draft
    locks: frozenset[str]


Format = Literal["md", "json", "html", "worksheet"]


class Exporter(Protocol):
    """A lesson in a file format; pure."""

    def __call__(self, lesson: Lesson, *, audience: Literal["student", "teacher"], about: Mapping[str, Any]) -> bytes:
        """The lesson as a file's bytes. Student output holds no answer. `about` is the version's metadata."""
        ...


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
