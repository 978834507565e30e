"""What is exported, read by the programs that it is for: Moodle's GIFT, Anki, QTI readers, a SCORM platform."""

from __future__ import annotations

import functools
import http.server
import io
import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lessongen.exporters import Format, known_formats
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.interactions import Fill, Interaction, Pair, Write
from lessongen.lesson.model import Lesson
from tests.acceptance.counterpart import Unavailable, is_required
from tests.acceptance.exports import (
    expanded,
    faults_of_books,
    faults_of_h5p,
    imported_to_anki,
    npm_folder,
    parsed_gift,
    read_by_pyslet,
)
from tests.exporters.quiz_readers import of_gift
from tests.exporters.rich import rich_lesson
from tests.exporters.test_every_format import FORMATS, forty, holds_all_or_tells
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


_H5P_TYPES = os.environ.get("H5P_CONTENT_TYPES", "")
SPARE = {**MATCH, "right": [*MATCH["right"], "a -> b {=c}"]}
Many = Sequence[Lesson]


@pytest.fixture(scope="module")
def many(encyclopedia: Encyclopedia) -> Many:
    """Forty lessons with names of their own, of each writer and with all that there is."""
    made = [make() for make in forty(encyclopedia)]
    return [each.model_copy(update={"topic": f"{each.topic} {number}"}) for number, each in enumerate(made)]


def files_of(form: str, made: Many, folder: Path) -> dict[Path, Lesson]:
    """The file of each lesson, for teachers."""
    files = {folder / f"{number}.{form}": each for number, each in enumerate(made)}
    for path, each in files.items():
        path.write_bytes(written(form, each).data)
    return files


_ELSEWHERE = ("pdf", "worksheet-pdf", "docx", "pptx")  # below, and where LibreOffice prints them


@pytest.mark.parametrize("form", [each for each in FORMATS if each.name not in _ELSEWHERE], ids=lambda form: form.name)
def test_each_of_forty_lessons_is_whole_in_every_format_or_its_losses_are_told(form: Format, many: Many) -> None:
    for made in many:
        holds_all_or_tells(form, made, form.write(made, audience="teacher", about=ABOUT, image=""))


def test_every_fourth_of_them_is_whole_on_printed_pages(many: Many) -> None:
    form = known_formats()["pdf"]
    for made in many[::4]:
        holds_all_or_tells(form, made, form.write(made, audience="teacher", about=ABOUT, image=""))


def test_gift_pegjs_reads_every_question_with_its_options_and_key(many: Many) -> None:
    texts = (NASTY, "[html]%50%~= ", LONG)
    lessons = [*many, full_lesson(), *map(hostile_lesson, texts), asking(SPARE, CLOZE)]
    for made, parsed in zip(lessons, parsed_gift(*(written("gift", each).data for each in lessons)), strict=True):
        assert list(of_gift(parsed)) == [_with_arrows(each) for each in expected("gift", made)]


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


@pytest.mark.parametrize("form", ["qti12", "qti21", "imscc"])
def test_a_reader_of_the_specifications_reads_every_file_of_the_packages(form: str, many: Many, tmp_path: Path) -> None:
    paths = files_of(form, [*many, full_lesson(), hostile_lesson(NASTY), asking(DRAWN, CHOICE)], tmp_path)
    found = read_by_pyslet(*paths)
    for path, made in paths.items():
        kinds = list(found[str(path)].values())
        assert kinds.count("Manifest") == (0 if form == "imscc" else 1), "whose namespace it does not know"
        if form == "qti21":
            assert kinds.count("AssessmentTest") == 1
            assert kinds.count("AssessmentItem") == len(made.questions)
        else:
            assert kinds.count("QuesTestInterop") == (1 if made.questions or form == "qti12" else 0)


