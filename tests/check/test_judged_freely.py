"""What a passed judge decided on is asked and said in free words; without its verdict the word rules hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from lessongen.check.gate import examine
from lessongen.check.reading import Reading
from lessongen.check.verdicts import judged
from lessongen.generation.editable.read import Reading as Read
from lessongen.generation.editable.render import as_markdown
from lessongen.generation.editable.signing import Signing
from lessongen.lesson.claims import cites
from lessongen.lesson.edition import student_view
from lessongen.lesson.model import Lesson
from tests.check.papers import paper
from tests.lessons import OPEN, SHORT, all_judged, changed, lesson, question, quoted, teaching, texts

PROSE = "sections[1].blocks[0].sentences"
TASK = "sections[2].blocks[0]"


def asked(fields: Mapping[str, Any], at: int = 5) -> Lesson:
    """The valid lesson with a question in a writer's words."""
    return changed(lesson(), {f"questions[{at}]": question({"origin": "written", **fields})})


def choice(**fields: Any) -> Lesson:
    made = {
        **{"id": "q6", "kind": "choice", "objective": "o1", "bloom": "understand", "term": "pine tar"},
        **{"options": ["It turns the wood dark", "It stops water coming in", "It warms the crew"]},
        **{"stem": "What is the paint on the planks good for?", "answer": "It stops water coming in"},
        **{"cites": ["tar"]},
    }
    return asked({**made, **fields})


def task(**fields: Any) -> Lesson:
    made = {
        **{"kind": "task", "prompt": "Two friends argue. Who of them is right?", "cites": ["tar"]},
        **{"answer": "The one who paints with pine tar, since it keeps water out.", "origin": "written"},
        **fields,
    }
    return changed(teaching(), {TASK: made, "questions[0].why": []})


def written(text: str, *quotes: str, role: str = "fact") -> dict[str, Any]:
    return {"text": text, "cites": list(quotes), "origin": "written", "role": role}


FREE: dict[str, tuple[Lesson, str]] = {
    "words of a stem": (choice(stem="Why would a thrifty captain buy this sticky stuff?"), "sentence-words"),
    "what a stem supposes": (
        choice(stem="Mia forgot the paint. What happens to her boat?", supposes=True),
        "sentence-cited",
    ),
    "a term": (choice(term="waterproofing"), "question-term-known"),
    "an answer in other words": (choice(), "answer-in-quote"),
    "an answer with a word of the stem": (
        choice(stem="What does pine tar do?", answer="Pine tar stops leaks",
               options=["It dries the wood", "Pine tar stops leaks", "It warms the crew"]),
        "answer-hidden",
    ),
    "a wrong option that the quote has": (
        choice(options=["a dark resin", "Pine tar", "a plank"], answer="Pine tar", stem="What keeps water out?"),
        "choice-distractor-wrong",
    ),
    "an answer that opens with it": (
        asked({**SHORT, "stem": "How is it steered?", "term": "rower", "cites": ["steered"],
               "answer": "It has a single rower at the stern."}),
        "nothing-dangling",
    ),
    "another question on one term of one quote": (
        changed(
            asked({**SHORT, "stem": "Who would call for a lantern boat?", "answer": "Someone on a dark lake."}),
            {"questions[4]": question({**SHORT, "id": "q5", "objective": "o2", "origin": "written"})},
        ),
        "question-distinct",
    ),
    "a sentence that points at the one before": (
        changed(lesson(), {f"{PROSE}[5]": written("It reaches from the shore into deep water.", "jetty")}),
        "nothing-dangling",
    ),
    "what a task tells": (task(prompt="Planks may leak. Explain what stops that."), "sentence-cited"),
    "what a task supposes": (task(supposes=True), "sentence-cited"),
    "criteria": (task(criteria=["Says Mia is right."], supposes=True), "sentence-words"),
    "support": (task(support="Think of Mia.", supposes=True), "sentence-words"),
    "stretch": (task(stretch="Ask Mia.", supposes=True), "sentence-words"),
}  # fmt: skip


@pytest.mark.parametrize("name", FREE)
def test_free_words_stand_by_a_verdict_and_not_without_one(name: str) -> None:
    made, rule = FREE[name]
    assert rule in {problem.rule for problem in examine(made, texts()).problems}
    assert examine(all_judged(made), texts()).problems == ()


