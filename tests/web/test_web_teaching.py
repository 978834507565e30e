"""A lesson of schema 2 on the pages of a real server: both editions, practising, and what each sentence stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from lessongen.exporters import known_formats
from lessongen.lesson.body import body_text
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import LessonRequest, Priority
from lessongen.store import SqliteStore
from lessongen.web.pages import practice
from lessongen.web.pages.files import _offer
from tests.exporters.adobe import adobe
from tests.exporters.rich import rich_lesson, written
from tests.lessons import changed, texts
from tests.queues import open_jobs
from tests.web_server import serving


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("web") / "home"
    home.mkdir()
    store_rich_lesson(home)
    with serving(home) as server, server.client() as client:
        yield client


def store_rich_lesson(home: Path) -> None:
    """Put the lesson into the home's database, through the queue."""
    jobs = open_jobs(home)
    request = LessonRequest(subject="crafts", topic="lantern boats", level="grade-5")
    jobs.submit([request], user="ann", priority=Priority.NORMAL, writer="openai")
    (lease,) = jobs.claim("worker", 1)
    made = changed(rich_lesson(level="grade-5"), {"questions[1].drawing": {"kind": "clock", "hour": 3, "minute": 45}})
    version = NewVersion(
        name=request.lesson, content=made.model_dump_json(), body=body_text(made), texts=texts(), writer="openai",
        model="able-1", reason="created",
    )  # fmt: skip
    jobs.complete(lease, version)
    assert isinstance(jobs.store, SqliteStore)
    jobs.store.close()


PATH = "crafts/lantern%20boats?level=grade-5"


def test_a_lesson_s_page_shows_its_drawing_and_nothing_that_is_for_the_teacher(client: httpx.Client) -> None:
    answer = client.get(f"/pages/read/{PATH}")
    assert "Think of it like this" in answer.text
    assert re.search(r'<svg [^>]*aria-label="A line with the years', answer.text)
    assert "TEACHER" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    # The policy forbids styles in attributes: none may be needed.
    assert "style=" not in answer.text


def test_a_teacher_s_page_is_the_plan(client: httpx.Client) -> None:
    text = client.get(f"/pages/read/{PATH}&audience=teacher").text
    assert "For the teacher" in text
    assert "Why it tempts" in text


def test_practising_says_when_each_question_is_asked_and_keeps_the_teacher_s_reasons(client: httpx.Client) -> None:
    text = client.get(f"/pages/practise/{PATH}").text
    assert re.findall(r'<p class="when">([^<]*)</p>', text) == [
        "Before we start",
        "On the way",
        "Exit quiz",
        "Homework",
    ]
    assert "TEACHER" not in text
    key = re.search(r'name="form_key" value="([^"]*)"', text)
    assert key is not None
    answered = client.post(f"/pages/practise/{PATH}", data={"form_key": key[1], "question": "2", "answer": "0"}).text
    assert "Not quite" in answered
    assert "Wax is waterproof too" not in answered


def verdict_on(number: int, given: str, **changes: Any) -> practice.Verdict:
    place = f"questions[{number - 1}]"
    made = changed(adobe(), {f"{place}.{name}": value for name, value in changes.items()})
    verdict = practice.questions(made, number, {"answer": given})[number - 1].verdict
    assert verdict is not None
    return verdict


def test_what_a_teacher_listens_for_at_the_start_is_not_told_to_who_practises() -> None:
    listen = "A child may say: into the air. Ask: where is it in the evening?"
    told = verdict_on(1, "Into the air", kind="open", answer=listen, feedback=written(listen))
    assert (told.is_right, told.answer, told.label, told.feedback) == (None, "", "", "")


def test_practising_tells_nothing_twice() -> None:
    why = "Dung does the same as straw."
    told = verdict_on(9, "It binds", answer=why, feedback=written(why))
    assert (told.answer, told.label, told.feedback) == (why, "a conclusion", "")
    assert verdict_on(9, "It binds", answer=why, feedback=written("It binds.")).feedback == "It binds."


