"""Moodle XML: questions of all kinds for Moodle's question bank, drawings with them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lessongen.exporters.asking import Asked, quiz_format
from lessongen.exporters.fitting import shares
from lessongen.exporters.markup import element, html_of, paragraphs, svg_file, xml_file
from lessongen.lesson.interactions import Fill, Pair, Pick, Sort, Write

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lessongen.exporters.quiz import Item, Quiz

_KNOWN = (Pick, Fill, Pair, Sort, Write)
_FOLDER = "@@PLUGINFILE@@"


def _file(title: str, lessons: Iterable[Asked]) -> bytes:
    """The questions, a category a lesson, after a description that names the sources."""
    return xml_file(element("quiz", *(part for quiz, items in lessons for part in _category(quiz, items))))


def _category(quiz: Quiz, items: Sequence[Item]) -> Iterator[Element]:
    category = quiz.sheet.title.replace("/", "//")
    yield element(
        "question",
        {"type": "category"},
        _text("category", f"$course$/top/{category}"),
        _html("info", quiz.credits),
    )
    sources = element("question", {"type": "description"}, _text("name", "Sources"))
    sources.append(_html("questiontext", quiz.credits))
    yield sources
    yield from map(_question, items)


def _text(tag: str, text: str, attributes: Mapping[str, str] | None = None) -> Element:
    return element(tag, attributes or {}, element("text", text))


def _html(tag: str, texts: tuple[str, ...]) -> Element:
    return _text(tag, paragraphs(texts), {"format": "html"})


def _question(item: Item) -> Element:
    kind, parts = _KINDS[type(item.asked)](item)
    question = element("question", {"type": kind}, _text("name", item.name), _stem(item))
    question.append(_html("generalfeedback", item.feedback))
    question.append(element("defaultgrade", "1"))
    question.extend(parts)
    return question


def _stem(item: Item) -> Element:
    """The stem, with its drawing as a file in it."""
    shown = [element("p", item.stem)]
    made = element("questiontext", {"format": "html"}, element("text"))
    if item.picture and item.picture.svg:
        name = "drawing.svg"
        shown.append(element("p", element("img", {"src": f"{_FOLDER}/{name}", "alt": item.picture.alternative})))
        content = base64.b64encode(svg_file(item.picture)).decode()
        made.append(element("file", {"name": name, "path": "/", "encoding": "base64"}, content))
    elif item.picture:
        shown.append(element("p", item.picture.alternative))
    made[0].text = html_of(*shown)
    return made


def _picked(item: Item) -> tuple[str, Iterator[Element]]:
    asked = item.asked
    assert isinstance(asked, Pick)  # noqa: S101 - as the table says
    share, less = shares(asked)

    def answers() -> Iterator[Element]:
        if not asked.is_judgement:
            yield element("single", "true" if len(asked.right) == 1 else "false")
            yield element("shuffleanswers", "true")
            yield element("answernumbering", "ABCD")
        for text, is_right in asked.options:
            said = text.lower() if asked.is_judgement else text
            answer = _answer(said, share if is_right else less, is_html=not asked.is_judgement)
            answer.append(_html("feedback", (item.why[text],) if text in item.why else ()))
            yield answer

    return "truefalse" if asked.is_judgement else "multichoice", answers()


def _filled(item: Item) -> tuple[str, Iterator[Element]]:
    asked = item.asked
    assert isinstance(asked, Fill)  # noqa: S101 - as the table says

    def answers() -> Iterator[Element]:
        if not asked.is_number:
            yield element("usecase", "0")
        for text in asked.answers:
            # A star stands for any text in a short answer.
            answer = _answer(text if asked.is_number else text.replace("*", "\\*"), "100")
            if asked.is_number:
                answer.append(element("tolerance", asked.tolerance))
            yield answer

    return "numerical" if asked.is_number else "shortanswer", answers()


def _paired(item: Item) -> tuple[str, Iterator[Element]]:
    asked = item.asked
    assert isinstance(asked, Pair)  # noqa: S101 - as the table says
    with_partners = {right for _, right in asked.pairs}
    spare = [("", each) for each in asked.choices if each not in with_partners]

    def parts() -> Iterator[Element]:
        yield element("shuffleanswers", "true")
        for left, right in (*asked.pairs, *spare):
            subquestion = _text("subquestion", paragraphs([left] if left else []), {"format": "html"})
            subquestion.append(_text("answer", right))
            yield subquestion

    return "matching", parts()


def _sorted(item: Item) -> tuple[str, Iterator[Element]]:
    asked = item.asked
    assert isinstance(asked, Sort)  # noqa: S101 - as the table says

    def parts() -> Iterator[Element]:
        settings = ("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0")
        for tag, value in (*settings, ("gradingtype", "ABSOLUTE_POSITION"), ("showgrading", "SHOW")):
            yield element(tag, value)
        yield from (_answer(text, str(place), is_html=True) for place, text in enumerate(asked.items, 1))

    return "ordering", parts()


def _written(item: Item) -> tuple[str, Iterator[Element]]:
    asked = item.asked
    assert isinstance(asked, Write)  # noqa: S101 - as the table says

    def parts() -> Iterator[Element]:
        yield element("responseformat", "editor")
        yield element("responserequired", "1")
        yield element("responsefieldlines", "10")
        yield element("attachments", "0")
        yield _html("graderinfo", asked.points)

    return "essay", parts()


def _answer(text: str, fraction: str, *, is_html: bool = False) -> Element:
    form = "html" if is_html else "moodle_auto_format"
    return _text("answer", paragraphs([text]) if is_html else text, {"fraction": fraction, "format": form})


_KINDS = {Pick: _picked, Fill: _filled, Pair: _paired, Sort: _sorted, Write: _written}

FORMAT = quiz_format(
    "moodlexml",
    _file,
    told_as="Moodle XML",
    known=_KNOWN,
    has_drawings=True,
    ending="xml",
    media_type="application/xml",
    about="moodlexml is a quiz for Moodle, with drawings",
    place=21,
)
