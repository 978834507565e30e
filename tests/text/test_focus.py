"""Whether a text speaks of what a person wants a lesson to dwell on."""

from __future__ import annotations

import pytest

from lessongen.text.focus import Focus, bears

ACID = (
    "Acids react with bases to form salts.",
    "Hydrochloric acid in the stomach helps the digestion of food.",
    "Litmus paper turns red in an acid.",
    "Strong acids dissociate completely in water.",
    "Acids are used in industry to make fertilisers.",
    "Chlorophyll lets photosynthetic plants turn light into food; most have leaves.",
    "Mice were given a weak acid in 1847.",
)


@pytest.mark.parametrize(
    "focus",
    [
        "strong acids",
        "STRONG ACIDS!",
        "how to tell acids from bases with litmus",
        "the role of acids in digestion",
        "the stomach's acid",
        "photosynthesis in a leaf",
        "what happened to the mouse",
        "1847",
        "uses at home and in industry",
        "acids",
        "explain the main ideas with everyday examples",
        "which salts form, and why",
    ],
)
def test_a_focus_that_the_source_speaks_of_is_borne(focus: str) -> None:
    assert bears(focus, ACID, "Acid")


@pytest.mark.parametrize(
    "focus",
    [
        "black holes",
        "acid rain in Norway",
        "the history of acids in China",
        "1848",
        "volcanoes",
        "how batteries work",
        "strong coffee",
        "compare acids with superacids",
        "red leaves",  # each is named, in no one sentence
    ],
)
def test_a_focus_that_the_source_says_nothing_of_is_not(focus: str) -> None:
    assert not bears(focus, ACID, "Acid")


def test_the_titles_own_words_prove_nothing() -> None:
    assert not bears("acid rain", ACID, "Acid")
    assert Focus("acid rain", "Acid").missing(ACID) == ["acid rain"]


def test_what_is_missing_is_told_in_the_askers_words() -> None:
    assert Focus("uses at Home, in industry and in Rockets", "Acid").missing(ACID) == ["Home", "Rockets"]


def test_a_text_is_weighed_by_how_much_of_the_focus_it_names() -> None:
    focus = Focus("litmus and strong acids", "Acid")

    assert [focus.share(each) for each in ("Litmus turns red.", "Strong litmus.", "Nothing.", "Acids")] == [
        0.75,
        1.0,
        0.0,
        0.0,
    ]
    assert Focus("", "Acid").share("Strong acids") == 0.0
