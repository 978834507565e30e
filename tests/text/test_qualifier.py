"""What a topic asks of an article beyond its name."""

from __future__ import annotations

import pytest

from lessongen.text.qualifier import Qualifier, beside, without_level


@pytest.mark.parametrize(
    ("topic", "title", "rest"),
    [
        ("causes of World War I", "World War I", "causes"),
        ("World War I causes", "World War I", "causes"),
        ("World War I in Spain", "World War I", "Spain"),
        ("battle of Hastings", "Battle", "Hastings"),
        ("women in the French Revolution", "French Revolution", "women"),
        ("WWI causes", "World War I", "causes"),
        ("World War I", "World War I", ""),
        ("history of Buddhism", "History of Buddhism", ""),
        ("introduction to volcanoes", "Volcano", ""),
        ("how volcanoes work", "Volcano", ""),
        ("US civil war", "American Civil War", ""),
        ("President Lincoln", "Abraham Lincoln", ""),
        ("circulatry system", "Circulatory system", ""),
        ("les volcans", "Volcano", ""),
        ("roots", "Root", ""),
    ],
)
def test_the_rest_of_a_topic_is_what_the_title_does_not_say(topic: str, title: str, rest: str) -> None:
    assert beside(topic, "history", [title], "").casefold() == rest.casefold()


def test_words_by_which_the_article_says_what_it_is_are_no_rest() -> None:
    assert beside("river Danube", "geography", ["Danube"], "River in Europe") == ""
    assert beside("refraction of light", "physics", ["Refraction"], "", "Refraction of light is the most common.") == ""
    assert beside("refraction in Iceland", "physics", ["Refraction"], "", "Iceland has much of it.") == "Iceland"


def test_several_articles_say_the_topic_together() -> None:
    assert beside("acids and bases", "chemistry", ["Acid", "Base (chemistry)"], "") == ""


@pytest.mark.parametrize(
    ("rest", "heading", "is_about_it"),
    [
        ("causes", "Background", True),
        ("causes", "Aftermath", False),
        ("effects", "Aftermath", True),
        ("Spain", "Spain", True),
        ("uses", "Applications", True),
        ("uses", "History", False),
    ],
)
def test_a_section_is_about_it_by_any_word_for_the_same(rest: str, heading: str, *, is_about_it: bool) -> None:
    assert Qualifier(rest, "World War I").heads(heading) is is_about_it


def test_a_section_or_two_sentences_bear_it_and_one_sentence_does_not() -> None:
    spain = Qualifier("Spain", "World War I")
    there, elsewhere = "Spain stayed neutral.", "The war began in 1914."
    assert spain.is_borne([("Spain", elsewhere), ("Spain", elsewhere)])
    assert spain.is_borne([("", there), ("Course", f"In {there}")])
    assert not spain.is_borne([("", there), ("", elsewhere)])


@pytest.mark.parametrize(
    ("topic", "without"),
    [
        ("fractions for beginners", "fractions"),
        ("volcanoes for grade 5", "volcanoes"),
        ("5th grade fractions", "fractions"),
        ("Spain for kids", "Spain"),
        ("beginner guitar", "guitar"),
        ("class struggle", "class struggle"),
        ("music for strings", "music for strings"),
    ],
)
def test_words_for_whom_it_is_are_told_from_what_it_is_about(topic: str, without: str) -> None:
    assert without_level(topic) == without
