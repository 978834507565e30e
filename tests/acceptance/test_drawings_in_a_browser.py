"""Drawings in a real browser: nothing is cut off, letters are large enough, axe-core finds nothing serious."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from lessongen.lesson.limits import QUESTIONS
from lessongen.lesson.model import Lesson
from tests.acceptance.axe import serious
from tests.exporters.rich import rich_lesson
from tests.exporters.test_exporters import export
from tests.lesson.test_drawings import SAMPLES

_SCREENS = [(1280, "light"), (390, "dark"), (320, "light")]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A lesson with a drawing of each kind at an example and at a question, in the forms that browsers show."""
    folder = tmp_path_factory.mktemp("drawings")
    made = drawn_lesson()
    found = {}
    for form, audience in (("html", "student"), ("html", "teacher"), ("worksheet", "student")):
        found[f"{form} {audience}"] = folder / f"{form}-{audience}.html"
        found[f"{form} {audience}"].write_text(export(form, made, audience))  # type: ignore[arg-type]
    return found


def drawn_lesson() -> Lesson:
    """The rich lesson with the samples of drawings in it."""
    content = rich_lesson().model_dump(mode="json")
    drawings: list[dict[str, Any]] = [each.model_dump(mode="json") for each in SAMPLES]
    asked = content["questions"]
    short = next(each for each in asked if each["kind"] == "short")
    more = [
        {**short, "id": f"drawn{at}", "stem": f"What do you see ({at})?"} for at in range(QUESTIONS.most - len(asked))
    ]
    content["questions"] = [
        {**each, "drawing": drawing} for each, drawing in zip([*asked, *more], cycle(drawings), strict=False)
    ]
    content["sections"][1]["blocks"] += [
        {
            **{"kind": "example", "problem": "What is seen?", "steps": [{"text": "Look.", "role": "framing"}]},
            **{"answer": "This.", "origin": "computed", "by": "drawing", "drawing": drawing},
        }
        for drawing in drawings
    ]
    return Lesson.model_validate(content)


@pytest.mark.parametrize(("width", "scheme"), _SCREENS)
def test_drawings_fit_and_are_legible(browser: Browser, files: dict[str, Path], width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    for name, file in files.items():
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(_LEAST_LETTERS) >= 12, name
        assert page.evaluate(_CUT_OFF) == [], name
        assert page.evaluate(_OVER_EACH_OTHER) == [], name
        assert page.evaluate(_OTHER_COLOURS) == [], name
    context.close()


@pytest.mark.parametrize(
    ("scheme", "names"), [("light", ("html student", "worksheet student")), ("dark", ("html teacher",))]
)
def test_axe_finds_nothing_serious_on_a_page_with_drawings(
    browser: Browser, files: dict[str, Path], scheme: str, names: Sequence[str]
) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    for name in names:
        page.goto(files[name].as_uri())
        assert serious(page) == [], name
    context.close()


def test_drawings_print_black_on_white_from_a_dark_screen(browser: Browser, files: dict[str, Path]) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    for file in files.values():
        page.goto(file.as_uri())
        assert page.evaluate("getComputedStyle(document.querySelector('svg.drawn')).stroke") == "rgb(0, 0, 0)"
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        assert page.pdf(format="A4")[:4] == b"%PDF"
    context.close()


_LEAST_LETTERS = r"""() => Math.min(...[...document.querySelectorAll("svg.drawn")].map((svg) =>
  parseFloat(svg.getAttribute("font-size")) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"""

# Words and shapes that reach out of their drawing.
_CUT_OFF = r"""() => [...document.querySelectorAll("svg.drawn")].flatMap((svg) => {
  const box = svg.getBoundingClientRect();
  return [...svg.children].filter((each) => {
    const own = each.getBoundingClientRect();
    return own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1;
  }).map((each) => `${svg.ariaLabel}: ${each.outerHTML}`);
})"""

# Two words of a drawing of which one covers the other, by more than the room above and below letters.
_OVER_EACH_OTHER = r"""() => [...document.querySelectorAll("svg.drawn")].flatMap((svg) => {
  const words = [...svg.querySelectorAll("text")].map((each) => [each, each.getBoundingClientRect()]);
  return words.flatMap(([one, a], at) => words.slice(at + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 7
  ).map(([other]) => `${svg.ariaLabel}: ${one.textContent} / ${other.textContent}`));
})"""

# Drawings in another colour than the text around them.
_OTHER_COLOURS = r"""() => [...document.querySelectorAll("svg.drawn")].filter((svg) =>
  getComputedStyle(svg).stroke !== getComputedStyle(svg.parentElement).color).map((svg) => svg.ariaLabel)"""
