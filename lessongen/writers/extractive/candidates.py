"""A question that could be asked; `choose.py` picks among all that `questions.py` makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lessongen.lesson.model import Bloom
from lessongen.text.words import fold
from lessongen.writers.extractive.article import Passage

Aim = Literal["why", "how", "parts", "order", "tell"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Candidate:
    """A question that could be asked; `items` stand in their right order, and a lower `rank` goes first."""

    kind: str
    aim: Aim
    bloom: Bloom
    stem: str
    asked: str
    passages: tuple[Passage, ...]
    answer: str = ""
    items: tuple[str, ...] = ()
    rank: int = 0

    @property
    def uses(self) -> frozenset[tuple[str, str]]:
        """What freshness counts: each passage by its SHA-256 with the asked term."""
        return frozenset((passage.sha256, fold(self.asked)) for passage in self.passages)
