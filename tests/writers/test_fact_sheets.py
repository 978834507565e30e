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
from lessongen.system.errors import TooThin, Uncovered
from lessongen.writers.extractive import ExtractiveWriter
from lessongen.writers.extractive.asked import asked_of
from lessongen.writers.extractive.causes import cause_and_effect
from lessongen.writers.extractive.questions import facts_of
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


def test_the_question_of_a_sheet_asks_what_it_is_and_says_what_counts_as_a_point(sheet: Lesson) -> None:
    (question,) = (each for each in sheet.questions if isinstance(each, Open))
    assert question.stem == (
        "Explain in your own words what a glimmer mill is, and add one more fact: a point for each."
    )
    told = [each.text for section in sheet.sections for block in section.blocks
            if isinstance(block, Prose) for each in block.sentences]  # fmt: skip
    assert question.points[0] == told[0]
    assert all(any(point in sentence for sentence in told) for point in question.points)


def test_no_sentence_that_one_question_asks_for_is_paid_again_by_another(sheet: Lesson) -> None:
    paid = [cite for question in sheet.questions for cite in question.cites]
    assert len(sheet.questions) > 1
    assert len(paid) == len(set(paid))


def test_a_second_sheet_asks_in_another_way_and_no_less(sheet: Lesson) -> None:
    generate = Generator(
        gather=lambda *_: Material(article=document(parts={})),
        writers={"extractive": lambda: ExtractiveWriter(None)},
        body_text=lambda _: "text",
    )
    second = Lesson.model_validate_json(generate(request(), PlainAttempt(seed=2, earlier=[sheet])).content)
    before = {each.stem for each in sheet.questions}
    assert len(second.questions) == len(sheet.questions)
    assert 2 * len({each.stem for each in second.questions} - before) >= len(second.questions)
    assert not any(each.stem.startswith("Write") for each in sheet.questions)  # it is the second best


def test_the_facts_of_a_long_sentence_count_one_by_one() -> None:
    long = "The mill has a tall wheel of dark oak; the cold water of the river turns it, which goes on until autumn."
    assert facts_of(long) == [
        "The mill has a tall wheel of dark oak",
        "the cold water of the river turns it",
        "which goes on until autumn.",
    ]
    listing = "The mill has a wheel of oak; stones of grey granite; a roof of reed from the river."
    assert facts_of(listing) == [listing]
    short = "The mill has a wheel, which turns."
    assert facts_of(short) == [short]


def test_facts_are_asked_of_what_speaks_of_the_topic_alone() -> None:
    lead = (
        "A glimmer mill is a house by a river that makes fine flour for the whole town. The glimmer mill has one tall "
        "wheel of dark oak. It turns from spring to autumn. Its roof is made of reed. "
        "Bakers of the town sell warm rolls."
    )
    (question,) = made(request(), Material(article=document(lead=lead, parts={}))).questions
    assert isinstance(question, Open)
    assert question.stem.endswith(", and add two more facts: a point for each.")
    assert len(question.points) == 4
    assert "Bakers of the town sell warm rolls." not in question.points


def test_a_cause_is_to_be_found_and_told_with_what_follows() -> None:
    lead = (
        "A glimmer mill is a house by a river that makes fine flour for the whole town. "
        "Most of the mills of the valley were closed, which led to a lack of bread in the town. "
    )
    questions = made(request(), Material(article=document(lead=lead, parts={}))).questions
    (question,) = (each for each in questions if "cause" in each.stem)
    assert isinstance(question, Open)
    assert question.points == [
        "Most of the mills of the valley were closed",
        "which led to a lack of bread in the town",
    ]


