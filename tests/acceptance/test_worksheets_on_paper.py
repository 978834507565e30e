"""Worksheets as a browser prints them: the questions on one page, and a teacher's key on pages of its own."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from lessongen.exporters import Order, known_formats
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Material
from lessongen.lesson.model import Lesson
from lessongen.lesson.task import LessonRequest
from lessongen.writers.extractive import ExtractiveWriter
from tests.acceptance.counterpart import Unavailable, is_required, run
from tests.attempts import PlainAttempt
from tests.exporters.test_exporters import ABOUT, full_lesson

_PACKAGES = ("chromium", "poppler-utils")


@pytest.fixture(scope="module")
def browser() -> str:
    """A browser without a window, and beside it poppler's programs."""
    try:
        if not (shutil.which("chromium") and shutil.which("pdfinfo") and shutil.which("pdftotext")):
            if os.geteuid() != 0 or shutil.which("apt-get") is None:
                raise Unavailable(f"On Debian: apt-get install {' '.join(_PACKAGES)}")
            run(["apt-get", "update", "-q"])
            run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *_PACKAGES])
    except Unavailable as error:
        if is_required():
            pytest.fail(str(error))
        pytest.skip(str(error))
    return "chromium"


def pages_of(made: Lesson, audience: str, browser: str, folder: Path) -> list[str]:
    """The text of each printed page."""
    source, target = folder / "worksheet.html", folder / "worksheet.pdf"
    assert audience in ("student", "teacher")
    export = known_formats()["worksheet"].export
    source.write_bytes(export(Order(made, "student" if audience == "student" else "teacher", ABOUT)))
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/own")
    run([browser, *flags, f"--print-to-pdf={target}", source.as_uri()])
    count = re.search(r"Pages:\s+(\d+)", run(["pdfinfo", target]))
    assert count is not None
    pages = run(["pdftotext", "-layout", target, "-"]).split("\f")
    return pages[: int(count[1])]


def longest_lesson(encyclopedia: Encyclopedia) -> Lesson:
    """A real lesson with as many questions as one can have, each of them long."""
    entry = encyclopedia.entry_titled("Photosynthesis")
    assert entry is not None
    request = LessonRequest(subject="biology", topic="photosynthesis", questions=12)
    made = ExtractiveWriter(encyclopedia).write(request, Material(article=entry.document), PlainAttempt()).lesson
    content = made.model_dump(mode="json")
    asked = content["questions"]
    while len(content["questions"]) < 12:
        asked = [{**each, "id": f"{each['id']}again"} for each in asked]
        content["questions"] += asked[: 12 - len(content["questions"])]
    return Lesson.model_validate(content)


@pytest.mark.parametrize("which", ["every kind", "longest"])
def test_a_students_worksheet_is_one_page_and_a_teachers_key_follows(
    which: str, browser: str, encyclopedia: Encyclopedia, tmp_path: Path
) -> None:
    made = full_lesson() if which == "every kind" else longest_lesson(encyclopedia)
    student = pages_of(made, "student", browser, tmp_path)
    assert len(student) == 1
    assert "Name" in student[0]
    assert "Date" in student[0]
    assert f"Question {len(made.questions)}." in student[0]
    assert "Answer key" not in student[0]
    first, *key = pages_of(made, "teacher", browser, tmp_path)
    assert "Answer key" not in first
    assert "Answer key" in key[0]
