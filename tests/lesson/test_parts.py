"""The parts of a lesson by the names that people use."""

from __future__ import annotations

import pytest

from lessongen.lesson.parts import keys_within, part_keyed, part_named, parts_of
from lessongen.system.errors import NotFound, UsageError
from tests.lessons import lesson


def test_parts_are_named_in_the_order_of_the_lesson() -> None:
    names = [part.name for part in parts_of(lesson(misconceptions=[]))]
    assert names == [
        *("title", "summary", "objectives", "prior-knowledge", "key-terms", "s1", "s2", "s3", "quiz"),
        *("q1", "q2", "q3", "q4", "q5", "q6"),
    ]


def test_a_question_is_numbered_as_the_lesson_asks_it_and_kept_by_its_id() -> None:
    # The lesson asks q1 and q3 in its sections, and the others after these.
    assert part_named(lesson(), "q2").key == "question:q3"
    assert part_named(lesson(), "q2").id == "q3"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *(("S2", "s2"), ("section 2", "s2"), ("part-02", "s2"), ("Question 3", "q3"), (" q3 ", "q3")),
        *(("questions", "quiz"), ("key_terms", "key-terms"), ("Key terms", "key-terms"), ("prior", "prior-knowledge")),
    ],
)
def test_a_name_may_be_written_in_several_ways(written: str, name: str) -> None:
    assert part_named(lesson(), written).name == name


def test_what_is_no_part_is_told_from_what_is_not_there() -> None:
    with pytest.raises(UsageError) as nonsense:
        part_named(lesson(), "sumary")
    assert "summary" in (nonsense.value.hint or "")
    with pytest.raises(NotFound) as missing:
        part_named(lesson(), "s9")
    assert "s1 to s3" in (missing.value.hint or "")
    for empty in ("", "q", "s0", "s-1", "12"):
        with pytest.raises(UsageError):
            part_named(lesson(), empty)


def test_a_key_finds_its_part_where_it_has_moved() -> None:
    sections = lesson().sections
    moved = lesson(sections=[sections[1], sections[0], sections[2]])
    part = part_keyed(moved, part_named(lesson(), "s2").key)
    assert part is not None
    assert part.name == "s1"
    assert part_keyed(moved, "section:gone") is None


def test_a_section_is_kept_with_the_questions_that_it_asks() -> None:
    assert keys_within(lesson(), "section:part2") == {"question:q1"}
    assert keys_within(lesson(), "section:part1") == frozenset()
    assert len(keys_within(lesson(), "quiz")) == 6
    assert keys_within(lesson(), "summary") == frozenset()