@pytest.mark.parametrize("name", FREE)
def test_free_words_do_not_stand_by_a_verdict_that_was_altered_or_is_on_others(name: str) -> None:
    made = all_judged(FREE[name][0])
    content = made.model_dump_json()
    seals = [each.verdict.sha256 for each in judged(Reading(made, texts())) if each.verdict]
    assert seals
    for seal in seals:
        other = Lesson.model_validate_json(content.replace(seal, seal[::-1]))
        assert "verdict-unaltered" in {problem.rule for problem in examine(other, texts()).problems}


@pytest.mark.parametrize("name", FREE)
def test_the_verdict_of_one_who_did_not_pass_frees_nothing(name: str) -> None:
    made = all_judged(FREE[name][0])
    failed = made.provenance.exams[0].model_copy(update={"caught": 10})
    failed = failed.model_copy(update={"sha256": failed.seal})
    provenance = made.provenance.model_copy(update={"exams": [failed]})
    report = examine(made.model_copy(update={"provenance": provenance}), texts())
    assert "judge-passed" in {problem.rule for problem in report.problems}


@pytest.mark.parametrize("name", ["prompt", "answer", "support", "stretch"])
def test_a_tasks_verdict_is_on_each_of_its_texts(name: str) -> None:
    made = all_judged(task(criteria=["Names the resin."], support="Look at the planks.", stretch="Draw it."))
    other = changed(made, {f"{TASK}.{name}": "Explain what a jetty is."})
    assert "verdict-unaltered" in {problem.rule for problem in examine(other, texts()).problems}
    other = changed(made, {f"{TASK}.criteria": ["Names the wood."]})
    assert "verdict-unaltered" in {problem.rule for problem in examine(other, texts()).problems}
    other = changed(made, {f"{TASK}.supposes": True})
    assert "verdict-unaltered" in {problem.rule for problem in examine(other, texts()).problems}


def test_what_a_judge_is_told_of_a_task_and_of_what_stands_before() -> None:
    made = task(criteria=["Names the resin", "Gives the reason."], support="Look at the planks.", stretch=None)
    made = changed(made, {"misconceptions[0].correction": written("It carries nets and has no lamp.", "punt")})
    claims = {str(each.where): each.claim for each in judged(Reading(made, texts()))}
    assert claims[TASK].sentence == (
        "Two friends argue. Who of them is right? Model answer: The one who paints with pine tar, since it keeps "
        "water out. A good answer: Names the resin; Gives the reason. Help: Look at the planks."
    )
    assert claims[TASK].role == "fact"
    assert claims["misconceptions[0].correction"].before == "A lantern boat is the same as a fishing punt."


@pytest.mark.parametrize(
    ("fields", "role"),
    [({"supposes": True}, "supposition"), ({"cites": [], "answer": None, "criteria": ["Says why."]}, "framing")],
)
def test_a_judge_is_told_what_a_task_is(fields: dict[str, Any], role: str) -> None:
    claims = [each.claim for each in judged(Reading(task(**fields), texts())) if str(each.where) == TASK]
    assert [each.role for each in claims] == [role]


# ---------------------------------------------------------------- titles and objectives

JUDGED_ONE = {f"{PROSE}[3]": written("Builders shape the bottom beam from one timber.", "keel")}
HEADS: dict[str, Any] = {
    "title": "Lantern boats: how clever builders worked",
    "sections[1].title": "Meet A Clever Builder",
    "objectives[0].text": "Explain how clever builders worked.",
    "outcome": "I can explain how clever builders worked.",
    "prior_knowledge[0]": "Clever builders",
}


@pytest.mark.parametrize("path", HEADS)
def test_what_heads_a_judged_lesson_has_common_words_and_elsewhere_those_of_the_material(path: str) -> None:
    made = changed(lesson(), {**JUDGED_ONE, path: HEADS[path]})
    assert "sentence-words" in {problem.rule for problem in examine(made, texts()).problems}
    assert examine(all_judged(made), texts()).problems == ()


@pytest.mark.parametrize("path", HEADS)
@pytest.mark.parametrize("foreign", ["of Atlantis", "of Paris", "after Newton", "of 1912", "with 37 oars"])
def test_what_heads_a_judged_lesson_names_and_counts_nothing_that_the_material_does_not(
    path: str, foreign: str
) -> None:
    text = HEADS[path]
    text = f"{text[:-1]} {foreign}." if text.endswith(".") else f"{text} {foreign}"
    made = all_judged(changed(lesson(), {**JUDGED_ONE, path: text}))
    assert {problem.rule for problem in examine(made, texts()).problems} == {"sentence-words"}


# ---------------------------------------------------------------- what one must know already

