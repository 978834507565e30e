"""Every format that there is: nothing of a teacher's in a student's file, and a stranger's text stays text.

A format that is added is searched here without a word: a file is opened as what its first bytes say that it is.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree, html  # type: ignore[import-untyped,unused-ignore]

from lessongen.exporters import Format, Order, known_formats
from lessongen.lesson.material import Audience
from lessongen.lesson.model import Lesson
from tests.exporters.rich import fact_sheet, rich_lesson
from tests.exporters.test_every_format import contents
from tests.exporters.test_exporters import ABOUT, hostile, hostile_lesson
from tests.exporters.test_quizzes import NASTY
from tests.generation.test_lessons import with_secrets

pypdf = pytest.importorskip("pypdf")
ALL = [each for each in known_formats().values() if each.is_available]
OF_STUDENTS = [each for each in ALL if not each.has_keys]
PRINTED = ("pdf", "worksheet-pdf")  # pages that are searched as HTML; each takes seconds, so it is searched once
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")
_FORMULA = re.compile(r"[=+\-@\t\r]")


def made(form: Format, lesson: Lesson, audience: Audience) -> bytes:
    """The lesson's file."""
    return form.write(lesson, audience=audience, about=ABOUT, image="").data


# ---------------------------------------------------------------- students


def words_in(data: bytes) -> str:
    """All words in a file, wherever they stand: of PDF in its outline, its properties and its alternative texts too."""
    if not data.startswith(b"%PDF"):
        return " ".join([*contents(data), *names_in(data)])
    reader = pypdf.PdfReader(io.BytesIO(data))
    found = [page.extract_text() for page in reader.pages]
    for number in range(1, len(reader.xref.get(0, {})) + len(reader.xref_objStm) + 1):
        found += _strings(reader.get_object(number))
    return " ".join(found)


def names_in(data: bytes) -> list[str]:
    """The names of the files in a package."""
    return zipfile.ZipFile(io.BytesIO(data)).namelist() if data.startswith(b"PK") else []


def _strings(part: Any) -> Iterator[str]:
    """The texts of an object of PDF, and of those that stand in it."""
    if isinstance(part, pypdf.generic.TextStringObject | pypdf.generic.NameObject):
        yield str(part)
    elif isinstance(part, pypdf.generic.ArrayObject):
        for each in list.__iter__(part):
            yield from _strings(each)
    elif isinstance(part, pypdf.generic.DictionaryObject):
        for each in dict.values(part):
            yield from _strings(each)


@pytest.mark.parametrize(
    "form", [each for each in OF_STUDENTS if each.name != "worksheet-pdf"], ids=lambda form: form.name
)
def test_no_note_tip_or_good_answer_for_the_teacher_is_in_a_file_for_students(form: Format) -> None:
    lesson = rich_lesson()
    students = words_in(made(form, lesson, "student"))
    assert "TEACHER" not in students
    assert "TEACHER" in words_in(made(form, lesson, "teacher"))
    if form.name == "pdf":
        assert "A line with the years 1741, 1802 and 1866, in this order." in students, "alternative texts are searched"


@pytest.mark.parametrize("form", [each for each in OF_STUDENTS if each.name not in PRINTED], ids=lambda form: form.name)
def test_no_key_no_quote_of_one_and_nothing_that_gives_one_away_is_in_a_file_for_students(form: Format) -> None:
    lesson = Lesson.model_validate(with_secrets())
    text = words_in(made(form, lesson, "student"))
    assert "SECRET" not in text
    assert "5318008" not in text
    assert "SECRET" in words_in(made(form, lesson, "teacher"))


# ---------------------------------------------------------------- strangers


