"""Flaws of questions: each rule finds the questions that have it, and none finds fault with good ones."""

from __future__ import annotations

import gzip
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from lessongen.check.evidence import sentence_cited
from lessongen.check.items import ITEM_RULES, flaws, in_sequence
from lessongen.check.readability import sentence_whole
from lessongen.check.reading import Reading
from lessongen.lesson.model import Lesson
from lessongen.lesson.place import Place
from lessongen.lesson.questions import KINDS
from lessongen.lesson.reading import lesson_of_json
from tests.check.bad_items import BAD
from tests.check.good_items import GOOD
from tests.check.more_good_items import MORE_GOOD
from tests.check.papers import choice, free, paper, short, starter, true_false

MADE_BY_0_1 = Path(__file__).parents[1] / "fixtures" / "lessons_0_1.db.gz"


def found(lesson: Lesson, at: int = 0) -> set[str]:
    """The rules that find fault with the question at that place."""
    return {problem.rule for problem in flaws(lesson) if problem.where == Place.of("questions", at)}


@pytest.mark.parametrize("name", [*GOOD, *MORE_GOOD])
def test_no_rule_finds_fault_with_good_questions(name: str) -> None:
    lesson = {**GOOD, **MORE_GOOD}[name]
    told = [(problem.rule, lesson.questions[int(problem.where.steps[1])].stem) for problem in flaws(lesson)]
    assert told == []


def test_good_questions_are_many_and_of_all_kinds() -> None:
    kinds = Counter(question.kind for lesson in (*GOOD.values(), *MORE_GOOD.values()) for question in lesson.questions)
    assert sum(kinds.values()) >= 100
    assert set(kinds) == set(KINDS)


@pytest.mark.parametrize(("rule", "at"), [(rule, at) for rule, lessons in BAD.items() for at in range(len(lessons))])
def test_a_rule_finds_each_question_that_has_its_flaw(rule: str, at: int) -> None:
    lesson = BAD[rule][at]
    assert rule in found(lesson, len(lesson.questions) - 1)


def test_each_rule_has_three_cases_and_says_what_it_is_for() -> None:
    assert set(BAD) == set(ITEM_RULES)
    assert min(map(len, BAD.values())) >= 3
    assert all((rule.__doc__ or "").startswith("For ") for rule in ITEM_RULES.values())


def test_a_message_names_what_to_mend_and_the_place_is_the_questions() -> None:
    asked = choice("What keeps bees warm?", "Shivering", "Sun", "All of these", term="bees")
    (problem,) = flaws(paper([asked], prose=["In winter bees shiver."]))
    assert problem.where == Place.of("questions", 0)
    assert problem.message == "“All of these” is no answer of its own: write an option that says something."


@pytest.mark.parametrize(
    "question",
    [
        choice("How many lamps does a punt carry?", "None", "One", "Two", at=0),
        choice("How many of the bees are females?", "Some of them", "None of them", "All of them"),
        choice("Which key has no sharps?", "C major", "E major", "D major"),
        choice("Why does a boat not sink?", "It is light", "It is long", "It is old"),
        choice("What happens when a lamp does not burn?", "Boats collide", "Fish come near", "Rowers sleep"),
        choice("How often do tides turn?", "Sometimes", "Often", "Rarely"),
        choice("Who spoke in Washington?", "Martin Luther King Jr.", "John F. Kennedy", "Lyndon B. Johnson"),
        choice("Which gas do plants take up?", "Carbon dioxide", "Carbon", "Oxygen"),
        choice("How much of the cake is left?", "A half", "A third", "A quarter", at=0),
        choice("Where did the first people live?", "In Africa", "In Asia", "In Europe"),
        choice("Which flew to the Moon?", "Apollo 11", "Apollo 7", "Sputnik"),
    ],
    ids=lambda question: question["stem"],
)
def test_what_only_looks_like_a_flaw_is_none(question: dict[str, object]) -> None:
    told = found(paper([{**question, "bloom": "apply"}]))
    assert told <= {"item-not-taught"}


def test_an_authors_questions_are_the_authors_and_computed_ones_are_not_held_to_what_is_taught() -> None:
    flawed = choice("Which is not so?", "Wax", "Sand", "All of these")
    assert found(paper([{**flawed, "origin": "author", "by": "A. Teacher"}])) == set()
    assert found(paper([{**flawed, "origin": "computed", "by": "arithmetic"}])) == {"item-above"}


def test_a_starter_asks_what_was_not_taught_and_cites_nothing() -> None:
    asked = free("What could the 3 be worth in 342, and why?", "Three hundreds.", term="place value", bloom="remember")
    assert found(paper([{**asked, "role": "starter"}])) == set()
    assert found(paper([asked])) == {"item-not-taught"}


