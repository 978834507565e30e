"""Pages that run from right to left, in a real browser and on paper: English words in them read from left to right."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from lessongen.exporters import Order, known_formats
from lessongen.lesson.model import Lesson
from tests.acceptance.counterpart import run
from tests.acceptance.programs import installed
from tests.exporters.rich import rich_lesson
from tests.exporters.test_exporters import ABOUT, Audience, full_lesson

_ARABIC = "\u0627\u0644\u0642\u0627\u0631\u0628 (\u0627\u0644\u0645\u0635\u0628\u0627\u062d)."
_JUMBLED = """
() => {
  const strong = /[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufeff]/;
  const blocks = [...document.querySelectorAll("p, li, dt, dd, h1, h2, h3, th, td, caption, summary, figcaption")];
  const jumbled = [];
  let seen = 0;
  for (const block of blocks) {
    if (block.closest(".timeline") || strong.test(block.textContent)) continue; // columns of dates
    if (block.querySelector("p, li, dd, summary, select, input")) continue;
    const places = [];
    const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (node.parentElement.closest("svg, .gap, .minutes, .name, sup")) continue;
      [...node.data].forEach((sign, at) => {
        if (/[\\s\\u200e\\u2060_]/.test(sign)) return;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const box = range.getBoundingClientRect();
        if (box.width) places.push([sign, box.left, box.bottom]);
      });
    }
    seen += places.length;
    for (let at = 1; at < places.length; at += 1) {
      const [before, here] = [places[at - 1], places[at]];
      if (Math.abs(before[2] - here[2]) < 3 && here[1] < before[1] - 0.5) {
        jumbled.push(block.textContent.trim().slice(0, 90));
        break;
      }
    }
  }
  return { jumbled, seen };
}
"""


def arabic() -> Lesson:
    """A lesson in Arabic, some of which is in English: our own words, terms, and sources."""
    made = rich_lesson(language="ar").model_dump(mode="json")
    made["outcome"] = made["questions"][0]["stem"] = _ARABIC
    return Lesson.model_validate(made)


def page_of(form: str, audience: Audience, folder: Path) -> Path:
    """The page of that lesson in a format, or in a package of it."""
    made = known_formats()[form].export(Order(arabic(), audience, ABOUT))
    if made.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            (name,) = (
                each for each in archive.namelist() if each.endswith(("lesson.xhtml", "index.html", "lesson.html"))
            )
            made = archive.read(name)
    target = folder / f"page.{'xhtml' if form == 'epub' else 'html'}"
    target.write_bytes(made)
    return target


@pytest.mark.parametrize(
    ("form", "audience"),
    [("html", "teacher"), ("html", "student"), ("worksheet", "teacher"), ("epub", "teacher"), ("imscc", "teacher")],
)
def test_what_is_english_on_a_page_reads_from_left_to_right(
    form: str, audience: Audience, browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(page_of(form, audience, tmp_path).as_uri())
    found: Any = page.evaluate(_JUMBLED)
    assert page.evaluate("document.documentElement.dir || document.dir") == "rtl"
    page.close()
    assert found["seen"] > 500
    assert found["jumbled"] == []


def test_what_is_arabic_there_runs_from_right_to_left_with_its_signs_at_its_end(
    browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(page_of("html", "student", tmp_path).as_uri())
    places = page.evaluate(
        """() => {
          const node = document.querySelector(".outcome").firstChild;
          return [...node.data].map((sign, at) => {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            return range.getBoundingClientRect().left;
          });
        }"""
    )
    page.close()
    assert len(places) == len(_ARABIC)
    assert places[-1] == min(places)
    assert places[0] > places[_ARABIC.index("(")]


def test_on_paper_a_sign_at_the_end_of_english_words_is_on_their_right(tmp_path: Path) -> None:
    installed("pdftotext", ["poppler-utils"])
    made = full_lesson().model_copy(update={"language": "ar"})
    target = tmp_path / "page.pdf"
    target.write_bytes(known_formats()["worksheet-pdf"].export(Order(made, "teacher", ABOUT)))
    words = run(["pdftotext", "-bbox", str(target), "-"])
    assert ">Key:</word>" in words
    assert ">:Key</word>" not in words
    assert ">night.</word>" in words
    assert ">.night</word>" not in words
