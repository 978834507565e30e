"""The sheet: a lesson laid out for a reader, whatever the format; exporters only give it a form.

The body is made of the student's edition, for teachers as well: both read the same questions and letters, and an answer
stands in the teacher's key or nowhere. All foreign text in it is printable; escaping for the format is the exporter's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lessongen.exporters.body import Body
from lessongen.exporters.key import Key
from lessongen.exporters.marks import Marks
from lessongen.exporters.shapes import KNOWN, Grid, Line, MixedUp, Phase, Photo, Reference, Sheet
from lessongen.lesson.edition import StudentLesson, StudentProvenance, StudentSource, student_lesson
from lessongen.lesson.image import Image, fault_of_file
from lessongen.lesson.model import Lesson, Prose, Provenance, Source
from lessongen.lesson.reached import above_level
from lessongen.system.printable import printable
from lessongen.text.passages import GAP
from lessongen.text.records import told_otherwise
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


def lay_out(lesson: Lesson, audience: Audience, about: Mapping[str, Any], image: str = "") -> Sheet:
    """The lesson as a sheet. The student's has no keys, notes, minutes, and nothing that these could be told from.

    `image` is the file of its picture in base64.
    """
    view = student_lesson(lesson)
    is_teachers = audience == "teacher"
    marks = Marks(lesson, view, audience)
    key = Key(lesson, marks, about) if is_teachers else None
    body = Body(view, marks, key)
    # In the order of reading, in which marks count: a teacher reads first what students keep for the end.
    summary = None if _is_said_first(view) else body.line(view.summary)
    recap = _recap(view, body, [each.tempting for each in lesson.misconceptions]) if is_teachers else None
    key_terms = tuple((printable(each.term), _defined(body.line(each.definition))) for each in view.key_terms)
    starters, phases, closing = body.starters(), tuple(body.phases()), tuple(body.closing())
    # What is mixed up is printed with what is so, and questions ask for that: it is the teacher's.
    key_points, misconceptions = recap or (tuple(map(body.line, view.key_points)), ())
    return Sheet(
        audience=audience,
        title=_title(view),
        based_on=based_on(view.sources[0]),
        facts=tuple(_facts(view, is_teachers=is_teachers)),
        language=printable(view.language),
        outcome=printable(view.outcome),
        summary=summary,
        image=_photo(view.image, image) if view.image else None,
        safety=tuple(map(printable, view.safety)),
        head=tuple(_head(view, is_teachers=is_teachers)),
        plan=_plan(phases) if is_teachers and view.kind == "lesson" else None,
        key_points=key_points,
        key_terms=key_terms,
        misconceptions=misconceptions,
        starters=starters,
        phases=phases,
        closing=closing,
        quotes=tuple(marks.told()),
        references=tuple(map(_reference, view.sources)),
        notices=tuple(_notices(lesson, about)) if is_teachers else tuple(_students_notices(view)),
        colophon=tuple(_colophon(lesson.provenance if is_teachers else view.provenance, about)),
    )


def _is_said_first(view: StudentLesson) -> bool:
    """Whether the text begins with the summary, so that it would stand there twice."""
    first = next((block for section in view.sections for block in section.blocks if isinstance(block, Prose)), None)
    return first is not None and first.sentences[0].text == view.summary.text


def _recap(view: StudentLesson, body: Body, tempting: Iterable[str]) -> tuple[tuple[Line, ...], tuple[MixedUp, ...]]:
    """The key points, and what is mixed up."""
    return tuple(map(body.line, view.key_points)), tuple(
        MixedUp(belief=printable(each.belief), correction=body.line(each.correction), tempting=printable(why))
        for each, why in zip(view.misconceptions, tempting, strict=True)
    )


def _defined(said: Line) -> Line:
    """A definition without what would say again that it is one, where a quote bears it."""
    return replace(said, label=None) if said.role == "gloss" and said.notes else said


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


def _head(view: StudentLesson, *, is_teachers: bool) -> Iterable[tuple[str, tuple[str, ...]]]:
    """What is told before the lesson, by title; not to students what to bring along, and what the starter asks."""
    known = tuple(map(printable, view.prior_knowledge))
    are_sentences = all(map(ends_like_a_sentence, known))
    lists = {
        "Objectives": [printable(each.text) for each in view.objectives if is_teachers or not view.outcome],
        KNOWN: (known if are_sentences else [", ".join(known)]) if is_teachers else (),
        "Materials": map(printable, view.materials) if is_teachers else (),
        "Safety": [f"{printable(each)} [{SAFETY_NOTE}]" for each in view.safety],
    }
    for title, items in lists.items():
        told = tuple(items)
        if told:
            yield title, told


def _plan(phases: Sequence[Phase]) -> Grid:
    """What is done when."""
    rows = [(each.time, each.title, each.part, each.asked) for each in phases]
    return Grid(
        title="Time plan",
        headings=("Minutes", "Section", "Part", "Questions and tasks"),
        rows=tuple(tuple(Line(text=cell) for cell in row) for row in rows),
    )


def _facts(view: StudentLesson, *, is_teachers: bool) -> Iterable[str]:
    yield f"{printable(view.subject)} / {printable(view.topic)}"
    if is_teachers:
        yield f"{view.minutes} minutes"
    if view.level != "general":
        level = printable(view.level)
        yield level.replace("-", " ") if level.startswith("grade") else f"level {level}"
    if view.variant != "core":
        yield f"variant {printable(view.variant)}"


def _reference(source: StudentSource) -> Reference:
    return Reference(
        title=printable(source.title),
        attribution=printable(source.attribution),
        licence=printable(source.licence),
        licence_url=_licence_url(source.licence),
        url=safe_url(source.url),
        revision=printable(source.revision) if source.revision else None,
        retrieved=f"{source.retrieved:%Y-%m-%d}",
    )


def _photo(image: Image, file: str) -> Photo:
    """The picture; with its file where that is what the lesson says, whoever stored it."""
    is_sound = bool(file) and fault_of_file(image, file) is None
    return Photo(
        title=printable(image.title),
        alternative=printable(image.alternative),
        caption=printable(image.caption),
        author=printable(image.author),
        licence=printable(image.licence),
        licence_url=safe_url(image.licence_url) or _licence_url(image.licence),
        page_url=safe_url(image.page_url),
        file_url=safe_url(image.file_url),
        width=image.width,
        height=image.height,
        data=f"data:{image.media_type};base64,{file}" if is_sound else "",
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
    yield from _of_records(lesson)
    for approval in about.get("approvals", ()):
        if approval["note"]:
            yield f"{printable(approval['reviewer'])}, who approved it: {printable(approval['note'])}"


def _students_notices(view: StudentLesson) -> Iterable[str]:
    """What students should know before they read: that it is harder than their level, and whose count it gives."""
    found = view.provenance.legibility
    told = above_level(view.level, found.grade, found.cefr) if found else ""
    if told:
        yield f"This text {told}: ask where you don’t understand it."  # noqa: RUF001
    yield from _of_records(view)


def _of_records(shown: Lesson | StudentLesson) -> Iterable[str]:
    """What both should mind: where quoted sentences rank or bound things, as one source has it."""
    prose = (block for section in shown.sections for block in section.blocks if isinstance(block, Prose))
    said = [*(term.definition for term in shown.key_terms), *(each for block in prose for each in block.sentences)]
    told = told_otherwise(each.text for each in said if each.origin == "quoted")
    if told and shown.sources[0].url:  # a text of the teacher's own, or of ours, is answered for
        yield printable(told)


def _colophon(made: Provenance | StudentProvenance, about: Mapping[str, Any]) -> Iterable[str]:
    """Which version this is, how it was made and who judged it; how well, and with what seed, for teachers."""
    if about.get("version"):
        yield f"Version {printable(str(about['version']))}"
    if about.get("last_updated"):
        yield printable(str(about["last_updated"]))[:10]
    if about.get("approvals"):
        yield f"approved by {', '.join(printable(each['reviewer']) for each in about['approvals'])}"
    yield f"{printable(made.writer)} writer" + (f" with {printable(made.model)}" if made.model else "")
    examined = f" ({printable(made.exam)})" if made.exam and isinstance(made, Provenance) else ""
    if made.judge:
        yield f"sentences judged by {printable(made.judge)}{examined}"
    if made.computed:
        yield f"practice computed by {', '.join(map(printable, made.computed))}"
    if isinstance(made, Provenance):
        yield f"seed {made.seed}"
        if made.legibility:
            yield f"reads at grade {made.legibility.grade:.0f}, {made.legibility.cefr}"
        if made.check and made.check.passed:
            yield f"passed {made.check.rules} checks"


def split_at_gaps(text: str) -> list[str]:
    """The text before, between and after its gaps, for formats that draw a gap."""
    return text.split(GAP)


def told_once(told: str, marks: Iterable[int]) -> str:
    """What is told of the quotes of these ascending marks together: "[1] to [9], [12]: the words of …"."""
    runs: list[list[int]] = []
    for mark in marks:
        if runs and mark == runs[-1][-1] + 1:
            runs[-1].append(mark)
        else:
            runs.append([mark])
    named = (f"[{run[0]}] to [{run[-1]}]" if len(run) > 2 else ", ".join(f"[{mark}]" for mark in run) for run in runs)
    return f"{', '.join(named)}: {told}"
