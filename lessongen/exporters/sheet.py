"""The sheet: a lesson laid out for a reader, whatever the format; exporters only give it a form.

The body is made of the student's edition, for teachers as well: both read the same numbers and letters, and an answer
stands in the teacher's key or nowhere. All foreign text in it is printable; escaping for the format is the exporter's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from lessongen.lesson.claims import GAP
from lessongen.lesson.edition import (
    StudentLesson,
    StudentProvenance,
    StudentQuestion,
    StudentSource,
    sources_in_order,
    student_lesson,
)
from lessongen.lesson.model import (
    Activity,
    Check,
    Example,
    Lesson,
    Prose,
    Provenance,
    Question,
    Source,
    Statement,
)
from lessongen.lesson.parts import question_numbers
from lessongen.lesson.questions import KINDS
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience

LICENCE_NOTE = (
    "The passages keep the licences of their sources; selection, order, instructions and questions were added."
)

_GROUPINGS = {"alone": "Alone", "pairs": "In pairs", "groups": "In groups", "class": "With the class"}
_WIKIPEDIA = re.compile(r"https?://(?:[\w-]+\.)*wikipedia\.org/", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_CC0 = re.compile(r"\bCC0\b", re.IGNORECASE)
_CREATIVE_COMMONS = re.compile(r"CC[ -](BY(?:-(?:NC|SA|ND))*)[ -](\d\.\d)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A sentence with the numbers of the sources that bear it; `by` says what computed it or who signs it."""

    text: str
    notes: tuple[int, ...] = ()
    by: str | None = None


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
class Task:
    """Something to do; `grouping` as people say it: "In pairs"."""

    kind: Literal["task"] = "task"
    grouping: str
    steps: tuple[str, ...]
    product: str


@dataclass(frozen=True, kw_only=True)
class SheetQuestion:
    """A question as students get it. `lettered` is what is chosen from, put in order, or matched to `numbered`.

    `boxes` are words to tick; `lines_to_write` is how many ruled lines the answer needs on paper.
    """

    kind: Literal["question"] = "question"
    number: int
    stem: str
    lettered: tuple[tuple[str, str], ...] = ()
    numbered: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    lines_to_write: int = 0


Block = Paragraph | WorkedExample | Task | SheetQuestion


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A section of the lesson."""

    number: int
    title: str
    kind: str
    minutes: int
    blocks: tuple[Block, ...]


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


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A source's own words in the answer key."""

    text: str
    note: int
    heading: str


@dataclass(frozen=True, kw_only=True)
class KeyEntry:
    """A question's answer, why, and the passages that bear it."""

    number: int
    answer: str
    feedback: str | None
    passages: tuple[Passage, ...]
    by: str | None
    reviews: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A lesson, ready to be given a form."""

    audience: Audience
    title: str
    based_on: str
    facts: tuple[str, ...]
    language: str
    summary: Line
    objectives: tuple[str, ...]
    prior_knowledge: tuple[str, ...]
    key_terms: tuple[tuple[str, Line], ...]
    misconceptions: tuple[tuple[str, Line], ...]
    phases: tuple[Phase, ...]
    further_questions: tuple[SheetQuestion, ...]
    references: tuple[Reference, ...]
    notices: tuple[str, ...] = ()
    key: tuple[KeyEntry, ...] = ()
    colophon: tuple[str, ...] = field(default=(), metadata={"doc": "which version this is and how it was made"})


def lay_out(lesson: Lesson, audience: Audience, about: Mapping[str, Any]) -> Sheet:
    """The lesson as a sheet. The student's has no key, no notices, and nothing that either could be told from."""
    view = student_lesson(lesson)
    is_teacher = audience == "teacher"
    body = _Body(view)
    phases = tuple(body.phases())
    return Sheet(
        audience=audience,
        title=printable(view.title),
        based_on=based_on(view.sources[0]),
        facts=tuple(_facts(view)),
        language=printable(view.language),
        summary=body.line(view.summary),
        objectives=tuple(printable(objective.text) for objective in view.objectives),
        prior_knowledge=tuple(printable(each) for each in view.prior_knowledge),
        key_terms=tuple((printable(each.term), body.line(each.definition)) for each in view.key_terms),
        misconceptions=tuple((printable(one.belief), body.line(one.correction)) for one in view.misconceptions),
        phases=phases,
        further_questions=tuple(body.questions_not_asked()),
        references=tuple(_reference(number, source) for number, source in enumerate(view.sources, 1)),
        notices=tuple(_notices(lesson, about)) if is_teacher else (),
        key=tuple(_Key(lesson, about).entries()) if is_teacher else (),
        colophon=tuple(_colophon(lesson.provenance if is_teacher else view.provenance, about)),
    )


