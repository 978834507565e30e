"""QTI 1.2: a package with a quiz, as Canvas, Blackboard, Brightspace and others take it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lessongen.exporters.asking import quiz_format
from lessongen.exporters.package import OF_QTI, Resource, described, drawings, packed, schema
from lessongen.exporters.qti12 import KNOWN, assessment

if TYPE_CHECKING:
    from lessongen.exporters.quiz import Item, Quiz


def _file(quiz: Quiz, items: Sequence[Item]) -> bytes:
    """A zip with the quiz and its drawings."""
    figures = drawings(items)
    return packed(
        {"quiz/quiz.xml": assessment(quiz, items, base="../"), **figures},
        [Resource(identifier="quiz", type="imsqti_xmlv1p2", path="quiz/quiz.xml", files=list(figures))],
        title=quiz.sheet.title,
        namespaces=OF_QTI,
        metadata=schema("IMS Content", "1.1.3", described(quiz, "imsmd:")),
    )


FORMAT = quiz_format(
    "qti12",
    _file,
    told_as="QTI 1.2",
    known=KNOWN,
    has_drawings=True,
    ending="zip",
    media_type="application/zip",
    is_binary=True,
    about="qti12 and qti21 are quizzes for most learning platforms",
    place=22,
)
