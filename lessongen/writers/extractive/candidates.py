"""A question that could be asked; `choose.py` picks among all that the other modules make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lessongen.lesson.model import Bloom
from lessongen.text.words import fold
from lessongen.writers.extractive.article import Passage

GAP = "_____"
Aim = Literal["define", "recall", "connect", "date", "number", "reason", "judge"]
_TRUE_OR_FALSE = "true_false"
YEARS_OFFERED = 3  # besides the right one


@dataclass(frozen=True, eq=False, kw_only=True)
class Candidate:
    """A question that could be asked; `options` are wrong ones, `pairs` what belongs together.

    `makeshift` is above 0 where it asks for a word and not for an idea, 2 where only its context tells which.
    """

    kind: str
    aim: Aim
    bloom: Bloom
    stem: str
    asked: str
    passages: tuple[Passage, ...]
    answer: str = ""
    is_true: bool = True
    options: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    feedback: Passage | None = None
    is_central: bool = False
    is_about_main: bool = False
    makeshift: int = 0

    @property
    def is_statement(self) -> bool:
        """Whether it is a statement to judge."""
        return self.kind == _TRUE_OR_FALSE

    @property
    def uses(self) -> frozenset[tuple[str, str]]:
        """What freshness counts: each passage by its SHA-256 with the asked term."""
        return frozenset((passage.sha256, fold(self.asked)) for passage in self.passages)


def statement(said: str, *, aim: Aim, asked: str, passage: Passage, is_true: bool) -> Candidate:
    """A statement on a passage, to judge by it."""
    return Candidate(
        kind=_TRUE_OR_FALSE,
        aim=aim,
        bloom="remember",
        stem=f"True or false, according to the lesson? “{said}”",
        asked=asked,
        passages=(passage,),
        is_true=is_true,
    )
