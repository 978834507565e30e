"""The extractive writer on a teacher's own text: no encyclopedia, nothing but the text's own sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from lessongen.check.gate import examine
from lessongen.check.items import flaws
from lessongen.lesson.draft import Draft
from lessongen.lesson.material import Document, Material, Part
from lessongen.lesson.model import Check, Lesson, Prose
from lessongen.lesson.questions.open import Open
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import TooThin, UnsupportedLanguage
from lessongen.writers.extractive import ExtractiveWriter
from tests.attempts import PlainAttempt

LEAD = (
    "A glimmer mill is a machine that grinds pale crystals into a fine powder. "
    "Glimmer mills stand beside slow rivers, because the crystals have to be washed before they are ground. "
    "The first glimmer mill was built near Ostrava in 1742 by a clockmaker who wanted brighter lamps. "
)
PARTS = {
    "How it works": (
        "A hopper is a funnel that holds the washed crystals above the stones. "
        "A grindstone is a heavy round stone that turns slowly and crushes whatever lies beneath it. "
        "It is lifted once a week so that its grooves can be cut again. "
        "A sluice is a wooden gate that lets water onto the wheel and shuts it off at night. "
        "Water from the sluice drives the wheel, and the wheel turns the grindstone through a shaft of oak. "
    ),
    "What it makes": (
        "Lamp flour is the fine powder that remains in the lowest drawer after three passes. "
        "Grit is the coarse powder that is taken out of the upper drawer and ground again. "
        "Lampmakers mix lamp flour with resin and press the paste into small glass tubes. "
        "A tube of good paste glows for about nine years before it has to be replaced. "
    ),
    "The people": (
        "A stonewright is a worker who cuts the grooves of a grindstone with a hammer and a chisel. "
        "A sluicekeeper is a worker who watches the water and opens the sluice at dawn. "
        "Apprentices learned the craft for five years and slept in the loft above the hopper. "
        "Most of the old mills were closed in 1911, when electric light reached the valleys. "
    ),
}


def document(title: str = "Glimmer mill", lead: str = LEAD, parts: Mapping[str, str] = PARTS) -> Document:
    text, places = lead, [Part(heading="", start=0, end=len(lead))]
    for heading, body in parts.items():
        places.append(Part(heading=heading, start=len(text), end=len(text) + len(body)))
        text += body
    return Document(
        title=title,
        text=text,
        language="en",
        url=None,
        revision=None,
        retrieved=datetime(2026, 1, 31, 9, tzinfo=UTC),
        licence="the teacher's own",
        attribution="A teacher",
        parts=tuple(places),
    )


def write(source: Document | None = None, seed: int = 1, earlier: Sequence[Lesson] = (), **asked: Any) -> Draft:
    request = LessonRequest(subject="crafts", topic="glimmer mills", **asked)
    material = Material(article=source or document())
    return ExtractiveWriter(None).write(request, material, PlainAttempt(seed=seed, earlier=earlier))


@pytest.mark.parametrize("seed", range(8))
def test_a_teachers_own_text_becomes_a_lesson_that_passes_every_check(seed: int) -> None:
    draft = write(seed=seed)
    assert examine(draft.lesson, draft.texts).problems == ()
    assert draft.lesson.sources[0].title == "Glimmer mill"
    assert len(draft.lesson.questions) >= 5


def test_every_sentence_of_the_prose_stands_verbatim_in_the_text() -> None:
    draft = write()
    text = document().text
    shown = [
        sentence.text
        for section in draft.lesson.sections
        for block in section.blocks
        if isinstance(block, Prose)
        for sentence in block.sentences
    ]
    assert shown
    assert all(sentence in text for sentence in shown)


def test_the_same_seed_and_history_give_the_same_content() -> None:
    first, second = write(seed=5).lesson, write(seed=5).lesson
    assert without_duration(first) == without_duration(second)


def test_another_seed_asks_other_questions() -> None:
    stems = {tuple(question.stem for question in write(seed=seed).lesson.questions) for seed in range(5)}
    assert len(stems) > 1


def test_a_lesson_says_when_its_material_is_used_up() -> None:
    versions: list[Lesson] = []
    for seed in range(8):
        versions.append(write(seed=seed, earlier=versions).lesson)
    assert not any("used up" in notice for notice in versions[0].provenance.notices)
    assert any("used up" in notice for notice in versions[-1].provenance.notices)


@pytest.mark.parametrize("minutes", [15, 20, 30])
def test_the_minutes_asked_for_are_the_minutes_of_the_sections(minutes: int) -> None:
    draft = write(minutes=minutes)
    assert draft.lesson.minutes == minutes
    assert sum(section.minutes for section in draft.lesson.sections) == minutes
    assert examine(draft.lesson, draft.texts).problems == ()


def test_minutes_that_the_material_does_not_fill_are_not_promised() -> None:
    lesson = write(minutes=90).lesson
    assert lesson.minutes < 60
    assert any("not the 90 asked for" in notice for notice in lesson.provenance.notices)


@pytest.mark.parametrize("questions", [5, 6])
def test_as_many_questions_are_asked_as_were_wanted(questions: int) -> None:
    assert len(write(questions=questions).lesson.questions) == questions


def test_a_level_is_recorded_and_no_text_is_refused_for_it() -> None:
    for level in ("grade-1", "grade-12", "A1"):
        assert write(level=level).lesson.level == level


def test_a_short_text_becomes_a_fact_sheet_that_says_so_and_where_to_get_more() -> None:
    draft = write(document(parts={}), minutes=45)
    sheet = draft.lesson
    assert examine(sheet, draft.texts).problems == ()
    assert sheet.kind == "fact_sheet"
    assert sheet.title == "Fact sheet: glimmer mills"
    assert 10 <= sheet.minutes <= 15
    assert any("3 sentences" in notice and "Kiwix" in notice for notice in sheet.provenance.notices)


def test_a_text_is_a_lesson_from_a_dozen_sentences_on() -> None:
    assert write().lesson.kind == "lesson"
    assert write(document(parts={"How it works": PARTS["How it works"]})).lesson.kind == "fact_sheet"


@pytest.mark.parametrize("text", ["", "…", "Glimmer", "1 2 3", "It is so. " * 80])
def test_a_text_without_a_usable_sentence_is_refused_as_too_thin(text: str) -> None:
    with pytest.raises(TooThin):
        write(document(lead=text, parts={}))


def test_another_language_is_refused_by_name() -> None:
    with pytest.raises(UnsupportedLanguage, match="“fr”"):
        write(language="fr")


def test_nothing_is_asked_beside_the_sentence_that_answers_it() -> None:
    for seed in range(4):
        lesson = write(seed=seed).lesson
        asked = {question.id: set(question.cites) for question in lesson.questions}
        for section in lesson.sections:
            shown = {
                cite
                for block in section.blocks
                if isinstance(block, Prose)
                for each in block.sentences
                for cite in each.cites
            }
            assert all(shown.isdisjoint(asked[block.question]) for block in section.blocks if isinstance(block, Check))


def test_open_questions_have_points_to_mark_and_none_has_a_flaw() -> None:
    lesson = write().lesson
    opens = [each for each in lesson.questions if isinstance(each, Open)]
    assert opens
    assert all(len(each.points) >= 2 and "One mark for each" in each.key_text for each in opens)
    assert flaws(lesson) == []


def without_duration(lesson: Lesson) -> Lesson:
    provenance = lesson.provenance.model_copy(update={"duration_seconds": 0.0})
    return lesson.model_copy(update={"provenance": provenance})
