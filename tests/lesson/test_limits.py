"""The limits of the schema: they stand once, and everything that asks for, makes or changes a lesson reads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lessongen
from lessongen.jobs import validate
from lessongen.lesson import limits
from lessongen.lesson.model import FEWEST, Lesson
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import UsageError

_PACKAGE = Path(lessongen.__file__).parent
_OWN_NUMBER = re.compile(r"^_?(?:FEWEST|MOST)_(?:QUESTIONS|TERMS|SECTIONS|OBJECTIVES|PRIOR\w*)\b.*= *\d", re.MULTILINE)


@pytest.mark.parametrize("part", [*"objectives key_terms sections questions prior_knowledge misconceptions".split()])
def test_the_schema_says_what_the_limits_say(part: str) -> None:
    limit: limits.Limit = getattr(limits, part.upper())
    field = Lesson.model_json_schema()["properties"][part]

    fewest = FEWEST.get(part, field.get("minItems", 0))  # a fact sheet may have none of some
    assert (fewest, field["maxItems"]) == limit


@pytest.mark.parametrize(
    "asked", [{"questions": limits.USUAL_QUESTIONS.most + 1}, {"minutes": limits.MINUTES.fewest - 1}]
)
def test_what_is_beyond_a_limit_is_refused_in_its_numbers(asked: dict[str, int]) -> None:
    (limit,) = ({"questions": limits.USUAL_QUESTIONS, "minutes": limits.MINUTES}[part] for part in asked)

    with pytest.raises(UsageError, match=f"between {limit.fewest} and {limit.most}"):
        validate(LessonRequest(subject="english", topic="verbs", **asked))  # type: ignore[arg-type]


def test_no_other_file_has_such_a_limit_of_its_own() -> None:
    found = {
        f"{path.relative_to(_PACKAGE)}: {each[0]}"
        for path in _PACKAGE.rglob("*.py")
        for each in _OWN_NUMBER.finditer(path.read_text())
    }

    assert found == set()
