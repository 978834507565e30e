"""Kinds of faults that lessons of sentences are prone to."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Document, Material
from lessongen.lesson.model import Check, Lesson, Section
from lessongen.lesson.questions.choice import Choice
from lessongen.lesson.questions.match import Match
from lessongen.lesson.questions.short import Short
from lessongen.lesson.questions.true_false import TrueFalse
from lessongen.lesson.task import LessonRequest
from lessongen.text.sentences import points_back, split_sentences
from lessongen.writers.extractive import ExtractiveWriter
from lessongen.writers.extractive.article import Article, Term
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.distractors import Distractors, fits, is_plausible, shares_words
from lessongen.writers.extractive.gapping import mask
from lessongen.writers.extractive.questions import Questions
from tests.attempts import PlainAttempt

# From every category of the pack; none of them is among the bench's.
TITLES = [
    "Ketchup",
    "Cube",
    "Glacier",
    "Black Sabbath",
    "Poseidon",
    "Attack on Pearl Harbor",
    "Jodhpur",
    "Bank",
    "Printing press",
    "Diocletian",
    "Thomism",
    "Wage",
]


@pytest.fixture(scope="module")
def lessons(encyclopedia: Encyclopedia) -> list[Lesson]:
    """Two successive versions on each of the titles."""
    made: list[Lesson] = []
    for title in TITLES:
        first = write(encyclopedia, title, 1)
        made += [first, write(encyclopedia, title, 2, first)]
    return made


def write(encyclopedia: Encyclopedia, title: str, seed: int, *earlier: Lesson) -> Lesson:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    request = LessonRequest(subject=entry.category, topic=title)
    attempt = PlainAttempt(seed=seed, earlier=earlier)
    return ExtractiveWriter(encyclopedia).write(request, Material(article=entry.document), attempt).lesson


def term_titled(encyclopedia: Encyclopedia, title: str) -> Term:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    term = Articles(encyclopedia).read(entry.document).term
    assert term is not None
    return term


def term_of(text: str, title: str) -> Term:
    term = Article(document=document(text, title)).term
    assert term is not None
    return term


def document(text: str, title: str) -> Document:
    return Document(
        title=title,
        text=text,
        language="en",
        url=None,
        revision=None,
        retrieved=datetime(2026, 1, 31, 9, tzinfo=UTC),
        licence="the teacher's own",
        attribution="A teacher",
    )


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "On 30 March 1802, it became part of the lake union.",
        "In the northern valleys, they are painted with tar.",
        "Subsequent boats had two lamps and a wider keel.",
        "An example is the lantern boat of Wexmere.",
        "According to them, the word praises empires and passes over nomads.",
        "Of these boats, only two are left.",
    ],
)
def test_a_pronoun_after_an_opening_phrase_points_back(sentence: str) -> None:
    assert points_back(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "In the northern valleys, it is possible to row at night.",
        "In 1802, the village chose a yellow lamp.",
        "As a boat ages, it takes up water.",
        "According to the harbour master, the boats are painted in spring.",
    ],
)
def test_an_opening_phrase_with_its_own_subject_does_not(sentence: str) -> None:
    assert not points_back(sentence)


def test_a_unit_ends_a_sentence_and_an_initial_does_not() -> None:
    assert len(split_sentences("Tar melts at 301.5 K. It smells of smoke.")) == 2
    assert len(split_sentences("In 1802 J. Marrow built the boat.")) == 1


# ---------------------------------------------------------------- terms


def test_an_article_before_a_compound_is_not_the_terms_own() -> None:
    term = term_of(
        "Mustard is a hot paste made from the seeds of a mustard plant by the people of the lake.", "Mustard"
    )
    assert term.noun_phrase == "mustard"


@pytest.mark.parametrize(("title", "asks"), [("Poseidon", "Who"), ("Diocletian", "Who"), ("Metallica", "What")])
def test_one_asks_who_a_god_is_and_what_a_band_is(encyclopedia: Encyclopedia, title: str, asks: str) -> None:
    assert term_titled(encyclopedia, title).is_someone == (asks == "Who")


@pytest.mark.parametrize("title", ["Nebula", "Peninsula", "Osmosis", "Dermatology", "Netball"])
def test_a_common_noun_is_not_written_with_a_capital(encyclopedia: Encyclopedia, title: str) -> None:
    assert term_titled(encyclopedia, title).running[0].islower()


@pytest.mark.parametrize("title", ["Jupiter", "Thomism", "Google", "Reformation"])
def test_a_proper_name_keeps_its_capital(encyclopedia: Encyclopedia, title: str) -> None:
    assert term_titled(encyclopedia, title).running[0].isupper()


# ---------------------------------------------------------------- lessons


def test_objectives_are_numbered_without_a_gap(lessons: list[Lesson]) -> None:
    for lesson in lessons:
        assert [goal.id for goal in lesson.objectives] == [f"o{n}" for n in range(1, len(lesson.objectives) + 1)]


def test_every_section_with_questions_serves_their_objectives(lessons: list[Lesson]) -> None:
    for lesson in lessons:
        served = {question.id: question.objective for question in lesson.questions}
        for section in lesson.sections:
            asked = [block.question for block in section.blocks if isinstance(block, Check)]
            assert {served[each] for each in asked} <= set(section.objectives)


def test_a_common_noun_without_a_definition_is_spoken_of_in_general(encyclopedia: Encyclopedia) -> None:
    assert write(encyclopedia, "Glacier", 1).title == "Glaciers: an introduction"
    assert write(encyclopedia, "Polar coordinate system", 1).title.startswith("The polar coordinate system")


def test_a_closer_look_is_titled_by_what_it_holds(encyclopedia: Encyclopedia) -> None:
    titles = {section.title for section in closer_looks(write(encyclopedia, "Ketchup", 1))}
    assert titles == {"A closer look at condiments"}


def closer_looks(lesson: Lesson) -> list[Section]:
    return [section for section in lesson.sections if section.kind == "model"]


def test_a_lesson_judges_a_true_and_a_false_statement_or_none(lessons: list[Lesson]) -> None:
    judged = [{each.answer for each in lesson.questions if isinstance(each, TrueFalse)} for lesson in lessons]
    assert {True, False} in judged
    assert all(answers in (set(), {True, False}) for answers in judged)


def test_items_to_match_are_of_one_form(lessons: list[Lesson]) -> None:
    matches = [each for lesson in lessons for each in lesson.questions if isinstance(each, Match)]
    assert matches
    for each in matches:
        assert not any(item.endswith(".") for item in each.right)
        assert len({item[0].isupper() for item in each.left}) == 1


def test_a_definition_is_matched_or_asked_about_but_rarely_both(lessons: list[Lesson]) -> None:
    for lesson in lessons:
        matched = {cite for each in lesson.questions if isinstance(each, Match) for cite in each.cites}
        others = [each for each in lesson.questions if not isinstance(each, Match)]
        told = [each for each in others if isinstance(each, TrueFalse) and each.answer]
        assert not matched & {cite for each in told for cite in each.cites}
        # A lesson of few questions has no others to ask.
        assert len(others) < 5 or sum(bool(matched & set(each.cites)) for each in others) <= 1


def test_a_year_is_asked_of_the_subject_alone(encyclopedia: Encyclopedia) -> None:
    for title in ("Ayutthaya Kingdom", "Caspian Sea", "Black Sabbath"):
        for seed in range(3):
            lesson = write(encyclopedia, title, seed)
            texts = {quote.id: quote.text for source in lesson.sources for quote in source.quotes}
            for each in lesson.questions:
                if each.term.isdigit():
                    assert each.cites[0].startswith("s1.") or title.split()[0] in texts[each.cites[0]]


def test_names_are_asked_for_as_names(lessons: list[Lesson]) -> None:
    for lesson in lessons:
        for each in lesson.questions:
            if isinstance(each, Choice) and each.stem.startswith("Which term"):
                assert each.term[0].islower()
            if isinstance(each, Short) and each.stem.startswith("Who"):
                assert each.term[0].isupper()


# ---------------------------------------------------------------- wrong options


def test_a_peoples_name_gives_its_country_away(encyclopedia: Encyclopedia) -> None:
    china = term_titled(encyclopedia, "China")
    told = "Art made by Chinese painters who live outside of China can be part of this art as well."
    start = told.index("China")
    assert mask(told, start, start + len("China"), china) is None
    assert mask(told.replace("Chinese", "some"), start - 3, start - 3 + len("China"), china) is not None


def test_two_wars_may_be_taken_for_each_other_and_a_war_and_a_project_not(encyclopedia: Encyclopedia) -> None:
    shelf = Articles(encyclopedia)
    war, project = (term_titled(encyclopedia, title) for title in ("Attack on Pearl Harbor", "Manhattan Project"))
    assert not is_plausible(project, war, shelf)
    assert not shares_words(term_titled(encyclopedia, "Trojan War"), term_titled(encyclopedia, "Crimean War"))
    assert shares_words(term_titled(encyclopedia, "World War I"), term_titled(encyclopedia, "World War II"))


def test_a_far_off_wrong_option_is_offered_only_for_want_of_near_ones(encyclopedia: Encyclopedia) -> None:
    shelf = Articles(encyclopedia)
    term = term_titled(encyclopedia, "Rajasthan")
    wrong = Distractors(shelf, [], random.Random(1)).for_term(term, term.definition)
    assert len(wrong) == 2 or all(shelf.nearness(term.entry, each.entry) >= 0.35 for each in wrong)


def test_a_kind_of_the_answer_is_no_wrong_option(encyclopedia: Encyclopedia) -> None:
    term = term_titled(encyclopedia, "Recreation")
    wrong = Distractors(Articles(encyclopedia), [], random.Random(1)).for_term(term, term.definition)
    assert not {each.name for each in wrong} & {"Fishing", "Skiing", "Mountaineering"}


def test_what_is_said_of_one_of_many_is_not_asked_for(encyclopedia: Encyclopedia) -> None:
    term = term_titled(encyclopedia, "Sumatra")
    assert not Distractors(Articles(encyclopedia), [], random.Random(1)).for_term(term, term.definition)


def test_regions_that_share_their_name_are_not_set_against_each_other(encyclopedia: Encyclopedia) -> None:
    for one, other in (("South America", "Latin America"), ("Southern Africa", "Central Africa")):
        assert shares_words(term_titled(encyclopedia, one), term_titled(encyclopedia, other))


def test_names_of_countries_are_never_put_into_the_plural(encyclopedia: Encyclopedia) -> None:
    haiti, bahamas = (term_titled(encyclopedia, title) for title in ("Haiti", "The Bahamas"))
    questions = Questions(haiti.definition.article, Articles(encyclopedia), random.Random(1))
    made = questions.candidates(haiti.definition.article.passages, [haiti, bahamas])
    offered = [option for each in made if each.kind == "choice" for option in each.options]
    assert offered
    assert all(encyclopedia.entry_titled(option) for option in offered)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            "The cindernut is a species of small evergreen tree in the Lumera genus of flowering plants.",
            "The ashnut is a tall Lumera tree known for its bitter fruit and its yellow bark.",
        ),
        (
            "A tincture is any chemical substance that changes the colour of the water in which it lies.",
            "A venom is a chemical substance that lizards of the marsh use against birds.",
        ),
    ],
)
def test_a_member_of_the_class_that_is_asked_for_may_be_right_as_well(right: str, wrong: str) -> None:
    term, other = (term_of(text, text.split()[1].capitalize()) for text in (right, wrong))
    assert fits(term.definition, term, other)
    stranger = term_of("A pier is a walkway of oak that reaches from the shore into the deep.", "Pier")
    assert not fits(term.definition, term, stranger)
