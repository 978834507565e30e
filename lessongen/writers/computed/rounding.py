"""Rounding: to a place, to decimal places and significant figures, back from the result, estimates."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

from lessongen.lesson.drawings.number_line import Mark, NumberLine
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.measuring import asked, measured
from lessongen.writers.computed.writing import TIMES, decimal_places, number

_NAMES = {10: "ten", 100: "hundred", 1000: "thousand"}
_PLACES = {0: "whole number", 1: "tenth", 2: "hundredth"}
_COUNTS = {1: "one significant figure", 2: "two significant figures", 3: "three significant figures"}


def _rounded(value: Fraction, step: Fraction) -> Fraction:
    return floor(value / step + Fraction(1, 2)) * step


def _steps(value: Fraction, step: Fraction) -> tuple[str, ...]:
    low, high = floor(value / step) * step, (floor(value / step) + 1) * step
    answer = _rounded(value, step)
    deciding = floor(value / step * 10) % 10
    so = "up" if deciding >= 5 else "down"
    return (
        f"{number(value)} lies between {number(low)} and {number(high)}.",
        f"The digit after the place that is rounded to is {deciding}, so one rounds {so}, to {number(answer)}.",
    )


def _on_line(value: Fraction, step: Fraction) -> NumberLine | None:
    """The number between its two neighbours; None where they are no whole numbers or are grouped."""
    low = floor(value / step) * step
    if step.denominator > 1 or value > 9_000 or decimal_places(value) is None:
        return None
    ends = {"low": int(low), "high": int(low + step), "step": int(step)}
    return NumberLine(**ends, divided=10, marks=[Mark(at=number(value), name=number(value))])


def _asked_to(value: Fraction, step: Fraction, to: str) -> Task:
    answer = _rounded(value, step)
    low = floor(value / step) * step
    # The other neighbour; one place too far; one too few, or the last digit but cut off.
    other = low if answer != low else low + step
    near = (_rounded(value, step / 10), floor(value / step * 10) * step / 10)
    slips = [other, _rounded(value, step * 10), *(each for each in near if each != value)]
    shown, by = number(value), Decimal(step.numerator) / Decimal(step.denominator)
    task = asked(
        f"{shown} to {to}",
        f"Round {shown} to {to}.",
        _steps(value, step),
        label=f"{shown} to {to}",
        says=f"Rounded to {to}, {shown} is {{}}.",
        match_stem="Match each number to what it is when it is rounded.",
        illustration=_on_line(value, step),
    )
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    second = (exact / by).quantize(Decimal(1), rounding=ROUND_HALF_UP) * by
    made = measured(task, answer, "", slips=slips, fits=lambda x: x == Fraction(second))
    return replace(made, wrong=tuple(dict.fromkeys(number(each) for each in slips if each not in (answer, 0))))


def _to_place(rng: random.Random, grade: int) -> Task | None:
    step = rng.choice([each for each in _NAMES if each < 10 ** max(2, min(4, grade - 2))])
    value = rng.randint(step, step * (10 if grade < 6 else 80))
    if value % step == 0:
        return None
    return _asked_to(Fraction(value), Fraction(step), f"the nearest {_NAMES[step]}")


def _to_decimals(rng: random.Random, grade: int) -> Task | None:
    places = rng.choice((0, 1) if grade < 6 else (0, 1, 2))
    value = Fraction(rng.randint(101, 9_999), 10 ** (places + 1 if grade < 7 else places + rng.randint(1, 2)))
    step = Fraction(1, 10**places)
    answer = _rounded(value, step)
    if value % step == 0 or (answer / step) % 10 == 0 or value > 1_000:
        return None  # a last zero would have to be written
    return _asked_to(value, step, f"the nearest {_PLACES[places]}")


def _significant(rng: random.Random, grade: int) -> Task | None:
    count = rng.choice((1, 2, 3) if grade > 8 else (1, 2))
    digits = rng.randint(10 ** (count + 1), 10 ** (count + 2) - 1)
    value = Fraction(digits) * Fraction(10) ** rng.choice((-3, -2, 0, 1))
    step = Fraction(10) ** 2 * value / digits
    answer = _rounded(value, step)
    if value % step == 0 or (answer / step) % 10 == 0:
        return None
    return _asked_to(value, step, _COUNTS[count])


def _back(rng: random.Random, grade: int) -> Task | None:
    """From the rounded number back to the least or the greatest that it can come from."""
    step = rng.choice((10, 100) if grade < 7 else (10, 100, 1000))
    shown = step * rng.randint(3, 60)
    least, greatest = shown - step // 2, shown + step // 2 - 1
    wants_least = rng.random() < 0.5
    answer, which = (least, "smallest") if wants_least else (greatest, "largest")
    task = asked(
        f"{which} to {shown} by {step}",
        f"A whole number is {number(shown)} when it is rounded to the nearest {_NAMES[step]}. "
        f"What is the {which} number that it can be?",
        (
            f"Halfway from {number(shown - step)} to {number(shown)} one rounds up, so {number(least)} is the first "
            f"that rounds to {number(shown)}.",
            f"Halfway to the next, at {number(greatest + 1)}, one rounds up again, so {number(greatest)} is the last.",
        ),
        says=f"The {which} whole number that is {number(shown)} to the nearest {_NAMES[step]} is {{}}.",
        bloom="analyze",
    )
    slips = [greatest + 1, least - 1, shown - step, shown + step - 1, shown]
    if wants_least:
        slips = [least + 1, least - 1, shown - step, shown - step + 1, shown]

    def fits(value: Fraction) -> bool:
        at, beyond = int(value), int(value) + (-1 if wants_least else 1)
        half_up = [(2 * each + step) // (2 * step) * step for each in (at, beyond)]
        return half_up[0] == shown != half_up[1]

    return measured(task, answer, "", slips=slips, fits=fits)


def _which(rng: random.Random, grade: int) -> Task | None:
    """From the answer back to the question: which of four numbers rounds to it."""
    step = rng.choice((10, 100))
    shown, half = step * rng.randint(3, 60), step // 2
    answer = shown + rng.choice((-half, rng.randint(-half + 1, -1), rng.randint(1, half - 1)))
    wrong = [shown + half, shown - half - 1, shown + half + rng.randint(1, half - 1), shown - half - 2]
    rng.shuffle(wrong)
    return Task(
        term=f"{answer} is {shown} by {step}",
        ask=f"Which of these numbers is {number(shown)} when it is rounded to the nearest {_NAMES[step]}?",
        answer=number(answer),
        wrong=tuple(map(number, wrong)),
        why=_steps(Fraction(answer), Fraction(step)),
        holds=lambda text: (2 * int(text.replace(",", "")) + step) // (2 * step) * step == shown,
        kinds=("choice",),
        bloom="analyze",
    )


def _estimate(rng: random.Random, grade: int) -> Task | None:
    first, second = rng.randint(21, 98), rng.randint(21, 98)
    one, other = _rounded(Fraction(first), Fraction(10)), _rounded(Fraction(second), Fraction(10))
    if first % 10 == 0 or second % 10 == 0 or one == other:
        return None
    answer = one * other
    task = asked(
        f"estimate {first} by {second}",
        f"Estimate {first} {TIMES} {second}: round both numbers to the nearest ten first.",
        (
            f"{first} rounds to {number(one)}, and {second} rounds to {number(other)}.",
            f"{number(one)} {TIMES} {number(other)} = {number(answer)}.",
        ),
        label=f"about {first} {TIMES} {second}",
        says=f"With both numbers rounded to the nearest ten, {first} {TIMES} {second} is about {{}}.",
        match_stem="Match each product to its estimate from both numbers rounded to the nearest ten.",
    )
    tens = [int(f"{Decimal(each).quantize(Decimal('1E1'), rounding=ROUND_HALF_UP):f}") for each in (first, second)]
    slips = (answer / 10, first * second, answer * 10, (first // 10 * 10) * (second // 10 * 10), answer + 100)
    return measured(task, answer, "", slips=slips, fits=lambda x: x == tens[0] * tens[1])


SKILL = described("rounding", _to_place, _which, _to_decimals, _back, _significant, _estimate)
