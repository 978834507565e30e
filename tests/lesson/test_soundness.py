"""A stored lesson with a broken part: the rest is shown, and what is left out is said."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from lessongen.exporters import known_formats
from lessongen.lesson.soundness import sound_part
from tests.exporters.rich import rich_lesson
from tests.exporters.test_exporters import full_lesson

Breaking = Callable[[dict[str, Any]], None]


def first(content: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        block for section in content["sections"] for block in section["blocks"] if block["kind"] == kind
    )
    return found


def unknown_block(content: dict[str, Any]) -> None:
    first(content, "prose")["kind"] = "hologram"


def question_of_no_kind(content: dict[str, Any]) -> None:
    content["questions"][-1]["kind"] = "duel"


def term_without_definition(content: dict[str, Any]) -> None:
    del content["key_terms"][-1]["definition"]


def note_that_is_none(content: dict[str, Any]) -> None:
    content["sections"][0]["notes"] = ["no statement"]


def question_that_is_not_there(content: dict[str, Any]) -> None:
    first(content, "check")["question"] = "q99"


def quote_that_is_not_there(content: dict[str, Any]) -> None:
    content["questions"][0]["cites"] = ["c99"]


def one_id_twice(content: dict[str, Any]) -> None:
    content["questions"][1]["id"] = content["questions"][0]["id"]


@pytest.mark.parametrize(
    ("breaking", "told"),
    [
        (unknown_block, "can't be read"),
        (question_of_no_kind, "can't be read"),
        (term_without_definition, "A key word, the"),
        (note_that_is_none, "A note of"),
        (question_that_is_not_there, "asks a question that is not there"),
        (quote_that_is_not_there, "cites a quote that is not there"),
        (one_id_twice, "another one has its id"),
    ],
    ids=lambda each: each.__name__ if callable(each) else "",
)
def test_one_broken_part_is_left_out_of_every_format_and_said(breaking: Breaking, told: str) -> None:
    content = copy.deepcopy(json.loads(rich_lesson().model_dump_json()))
    content["questions"] += json.loads(full_lesson().model_dump_json())["questions"][-1:]
    content["questions"][-1]["id"] = "spare"
    content["key_terms"].append({**content["key_terms"][0], "term": "Spare"})
    breaking(content)
    made, lost = sound_part(json.dumps(content))
    assert any(told in each for each in lost), lost
    assert len(made.sections) == len(content["sections"])
    for form in ("html", "md", "json", "gift"):
        assert known_formats()[form].write(made, audience="teacher", about={"approvals": []}, image="").data


def test_a_sound_lesson_is_whole() -> None:
    made, lost = sound_part(rich_lesson().model_dump_json())
    assert (made, lost) == (rich_lesson(), ())


@pytest.mark.parametrize("content", ["{}", "[]", "", '{"schema_version": 3}'])
def test_what_is_no_lesson_at_all_is_refused(content: str) -> None:
    with pytest.raises(ValidationError):
        sound_part(content)
