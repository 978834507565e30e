"""Areas, perimeters and volumes of rectangles, triangles, circles, boxes and cylinders."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction

from lessongen.lesson.drawings.base import Drawing
from lessongen.lesson.drawings.rectangle import Rectangle
from lessongen.lesson.drawings.triangle import Triangle
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.expressions import value_of
from lessongen.writers.computed.writing import DIVIDED, TIMES, number

_UNITS = ("cm", "m")
_PI = "π"


def _size(rng: random.Random, grade: int) -> int:
    return rng.randint(3, 9 if grade < 5 else 15 if grade < 8 else 24)


def _task(
    *,
    shape: str,
    asked: str,
    answer: Fraction | int,
    unit: str,
    slips: Sequence[Fraction | int],
    why: Sequence[str],
    second: Callable[[], Fraction | int],
    suffix: str = "",
    drawing: Drawing | None = None,
) -> Task:
    """A task on a described shape. `second` finds the same in another way: by counting, cutting or measuring back."""
    near = [answer * 2, Fraction(answer) / 2]
    exact = [Fraction(each) for each in (*slips, *near)]
    wrong = [f"{number(each)}{suffix} {unit}" for each in exact if each > 0 and (each * 2).denominator == 1]

    def holds(text: str) -> bool:
        told, _, measured = text.rpartition(" ")
        return measured == unit and told.endswith(suffix) and value_of(told.removesuffix(suffix)) == second()

    return Task(
        term=f"{asked} of {shape}",
        ask=f"What is the {asked} of {shape}?",
        answer=f"{number(answer)}{suffix} {unit}",
        wrong=tuple(dict.fromkeys(wrong)),
        why=tuple(why),
        holds=holds,
        label=f"{asked}: {shape}",
        says=f"The {asked} of {shape} is {{}}.",
        match_stem="Match each shape to its measure.",
        drawing=drawing,
        way=asked,
    )


def _rectangle(rng: random.Random, grade: int) -> Task | None:
    a, b, unit = _size(rng, grade), _size(rng, grade), rng.choice(_UNITS)
    if a <= b:
        return None
    shape = f"a rectangle {a} {unit} long and {b} {unit} wide"
    drawing = Rectangle(long=str(a), wide=str(b), long_label=f"{a} {unit}", wide_label=f"{b} {unit}")
    if rng.random() < 0.6:
        return _task(
            shape=shape,
            asked="area",
            answer=a * b,
            unit=f"{unit}²",
            slips=[2 * (a + b), a + b, a * a],
            why=["Multiply length by width.", f"{a} {TIMES} {b} = {a * b}, in {unit}²."],
            second=lambda: sum(1 for _ in range(a) for _ in range(b)),
            drawing=drawing,
        )
    return _task(
        shape=shape,
        asked="perimeter",
        answer=2 * (a + b),
        unit=unit,
        slips=[a + b, a * b, 2 * a + b],
        why=["Add all four sides.", f"2 {TIMES} ({a} + {b}) = {2 * (a + b)}, in {unit}."],
        second=lambda: sum((a, b, a, b)),
        drawing=drawing,
    )


def _triangle(rng: random.Random, grade: int) -> Task | None:
    base, height, unit = _size(rng, grade), _size(rng, grade), rng.choice(_UNITS)
    if base == height or base * height % 2:
        return None
    area = base * height // 2
    return _task(
        shape=f"a triangle with base {base} {unit} and height {height} {unit}",
        asked="area",
        answer=area,
        unit=f"{unit}²",
        slips=[base * height, base + height, Fraction(base + height, 2)],
        why=[
            "The triangle is half of a rectangle with the same base and height.",
            f"{base} {TIMES} {height} {DIVIDED} 2 = {area}, in {unit}².",
        ],
        # The corners (0, 0), (base, 0) and (1, height) by the shoelace formula.
        second=lambda: _shoelace([(0, 0), (base, 0), (1, height)]),
        drawing=_triangular(base, height, unit),
    )


def _triangular(base: int, height: int, unit: str) -> Triangle | None:
    """The triangle with its height inside; None where it would be too flat or too steep to be seen."""
    drawing = Triangle(
        base=str(base),
        height=str(height),
        foot=str(Fraction(base, 3)),
        base_label=f"{base} {unit}",
        height_label=f"{height} {unit}",
    )
    return None if any(drawing.faults()) else drawing


def _shoelace(corners: Sequence[tuple[int, int]]) -> Fraction:
    around = zip(corners, [*corners[1:], corners[0]], strict=True)
    return abs(Fraction(sum(x * v - u * y for (x, y), (u, v) in around), 2))


def _parallelogram(rng: random.Random, grade: int) -> Task | None:
    base, height, unit = _size(rng, grade), _size(rng, grade), rng.choice(_UNITS)
    side = height + rng.randint(1, 3)
    if base in (height, side):
        return None
    return _task(
        shape=f"a parallelogram with base {base} {unit}, slanted side {side} {unit} and height {height} {unit}",
        asked="area",
        answer=base * height,
        unit=f"{unit}²",
        slips=[base * side, 2 * (base + side), Fraction(base * height, 2)],
        why=[
            "Multiply base by height; the slanted side does not matter.",
            f"{base} {TIMES} {height} = {base * height}, in {unit}².",
        ],
        second=lambda: _shoelace([(0, 0), (base, 0), (base + 2, height), (2, height)]),
    )


def _trapezoid(rng: random.Random, grade: int) -> Task | None:
    a, c, height, unit = _size(rng, grade), _size(rng, grade), _size(rng, grade), rng.choice(_UNITS)
    if a <= c or (a + c) * height % 2:
        return None
    area = (a + c) * height // 2
    return _task(
        shape=f"a trapezium with parallel sides {a} {unit} and {c} {unit} and height {height} {unit}",
        asked="area",
        answer=area,
        unit=f"{unit}²",
        slips=[(a + c) * height, a * c * height, a * height],
        why=[
            f"The parallel sides are {Fraction(a + c, 2)} {unit} long on average."
            if (a + c) % 2 == 0
            else "Add the parallel sides, multiply by the height and halve.",
            f"({a} + {c}) {TIMES} {height} {DIVIDED} 2 = {area}, in {unit}².",
        ],
        second=lambda: _shoelace([(0, 0), (a, 0), (c, height), (0, height)]),
    )


def _composite(rng: random.Random, grade: int) -> Task | None:
    a, b, unit = _size(rng, grade) + 5, _size(rng, grade) + 4, rng.choice(_UNITS)
    c, d = rng.randint(2, a - 2), rng.randint(2, b - 2)
    if a <= b:
        return None
    area = a * b - c * d
    return _task(
        shape=f"a rectangle {a} {unit} by {b} {unit} with a corner of {c} {unit} by {d} {unit} cut off",
        asked="area",
        answer=area,
        unit=f"{unit}²",
        slips=[a * b + c * d, (a - c) * (b - d), a * b],
        why=[
            f"The whole rectangle: {a} {TIMES} {b} = {a * b}.",
            f"The corner: {c} {TIMES} {d} = {c * d}.",
            f"{a * b} \N{MINUS SIGN} {c * d} = {area}, in {unit}².",
        ],
        second=lambda: _shoelace([(0, 0), (a, 0), (a, b - d), (a - c, b - d), (a - c, b), (0, b)]),
    )


def _circle(rng: random.Random, grade: int) -> Task | None:
    radius, unit = rng.randint(3, 15), rng.choice(_UNITS)
    across = rng.random() < 0.4
    given = f"diameter {2 * radius}" if across else f"radius {radius}"
    shape = f"a circle with {given} {unit}"
    halved = [f"The radius is half of the diameter: {2 * radius} {DIVIDED} 2 = {radius}."] if across else []
    if rng.random() < 0.5:
        return _task(
            shape=shape,
            asked=f"area, as a multiple of {_PI},",
            answer=radius * radius,
            unit=f"{unit}²",
            slips=[2 * radius, 4 * radius * radius, radius],
            why=[*halved, f"The area is {_PI} times the square of the radius: {radius}² = {radius * radius}."],
            # The sum of the rings 1, 3, 5, … is the square.
            second=lambda: sum(range(1, 2 * radius, 2)),
            suffix=_PI,
        )
    return _task(
        shape=shape,
        asked=f"circumference, as a multiple of {_PI},",
        answer=2 * radius,
        unit=unit,
        slips=[radius, radius * radius, 4 * radius],
        why=[*halved, f"The circumference is {_PI} times the diameter: 2 {TIMES} {radius} = {2 * radius}."],
        second=lambda: radius + radius,
        suffix=_PI,
    )


def _box(rng: random.Random, grade: int) -> Task | None:
    a, b, c, unit = rng.randint(2, 12), rng.randint(2, 9), rng.randint(2, 9), rng.choice(_UNITS)
    if len({a, b, c}) < 3:
        return None
    shape = f"a box {a} {unit} long, {b} {unit} wide and {c} {unit} high"
    surface = 2 * (a * b + a * c + b * c)
    if grade < 6 or rng.random() < 0.6:
        return _task(
            shape=shape,
            asked="volume",
            answer=a * b * c,
            unit=f"{unit}³",
            slips=[surface, a + b + c, a * b + c],
            why=["Multiply length, width and height.", f"{a} {TIMES} {b} {TIMES} {c} = {a * b * c}, in {unit}³."],
            second=lambda: sum(a * b for _ in range(c)),
        )
    return _task(
        shape=shape,
        asked="surface area",
        answer=surface,
        unit=f"{unit}²",
        slips=[surface // 2, a * b * c, 4 * (a + b + c)],
        why=[
            f"The faces are {a} {TIMES} {b} = {a * b}, {a} {TIMES} {c} = {a * c} and {b} {TIMES} {c} = {b * c}.",
            f"Each comes twice: 2 {TIMES} ({a * b} + {a * c} + {b * c}) = {surface}, in {unit}².",
        ],
        # The mantle around the base, and the base twice.
        second=lambda: (a + b + a + b) * c + a * b + a * b,
    )


def _cylinder(rng: random.Random, grade: int) -> Task | None:
    radius, height, unit = rng.randint(2, 9), rng.randint(3, 15), rng.choice(_UNITS)
    if radius == height:
        return None
    volume = radius * radius * height
    return _task(
        shape=f"a cylinder with radius {radius} {unit} and height {height} {unit}",
        asked=f"volume, as a multiple of {_PI},",
        answer=volume,
        unit=f"{unit}³",
        slips=[2 * radius * height, radius * height, radius * height * height, 4 * volume],
        why=[
            f"The base is {_PI} times the square of the radius: {radius}² = {radius * radius}.",
            f"Multiply by the height: {radius * radius} {TIMES} {height} = {volume}.",
        ],
        second=lambda: sum(sum(range(1, 2 * radius, 2)) for _ in range(height)),
        suffix=_PI,
    )


SKILL = described("shapes", _rectangle, _triangle, _parallelogram, _composite, _trapezoid, _circle, _box, _cylinder)
