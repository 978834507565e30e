"""The student's edition: a lesson without anything that gives an answer away.

It is built from what a student may see, never by striking out what he may not, so that a field which the schema gains
later stays with the teacher until someone decides otherwise. Nothing in it depends on the answers either: ids are
counted anew in the order of what is left, and what is to be matched or put in order stands in alphabetical order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import ConfigDict

from lessongen.lesson.claims import cites
from lessongen.lesson.drawings import AnyDrawing
from lessongen.lesson.editor import cites_of
from lessongen.lesson.image import Image
from lessongen.lesson.model import (
    Block,
    CheckSummary,
    KeyTerm,
    Legibility,
    Lesson,
    LessonKind,
    Misconception,
    Objective,
    Question,
    Quote,
    Section,
    Source,
    Task,
)
from lessongen.lesson.parts import question_numbers
from lessongen.lesson.questions.base import QuestionRole
from lessongen.lesson.statement import Model, Origin, Statement
from lessongen.text.words import tokens

_LESSON = (
    *("schema_version", "title", "subject", "topic", "language", "level", "variant", "minutes", "kind", "outcome"),
    *("prior_knowledge", "materials", "safety", "image"),
)
_CITING = ("key_points", "key_terms", "misconceptions", "sections")
_OBJECTIVE = ("id", "bloom", "text")
_SOURCE = ("title", "url", "revision", "retrieved", "licence", "attribution", "text_sha256")
# The seed is not among them: with it, whoever has this program can write the lesson again, answers and all.
_PROVENANCE = ("writer", "model", "judge", "exam", "computed", "legibility", "check")
_BODY = frozenset(
    "id kind title minutes objectives cycle blocks sentences text role cites origin by term definition belief "
    "correction problem steps answer grouping product question statement ends headings rows cells entries when what "
    "alternative svg prompt".split()
)

_NAMES = frozenset({"id", "kind", "objectives", "role", "cites", "origin", "by", "question", "svg"})  # no words to read
_ANSWERED_IN_WORDS = frozenset({"choice", "cloze", "open", "short"})


class StudentQuestion(Model):
    """A question with what its kind shows besides the stem (`Question.shown`)."""

    model_config = ConfigDict(extra="allow")

    id: str
    kind: str
    role: QuestionRole
    stem: str
    origin: Origin = "quoted"
    supposes: bool = False
    drawing: AnyDrawing | None = None

    @property
    def shown(self) -> dict[str, Any]:
        """What there is to choose from, to match or to put in order."""
        return self.model_extra or {}


class StudentQuote(Model):
    """A quote that the body cites; without its text where that is an answer."""

    id: str
    section: str
    text: str | None = None
    sha256: str | None = None


class StudentSource(Model):
    """A source with its licence."""

    id: str
    title: str
    url: str | None
    revision: str | None
    retrieved: datetime
    licence: str
    attribution: str
    text_sha256: str
    quotes: list[StudentQuote]


class StudentProvenance(Model):
    """How the lesson came to be, as far as it tells nothing of the answers."""

    writer: str
    model: str | None
    judge: str | None
    exam: str | None
    computed: list[str]
    legibility: Legibility | None
    check: CheckSummary | None


class StudentLesson(Model):
    """The content of a student's edition."""

    schema_version: int
    title: str
    subject: str
    topic: str
    language: str
    level: str
    variant: str
    minutes: int
    kind: LessonKind
    outcome: str
    summary: Statement
    image: Image | None
    objectives: list[Objective]
    prior_knowledge: list[str]
    key_points: list[Statement]
    key_terms: list[KeyTerm]
    misconceptions: list[Misconception]
    materials: list[str]
    safety: list[str]
    sections: list[Section]
    questions: list[StudentQuestion]
    sources: list[StudentSource]
    provenance: StudentProvenance


def student_lesson(lesson: Lesson) -> StudentLesson:
    """The student's edition of a lesson."""
    return StudentLesson.model_validate(student_view(lesson))


