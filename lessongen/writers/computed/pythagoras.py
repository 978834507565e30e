"""The Pythagorean theorem: the hypotenuse, a leg, whether a triangle is right-angled, distances."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache
from math import gcd, isqrt

from lessongen.lesson.drawings.plane import Plane, Spot
from lessongen.lesson.drawings.triangle import Triangle
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.measuring import asked, measured
from lessongen.writers.computed.writing import MINUS, ROOT, number

_TRIPLES = [
    (m * m - n * n, 2 * m * n, m * m + n * n)
    for m in range(2, 7)
    for n in range(1, m)
    if gcd(m, n) == 1 and (m - n) % 2
]


def _sides(rng: random.Random, grade: int) -> tuple[int, int, int]:
    """Two legs and the hypotenuse."""
    a, b, c = rng.choice([each for each in _TRIPLES if each[2] <= (17 if grade < 7 else 29 if grade < 9 else 61)])
    by = rng.randint(1, max(1, (30 if grade < 7 else 60 if grade < 9 else 100) // c))
    return (a * by, b * by, c * by) if rng.random() < 0.5 else (b * by, a * by, c * by)


def _to_hypotenuse(a: int, b: int, c: int) -> tuple[str, ...]:
    return (
        "The side asked for lies opposite the right angle, so the squares of the other two are added.",
        f"{a}² + {b}² = {a * a} + {b * b} = {c * c}.",
        f"The side is the square root: {ROOT}{c * c} = {c}.",
    )


def _to_leg(a: int, b: int, c: int) -> tuple[str, ...]:
    return (
        f"The longest side, {c}, lies opposite the right angle, so the square of the known leg is subtracted.",
        f"{c}² {MINUS} {a}² = {c * c} {MINUS} {a * a} = {b * b}.",
        f"The side is the square root: {ROOT}{b * b} = {b}.",
    )


def _hypotenuse_of(a: int, b: int, c: int, unit: str, task: Task) -> Task:
    # The square on a + b is that on the hypotenuse and four triangles.
    return measured(
        task,
        c,
        f" {unit}",
        slips=(a + b, a * a + b * b, f"{ROOT}{abs(a * a - b * b)} {unit}"),
        fits=lambda x: x * x + 2 * a * b == (a + b) ** 2,
    )


def _leg_of(a: int, b: int, c: int, unit: str, task: Task) -> Task:
    slips = (c - a, f"{ROOT}{c * c + a * a} {unit}", c * c - a * a, c + a)
    return measured(task, b, f" {unit}", slips=slips, fits=lambda x: x * x == (c - a) * (c + a))


def _drawn(a: int, b: int, sides: tuple[str, str, str]) -> Triangle:
    """A right triangle with legs along the base and upwards, and what is told of base, upright leg and hypotenuse."""
    base, upright, longest = sides
    return Triangle(base=str(a), height=str(b), base_label=base, left_label=upright, right_label=longest)


def _hypotenuse(rng: random.Random, grade: int) -> Task | None:
    return _of_hypotenuse(*_sides(rng, grade))


# Young students have few triples: where ten exercises are asked for, each is drawn some hundred times.
@lru_cache(maxsize=512)
def _of_hypotenuse(a: int, b: int, c: int) -> Task:
    task = asked(
        f"hypotenuse of {min(a, b)} and {max(a, b)}",
        f"The legs of a right triangle are {a} cm and {b} cm long. How long is its hypotenuse?",
        _to_hypotenuse(a, b, c),
        label=f"legs {a} cm and {b} cm",
        says=f"A right triangle with legs of {a} cm and {b} cm has a hypotenuse of {{}}.",
        match_stem="Match the legs of each right triangle to its hypotenuse.",
        drawing=_drawn(a, b, (f"{a} cm", f"{b} cm", "?")),
    )
    return _hypotenuse_of(a, b, c, "cm", task)


def _leg(rng: random.Random, grade: int) -> Task | None:
    return _of_leg(*_sides(rng, grade))


@lru_cache(maxsize=512)
def _of_leg(a: int, b: int, c: int) -> Task:
    task = asked(
        f"leg beside {a} under {c}",
        f"The hypotenuse of a right triangle is {c} cm long, one leg {a} cm. How long is the other leg?",
        _to_leg(a, b, c),
        label=f"hypotenuse {c} cm, leg {a} cm",
        says=f"In a right triangle with a hypotenuse of {c} cm and a leg of {a} cm the other leg is {{}} long.",
        match_stem="Match the two sides of each right triangle to its other leg.",
        drawing=_drawn(a, b, (f"{a} cm", "?", f"{c} cm")),
    )
    return _leg_of(a, b, c, "cm", task)


def _story(rng: random.Random, grade: int) -> Task | None:
    a, b, c = _sides(rng, grade)
    finds_leg, story = rng.choice(
        (
            (True, f"A ladder of {c} m leans against a wall. Its foot is {a} m from the wall. How high does it reach?"),
            (True, f"A kite flies on a tight string of {c} m, above a spot {a} m away. How high does it fly?"),
            (True, f"The screen of a hall is {a} m high and measures {c} m from corner to corner. How wide is it?"),
            (False, f"A rectangular field is {a} m long and {b} m wide. How long is the path from corner to corner?"),
            (False, f"A ship sails {a} km east, then {b} km north. How far is it from where it began?"),
            (False, f"A mast {a} m high is held by a rope fixed {b} m from its foot. How long is the rope?"),
        )
    )  # fmt: skip
    return _told(story, a, b, c, finds_leg)


@lru_cache(maxsize=512)
def _told(story: str, a: int, b: int, c: int, finds_leg: bool) -> Task:
    unit = "km" if "ship" in story else "m"
    term = f"{story.split()[1]} with {a} and {c if finds_leg else b}"
    if finds_leg:
        known = _drawn(a, b, (f"{a} {unit}", "?", f"{c} {unit}"))
        return _leg_of(a, b, c, unit, asked(term, story, _to_leg(a, b, c), illustration=known))
    known = _drawn(a, b, (f"{a} {unit}", f"{b} {unit}", "?"))
    return _hypotenuse_of(a, b, c, unit, asked(term, story, _to_hypotenuse(a, b, c), illustration=known))


def _sound(triples: Sequence[tuple[int, int, int]]) -> tuple[str, ...]:
    """The triples as sides of triangles without a right angle; nothing where one of them is none."""
    fits = all(x < y < z < x + y and x * x + y * y != z * z for x, y, z in triples)
    return tuple(f"{x}, {y}, {z} cm" for x, y, z in triples) if fits else ()


def _is_right(rng: random.Random, grade: int) -> Task | None:
    """From the sides back to the angle."""
    return _of_angle(*sorted(_sides(rng, grade)))


@lru_cache(maxsize=512)
def _of_angle(a: int, b: int, c: int) -> Task:
    # Each leg stands beside each other one once, so that no side is right for being seen most often.
    near = [[(x, b, c), (a, y, c), (x, y, c)] for x in (a + 1, a - 1) for y in (b - 1, b + 1)]

    def holds(text: str) -> bool:
        one, other, longest = sorted(int(each) for each in text.removesuffix(" cm").split(", "))
        return one**2 + other**2 == longest**2

    return Task(
        term=f"right angle of {a}, {b}, {c}",
        ask=f"Which of these triples of sides, the longest of {c} cm, makes a right triangle?",
        answer=f"{a}, {b}, {c} cm",
        wrong=next(filter(None, map(_sound, near)), ()),
        why=(
            "A triangle is right-angled when the squares of its two shorter sides add up to that of the longest.",
            f"{a}² + {b}² = {a * a} + {b * b} = {c * c} = {c}².",
        ),
        holds=holds,
        says="A triangle with the sides {} has a right angle.",
        kinds=("choice",),
        bloom="analyze",
    )


def _in_plane(points: Sequence[tuple[int, int]]) -> Plane:
    (left, right), (bottom, top) = (sorted(each) for each in zip(*points, strict=True))
    spots = [Spot(name=name, x=str(x), y=str(y)) for name, (x, y) in zip("AB", points, strict=True)]
    return Plane(left=left - 1, right=right + 1, bottom=bottom - 1, top=top + 1, spots=spots)


def _distance(rng: random.Random, grade: int) -> Task | None:
    a, b, c = rng.choice(_TRIPLES[:5])
    x, y = rng.randint(-6, 6), rng.randint(-6, 6)
    corners = (x, y), (x + rng.choice((a, -a)), y + rng.choice((b, -b)))
    start, end = (f"({number(px)}, {number(py)})" for px, py in corners)
    task = asked(
        f"distance from {start} to {end}",
        f"How far is the point {start} from the point {end}?",
        (
            f"The points are {a} apart across and {b} apart up or down, the legs of a right triangle.",
            *_to_hypotenuse(a, b, c)[1:],
        ),
        label=f"{start} and {end}",
        says=f"The distance from {start} to {end} is {{}}.",
        match_stem="Match each pair of points to their distance.",
        illustration=_in_plane(corners),
    )
    return measured(task, c, "", slips=(a + b, c * c, max(a, b)), fits=lambda d: d * d + 2 * a * b == (a + b) ** 2)


def _as_root(rng: random.Random, grade: int) -> Task | None:
    """Where the sides are not whole."""
    a, b = rng.sample(range(1, 13), 2)
    square = a * a + b * b
    if isqrt(square) ** 2 == square:
        return None

    def holds(text: str) -> bool:
        told = text.removesuffix(" cm")
        return told.startswith(ROOT) and int(told[1:]) + 2 * a * b == (a + b) ** 2

    return Task(
        term=f"root of {a} and {b}",
        ask=f"The legs of a right triangle are {a} cm and {b} cm long. How long is its hypotenuse, as a square root?",
        answer=f"{ROOT}{square} cm",
        wrong=(f"{ROOT}{abs(a * a - b * b)} cm", f"{ROOT}{a + b} cm", f"{square} cm", f"{ROOT}{2 * a * b} cm"),
        why=(
            "The squares of the legs are added.",
            f"{a}² + {b}² = {a * a} + {b * b} = {square}.",
            f"No whole number has the square {square}, so the root stays as it is: {ROOT}{square} cm.",
        ),
        holds=holds,
        says=f"A right triangle with legs of {a} cm and {b} cm has a hypotenuse of {{}}.",
        kinds=("short", "choice"),
    )


SKILL = described("pythagoras", _hypotenuse, _leg, _story, _is_right, _distance, _as_root)
