"""Which source serves a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from lessongen.generation.source_chain import SourceChain
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.material import Document, Material, Source
from lessongen.lesson.task import LessonRequest
from lessongen.sources import SOURCES
from lessongen.sources.primer import PrimerSource
from lessongen.system.clock import SystemClock
from lessongen.system.errors import Ambiguous, LessongenError, RateLimited, Unavailable, Uncovered
from tests.attempts import PlainAttempt


def document(title: str) -> Document:
    return Document(
        title=title,
        text=f"{title} is a word.",
        language="en",
        url=None,
        revision=None,
        retrieved=datetime(2026, 1, 31, tzinfo=UTC),
        licence="CC0",
        attribution=title,
    )


class Library:
    """A source that has one document for every request, or an error."""

    def __init__(self, has: Document | LessongenError) -> None:
        self.has = has
        self.asked: list[LessonRequest] = []

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        self.asked.append(request)
        if isinstance(self.has, LessongenError):
            raise self.has
        return Material(article=self.has)


def gatherer(archives: dict[str, Library] | None = None, **shelves: Library) -> SourceChain:
    def lazily(library: Library) -> Callable[[], Source]:
        return lambda: library

    order = tuple(name for name in shelves if name != "files")
    return SourceChain(
        sources={name: lazily(library) for name, library in shelves.items()},
        archive=lambda path: (archives or {})[path],
        called={name: offer.called for name, offer in SOURCES.items()},
        order=order,
    )


VERBS = LessonRequest(subject="english", topic="verbs")


def test_the_first_source_that_covers_the_request_serves_it() -> None:
    offline = Library(document("Verb (offline)"))
    found = gatherer(wikipedia=Library(document("Verb")), offline=offline)(VERBS, PlainAttempt())
    assert found.article.title == "Verb"
    assert not offline.asked


@pytest.mark.parametrize("error", [Unavailable("Wikipedia is down."), Uncovered("Wikipedia has no article.")])
def test_what_was_passed_over_and_why_stays_with_the_material(error: LessongenError) -> None:
    found = gatherer(wikipedia=Library(error), offline=Library(document("Verb")))(VERBS, PlainAttempt())
    assert found.article.title == "Verb"
    assert found.passed_over == (f"Wikipedia was not used: {error.message}",)


def test_a_wiki_is_not_asked_by_a_request_that_wants_none() -> None:
    wikipedia = Library(document("Verb"))
    asked = LessonRequest(subject="english", topic="verbs", wikipedia=False)
    found = gatherer(wikipedia=wikipedia, offline=Library(document("Verb (offline)")))(asked, PlainAttempt())
    assert found.article.title == "Verb (offline)"
    assert not wikipedia.asked


def test_a_source_that_asks_to_come_back_later_is_not_passed_over() -> None:
    with pytest.raises(RateLimited):
        gatherer(wikipedia=Library(RateLimited()), offline=Library(document("Verb")))(VERBS, PlainAttempt())


def test_a_choice_between_articles_is_told_rather_than_that_another_source_has_none() -> None:
    choice = Ambiguous("“Mercury” names several articles.", hint='--article "Mercury (planet)"')
    with pytest.raises(Ambiguous, match="several"):
        gatherer(wikipedia=Library(choice), offline=Library(Uncovered("none")))(VERBS, PlainAttempt())


def test_that_a_better_source_was_out_of_reach_is_told_where_no_other_covers_the_request() -> None:
    down = Library(Unavailable("Wikipedia is down."))
    with pytest.raises(Uncovered) as told:
        gatherer(wikipedia=down, offline=Library(Uncovered("none", hint="Another topic.")))(VERBS, PlainAttempt())
    assert told.value.hint == "Another topic. Wikipedia is down."


def test_only_what_the_user_named_is_asked_and_the_first_is_the_article() -> None:
    files, offline = Library(document("My notes")), Library(document("Verb"))
    archive = Library(document("Verb (archive)"))
    gather = gatherer({"/a.zim": archive}, files=files, offline=offline)
    asked = LessonRequest(subject="english", topic="verbs", sources=("/notes.md", "/a.zim", "/more.md"))
    found = gather(asked, PlainAttempt())
    assert [found.article.title, *(other.title for other in found.others)] == ["My notes", "Verb (archive)"]
    assert files.asked[0].sources == ("/notes.md", "/more.md")
    assert not offline.asked
    found = gather(LessonRequest(subject="english", topic="verbs", sources=("/a.zim", "/notes.md")), PlainAttempt())
    assert found.article.title == "Verb (archive)"


def test_a_source_that_the_user_named_does_not_give_way_to_another() -> None:
    gather = gatherer(files=Library(Unavailable("no answer")), offline=Library(document("Verb")))
    with pytest.raises(Unavailable):
        gather(LessonRequest(subject="english", topic="verbs", sources=("/notes.md",)), PlainAttempt())


@pytest.mark.parametrize("level", ["grade-1", "grade-8", "A1", "B1"])
def test_easy_levels_are_served_by_the_wiki_in_simple_english_first(level: str) -> None:
    wikipedia = Library(document("Verb"))
    asked = LessonRequest(subject="english", topic="verbs", level=level)
    found = gatherer(simple=Library(document("Verb (simple)")), wikipedia=wikipedia)(asked, PlainAttempt())
    assert found.article.title == "Verb (simple)"
    assert not wikipedia.asked


@pytest.mark.parametrize(
    "asked",
    [
        LessonRequest(subject="english", topic="verbs", level="grade-9"),
        LessonRequest(subject="english", topic="verbs", level="B2"),
        LessonRequest(subject="english", topic="verbs"),
        LessonRequest(subject="english", topic="verbes", level="grade-5", language="fr"),
        LessonRequest(subject="english", topic="verbs", level="grade-5", wikipedia=False),
    ],
)
def test_other_levels_languages_and_wishes_leave_the_wiki_in_simple_english_alone(asked: LessonRequest) -> None:
    simple = Library(document("Verb (simple)"))
    found = gatherer(simple=simple, offline=Library(document("Verb")))(asked, PlainAttempt())
    assert (found.article.title, found.passed_over) == ("Verb", ())
    assert not simple.asked


def test_what_the_wiki_in_simple_english_lacks_comes_from_the_next_and_is_told() -> None:
    asked = LessonRequest(subject="english", topic="verbs", level="grade-5")
    simple = Library(Uncovered("Simple English Wikipedia has no article on “verbs” (english)."))
    found = gatherer(simple=simple, wikipedia=Library(document("Verb")))(asked, PlainAttempt())
    assert found.article.title == "Verb"
    assert found.passed_over == (
        "The encyclopedia in simple English was not used: "
        "Simple English Wikipedia has no article on “verbs” (english).",
    )


def test_a_primer_in_place_of_an_article_is_read_once() -> None:
    chain = SourceChain(
        sources={"primer": lambda: PrimerSource(SystemClock())},
        archive=lambda path: PrimerSource(SystemClock()),
        called={},
        order=(),
    )
    found = chain(LessonRequest(subject="mathematics", topic="telling time"), PlainAttempt())
    assert found.primer == (found.article, *found.others)
