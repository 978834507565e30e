"""QTI 1.2: a package with a quiz, as Canvas, Blackboard, Brightspace and others take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format
from lessongen.exporters.fitting import losses_of
from lessongen.exporters.package import OF_QTI, Resource, described, drawings, packed, schema
from lessongen.exporters.qti12 import KNOWN, assessment

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


def export(lesson: Lesson, *, audience: Audience, about: Mapping[str, Any]) -> bytes:
    """A zip with the quiz and its drawings."""
    from lessongen.exporters.quiz import fitted, quiz_of

    quiz = quiz_of(lesson, audience, about)
    items = list(fitted(quiz.items, KNOWN))
    figures = drawings(items)
    return packed(
        {"quiz/quiz.xml": assessment(quiz, items, base="../"), **figures},
        [Resource(identifier="quiz", type="imsqti_xmlv1p2", path="quiz/quiz.xml", files=list(figures))],
        title=quiz.sheet.title,
        namespaces=OF_QTI,
        metadata=schema("IMS Content", "1.1.3", described(quiz, "imsmd:")),
    )


FORMAT = Format(
    name="qti12",
    ending="zip",
    media_type="application/zip",
    export=export,
    losses=losses_of("QTI 1.2", KNOWN, has_drawings=True),
    has_keys=True,
    is_binary=True,
    about="qti12 and qti21 are quizzes for most learning platforms",
    place=22,
)
