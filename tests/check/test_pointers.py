"""What names a part of the lesson that is not there."""

from __future__ import annotations

import pytest

from lessongen.check.pointers import dangling
from lessongen.lesson.model import Lesson
from tests.check.papers import Fields, paper

TABLE: Fields = {"kind": "table", "title": "Bees", "headings": ["Bee", "Work"], "rows": []}
TASK: Fields = {"kind": "task", "prompt": "Write it down.", "answer": None, "criteria": ["clear"], "origin": "written"}


def told(text: str, *blocks: Fields) -> list[str]:
    return [problem.message for problem in dangling(paper([], prose=[text], blocks=blocks))]


@pytest.mark.parametrize(
    "text",
    [
        "Look at the table above.",
        "Which row of the table fits?",
        "The analogy ends here.",
        "The worked example shows how.",
        "In the timeline, find the year.",
        "Do it as in the example above.",
        "The role play shows why.",
    ],
)
def test_a_part_that_is_named_and_not_there_is_found(text: str) -> None:
    assert len(told(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The smith puts the iron on the table.",
        "For example, bees dance.",
        "The map of the colony was drawn in 1927.",
        "Bees make a comparison of two flowers.",
        "Some tables are round.",
    ],
)
def test_things_of_the_topic_point_to_no_part(text: str) -> None:
    assert told(text) == []


def test_a_part_that_is_there_may_be_named() -> None:
    assert told("Look at the table above.", {**TABLE, "rows": [{"cells": ["a", "b"]}]}) == []
    assert told("Look at the timeline.", {**TABLE, "rows": [{"cells": ["a", "b"]}]}) != []


def test_the_help_of_a_task_is_read_too() -> None:
    made: Lesson = paper([], blocks=[{**TASK, "support": "Look at the table above."}])
    (problem,) = dangling(made)
    assert problem.where.last == "support"