STARTER = {
    **{"id": "q6", "kind": "short", "objective": "o1", "bloom": "remember", "term": "buoyancy", "role": "starter"},
    **{"stem": "Why does a cork float?", "answer": "It is lighter than water.", "cites": []},
    **{"feedback": {"text": "Cork is lighter than water.", "role": "background", "origin": "written"}},
}


def test_a_starter_asks_for_what_no_source_says() -> None:
    made = asked(STARTER)
    assert examine(made, texts()).problems == ()
    assert all("questions[5]" not in str(each.where) for each in judged(Reading(made, texts())))


def test_a_starter_that_supposes_a_case_may_count_in_it_but_names_nobody() -> None:
    stem = "Suppose 84 pencils lie on 6 tables, as many on each. How many lie on one?"
    assert examine(asked({**STARTER, "stem": stem}), texts()).problems == ()
    for named in (stem.replace("pencils", "pencils of Newton"), stem.removeprefix("Suppose ")):
        rules = {problem.rule for problem in examine(asked({**STARTER, "stem": named}), texts()).problems}
        assert "sentence-words" in rules


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"role": "exit"}, "question-cited"),
        ({"role": "exit"}, "background-wished"),
        ({"origin": "quoted"}, "question-cited"),
        ({"stem": "Why does a cork float? It is light."}, "sentence-cited"),
        ({"stem": "What did Newton write in 1687?"}, "sentence-words"),
        ({"cites": ["boat"]}, "background-wished"),
    ],
)
def test_nothing_else_may_pass_for_a_starter(fields: dict[str, Any], rule: str) -> None:
    made = asked({**STARTER, **fields})
    assert rule in {problem.rule for problem in examine(made, texts()).problems}


# ---------------------------------------------------------------- invented cases in the lesson's other forms


def supposing() -> Lesson:
    made = task(supposes=True)
    cased = question({**OPEN, "id": "q6", "supposes": True, "origin": "written", "cites": ["signal"],
                      "stem": "Mia is out at night. What does she do?", "answer": "Raise it twice."})  # fmt: skip
    return all_judged(changed(made, {"questions[5]": cased}))


def test_invented_cases_go_through_the_editable_markdown_and_back() -> None:
    made = supposing()
    assert examine(made, texts()).problems == ()
    read = Read(as_markdown(made, "1.0"))
    assert read.mistakes == []
    signing = Signing(made.model_dump(mode="json"), read, "R. Teacher")
    assert not signing.is_changed


@pytest.mark.parametrize(("old", "new"), [(":: task supposes", ":: task"), ("Two friends argue.", "Think.")])
def test_a_judged_task_that_an_author_changes_is_the_authors(old: str, new: str) -> None:
    made = supposing()
    text = as_markdown(made, "1.0")
    assert old in text
    signing = Signing(made.model_dump(mode="json"), Read(text.replace(old, new)), "R. Teacher")
    assert signing.content["sections"][2]["blocks"][0]["origin"] == "author"
    assert examine(Lesson.model_validate(signing.content), texts()).problems == ()


def test_citations_tell_an_invented_case_and_students_get_the_task_alone() -> None:
    made = supposing()
    roles = {each["where"][0]: each["role"] for each in cites(made) if "Mia" in each["claim"] or "Two" in each["claim"]}
    assert set(roles.values()) == {"supposition"}
    assert len(roles) == 2
    shown = student_view(made)
    assert shown["sections"][2]["blocks"][0] == {
        "kind": "task",
        "prompt": "Two friends argue. Who of them is right?",
        "origin": "written",
        "supposes": True,
    }


def test_a_lesson_that_was_stored_before_supposes_nothing() -> None:
    content = teaching().model_dump(mode="json")
    for each in [*content["questions"], content["sections"][2]["blocks"][0]]:
        del each["supposes"]
    assert Lesson.model_validate(content) == teaching()


def test_quoted_statements_are_held_to_the_rules_in_a_judged_lesson_too() -> None:
    made = changed(all_judged(choice()), {f"{PROSE}[4]": quoted("steered") | {"cites": ["steered"]}})
    assert "nothing-dangling" in {problem.rule for problem in examine(made, texts()).problems}


def test_a_judge_sees_what_stands_over_the_cells_of_a_row() -> None:
    row = {"cells": ["Snowball", "beats the men back"], "cites": [], "origin": "written"}
    table = {"kind": "table", "title": "One battle", "headings": ["Who", "What he does"], "rows": [row]}
    reading = Reading(paper([], blocks=[table]), {})
    (told,) = [each.claim for each in judged(reading) if "rows" in each.where.steps]
    assert told.before == "a row of the table “One battle” (Who | What he does)"
