"""What every store promises about kept pages, turns to ask hosts, and texts handed in."""

from __future__ import annotations

import threading

import pytest

from lessongen.lesson.task import LessonRequest, Priority, Status
from lessongen.sources.page_cache import SharedPages
from lessongen.system.errors import Uncovered
from tests.queues import Place, SetClock, new_version, open_jobs, open_store, submit


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def pages(place: Place, clock: SetClock) -> SharedPages:
    return SharedPages(store=open_store(place).pages, clock=clock)


def test_a_kept_page_is_found_with_its_date_and_replaced_by_a_newer_one(pages: SharedPages, clock: SetClock) -> None:
    assert pages.page("w", "Verb") is None
    pages.keep_page("w", "Verb", "old")
    clock.advance(60)
    pages.keep_page("w", "Verb", "new")
    found = pages.page("w", "Verb")
    assert found is not None
    assert (found.content, found.fetched_at) == ("new", clock.now())
    assert pages.page("other", "Verb") is None


def test_a_text_with_a_character_that_is_none_is_kept_all_the_same(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock)
    jobs.store.pages.keep_text("a", "one\0two", clock.now())
    kept = jobs.store.pages.kept_text("a")
    assert kept is not None
    assert (kept[:3], kept[4:]) == ("one", "two")
    submit(jobs)
    lease = jobs.claim("w1", 1)[0]
    jobs.settle_error(lease, Uncovered("“\0” is no page."))
    assert jobs.get(lease.task.task_id).status is Status.FAILED


def test_turns_to_ask_a_host_are_spaced_and_no_two_are_alike(pages: SharedPages, clock: SetClock) -> None:
    assert [pages.turn("host", 2.0) for _ in range(3)] == [0.0, 0.5, 1.0]
    assert pages.turn("other", 2.0) == 0.0
    clock.advance(10)
    assert pages.turn("host", 2.0) == 0.0


def test_threads_that_ask_for_turns_at_once_get_different_ones(pages: SharedPages) -> None:
    turns: list[float] = []
    threads = [threading.Thread(target=lambda: turns.append(pages.turn("host", 1.0))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turns) == [float(number) for number in range(16)]


def test_a_closed_host_opens_again_after_its_time_and_keeps_its_turns(pages: SharedPages, clock: SetClock) -> None:
    assert pages.closed_for("host") == 0.0
    pages.turn("host", 1.0)
    pages.close("host", 300)
    assert pages.turn("host", 1.0) == 1.0
    assert pages.closed_for("host") == 300.0
    clock.advance(300)
    assert pages.closed_for("host") == 0.0


def test_after_the_machine_was_started_anew_every_host_may_be_asked(pages: SharedPages, clock: SetClock) -> None:
    pages.turn("host", 0.001)
    pages.close("host", 1e6)
    clock.boot, clock.seconds = "boot-2", 1.0
    assert pages.closed_for("host") == 0.0
    assert pages.turn("host", 1.0) == 0.0


def test_a_text_handed_in_is_kept_under_its_digest(pages: SharedPages, clock: SetClock) -> None:
    pages.store.keep_text("d1", "A verb is a word.", clock.now())
    pages.store.keep_text("d1", "A verb is a word.", clock.now())
    assert pages.kept_text("d1") == "A verb is a word."
    assert pages.kept_text("d2") is None


def test_a_text_handed_in_is_dropped_when_no_task_needs_it_any_more(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock)
    request = LessonRequest(subject="english", topic="verbs", sources=("text:d1",))
    for digest in ("d1", "d2"):
        jobs.store.pages.keep_text(digest, "A verb is a word.", clock.now())
    jobs.submit([request], user="", priority=Priority.NORMAL, writer="extractive")
    jobs.purge()
    assert jobs.store.pages.kept_text("d2") is not None, "it may have been kept just before its task"
    clock.advance(3_601)
    jobs.purge()
    assert jobs.store.pages.kept_text("d1") is not None
    assert jobs.store.pages.kept_text("d2") is None
    jobs.complete(jobs.claim("w1", 1)[0], new_version(request))
    jobs.purge()
    assert jobs.store.pages.kept_text("d1") is None
