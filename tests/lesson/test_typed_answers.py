"""What a student types is right where it says what the answer says."""

from __future__ import annotations

import pytest

from lessongen.lesson.questions import KINDS
from lessongen.lesson.questions.base import said
from tests.lessons import CLOZE, question


@pytest.mark.parametrize(
    ("origin", "right", "typed", "is_right"),
    [
        ("quoted", "Pine tar", " pine  tar. ", True),
        ("quoted", "\N{MINUS SIGN}39 degrees", "39 degrees", False),
        ("quoted", "\N{MINUS SIGN}39 degrees", "-39 degrees", True),
        ("quoted", "\u0939\u093f\u0928\u094d\u0926\u0940", "\u0939\u093f\u0928\u094d\u0926", False),
        ("quoted", "?!", "\N{EM DASH}", False),
        ("computed", "\N{MINUS SIGN}1,200", "-1200", True),
        ("computed", "1200", "1,200", True),
        ("quoted", "1,200 boats", "1200 boats", True),
        ("computed", "\N{MINUS SIGN}1,200", "1200", False),
    ],
)
def test_marks_at_the_ends_do_not_count_but_for_a_minus(origin: str, right: str, typed: str, is_right: bool) -> None:
    asked = question({**CLOZE, "answer": right, "origin": origin, "by": "arithmetic" if origin == "computed" else None})
    assert KINDS["cloze"].model_validate(asked).judge({"answer": typed}) is is_right


def test_what_is_compared_is_found_in_time_that_grows_with_its_length_alone() -> None:
    assert said("- " * 200_000 + "a" + " !" * 200_000) == "a"
