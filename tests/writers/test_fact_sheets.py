"""A fact sheet says that it is one, in every output; what a topic asks for is what the lesson is on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from io import StringIO

import pytest

from lessongen.exporters import exporter, known_formats
from lessongen.generation.generate import Generator
from lessongen.generation.qualified import qualified
from lessongen.lesson.material import Material
from lessongen.lesson.model import Lesson, Prose
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.versions import is_fact_sheet
from lessongen.system.errors import Uncovered
from lessongen.writers.extractive import ExtractiveWriter
from lessongen.writers.extractive.cuts import cuts_of
from tests.attempts import PlainAttempt
from tests.writers.test_extractive import LEAD, PARTS, document

ABOUT = {"version": "1.0", "last_updated": "2026-01-31T09:00:00Z"}


def request(topic: str = "glimmer mills", **asked: str) -> LessonRequest:
    return LessonRequest(subject="crafts", topic=topic, writer="extractive", **asked)  # type: ignore[arg-type]


def made(asked: LessonRequest, material: Material) -> Lesson:
    generate = Generator(
        gather=lambda *_: material, writers={"extractive": lambda: ExtractiveWriter(None)}, body_text=lambda _: "text"
    )
    version = generate(asked, PlainAttempt(seed=1))
    assert is_fact_sheet(version.content) is (Lesson.model_validate_json(version.content).kind == "fact_sheet")
    return Lesson.model_validate_json(version.content)


@pytest.fixture(scope="module")
def sheet() -> Lesson:
    return made(request(), Material(article=document(parts={})))


def outputs(lesson: Lesson) -> Iterator[str]:
    from rich.console import Console

    from lessongen.exporters.terminal import render

    for audience in ("student", "teacher"):
        for form in known_formats():
            yield exporter(form)(lesson, audience=audience, about=ABOUT).decode("utf-8", "replace")
        console = Console(file=StringIO(), width=100, color_system=None)
        render(lesson, ABOUT, audience, console)
        assert isinstance(console.file, StringIO)
        yield console.file.getvalue()


def test_a_fact_sheet_says_so_in_every_format_for_students_and_teachers(sheet: Lesson) -> None:
    assert sheet.kind == "fact_sheet"
    assert all("Fact sheet" in " ".join(output.split()) for output in outputs(sheet))


@pytest.mark.parametrize("variant", ["support", "extend"])
def test_a_variant_of_a_fact_sheet_is_one_too_and_keeps_what_the_thing_does(variant: str) -> None:
    lesson = made(request(variant=variant), Material(article=document(parts={})))
    assert lesson.kind == "fact_sheet"
    said = [each.text for section in lesson.sections for block in section.blocks if isinstance(block, Prose)
            for each in block.sentences]  # fmt: skip
    assert "because the crystals have to be washed" in " ".join(said)


@pytest.mark.parametrize("topic", ["people of glimmer mills", "glimmer mills people"])
def test_a_lesson_is_about_the_section_that_the_topic_asks_for(topic: str) -> None:
    material = qualified(request(topic), Material(article=document()))
    lesson = ExtractiveWriter(None).write(request(topic), material, PlainAttempt()).lesson
    assert material.qualifier == "people"
    assert "people" in lesson.title
    assert "The people" in [section.title for section in lesson.sections]
    assert "What it makes" not in [section.title for section in lesson.sections]


@pytest.mark.parametrize("topic", ["glimmer mills in Portugal", "dangers of glimmer mills", "glimmer mills dangers"])
def test_what_an_article_does_not_tell_is_refused_with_the_wider_topic(topic: str) -> None:
    with pytest.raises(Uncovered) as refusal:
        qualified(request(topic), Material(article=document()))
    assert "“Glimmer mill” as a whole" in (refusal.value.hint or "")
    assert "lessongen " not in (refusal.value.hint or "")


def test_no_neighbour_makes_up_for_what_the_article_lacks() -> None:
    other = dataclasses.replace(document(lead=LEAD.replace("glimmer", "other")), title="Portugal")
    with pytest.raises(Uncovered):
        qualified(request("glimmer mills in Portugal"), Material(article=document(), others=(other,)))


@pytest.mark.parametrize(
    ("sentence", "asks", "answer"),
    [
        ("Lantern herons stand still, because fish flee from what moves.", "Why", "fish flee from what moves"),
        ("The British government answered by closing the port of Boston.", "How", "by closing the port of Boston"),
        ("Water freezes in the cracks, causing the rock to split.", "What comes", "causing the rock to split"),
        ("A program is an algorithm only if it stops in the end.", "When", "only if it stops in the end"),
        ("The siphon of an octopus is used for breathing and swimming.", "What for", "for breathing and swimming"),
    ],
)
def test_a_sentence_is_cut_where_it_explains(sentence: str, asks: str, answer: str) -> None:
    cut = next(cuts_of(sentence))
    assert cut.way.asks.startswith(asks)
    assert cut.told == answer
    assert cut.told not in cut.said


@pytest.mark.parametrize(
    "sentence",
    [
        "The mill stands by the river.",
        "It was closed because it burned down twice.",
        "He said: “We left because the water rose.”",
        "The reason is because of the wind, but nobody knows it.",
    ],
)
def test_a_sentence_that_explains_nothing_by_itself_is_not_cut(sentence: str) -> None:
    assert not list(cuts_of(sentence))


def test_the_parts_of_the_mill_are_all_of_the_article() -> None:
    lesson = made(request(), Material(article=document()))
    assert {source.title for source in lesson.sources} == {"Glimmer mill"}
    assert {section.title for section in lesson.sections} > set(PARTS)
