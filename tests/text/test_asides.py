"""Parts that a sentence can do without: what is left says less and nothing else, or nothing is left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.text.asides import asides, without
from lessongen.text.sentences import is_whole

# A sentence, and what is left of it without all its asides.
CUT = [
    (
        "The lantern boat (called a firefly by the islanders) is rowed by two women.",
        "The lantern boat is rowed by two women.",
    ),
    ("The mill, which stands on a skerry, is driven by the tide.", "The mill is driven by the tide."),
    (
        "The mill is driven by the tide, which turns its wheel twice a day.",
        "The mill is driven by the tide.",
    ),
    (
        "Many hares of the hills, such as the glass hare, the snow hare and the grey hare, are active at night.",
        "Many hares of the hills are active at night.",
    ),
    (
        "Glass hares eat lichens of many kinds, including those of the northern cliffs.",
        "Glass hares eat lichens of many kinds.",
    ),
    (
        "The monks who built the mill, which stands on a skerry, were from the north.",
        "The monks who built the mill were from the north.",
    ),
    ("Mary Alden, a builder of bridges, was born in the north.", "Mary Alden was born in the north."),
    ("The firefly, also known as the lantern boat, is rowed by women.", "The firefly is rowed by women."),
    ("The lamp – a tall thing of brass – was lit every evening.", "The lamp was lit every evening."),  # noqa: RUF001
    (
        "The lamp of the old tower—a tall thing of brass—was lit every evening.",
        "The lamp of the old tower was lit every evening.",
    ),
    (
        "The keeper took the oil to the tower, and the women of the village were glad of the light.",
        "The keeper took the oil to the tower.",
    ),
    (
        "The northern hares are white all year, whereas the southern hares turn brown.",
        "The northern hares are white all year.",
    ),
    ("The wheel drives a wooden shaft, which carries the upper millstone.", "The wheel drives a wooden shaft."),
    ("The mill is older than the town; it was built by monks.", "The mill is older than the town."),
    (
        "However, the mill of the skerry is still driven by the tide.",
        "The mill of the skerry is still driven by the tide.",
    ),
    (
        "The flood of the year destroyed the bridge and was felt far away, leaving the town in the dark.",
        "The flood of the year destroyed the bridge and was felt far away.",
    ),
]
# Sentences in which each comma matters, or in which the own verb is not plain to see.
KEPT = [
    "Glass hares are active in the hills, except in winter.",
    "The mill is driven by the tide, if the tide is high.",
    "The light of the tower is seen by all boats, but only on clear nights.",
    "The market consists of fishermen, and farmers of the hills.",
    "The keeper has lamps, oil, and ropes.",
    "Because the mill is old, which is well known, the town wants to mend it.",
    "The older the mill is, the slower the wheel turns.",
    "Boats, mills, and the towers are the pride of the islands.",
    "The years 1914–1918 are told of as years of hunger.",  # noqa: RUF001
    "The hares and, it is said, the foxes are white.",
    "In the story the hare, which speaks, says that it is a king.",
    "The ghost of the tower is seen by keepers, according to a legend.",
    "The hares are white (except in summer) and live alone in the hills.",
    "The hares are (usually) white and live alone in the hills.",
    "The formula is f(x) for all boats of the islands.",
    "“The mill is old, which is well known,” is what the keeper said of it.",
    "In some cases the mills of the north, which are rare, stand on cliffs.",
    "A boat called the firefly, which is rowed by women, and a mill are the pride of the islands.",
    "Mills that turn, which are rare, stand on skerries and on cliffs in the north",
]


@pytest.mark.parametrize(("sentence", "left"), CUT)
def test_parts_between_marks_are_left_out(sentence: str, left: str) -> None:
    assert without(sentence, asides(sentence)) == left


@pytest.mark.parametrize("sentence", KEPT)
def test_what_may_narrow_or_hold_the_rest_stays(sentence: str) -> None:
    assert asides(sentence) == []


def test_an_aside_within_another_can_be_left_out_with_it_or_alone() -> None:
    sentence = "The mill is driven by the tide, which turns a wheel (of oak and iron) twice a day."
    inner = next(each for each in asides(sentence) if each.text.startswith(" ("))
    assert without(sentence, [inner]) == "The mill is driven by the tide, which turns a wheel twice a day."
    assert without(sentence, asides(sentence)) == "The mill is driven by the tide."


WORDS = ["the mill", "is", "a boat", "which", "that", "and", "was", "such as", "not", "John", "1914", "it", "because"]
MARKS = [" ", " ", " ", ", ", "; ", " – ", " (", ") ", ": ", "—", '"', "“", "”"]  # noqa: RUF001


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(MARKS)), max_size=14))
def test_what_is_left_is_a_whole_sentence_of_the_same_words_in_order(pairs: list[tuple[str, str]]) -> None:
    sentence = f"The lamp is {''.join(word + mark for word, mark in pairs).strip()} here."
    found = asides(sentence)
    assert all(sentence[each.start : each.end] == each.text for each in found)
    left = without(sentence, found)
    if found:
        assert is_whole(left)
        rest = iter(re.findall(r"\w+", sentence.lower()))
        assert all(any(word == each for each in rest) for word in re.findall(r"\w+", left.lower()))