@pytest.mark.skipif(not _H5P_TYPES, reason="H5P_CONTENT_TYPES names no folder of content types")
def test_h5p_is_as_the_semantics_of_its_content_types_have_it_but_for_one_that_was_broken(
    many: Many, tmp_path: Path
) -> None:
    """What a platform's content types say themselves; they are on no registry of packages, so one has to name a folder.

    In it is a folder a type, with its library.json and its semantics.json.
    """
    packages = files_of("h5p", [*many, rich_lesson(), hostile_lesson(NASTY), hostile_lesson(LONG)], tmp_path)
    bad = tmp_path / "bad.h5p"
    with zipfile.ZipFile(next(iter(packages))) as old, zipfile.ZipFile(bad, "w") as new:
        for each in old.infolist():
            new.writestr(each, old.read(each).replace(b'"useSeparator": "disabled"', b'"useSeparator": "perhaps"'))
    faults = faults_of_h5p(Path(_H5P_TYPES), *packages, bad)
    assert any("useSeparator" in fault for fault in faults.pop(str(bad)))
    assert {path: told for path, told in faults.items() if told} == {}
    assert len(faults) == len(packages)


# ---------------------------------------------------------------- books and catalogues


def test_epubcheck_finds_nothing_in_any_book_but_one_that_was_broken(many: Many, tmp_path: Path) -> None:
    form = known_formats()["epub"]
    books = list(files_of("epub", many, tmp_path))
    picture, file = pictured()
    nasty, (drawn,) = hostile_lesson(NASTY), asking({**DRAWN, "id": "drawn"}).questions
    all_in_one = nasty.model_copy(update={"image": picture.image, "questions": [*nasty.questions, drawn]})
    lessons: list[tuple[Lesson, Audience, str]] = [(rich_lesson(), "student", ""), (all_in_one, "teacher", file)]
    for number, (made, audience, image) in enumerate(lessons):
        books.append(tmp_path / f"other-{number}.epub")
        books[-1].write_bytes(form.write(made, audience=audience, about=ABOUT, image=image).data)
    bad = tmp_path / "bad.epub"
    with zipfile.ZipFile(books[0]) as old, zipfile.ZipFile(bad, "w") as new:
        for each in old.infolist():
            new.writestr(each, old.read(each).replace(b"</h1>", b"</h2>"))
    faults = faults_of_books(*books, bad)
    assert any("h1" in line for line in faults.pop(str(bad)))
    assert faults == {str(book): [] for book in books}


def test_pyld_finds_a_learning_resource_with_its_parts(many: Many, tmp_path: Path) -> None:
    documents = files_of("jsonld", [*many, hostile_lesson(NASTY)], tmp_path)
    schema = "https://schema.org/"
    for (resource,), made in zip(expanded(*documents), documents.values(), strict=True):
        assert resource["@type"] == [f"{schema}LearningResource"]
        assert len(resource.get(f"{schema}teaches", [])) == len(made.objectives)
        assert len(resource[f"{schema}isBasedOn"]) == len(made.sources)
        parts = resource[f"{schema}hasPart"]
        assert len(parts) == len(made.sections) + bool(made.questions)
        asked = parts[-1].get(f"{schema}hasPart", []) if made.questions else []
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


def test_anki_takes_each_of_forty_lessons_with_all_its_cards(many: Many, tmp_path: Path) -> None:
    packages = files_of("anki", many, tmp_path)
    told = imported_to_anki(*packages)
    cards = [len(made.key_terms) + len(made.questions) for made in packages.values()]
    assert [each["new"] for each in told["imports"]] == cards
    assert len(told["notes"]) == sum(cards)
    drawn = sum(question.drawing is not None for made in packages.values() for question in made.questions)
    assert len(told["media"]) == drawn


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
            shutil.rmtree(folder / "sco", ignore_errors=True)
            archive.extractall(folder / "sco")
        opened.goto(f"http://127.0.0.1:{server.server_port}/")
        opened.frames[-1].wait_for_function("window.lessongenQuestions !== undefined")
        return opened

    yield launch
    opened.close()
    server.shutdown()
    server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that says nothing, and whose files are asked for anew."""

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def end_headers(self) -> None:
        """Has nothing kept: the next lesson is at the same address."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


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


def test_a_platform_takes_each_of_forty_lessons_and_all_its_answers(
    many: Many, platform: Callable[[Lesson], Page]
) -> None:
    for made in many:
        page = platform(made)
        frame = page.frames[-1]
        assert frame.evaluate("window.lessongenQuestions.length") == len(made.questions)
        if made.questions:
            frame.evaluate(ANSWER, True)
            marked = any(not isinstance(question.interaction(), Write) for question in made.questions)
            assert value(page, "cmi.core.score.raw") == ("100" if marked else ""), made.title
            assert value(page, "cmi.core.lesson_status") == "completed"