def based_on(article: Source | StudentSource) -> str:
    """Which article the lesson is about, as a sentence without its full stop."""
    is_wikipedia = _WIKIPEDIA.match(article.url or "") is not None
    what = "the Wikipedia article " if is_wikipedia else ""
    return f"Based on {what}“{printable(article.title)}”"


def safe_url(url: str | None) -> str | None:
    """The address where it may be linked to: http or https, with nothing in it that could end an attribute."""
    address = printable(url or "")
    return quote(address, safe="/:?#@!$&*+,;=%~-._") if _WEB_ADDRESS.match(address) else None


# ---------------------------------------------------------------- body


class _Body:
    """Turns the student's edition into lines and blocks."""

    def __init__(self, view: StudentLesson) -> None:
        self._view = view
        self._notes = {quoted.id: number for number, source in enumerate(view.sources, 1) for quoted in source.quotes}
        self._questions = {each.id: _asked(number, each) for number, each in enumerate(view.questions, 1)}

    def line(self, statement: Statement) -> Line:
        """A statement with its notes."""
        return self._line(statement.text, statement)

    def _line(self, text: str, borne: Statement | Example) -> Line:
        notes = dict.fromkeys(self._notes[cite] for cite in borne.cites)
        return Line(text=printable(text), notes=tuple(notes), by=_signed(borne))

    def phases(self) -> Iterable[Phase]:
        """The sections in order."""
        for number, section in enumerate(self._view.sections, 1):
            yield Phase(
                number=number,
                title=printable(section.title),
                kind=section.kind,
                minutes=section.minutes,
                blocks=tuple(
                    self._block(block)
                    for block in section.blocks
                    if isinstance(block, Prose | Example | Activity | Check)
                ),
            )

    def questions_not_asked(self) -> Iterable[SheetQuestion]:
        """Those that no section asks."""
        blocks = [block for section in self._view.sections for block in section.blocks]
        asked = {block.question for block in blocks if block.kind == "check"}
        return (question for key, question in self._questions.items() if key not in asked)

    def _block(self, block: Prose | Example | Activity | Check) -> Block:
        if isinstance(block, Prose):
            return Paragraph(lines=tuple(_with_notes_at_ends([self.line(each) for each in block.sentences])))
        if isinstance(block, Example):
            answer = self._line(block.answer, block)
            *steps, answer = _with_notes_at_ends([*(self.line(step) for step in block.steps), answer])
            return WorkedExample(problem=printable(block.problem), steps=tuple(steps), answer=answer)
        if isinstance(block, Activity):
            return Task(
                grouping=_GROUPINGS[block.grouping],
                steps=tuple(printable(step) for step in block.steps),
                product=printable(block.product),
            )
        return self._questions[block.question]


def _with_notes_at_ends(lines: Sequence[Line]) -> Iterable[Line]:
    """The lines with one note at the end of each run that the same sources bear, or the same person or program."""
    for line, following in zip_longest(lines, lines[1:]):
        goes_on = following is not None and (following.notes, following.by) == (line.notes, line.by)
        yield replace(line, notes=(), by=None) if goes_on else line


def _asked(number: int, question: StudentQuestion) -> SheetQuestion:
    layout = KINDS[question.kind].layout(question.shown)
    return SheetQuestion(
        number=number,
        stem=printable(question.stem),
        lettered=tuple(zip(ascii_uppercase, map(printable, layout.lettered), strict=False)),
        numbered=tuple(map(printable, layout.numbered)),
        boxes=tuple(layout.boxes),
        lines_to_write=layout.lines_to_write,
    )


def _signed(part: Statement | Example | Question) -> str | None:
    """Who or what stands behind a sentence that is not a source's own."""
    if part.origin == "computed":
        return f"computed by {printable(part.by or 'lessongen')}"
    if part.origin == "author":
        return printable(part.by or "the author")
    return None


