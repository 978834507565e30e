"""Lessons in every format that there is: what is in each is counted, and what is not in it is told as a loss.

A format that is added is counted here without a word: its file's text is searched for the parts of the lesson. Here
each format is given the lessons made by hand and two that the writers make; tests/acceptance gives each all forty.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache, partial
from typing import Any

import pytest

from lessongen.exporters import Exported, Format, known_formats
from lessongen.exporters.body import years_of
from lessongen.lesson.drawings.base import Drawing
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.interactions import Pick
from lessongen.lesson.material import Material
from lessongen.lesson.model import Figure, Lesson, Timeline
from lessongen.lesson.task import LessonRequest
from lessongen.system.printable import printable
from lessongen.writers.extractive import ExtractiveWriter
from tests.attempts import PlainAttempt
from tests.exporters.quiz_readers import READERS
from tests.exporters.rich import fact_sheet, rich_lesson
from tests.exporters.test_exporters import ABOUT, full_lesson
from tests.exporters.test_images import pictured
from tests.exporters.test_quizzes import DRAWN, asking, expected
from tests.lessons import CHOICE, MATCH, teaching
from tests.writers.test_practice import TOPICS, asked, written

ARTICLES = (
    *("Photosynthesis", "Volcano", "Roman Empire", "Verb", "River", "Moon", "Whale", "Tea", "Iron", "Violin"),
    *("Desert", "Glacier", "Elephant", "Printing press", "Telescope", "Rainbow"),
)
# The worksheet as PDF is that of HTML, printed.
FORMATS = [each for each in known_formats().values() if each.is_available and each.name != "worksheet-pdf"]
MADE_BY_HAND: tuple[Callable[[], Lesson], ...] = (
    full_lesson,
    rich_lesson,
    teaching,
    fact_sheet,
    lambda: asking(DRAWN, CHOICE, MATCH),
    lambda: pictured()[0],
)
_ASKED = ("questions", "options", "keys")
MEANT = {
    "worksheet": ("sections", "figures"),
    "json": ("keys", "figures"),
    "pdf": ("figures",),
    "gift": ("keys",),
    "scorm": ("keys",),
    **dict.fromkeys(READERS, _ASKED),
}
"""What is not looked for as text: a worksheet has what is worked on alone, JSON keys as places, drawings as data, PDF
drawings without their words; GIFT and SCORM mark keys, which their programs read in other tests; others are read back.
"""
TOLD = {
    "sections": ("section", "questions alone", "lesson around them"),
    "questions": ("left out",),
    "options": ("left out", "keep"),
    "keys": ("left out", "become"),
    "cites": ("questions alone", "quotes", "lesson around them", "section", "notes", "footnote"),
    "figures": ("drawing", "figure", "picture", "questions alone", "lesson around them", "section"),
}
"""Of what a loss speaks where some of these are missing."""


@pytest.fixture(scope="module")
def lessons(encyclopedia: Encyclopedia) -> Sequence[Callable[[], Lesson]]:
    """Those lessons."""
    return forty(encyclopedia)


def forty(encyclopedia: Encyclopedia) -> Sequence[Callable[[], Lesson]]:
    """Forty lessons, made when first asked for: by hand all that a model may write, of articles, and of skills."""
    writer = ExtractiveWriter(encyclopedia)
    of_articles = [partial(_of_article, title, encyclopedia, writer) for title in ARTICLES]
    of_skills = [partial(written, asked(subject, topic)) for subject, topic, _ in TOPICS[:18]]
    makers: list[Callable[[], Lesson]] = [*MADE_BY_HAND, *of_articles, *of_skills]
    assert len(makers) == 40
    return [cache(make) for make in makers]


def _of_article(title: str, encyclopedia: Encyclopedia, writer: ExtractiveWriter) -> Lesson:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None, title
    request = LessonRequest(subject="knowledge", topic=title.lower(), minutes=40)
    return writer.write(request, Material(article=entry.document), PlainAttempt(seed=5)).lesson


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_format_holds_all_of_a_lesson_or_tells_what_it_does_not(
    form: Format, lessons: Sequence[Callable[[], Lesson]]
) -> None:
    by_hand, place = len(MADE_BY_HAND), FORMATS.index(form)
    of_writers = [lessons[by_hand + place % len(ARTICLES)], lessons[by_hand + len(ARTICLES) + place % 18]]
    # A page is printed from HTML, which is counted with all of its share; that takes long.
    share = lessons[:2] if form.name == "pdf" else [*lessons[:by_hand], *of_writers]
    for made in (make() for make in share):
        holds_all_or_tells(form, made, form.write(made, audience="teacher", about=ABOUT, image=""))


def holds_all_or_tells(form: Format, made: Lesson, exported: Exported) -> None:
    """Assert that a file has all parts of its lesson, or that what it has fewer of is told as a loss."""
    if form.name in READERS:
        assert list(READERS[form.name](exported.data)) == expected(form.name, made)
    text = readable(exported.data)
    there, whole = counts(made, text), counts(made, None)
    for part, count in whole.items():
        if there[part] < count and part not in MEANT.get(form.name, ()):
            told = [loss for loss in exported.losses if any(word in loss for word in TOLD[part])]
            assert told, (form.name, made.title, part, there[part], count, exported.losses)
    named = all(flat(source.attribution) in text for source in made.sources)
    assert named or (form.name == "csv" and not made.questions), "a sheet without questions has no row for it"


def counts(made: Lesson, text: str | None) -> dict[str, int]:
    """How many of the lesson's parts stand in a text; in none, how many there are."""

    def found(parts: Iterable[str]) -> int:
        return sum(text is None or flat(part) in text for part in dict.fromkeys(parts))

    asked_for = [question.interaction() for question in made.questions]
    picked = [asked for asked in asked_for if isinstance(asked, Pick) and not asked.is_judgement]
    options = [text for asked in picked for text, _ in asked.options]
    keys = [
        text is None or flat(question.key_text) in text or all(flat(each) in text for each in asked.in_words)
        for question, asked in zip(made.questions, asked_for, strict=True)
    ]
    return {
        "sections": found(section.title for section in made.sections),
        "questions": found(question.stem for question in made.questions),
        "options": found(options),
        "keys": sum(keys),
        "cites": found(quotes(made)),
        "figures": sum(text is None or is_drawn(each, text) for each in figures(made)),
    }


