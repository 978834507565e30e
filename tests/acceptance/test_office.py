"""Documents and slides as LibreOffice shows them: what a lesson has is counted again on the printed pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from lessongen.exporters import known_formats
from lessongen.exporters.shapes import Picture, Sheet
from lessongen.exporters.sheet import lay_out
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.model import Lesson
from lessongen.system.printable import printable
from tests.acceptance.counterpart import Unavailable, is_required, run
from tests.acceptance.programs import soffice
from tests.exporters.test_docx import TEXTS
from tests.exporters.test_every_format import forty, holds_all_or_tells
from tests.exporters.test_exporters import ABOUT, Audience, hostile_lesson

HOSTILE = "hostile"

_STUDENTS = 8
"""Of so many lessons the student's document is printed as well; the teacher's, and the slides, of all."""


@dataclass(frozen=True)
class Printed:
    """A file as LibreOffice printed it: the lesson as it was laid out, all words, pages, and how many pictures."""

    sheet: Sheet
    text: str
    pages: tuple[str, ...]
    pictures: int


def wanted(lessons: Mapping[str, Lesson]) -> list[tuple[str, str, Audience]]:
    """Which files are printed."""
    students: list[tuple[str, str, Audience]] = [
        (name, "docx", "student") for name in (*list(lessons)[:_STUDENTS], HOSTILE)
    ]
    teachers: list[tuple[str, str, Audience]] = [
        (name, form, "teacher") for form in ("docx", "pptx") for name in lessons
    ]
    return [*students, *teachers]


@pytest.fixture(scope="module")
def printed(
    encyclopedia: Encyclopedia, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[tuple[str, str, Audience], Printed]:
    """All forty lessons, and one with a stranger's text in each field, printed in one run of LibreOffice a format.

    Each is also held against its lesson before it is printed.
    """
    folder: Path = tmp_path_factory.mktemp("office")
    try:
        program = soffice()
    except Unavailable as error:
        if is_required():
            raise
        pytest.skip(str(error))
    lessons = {str(number): make() for number, make in enumerate(forty(encyclopedia), 1)}
    lessons[HOSTILE] = hostile_lesson(TEXTS["markup"])
    made = {}
    for name, form, audience in wanted(lessons):
        # LibreOffice names what it prints after the file without its ending.
        file = folder / f"{name}-{audience}-{form}.{form}"
        exported = known_formats()[form].write(lessons[name], audience=audience, about=ABOUT, image="")
        file.write_bytes(exported.data)
        if audience == "teacher" and name != HOSTILE:
            holds_all_or_tells(known_formats()[form], lessons[name], exported)
        made[name, form, audience] = (lay_out(lessons[name], audience, ABOUT), file)
    own = f"-env:UserInstallation={(folder / 'own').as_uri()}"
    for form in ("docx", "pptx"):
        files = [str(file) for _, file in made.values() if file.suffix == f".{form}"]
        run([program, own, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files])
    return {key: _read(sheet, file.with_suffix(".pdf")) for key, (sheet, file) in made.items()}


Files = Mapping[tuple[str, str, Audience], Printed]


def _read(sheet: Sheet, file: Path) -> Printed:
    pages = tuple(run(["pdftotext", str(file), "-"]).split("\f"))[:-1]
    pictures = len(re.findall(r"(?m)^ *\d+ +\d+ image ", run(["pdfimages", "-list", str(file)])))
    return Printed(sheet=sheet, text=squeezed(" ".join(pages)), pages=pages, pictures=pictures)


def squeezed(text: str) -> str:
    """The text without spaces, breaks and gaps, and without hyphens in words.

    Where lines end is LibreOffice's affair, which joins letters, too; at the end of one pdftotext takes a hyphen away.
    """
    joined = re.sub(r"[\s_☐]+", "", printable(text).replace("\ufb01", "fi").replace("\ufb02", "fl"))
    return re.sub(r"(?<=[A-Za-z])-(?=[A-Za-z])", "", joined)


def drawings(sheet: Sheet) -> list[Picture]:
    """The drawings in it."""
    blocks = [block for phase in sheet.phases for block in phase.blocks]
    held = [getattr(each, "picture", None) for each in (*sheet.starters, *blocks, *sheet.further_questions)]
    return [each for each in held if each is not None]


def test_sections_questions_options_keys_and_figures_are_all_printed(printed: Files) -> None:
    for (name, form, audience), file in printed.items():
        if name == HOSTILE:
            continue
        sheet, where = file.sheet, (name, form, audience)
        for title in (sheet.title, *(each.title for each in sheet.phases)):
            assert squeezed(title) in file.text, where
        for each in sheet.questions:
            assert all(squeezed(text) in file.text for _, text in each.lettered), where
            assert all(squeezed(text) in file.text for text in (*each.numbered, *each.boxes)), where
            if form == "docx":
                assert squeezed(each.stem) in file.text, where
        keys = len(re.findall(r"Key:" if form == "docx" else r"Question\d+:key", file.text))
        if form == "docx" or audience == "student":
            assert keys == (len(sheet.questions) if audience == "teacher" else 0), where
        else:
            assert keys >= len(sheet.questions), where  # a long answer goes on
        assert file.pictures >= len(drawings(sheet)), where
        assert all(squeezed(each.licence) in file.text for each in sheet.references), where


def test_each_quote_is_a_footnote_of_a_printed_document(printed: Files) -> None:
    for (name, form, audience), file in printed.items():
        if form == "docx" and name != HOSTILE:
            missing = [told for told in file.sheet.cited.values() if squeezed(told) not in file.text]
            assert missing == [], (name, audience)


def test_no_page_is_empty_and_pages_are_numbered(printed: Files) -> None:
    for (name, form, audience), file in printed.items():
        assert all(len(page.split()) > 5 or form == "pptx" for page in file.pages), (name, form, audience)
        if form == "docx":
            numbered = [f"{number} of {len(file.pages)}" in page for number, page in enumerate(file.pages, 1)]
            assert all(numbered), (name, audience)


def test_a_strangers_text_prints_as_text(printed: Files) -> None:
    files = [file for (name, _, _), file in printed.items() if name == HOSTILE]
    assert len(files) == 3
    for file in files:
        assert "<script>alert(1)</script>" in file.text
        assert len(file.pages) > 1
