"""Whether a lesson reads at the level that it was asked for; what all who see it are told where it does not."""

from __future__ import annotations

import json
from typing import Any

from lessongen.system.levels import CEFR, GRADES, grade_of

_ROOM = 1.0  # grades; the formula is no finer


def above_level(level: str, grade: float, cefr: str) -> str:
    """How a text of that grade and CEFR level reads above the level asked for: "reads at about grade 12 …"; else ""."""
    if level in GRADES and grade > grade_of(level) + _ROOM:
        return f"reads at about grade {grade:.0f} (Flesch-Kincaid), above the {level} asked for"
    if level in CEFR and CEFR.index(cefr) > CEFR.index(level):
        return f"has words of {cefr}, above the {level} asked for"
    return ""


def above_level_of(content: str) -> str:
    """The same of a stored lesson's JSON; "" for one of which it is not known."""
    lesson: dict[str, Any] = json.loads(content)
    found = (lesson.get("provenance") or {}).get("legibility") or {}
    if not found:
        return ""
    return above_level(str(lesson.get("level", "")), float(found["grade"]), str(found["cefr"]))
