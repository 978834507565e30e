"""Content of an older schema is read as a lesson of today's, and what is stored never changes."""

from __future__ import annotations

import copy
import gzip
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lessongen.check.gate import examine
from lessongen.lesson.model import Lesson
from lessongen.lesson.parts import parts_of
from lessongen.lesson.reading import content_of_json, lesson_of_json, role_of_place
from tests.lessons import lesson, teaching, texts

MADE_BY_0_1 = Path(__file__).parents[1] / "fixtures" / "lessons_0_1.db.gz"
ADDED = {"role", "verdict", "why", "tempting", "cycle", "notes", "kind", "outcome", "key_points", "materials", "safety"}
ADDED_TO_PROVENANCE = {"judge", "exam", "exams", "background"}


def of_schema_1(content: dict[str, Any]) -> dict[str, Any]:
    """A content without all that schema 1 did not know."""

    def without(part: Any) -> Any:
        if isinstance(part, dict):
            # A section and a block had a kind in schema 1 too; the lesson had none.
            gone = ADDED - {"kind"} if "subject" not in part else ADDED
            gone = gone | ADDED_TO_PROVENANCE if "seed" in part else gone
            return {key: without(value) for key, value in part.items() if key not in gone}
        return [without(each) for each in part] if isinstance(part, list) else part

    return {**without(content), "schema_version": 1}


def stored_by_0_1(folder: Path) -> list[str]:
    """The contents of all versions in a database of lessongen 0.1."""
    database = folder / "lessons.db"
    database.write_bytes(gzip.decompress(MADE_BY_0_1.read_bytes()))
    with sqlite3.connect(database) as connection:
        return [text for (text,) in connection.execute("SELECT content FROM versions")]


def leaves(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Everything in a content that holds nothing else, with its path."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from leaves(value, f"{path}.{key}")
    elif isinstance(part, list):
        for at, each in enumerate(part):
            yield from leaves(each, f"{path}[{at}]")
    else:
        yield path, part


def test_all_that_lessongen_0_1_stored_is_read_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    stored = stored_by_0_1(tmp_path)
    kinds = set()
    for text in stored:
        before, after = json.loads(text), content_of_json(text)
        assert before["schema_version"] == 1
        assert dict(leaves(before)).items() - {(".schema_version", 1)} <= dict(leaves(after)).items()
        made = lesson_of_json(text)
        assert made.model_dump(mode="json") == after
        assert {each.key for each in parts_of(made)} >= {f"question:{each['id']}" for each in before["questions"]}
        kinds |= {each.kind for each in made.questions}
    assert len(stored) == 17
    assert {"choice", "true_false", "cloze", "short", "match", "order", "open"} <= kinds


def test_a_lesson_of_schema_1_passes_the_gate_as_it_did() -> None:
    old = of_schema_1(lesson().model_dump(mode="json"))
    assert "role" not in json.dumps(old)
    made = lesson_of_json(json.dumps(old))
    assert examine(made, texts()).problems == ()
    assert made.model_copy(update={"questions": lesson().questions}) == lesson()


def test_what_stood_on_nothing_was_framing_and_all_else_a_fact() -> None:
    content = lesson().model_dump(mode="json")
    sentences = content["sections"][1]["blocks"][0]["sentences"]
    sentences[1] |= {"cites": [], "origin": "author", "by": "R. Teacher"}
    made = lesson_of_json(json.dumps(of_schema_1(content)))
    block = made.sections[1].blocks[0]
    assert block.kind == "prose"
    assert [each.role for each in block.sentences] == ["framing", "fact", "fact", "fact", "fact", "fact"]


def test_a_question_has_the_role_of_the_place_where_it_was_asked() -> None:
    content = lesson().model_dump(mode="json")
    made = lesson_of_json(json.dumps(of_schema_1(content)))
    # One is asked in a section that explains, one in the check, the others nowhere.
    assert [each.role for each in made.questions] == ["check", *["exit"] * 5]
    assert (role_of_place("starter"), role_of_place("practice"), role_of_place("close")) == ("starter", "check", "exit")


def test_a_lesson_of_today_comes_back_as_it_was_stored() -> None:
    assert lesson_of_json(teaching().model_dump_json()) == teaching()
    assert content_of_json(teaching().model_dump_json()) == teaching().model_dump(mode="json")


@pytest.mark.parametrize("version", [0, 3, "2", None, [], {}])
def test_a_schema_that_this_program_does_not_know_is_refused(version: Any) -> None:
    content = {**lesson().model_dump(mode="json"), "schema_version": version}
    with pytest.raises(ValidationError):
        lesson_of_json(json.dumps(content))


def test_a_content_of_schema_1_that_lacks_something_is_refused_and_not_filled_in() -> None:
    old = of_schema_1(lesson().model_dump(mode="json"))
    for field in ("sections", "questions", "key_terms", "provenance", "summary"):
        broken = copy.deepcopy(old)
        del broken[field]
        with pytest.raises(ValidationError):
            lesson_of_json(json.dumps(broken))
    for text in ("", "[]", "null", "{", json.dumps({**old, "sections": [None]}), json.dumps({**old, "questions": 1})):
        with pytest.raises(ValidationError):
            lesson_of_json(text)


def test_a_lesson_has_enough_of_what_a_fact_sheet_may_lack() -> None:
    few: dict[str, list[str]] = {"objectives": [], "key_terms": [], "questions": []}
    content = {**lesson().model_dump(mode="json"), **few}
    with pytest.raises(ValidationError) as refused:
        Lesson.model_validate(content)
    assert {error["loc"] for error in refused.value.errors()} == {(name,) for name in few}
    assert Lesson.model_validate({**content, "kind": "fact_sheet"}).questions == []
