"""For whom a lesson is: a school grade, a step of the CEFR, or nobody in particular."""

from __future__ import annotations

import difflib
import re

from lessongen.system.errors import UsageError

GENERAL = "general"
CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
GRADES = tuple(f"grade-{number}" for number in range(1, 13))
LEVELS = (GENERAL, *GRADES, *CEFR)
KNOWN = "general, grade-1 to grade-12, or a CEFR level from A1 to C2"
EASY = (*GRADES[:8], *CEFR[:3])
"""Levels for which encyclopedias in simple words are the better source."""
_GENERAL_GRADE = 7
_GRADE = re.compile(r"grade[ _-]?([0-9]{1,2})")
_CEFR = re.compile(r"(?:cefr[ _-]?)?([abc][12])")
_NEAR = 0.5


def level_of(text: str) -> str:
    """The level that a person's words mean, as lessons are stored by it: "grade-5", "B1", "general".

    `Grade 5`, `grade5`, `b1` and `cefr-b1` are understood. Raises `UsageError` for anything else, with the level that
    comes nearest.
    """
    meant = _meant(text)
    if meant is None:
        near = nearest(text)
        raise UsageError(
            f"There is no level “{' '.join(text.split())[:40]}”.",
            hint=f"Give {KNOWN}." + (f" Did you mean {near}?" if near else ""),
        )
    return meant


def _meant(text: str) -> str | None:
    word = " ".join(text.split()).casefold()
    grade, step = _GRADE.fullmatch(word), _CEFR.fullmatch(word)
    if grade and 1 <= int(grade[1]) <= len(GRADES):
        return GRADES[int(grade[1]) - 1]
    if step:
        return step[1].upper()
    return GENERAL if word == GENERAL else None


def nearest(text: str) -> str | None:
    """The level that unknown words come nearest to: by their number, or by their letters."""
    digits = re.search(r"(?<![0-9])([0-9]{1,2})(?![0-9])", text)
    if digits and (len(text) > 2 or text == digits[1]) and 1 <= int(digits[1]) <= len(GRADES):
        return GRADES[int(digits[1]) - 1]
    found = difflib.get_close_matches(text.casefold(), [level.casefold() for level in LEVELS], n=1, cutoff=_NEAR)
    return next((level for level in LEVELS if found and level.casefold() == found[0]), None)


def grade_of(level: str) -> int:
    """The school grade, 1 to 12, that a level stands for.

    A CEFR level stands for the higher of its two grades (A1 for 2, C2 for 12); anything unknown, "general" among it,
    for grade 7.
    """
    meant = _meant(level)
    if meant in GRADES:
        return GRADES.index(meant) + 1
    return 2 * (CEFR.index(meant) + 1) if meant in CEFR else _GENERAL_GRADE


def cefr_of(grade: int) -> int:
    """The CEFR level of a grade as a number, 1 (A1) to 6 (C2): two grades to a level; the general grade 7 is B2's."""
    return min(len(CEFR), max(1, (grade + 1) // 2))