def student_view(lesson: Lesson) -> dict[str, Any]:
    """The student's edition as JSON: body, objectives and bare questions.

    Left out are answers, feedback, what a question asks for, its objective and quotes, the seed and the notices; what
    is for the teacher: notes, why one errs, and of tasks all but what is to be done; and what a judge said.
    Sources stay, all of them, for their licence; of their quotes those that the body cites. One that a question or a
    task asks about is there without its text where it has words of the answer that nothing which cites it says.
    """
    content = _bare(lesson).model_dump(mode="json", exclude={"questions", "sources"})
    quotes = renumbered_quotes(lesson)
    numbers = question_numbers(lesson)
    questions = {question: f"q{number}" for question, number in numbers.items()}
    asked = sorted(lesson.questions, key=lambda question: numbers[question.id])
    return {
        **_only(content, _LESSON),
        "summary": _with_ids(content["summary"], quotes, questions),
        "objectives": [_only(objective, _OBJECTIVE) for objective in content["objectives"]],
        **{part: _with_ids(content[part], quotes, questions) for part in _CITING},
        "questions": [
            {
                **{"id": questions[each.id], "kind": each.kind, "role": each.role, "stem": each.stem},
                **{"origin": each.origin, "supposes": each.supposes},
                **({"drawing": each.drawing.model_dump(mode="json")} if each.drawing else {}),
                **each.shown(),
            }
            for each in asked
        ],
        "sources": list(_sources(lesson, quotes)),
        "provenance": _only(content["provenance"], _PROVENANCE),
    }


def student_about(about: Mapping[str, Any]) -> dict[str, Any]:
    """A version's metadata for students: of its approvals by whom and when, not what was said of the questions."""
    approvals = [_only(each, ("reviewer", "approved_at")) for each in about.get("approvals", ())]
    return {**about, "approvals": approvals} if "approvals" in about else dict(about)


# ---------------------------------------------------------------- quotes and sources


def sources_in_order(lesson: Lesson) -> list[Source]:
    """The sources by the number that a reader knows them by: the article, what the body cites in its order, the rest.

    A writer may have listed them by question; this order says nothing about the questions.
    """
    article, *others = lesson.sources
    cited = list(cites_of(_body(lesson)))

    def place(source: Source) -> tuple[int, str]:
        of_it = {quote.id for quote in source.quotes}
        return min((number for number, cite in enumerate(cited) if cite in of_it), default=len(cited)), source.title

    return [article, *sorted(others, key=place)]


def renumbered_quotes(lesson: Lesson) -> dict[str, str]:
    """The student's edition's ids, by the lesson's own, of the quotes that the body cites: counted in its order."""
    cited = list(dict.fromkeys(cites_of(_body(lesson))))
    renumbered: dict[str, str] = {}
    for source_number, source in enumerate(sources_in_order(lesson), 1):
        of_it = {quote.id for quote in source.quotes}
        in_order = (cite for cite in cited if cite in of_it)
        renumbered |= {quote: f"s{source_number}.{number}" for number, quote in enumerate(in_order, 1)}
    return renumbered


def student_cites(lesson: Lesson) -> list[dict[str, Any]]:
    """What `claims.cites` lists, as far as students read it: no question, key, model answer or note.

    A quote that the student's edition has without its text has the text "".
    """
    found = cites(_bare(lesson).model_copy(update={"questions": []}))
    told = {quote.id for source in lesson.sources for quote in source.quotes} - _withheld(lesson)
    for claim in found:
        claim["quotes"] = [quote if quote["id"] in told else {**quote, "text": ""} for quote in claim["quotes"]]
    return found


def _withheld(lesson: Lesson) -> frozenset[str]:
    """The quotes that would tell students an answer which the body does not.

    A quote that stands in the body tells nothing new, nor one of whose words of the answer what cites it says all.
    """
    body = _body(lesson)
    said, by_quote = "\n".join(_texts(body)), _words_by_quote(body)
    all_asking: list[Question | Task] = [*lesson.questions, *_tasks(lesson)]
    texts = {quote.id: quote.text for source in lesson.sources for quote in source.quotes}
    return frozenset(
        cite
        for each in all_asking
        for cite in each.cites
        if texts[cite] not in said and not _answering(each, texts[cite]) <= by_quote.get(cite, frozenset())
    )