def faults(data: bytes, name: str = "") -> Iterator[str]:
    """What in a file, or in the files in it, is not as it should be after a stranger wrote the lesson's texts."""
    if data.startswith(_PICTURES):
        return
    if data.startswith(b"PK"):
        for each in zipfile.ZipFile(io.BytesIO(data)).infolist():
            if each.filename.startswith("/") or ".." in each.filename or "\\" in each.filename:
                yield f"{each.filename}: leads out of the package"
            yield from faults(zipfile.ZipFile(io.BytesIO(data)).read(each), each.filename)
    elif data.startswith(b"%PDF"):
        yield from (f"{name}: {sign}" for sign in ("/JavaScript", "/JS", "/Launch") if sign in words_in(data).split())
    elif data.startswith(b"SQLite"):
        # What is JSON there are settings and names, which are no HTML.
        cells = [cell for cell in contents(data) if not cell.startswith("{")]
        fields = [cell for cell in cells if "\x1f" in cell]
        assert fields, "the fields of notes"
        yield from (f"{name}: {cell[:80]}" for cell in fields if re.search(r"<script|<[^>]*\son\w+=", cell))
    else:
        yield from faults_of_text(data.decode("utf-8-sig"), name)


def faults_of_text(text: str, name: str) -> Iterator[str]:
    """The same of a file of text, by what it is."""
    found = _CONTROL.search(text)
    if found:
        yield f"{name}: character {ord(found[0])} in {text[max(0, found.start() - 40) : found.start()]!r}"
    begin = text.lstrip()[:200].lower()
    if begin.startswith("<!doctype html") and "xmlns" not in begin:
        yield from faults_of_elements(html.document_fromstring(text), name)
    elif begin.startswith("<"):
        yield from faults_of_elements(etree.fromstring(text.encode()), name)
    elif name.endswith(".jsonl"):
        list(map(json.loads, text.splitlines()))
    elif begin.startswith(("{", "[")):
        json.loads(text)
    elif name.endswith(".csv"):
        for cell in (cell for row in csv.reader(io.StringIO(text)) for cell in row):
            if _FORMULA.match(cell):
                yield f"{name}: the cell {cell[:60]!r}"


def faults_of_elements(root: Any, name: str) -> Iterator[str]:
    """What would be run in a document."""
    for each in root.iter(etree.Element):
        tag = etree.QName(each).localname.lower()
        if tag == "script" and each.get("type") != "application/json" and "alert(1)" in (each.text or ""):
            yield f"{name}: a script"
        if tag in ("iframe", "object", "embed", "base", "form"):
            yield f"{name}: <{tag}>"
        for key, value in each.attrib.items():
            if key.lower().startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{name}: {key}={value[:60]!r}"


@pytest.mark.parametrize("form", ALL, ids=lambda form: form.name)
def test_a_strangers_text_is_text_in_every_file_and_breaks_none(form: Format) -> None:
    audiences: tuple[Audience, ...] = ("teacher",) if form.has_keys else ("student", "teacher")
    lesson = hostile_lesson(NASTY)
    if form.name in PRINTED:
        audiences = ("teacher",)
        lesson = Lesson.model_validate(hostile(fact_sheet().model_dump(mode="json"), text=NASTY))
    for audience in audiences:
        assert list(faults(made(form, lesson, audience), f"lesson.{form.ending}")) == []
        if form.join and form.name not in (*PRINTED, "pptx"):
            data = form.write_together(NASTY, _orders(lesson, audience))
            assert list(faults(data, f"lessons.{form.joined_ending}")) == []


def _orders(lesson: Lesson, audience: Audience) -> Iterator[Order]:
    yield Order(lesson, audience, ABOUT)
    yield Order(lesson.model_copy(update={"topic": "another"}), audience, ABOUT)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<!DOCTYPE html><p>x<script>alert(1)</script>", "a script"),
        (b"<!DOCTYPE html><img src=x onerror=alert(1)>", "onerror"),
        (b"<a href='javascript:alert(1)'/>", "javascript:"),
        (b"a line with \x1b[31m", "character 27"),
        (b"a,=cmd()\r\n", "the cell"),
    ],
)
def test_what_is_looked_for_is_found(data: bytes, told: str) -> None:
    assert any(told in fault for fault in faults(data, "file.csv"))
