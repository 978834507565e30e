"""PDF as a reader's program finds it: tagged, with its fonts, and with what the lesson has."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files as files_of
from pathlib import Path
from typing import Any

import pypdf
import pytest

from lessongen.exporters import known_formats
from lessongen.exporters.printing import printed
from lessongen.exporters.sheet import lay_out
from lessongen.system.paper import A4, LETTER, Paper
from tests.exporters.rich import rich_lesson
from tests.exporters.test_exporters import ABOUT, Audience


@pytest.fixture(scope="module")
def files() -> Mapping[tuple[str, Audience], pypdf.PdfReader]:
    """A lesson with all that there is, in each format of PDF."""
    wanted: list[tuple[str, Audience]] = [("pdf", "student"), ("worksheet-pdf", "teacher")]
    return {
        (form, audience): pypdf.PdfReader(
            io.BytesIO(known_formats()[form].write(rich_lesson(), audience=audience, about=ABOUT, image="").data)
        )
        for form, audience in wanted
    }


Files = Mapping[tuple[str, Audience], pypdf.PdfReader]


def words(file: pypdf.PdfReader) -> str:
    """All text of it without spaces, which a file of PDF has few of."""
    return squeezed(" ".join(page.extract_text() for page in file.pages))


def squeezed(text: str) -> str:
    """The text without spaces."""
    return "".join(text.split())


def of_type(file: pypdf.PdfReader, name: str) -> Iterator[Any]:
    """The structure's elements of a type."""
    root: Any = file.trailer["/Root"]
    pending = [root["/StructTreeRoot"]]
    while pending:
        each = pending.pop().get_object()
        if isinstance(each, list):
            pending += each
        elif isinstance(each, dict):
            if each.get("/S") == name:
                yield each
            if "/K" in each:
                pending.append(each["/K"])


def test_it_is_tagged_in_its_language_and_has_its_fonts_in_it(files: Files) -> None:
    for file in files.values():
        root: Any = file.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en"
        pages: list[Any] = list(file.pages)
        fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
        assert fonts
        for font in fonts:
            described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(described)


def test_it_has_what_the_lesson_has_and_a_students_no_key(files: Files) -> None:
    for (form, audience), file in files.items():
        sheet, text = lay_out(rich_lesson(), audience, ABOUT), words(file)
        for each in sheet.questions:
            assert squeezed(each.stem.split("_____")[0]) in text
            assert all(f"{letter}." in text and squeezed(option) in text for letter, option in each.lettered)
        assert text.count("Key:") == (len(sheet.questions) if audience == "teacher" else 0)
        assert ("TEACHER" in text) is (audience == "teacher")
        assert form == "worksheet-pdf" or all(squeezed(f"{each.number}.{each.title}") in text for each in sheet.phases)
        assert "CC0-1.0" in text


def test_a_figure_says_what_it_shows(files: Files) -> None:
    told = [each.get("/Alt") for each in of_type(files["pdf", "student"], "/Figure")]
    assert "A line with the years 1741, 1802 and 1866, in this order." in told


@pytest.mark.parametrize(("paper", "size"), [(A4, "A4"), (LETTER, "letter")])
def test_a_worksheet_is_laid_out_for_the_paper_asked_for(paper: Paper, size: str) -> None:
    made = known_formats()["worksheet"].write(rich_lesson(), audience="student", about=ABOUT, image="", paper=paper)
    assert f"@page {{ size: {size}; }}" in made.data.decode()


def test_it_is_the_same_from_run_to_run_of_the_paper_asked_for_and_loads_nothing() -> None:
    page = b'<html lang="en"><title>A</title><img src="http://127.0.0.1:9/x.png" alt="none"><p>A word'
    for paper, points in ((A4, (595, 842)), (LETTER, (612, 792))):
        made = printed(page, paper)
        box = pypdf.PdfReader(io.BytesIO(made)).pages[0].mediabox
        assert (round(box.width), round(box.height)) == points
        assert printed(page, paper) == made


def test_what_leads_to_something_is_on_its_page_wherever_the_page_ends() -> None:
    css = (files_of("lessongen.exporters") / "templates" / "lesson.css").read_text(encoding="utf-8")
    table = (
        "<div class=scrolls><table><caption>Titled{0}</caption><thead><tr><th>Row</thead><tr><td>Held{0}</table></div>"
    )
    asked = "<p>Titled{0}</p><section class=question><h3>Question</h3><p>Held{0}</p></section>"
    places = [(height, block) for height in range(236, 258, 3) for block in (table, asked)]
    pages = "".join(
        f"<div style='break-before: page; height: {height}mm'></div>{block.format(f'-{at}-')}"
        for at, (height, block) in enumerate(places)
    )
    made = printed(f"<html lang=en><style>{css}</style><h1>Boats</h1>{pages}".encode(), A4)
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]

    for at in range(len(places)):
        (titled,) = [text for text in texts if f"Titled-{at}-" in text]
        assert f"Held-{at}-" in titled
    assert len(texts) > len(places)  # some had no room where they began
    assert all("Boats" in text for text in texts)  # a stray page says whose it is


@pytest.mark.parametrize("form", ["pdf", "worksheet-pdf"])
def test_a_machine_without_pango_is_told_so_before_any_lesson_is_sought(form: str, tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    done = subprocess.run(
        [sys.executable, "-m", "lessongen", "export", "crafts", "no such topic", "--format", "md", "--format", form],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "LESSONGEN_HOME": str(tmp_path / "home")},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode != 0
    assert "PDF needs the library Pango" in done.stderr