def _answering(asking: Question | Task, quote: str) -> frozenset[str]:
    """The words of a quote that answer a question or a task: all of them where the answer is not in its words."""
    words = frozenset(tokens(quote))
    if isinstance(asking, Task):
        return words & set(tokens(asking.answer)) or words if asking.answer else frozenset()
    return words & set(tokens(asking.answer_text)) or words if asking.kind in _ANSWERED_IN_WORDS else words


def _words_by_quote(part: object) -> dict[str, frozenset[str]]:
    """What the parts say that cite a quote, by its id."""
    found: dict[str, frozenset[str]] = {}
    parts = [part]
    while parts:
        each = parts.pop()
        if isinstance(each, list):
            parts += each
        elif isinstance(each, Model):
            words = frozenset(word for text in _texts(each) for word in tokens(text))
            found |= {cite: found.get(cite, frozenset()) | words for cite in getattr(each, "cites", ())}
            parts += [getattr(each, name) for name in type(each).model_fields if name in _BODY]
    return found


def _sources(lesson: Lesson, quotes: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    withheld = _withheld(lesson)
    for number, source in enumerate(sources_in_order(lesson), 1):
        cited = {quote.id: quote for quote in source.quotes if quote.id in quotes}
        kept = [
            _quote(cited[old_id], new_id, withheld=old_id in withheld)
            for old_id, new_id in quotes.items()
            if old_id in cited
        ]
        yield {"id": f"s{number}", **_only(source.model_dump(mode="json"), _SOURCE), "quotes": kept}


def _quote(quote: Quote, new_id: str, *, withheld: bool) -> dict[str, Any]:
    kept = {"id": new_id, "section": quote.section}
    return kept if withheld else {**kept, "text": quote.text, "sha256": quote.sha256}


# ---------------------------------------------------------------- walking through a lesson


def _body(lesson: Lesson) -> list[object]:
    """The parts that are there to be read and that cite quotes."""
    bare = _bare(lesson)
    return [bare.summary, bare.key_points, bare.key_terms, bare.misconceptions, bare.sections]


def _bare(lesson: Lesson) -> Lesson:
    """The lesson without what is for the teacher in the parts that students read."""
    return lesson.model_copy(
        update={
            "misconceptions": [each.model_copy(update={"tempting": ""}) for each in lesson.misconceptions],
            "sections": [
                section.model_copy(update={"notes": [], "blocks": [_bare_block(each) for each in section.blocks]})
                for section in lesson.sections
            ],
        }
    )


def _bare_block(block: Block) -> Block:
    if not isinstance(block, Task):
        return block
    return Task(prompt=block.prompt, origin=block.origin, supposes=block.supposes)


def _tasks(lesson: Lesson) -> list[Task]:
    return [block for section in lesson.sections for block in section.blocks if isinstance(block, Task)]


def _texts(part: object) -> Iterator[str]:
    """All text in the parts of a lesson, but for what judges said of it."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Model):
        for name in type(part).model_fields:
            if name in _BODY and name not in _NAMES:
                yield from _texts(getattr(part, name))
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)


def _with_ids(part: Any, quotes: Mapping[str, str], questions: Mapping[str, str]) -> Any:
    """The JSON of a part of the body with the new ids of quotes and questions, and no field that is not known."""
    if isinstance(part, list):
        return [_with_ids(value, quotes, questions) for value in part]
    if not isinstance(part, Mapping):
        return part
    copy = {key: _with_ids(value, quotes, questions) for key, value in part.items() if key in _BODY}
    if part.get("drawing"):
        copy["drawing"] = part["drawing"]  # what students see, whole: its fields are of its kind
    if "cites" in part:
        copy["cites"] = [quotes[cite] for cite in part["cites"] if cite in quotes]
    if part.get("kind") == "task":
        return {name: part[name] for name in ("kind", "prompt", "origin", "supposes")}
    if part.get("kind") == "check" and "question" in part:
        copy["question"] = questions.get(part["question"], part["question"])
    return copy


def _only(part: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {field: part[field] for field in fields if field in part}
