"""The pages, the index and the script of data of a site: no answer in a student's, foreign text as text."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from lessongen.exporters import Order
from lessongen.exporters.site import Entry, index, listed, listing, page_of, words
from lessongen.lesson.material import Audience
from lessongen.lesson.model import Lesson
from tests.exporters.opened import without_own_script
from tests.exporters.rich import rich_lesson
from tests.exporters.test_exporters import ABOUT, HOSTILE, Page, full_lesson, hostile_lesson
from tests.generation.test_lessons import other_answers, with_secrets


def made(lesson: Lesson, audience: Audience, name: str = "a") -> tuple[str, Entry]:
    pages: dict[Audience, str] = {audience: f"lessons/{name}.html"}
    exported, entry = page_of(Order(lesson, audience, ABOUT), pages)
    return exported.data.decode(), entry


def site_of(lessons: Iterable[Lesson], audience: Audience) -> str:
    found = [made(each, audience, str(number)) for number, each in enumerate(lessons)]
    entries = [entry for _, entry in found]
    return "".join([*(page for page, _ in found), index(entries).decode(), words(entries).decode()])


def test_a_site_for_students_has_nothing_that_belongs_to_an_answer() -> None:
    secret = Lesson.model_validate(with_secrets())
    for told in ("SECRET", "5318008"):
        assert told not in site_of([secret], "student")
        assert told in site_of([secret], "teacher")
    plain = full_lesson()
    other = Lesson.model_validate(other_answers(plain.model_dump(mode="json")))
    assert site_of([plain], "student") == site_of([other], "student")
    assert site_of([plain], "teacher") != site_of([other], "teacher")


def test_a_students_page_runs_no_script_and_a_teachers_none_but_ours() -> None:
    for audience in ("student", "teacher"):
        text, _ = made(hostile_lesson(), audience)
        assert "<script" not in without_own_script(text)
        assert ("script-src" in text) == (audience == "teacher")


def test_who_tries_a_question_is_told_its_key_unless_a_person_marks_it() -> None:
    text, _ = made(full_lesson(), "teacher")
    asked = json.loads(text.partition('id="asked">')[2].partition("</script>")[0])
    assert len(asked) == len(full_lesson().questions)
    for each in asked:
        is_marked = bool(each["fields"])
        assert each["told"][0].startswith("Key: ") == is_marked
    assert any("Key: Pine tar" in each["told"] for each in asked)


def test_foreign_text_is_text_in_the_index_and_data_in_its_script() -> None:
    entries = [made(hostile_lesson(text), "student", str(at))[1] for at, text in enumerate((HOSTILE, "plain "))]
    attacked, plain = (Page(index([each]).decode()) for each in entries)
    assert {tag for tag, _ in attacked.tags} == {tag for tag, _ in plain.tags}
    assert [address for address in attacked.values("href") if "script" in address.lower()] == []
    script = words(entries).decode()
    assert script.isascii()
    assert len(json.loads(script.partition("=")[2].rstrip(" ;\n"))) == len(entries)


@pytest.mark.parametrize("order", [1, -1])
def test_the_index_and_its_words_are_in_one_order_whatever_comes_first(order: int) -> None:
    subjects = ("Biology", "biology", "crafts", "History")
    lessons = [rich_lesson(subject=each, topic=f"topic {at}") for at, each in enumerate(subjects)]
    entries = [made(each, "student", str(at))[1] for at, each in enumerate(lessons)]
    page = Page(index(entries[::order]).decode())
    addresses = [address for address in page.values("href") if address.startswith("lessons/")]
    assert addresses == [f"lessons/{at}.html" for at in range(4)]
    found = json.loads(words(entries[::order]).decode().partition("=")[2].rstrip(" ;\n"))
    assert [f"topic {at}" in each for at, each in enumerate(found)] == [True] * 4
    assert page.values("id").count("subject-3") == 1
    assert "subject-4" not in page.values("id"), "a subject is one, however it is written"


def test_a_list_of_files_reads_back_and_takes_no_path_out_of_the_site() -> None:
    files = {
        "lessons/a.html": "1",
        "index.html": "2",
        "lessons/../b.html": "3",
        "lessons/c/d.html": "4",
        "/e.html": "5",
    }
    assert listed(listing(files)) == {"lessons/a.html": "1"}
    for broken in (b"", b"\xff", b"[" * 100_000, b'{"files": [1]}', b'{"files": {"lessons/a.html": {}}}'):
        assert set(listed(broken)) <= {"lessons/a.html"}
