"""A request's level as a number: a school grade for arithmetic, a step of the CEFR for language."""

from __future__ import annotations

import re

CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
GENERAL_GRADE = 7
_GRADE = re.compile(r"(?:grade|year|class)[ -]?(\d{1,2})", re.IGNORECASE)
_MOST = 12


def grade_of(level: str) -> int:
    """The school grade, 1 to 12, that a level stands for.

    A CEFR level stands for the higher of its two grades (A1 for 2, C2 for 12); anything unknown, "general" among it,
    for grade 7.
    """
    found = _GRADE.fullmatch(level.strip())
    if found:
        return min(_MOST, max(1, int(found.group(1))))
    if level.strip().upper() in CEFR:
        return 2 * (CEFR.index(level.strip().upper()) + 1)
    return GENERAL_GRADE


def cefr_of(grade: int) -> int:
    """The CEFR level of a grade as a number, 1 (A1) to 6 (C2): two grades to a level; the general grade 7 is B2's."""
    return min(len(CEFR), max(1, (grade + 1) // 2))
