"""How well passages fit the level that was asked for: nearer ones are preferred, and none is refused for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lessongen.system.levels import GENERAL, grade_of
from lessongen.text.readability import reading_grade
from lessongen.writers.extractive.article import Passage

_FAR = 14.0  # grades
_MUCH_TOO_HARD = 6.0


@dataclass(frozen=True)
class Ease:
    """The school grade aimed at; None where no level was asked for, and all passages fit alike."""

    grade: int | None = None

    @classmethod
    def of(cls, level: str) -> Ease:
        """For a request's level."""
        return cls(None if level == GENERAL else grade_of(level))

    def distance(self, passages: Sequence[Passage]) -> float:
        """How far from the grade their text reads: 0 for right at it, 1 for fourteen grades away and more."""
        if self.grade is None or not passages:
            return 0.0
        text = "\n".join(passage.text for passage in passages)
        return min(1.0, abs(reading_grade(text) - self.grade) / _FAR)

    def is_too_hard(self, passage: Passage) -> bool:
        """Whether a sentence reads so far above the grade that a run had better end before it."""
        return self.grade is not None and reading_grade(passage.text) > self.grade + _MUCH_TOO_HARD


ANY = Ease()
