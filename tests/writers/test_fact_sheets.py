"""A fact sheet says that it is one, in every output; what a topic asks for is what the lesson is on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from io import StringIO

import pytest

from lessongen.exporters import Order, known_formats
from lessongen.generation.generate import Generator
from lessongen.generation.qualified import qualified
from lessongen.lesson.material import Material
from lessongen.lesson.model import Activity, Lesson, Prose
from lessongen.lesson.questions.open import Open
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.versions import is_fact_sheet
from lessongen.system.errors import Uncovered
from lessongen.writers.extractive import ExtractiveWriter
from lessongen.writers.extractive.asked import asked_of
from tests.attempts import PlainAttempt
from tests.exporters.opened import READERS
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
        for form in known_formats().values():
            if not form.has_keys and (not form.is_binary or form.name in READERS):
                data = form.export(Order(lesson, audience, ABOUT))
                yield READERS.get(form.name, bytes.decode)(data)
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
    ("sentence", "question", "answer"),
    [
        (
            "Grey herons are silent because a loud voice leads gulls to the nest.",
            "Why are grey herons silent?",
            "because a loud voice leads gulls to the nest",
        ),
        (
            "The old bridge collapsed due to the weight of the carts.",
            "Why did the old bridge collapse?",
            "due to the weight of the carts",
        ),
        (
            "The milk is cooled by adding the crushed ice in small lumps.",
            "How is the milk cooled?",
            "by adding the crushed ice in small lumps",
        ),
        (
            "The siphon of an octopus is used for breathing and swimming.",
            "What is the siphon of an octopus used for?",
            "for breathing and swimming",
        ),
        (
            "A lantern consists of a frame of iron and four panes of glass.",
            "What does a lantern consist of?",
            "a frame of iron and four panes of glass",
        ),
        (
            "Paris is divided into twenty districts along the river.",
            "What is Paris divided into?",
            "twenty districts along the river",
        ),
    ],
)
def test_a_sentence_that_explains_is_asked_in_a_whole_question(sentence: str, question: str, answer: str) -> None:
    asked = asked_of(sentence)
    assert asked is not None
    assert (asked.stem, asked.answer) == (question, answer)
    assert answer in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "The mill stands by the river.",
        "It was closed because it burned down twice.",
        "He said: “We left because the water rose.”",
        "The reason is because of the wind, but nobody knows it.",
        "Growth is driven by rising oil production.",
        "The miller that owned it was rich because he had many sons.",
    ],
)
def test_a_sentence_that_explains_nothing_by_itself_is_not_asked(sentence: str) -> None:
    assert asked_of(sentence) is None


def test_the_question_of_a_sheet_says_what_counts_as_a_point(sheet: Lesson) -> None:
    for question in sheet.questions:
        if isinstance(question, Open):
            assert question.stem.endswith(": a point for each.")
            wanted = int(question.stem.split()[1])
            assert 2 <= wanted < len(question.points)  # else there is nothing to choose
            told = [each.text for section in sheet.sections for block in section.blocks
                    if isinstance(block, Prose) for each in block.sentences]  # fmt: skip
            assert set(question.points) <= set(told)  # whatever a student chooses of the text counts


def test_where_the_text_has_two_sentences_both_are_told_and_nothing_is_chosen() -> None:
    lead = (
        "A glimmer mill is a house by a river that makes fine flour of wheat, of rye and of barley for the whole town. "
        "The glimmer mill has one tall wheel of dark oak, and the cold water of the river turns it from spring to "
        "autumn."
    )
    (question,) = (each for each in made(request(), Material(article=document(lead=lead, parts={}))).questions
                   if isinstance(each, Open))  # fmt: skip
    assert len(question.points) == 2
    assert question.stem.endswith(" in 2 sentences of your own words: a point for each.")
    assert "Choose" not in question.stem


@pytest.mark.parametrize(
    "aged",
    [
        "Today the mill belongs to a rich baker of the town.",
        "The mill currently grinds the wheat of nine farms.",
        "The mill has recently got a new wheel of iron.",
        "As of 2019 the mill was the largest of the valley.",
        "The mill feeds 3,200 inhabitants of the valley.",
    ],
)
def test_what_may_be_otherwise_by_now_is_not_quoted(aged: str) -> None:
    lead = f"A mill is a house that makes flour. It stands by a river. {aged} The water turns its wheel all day. "
    sheet = made(request(topic="mill"), Material(article=document(title="Mill", lead=lead, parts={})))
    assert aged not in {quote.text for source in sheet.sources for quote in source.quotes}


def test_a_page_does_not_begin_with_the_sentence_that_the_text_begins_with(sheet: Lesson) -> None:
    page = known_formats()["md"].export(Order(sheet, "student", ABOUT)).decode()
    body = page.partition("## What the marks lead to")[0]
    assert body.count(sheet.summary.text) == 1


def test_a_fact_sheet_prints_its_definition_as_its_opening_and_not_once_more_as_a_key_word(sheet: Lesson) -> None:
    assert sheet.summary.text not in [each.definition.text for each in sheet.key_terms]


def test_what_is_done_with_a_sheet_is_made_of_its_own_words() -> None:
    lead = (
        "A glimmer mill is a contraption that pulverises iridescent crystals into a fine powder. "
        "Its perforated hopper dispenses the crystals onto a corrugated stone. "
    )
    sheet = made(request(), Material(article=document(lead=lead, parts={})))
    steps = [step for section in sheet.sections for block in section.blocks if isinstance(block, Activity)
             for step in block.steps]  # fmt: skip
    assert any("iridescent" in step and "corrugated" in step for step in steps)


def test_a_text_without_hard_words_and_names_ends_without_a_task_that_would_fit_any() -> None:
    lead = "A mill is a house that makes flour. It stands by a river. The water turns its wheel all day. "
    sheet = made(request(topic="mill"), Material(article=document(title="Mill", lead=lead, parts={})))
    assert not [block for section in sheet.sections for block in section.blocks if isinstance(block, Activity)]


@pytest.mark.parametrize(
    "sentence",
    [
        "For a discussion of the role of drainage practices in agriculture.",
        "The school flourished until the imperial period The ancient masters believed in reason.",
    ],
)
def test_half_a_sentence_and_two_in_one_are_not_quoted(sentence: str) -> None:
    article = document(lead=f"{LEAD}{sentence} ", parts={})
    sheet = made(request(), Material(article=article))
    said = [each.text for section in sheet.sections for block in section.blocks if isinstance(block, Prose)
            for each in block.sentences]  # fmt: skip
    assert said
    assert sentence not in said


def test_of_two_sentences_without_a_stop_between_them_the_second_is_quoted() -> None:
    second = "The old millers believed that each crystal was ground by the light of the moon, and by that alone."
    lead = (
        f"A glimmer mill is a house of hope which was built in the hills and spread into the imperial period {second}"
    )
    sheet = made(request(), Material(article=document(lead=f"{lead} These beliefs were kept for ages.", parts={})))
    assert sheet.kind == "fact_sheet"
    assert sheet.summary.text == second


def test_the_parts_of_the_mill_are_all_of_the_article() -> None:
    lesson = made(request(), Material(article=document()))
    assert {source.title for source in lesson.sources} == {"Glimmer mill"}
    assert {section.title for section in lesson.sections} > set(PARTS)
