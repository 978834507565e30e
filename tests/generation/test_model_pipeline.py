"""A lesson by a model from request to version: how many calls it takes, in which order, and none of them twice."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest

from lessongen.check.gate import examine
from lessongen.generation.generate import Generator
from lessongen.generation.judging import Judging
from lessongen.lesson.judgement import Bar
from lessongen.lesson.model import Lesson
from lessongen.lesson.records import NewVersion
from lessongen.writers.extractive import ExtractiveWriter
from lessongen.writers.openai.budget import STARTERS, Budget
from tests import good_model, made_up_articles
from tests.generation.test_judging import Results
from tests.judging import EXAM, model_judge
from tests.pictures import leaf
from tests.scripted_model import ScriptedModel, prompt_of
from tests.writers.test_openai_writer import KeptAttempt, Killed, request, with_answers, writer_for

WRITING = ("plan", "cycles", "quizzes", "repair")
PURPLE = "The mills were painted purple by the wives of kings and emperors."


def _with_a_fault(_asked: dict[str, Any], good: Any) -> object:
    good["explain"][1]["text"] = PURPLE
    return good


def _with_another_question(asked: dict[str, Any], good: Any) -> object:
    """The repair, which writes one question anew too, where one is shown."""
    parts = prompt_of(asked).partition("<<<PARTS")[2].splitlines()
    for number, line in (
        (each.partition(",")[0].removeprefix("part "), each) for each in parts if "question: {" in each
    ):
        was = json.loads(line.partition("question: ")[2])
        good["questions"] = [
            {
                "part": int(number),
                "drop": False,
                **was,
                "kind": "short",
                "options": [],
                "stem": f"Say in a few words: {was['stem']}",
                "answer": was["explanation"],
            }
        ]
        break
    return good


def _finding_a_flaw(_asked: dict[str, Any], good: Any) -> object:
    """A flaw of a check, none of which is to spare."""
    good["answers"][min(3, len(good["answers"]) - 1)]["unclear"] = "vague"
    return good


FAULTY = with_answers(cycle=_with_a_fault, answers=_finding_a_flaw, repair=_with_another_question)


class Workshop:
    """A generator whose writer and judge ask one server; the exam's results are kept, as a database keeps them."""

    def __init__(self, server: ScriptedModel) -> None:
        self.server, self._results = server, Results()

    def made(self, attempt: KeptAttempt) -> NewVersion:
        """A lesson by a process of its own."""
        judge = model_judge(self.server)
        generate = Generator(
            gather=lambda _request, _attempt: replace(made_up_articles.skerry_mills(), image=leaf()),
            writers={"openai": lambda: writer_for(self.server), "extractive": lambda: ExtractiveWriter(None)},
            body_text=lambda _lesson: "",
            judging=Judging(judge=lambda _request, _exam: judge, results=lambda: self._results, bar=Bar()),
        )
        return generate(request(writer="openai", minutes=60), attempt)

    @property
    def steps(self) -> list[str]:
        """The steps of all calls."""
        return [good_model.step_of(call) for call in self.server.calls]


def content(version: NewVersion) -> dict[str, Any]:
    """All of a lesson but what it took, and when the judge sat."""
    return Lesson.model_validate_json(version.content).model_dump(exclude={"provenance"})


@pytest.fixture(scope="module")
def whole() -> tuple[dict[str, Any], list[str], list[str]]:
    """A lesson that had to be repaired, the steps of its calls, and their prompts."""
    with ScriptedModel(FAULTY) as server:
        workshop = Workshop(server)
        version = workshop.made(KeptAttempt())
        lesson = Lesson.model_validate_json(version.content)
        assert examine(lesson, version.texts).problems == ()
        assert PURPLE not in version.content
        return content(version), workshop.steps, [json.dumps(call["messages"]) for call in server.calls]


def test_a_lesson_with_a_repair_takes_at_most_10_calls_in_a_chain_of_6(whole: Any) -> None:
    _, steps, _ = whole
    assert steps[:2] == ["judge"] * 2, "the exam comes first"
    own = steps[2:]
    assert own[:3] == ["plan", "cycles", "quizzes"]
    assert set(own[3 : own.index("repair")]) == {"judge", "answers"}
    # Where all flawed questions have gone no reader answers again.
    assert {"judge"} <= set(own[own.index("repair") + 1 :]) <= {"judge", "answers"}
    assert len(own) <= 10
    places = (("weighed" if step in ("judge", "answers") else f"{step} {at}") for at, step in enumerate(own))
    assert len(list(groupby(places))) <= 6


def test_the_image_of_the_article_is_in_the_lesson_after_a_repair_too(whole: Any) -> None:
    assert whole[0]["image"] == leaf().shown().model_dump()


def test_of_the_questions_that_are_written_a_lesson_shows_what_its_minutes_allow(whole: Any) -> None:
    lesson, _, _ = whole
    budget = Budget(minutes=lesson["minutes"])
    roles = Counter(each["role"] for each in lesson["questions"])
    assert roles["starter"] == STARTERS == 1
    assert budget.least["exit"] <= roles["exit"] <= budget.exit < budget.written


def test_the_writers_calls_begin_with_the_same_bytes_which_are_rules_and_sources(whole: Any) -> None:
    _, steps, prompts = whole
    own = [json.loads(said) for step, said in zip(steps, prompts, strict=True) if step in WRITING]
    assert len(own) == 4
    assert len({system["content"] for system, _ in own}) == 1
    assert len({user["content"].partition("SOURCES>>>")[0] for _, user in own}) == 1
    assert all(user["content"].startswith("<<<SOURCES") for _, user in own)


def test_prompts_are_the_same_bytes_for_the_same_inputs(whole: Any) -> None:
    lesson, _, prompts = whole
    with ScriptedModel(FAULTY) as server:
        again = Workshop(server).made(KeptAttempt())
        assert [json.dumps(call["messages"]) for call in server.calls] == prompts
    assert content(again) == lesson


def test_each_step_is_one_call_whatever_is_killed(whole: Any) -> None:
    """A worker that dies before each of its steps is kept, from the exam to the last verdict, and one that goes on."""
    lesson, steps, prompts = whole
    died = 0
    for dies_after in range(len(steps)):
        with ScriptedModel(FAULTY) as server:
            workshop = Workshop(server)
            first = KeptAttempt(dies_after=dies_after)
            with pytest.raises(Killed):
                workshop.made(first)
            died += 1
            finished = workshop.made(KeptAttempt(kept=first.kept, usages=first.usages))
            assert sorted(json.dumps(call["messages"]) for call in server.calls) == sorted(prompts), dies_after
        assert content(finished) == lesson
    assert died == len(steps)


def test_a_model_that_writes_well_and_fails_the_exam_makes_a_lesson_by_the_rules_which_says_so() -> None:
    def answer(asked: dict[str, Any]) -> object:
        if good_model.step_of(asked) == "judge":
            return good_model.judged(asked, lambda _item: "supported")
        return good_model.answer(asked)

    with ScriptedModel(answer) as server:
        workshop = Workshop(server)
        version = workshop.made(KeptAttempt())
        told = prompt_of(server.calls[1])
        steps = workshop.steps
    lesson = Lesson.model_validate_json(version.content)
    assert steps.count("judge") == 1, "who failed judges nothing"
    assert "a strict word check" in json.dumps(server.calls[1]["messages"]), told
    assert lesson.provenance.judge == "rules"
    assert any("has not passed the exam" in notice for notice in lesson.provenance.notices)
    assert any(each.origin == "written" for each in lesson.questions)
    assert examine(lesson, version.texts).problems == ()
    assert EXAM.name not in version.content
