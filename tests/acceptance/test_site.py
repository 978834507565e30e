"""Pages and sites that are exported, opened in Chromium from the disk: found, read and tried; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lessongen.exporters import Order
from lessongen.exporters.site import INDEX, WORDS, Entry, index, page_of, words
from lessongen.lesson.material import Audience
from lessongen.lesson.model import Lesson
from tests.acceptance.axe import serious
from tests.exporters.rich import rich_lesson
from tests.exporters.test_exporters import ABOUT, HOSTILE, full_lesson, hostile_lesson
from tests.exporters.test_images import pictured
from tests.lessons import lesson

_BOTH: tuple[Audience, ...] = ("student", "teacher")
_NAMES: Mapping[str, Lesson] = {
    "rich": rich_lesson(subject="crafts"),
    "full": full_lesson(),
    "hostile": hostile_lesson(),
    "long": hostile_lesson("w" * 10_000 + " "),
    "right-to-left": lesson(language="ar", subject="\N{ARABIC LETTER BEH}\N{ARABIC LETTER ALEF}"),
    "pictured": pictured()[0],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of both editions."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "lessons").mkdir()
    entries: list[Entry] = []
    for name, made in _NAMES.items():
        pages = {each: f"lessons/{name}-{each}.html" for each in _BOTH}
        for audience in _BOTH:
            order = Order(made, audience, ABOUT, image=pictured()[1] if made.image else "")
            exported, entry = page_of(order, pages)
            (folder / pages[audience]).write_bytes(exported.data)
        entries.append(entry)
    (folder / INDEX).write_bytes(index(entries))
    (folder / WORDS).write_bytes(words(entries))
    return folder


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, site: Path) -> Iterator[Page]:
    """A page that finds fault with what is refused, said or asked for outside of the site."""
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text))
    page.on("dialog", lambda asked: faults.append(asked.message))
    of_the_site = (site.as_uri(), "data:")
    page.on("request", lambda asked: None if asked.url.startswith(of_the_site) else faults.append(asked.url))
    yield page
    assert faults == []


def test_the_index_finds_lessons_by_the_words_that_they_teach_and_leads_to_them_and_back(
    page: Page, site: Path
) -> None:
    page.goto((site / INDEX).as_uri())
    expect(page.locator(".lesson")).to_have_count(len(_NAMES))
    page.get_by_label("Search").fill("HULL  own words")  # of the titles of sections, which the index does not show
    expect(page.locator(".lesson:visible")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text(f"1 of {len(_NAMES)} found")
    page.get_by_label("Search").fill("nothing of this kind")
    expect(page.locator(".subject:visible")).to_have_count(0)
    page.get_by_label("Search").fill("")
    expect(page.locator(".lesson:visible")).to_have_count(len(_NAMES))
    page.locator(".lesson", has_text="boat of wood stays dry").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lantern boats")
    page.get_by_role("link", name="Teacher’s edition").click()  # noqa: RUF001
    expect(page.get_by_text("Key:", exact=True).first).to_be_visible()
    page.get_by_role("link", name="All lessons").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lessons")


def test_without_its_script_of_data_the_index_finds_what_it_shows(page: Page, site: Path) -> None:
    page.route(f"**/{WORDS}", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto((site / INDEX).as_uri())
    page.get_by_label("Search").fill("stays dry")
    expect(page.locator(".lesson:visible")).to_have_count(1)


def test_a_teachers_page_asks_its_questions_and_counts_what_is_right(page: Page, site: Path) -> None:
    page.goto((site / "lessons" / "full-teacher.html").as_uri())
    expect(page.locator("form, .answer").first).to_be_hidden()
    page.get_by_role("button", name="Try the questions").click()
    expect(page.get_by_text("Key:", exact=True).first).to_be_hidden()
    right = page.evaluate("window.lessongenQuestions")
    for question in right:
        for field, values in enumerate(question["fields"]):
            found = page.locator(f"[name='q{question['number']}-{field}']")
            if question["kind"] == "multiple choice":
                for value in values:
                    found.and_(page.locator(f"[value='{value}']")).check()
            elif question["kind"] == "short-answer":
                found.fill(values[0])
            else:
                found.select_option(values[0])
    page.get_by_role("button", name="Check my answers").click()
    marked = [each for each in right if each["fields"]]
    expect(page.locator("#result")).to_have_text(f"{len(marked)} of {len(marked)} right: 100 %")
    expect(page.locator(".told:visible")).to_have_count(len(right))
    page.get_by_role("button", name="Show the teacher’s edition").click()  # noqa: RUF001
    expect(page.get_by_text("Key:", exact=True).first).to_be_visible()


def test_without_scripts_a_page_reads_as_on_paper(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "lessons" / "full-teacher.html").as_uri())
    assert page.locator("button:visible, input:visible, select:visible, textarea:visible").count() == 0
    expect(page.get_by_text("Key:", exact=True).first).to_be_visible()
    page.goto((site / INDEX).as_uri())
    expect(page.locator("input")).to_be_hidden()
    expect(page.locator(".lesson:visible")).to_have_count(len(_NAMES))
    context.close()


def test_quotes_stand_at_the_side_of_a_wide_page_and_are_folded_on_a_narrow_one(page: Page, site: Path) -> None:
    page.goto((site / "lessons" / "rich-student.html").as_uri())
    page.set_viewport_size({"width": 1280, "height": 800})
    quote = page.locator(".beside p").first
    text = page.locator(".summary")
    expect(quote).to_be_visible()
    beside, said = quote.bounding_box(), text.bounding_box()
    assert beside is not None
    assert said is not None
    assert beside["x"] >= said["x"] + said["width"]
    page.set_viewport_size({"width": 390, "height": 800})
    expect(quote).to_be_hidden()
    page.locator(".beside summary").first.click()
    expect(quote).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_a_phone(browser: Browser, site: Path, scheme: str) -> None:
    is_dark = scheme == "dark"
    context = browser.new_context(color_scheme="dark" if is_dark else "light", viewport={"width": 320, "height": 640})
    page = context.new_page()
    for path in (INDEX, *(f"lessons/{each}-teacher.html" for each in ("rich", "full", "right-to-left", "long"))):
        page.goto((site / path).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        if "long" in path:
            continue  # which takes axe-core a minute
        assert serious(page) == [], path
        if (start := page.get_by_role("button", name="Try the questions")).count():
            start.click()
            assert serious(page) == [], f"{path}, tried"
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()


def test_hostile_text_is_read_and_not_run(page: Page, site: Path) -> None:
    for path in (INDEX, "lessons/hostile-teacher.html", "lessons/hostile-student.html"):
        page.goto((site / path).as_uri())
        assert page.locator("img[src='x'], iframe, object, a[href^='javascript:']").count() == 0
    page.goto((site / "lessons/hostile-teacher.html").as_uri())
    page.get_by_role("button", name="Try the questions").click()
    page.get_by_role("button", name="Check my answers").click()
    assert page.evaluate("window.lessongenQuestions.length") == len(full_lesson().questions)
    assert "<script>" in HOSTILE
