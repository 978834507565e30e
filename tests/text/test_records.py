"""What a sentence ranks or bounds is told as one source has it."""

from __future__ import annotations

import pytest

from lessongen.text.records import records_in, told_otherwise


@pytest.mark.parametrize(
    ("sentence", "record"),
    [
        ("Titicaca is the largest lake in South America.", "the largest lake in South America"),
        ("It is the 18th-largest lake of the world by volume.", "the 18th-largest lake of the world by volume"),
        ("It is one of the most influential novels of its time.", "one of the most influential novels of its time"),
        ("The coma may be up to 15 times Earth's diameter.", "up to 15 times Earth's"),
        ("It was the first English novel, and is read today.", "the first English novel"),
        ("It is the largest U.S. city.", "the largest U.S. city"),
        ("On average 2,400 trees are cut down each minute.", "2,400 trees are cut down each minute"),
        ("It feeds 3 billion people of the world.", "3 billion people of the world"),
        ("Some 15 % of the water is lost.", "15 % of the water"),
    ],
)
def test_a_rank_or_a_bound_is_found_with_what_it_is_of(sentence: str, record: str) -> None:
    assert records_in([sentence]) == [record]
    assert f"“{record}”" in told_otherwise([sentence])


@pytest.mark.parametrize(
    "sentence",
    [
        "The mill was closed in the first half of the century.",
        "The first step is to wash the crystals.",
        "It walked up to the old house.",
        "In 2019 it fed 3 billion people.",
        "It lived 83 million years ago.",
    ],
)
def test_what_ranks_nothing_is_left_alone(sentence: str) -> None:
    assert records_in([sentence]) == []
    assert told_otherwise([sentence]) == ""
