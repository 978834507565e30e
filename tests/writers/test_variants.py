"""Support and extend variants: made of the core lesson, with the same facts in the same words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import pytest

from lessongen.check.gate import examine
from lessongen.check.level import running_text
from lessongen.generation.generate import Generator
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Draft, Sibling
from lessongen.lesson.material import Material
from lessongen.lesson.model import Example, Lesson
from lessongen.lesson.questions.open import Open
from lessongen.lesson.task import LessonRequest
from lessongen.writers.computed.practice import without_practice
from lessongen.writers.extractive import ExtractiveWriter
from lessongen.writers.variants import core_of, seed_for, variant_of, varied
from tests import made_up_articles
from tests.attempts import PlainAttempt
from tests.conftest import CommandLine, made
from tests.lessons import draft
from tests.writers.test_practice import asked, gatherer

BLOOMS = ("remember", "understand", "apply", "analyze", "evaluate", "create")


class Fixed:
    """A source of one material."""

    def __init__(self, material: Material) -> None:
        self.material = material

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        return self.material


def generated(
    request: LessonRequest, material: Material | None = None, **known: Any
) -> tuple[Lesson, Mapping[str, str]]:
    """The lesson and its texts; skills are written from their primer."""
    gather = gatherer(Fixed(material) if material else None)
    generate = Generator(
        gather=gather, writers={"extractive": lambda: ExtractiveWriter(None)}, body_text=lambda lesson: "text"
    )
    version = generate(request, PlainAttempt(**known))
    lesson = Lesson.model_validate_json(version.content)
    assert examine(lesson, version.texts).problems == ()
    return lesson, version.texts


MATERIALS = {
    "lantern boats": made_up_articles.lantern_boats,
    "skerry mills": made_up_articles.skerry_mills,
    "glass hares": made_up_articles.glass_hares,
}


def family(topic: str, seed: int = 1, level: str = "general") -> dict[str, Lesson]:
    """A core lesson and the two variants that are made from it, each by an attempt with a seed of its own."""
    material = MATERIALS[topic]() if topic in MATERIALS else None
    request = asked("crafts" if material else "math", topic, level=level)
    core, texts = generated(request, material, seed=seed)
    siblings = {"core": Sibling(lesson=core, texts=texts, version="1.0")}
    found = {"core": core}
    for place, variant in enumerate(("support", "extend"), 1):
        other = dataclasses.replace(request, variant=variant)
        found[variant], _ = generated(other, None, seed=seed + place, siblings=siblings)
    return found


@pytest.fixture(scope="module", params=[*MATERIALS, "fractions", "quadratic equations"])
def lessons(request: pytest.FixtureRequest) -> dict[str, Lesson]:
    return family(request.param)


def test_all_three_have_the_same_key_terms_and_the_same_key_facts_in_the_same_words(lessons: dict[str, Lesson]) -> None:
    def facts(lesson: Lesson) -> list[Any]:
        said = [(term.term, term.definition.text) for term in lesson.key_terms]
        return [lesson.summary.text, said, [(each.belief, each.correction.text) for each in lesson.misconceptions]]

    core = facts(lessons["core"])
    assert facts(lessons["support"]) == facts(lessons["extend"]) == core


def test_every_sentence_of_a_variant_stands_in_the_core_lesson(lessons: dict[str, Lesson]) -> None:
    def said(variant: str) -> set[str]:  # but what is practised, which differs
        lines = running_text(lessons[variant]).split("\n")
        return {line for line in lines if line and not line.startswith("Here you see")}

    assert said("support") <= said("core") == said("extend")


def test_all_three_stand_on_the_same_sources(lessons: dict[str, Lesson]) -> None:
    core = {source.text_sha256 for source in lessons["core"].sources}
    for variant in ("support", "extend"):
        lesson = lessons[variant]
        assert lesson.article.text_sha256 == lessons["core"].article.text_sha256
        assert {source.text_sha256 for source in lesson.sources} <= core
        assert lesson.provenance.core == "1.0"
        assert lesson.variant == variant


def test_support_is_shorter_asks_less_and_gives_a_word_bank(lessons: dict[str, Lesson]) -> None:
    core, support = lessons["core"], lessons["support"]
    assert len(running_text(support)) <= len(running_text(core))
    assert len(support.questions) <= len(core.questions)
    assert len(support.questions) <= (8 if core.provenance.computed else 6)
    banks = [
        step
        for section in support.sections
        for block in section.blocks
        if block.kind == "activity"
        for step in block.steps
        if step.startswith("Use these words")
    ]
    assert len(banks) == (0 if core.provenance.computed else 1)  # numbers need no words
    assert all(term.term in bank for bank in banks for term in support.key_terms[:8])
    if sum(question.kind != "open" for question in core.questions) >= 5:
        assert "open" not in {question.kind for question in support.questions}


def test_extend_asks_open_questions_above_recall_and_keeps_all_of_the_text(lessons: dict[str, Lesson]) -> None:
    extend = lessons["extend"]
    opens = [question for question in extend.questions if question.kind == "open"]
    before = [question for question in lessons["core"].questions if question.kind == "open"]
    assert len(opens) >= max(1, len(before))
    assert max(BLOOMS.index(question.bloom) for question in opens) >= BLOOMS.index("analyze")
    assert len(extend.questions) <= 12
    assert _mean_level(extend) >= _mean_level(lessons["core"])


def test_extends_open_questions_stand_with_the_others_and_have_points_to_mark(lessons: dict[str, Lesson]) -> None:
    extend = lessons["extend"]
    added = [question for question in extend.questions if question.id.startswith("x")]
    assert added
    close = extend.sections[-1]
    if close.kind == "close":
        assert not any(block.kind == "check" for block in close.blocks)
    assert all(isinstance(question, Open) and len(question.points) == 3 for question in added)


def _mean_level(lesson: Lesson) -> float:
    sourced = [BLOOMS.index(each.bloom) for each in lesson.questions if each.origin != "computed"]
    return sum(sourced) / max(1, len(sourced))


def test_practice_is_easier_with_one_more_example_for_support_and_harder_for_extend() -> None:
    found = family("addition", level="grade-3")
    sizes = {}
    for variant, lesson in found.items():
        terms = " ".join(question.term for question in lesson.questions if question.origin == "computed")
        sizes[variant] = max(int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", terms))
    examples = {
        variant: sum(isinstance(block, Example) for section in lesson.sections for block in section.blocks)
        for variant, lesson in found.items()
    }
    assert examples == {"core": 2, "support": 3, "extend": 2}
    assert sizes["support"] < 10 < sizes["core"] < 1_000 < sizes["extend"]


@pytest.mark.parametrize("count", [5, 7, 12])
def test_the_number_of_questions_that_is_asked_for_holds_for_a_variant(count: int) -> None:
    request = asked("math", "percentages", questions=count)
    core, texts = generated(request)
    siblings = {"core": Sibling(lesson=core, texts=texts, version="1.2")}
    for variant in ("support", "extend"):
        lesson, _ = generated(dataclasses.replace(request, variant=variant), siblings=siblings)
        assert len(lesson.questions) == count


# ---------------------------------------------------------------- what is a variant, and of what


@pytest.mark.parametrize(
    ("name", "variant"),
    [("core", "core"), ("Support", "support"), ("EXTEND", "extend"), ("7b", "core"), ("supporting", "core")],
)
def test_other_names_are_labels_of_ones_own(name: str, variant: str) -> None:
    request = asked("math", "fractions", variant=name)
    assert variant_of(request) == variant
    if variant == "core":
        made_as_it_is = draft(request)
        assert varied(made_as_it_is, request) is made_as_it_is


def test_a_core_that_may_stand_on_other_sources_is_not_used() -> None:
    core = draft(LessonRequest(subject="crafts", topic="boats"))
    attempt = PlainAttempt(siblings={"core": Sibling(lesson=core.lesson, texts=core.texts, version="1.0")})
    request = LessonRequest(subject="crafts", topic="boats", variant="support")
    assert core_of(request, attempt) is not None
    assert core_of(dataclasses.replace(request, sources=("notes.txt",)), attempt) is None
    assert core_of(dataclasses.replace(request, article="Another boat"), attempt) is None
    assert core_of(dataclasses.replace(request, variant="core"), attempt) is None
    assert core_of(request, PlainAttempt()) is None


def test_the_first_version_beside_others_takes_their_seed_and_later_ones_do_not() -> None:
    core = draft(LessonRequest(subject="crafts", topic="boats"))
    siblings = {"support": Sibling(lesson=core.lesson, texts=core.texts, version="1.0")}
    request = LessonRequest(subject="crafts", topic="boats")
    assert seed_for(request, PlainAttempt(siblings=siblings)) == core.lesson.provenance.seed
    assert seed_for(request, PlainAttempt(siblings=siblings, earlier=[core.lesson])) is None
    assert seed_for(dataclasses.replace(request, seed=4), PlainAttempt(siblings=siblings)) is None
    assert seed_for(dataclasses.replace(request, variant="7b"), PlainAttempt(siblings=siblings)) is None


def test_a_lesson_without_its_practice_is_what_the_writer_made() -> None:
    lesson, texts = generated(asked("math", "fractions"))
    bare = without_practice(lesson)
    assert "computed" not in {question.origin for question in bare.questions}
    assert not any(isinstance(block, Example) for section in bare.sections for block in section.blocks)
    assert bare.provenance.computed == []
    assert bare.minutes == sum(section.minutes for section in bare.sections)
    assert examine(bare, texts).problems == ()


def test_a_worker_makes_a_variant_from_the_stored_core(cli: CommandLine) -> None:
    made(cli, "math", "percentages", "--no-wikipedia", "--offline")
    made(cli, "math", "percentages", "--no-wikipedia", "--offline", "--variant", "support")
    core = cli("show", "math", "percentages", "--variant", "core", "--json").json()["content"]
    support = cli("show", "math", "percentages", "--variant", "support", "--json").json()["content"]
    assert support["provenance"]["core"] == "1.0"
    assert [term["term"] for term in support["key_terms"]] == [term["term"] for term in core["key_terms"]]
    assert len(support["questions"]) < len(core["questions"])
    assert (
        "version 1.0 of the core lesson"
        in cli("show", "math", "percentages", "--variant", "support").stderr
        + cli("cite", "math", "percentages", "--variant", "support").stdout
    )


def test_a_draft_is_left_alone_where_no_variant_is_asked_for() -> None:
    request = LessonRequest(subject="crafts", topic="boats")
    core: Draft = draft(request)
    assert varied(core, request) is core
