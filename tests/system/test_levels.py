"""Levels: which words name one, what a text is measured to be, and that nearer passages are preferred."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest

from lessongen.check.level import legibility, notices, running_text
from lessongen.lesson.material import Material, Part
from lessongen.lesson.model import Legibility, Lesson
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import UsageError
from lessongen.system.levels import CEFR, GRADES, LEVELS, grade_of, level_of
from lessongen.text.readability import reading_grade
from lessongen.text.vocabulary import common_words, step_of
from lessongen.writers.extractive import ExtractiveWriter
from tests.attempts import PlainAttempt
from tests.conftest import CommandLine
from tests.lessons import lesson
from tests.writers.test_practice import document

EASY = "Boats are old. Men make them from wood. A boat can carry fish. Boys like to row it. The sea is big and blue."
HARD = (
    "Notwithstanding considerable methodological heterogeneity, contemporary investigations unanimously corroborate "
    "the hypothesised correlation between atmospheric particulate concentrations and cardiovascular morbidity."
)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("general", "general"),
        ("General ", "general"),
        ("grade-5", "grade-5"),
        ("Grade 5", "grade-5"),
        ("grade5", "grade-5"),
        ("grade_12", "grade-12"),
        ("B1", "B1"),
        ("b1", "B1"),
        ("cefr-b1", "B1"),
        ("CEFR C2", "C2"),
    ],
)
def test_a_level_is_understood_in_each_of_its_spellings(text: str, level: str) -> None:
    assert level_of(text) == level


@pytest.mark.parametrize(
    "text", ["grade-0", "grade-13", "grade", "D1", "A3", "year 7", "hard", "beginner", "7", "b", ""]
)
def test_other_words_are_no_level_and_the_list_is_told(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        level_of(text)
    assert "grade-1 to grade-12" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("text", "near"), [("7", "grade-7"), ("year 7", "grade-7"), ("grad-5", "grade-5"), ("generel", "general")]
)
def test_the_level_that_comes_nearest_is_named(text: str, near: str) -> None:
    with pytest.raises(UsageError) as refused:
        level_of(text)
    assert f"Did you mean {near}?" in (refused.value.hint or "")


def test_every_level_stands_for_a_grade_in_rising_order() -> None:
    assert [grade_of(level) for level in GRADES] == list(range(1, 13))
    assert [grade_of(level) for level in CEFR] == [2, 4, 6, 8, 10, 12]
    assert set(LEVELS) == {"general", *GRADES, *CEFR}


# ---------------------------------------------------------------- on the command line


@pytest.mark.parametrize("given", ["year 7", "Z9", "primary"])
def test_create_refuses_what_is_no_level_with_the_list(cli: CommandLine, given: str) -> None:
    ended = cli("create", "--no-start", "english", "verbs", "--level", given)
    assert ended.code == 2
    assert "general, grade-1 to grade-12, or a CEFR level from A1 to C2" in ended.stderr


def test_a_level_is_stored_in_its_own_spelling_and_found_in_any(cli: CommandLine) -> None:
    answer = cli("create", "--no-start", "english", "verbs", "--level", "cefr-b1", "--json").json()
    assert answer["level"] == "B1"
    ended = cli("show", "english", "verbs", "--level", "b1")
    assert ended.code == 66  # it is not written yet
    assert "no lesson" in ended.stderr


def test_a_batch_refuses_a_row_whose_level_is_none(cli: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("subject,topic,level\nenglish,verbs,grade 4\nenglish,nouns,year 3\n")
    ended = cli("batch", "submit", str(file), "--no-start")
    assert ended.code == 65
    assert "year 3" in ended.stderr
    assert "grade-3" in ended.stderr


# ---------------------------------------------------------------- measuring


def test_the_figures_tell_an_easy_text_from_a_hard_one() -> None:
    assert reading_grade(EASY) < 2
    assert reading_grade(HARD) > 20
    assert max(step_of(word) for word in common_words(EASY)) <= 2
    assert mean(step_of(word) for word in common_words(HARD)) > 3


@pytest.mark.parametrize(
    ("word", "step"), [("cat", 1), ("houses", 1), ("dog's", 1), ("equation", 4), ("denominator", 6), ("qwrtzu", 6)]
)
def test_a_rare_word_is_of_a_higher_step(word: str, step: int) -> None:
    assert step_of(word) == step


def test_names_and_numbers_are_no_words_that_a_learner_has_to_know() -> None:
    assert common_words("In 1741 the carpenter Odile Marrow built a boat. I saw it.") == [
        *["In", "the", "carpenter", "built", "a", "boat"],
        *["I", "saw", "it"],
    ]


def test_a_lessons_legibility_is_that_of_its_prose() -> None:
    found = legibility(lesson())
    assert found.grade == round(reading_grade(running_text(lesson())), 1)
    assert 5 < found.sentence_words < 30
    assert 0 <= found.rare_words < 0.3
    assert found.cefr in CEFR


@pytest.mark.parametrize(
    ("level", "grade", "cefr", "told"),
    [
        ("general", 6.0, "B1", ""),
        ("general", 12.0, "C1", "grade 12"),
        ("grade-6", 6.9, "C2", ""),
        ("grade-6", 7.4, "B1", "above the grade-6 asked for"),
        ("grade-12", 3.0, "A1", ""),
        ("B1", 14.0, "B1", ""),
        ("B1", 4.0, "B2", "above the B1 asked for"),
    ],
)
def test_what_is_not_reached_is_said_and_what_is_reached_is_not(level: str, grade: float, cefr: str, told: str) -> None:
    found = Legibility(grade=grade, sentence_words=12.0, rare_words=0.1, cefr=cefr)
    said = " ".join(notices(found, level))
    assert (told in said) if told else said == ""


# ---------------------------------------------------------------- choosing


LEAD = (
    "A skiff is a small boat that one man can row. An oar is a long pole that pushes a skiff through the water. "
    "A rower is a man who moves a skiff with oars. A keel is a long beam that keeps a skiff straight."
)
EASY_PARTS = {
    "Building": "Men make a skiff from wood in the spring. They cut long planks and bend them with hot steam. A plank "
    "is a flat piece of wood that is nailed to the next. They paint the skiff with tar to keep it dry. A good skiff "
    "can last for twenty years. Boys help with the work and learn it from the men.",
    "Use": "A skiff takes men to fish on the lake each day. Boys row a skiff to school when the road is wet. A net is "
    "a thing made of rope that the men throw from a skiff. One man rows and one man pulls the net. They sell the fish "
    "at the dock. At night the skiff is tied to a post with a rope.",
    "Races": "A race is a test of who can row fastest. The men of each village row a skiff in a race in May. The first "
    "skiff at the red flag wins a cup. All the boys run along the bank and shout. A skiff in a race has no net and no "
    "seat for a guest.",
}
HARD_PARTS = {
    "Hydrodynamics": "Hydrodynamic resistance is a considerable impediment that disproportionately characterises "
    "traditionally constructed skiffs. Experimental investigations of displacement hulls demonstrate exponentially "
    "increasing resistance beyond characteristic velocities. Turbulence is an irregular perturbation that dissipates "
    "considerable quantities of propulsive energy surrounding the submerged extremities of any traditional skiff.",
    "Regulation": "Municipal administration of recreational skiffs necessitates comprehensive registration procedures. "
    "Registration is an administrative obligation that predominantly compensates municipalities for infrastructural "
    "expenditure. International conventions additionally differentiate professional and recreational operators of "
    "skiffs according to demonstrable qualifications and the anticipated environmental consequences.",
    "Economics": "Commercialisation is an economic transformation that fundamentally reorganised traditional "
    "manufacturing of skiffs. Industrial manufacturers progressively substituted inexpensive synthetic composites for "
    "traditionally harvested materials. Unemployment among experienced artisans consequently intensified throughout "
    "the surrounding communities, notwithstanding governmental interventions concerning apprenticeship programmes.",
}


def _written(level: str, seed: int) -> Lesson:
    text, parts = LEAD, [Part(heading="", start=0, end=len(LEAD))]
    for easy, hard in zip(EASY_PARTS.items(), HARD_PARTS.items(), strict=True):
        for heading, paragraph in (easy, hard):
            start = len(text) + 1
            text += f"\n{paragraph}"
            parts.append(Part(heading=heading, start=start, end=len(text)))
    material = Material(article=document("Skiff", text, parts=tuple(parts)))
    request = LessonRequest(subject="crafts", topic="skiffs", level=level)
    return ExtractiveWriter(None).write(request, material, PlainAttempt(seed=seed)).lesson


def test_a_lower_level_gets_the_easier_passages_of_what_there_is() -> None:
    low, any_level = (
        [legibility(_written(level, seed)).grade for seed in range(4)] for level in ("grade-3", "general")
    )
    assert mean(low) < mean(any_level) - 3
