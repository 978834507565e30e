"""The table of nouns against inflect, which makes plurals and articles by rules of its own."""

from __future__ import annotations

import inflect
import pytest
from cefrpy import CEFRAnalyzer, CEFRDataProcessor, CEFRDataReader

from lessongen.text.nouns import indefinite, is_plural, plural, singular

# inflect is wrong here ("grandchilds"), or the word is no noun that is counted, or both plurals are used.
NOT_ASKED = frozenset(
    "also behalf golf grandchild him into money motto myself persona schoolchild she two shrimp spectrum".split()
)
# Their plural is another word's, or a word of its own: "bases", "shorts".
OTHERWISE_READ = frozenset("basis die live new person revery rich short she partie riche roomie".split())
NO_NOUNS = frozenset("foci iii literati spaghetti whoi".split())


@pytest.fixture(scope="module")
def oracle() -> inflect.engine:
    return inflect.engine()


@pytest.fixture(scope="module")
def common_nouns(oracle: inflect.engine) -> list[str]:
    """Singular nouns of the list of words by level, A1 and A2; every second one, for time."""
    found = {
        word
        for word, pos, level in CEFRAnalyzer(CEFRDataProcessor(CEFRDataReader())).yield_word_pos_level()
        if str(pos) == "NN" and int(level) < 3 and word.isalpha() and len(word) > 2
    }
    return [word for word in sorted(found - NO_NOUNS)[::2] if not oracle.singular_noun(word)]


def test_plurals_agree_with_inflect(oracle: inflect.engine, common_nouns: list[str]) -> None:
    assert len(common_nouns) > 2500
    asked = [noun for noun in common_nouns if noun not in NOT_ASKED]
    assert {each: plural(each) for each in asked} == {each: oracle.plural_noun(each) for each in asked}


def test_each_plural_leads_back_to_its_noun(common_nouns: list[str]) -> None:
    asked = [noun for noun in common_nouns if noun not in OTHERWISE_READ]
    assert {each: singular(plural(each)) for each in asked} == {each: each for each in asked}


def test_articles_agree_with_inflect(oracle: inflect.engine, common_nouns: list[str]) -> None:
    names = (
        "MRI NASA UNESCO FBI NGO US UN DNA RNA HTML XML USB UFO Ugandan Ukrainian European Uruguayan X-ray U-turn hour"
        " heir honest honour one-way unicorn unit union urn uranium ugly utopia 110 1 100"
    )
    asked = [*common_nouns, *names.split()]
    assert {each: indefinite(each) for each in asked} == {each: oracle.a(each) for each in asked}


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("bookshelf", "bookshelves"),
        ("werewolf", "werewolves"),
        ("half-life", "half-lives"),
        ("mother-in-law", "mothers-in-law"),
        ("passer-by", "passers-by"),
        ("businesswoman", "businesswomen"),
        ("superhuman", "superhumans"),
        ("stomach", "stomachs"),
        ("patriarch", "patriarchs"),
        ("superhero", "superheroes"),
        ("domino", "dominoes"),
        ("avalanche", "avalanches"),
        ("walrus", "walruses"),
        ("hypotenuse", "hypotenuses"),
        ("taxi", "taxis"),
        ("tsunami", "tsunamis"),
        ("emu", "emus"),
        ("plateau", "plateaus"),
        ("waltz", "waltzes"),
        ("metamorphosis", "metamorphoses"),
        ("jellyfish", "jellyfish"),
        ("cyanobacterium", "cyanobacteria"),
        ("hippie", "hippies"),
        ("iris", "irises"),
        ("canoe", "canoes"),
        ("mongoose", "mongooses"),
        ("soliloquy", "soliloquies"),
        ("olive", "olives"),
        ("belief", "beliefs"),
    ],
)
def test_plurals_that_rules_of_thumb_get_wrong(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one


@pytest.mark.parametrize("noun", ["thermodynamics", "robotics", "scissors", "Socrates", "herpes", "news", "Texas"])
def test_what_ends_in_s_and_is_no_plural_is_none(noun: str) -> None:
    assert not is_plural(noun)


@pytest.mark.parametrize(
    "phrase",
    [
        "an 18-year-old",
        "an 11 km walk",
        "an 1848 revolution",
        "a 110-page book",
        "an F-sharp",
        "an HIV test",
        "an LED",
        "an EU law",
        "a URL",
        "an 80 m tower",
        "an NCAA team",
        "a RAM chip",
        "an MRSA ward",
        "an X-ray",
        "a U-turn",
        "an nth root",
        "an yttrium lamp",
        "an ugly duckling",
        "a uranium mine",
        "a utopian novel",
    ],
)
def test_articles_of_numbers_letters_and_rare_vowels(phrase: str) -> None:
    assert indefinite(phrase.split(" ", 1)[1]) == phrase


def test_fields_of_study_are_the_same_in_the_plural() -> None:
    assert [plural(each) for each in ("mathematics", "politics", "law")] == ["mathematics", "politics", "laws"]
