"""Quadratic equations: pure ones, with a factor x, by factoring, by the formula, and how many roots there are."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from lessongen.lesson.drawings.plane import Graph, Plane
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.expressions import value_of
from lessongen.writers.computed.looking import read_off
from lessongen.writers.computed.writing import (
    DIVIDED,
    MINUS,
    ROOT,
    TIMES,
    bracketed,
    fraction,
    listed,
    number,
    polynomial,
)


def _roots(values: set[int] | set[Fraction] | set[int | Fraction]) -> str:
    """ "x = -3 or x = 2", the smaller one first."""
    return listed([f"x = {fraction(each)}" for each in sorted(map(Fraction, values))], "or")


def _solve(left: str, text: str) -> bool:
    """Whether the printed roots, put into the printed left side, give 0, and are as many as its sign changes say."""
    try:
        roots = {value_of(part.removeprefix("x = ")) for part in text.split(" or ")}
    except ValueError:
        return False
    # The value at -1, 0 and 1 fixes a quadratic, whatever it was made of; it has to be a(x - r)(x - s).
    low, middle, high = (value_of(left, {"x": Fraction(at)}) for at in (-1, 0, 1))
    leading = (low + high) / 2 - middle
    if any(value_of(left, {"x": root}) != 0 for root in roots) or leading == 0:
        return False
    total = (low - high) / 2 / leading  # the sum of the roots
    return sum(roots) == total if len(roots) == 2 else 2 * sum(roots) == total


def _task(rng: random.Random, left: str, roots: set[int], slips: list[set[int]], why: list[str]) -> Task:
    equation = f"{left} = 0"
    return Task(
        term=equation,
        ask=rng.choice(("Solve {}.", "Find the roots of {}.", "For which x is {}?")).format(equation),
        answer=_roots(roots),
        wrong=tuple(dict.fromkeys(_roots(each) for each in slips if each)),
        why=tuple(why),
        holds=lambda text: _solve(left, text),
        label=equation,
        says=f"The equation {equation} is solved by {{}}.",
        match_stem="Match each equation to its roots.",
    )


def _pure(rng: random.Random, grade: int) -> Task | None:
    root = rng.randint(2, 12 if grade < 7 else 15)
    a = 1 if grade < 7 else rng.choice((1, 2, 3, 4, 5))
    square = a * root * root
    why = [f"Bring the number over: {polynomial((a, 0, 0))} is {square}."]
    if a > 1:
        why.append(f"Divide by {a}: x² is {root * root}.")
    why.append(f"{root}² = {root * root} and ({MINUS}{root})² = {root * root}, so there are two roots.")
    return _task(
        rng,
        polynomial((a, 0, -square)),
        {root, -root},
        [{root}, {square // 2}, {-root * root, root * root}],
        why,
    )


def _common_factor(rng: random.Random, grade: int) -> Task | None:
    root = rng.choice((-1, 1)) * rng.randint(2, 12)
    a = rng.choice((1, 1, 2, 3))
    left = polynomial((a, -a * root, 0))
    factor = "x" if a == 1 else f"{a}x"
    return _task(
        rng,
        left,
        {0, root},
        [{root}, {0, a * root}, {-root, 0}, {1, root}],
        [
            f"Take out {factor}: {left} is {factor}({polynomial((1, -root))}).",
            "A product is 0 if one of its factors is 0.",
            f"So x = 0, or {polynomial((1, -root))} is 0 and x = {number(root)}.",
        ],
    )


def _factoring(rng: random.Random, grade: int) -> Task | None:
    first, second = rng.choice((-1, 1)) * rng.randint(1, 12), rng.choice((-1, 1)) * rng.randint(1, 12)
    if first == second or first == -second:
        return None
    total, product = first + second, first * second
    left = polynomial((1, -total, product))
    return _task(
        rng,
        left,
        {first, second},
        [{-first, -second}, {total, product}, {first, -second}, {-first, second}],
        [
            f"Look for two numbers with the product {number(product)} and the sum {number(-total)}: "
            f"{number(-first)} and {number(-second)}.",
            f"{bracketed(-first)} {TIMES} {bracketed(-second)} = {number(product)}, and "
            f"{bracketed(-first)} + {bracketed(-second)} = {number(-total)}.",
            f"So the left side is ({polynomial((1, -first))})({polynomial((1, -second))}).",
            f"One factor is 0: {_roots({first, second})}.",
        ],
    )


def _parabola(coefficients: tuple[int, int, int], roots: Sequence[int]) -> Plane | None:
    """The parabola with some room around its roots; None where it would not fit a small plane."""
    a, b, c = coefficients
    low, high = min(*roots, 0) - 1, max(*roots, 0) + 1
    vertex = Fraction(-b, 2 * a)
    depth = (a * vertex + b) * vertex + c
    step = next((each for each in (1, 2, 5, 10) if -depth / each <= 7), None)
    if step is None or high - low > 12 or depth >= 0:
        return None
    bottom = -step * (-depth // step + 1)
    graph = Graph(coefficients=[str(each) for each in coefficients], equation=f"y = {polynomial(coefficients)}")
    return Plane(left=low, right=high, bottom=int(bottom), top=5 * step, step_y=step, graphs=[graph])


def _seen(rng: random.Random, grade: int) -> Task | None:
    """The roots of a quadratic equation to be read off its parabola."""
    first, second = sorted((rng.randint(-5, 5), rng.randint(-5, 5)))
    if second - first < 2 or first == -second:
        return None
    coefficients = (1, -first - second, first * second)
    drawing = _parabola(coefficients, (first, second))
    if drawing is None:
        return None
    left = polynomial(coefficients)
    slips: list[set[int]] = [{-first, -second}, {first, -second}, {-first, second}]
    return read_off(
        drawing,
        "Where does the parabola cross the x-axis?",
        term=f"parabola of {left}",
        wrong=(_roots(each) for each in slips),
        why=(
            "Where the parabola crosses the x-axis, y is 0.",
            f"That is at {_roots({first, second})}.",
            f"The parabola is y = {left}, so these are the roots of {left} = 0.",
        ),
        holds=lambda text: _solve(left, text),
        kinds=("short", "choice"),
    )


def _formula(rng: random.Random, grade: int) -> Task | None:
    a = rng.choice((2, 3, 4, 5))
    whole, above = rng.choice((-1, 1)) * rng.randint(1, 6), rng.choice((-1, 1)) * rng.randint(1, 9)
    other = Fraction(above, a)
    if other.denominator != a or other == whole:
        return None
    # a(x - whole)(x - above/a)
    b, c = -(a * whole + above), whole * above
    if b == 0:
        return None
    left = polynomial((a, b, c))
    inside = b * b - 4 * a * c
    root = isqrt(inside)
    roots = {Fraction(whole), other}
    slips = [{-each for each in roots}, {each * a for each in roots}, {Fraction(whole), 1 / other}]
    slips += [{each * 2 for each in roots}]
    equation = f"{left} = 0"
    return Task(
        term=equation,
        ask=f"Solve {equation} with the quadratic formula.",
        answer=_roots(roots),
        wrong=tuple(dict.fromkeys(_roots(each) for each in slips)),
        why=(
            f"Here a is {a}, b is {number(b)} and c is {number(c)}.",
            f"Under the root: {bracketed(b)}² {MINUS} 4 {TIMES} {a} {TIMES} {bracketed(c)} = {inside}, "
            f"and {ROOT}{inside} = {root}.",
            f"x is ({number(-b)} + {root}) {DIVIDED} {2 * a} or ({number(-b)} {MINUS} {root}) {DIVIDED} {2 * a}.",
            f"That gives {_roots(roots)}.",
        ),
        holds=lambda text: _solve(left, text),
        label=equation,
        says=f"The equation {equation} is solved by {{}}.",
        match_stem="Match each equation to its roots.",
    )


_COUNTS = ("no real root", "one real root", "two real roots")


def _how_many(rng: random.Random, grade: int) -> Task | None:
    a, c = rng.choice((1, 1, 2, 3)), rng.randint(-9, 9)
    b = rng.choice((-1, 1)) * rng.randint(1, 9)
    if rng.random() < 0.4:
        root = rng.choice((-1, 1)) * rng.randint(1, 7)
        a, b, c = 1, -2 * root, root * root
    if c == 0:
        return None
    inside = b * b - 4 * a * c
    left = polynomial((a, b, c))
    sign = "less than 0" if inside < 0 else "0" if inside == 0 else "more than 0"
    count = 0 if inside < 0 else 1 if inside == 0 else 2

    def holds(text: str) -> bool:
        # The lowest value, at the vertex: below the axis there are two roots, on it one, above it none.
        lowest = value_of(left, {"x": Fraction(-b, 2 * a)})
        return text == _COUNTS[2 if lowest < 0 else 1 if lowest == 0 else 0]

    return Task(
        term=f"number of roots of {left} = 0",
        ask=f"How many real roots has {left} = 0?",
        answer=_COUNTS[count],
        wrong=tuple(each for each in _COUNTS if each != _COUNTS[count]),
        why=(
            f"The discriminant is {bracketed(b)}² {MINUS} 4 {TIMES} {a} {TIMES} {bracketed(c)} = {number(inside)}.",
            f"It is {sign}, so there is {_COUNTS[count]}." if count < 2 else f"It is {sign}: {_COUNTS[count]}.",
        ),
        holds=holds,
        says=f"The equation {left} = 0 has {{}}.",
        kinds=("choice",),
        bloom="analyze",
    )


SKILL = described("quadratic-equations", _pure, _common_factor, _factoring, _seen, _formula, _how_many)