@pytest.mark.parametrize(
    ("stem", "is_fine"),
    [
        ("Suppose a sunny day is over and it gets cold: predict what the bees do, and say why.", True),
        ("Suppose a sunny day is over: where do the bees go?", True),
        ("Suppose that bees shiver in winter: they warm the queen.", False),
    ],
)
def test_a_starter_that_supposes_a_case_and_sets_a_job_in_one_sentence_needs_no_cite(stem: str, is_fine: bool) -> None:
    lesson = paper([starter(stem, "A student may say in. Ask: where is it warm?")])
    reading = Reading(lesson, {})
    assert [*sentence_cited(reading)] == [] if is_fine else [*sentence_cited(reading)]
    assert [*sentence_whole(reading)] == []


def test_questions_in_another_language_are_left_alone() -> None:
    lesson = paper([choice("Which is not so?", "Wax", "Sand", "All of these")])
    assert flaws(lesson)
    assert flaws(lesson.model_copy(update={"language": "de"})) == []


def test_the_same_lesson_gives_the_same_list() -> None:
    for lessons in BAD.values():
        for lesson in lessons:
            assert flaws(lesson) == flaws(lesson.model_copy())


@pytest.mark.parametrize(
    ("options", "rising"),
    [
        (["1802", "1741"], ["1741", "1802"]),
        (["AD 300", "2nd century BC", "2400 BC"], ["2400 BC", "2nd century BC", "AD 300"]),
        (["3 May 1802", "12 June 1741"], ["12 June 1741", "3 May 1802"]),
        (["1/2", "1/4", "2/3"], ["1/4", "1/2", "2/3"]),
        (["twelve beads", "seven beads"], ["seven beads", "twelve beads"]),
        (["3 °C", "-5 °C"], ["-5 °C", "3 °C"]),
        (["x = 4", "x = \N{MINUS SIGN}6", "x = 27"], ["x = \N{MINUS SIGN}6", "x = 4", "x = 27"]),
        (["8:20", "7:05"], ["7:05", "8:20"]),
        (["7 : 12", "5 : 7"], ["5 : 7", "7 : 12"]),
        (["35 km/h", "0.2 km/h"], ["0.2 km/h", "35 km/h"]),
        (["No hole", "Two holes", "One hole", "Three holes"], ["No hole", "One hole", "Two holes", "Three holes"]),
        (["5% more", "6% less", "a fifth more"], None),
        (
            ["It falls by 5%", "It falls by 50%", "It falls by 15%"],
            ["It falls by 5%", "It falls by 15%", "It falls by 50%"],
        ),
        (["It is 5% more", "It is 6% less"], ["It is 6% less", "It is 5% more"]),
        (["3 cm", "2 m"], None),
        (["1802", "never"], None),
        (["Apollo 11", "Apollo 8"], None),
        (["2-propanol", "1-propanol"], None),
    ],
)
def test_numbers_and_dates_of_one_unit_have_a_sequence(options: list[str], rising: list[str] | None) -> None:
    assert in_sequence(options) == rising


def test_lessons_of_cut_quotes_are_told_apart_from_asked_ones(tmp_path: Path) -> None:
    """Their questions are sentences with a gap: that is what is found in them, and hardly anything else."""
    told: Counter[str] = Counter()
    asked = 0
    for lesson in _kept_lessons(tmp_path / "kept.db"):
        asked += len(lesson.questions)
        told.update(problem.rule for problem in flaws(lesson))
    names = "copied-sentence recalled-gap answered-elsewhere matches-key-terms match-by-elimination"
    usual = sum(told[f"item-{name}"] for name in names.split())
    assert asked == 152
    assert usual > 90
    assert told.total() - usual <= 10


def _kept_lessons(path: Path) -> list[Lesson]:
    path.write_bytes(gzip.decompress(MADE_BY_0_1.read_bytes()))
    database = sqlite3.connect(path)
    try:
        return [lesson_of_json(content) for (content,) in database.execute("SELECT content FROM versions")]
    finally:
        database.close()


def test_a_statement_that_states_plainly_is_fine() -> None:
    assert found(paper([true_false("True or false? Bees dance.", True)], prose=["The scouts dance at home."])) == set()


@pytest.mark.parametrize(
    "question",
    [
        starter("Suppose that the wind turns a hive. Who would shiver first, and why?", "Whoever sits outside."),
        starter("Suppose 84 pencils lie on 6 tables. How would you find out how many lie on one?", "They share out."),
        starter("Look at the comb. What does its shape remind you of?", "Tiles, nets."),
    ],
    ids=lambda question: question["stem"],
)
def test_a_starter_may_suppose_a_case_and_be_answered_in_many_ways(question: dict[str, object]) -> None:
    assert not found(paper([question])) & {"item-starter-states", "item-starter-tests"}


@pytest.mark.parametrize(
    "questions",
    [
        [true_false("A queen lays eggs.", answer=True)],
        [true_false("A queen lays eggs.", answer=True), true_false("A drone has a sting.", answer=False)],
        [
            short("Ida says that drones sting. True or false? Give your reason.", "False: they have none."),
            short("Ben says that a queen lays eggs. True or false? Give your reason.", "True: she lays them."),
        ],
    ],
)
def test_claims_that_are_true_and_false_in_turn_are_fine(questions: list[dict[str, object]]) -> None:
    assert "item-judged-alike" not in found(paper(questions))
