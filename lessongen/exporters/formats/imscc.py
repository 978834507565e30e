"""Common Cartridge 1.1: a course module with the lesson as a page and its questions as a quiz."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lessongen.exporters.asking import quiz_format
from lessongen.exporters.fitting import WITH_PAGE
from lessongen.exporters.package import Resource, described, drawings, packed, schema
from lessongen.exporters.qti12 import IN_A_CARTRIDGE, assessment

if TYPE_CHECKING:
    from lessongen.exporters.quiz import Item, Quiz

_LOM = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
_NAMESPACES = {"xmlns": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1", "xmlns:lomimscc": _LOM}
_ROOT = "$IMS-CC-FILEBASE$/"


def _file(quiz: Quiz, items: Sequence[Item]) -> bytes:
    """A zip with the student's page, the quiz, and its drawings."""
    figures = drawings(items)
    files = {"lesson.html": quiz.students_page(), **figures}
    resources = [Resource(identifier="page", type="webcontent", path="lesson.html", title=quiz.sheet.title)]
    resources += [
        Resource(identifier=f"figure-{number}", type="webcontent", path=path) for number, path in enumerate(figures, 1)
    ]
    if items:
        files["quiz/quiz.xml"] = assessment(quiz, items, base=_ROOT, in_cartridge=True)
        resources.append(
            Resource(
                identifier="quiz",
                type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment",
                path="quiz/quiz.xml",
                title="Quiz",
                depends_on=[each.identifier for each in resources[1:]],
            )
        )
    return packed(
        files,
        resources,
        title=quiz.sheet.title,
        namespaces=_NAMESPACES,
        metadata=schema("IMS Common Cartridge", "1.1.0", described(quiz, "lomimscc:", string="string")),
        is_rooted=True,
    )


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