@pytest.mark.parametrize(
    ("sentence", "halves"),
    [
        (
            "Because of the cold wind, the river freezes in winter.",
            ("Because of the cold wind", "the river freezes in winter"),
        ),
        (
            "The disease of the valley was caused by a bacterium.",
            ("was caused by a bacterium", "The disease of the valley"),
        ),
        (
            "The weight of the ice led to a deep valley.",
            ("The weight of the ice", "led to a deep valley"),
        ),
        ("The old mill was closed, triggered by a great fire.", None),  # the word before "by" turns it round
        ("A cold is a disease caused by a virus of the nose.", None),  # what it is
        ("Some believed that the cold wind led to the fever.", None),
        ("In winter the river freezes, and the mill stands still.", None),
    ],
)
def test_a_sentence_tells_a_cause_where_a_word_says_so(sentence: str, halves: tuple[str, str] | None) -> None:
    assert cause_and_effect(sentence) == halves


def test_a_text_of_which_nothing_can_be_asked_is_refused_as_too_thin() -> None:
    lead = (
        "A glimmer mill is a house by a river that makes fine flour of wheat, of rye and of barley for the whole town."
    )
    with pytest.raises(TooThin, match="nothing can be asked"):
        made(request(), Material(article=document(lead=lead, parts={})))


def test_what_stood_before_the_sentence_that_a_sheet_opens_with_is_not_told_behind_it() -> None:
    whole = ["A glimmer mill is a house by a river that makes flour.", "It has a tall wheel of dark oak."]
    lead = " ".join(["Its four strings are each an octave higher.", *whole])
    sheet = made(request(), Material(article=document(lead=lead, parts={})))
    said = [each.text for section in sheet.sections for block in section.blocks if isinstance(block, Prose)
            for each in block.sentences]  # fmt: skip
    assert said == whole


def test_a_sheet_with_a_gap_in_its_text_has_one_section_of_text() -> None:
    lead = (
        "A glimmer mill is a house that makes flour. Today it belongs to a baker. "
        "The glimmer mill has one tall wheel of dark oak."
    )
    sheet = made(request(), Material(article=document(lead=lead, parts={})))
    (told,) = (section for section in sheet.sections if section.kind == "explain")
    assert len(told.blocks) == 2


def test_a_sheet_opens_with_a_sentence_that_names_its_topic() -> None:
    lost = "The glimmer mill (pronounced GLIM-er) is a house by a river. The hopper of the barn has four strings. "
    lead = f"{lost}The glimmer mill has one tall wheel of dark oak. It turns from spring to autumn."
    sheet = made(request(), Material(article=document(lead=lead, parts={})))
    assert sheet.summary.text == "The glimmer mill has one tall wheel of dark oak."


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


@pytest.mark.parametrize(
    ("lead", "done"),
    [
        ("Ostrava is a town by a river. The town of Ostrava has nine glimmer mills.", "on a map"),
        ("Ostrava is a novel by a clockmaker. The novel Ostrava tells of nine glimmer mills.", "Look at Ostrava"),
    ],
)
def test_what_is_done_with_a_sheet_is_what_one_does_with_such_a_thing(lead: str, done: str) -> None:
    asked = LessonRequest(subject="crafts", topic="Ostrava", writer="extractive")
    sheet = made(asked, Material(article=document(title="Ostrava", lead=lead, parts={})))
    steps = [step for section in sheet.sections for block in section.blocks if isinstance(block, Activity)
             for step in block.steps]  # fmt: skip
    assert done in steps[0]


def test_a_teacher_is_told_the_words_that_a_class_may_not_know() -> None:
    lead = (
        "A glimmer mill is a contraption that pulverises iridescent crystals into a fine powder. "
        "Its perforated hopper dispenses the crystals of Yersinia pestis onto a corrugated stone. "
    )
    sheet = made(request(), Material(article=document(lead=lead, parts={})))
    (told,) = (each for each in sheet.provenance.notices if each.startswith("Words that the class"))
    assert "iridescent" in told
    assert "corrugated" in told
    assert "pestis" not in told


def test_a_thing_of_two_sentences_has_no_task_that_would_fit_any() -> None:
    lead = "A mill is a house that makes flour for the town. It stands by a river that never freezes. "
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
