"""What every store promises about lessons and their versions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.jobs import Jobs
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.versions import LessonName, Version, version_number, version_text
from lessongen.system.errors import UsageError
from tests.queues import Place, SetClock, new_version, open_jobs, submit


@pytest.fixture
def jobs(place: Place) -> Jobs:
    return open_jobs(place, SetClock())


def write(jobs: Jobs, topic: str = "verbs", text: str = "A verb is a word.") -> Version:
    task = submit(jobs, topic)
    version = jobs.complete(jobs.claim("w1", 1)[0], new_version(task.request, text)).version
    assert version is not None
    return version


def test_versions_count_from_1_0_past_1_9_to_1_10(jobs: Jobs) -> None:
    assert [write(jobs).text for _ in range(12)] == [f"1.{number}" for number in range(12)]


@given(st.integers(min_value=0, max_value=10**8))
def test_a_versions_text_gives_its_number_back(number: int) -> None:
    assert version_number(version_text(number)) == number


@pytest.mark.parametrize("text", ["", "1", "2.0", "1.", "1.x", "v1.0", "1.0.0", "1.²", "one"])
def test_what_is_no_version_has_no_number(text: str) -> None:
    assert version_number(text) is None


def test_names_that_differ_in_case_form_and_spaces_name_one_lesson(jobs: Jobs) -> None:
    first = write(jobs, "Café  culture")
    second = write(jobs, " cafe\u0301 CULTURE ")
    assert first.lesson.id == second.lesson.id
    assert second.lesson.name.topic == "Café  culture"


def test_lessons_of_other_levels_are_other_lessons_and_are_found_together(jobs: Jobs) -> None:
    write(jobs)
    name = LessonName(subject="english", topic="verbs", level="A2")
    request = LessonRequest(subject="english", topic="verbs", level="A2")
    jobs.submit([request], user="", priority=submit(jobs, "other").priority, writer="extractive")
    for lease in jobs.claim("w1", 2):
        jobs.complete(lease, new_version(lease.task.request))
    lessons = jobs.store.lessons
    assert lessons.find(name) is not None
    assert {stored.name.level for stored in lessons.alike("english\x1fverbs")} == {"general", "A2"}


def test_search_finds_words_of_the_newest_version_alone(jobs: Jobs) -> None:
    write(jobs, "verbs", "Conjugation is a change of form.")
    write(jobs, "nouns", "Declension is a change of form.")
    search = jobs.store.lessons.search
    assert [stored.name.topic for stored, _ in search("conjugation", 10)] == ["verbs"]
    assert len(search("change form", 10)) == 2
    write(jobs, "verbs", "Inflection only.")
    assert search("conjugation", 10) == []
    assert [stored.name.topic for stored, _ in search("verbs", 10)] == ["verbs"]


@pytest.mark.parametrize("words", ["", "  ", '"', 'a" OR "b', "NEAR(", "*", "name:x", "-x", "(", "🎉", "AND"])
def test_search_words_are_never_query_syntax(jobs: Jobs, words: str) -> None:
    write(jobs)
    assert jobs.store.lessons.search(words, 10) == []


def test_deleting_a_lesson_drops_its_versions_and_the_texts_no_other_lesson_needs(jobs: Jobs) -> None:
    first = write(jobs, "verbs", "shared text")
    second = write(jobs, "nouns", "shared text")
    third = write(jobs, "verbs", "text of one lesson")
    lessons = jobs.store.lessons
    assert lessons.delete(first.lesson.id)
    assert lessons.version(third.lesson.id, third.number) is None
    assert list(lessons.texts(second.lesson.id, 0).values()) == ["shared text"]
    assert lessons.search("verbs", 10) == []
    assert not lessons.delete(first.lesson.id)
    assert write(jobs, "verbs").text == "1.2", "its numbers are not given again"


def test_renaming_moves_a_lesson_unless_the_name_is_taken(jobs: Jobs) -> None:
    verbs, nouns = write(jobs, "verbs"), write(jobs, "nouns")
    lessons = jobs.store.lessons
    assert not lessons.rename(verbs.lesson.id, nouns.lesson.name)
    name = LessonName(subject="grammar", topic="Verbs")
    assert lessons.rename(verbs.lesson.id, name)
    found = lessons.find(name)
    assert found is not None
    assert found.name == name
    assert [stored.name.topic for stored, _ in lessons.search("grammar", 10)] == ["Verbs"]
    assert lessons.find(LessonName(subject="english", topic="verbs")) is None


def test_the_time_that_lessons_took_is_kept_for_estimates(jobs: Jobs) -> None:
    clock = jobs.clock
    assert isinstance(clock, SetClock)
    task = submit(jobs)
    lease = jobs.claim("w1", 1)[0]
    clock.advance(7)
    jobs.complete(lease, new_version(task.request))
    assert list(jobs.store.lessons.durations("extractive", "", "general", 5)) == [7.0]


def test_no_number_is_given_twice_under_a_name(jobs: Jobs) -> None:
    lessons = jobs.store.lessons
    first = write(jobs, "verbs", "one")
    write(jobs, "verbs", "two")
    assert lessons.delete(first.lesson.id)
    third = write(jobs, "verbs", "three")
    fourth = write(jobs, "verbs", "four")
    assert (third.text, fourth.text) == ("1.2", "1.3")
    assert [version.text for version in lessons.versions(fourth.lesson.id)] == ["1.2", "1.3"]
    assert fourth.lesson.versions == 2
    assert lessons.delete(fourth.lesson.id)
    assert write(jobs, "verbs", "five").text == "1.4"


def test_a_name_that_had_a_lesson_takes_no_other_and_takes_its_own_back(jobs: Jobs) -> None:
    lessons = jobs.store.lessons
    verbs, nouns = write(jobs, "verbs"), write(jobs, "nouns")
    names = {each.lesson.name.topic: each.lesson.name for each in (verbs, nouns)}
    assert lessons.delete(verbs.lesson.id)
    with pytest.raises(UsageError) as caught:
        lessons.rename(nouns.lesson.id, names["verbs"])
    assert "had version 1.0" in caught.value.message
    assert lessons.rename(nouns.lesson.id, replace(names["nouns"], topic="words"))
    assert write(jobs, "nouns").text == "1.1", "the name was left by another lesson"
    assert write(jobs, "words").text == "1.1", "its own numbers go on"
    new = lessons.find(names["nouns"])
    assert new is not None
    assert lessons.delete(new.id)
    moved = write(jobs, "adverbs")
    assert lessons.rename(moved.lesson.id, replace(moved.lesson.name, topic="other"))
    assert lessons.rename(moved.lesson.id, moved.lesson.name)
    assert write(jobs, "adverbs").text == "1.1"