def quotes(made: Lesson) -> Iterator[str]:
    """What the questions stand on."""
    texts = {quote.id: quote.text for source in made.sources for quote in source.quotes}
    yield from (texts[cite] for question in made.questions for cite in question.cites)


def is_drawn(figure: Drawing | Figure, text: str) -> bool:
    """Whether a text has what is drawn in words, or in characters."""
    if isinstance(figure, Figure):
        return flat(figure.told) in text
    rows = list(map(flat, figure.in_letters()))
    return flat(figure.alternative) in text or (bool(rows) and all(row in text for row in rows))


def figures(made: Lesson) -> Iterator[Drawing | Figure]:
    """What is drawn."""
    yield from (question.drawing for question in made.questions if question.drawing)
    for block in (block for section in made.sections for block in section.blocks):
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Timeline) and (drawing := years_of(block.entries)):
            yield drawing


# ---------------------------------------------------------------- the text of a file


def flat(text: str) -> str:
    """A text as it is compared: without what formats add to it, or write in their own way."""
    text = printable(text).replace("->", "\N{RIGHTWARDS ARROW}")
    return re.sub(r"_+", "_", re.sub(r"[\s\\*\u2060]+", "", text))


def readable(data: bytes) -> str:
    """All text in a file and in the files in it, flat; what stands in attributes and tags comes after it."""
    texts = [text for each in contents(data) for text in (each, each.replace("<", " <"))]
    found = [*map(without_tags, texts), *texts]
    return flat(" ".join(found + [html.unescape(html.unescape(text)) for text in found]))


def without_tags(text: str) -> str:
    """A text of XML or HTML, also where it is in another one."""
    text = re.sub(r"<[^<>]*>", "", text)
    return re.sub(r"<[^<>]*>", "", html.unescape(text))


def contents(data: bytes) -> Iterator[str]:
    """The texts of a file, and of those in it."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from contents(archive.read(name))
        return
    if data.startswith(b"SQLite format 3"):
        yield from rows(data)
        return
    if data.startswith(b"%PDF"):
        pypdf = pytest.importorskip("pypdf")
        yield " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
        return
    text = gzip.decompress(data).decode() if data.startswith(b"\x1f\x8b") else data.decode("utf-8", "replace")
    yield text
    if text.lstrip().startswith(("{", "window.")):
        told = text[text.index("=") + 1 :].rstrip(" ;\n") if text.startswith("w") else text
        for document in told.splitlines() if "\n{" in told else [told]:  # several lessons are a line each
            yield from strings(json.loads(document))
    if '""' in text:
        yield text.replace('""', '"')


def rows(data: bytes) -> Iterator[str]:
    """All texts in a database, and in the JSON in it."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608 - its own tables
                for cell in row:
                    yield str(cell)
                    if str(cell).startswith("{"):
                        yield from strings(json.loads(cell))


def strings(part: Any) -> Iterator[str]:
    """All texts in JSON."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | Mapping):
        for each in part.values() if isinstance(part, Mapping) else part:
            yield from strings(each)
