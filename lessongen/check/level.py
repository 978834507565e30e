"""Stub until merged."""

from dataclasses import dataclass

from lessongen.system.levels import CEFR, cefr_of, grade_of


@dataclass(frozen=True, kw_only=True)
class Aim:
    mean_words: int
    most_words: int
    cefr: str


def aim(level: str) -> Aim:
    grade = grade_of(level)
    mean = round(1.4 * grade + 3)
    return Aim(mean_words=mean, most_words=mean + 7, cefr=CEFR[cefr_of(grade) - 1])


def hard_parts(lesson):
    return []
