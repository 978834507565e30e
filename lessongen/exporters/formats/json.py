"""JSON: the object that `show --json` prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from lessongen.exporters import Format, Order

# Valid in JSON as they are, yet not fit for a terminal, or for UTF-8.
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def export(order: Order) -> bytes:
    """The lesson with its name and metadata; to a student the edition without answers."""
    return dumped(_shape(order))


def join(title: str, orders: Iterable[Order]) -> bytes:
    """The same of each lesson, a line each."""
    return b"".join(dumped(_shape(order), indent=None) for order in orders)


def _shape(order: Order) -> dict[str, Any]:
    from lessongen.lesson.edition import student_about, student_view

    lesson, is_students = order.lesson, order.audience == "student"
    return {
        **{part: getattr(lesson, part) for part in ("subject", "topic", "language", "level", "variant")},
        "metadata": student_about(order.about) if is_students else dict(order.about),
        "content": student_view(lesson) if is_students else lesson.model_dump(mode="json"),
    }


def dumped(exported: Any, *, indent: int | None = 2) -> bytes:
    """JSON in UTF-8 with nothing in it that misleads a terminal or a reader."""
    text = json.dumps(exported, ensure_ascii=False, indent=indent)
    return (_ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n").encode()


FORMAT = Format(
    name="json",
    media_type="application/json",
    export=export,
    join=join,
    joined_ending="jsonl",
    place=2,
)
