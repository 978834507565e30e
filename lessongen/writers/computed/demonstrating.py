"""Worked examples made of the same tasks as exercises."""

from __future__ import annotations

import random

from lessongen.writers.computed.exercise import Worked, worked_from
from lessongen.writers.computed.skill import Demonstration, Draw


def demonstration(draw: Draw, *, group: str = "", lowest: int = 1, highest: int = 12) -> Demonstration:
    """Shows a drawn task with its reasoning as the steps."""

    def show(rng: random.Random, grade: int) -> Worked | None:
        return worked_from(draw(rng, grade))

    return Demonstration(show=show, group=group, lowest=lowest, highest=highest)
