"""What is exported, read by the programs that it is for: Moodle's GIFT, Anki, QTI readers, a SCORM platform."""

from __future__ import annotations

import functools
import http.server
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lessongen.exporters import known_formats
from lessongen.lesson.interactions import Fill, Interaction, Pair
from lessongen.lesson.model import Lesson
from tests.acceptance.counterpart import Unavailable, is_required
from tests.acceptance.exports import (
    expanded,
    faults_of_books,
    imported_to_anki,
    npm_folder,
    parsed_gift,
    read_by_pyslet,
)
from tests.exporters.quiz_readers import of_gift
from tests.exporters.rich import rich_lesson
from tests.exporters.test_exporters import ABOUT, Audience, full_lesson, hostile_lesson
from tests.exporters.test_images import pictured
from tests.exporters.test_quizzes import DRAWN, LONG, NASTY, asking, expected, written
from tests.lessons import CHOICE, CLOZE, MATCH

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(autouse=True, scope="module")
def programs() -> None:
    """The programs, installed; without them nothing here is run, but in CI."""
    try:
        npm_folder()
    except Unavailable as error:
        if is_required():
            raise
        pytest.skip(str(error))


SPARE = {**MATCH, "right": [*MATCH["right"], "a -> b {=c}"]}


@pytest.mark.parametrize(
    "made",
    [full_lesson(), hostile_lesson(NASTY), hostile_lesson("[html]%50%~= "), hostile_lesson(LONG), asking(SPARE, CLOZE)],
    ids=["every kind", "nasty", "like a weight", "long", "spare"],
)
def test_gift_pegjs_reads_every_question_with_its_options_and_key(made: Lesson) -> None:
    found = list(of_gift(parsed_gift(written("gift", made).data)))
    assert found == [_with_arrows(each) for each in expected("gift", made)]


def _with_arrows(seen: tuple[str, str, Interaction]) -> tuple[str, str, Interaction]:
    """What is expected, where `->` parts pairs in GIFT and is another arrow in them."""
    name, stem, asked = seen

    def other(text: str) -> str:
        return text.replace("->", "\N{RIGHTWARDS ARROW}")

    if isinstance(asked, Pair):
        pairs = tuple((other(left), other(right)) for left, right in asked.pairs)
        asked = replace(asked, pairs=pairs, choices=tuple(sorted(map(other, asked.choices), key=str.casefold)))
    elif isinstance(asked, Fill):
        asked = replace(asked, answers=tuple(map(other, asked.answers)))
    return name, stem, asked


def test_a_reader_of_the_specifications_reads_every_file_of_the_packages(tmp_path: Path) -> None:
    paths = {}
    for form in ("qti12", "qti21"):
        for name, made in (("full", full_lesson()), ("nasty", hostile_lesson(NASTY)), ("drawn", asking(DRAWN, CHOICE))):
            paths[tmp_path / f"{form}-{name}.zip"] = made
            (tmp_path / f"{form}-{name}.zip").write_bytes(written(form, made).data)
    found = read_by_pyslet(*paths)
    for path, made in paths.items():
        kinds = list(found[str(path)].values())
        assert kinds.count("Manifest") == 1
        if path.name.startswith("qti12"):
            assert kinds.count("QuesTestInterop") == 1
        else:
            assert kinds.count("AssessmentTest") == 1
            assert kinds.count("AssessmentItem") == len(made.questions)


# ---------------------------------------------------------------- books and catalogues


def test_epubcheck_finds_nothing_in_any_book(tmp_path: Path) -> None:
    form, books = known_formats()["epub"], []
    picture, file = pictured()
    nasty, (drawn,) = hostile_lesson(NASTY), asking({**DRAWN, "id": "drawn"}).questions
    all_in_one = nasty.model_copy(update={"image": picture.image, "questions": [*nasty.questions, drawn]})
    lessons: list[tuple[Lesson, Audience, str]] = [(rich_lesson(), "student", ""), (all_in_one, "teacher", file)]
    for number, (made, audience, image) in enumerate(lessons):
        books.append(tmp_path / f"{number}.epub")
        books[-1].write_bytes(form.write(made, audience=audience, about=ABOUT, image=image).data)
    assert faults_of_books(*books) == {str(book): [] for book in books}


def test_pyld_finds_a_learning_resource_with_its_parts(tmp_path: Path) -> None:
    form, made, documents = known_formats()["jsonld"], rich_lesson(), []
    for name, each in (("rich", made), ("nasty", hostile_lesson(NASTY))):
        documents.append(tmp_path / f"{name}.jsonld")
        documents[-1].write_bytes(form.write(each, audience="teacher", about=ABOUT, image="").data)
    (resource,), _ = expanded(*documents)
    schema = "https://schema.org/"
    assert resource["@type"] == [f"{schema}LearningResource"]
    assert [each["@value"] for each in resource[f"{schema}teaches"]] == [each.text for each in made.objectives]
    assert len(resource[f"{schema}isBasedOn"]) == len(made.sources)
    *sections, quiz = resource[f"{schema}hasPart"]
    assert [each[f"{schema}name"][0]["@value"] for each in sections] == [each.title for each in made.sections]
    asked = quiz[f"{schema}hasPart"]
    assert len(asked) == len(made.questions)
    assert all(each[f"{schema}acceptedAnswer"] for each in asked)


