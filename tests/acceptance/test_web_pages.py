"""The pages in a real browser: from the wish for a lesson to what changed in its next version; without scripts too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.acceptance.axe import serious
from tests.web_server import Server, asked, made, serving

_LONG = 40_000.0  # milliseconds: the first lesson of a new home builds the encyclopedia's index


_MARKED = "input.gap, input[type=radio], select"  # what a program marks; not every lesson has a question of each kind


def fill_in(question: Locator) -> None:
    """Some answer to a question of any kind."""
    for box in question.locator("input.gap, textarea").all():
        box.fill("light")
    for radio in question.locator("input[type=radio]").all()[:1]:
        radio.check()
    for choice in question.locator("select").all():
        choice.select_option(index=1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, index: Path) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("pages") / "home", index=index) as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with_scripts = browser.new_context(base_url=server.url)
    page = with_scripts.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: None if request.url.startswith(server.url) else faults.append(request.url))
    yield page
    with_scripts.close()
    assert faults == []  # nothing that the policy forbids, and nothing of another server


def ask(page: Page, subject: str, topic: str) -> None:
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Topic").fill(topic)
    page.get_by_role("button", name="Write the lesson").click()


def test_from_a_wish_to_the_next_version(page: Page) -> None:
    page.goto("/")
    ask(page, "math", "percentages")  # what is computed is marked at once
    expect(page.locator("#bar")).to_be_visible()
    page.get_by_role("link", name="Read it").click(timeout=_LONG)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Percentage")
    expect(page.get_by_text("Key:", exact=True)).to_have_count(0)

    page.get_by_role("link", name="Practise").click()
    where = page.url
    question = page.locator("form.question", has=page.locator(_MARKED)).first
    fill_in(question)
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".verdict")).to_contain_text(re.compile("Right|Not quite"))
    assert page.url == where  # in its place

    page.get_by_role("link", name="Versions").click()
    page.get_by_role("button", name="Write another version").click()
    page.get_by_role("link", name="Read it").click(timeout=_LONG)
    expect(page.locator(".version")).to_have_text("version 1.1")
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("link", name="what changed").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1.0 → 1.1")
    expect(page.locator(".added").first).to_be_visible()
    page.get_by_role("link", name="Sources").click()
    expect(page.locator(".claim").first.locator("blockquote").first).to_be_visible()


def test_a_task_is_seen_to_move_without_a_new_page(page: Page, server: Server) -> None:
    page.goto("/pages/board")
    with server.client() as client:
        task_id = asked(client, "biology", "cell")["task_id"]
    link = page.locator(f'a[href="/pages/tasks/{task_id}"]')
    expect(link).to_be_visible(timeout=_LONG)
    expect(page.locator("li", has=link)).to_contain_text("✓", timeout=_LONG)


def test_what_fails_says_why_and_can_be_tried_again(page: Page) -> None:
    page.goto("/pages")
    ask(page, "nonsense", "qwxzptf vvbnm")
    expect(page.get_by_role("alert")).to_be_visible(timeout=_LONG)
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    page.reload()  # as one who comes when all is over
    expect(page.get_by_role("button", name="Try again")).to_be_focused()


def test_without_scripts_a_lesson_is_asked_for_and_read_and_a_question_answered(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/pages")
    ask(page, "biology", "leaf")
    page.get_by_role("link", name="Read it").click(timeout=_LONG)
    expect(page.get_by_role("heading", level=1)).to_contain_text("leaf")
    page.get_by_role("link", name="Practise").click()
    question = page.locator("form.question").first
    fill_in(question)
    question.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_have_count(1)
    expect(page.locator(".verdict blockquote").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_narrow_screen_and_can_be_read(browser: Browser, server: Server, scheme: str) -> None:
    with server.client() as client:
        made(client, "biology", "photosynthesis")
        made(client, "biology", "photosynthesis")
        made(client, "math", "systems of linear equations")
    context = _narrow(browser, server, scheme)
    page = context.new_page()
    for path in (
        *("/pages", "/pages/board", "/pages/enter", "/pages/read/no/such"),
        *(
            f"/pages/{each}/biology/photosynthesis"
            for each in ("read", "practise", "cites", "files", "versions", "diff")
        ),
        *(f"/pages/{each}/math/systems%20of%20linear%20equations" for each in ("read", "practise")),
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert page.evaluate(_LEAST_CONTRAST) >= 4.5, path
        assert page.evaluate(_UNNAMED) == [], path
        assert scheme == "dark" or serious(page) == [], path  # which takes a second a page
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
    context.close()


def _narrow(browser: Browser, server: Server, scheme: str) -> BrowserContext:
    is_dark = scheme == "dark"
    return browser.new_context(
        base_url=server.url,
        viewport={"width": 320, "height": 640},
        color_scheme="dark" if is_dark else "light",
        has_touch=True,
    )


# The least contrast (WCAG 2.2, 1.4.3) of any text with what lies under it; colours with transparency are left out.
_LEAST_CONTRAST = r"""() => {
  const parse = (text) => text.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/)?.slice(1).map(Number);
  const luminance = ([r, g, b]) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [x, y, z] = [r, g, b].map((c) => linear(c / 255));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const under = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = parse(getComputedStyle(at).backgroundColor);
      if (!found) return null;
      if (found[3] === undefined || isNaN(found[3]) || found[3] === 1) return found;
      if (found[3] > 0) return null;
    }
    return [255, 255, 255];
  };
  let least = 21;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest(".gap, .skip")) continue;
    const ink = parse(getComputedStyle(element).color), paper = under(element);
    if (!ink || !paper || (ink[3] ?? 1) < 1) continue;
    const [dark, light] = [luminance(ink), luminance(paper)].sort((a, b) => a - b);
    least = Math.min(least, (light + 0.05) / (dark + 0.05));
  }
  return least;
}"""

# The fields and buttons that a screen reader would have no name for.
_UNNAMED = r"""() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a, progress")]
  .filter((each) => !(each.labels?.length || each.getAttribute("aria-label") || each.textContent.trim()))
  .map((each) => each.outerHTML)"""
