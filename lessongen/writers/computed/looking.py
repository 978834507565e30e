"""Exercises that are done by looking: what is asked and answered is what can be read off a drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lessongen.lesson.drawings.base import Drawing
from lessongen.lesson.model import Bloom
from lessongen.writers.computed.exercise import Task


def read_off(
    drawing: Drawing,
    ask: str,
    *,
    term: str,
    wrong: Iterable[str],
    why: Iterable[str],
    holds: Callable[[str], bool],
    kinds: tuple[str, ...] = ("short", "choice", "cloze"),
    bloom: Bloom = "understand",
    way: str = "",
) -> Task | None:
    """The task of answering this from the drawing; None where the drawing has no answer to it.

    It is never an item of a list, for it can't be asked without its drawing.
    """
    asked = next((each for each in drawing.readable if each.ask == ask), None)
    if asked is None:
        return None
    return Task(
        term=term,
        ask=asked.ask,
        answer=asked.answer,
        wrong=tuple(dict.fromkeys(each for each in wrong if each != asked.answer)),
        why=tuple(why),
        holds=holds,
        says=asked.says,
        kinds=kinds,
        bloom=bloom,
        drawing=drawing,
        way=way,
    )
