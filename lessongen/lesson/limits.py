"""How many of each a lesson holds: what the schema of `model` says, and all keep to who ask for, make or change one."""

from __future__ import annotations

from typing import NamedTuple


class Limit(NamedTuple):
    """From the fewest to the most."""

    fewest: int
    most: int

    def __str__(self) -> str:
        """As people say it: "5 to 12"."""
        return f"{self.fewest} to {self.most}"


OBJECTIVES = Limit(1, 4)
PRIOR_KNOWLEDGE = Limit(0, 5)
KEY_TERMS = Limit(3, 10)
MISCONCEPTIONS = Limit(0, 3)
KEY_POINTS = Limit(0, 5)
SECTIONS = Limit(1, 8)
QUESTIONS = Limit(5, 20)

USUAL_SECTIONS = Limit(2, 6)
USUAL_QUESTIONS = Limit(5, 12)
"""That can be asked for, and that the writers make."""

FEWEST_WORDS = 150
"""Of the body, repetitions not counted."""

MINUTES = Limit(5, 240)
"""That can be asked for."""

USUAL_MINUTES = 45
"""Of a lesson that a model writes, where nothing else is asked for."""
