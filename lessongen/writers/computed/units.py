"""Unit conversion: metric lengths, masses, volumes, areas, time, speed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.expressions import value_of
from lessongen.writers.computed.writing import DIVIDED, TIMES, decimal_places, number

_LENGTHS = {"mm": 1, "cm": 10, "m": 1_000, "km": 1_000_000}
_MASSES = {"mg": 1, "g": 1_000, "kg": 1_000_000, "t": 1_000_000_000}
_VOLUMES = {"ml": 1, "cl": 10, "l": 1_000}
_TIMES = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
_AREAS = {"mm²": 1, "cm²": 100, "m²": 1_000_000, "ha": 10_000_000_000, "km²": 1_000_000_000_000}

# The second way round: what one unit is of the base unit, as a table of powers of ten or by multiplying up.
_POWERS_OF_TEN = {
    "mm": -3, "cm": -2, "m": 0, "km": 3, "mg": -3, "g": 0, "kg": 3, "t": 6, "ml": -3, "cl": -2, "l": 0,
    "mm²": -6, "cm²": -4, "m²": 0, "ha": 4, "km²": 6,
}  # fmt: skip
_BY_STEPS = {"seconds": Decimal(1), "minutes": Decimal(60), "hours": Decimal(60 * 60), "days": Decimal(24 * 60 * 60)}


def _in_base(amount: str, unit: str) -> Decimal:
    """What a printed amount is of the base unit, by decimals."""
    value = value_of(amount)
    shown = Decimal(value.numerator) / Decimal(value.denominator)
    return shown.scaleb(_POWERS_OF_TEN[unit]) if unit in _POWERS_OF_TEN else shown * _BY_STEPS[unit]


def _converted(rng: random.Random, units: Mapping[str, int], grade: int, widest: int) -> Task | None:
    names = list(units)
    first, second = rng.sample(range(len(names)), 2)
    if abs(first - second) > widest:
        return None
    here, there = names[first], names[second]
    factor = Fraction(units[here], units[there])
    is_time = "minutes" in units
    amount = Fraction(rng.randint(2, 96))
    if factor < 1:
        amount = rng.randint(2, 96) / factor / (1 if grade < 6 or is_time else rng.choice((1, 10, 20)))
    elif grade >= 6 and not is_time:
        amount /= rng.choice((1, 10, 4, 20))
    answer = amount * factor
    places = decimal_places(answer), decimal_places(amount)
    if (
        any(each is None or each > 3 for each in places)
        or max(amount, answer) > 9_999_999
        or min(amount, answer) < 0.01
    ):
        return None
    shown = f"{number(amount)} {here}"
    step = factor if factor > 1 else 1 / factor
    sign = TIMES if factor > 1 else DIVIDED
    larger, smaller = (here, there) if factor > 1 else (there, here)
    singular = {"hours": "hour", "minutes": "minute", "days": "day", "seconds": "second"}
    # The other way round; one place too many or too few; the step of a length taken for an area.
    slips = [amount / factor, answer * 10, answer / 10, answer * 100, answer / 100, answer * 1000]
    if is_time:
        slips = [amount * 100 if factor > 1 else amount / 100, answer * 10, answer + 60, amount / factor, answer / 10]

    def usable(value: Fraction) -> bool:
        return value != answer and (decimal_places(value) or 0) <= 4 and decimal_places(value) is not None

    def holds(text: str) -> bool:
        told, _, unit = text.rpartition(" ")
        return unit == there and _in_base(told, unit) == _in_base(number(amount), here)

    return Task(
        term=f"{shown} in {there}",
        ask=rng.choice(
            (f"Convert {shown} to {there}.", f"How many {there} are {shown}?", f"Write {shown} in {there}.")
        ),
        answer=f"{number(answer)} {there}",
        wrong=tuple(dict.fromkeys(f"{number(each)} {there}" for each in slips if usable(each))),
        why=(
            f"1 {singular.get(larger, larger)} is {number(step)} {smaller}.",
            f"{number(amount)} {sign} {number(step)} = {number(answer)}.",
        ),
        holds=holds,
        label=shown,
        says=f"Converted to {there}: {shown} = {{}}",
        match_stem=f"Match each amount to the same amount in {there}.",
    )


def _length(rng: random.Random, grade: int) -> Task | None:
    return _converted(rng, _LENGTHS, grade, 1 if grade < 6 else 2)


def _mass(rng: random.Random, grade: int) -> Task | None:
    return _converted(rng, _MASSES, grade, 1)


def _volume(rng: random.Random, grade: int) -> Task | None:
    return _converted(rng, _VOLUMES, grade, 2)


def _time(rng: random.Random, grade: int) -> Task | None:
    return _converted(rng, _TIMES, grade, 1)


def _area(rng: random.Random, grade: int) -> Task | None:
    return _converted(rng, _AREAS, grade, 1)


def _speed(rng: random.Random, grade: int) -> Task | None:
    metres = rng.randint(2, 60)
    kilometres = Fraction(metres * 36, 10)
    to_kilometres = rng.random() < 0.5
    here, there = ("m/s", "km/h") if to_kilometres else ("km/h", "m/s")
    amount, answer = (Fraction(metres), kilometres) if to_kilometres else (kilometres, Fraction(metres))
    slips = [
        amount / Fraction(36, 10) if to_kilometres else amount * Fraction(36, 10),
        answer * 10,
        answer / 10,
        answer + 10,
    ]
    shown = f"{number(amount)} {here}"

    def holds(text: str) -> bool:
        # The way that is covered in an hour, in metres.
        told, unit = value_of(text.partition(" ")[0]), text.partition(" ")[2]
        way = told * 60 * 60 if unit == "m/s" else told * 1000
        return unit == there and way == (amount * 60 * 60 if here == "m/s" else amount * 1000)

    return Task(
        term=f"{shown} in {there}",
        ask=f"Convert {shown} to {there}.",
        answer=f"{number(answer)} {there}",
        wrong=tuple(f"{number(each)} {there}" for each in slips if decimal_places(each) is not None),
        why=(
            "An hour has 3600 seconds and a kilometre 1000 metres, so 1 m/s is 3.6 km/h.",
            f"{number(amount)} {TIMES if to_kilometres else DIVIDED} 3.6 = {number(answer)}.",
        ),
        holds=holds,
        label=shown,
        says=f"Converted to {there}: {shown} = {{}}",
        match_stem=f"Match each amount to the same amount in {there}.",
    )


SKILL = described("units", _length, _mass, _time, _volume, _area, _speed)
