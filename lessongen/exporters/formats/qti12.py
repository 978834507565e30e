"""QTI 1.2: a package with a quiz, as Canvas, Blackboard, Brightspace and others take it."""

from __future__ import annotations

from collections.abc import Iterable

from lessongen.exporters.asking import Asked, quiz_format
from lessongen.exporters.package import OF_QTI, Resource, Told, drawings, numbered, packed, schema
from lessongen.exporters.qti12 import KNOWN, assessment


def _file(title: str, lessons: Iterable[Asked]) -> bytes:
    """A zip with the quiz of each lesson and its drawings."""
    about = Told(title=title)
    files: dict[str, bytes] = {}
    resources: list[Resource] = []
    for number, (quiz, items) in enumerate(lessons, 1):
        about.add(quiz)
        figures, name = drawings(items), numbered("quiz", number)
        path = f"quiz/{name}.xml"
        files |= {path: assessment(quiz, items, name=name, base="../"), **figures}
        resources.append(Resource(identifier=name, type="imsqti_xmlv1p2", path=path, files=list(figures)))
    metadata = schema("IMS Content", "1.1.3", about.described("imsmd:"))
    return packed(files, resources, title=title, namespaces=OF_QTI, metadata=metadata)


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
