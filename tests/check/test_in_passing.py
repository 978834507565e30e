"""What is said in passing: of students, by a number, or in a key alone."""

from __future__ import annotations

import pytest

from lessongen.check.in_passing import COUNTED, STUDENTS, UNANSWERED, UNTAUGHT, concludes, said_in_passing, unanswered
from lessongen.lesson.model import Lesson, Task
from tests.lessons import changed, teaching

TASK = {"kind": "task", "prompt": "Say why it floats.", "answer": "So.", "cites": ["signal"], "origin": "written"}


def rules(lesson: Lesson) -> list[str]:
    return [each.rule for each in said_in_passing(lesson)]


def noted(text: str) -> Lesson:
    sections = [each.model_dump() for each in teaching().sections]
    sections[1]["notes"] = [{"text": text, "role": "fact", "cites": ["keel"], "origin": "written"}]
    return changed(teaching(), {"sections": sections})


@pytest.mark.parametrize(
    "text", ["Some take the keel for the mast.", "Many students think that cedar sinks.", "Students often forget it."]
)
def test_a_note_that_cites_a_source_for_what_students_think_is_found(text: str) -> None:
    assert rules(noted(text)) == [STUDENTS]


@pytest.mark.parametrize("text", ["If somebody takes the keel for the mast, ask what carries it.", "Cedar floats."])
def test_a_note_on_what_to_do_is_fine(text: str) -> None:
    assert rules(noted(text)) == []


def test_an_objective_that_counts_what_nothing_counts_is_found() -> None:
    assert rules(changed(teaching(), {"objectives[0].text": "Explain four causes of a wreck."})) == [COUNTED]
    assert rules(changed(teaching(), {"outcome": "I can write three sentences."})) == []


def test_a_task_whose_key_rests_on_what_no_part_tells_is_found_and_named() -> None:
    lesson = teaching()
    asked = lesson.sections[0].model_copy(update={"blocks": [Task.model_validate(TASK)]})
    untold = {"key_terms": [], "key_points": [], "misconceptions": [], "questions": [], "sections": [asked]}
    alone = lesson.model_copy(update=untold)
    assert rules(alone) == [UNTAUGHT]
    assert rules(lesson.model_copy(update={**untold, "sections": [*lesson.sections, asked]})) == []
    (quote,) = (each.text for source in lesson.sources for each in source.quotes if each.id == "signal")
    told = asked.model_copy(update={"blocks": [Task.model_validate({**TASK, "prompt": f"{quote} Say why."})]})
    assert rules(lesson.model_copy(update={**untold, "sections": [told]})) == []
    (found,) = unanswered(alone, {1: "the length of the keel", 2: "nothing that is there"})
    assert found.rule == UNANSWERED
    assert "the length of the keel" in found.message


def test_what_weighs_two_views_is_a_conclusion_unless_the_source_weighs_them() -> None:
    assert concludes("That is disputed.", ["Rakove named the war-weary populace."])
    assert concludes("The two stress different things.", ["Dougherty tested it."])
    assert not concludes("That is disputed.", ["The claim is disputed."])
    assert not concludes("He tested it.", ["Dougherty tested it."])
