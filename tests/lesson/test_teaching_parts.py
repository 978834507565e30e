"""What schema 2 gave a lesson: students see what is for them, and all of it is cited, compared, searched and named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lessongen.check.gate import examine
from lessongen.generation.repair import repaired
from lessongen.lesson.body import body_text
from lessongen.lesson.claims import cites
from lessongen.lesson.difference import compare
from lessongen.lesson.draft import Draft
from lessongen.lesson.edition import student_lesson, student_view
from lessongen.lesson.model import Lesson
from lessongen.lesson.parts import part_named, parts_of
from lessongen.lesson.questions.short import Short
from tests.lessons import BEESWAX, changed, teaching, texts

TABLE, TASK = "sections[1].blocks[5]", "sections[2].blocks[0]"
VERDICT = {"judge": "SECRET judge", "exam": "SECRET exam", "span": "SECRET span", "sha256": "SECRET digest"}


def with_secrets() -> Lesson:
    """The lesson with words in all that only a teacher may see which stand nowhere else."""
    content = teaching().model_dump(mode="json")
    task = content["sections"][2]["blocks"][0]
    task |= {"answer": "SECRET answer", "criteria": ["SECRET criterion"], "support": "SECRET help"}
    task |= {"stretch": "SECRET more", "verdict": VERDICT}
    content["sections"][1]["notes"] = [{"text": "SECRET note"}]
    content["misconceptions"][0]["tempting"] = "SECRET reason"
    content["questions"][0]["why"] = [{"option": "Beeswax", "reason": {"text": "SECRET why", "verdict": VERDICT}}]
    content["summary"]["verdict"] = content["sections"][1]["blocks"][5]["rows"][0]["verdict"] = VERDICT
    return Lesson.model_validate(content)


def test_students_see_nothing_that_is_for_the_teacher() -> None:
    view = student_view(with_secrets())
    assert "SECRET" not in json.dumps(view)
    seen = {"kind": "task", "prompt": "Explain what a jetty is.", "origin": "quoted", "supposes": False}
    assert view["sections"][2]["blocks"][0] == seen
    assert student_lesson(with_secrets()).sections[1].notes == []


def test_students_see_outcome_key_points_materials_safety_and_the_roles_of_sentences_and_questions() -> None:
    made = teaching()
    view = student_view(made)
    assert view["outcome"] == made.outcome
    assert (view["materials"], view["safety"]) == (made.materials, made.safety)
    assert [each["role"] for each in view["key_points"]] == ["fact", "gloss"]
    assert {each["role"] for each in view["questions"]} == {"check", "exit", "homework"}
    blocks = {each["kind"]: each for each in view["sections"][1]["blocks"]}
    assert blocks["analogy"]["ends"]["text"] == "A bicycle does not need water."
    assert blocks["table"]["rows"][0]["cells"] == ["Jetty", "a wooden walkway"]
    quotes = {quote["id"] for source in view["sources"] for quote in source["quotes"]}
    assert set(blocks["table"]["rows"][0]["cites"]) <= quotes


def test_the_quote_that_bears_a_tasks_answer_is_withheld_where_nothing_says_it() -> None:
    """A written sentence cites it, so it is listed; its words are the answer."""
    content = teaching().model_dump()
    for each in (content["key_terms"][2]["definition"], content["key_points"][1]):
        each |= {"text": "A walkway reaches from the shore into the water.", "origin": "written"}
    content["sections"][2]["blocks"][1]["sentences"][0] |= {"text": "It reaches from the shore.", "origin": "written"}
    content["questions"] = [each for each in content["questions"] if "jetty" not in each["cites"]] * 2
    view = student_view(Lesson.model_validate(content))
    assert "A jetty is a wooden walkway that reaches" not in json.dumps(view)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        *(("outcome", "outcome"), ("key points", "key-points"), ("points", "key-points")),
        *(("materials", "materials"), ("Safety", "safety")),
    ],
)
def test_new_parts_are_named_and_kept_like_the_others(written: str, key: str) -> None:
    assert part_named(teaching(), written).key == key
    assert key in {part.key for part in parts_of(teaching())}


def test_every_claim_of_the_new_parts_stands_beside_what_bears_it() -> None:
    told = {each["claim"]: each for each in cites(teaching())}
    assert told["Jetty: a wooden walkway"]["quotes"][0]["id"] == "jetty"
    assert told["1866: The first boat race"]["by"] == "R. Teacher"
    assert told["A bicycle does not need water."]["role"] == "analogy"
    assert told["Ask who can draw a lantern boat."]["role"] == "framing"
    assert "question 1, why not “Beeswax”" in told[BEESWAX]["where"]
    assert any(claim.startswith("Explain what a jetty is. A jetty is") for claim in told)
    assert told["A line with the years 1741 and 1866."]["origin"] == "computed"


@pytest.mark.parametrize(
    ("path", "value", "part"),
    [
        ("outcome", "I can draw a lantern boat.", "about"),
        ("safety[0]", "Mind the flame.", "about"),
        ("key_points[0].text", "A lantern boat is a vessel.", "key_points"),
        ("key_points[0].role", "gloss", "key_points"),
        ("misconceptions[0].tempting", "Both float.", "misconceptions"),
        (f"{TABLE}.rows[0].cells[1]", "a walkway", "sections"),
        ("sections[1].blocks[6].entries[0].when", "1742", "sections"),
        ("sections[1].blocks[7].svg", "<svg/>", "sections"),
        (f"{TASK}.criteria[0]", "Names it.", "sections"),
        (f"{TASK}.support", None, "sections"),
        ("sections[1].notes[0].text", "Ask all.", "sections"),
        ("sections[1].cycle", 2, "sections"),
        ("questions[0].role", "exit", "questions"),
        ("questions[0].why[0].reason.text", "It is soft.", "questions"),
    ],
)
def test_a_change_of_a_new_part_is_told(path: str, value: Any, part: str) -> None:
    difference = compare(teaching(), changed(teaching(), {path: value}))
    assert [each.part for each in difference.parts if not each.is_empty] == [part]


def test_search_finds_what_students_read_and_no_note_task_or_why() -> None:
    text = body_text(teaching())
    for word in ("I can explain", "bicycle", "Parts of a jetty", "an iron hoop", "1741: The oldest"):
        assert word in text
    for word in ("Ask who", "Explain what a jetty is", BEESWAX, "Names the material"):
        assert word not in text


@pytest.mark.parametrize(
    "changes",
    [
        {f"{TABLE}.rows[1].cells[1]": "a golden hoop"},
        {"sections[1].blocks[6].entries[0].when": "1742"},
        {"sections[1].blocks[7].svg": "nothing"},
        {f"{TASK}.answer": "A jetty is a boat."},
        {"sections[1].notes[0].text": "A boat is a vessel."},
        {"materials[0]": "A boat is needed."},
        {"safety[0]": "Call the ships of 1812."},
        {"key_points[0]": {"text": "A boat is a vessel.", "role": "gloss"}},
        {"questions[0].why[0].option": "Pine tar"},
        {"sections[1].blocks[4].text.role": "fact"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_the_gate_refuses_of_the_new_parts_goes_and_the_rest_stays(changes: dict[str, Any]) -> None:
    broken = Draft(lesson=changed(teaching(), changes), texts=texts())
    assert examine(broken.lesson, broken.texts).problems
    mended, report = repaired(broken, frozenset())
    assert report.passed, report.problems
    assert len(mended.lesson.questions) == len(teaching().questions)
    assert len(mended.lesson.sections) == len(teaching().sections)


def test_a_reason_that_the_explanation_says_again_is_told_once() -> None:
    fields = {
        "id": "q1",
        "objective": "o1",
        "bloom": "understand",
        "stem": "Jon is right. True or false?",
        "term": "Jon",
    }
    again = {"kind": "short", "answer": "False: jon forgot the zero.", "feedback": {"text": "Jon forgot the zero."}}
    other = again | {"feedback": {"text": "The zero counts too."}}
    told = [Short.model_validate({**fields, **each}).told_answer for each in (again, other)]
    assert told == ["False", "False: jon forgot the zero."]
