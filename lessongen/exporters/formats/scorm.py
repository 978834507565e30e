"""SCORM 1.2: a package with one page, the lesson with questions to answer there, that reports a score."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lessongen.exporters.asking import quiz_format
from lessongen.exporters.fitting import WITH_PAGE
from lessongen.exporters.markup import element, html_of
from lessongen.exporters.package import Resource, described, packed, schema
from lessongen.lesson.interactions import Fill, Interaction, Pair, Pick, Sort, Write

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lessongen.exporters.quiz import Item, Quiz

_KNOWN = (Pick, Fill, Pair, Sort, Write)
_NAMESPACES = {
    "xmlns": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "xmlns:imsmd": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
    "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    "version": "1.2",
}
_SAFE = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; img-src data:"
_ON_PAPER = "./ol | ./ul | ./div"  # what is under a stem there


def _file(quiz: Quiz, items: Sequence[Item]) -> bytes:
    """A zip with the page and what marks the answers."""
    from importlib.resources import files

    asked = [_told(item, number) for number, item in enumerate(items, 1)]
    contents = {
        "index.html": _answered(quiz.students_page(), items),
        "questions.js": f"window.lessongenQuestions = {json.dumps(asked)};\n".encode(),
        "quiz.js": files("lessongen.exporters").joinpath("templates/quiz.js").read_bytes(),
    }
    page_of_lesson = Resource(
        identifier="page",
        type="webcontent",
        path="index.html",
        title=quiz.sheet.title,
        files=[path for path in contents if path != "index.html"],
        attributes={"adlcp:scormtype": "sco"},
    )
    return packed(
        contents,
        [page_of_lesson],
        title=quiz.sheet.title,
        namespaces=_NAMESPACES,
        metadata=schema("ADL SCORM", "1.2", described(quiz, "imsmd:")),
    )


def _told(item: Item, number: int) -> dict[str, Any]:
    """A question as the page's script marks it: what is right of each of its fields."""
    asked = item.asked
    said = [*item.feedback, *item.reasons]
    told: dict[str, Any] = {"number": number, "kind": asked.name, "told": said, "fields": _right(asked)}
    if isinstance(asked, Fill):
        told["tolerance"] = asked.tolerance if asked.is_number else None
    return told


def _right(asked: Interaction) -> list[list[str]]:
    """For each field the values that are right there; of a choice all that are to be picked."""
    if isinstance(asked, Pick):
        return [[str(place) for place, (_, is_right) in enumerate(asked.options) if is_right]]
    if isinstance(asked, Fill):
        return [list(asked.answers)]
    if isinstance(asked, Pair):
        return [[str(asked.choices.index(right))] for _, right in asked.pairs]
    if isinstance(asked, Sort):
        return [[str(place)] for place, _ in _shuffled(asked)]
    return []


def _shuffled(asked: Sort) -> list[tuple[int, str]]:
    """The items in alphabetical order, each with its place."""
    return sorted(enumerate(asked.items, 1), key=lambda each: each[1].casefold())


# ---------------------------------------------------------------- the page


def _answered(page: bytes, items: Sequence[Item]) -> bytes:
    """The student's page with a form in each question in place of what is written on paper, and what marks them."""
    from lxml import html  # type: ignore[import-untyped,unused-ignore]

    root = html.document_fromstring(page.decode())
    (safe,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']")
    safe.set("content", _SAFE)
    for number, item in enumerate(items, 1):
        (question,) = root.xpath(f"//*[@id='question-{number}']/..")
        for child in question.xpath("./div[@class='rule']" if isinstance(item.asked, Write) else _ON_PAPER):
            question.remove(child)
        question.append(html.fragment_fromstring(html_of(_form(item, number))))
    (main,) = root.xpath("//main")
    finish = element("p", element("button", {"type": "button", "id": "check"}, "Check my answers"))
    result = element("p", {"id": "result", "role": "status", "aria-live": "polite"})
    for each in (finish, result) if items else (result,):
        main.append(html.fragment_fromstring(html_of(each)))
    for name in ("questions.js", "quiz.js"):
        main.append(html.fragment_fromstring(html_of(element("script", {"src": name}))))
    written: bytes = html.tostring(root, doctype="<!DOCTYPE html>", encoding="utf-8")
    return written


def _form(item: Item, number: int) -> Element:
    about = {"class": "answer", "data-question": str(number), "role": "group", "aria-labelledby": f"question-{number}"}
    fields = element("div", about, *_fields(item.asked, number))
    fields.append(element("div", {"class": "told", "role": "status"}))
    return fields


def _fields(asked: Interaction, number: int) -> Iterator[Element]:
    def named(name: str, **more: str) -> dict[str, str]:
        return {"name": f"q{number}-{name}", **more}

    if isinstance(asked, Pick):
        kind = "radio" if len(asked.right) == 1 else "checkbox"
        for place, (text, _) in enumerate(asked.options):
            field = element("input", named("0", type=kind, value=str(place)))
            yield element("p", element("label", field, f" {text}"))
    elif isinstance(asked, Pair):
        for place, (left, _) in enumerate(asked.pairs):
            yield _select(left, named(str(place)), list(enumerate(asked.choices)))
    elif isinstance(asked, Sort):
        places = [(place, str(place)) for place in range(1, len(asked.items) + 1)]
        for at, (_, text) in enumerate(_shuffled(asked)):
            yield _select(text, named(str(at)), places)
    else:
        about = {"aria-label": f"Answer to question {number}"}
        own = element("textarea", about) if isinstance(asked, Write) else element("input", {**about, "type": "text"})
        own.attrib |= named("0")
        yield element("p", own)


def _select(text: str, name: dict[str, str], choices: list[tuple[int, str]]) -> Element:
    options = [element("option", {"value": str(value)}, said) for value, said in choices]
    return element(
        "p", element("label", f"{text} ", element("select", name, element("option", {"value": ""}), *options))
    )


FORMAT = quiz_format(
    "scorm",
    _file,
    told_as="SCORM",
    known=_KNOWN,
    holds=WITH_PAGE,
    has_drawings=True,
    ending="zip",
    media_type="application/zip",
    holds_image=True,
    is_binary=True,
    about="scorm is a page that reports a score to a learning platform",
    place=28,
)
