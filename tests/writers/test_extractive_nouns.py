"""English nouns as the extractive writer's sentences need them."""

from __future__ import annotations

import pytest

from lessongen.text.nouns import indefinite, plural, singular


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("verb", "verbs"),
        ("city", "cities"),
        ("day", "days"),
        ("bus", "buses"),
        ("oasis", "oases"),
        ("matrix", "matrices"),
        ("prime number", "prime numbers"),
        ("law of motion", "laws of motion"),
        ("species", "species"),
        ("quiz", "quizzes"),
        ("shelf", "shelves"),
        ("policeman", "policemen"),
        ("Roman", "Romans"),
        ("cookie", "cookies"),
    ],
)
def test_nouns_have_their_plural(one: str, many: str) -> None:
    assert plural(one) == many


@pytest.mark.parametrize(
    "noun", ["verb", "city", "wolf", "volcano", "nucleus", "box", "church", "tooth", "bus", "movie", "fireman", "lens"]
)
def test_a_plural_leads_back_to_its_singular(noun: str) -> None:
    assert singular(plural(noun)) == noun


@pytest.mark.parametrize(
    "phrase",
    [
        "a verb",
        "an adverb",
        "an hour",
        "a university",
        "a European",
        "an unknown",
        "a unit",
        "a one-way street",
        "an MRI",
        "a Ugandan",
    ],
)
def test_nouns_take_the_article_that_is_spoken(phrase: str) -> None:
    assert indefinite(phrase.split(" ", 1)[1]) == phrase


@pytest.mark.parametrize("noun", ["physics", "lens", "specimen", "abdomen", "species", "gas", "bacteria"])
def test_a_noun_that_only_looks_like_a_plural_stays_as_it_is(noun: str) -> None:
    assert singular(noun) == noun