def test_practising_says_which_answer_is_the_right_one_and_what_it_stands_on(client: httpx.Client) -> None:
    page = f"/pages/practise/{PATH}"
    key = re.search(r'name="form_key" value="([^"]*)"', client.get(page).text)
    assert key is not None
    wrong = client.post(page, data={"form_key": key[1], "question": "2", "answer": "0"}).text
    assert "<strong>✗ Not quite.</strong> The answer is: Pine tar</p>" in wrong
    open_one = client.post(page, data={"form_key": key[1], "question": "8", "answer": "By lamps"}).text
    assert "<strong>Compare it with this:</strong> TEACHER Two signals are told apart" in open_one


@pytest.mark.parametrize("page", ["read", "practise"])
def test_what_is_drawn_of_data_is_on_the_pages_for_readers_and_for_who_practises(
    client: httpx.Client, page: str
) -> None:
    text = client.get(f"/pages/{page}/{PATH}").text
    (label,) = re.findall(r'<svg [^>]*class="drawn"[^>]*aria-label="(A round clock[^"]*)"', text)
    assert "Its short hand is a little before 4, its long hand at 9." in label
    assert "3:45" not in text


def test_what_each_sentence_stands_on_is_shown(client: httpx.Client) -> None:
    text = client.get(f"/pages/cites/{PATH}").text
    assert "Pine tar is a dark resin" in text
    assert "Its words answer a question." in text
    assert "No quote: in plain words." in text
    assert "No quote: not from the source." in text
    assert "question 1" not in text
    assert "TEACHER" not in text
    link = re.search(r'href="([^"]*audience=teacher)">the teacher', text)
    assert link is not None
    whole = client.get(link[1].replace("&amp;", "&")).text
    assert "question 1" in whole
    assert "A lantern boat is a small wooden vessel" in whole
    assert "audience=teacher" not in whole.partition("<main")[2]


def test_each_format_is_offered_for_those_whom_it_is_for_and_says_what_it_cannot_carry(client: httpx.Client) -> None:
    text = client.get(f"/pages/files/{PATH}").text
    links = [unescape(each) for each in re.findall(r'<a href="(/pages/file/[^"]*)"', text)]
    offered = {(query["format"], query["audience"]) for query in (httpx.URL(each).params for each in links)}
    forms = known_formats().values()
    wanted = {(form.name, "teacher") for form in forms} | {
        (form.name, "student") for form in forms if not form.has_keys
    }
    assert offered == wanted
    assert len(links) == len(wanted)
    assert "GIFT has no ordering questions: 1 becomes a matching one." in text
    assert all("version=1.0" in each and "level=grade-5" in each for each in links)
    assert 'aria-current="page">Files</a>' in text


@pytest.mark.parametrize(
    ("form", "audience"), [("md", "student"), ("md", "teacher"), ("h5p", "teacher"), ("scorm", "teacher")]
)
def test_a_file_of_the_pages_is_that_of_the_api(client: httpx.Client, form: str, audience: str) -> None:
    asked = f"{PATH}&format={form}&audience={audience}"
    offered, file = client.get(f"/pages/file/{asked}"), client.get(f"/exports/{asked}")
    assert offered.status_code == 200
    assert offered.content == file.content
    for header in ("content-type", "content-disposition", "content-security-policy", "x-content-type-options"):
        assert offered.headers.get(header) == file.headers.get(header)
    assert offered.headers["content-type"] == known_formats()[form].media_type
    assert offered.headers["content-disposition"].startswith("attachment; ")
    assert ("TEACHER" in offered.text) is (audience == "teacher" and form == "md")


@pytest.mark.parametrize(
    "query", ["format=gift&audience=student", "format=none", "format=", "", "format=md&version=9.9"]
)
def test_a_file_that_there_is_not_is_told_on_a_page(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/pages/file/{PATH}&{query}")
    assert answer.status_code in (400, 404, 422)
    assert answer.headers["content-type"].startswith("text/html")
    assert "content-disposition" not in answer.headers


def test_a_format_that_lacks_its_library_is_named_with_what_brings_it() -> None:
    form = replace(known_formats()["md"], name="other", libraries=("no_such_library",), extra="other")
    offer = _offer(form, rich_lesson())
    assert offer.editions == ()
    assert (
        offer.remedy == "The format other needs the extra other, which is not installed. pip install 'lessongen[other]'"
    )
