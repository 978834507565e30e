"""The extractive writer on the installed encyclopedia: related articles, wrong options, new versions."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from lessongen.check.gate import examine
from lessongen.lesson.draft import Draft
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Material
from lessongen.lesson.model import Lesson
from lessongen.lesson.questions.choice import Choice
from lessongen.lesson.task import LessonRequest
from lessongen.writers.extractive import ExtractiveWriter
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.glossary import key_terms
from tests.attempts import PlainAttempt
from tests.writers.test_extractive import without_duration

TOPICS = [
    ("english", "Verb"),
    ("biology", "Photosynthesis"),
    ("math", "Triangle"),
    ("history", "French Revolution"),
    ("music", "Ludwig van Beethoven"),
    ("geography", "Brazil"),
    ("physics", "Magnetism"),
]


def write(encyclopedia: Encyclopedia, subject: str, title: str, seed: int = 1, earlier: Sequence[Lesson] = ()) -> Draft:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    request = LessonRequest(subject=subject, topic=title)
    material = Material(article=entry.document)
    return ExtractiveWriter(encyclopedia).write(request, material, PlainAttempt(seed=seed, earlier=earlier))


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


def test_another_articles_text_is_cited_with_its_own_source(encyclopedia: Encyclopedia) -> None:
    draft = write(encyclopedia, "biology", "Photosynthesis")
    assert len(draft.lesson.sources) > 1
    assert set(draft.texts) == {source.text_sha256 for source in draft.lesson.sources}
    for source in draft.lesson.sources:
        assert all(quote.text in draft.texts[source.text_sha256] for quote in source.quotes)


def test_no_question_gives_its_answer_away_by_place_or_length(encyclopedia: Encyclopedia) -> None:
    for seed in range(4):
        lesson = write(encyclopedia, "geography", "Brazil", seed).lesson
        choices = [each for each in lesson.questions if isinstance(each, Choice)]
        places = [each.options.index(each.answer) for each in choices]
        assert len(places) < 2 or len(set(places)) > 1
        assert not choices or any(len(each.answer) <= max(map(len, wrong_of(each))) for each in choices)


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


def test_a_person_is_called_by_the_name_of_the_article_and_not_by_all_given_names(encyclopedia: Encyclopedia) -> None:
    lesson = write(encyclopedia, "history", "Rosa Parks").lesson
    assert lesson.title == "Fact sheet: Rosa Parks"
    assert lesson.sections[0].title == "Who Rosa Parks was"
    assert any("who Rosa Parks was" in each.stem for each in lesson.questions)


@pytest.mark.parametrize(("title", "called"), [("Silk Road", "the Silk Road"), ("Xinjiang", "Xinjiang")])
def test_a_name_has_the_article_that_belongs_to_it(encyclopedia: Encyclopedia, title: str, called: str) -> None:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    term = Articles(encyclopedia).read(entry.document).term
    assert term is not None
    assert term.in_general == called


@pytest.mark.parametrize(
    ("title", "name", "is_explained"),
    [
        ("Surface tension", "dimension", False),  # of a quantity, and explained as that of a space
        ("Schism", "division", False),  # of people, and explained as that of numbers
        ("Fission (biology)", "division", False),
        ("Space", "dimension", True),
        ("Tantalum", "transition metal", True),  # "In chemistry, …": no other sense
        ("Dialect", "syntax", True),  # less near, and of the same subject
    ],
)
def test_a_common_word_is_not_explained_in_the_sense_of_another_subject(
    encyclopedia: Encyclopedia, title: str, name: str, is_explained: bool
) -> None:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    articles = Articles(encyclopedia)
    article = articles.read(entry.document)
    terms = {term.name.lower() for term in key_terms(article, article.passages[:6], articles)}
    assert (name in terms) is is_explained
