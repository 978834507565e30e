"""Tasks whose answer is a number, with a unit or without."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from lessongen.lesson.drawings.base import Drawing
from lessongen.lesson.model import Bloom
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.expressions import value_of
from lessongen.writers.computed.writing import decimal_places, number

Value = int | Fraction
_MOST_PLACES = 3


def asked(
    term: str,
    ask: str,
    why: tuple[str, ...],
    *,
    label: str = "",
    says: str = "",
    match_stem: str = "Match each task to its result.",
    bloom: Bloom = "apply",
    drawing: Drawing | None = None,
    illustration: Drawing | None = None,
) -> Task:
    """A task in its words alone, without an answer: what `measured` completes."""
    return Task(
        term=term,
        ask=ask,
        answer="",
        wrong=(),
        why=why,
        holds=lambda text: False,
        label=label,
        says=says,
        match_stem=match_stem,
        bloom=bloom,
        drawing=drawable(drawing),
        illustration=drawable(illustration),
    )


def drawable(drawing: Drawing | None) -> Drawing | None:
    """The drawing, or None where its data make no good one: a triangle that is too flat."""
    return None if drawing is None or any(drawing.faults()) else drawing


def measured(
    task: Task, value: Value, unit: str, *, slips: Sequence[Value | str], fits: Callable[[Fraction], bool]
) -> Task:
    """The task with a number and its unit (" cm", "°", "") as the answer.

    `slips` are what known mistakes lead to; those that are no more than the answer written otherwise, negative or
    endless are left out, and twice, half and ten times the answer make up for them. `fits` tells in another way than
    `value` was found whether a number is right. The task is asked in each way that it has the words for.
    """

    def shown(each: Value | str) -> str:
        return each if isinstance(each, str) else f"{number(each)}{unit}"

    def holds(text: str) -> bool:
        told = text.removesuffix(unit)
        if unit and told == text:
            return False
        try:
            return fits(value_of(told))
        except (ValueError, ZeroDivisionError):
            return False

    exact = Fraction(value)
    near = (exact * 2, exact / 2, exact * 10)
    whole = [each for each in near if each.denominator <= exact.denominator]
    usable = [each for each in (*slips, *whole) if isinstance(each, str) or _is_plain(Fraction(each), exact)]
    wrong = dict.fromkeys(shown(each) for each in usable)
    kinds = ("short", "choice", *(("cloze",) if task.says else ()), *(("match",) if task.label else ()))
    return replace(task, answer=shown(value), wrong=tuple(wrong), holds=holds, kinds=kinds)


def _is_plain(value: Fraction, answer: Fraction) -> bool:
    places = decimal_places(value)
    return value > 0 and value != answer and places is not None and places <= _MOST_PLACES
