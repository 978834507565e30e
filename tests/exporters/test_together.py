"""Several lessons in one file: all that is in the file of each is in that of all, in every format that can."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from lessongen.exporters import Format, Order
from lessongen.lesson.material import Audience
from lessongen.lesson.model import Lesson
from tests.exporters.quiz_readers import READERS
from tests.exporters.rich import fact_sheet, rich_lesson
from tests.exporters.test_every_format import FORMATS, counts, readable
from tests.exporters.test_exporters import ABOUT, full_lesson, hostile_lesson
from tests.exporters.test_quizzes import DRAWN, NASTY, asking, expected
from tests.generation.test_lessons import with_secrets
from tests.lessons import CHOICE

JOINING = [each for each in FORMATS if each.join]
_SLOW = ("pdf", "pptx", "docx")  # get two small lessons, not all


@cache
def lessons() -> Sequence[Lesson]:
    """Lessons of different kinds, each with a name of its own; two of them ask for a drawing."""
    made = [rich_lesson(), full_lesson(), asking(DRAWN, CHOICE), asking(CHOICE, DRAWN), fact_sheet()]
    return [each.model_copy(update={"topic": f"topic {number}"}) for number, each in enumerate(made)]


def some(form: Format) -> Sequence[Lesson]:
    """As many of them as the format makes in a moment."""
    return lessons()[4 if form.name == "pdf" else 3 :] if form.name in _SLOW else lessons()


def joined(form: Format, made: Sequence[Lesson], audience: Audience = "teacher") -> bytes:
    """All of them in one file."""
    assert form.join is not None
    return form.join("All of them", (Order(each, audience, ABOUT) for each in made))


@pytest.mark.parametrize("form", JOINING, ids=lambda form: form.name)
def test_the_file_of_all_has_what_the_file_of_each_has(form: Format) -> None:
    made = some(form)
    data = joined(form, made)
    text = readable(data)
    for each in made:
        alone = counts(each, readable(form.write(each, audience="teacher", about=ABOUT, image="").data))
        there = counts(each, text)
        assert all(there[part] >= count for part, count in alone.items()), (each.title, alone, there)
    if form.name in ("moodlexml", "csv", "kahoot"):
        assert list(READERS[form.name](data)) == [seen for each in made for seen in expected(form.name, each)]


@pytest.mark.parametrize("form", [each for each in JOINING if each.name != "pdf"], ids=lambda form: form.name)
def test_the_file_of_all_is_the_same_from_run_to_run(form: Format) -> None:
    assert joined(form, some(form)[-2:]) == joined(form, some(form)[-2:])


@pytest.mark.parametrize(
    "form", [each for each in JOINING if not each.has_keys and each.name != "pdf"], ids=lambda form: form.name
)
def test_nothing_that_belongs_to_an_answer_is_in_the_file_of_all_for_students(form: Format) -> None:
    secret = Lesson.model_validate(with_secrets())
    text = readable(joined(form, [secret, secret.model_copy(update={"topic": "other"})], "student"))
    assert "SECRET" not in text
    assert "5318008" not in text


# ---------------------------------------------------------------- pages


def page(*made: Lesson) -> str:
    (form,) = (each for each in JOINING if each.name == "html")
    return joined(form, made).decode()


def test_each_lesson_of_a_page_has_ids_of_its_own_and_every_link_leads_somewhere() -> None:
    text = page(*lessons(), hostile_lesson(NASTY))
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for name in re.findall(r'href="#([^"]+)"', text) + re.findall(r"url\(#([^)]+)\)", text):
        assert name in ids, name
    for names in re.findall(r'aria-labelledby="([^"]+)"', text):
        assert set(names.split()) <= set(ids)
    assert text.count("<main") == 1
    assert [f"lesson-{number}" in ids for number in range(1, 7)] == [True] * 6
    assert "<script>alert" not in text


def test_all_questions_of_a_page_are_tried_together() -> None:
    text = page(*lessons())
    (data,) = re.findall(r'<script type="application/json" id="asked">(.*?)</script>', text, re.DOTALL)
    asked: list[dict[str, Any]] = json.loads(data)
    assert len(asked) == sum(len(each.questions) for each in lessons())
    for each in asked:
        assert f'data-question="{each["number"]}"' in text
        for field in range(len(each["fields"])):
            assert f'name="q{each["number"]}-{field}"' in text
    assert text.count('id="check"') == 1


def test_a_page_of_lessons_in_several_languages_tells_of_each_its_own() -> None:
    arabic = full_lesson().model_copy(update={"language": "ar", "topic": "other"})
    text = page(full_lesson(), arabic)
    assert re.search(r'<article id="lesson-1" lang="en" dir="ltr"', text)
    assert re.search(r'<article id="lesson-2" lang="ar" dir="rtl"', text)


# ---------------------------------------------------------------- packages


@pytest.mark.parametrize("name", ["qti12", "qti21", "imscc", "scorm", "epub"])
def test_a_package_says_what_every_file_in_it_is_and_names_none_twice(name: str) -> None:
    (form,) = (each for each in JOINING if each.name == name)
    with zipfile.ZipFile(io.BytesIO(joined(form, lessons()))) as archive:
        names = archive.namelist()
        manifest = archive.read("EPUB/package.opf" if name == "epub" else "imsmanifest.xml").decode()
    assert len(names) == len(set(names))
    told = set(re.findall(r'href="([^"]+)"', manifest))
    own = {each.removeprefix("EPUB/") for each in names} - {
        *("imsmanifest.xml", "mimetype", "META-INF/container.xml", "package.opf")
    }
    assert told == own
    identifiers = re.findall(r'\b(?:identifier|id)="([^"]+)"', manifest.partition("<dc:")[2])
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("name", ["docx", "pptx"])
def test_a_lesson_in_the_other_direction_is_told_as_set_like_the_first(name: str) -> None:
    (form,) = (each for each in JOINING if each.name == name)
    lost: list[str] = []
    arabic = fact_sheet().model_copy(update={"language": "ar", "title": "Boats"})
    assert form.join is not None
    form.join("All", (Order(each, "teacher", ABOUT, leave_out=lost.append) for each in (fact_sheet(), arabic)))
    assert lost == [
        "“Fact sheet: Boats” is written from right to left, and is set the other way, as the first lesson is."
    ]
