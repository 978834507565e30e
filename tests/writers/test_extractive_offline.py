"""The extractive writer on the installed encyclopedia: related articles, wrong options, new versions."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence

import pytest

from lessongen.check.gate import examine
from lessongen.lesson.draft import Draft
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Material
from lessongen.lesson.model import Lesson
from lessongen.lesson.questions.choice import Choice
from lessongen.lesson.questions.true_false import TrueFalse
from lessongen.lesson.task import LessonRequest
from lessongen.text.words import fold
from lessongen.writers.extractive import ExtractiveWriter
from lessongen.writers.extractive.articles import NEAR_SYNONYM, Articles
from lessongen.writers.extractive.distractors import Distractors, is_surely_wrong
from lessongen.writers.extractive.gapping import mask
from lessongen.writers.extractive.related import related_articles
from tests.attempts import PlainAttempt
from tests.writers.test_extractive import uses, without_duration

TOPICS = [
    ("english", "Verb"),
    ("biology", "Photosynthesis"),
    ("math", "Triangle"),
    ("history", "French Revolution"),
    ("music", "Ludwig van Beethoven"),
    ("geography", "Brazil"),
    ("physics", "Gravity"),
]


def write(encyclopedia: Encyclopedia, subject: str, title: str, seed: int = 1, earlier: Sequence[Lesson] = ()) -> Draft:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    request = LessonRequest(subject=subject, topic=title)
    material = Material(article=entry.document)
    return ExtractiveWriter(encyclopedia).write(request, material, PlainAttempt(seed=seed, earlier=earlier))


def article_names(encyclopedia: Encyclopedia, subject: str, title: str) -> set[str]:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    shelf = Articles(encyclopedia)
    return {each.article.title for each in related_articles(shelf.read(entry.document), [], shelf, subject)}


@pytest.mark.parametrize(("subject", "title"), TOPICS)
def test_a_lesson_on_any_kind_of_subject_passes_every_check(
    encyclopedia: Encyclopedia, subject: str, title: str
) -> None:
    draft = write(encyclopedia, subject, title)
    assert examine(draft.lesson, draft.texts).problems == ()
    assert draft.lesson.sources[0].title == title


@pytest.mark.parametrize(("subject", "title"), TOPICS)
def test_the_same_seed_and_history_give_the_same_lesson(encyclopedia: Encyclopedia, subject: str, title: str) -> None:
    first = write(encyclopedia, subject, title, seed=3).lesson
    second = write(encyclopedia, subject, title, seed=3).lesson
    assert without_duration(first) == without_duration(second)


@pytest.mark.parametrize(("subject", "title"), TOPICS)
def test_a_new_version_asks_mostly_new_questions(encyclopedia: Encyclopedia, subject: str, title: str) -> None:
    first = write(encyclopedia, subject, title, seed=1).lesson
    second = write(encyclopedia, subject, title, seed=2, earlier=[first]).lesson
    assert len(uses(second) & uses(first)) <= len(uses(second)) / 2


def test_related_articles_are_of_the_sense_that_the_lesson_speaks_of(encyclopedia: Encyclopedia) -> None:
    assert "Cosmic inflation" not in article_names(encyclopedia, "economics", "Inflation")
    assert not article_names(encyclopedia, "biology", "Cell (biology)") & {"Prison", "Mobile phone", "Battery"}
    assert article_names(encyclopedia, "english", "Verb") & {"Noun", "Adverb", "Clause", "Grammatical tense"}


def test_another_articles_text_is_cited_with_its_own_source(encyclopedia: Encyclopedia) -> None:
    draft = write(encyclopedia, "physics", "Gravity")
    assert len(draft.lesson.sources) > 1
    assert set(draft.texts) == {source.text_sha256 for source in draft.lesson.sources}
    for source in draft.lesson.sources:
        assert all(quote.text in draft.texts[source.text_sha256] for quote in source.quotes)


@pytest.mark.parametrize("title", ["Verb", "Ocean", "Ludwig van Beethoven", "Paris", "Photosynthesis", "Violin"])
def test_wrong_options_are_of_the_same_sort_and_surely_wrong(encyclopedia: Encyclopedia, title: str) -> None:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    shelf = Articles(encyclopedia)
    term = shelf.read(entry.document).term
    assert term is not None
    wrong = Distractors(shelf, [], random.Random(1)).for_term(term, term.definition)
    for other in wrong:
        assert other.category == term.category
        assert other.grammar == term.grammar
        assert fold(other.name) not in fold(term.definition.text)
        assert shelf.nearness(term.entry, other.entry) <= NEAR_SYNONYM
        assert is_surely_wrong(other, term, term.definition, shelf)


@pytest.mark.parametrize(("title", "like"), [("Ocean", "Sea"), ("Waveguide", "Optical fiber")])
def test_a_near_synonym_or_a_kind_is_no_wrong_option(encyclopedia: Encyclopedia, title: str, like: str) -> None:
    entry, synonym = encyclopedia.entry_titled(title), encyclopedia.entry_titled(like)
    assert entry is not None
    assert synonym is not None
    shelf = Articles(encyclopedia)
    term, other = shelf.read(entry.document).term, shelf.read(synonym.document).term
    assert term is not None
    assert other is not None
    assert not is_surely_wrong(other, term, term.definition, shelf)


def test_an_abbreviation_behind_a_gap_would_give_it_away(encyclopedia: Encyclopedia) -> None:
    entry = encyclopedia.entry_titled("Mid-ocean ridge")
    assert entry is not None
    term = Articles(encyclopedia).read(entry.document).term
    assert term is not None
    text = term.definition.text
    assert "(MOR)" in text
    assert mask(text, 0, text.index(" (MOR)"), term) is None


def test_no_question_gives_its_answer_away_by_place_or_length(encyclopedia: Encyclopedia) -> None:
    for seed in range(4):
        lesson = write(encyclopedia, "geography", "Brazil", seed).lesson
        choices = [each for each in lesson.questions if isinstance(each, Choice)]
        places = [each.options.index(each.answer) for each in choices]
        assert len(places) < 2 or len(set(places)) > 1
        assert not choices or any(len(each.answer) <= max(map(len, wrong_of(each))) for each in choices)


def test_a_lesson_that_judges_has_a_true_and_a_false_statement(encyclopedia: Encyclopedia) -> None:
    for subject, title in TOPICS:
        judged = [each for each in write(encyclopedia, subject, title).lesson.questions if isinstance(each, TrueFalse)]
        assert {each.answer for each in judged} in (set(), {True, False})


def wrong_of(question: Choice) -> list[str]:
    return [option for option in question.options if option != question.answer]


def test_another_article_that_was_asked_for_is_always_shown(encyclopedia: Encyclopedia) -> None:
    acid, base = encyclopedia.entry_titled("Acid"), encyclopedia.entry_titled("Base (chemistry)")
    assert acid is not None
    assert base is not None
    request = LessonRequest(subject="chemistry", topic="acids and bases")
    material = Material(article=acid.document, others=(base.document,))
    for seed in range(3):
        draft = ExtractiveWriter(encyclopedia).write(request, material, PlainAttempt(seed=seed))
        assert base.title in [source.title for source in draft.lesson.sources]
        assert examine(draft.lesson, draft.texts).problems == ()


def test_a_longer_text_that_opens_alike_keeps_its_entry_and_another_subjects_does_not(
    encyclopedia: Encyclopedia,
) -> None:
    entry, other = encyclopedia.entry_titled("Volcano"), encyclopedia.entry_titled("Violin")
    assert entry is not None
    assert other is not None
    longer = dataclasses.replace(entry.document, url=None, text=entry.document.text + " It may sleep for years.")
    foreign = dataclasses.replace(entry.document, url=None, text=other.document.text)
    assert Articles(encyclopedia).read(longer).entry == entry
    assert Articles(encyclopedia).read(longer).document is longer
    assert Articles(encyclopedia).read(foreign).entry is None


# ---------------------------------------------------------------- what lessons promise


def test_an_objective_names_what_is_compared(encyclopedia: Encyclopedia) -> None:
    lessons = [write(encyclopedia, subject, title).lesson for subject, title in TOPICS]
    comparing = 0
    for lesson in lessons:
        goals = {goal.id: goal.text for goal in lesson.objectives}
        for question in lesson.questions:
            if question.kind == "open" and question.stem.startswith("Compare "):
                both = question.stem.removeprefix("Compare ").partition(":")[0]
                assert goals[question.objective].startswith("Compare "), (lesson.title, goals)
                assert both.partition(" and ")[0] in goals[question.objective]
                comparing += 1
    assert comparing
    assert not any("related ideas" in goal.text for lesson in lessons for goal in lesson.objectives)


def test_a_person_is_called_by_the_name_of_the_article_and_not_by_all_given_names(encyclopedia: Encyclopedia) -> None:
    lesson = write(encyclopedia, "history", "Rosa Parks").lesson
    assert lesson.title == "Rosa Parks: an introduction"
    assert lesson.objectives[0].text == "Explain who Rosa Parks was."
    assert lesson.sections[1].title == "Who Rosa Parks was"


def test_what_is_underlined_stands_in_the_passages(encyclopedia: Encyclopedia) -> None:
    told = set()
    for seed in range(1, 9):
        lesson = write(encyclopedia, "history", "Rosa Parks", seed=seed).lesson
        for section in lesson.sections:
            shown = " ".join(each.text for block in section.blocks if block.kind == "prose" for each in block.sentences)
            steps = [step for block in section.blocks if block.kind == "activity" for step in block.steps]
            for step in steps:
                if step.startswith("Read the passages above"):
                    told.add(step)
                    assert "about Rosa Parks" not in step or shown.count("Parks") > 1
    assert told


def test_a_gap_is_no_word_of_a_quotation(encyclopedia: Encyclopedia) -> None:
    for seed in range(1, 6):
        for question in write(encyclopedia, "music", "Jazz", seed=seed).lesson.questions:
            before = question.stem.partition("_____")[0]
            assert before.count('"') % 2 == 0, question.stem


@pytest.mark.timeout(300)  # 42 lessons
def test_the_right_option_is_the_longest_about_as_often_as_by_chance(encyclopedia: Encyclopedia) -> None:
    choices = [
        question
        for subject, title in TOPICS
        for seed in range(1, 7)
        for question in write(encyclopedia, subject, title, seed=seed).lesson.questions
        if isinstance(question, Choice) and not question.answer.isdigit()
    ]
    longest = sum(all(len(o) < len(q.answer) for o in q.options if o != q.answer) for q in choices)
    assert 0.04 < longest / len(choices) < 0.36


@pytest.mark.parametrize(("title", "called"), [("Silk Road", "the Silk Road"), ("Xinjiang", "Xinjiang")])
def test_a_name_has_the_article_that_belongs_to_it(encyclopedia: Encyclopedia, title: str, called: str) -> None:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    term = Articles(encyclopedia).read(entry.document).term
    assert term is not None
    assert term.in_general == called


def test_five_aims_without_facts_become_four_objectives(encyclopedia: Encyclopedia) -> None:
    draft = write(encyclopedia, "biology", "Leaf", seed=47527)
    assert "remember" not in {objective.bloom for objective in draft.lesson.objectives}
    assert len(draft.lesson.objectives) == 4
    assert examine(draft.lesson, draft.texts).passed
