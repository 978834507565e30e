"""The sheet: a lesson laid out for a reader, whatever the format; exporters only give it a form.

The body is made of the student's edition, for teachers as well: both read the same numbers and letters, and an answer
stands in the teacher's key or nowhere. All foreign text in it is printable; escaping for the format is the exporter's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lessongen.exporters.body import Body
from lessongen.exporters.key import Key
from lessongen.exporters.marks import Marks
from lessongen.exporters.shapes import MixedUp, Reference, Sheet, Told
from lessongen.lesson.claims import GAP
from lessongen.lesson.edition import StudentLesson, StudentProvenance, StudentSource, student_lesson
from lessongen.lesson.model import Lesson, Provenance, Source
from lessongen.system.printable import printable
from lessongen.text.sentences import ends_like_a_sentence

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience

LICENCE_NOTE = (
    "The passages keep the licences of their sources; selection, order, instructions and questions were added."
)

FACT_SHEET = "Fact sheet"
SAFETY_NOTE = "a teacher\N{RIGHT SINGLE QUOTATION MARK}s advice, not from the source"
_WIKIPEDIA = re.compile(r"https?://(?:[\w-]+\.)*wikipedia\.org/", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_CC0 = re.compile(r"\bCC0\b", re.IGNORECASE)
_CREATIVE_COMMONS = re.compile(r"CC[ -](BY(?:-(?:NC|SA|ND))*)[ -](\d\.\d)", re.IGNORECASE)


def lay_out(lesson: Lesson, audience: Audience, about: Mapping[str, Any]) -> Sheet:
    """The lesson as a sheet. The student's has no key, no notices, and nothing that either could be told from."""
    view = student_lesson(lesson)
    is_teacher = audience == "teacher"
    marks = Marks(lesson, view, audience)
    # In the order of reading, in which marks count, and what is for teachers after all that both editions have.
    body = Body(view, marks)
    summary = body.line(view.summary)
    key_points = tuple(map(body.line, view.key_points))
    key_terms = tuple((printable(each.term), body.line(each.definition)) for each in view.key_terms)
    corrections = [body.line(each.correction) for each in view.misconceptions]
    phases = tuple(body.phases())
    key = Key(lesson, marks, about)
    if is_teacher:
        phases = key.guided(phases)
    return Sheet(
        audience=audience,
        title=_title(view),
        based_on=based_on(view.sources[0]),
        facts=tuple(_facts(view)),
        language=printable(view.language),
        outcome=printable(view.outcome),
        summary=summary,
        objectives=tuple(printable(objective.text) for objective in view.objectives),
        prior_knowledge=tuple(printable(each) for each in view.prior_knowledge),
        materials=tuple(map(printable, view.materials)),
        safety=tuple(map(printable, view.safety)),
        key_points=key_points,
        key_terms=key_terms,
        misconceptions=tuple(
            MixedUp(
                belief=printable(each.belief),
                correction=correction,
                tempting=printable(each.tempting) if is_teacher else "",
            )
            for each, correction in zip(lesson.misconceptions, corrections, strict=True)
        ),
        starters=body.starters(),
        phases=phases,
        closing=tuple(body.closing()),
        references=tuple(_reference(at, source, marks.told(at)) for at, source in enumerate(view.sources, 1)),
        notices=tuple(_notices(lesson, about)) if is_teacher else (),
        has_plan=is_teacher and any(phase.guide for phase in phases),
        key=tuple(key.entries()) if is_teacher else (),
        colophon=tuple(_colophon(lesson.provenance if is_teacher else view.provenance, about)),
    )


def _title(view: StudentLesson) -> str:
    """The title; of a fact sheet it says so."""
    title = printable(view.title)
    is_said = view.kind == "lesson" or title.casefold().startswith(FACT_SHEET.casefold())
    return title if is_said else f"{FACT_SHEET}: {title}"


def based_on(article: Source | StudentSource) -> str:
    """Which article the lesson is about, as a sentence without its full stop."""
    is_wikipedia = _WIKIPEDIA.match(article.url or "") is not None
    what = "the Wikipedia article " if is_wikipedia else ""
    return f"Based on {what}“{printable(article.title)}”"


def safe_url(url: str | None) -> str | None:
    """The address where it may be linked to: http or https, with nothing in it that could end an attribute."""
    address = printable(url or "")
    return quote(address, safe="/:?#@!$&*+,;=%~-._") if _WEB_ADDRESS.match(address) else None


# ---------------------------------------------------------------- head and foot


def _facts(view: StudentLesson) -> Iterable[str]:
    yield f"{printable(view.subject)} / {printable(view.topic)}"
    yield f"{view.minutes} minutes"
    if view.level != "general":
        yield f"level {printable(view.level)}"
    if view.variant != "core":
        yield f"variant {printable(view.variant)}"


def _reference(number: int, source: StudentSource, passages: tuple[Told, ...]) -> Reference:
    return Reference(
        number=number,
        title=printable(source.title),
        attribution=printable(source.attribution),
        licence=printable(source.licence),
        licence_url=_licence_url(source.licence),
        url=safe_url(source.url),
        revision=printable(source.revision) if source.revision else None,
        retrieved=f"{source.retrieved:%Y-%m-%d}",
        passages=passages,
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
    if made.judge:
        yield f"sentences judged by {printable(made.judge)}" + (f" ({printable(made.exam)})" if made.exam else "")
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


def reads_as_sentences(items: Iterable[str]) -> bool:
    """Whether each of the items is a sentence by itself: such ones are listed, not strung together."""
    return all(ends_like_a_sentence(each) for each in items)
