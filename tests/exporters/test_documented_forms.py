"""Moodle XML and the manifest of a cartridge against their documented forms, written down as schemas of RELAX NG.

The schemas are ours, after the documentation; what reads the files is libxml2. Neither knows how the files are made.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree  # type: ignore[import-untyped,unused-ignore]

from lessongen.exporters import Order, known_formats
from lessongen.lesson.model import Lesson
from tests.exporters.rich import fact_sheet, rich_lesson
from tests.exporters.test_exporters import ABOUT, full_lesson, hostile_lesson
from tests.exporters.test_quizzes import DRAWN, LONG, NASTY, asking
from tests.lessons import CHOICE

SCHEMAS = Path(__file__).with_name("schemas")


@cache
def schema(name: str) -> Any:
    """A schema, read once."""
    return etree.RelaxNG(etree.parse(SCHEMAS / f"{name}.rng"))


def faults(name: str, document: bytes) -> list[str]:
    """What a document has that its schema does not."""
    found = schema(name)
    found.validate(etree.fromstring(document))
    return [f"{each.line}: {each.message}" for each in found.error_log]


@cache
def lessons() -> Sequence[Lesson]:
    """Lessons with all kinds of questions, hostile texts, drawings, and none."""
    return [
        *(full_lesson(), rich_lesson(), fact_sheet(), asking(DRAWN, CHOICE)),
        *(hostile_lesson(NASTY), hostile_lesson(LONG)),
    ]


def files(form: str) -> Iterator[bytes]:
    """The file of each lesson, and that of all together."""
    made = known_formats()[form]
    assert made.join is not None
    yield from (made.export(Order(each, "teacher", ABOUT)) for each in lessons())
    yield made.join("All / of ~them", (Order(each, "teacher", ABOUT) for each in lessons()))


def test_moodle_xml_is_as_moodle_documents_it() -> None:
    for document in files("moodlexml"):
        assert faults("moodle_xml", document) == []


@pytest.mark.parametrize(
    ("written", "broken"),
    [
        (b'fraction="100"', b'fraction="99"'),
        (b'type="essay"', b'type="opinion"'),
        (b"<single>true</single>", b""),
        (b"<usecase>0</usecase>", b"<usecase>no</usecase>"),
        (b"$course$/top/", b"top/"),
        (b"<tolerance>0</tolerance>", b"<tolerance>none</tolerance>"),
    ],
)
def test_a_file_for_moodle_that_was_broken_is_found_out(written: bytes, broken: bytes) -> None:
    document = known_formats()["moodlexml"].export(Order(full_lesson(), "teacher", ABOUT))
    assert written in document
    assert faults("moodle_xml", document.replace(written, broken, 1))


def manifest(package: bytes) -> bytes:
    """The manifest of a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read("imsmanifest.xml")


def test_the_manifest_of_a_cartridge_is_as_the_specification_has_it() -> None:
    for package in files("imscc"):
        assert faults("cartridge_manifest", manifest(package)) == []


@pytest.mark.parametrize(
    ("written", "broken"),
    [
        (b'structure="rooted-hierarchy"', b""),
        (b'identifierref="page"', b'identifierref="nothing"'),
        (b'identifier="quiz"', b'identifier="page"'),
        (b"imscc_xmlv1p1/assessment", b"imscc_xmlv1p1/exam"),
        (b"<schemaversion>1.1.0<", b"<schemaversion>1.4.0<"),
        (b'href="lesson.html"', b'href="/lesson.html"'),
    ],
)
def test_a_manifest_that_was_broken_is_found_out(written: bytes, broken: bytes) -> None:
    document = manifest(known_formats()["imscc"].export(Order(full_lesson(), "teacher", ABOUT)))
    assert written in document
    assert faults("cartridge_manifest", document.replace(written, broken, 1))
