"""Common Cartridge 1.1: a course module with the lesson as a page and its questions as a quiz."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lessongen.exporters.asking import Asked, quiz_format
from lessongen.exporters.fitting import WITH_PAGE
from lessongen.exporters.package import Resource, Told, drawings, folder_of, numbered, packed, schema
from lessongen.exporters.qti12 import IN_A_CARTRIDGE, assessment

if TYPE_CHECKING:
    from lessongen.exporters.quiz import Item, Quiz

_LOM = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
_NAMESPACES = {"xmlns": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1", "xmlns:lomimscc": _LOM}
_ROOT = "$IMS-CC-FILEBASE$/"


def _file(title: str, lessons: Iterable[Asked]) -> bytes:
    """A zip with each student's page, its quiz, and its drawings."""
    about = Told(title=title)
    files: dict[str, bytes] = {}
    resources: list[Resource] = []
    for number, (quiz, items) in enumerate(lessons, 1):
        about.add(quiz)
        made, content = _module(quiz, items, number)
        resources += made
        files |= content
    lom = about.described("lomimscc:", string="string")
    metadata = schema("IMS Common Cartridge", "1.1.0", lom)
    return packed(files, resources, title=title, namespaces=_NAMESPACES, metadata=metadata, is_rooted=True)


def _module(quiz: Quiz, items: Sequence[Item], number: int) -> tuple[list[Resource], dict[str, bytes]]:
    """The resources of a lesson, and their files."""
    figures, folder, called = drawings(items), folder_of(number), quiz.sheet.title
    page, path = f"{folder}lesson.html", f"{folder}quiz/quiz.xml"
    files = {page: quiz.students_page(), **figures}
    resources = [Resource(identifier=numbered("page", number), type="webcontent", path=page, title=called)]
    drawn = [
        Resource(identifier=numbered(f"figure-{place}", number), type="webcontent", path=each)
        for place, each in enumerate(figures, 1)
    ]
    if items:
        name = numbered("quiz", number)
        files[path] = assessment(quiz, items, name=name, base=_ROOT, in_cartridge=True)
        asked = Resource(
            identifier=name,
            type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment",
            path=path,
            title="Quiz" if number == 1 else f"Quiz: {called}",
            depends_on=[each.identifier for each in drawn],
        )
        drawn.append(asked)
    return [*resources, *drawn], files


FORMAT = quiz_format(
    "imscc",
    _file,
    told_as="Common Cartridge",
    known=IN_A_CARTRIDGE,
    holds=WITH_PAGE,
    has_drawings=True,
    knows_numbers=False,
    media_type="application/zip",
    is_binary=True,
    about="imscc is a course module with page and quiz",
    place=24,
)
