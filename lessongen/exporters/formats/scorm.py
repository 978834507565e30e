"""SCORM 1.2: a package with a page, the lesson with questions to answer there, that reports a score."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lessongen.exporters.asking import Asked, quiz_format
from lessongen.exporters.fitting import WITH_PAGE
from lessongen.exporters.markup import element, html_of
from lessongen.exporters.package import Resource, Told, folder_of, numbered, packed, schema
from lessongen.lesson.interactions import Fill, Pair, Pick, Sort, Write

if TYPE_CHECKING:
    from lessongen.exporters.quiz import Item

_KNOWN = (Pick, Fill, Pair, Sort, Write)
_NAMESPACES = {
    "xmlns": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "xmlns:imsmd": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
    "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    "version": "1.2",
}
_SAFE = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; img-src data:"
_ON_PAPER = "./ol | ./ul | ./div"  # what is under a stem there


def _file(title: str, lessons: Iterable[Asked]) -> bytes:
    """A zip with the page of each lesson and what marks the answers."""
    from importlib.resources import files

    from lessongen.exporters.answering import told

    about = Told(title=title)
    contents: dict[str, bytes] = {}
    resources: list[Resource] = []
    script = files("lessongen.exporters").joinpath("templates/quiz.js").read_bytes()
    for number, (quiz, items) in enumerate(lessons, 1):
        about.add(quiz)
        asked = [told(item, place) for place, item in enumerate(items, 1)]
        folder = folder_of(number)
        made = {
            f"{folder}index.html": _answered(quiz.students_page(), items),
            f"{folder}questions.js": f"window.lessongenQuestions = {json.dumps(asked)};\n".encode(),
            f"{folder}quiz.js": script,
        }
        page, *others = made
        contents |= made
        resources.append(
            Resource(
                identifier=numbered("page", number),
                type="webcontent",
                path=page,
                title=quiz.sheet.title,
                files=others,
                attributes={"adlcp:scormtype": "sco"},
            )
        )
    metadata = schema("ADL SCORM", "1.2", about.described("imsmd:"))
    return packed(contents, resources, title=title, namespaces=_NAMESPACES, metadata=metadata)


# ---------------------------------------------------------------- the page


def _answered(page: bytes, items: Sequence[Item]) -> bytes:
    """The student's page with a form in each question in place of what is written on paper, and what marks them."""
    from lxml import html  # type: ignore[import-untyped,unused-ignore]

    from lessongen.exporters.answering import form

    root = html.document_fromstring(page.decode())
    (safe,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']")
    safe.set("content", _SAFE)
    for number, item in enumerate(items, 1):
        (question,) = root.xpath(f"//*[@id='question-{number}']/..")
        for child in question.xpath("./div[@class='rule']" if isinstance(item.asked, Write) else _ON_PAPER):
            question.remove(child)
        question.append(html.fragment_fromstring(html_of(form(item, number))))
    (main,) = root.xpath("//main")
    finish = element("p", element("button", {"type": "button", "id": "check"}, "Check my answers"))
    result = element("p", {"id": "result", "role": "status", "aria-live": "polite", "dir": "auto"})
    for each in (finish, result) if items else (result,):
        main.append(html.fragment_fromstring(html_of(each)))
    for name in ("questions.js", "quiz.js"):
        main.append(html.fragment_fromstring(html_of(element("script", {"src": name}))))
    written: bytes = html.tostring(root, doctype="<!DOCTYPE html>", encoding="utf-8")
    return written


FORMAT = quiz_format(
    "scorm",
    _file,
    told_as="SCORM",
    known=_KNOWN,
    holds=WITH_PAGE,
    has_drawings=True,
    ending="zip",
    media_type="application/zip",
    is_binary=True,
    about="scorm is a page that reports a score to a learning platform",
    place=28,
)
