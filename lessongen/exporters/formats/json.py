"""JSON: the object that `show --json` prints."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

# Valid in JSON as they are, yet not fit for a terminal, or for UTF-8.
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def export(lesson: Lesson, *, audience: Audience, about: Mapping[str, Any]) -> bytes:
    """The lesson with its name and metadata; to a student the edition without answers."""
    from lessongen.lesson.edition import student_about, student_view

    exported = {
        **{part: getattr(lesson, part) for part in ("subject", "topic", "language", "level", "variant")},
        "metadata": student_about(about) if audience == "student" else dict(about),
        "content": student_view(lesson) if audience == "student" else lesson.model_dump(mode="json"),
    }
    return dumped(exported)


def dumped(exported: Any) -> bytes:
    """JSON in UTF-8 with nothing in it that misleads a terminal or a reader."""
    text = json.dumps(exported, ensure_ascii=False, indent=2)
    return (_ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n").encode()


FORMAT = Format(name="json", media_type="application/json", export=export, place=2)