# ---------------------------------------------------------------- key


class _Key:
    """Makes the teacher's key; its numbers and letters are those of the student's edition."""

    def __init__(self, lesson: Lesson, about: Mapping[str, Any]) -> None:
        self._lesson = lesson
        self._approvals = about.get("approvals", ())
        self._passages = {
            quoted.id: Passage(text=printable(quoted.text), note=number, heading=printable(quoted.section))
            for number, source in enumerate(sources_in_order(lesson), 1)
            for quoted in source.quotes
        }

    def entries(self) -> Iterable[KeyEntry]:
        """One for each question, by number."""
        numbers = question_numbers(self._lesson)
        for question in sorted(self._lesson.questions, key=lambda question: numbers[question.id]):
            passages = tuple(self._passages[cite] for cite in question.cites)
            feedback = printable(question.feedback.text)
            is_news = feedback not in {passage.text for passage in passages} | {printable(str(question.answer))}
            yield KeyEntry(
                number=numbers[question.id],
                answer=printable(question.key_text),
                feedback=feedback if is_news else None,
                passages=passages,
                by=_signed(question),
                reviews=tuple(self._reviews(f"q{numbers[question.id]}")),
            )

    def _reviews(self, name: str) -> Iterable[str]:
        """What reviewers have marked at a question."""
        for approval in self._approvals:
            for mark in approval["marks"]:
                if mark["question"] == name:
                    verdict = {"ok": "approved", "reject": "rejected"}[mark["verdict"]]
                    note = f": {printable(mark['note'])}" if mark["note"] else ""
                    yield f"{verdict} by {printable(approval['reviewer'])}{note}"


# ---------------------------------------------------------------- head and foot


def _facts(view: StudentLesson) -> Iterable[str]:
    yield f"{printable(view.subject)} / {printable(view.topic)}"
    yield f"{view.minutes} minutes"
    if view.level != "general":
        yield f"level {printable(view.level)}"
    if view.variant != "core":
        yield f"variant {printable(view.variant)}"


def _reference(number: int, source: StudentSource) -> Reference:
    return Reference(
        number=number,
        title=printable(source.title),
        attribution=printable(source.attribution),
        licence=printable(source.licence),
        licence_url=_licence_url(source.licence),
        url=safe_url(source.url),
        revision=printable(source.revision) if source.revision else None,
        retrieved=f"{source.retrieved:%Y-%m-%d}",
    )


def _licence_url(licence: str) -> str | None:
    """The deed of a Creative Commons licence, which its terms ask to be linked to."""
    if _CC0.search(licence):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = _CREATIVE_COMMONS.search(licence)
    return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/" if found else None


def _notices(lesson: Lesson, about: Mapping[str, Any]) -> Iterable[str]:
    """What a teacher should know: what the writer noticed, and what reviewers noted."""
    yield from map(printable, lesson.provenance.notices)
    for approval in about.get("approvals", ()):
        if approval["note"]:
            yield f"{printable(approval['reviewer'])}, who approved it: {printable(approval['note'])}"


def _colophon(made: Provenance | StudentProvenance, about: Mapping[str, Any]) -> Iterable[str]:
    """Which version this is and how it was made; of a student's edition without the seed."""
    if about.get("version"):
        yield f"Version {printable(str(about['version']))}"
    if about.get("last_updated"):
        yield printable(str(about["last_updated"]))[:10]
    if about.get("approvals"):
        yield f"approved by {', '.join(printable(each['reviewer']) for each in about['approvals'])}"
    yield f"{printable(made.writer)} writer" + (f" with {printable(made.model)}" if made.model else "")
    if isinstance(made, Provenance):
        yield f"seed {made.seed}"
    if made.legibility:
        yield f"reads at grade {made.legibility.grade:.0f}, {made.legibility.cefr}"
    if made.computed:
        yield f"practice computed by {', '.join(map(printable, made.computed))}"
    if made.check and made.check.passed:
        yield f"passed {made.check.rules} checks"


def split_at_gaps(text: str) -> list[str]:
    """The text before, between and after its gaps, for formats that draw a gap."""
    return text.split(GAP)