# ---------------------------------------------------------------- Anki


def test_anki_takes_a_deck_once_and_updates_what_was_edited(tmp_path: Path) -> None:
    form, made = known_formats()["anki"], asking(DRAWN, CHOICE, MATCH)
    made = made.model_copy(update={"key_terms": full_lesson().key_terms})
    changed = made.model_copy(deep=True)
    changed.questions[1].__dict__["stem"] = "A stem that was edited"
    other = made.model_copy(update={"topic": "another topic"})
    packages = []
    for name, each, updated in (
        ("first", made, "2026-01-31T09:00:00Z"),
        ("other", other, "2026-01-31T09:00:00Z"),
        ("again", made, "2026-01-31T09:00:00Z"),
        ("edited", changed, "2026-02-01T09:00:00Z"),
    ):
        about = {**ABOUT, "last_updated": updated}
        packages.append(tmp_path / f"{name}.apkg")
        packages[-1].write_bytes(form.write(each, audience="teacher", about=about, image="").data)
    cards = len(made.key_terms) + len(made.questions)
    told = imported_to_anki(*packages)
    first, second, again, edited = told["imports"]
    assert first == {"new": cards, "updated": 0, "duplicate": 0, "conflicting": 0}
    assert second == first
    assert again == {"new": 0, "updated": 0, "duplicate": cards, "conflicting": 0}
    assert edited["new"] == 0
    assert edited["updated"] >= 1
    assert len(told["notes"]) == 2 * cards
    assert sum("A stem that was edited" in front for front, *_ in told["notes"]) == 1
    assert len(told["media"]) == 2
    assert all(name in str(told["notes"]) for name in told["media"])


def test_anki_shows_any_text_as_it_is(tmp_path: Path) -> None:
    package = tmp_path / "nasty.apkg"
    made = hostile_lesson(f"{NASTY}[sound:x.mp3] [latex]x[/latex] [$]x[/$] \\(x\\) {{{{Back}}}} {{{{c1::x}}}} ")
    package.write_bytes(known_formats()["anki"].write(made, audience="teacher", about=ABOUT, image="").data)
    told = imported_to_anki(package)
    assert told["imports"][0]["new"] == len(made.key_terms) + len(made.questions)
    for question, answer in told["shown"]:
        for side in (question, answer):
            assert "<script" not in side
            assert "[anki:play" not in side
            assert "\\(" not in side
            assert "&lt;script&gt;" in side


# ---------------------------------------------------------------- SCORM


@pytest.fixture
def platform(tmp_path: Path, browser: Browser) -> Iterator[Callable[[Lesson], Page]]:
    """A page with scorm-again as the platform's API, and in a frame the lesson that is launched."""
    folder = tmp_path / "platform"
    folder.mkdir()
    (folder / "scorm12.js").write_bytes((npm_folder() / "scorm-again/dist/scorm12.min.js").read_bytes())
    (folder / "index.html").write_text(
        "<script src=scorm12.js></script><script>window.API = new (window.Scorm12API || Scorm12API)({});</script>"
        "<iframe src=sco/index.html width=900 height=900></iframe>"
    )
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    opened = browser.new_page()

    def launch(made: Lesson) -> Page:
        with zipfile.ZipFile(io.BytesIO(written("scorm", made).data)) as archive:
            archive.extractall(folder / "sco")
        opened.goto(f"http://127.0.0.1:{server.server_port}/")
        opened.frames[-1].wait_for_function("window.lessongenQuestions !== undefined")
        return opened

    yield launch
    opened.close()
    server.shutdown()
    server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def value(page: Page, name: str) -> str:
    """What the platform knows."""
    told: str = page.evaluate(f"API.LMSGetValue('{name}')")
    return told


ANSWER = """
(rightly) => {
  for (const question of window.lessongenQuestions) {
    question.fields.forEach((right, field) => {
      const places = document.getElementsByName(`q${question.number}-${field}`);
      for (const place of places) {
        const isPicked = place.type === "radio" || place.type === "checkbox";
        if (isPicked) place.checked = right.includes(place.value) === rightly;
        else place.value = rightly ? right[0] : place.tagName === "SELECT" ? "" : "wrong";
      }
    });
  }
  document.getElementById("check").click();
}
"""


@pytest.mark.parametrize("text", ["", NASTY], ids=["plain", "nasty"])
def test_a_platform_launches_the_page_and_gets_score_and_completion(
    text: str, platform: Callable[[Lesson], Page]
) -> None:
    page = platform(hostile_lesson(text) if text else full_lesson())
    frame = page.frames[-1]
    assert value(page, "cmi.core.lesson_status") == "incomplete"
    frame.evaluate(ANSWER, False)
    assert value(page, "cmi.core.score.raw") == "0"
    frame.evaluate(ANSWER, True)
    assert value(page, "cmi.core.score.raw") == "100"
    assert value(page, "cmi.core.lesson_status") == "completed"
    asked = frame.evaluate("window.lessongenQuestions.length")
    assert asked == len(full_lesson().questions)
    assert frame.locator(".told").count() == asked
    assert frame.locator("script").count() == 2
    assert frame.evaluate("document.querySelectorAll('img[onerror]').length") == 0
