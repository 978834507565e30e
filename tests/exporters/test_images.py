"""The lead image of a lesson in each output: shown from its own bytes, and never without its credit."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any, Literal

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from lessongen.exporters import Order, known_formats
from lessongen.exporters.terminal import render
from lessongen.lesson.difference import compare
from lessongen.lesson.edition import student_view
from lessongen.lesson.model import Lesson
from lessongen.web.pages.reading import page
from tests.exporters.opened import without_own_script
from tests.lessons import OPEN, lesson, question
from tests.pictures import jpeg, leaf, png

AUDIENCES = ("student", "teacher")
ADDRESS = "data:image/png;base64,"
HOSTILE = '"><script>alert(1)</script> ](http://a.b) `x` | *y* <!-- '


def pictured(**changes: Any) -> tuple[Lesson, str]:
    """A lesson with an image, and its file."""
    found = leaf(**changes)
    return lesson(image=found.shown().model_dump()), found.data


def export(form: str, audience: Any = "teacher", *, file: str | None = None, **changes: Any) -> str:
    """The lesson in a format."""
    made, data = pictured(**changes)
    image = data if file is None else file
    text = known_formats()[form].write(made, audience=audience, about={}, image=image).data.decode()
    return without_own_script(text) if form == "html" else text


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_page_holds_the_image_itself_with_its_alternative_and_its_credit(audience: str) -> None:
    html = export("html", audience)
    (source, alternative) = re.findall(r'<img src="([^"]+)" alt="([^"]+)" width="60" height="40">', html)[0]
    assert base64.b64decode(source.removeprefix(ADDRESS)) == png()
    assert alternative == "A green leaf of an oak. It was photographed in May."
    caption = re.search(r"<figcaption>(.*?)</figcaption>", html, re.DOTALL)
    assert caption is not None
    assert "A green leaf of an oak." in caption[1]
    assert '<a href="https://commons.wikimedia.org/wiki/File:Oak_leaf.png">Oak leaf.png</a>, Ada Green' in caption[1]
    assert '<a rel="license" href="https://creativecommons.org/licenses/by-sa/4.0">CC BY-SA 4.0</a>' in caption[1]
    assert "upload.wikimedia.org" not in html, "a page asks nothing of the network"
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html


def test_a_page_without_an_image_allows_none() -> None:
    html = known_formats()["html"].export(Order(lesson(), "student")).decode()
    assert "img-src" not in html
    assert "<img" not in html


@pytest.mark.parametrize("form", ["html", "worksheet"])
@pytest.mark.parametrize("file", ["", base64.b64encode(jpeg()).decode(), '"><script>', leaf().data + "AAAA"])
def test_a_file_that_is_not_the_lessons_own_is_never_put_into_a_page(form: str, file: str) -> None:
    html = export(form, file=file)
    assert "<img" not in html
    assert "data:" not in html
    assert "<script" not in html
    assert form == "worksheet" or "[image: A green leaf of an oak. It was photographed in May.]" in html


@pytest.mark.parametrize("audience", AUDIENCES)
def test_markdown_names_the_image_by_its_address_with_its_credit(audience: str) -> None:
    text = export("md", audience)
    assert "![A green leaf of an oak. It was photographed in May.](https://upload.wikimedia.org/" in text
    assert "(Image: [Oak leaf.png](https://commons.wikimedia.org/wiki/File:Oak_leaf.png), Ada Green, " in text
    assert "[CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0))" in text
    assert "base64" not in text


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_worksheet_with_room_has_the_image_beside_its_head_and_the_credit_among_the_sources(audience: str) -> None:
    html = export("worksheet", audience)
    assert html.count(ADDRESS) == 1
    footer = html.partition("<footer>")[2]
    assert "Image: <a href=" in footer
    assert "Ada Green" in footer
    assert "CC BY-SA 4.0" in footer


def test_a_full_worksheet_keeps_the_size_of_its_questions_and_goes_without_the_image() -> None:
    long = [{**question(OPEN), "id": f"q{number}", "stem": f"{number}. {'Why so? ' * 30}"} for number in range(1, 13)]
    found = leaf()
    made = lesson(questions=long, image=found.shown().model_dump())
    with_image = known_formats()["worksheet"].write(made, audience="student", about={}, image=found.data).data.decode()
    without = known_formats()["worksheet"].export(Order(made.model_copy(update={"image": None}), "student")).decode()
    assert with_image == without


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_terminal_tells_what_the_image_shows_and_whose_it_is(audience: Literal["student", "teacher"]) -> None:
    console = Console(file=io.StringIO(), width=100)
    render(pictured()[0], {}, audience, console)
    shown = " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]
    assert "[image: A green leaf of an oak. It was photographed in May.]" in shown
    assert "Oak leaf.png, Ada Green, CC BY-SA 4.0; https://commons.wikimedia.org/wiki/File:Oak_leaf.png" in shown


@pytest.mark.parametrize("audience", AUDIENCES)
def test_json_has_all_that_is_said_of_the_image(audience: str) -> None:
    made, _ = pictured()
    assert json.loads(export("json", audience))["content"]["image"] == made.model_dump()["image"]
    assert student_view(lesson())["image"] is None


@pytest.mark.parametrize("form", ["html", "worksheet", "md"])
def test_what_is_said_of_an_image_is_text_whatever_it_is(form: str) -> None:
    said = dict.fromkeys(("title", "alternative", "caption", "author", "licence"), HOSTILE)
    hostile = export(
        form, **said, page_url="javascript:alert(1)", licence_url="data:text/html,x", file_url="javascript:x"
    )
    html = MarkdownIt("commonmark").render(hostile) if form == "md" else hostile
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert not re.search(r"""(?:href|src)=["']?(?:javascript|data:text|http://a\.b)""", html)


def test_the_sites_page_allows_its_own_image_as_data_and_no_other_pages_do() -> None:
    with_image = page(export("html", "student"), "").headers["Content-Security-Policy"]
    assert "img-src 'self' data:;" in with_image
    without = page(known_formats()["html"].export(Order(lesson(), "student")).decode(), "")
    assert "data:" not in without.headers["Content-Security-Policy"]


def test_another_image_is_a_difference() -> None:
    (part,) = [part for part in compare(lesson(), pictured()[0]).parts if not part.is_empty]
    assert [change.name for change in part.changed] == ["image"]
    assert compare(pictured()[0], pictured()[0]).is_empty
    other = base64.b64encode(png(61)).decode()
    assert not compare(pictured()[0], pictured(data=other)[0]).is_empty
