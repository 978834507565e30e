"""Angles: on a line, at a point, in a triangle and other shapes, where lines cross or are parallel."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import radians, tan

from lessongen.lesson.drawings.angle import Angle, Opening
from lessongen.lesson.drawings.base import Drawing
from lessongen.lesson.drawings.triangle import Triangle
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.measuring import asked, measured
from lessongen.writers.computed.writing import DIVIDED, MINUS, TIMES, listed

_HALF, _WHOLE = 180, 360


def _angle(rng: random.Random, grade: int, low: int, high: int) -> int:
    """To the next five in lower grades."""
    return rng.randint(low, high) if grade > 6 else rng.randint(-(-low // 5), high // 5) * 5


def _side_by_side(*angles: tuple[int, str]) -> Angle:
    return Angle(openings=[Opening(degrees=size, label=label) for size, label in angles])


def _last_of(whole: int, known: Sequence[int]) -> Angle | None:
    """The known angles side by side, and the one that is asked for."""
    rest = whole - sum(known)
    return _side_by_side(*((each, f"{each}°") for each in known), (rest, "?")) if rest > 0 else None


def _triangular(left: int, right: int, labels: Sequence[str]) -> Triangle:
    """A triangle with those angles at its base; the labels are of left, right and top."""
    steep, other = tan(radians(left)), tan(radians(right))
    foot = 0.0 if left == 90 else 100.0 if right == 90 else 100 * other / (steep + other)
    height = 100 * other if left == 90 else foot * steep
    return Triangle(base="100", height=f"{height:.3f}", foot=f"{foot:.3f}", angle_labels=list(labels))


def _rest_of(
    whole: int,
    known: Sequence[int],
    *,
    where: str,
    rule: str,
    term: str,
    slips: Sequence[int],
    drawing: Drawing | None = None,
) -> Task | None:
    """The last of the angles that make up the whole."""
    answer = whole - sum(known)
    if answer < 10 or answer in known:
        return None
    shown = listed([f"{each}°" for each in known])
    rest = "last" if len(known) > 1 else "other"
    task = asked(
        f"{term} beside {', '.join(map(str, known))}",
        f"{where} {shown}. How large is the {rest} one?",
        (
            rule,
            *([f"{' + '.join(map(str, known))} = {sum(known)}."] if len(known) > 1 else []),
            f"{whole} {MINUS} {sum(known)} = {answer}, in degrees.",
        ),
        label=f"{term}: {shown}",
        says=f"{where} {shown}. The {rest} one has {{}}.",
        match_stem="Match the known angles to the last one.",
        drawing=drawing,
    )
    other = _HALF + _WHOLE - whole - sum(known)
    return measured(
        task, answer, "°", slips=(*slips, sum(known), other), fits=lambda x: sum(known, start=Fraction(x)) == whole
    )


def _on_line(rng: random.Random, grade: int) -> Task | None:
    known = (
        [_angle(rng, grade, 20, 150)] if grade < 6 or rng.random() < 0.5 else [_angle(rng, grade, 20, 80) for _ in "ab"]
    )
    count = {1: "Two", 2: "Three"}[len(known)]
    return _rest_of(
        _HALF,
        known,
        where=f"{count} angles lie side by side on a straight line. {'One has' if len(known) == 1 else 'Two have'}",
        rule="Angles on a straight line add up to 180°.",
        term="on a line",
        slips=(abs(90 - sum(known)), _WHOLE - sum(known)),
        drawing=_last_of(_HALF, known),
    )


def _at_point(rng: random.Random, grade: int) -> Task | None:
    known = [_angle(rng, grade, 40, 140) for _ in range(rng.randint(2, 3))]
    count = {2: "Three", 3: "Four"}[len(known)]
    return _rest_of(
        _WHOLE,
        known,
        where=f"{count} angles lie around a point. {'Two' if len(known) == 2 else 'Three'} have",
        rule="Angles around a point add up to 360°.",
        term="at a point",
        slips=(abs(_HALF - sum(known)), _WHOLE - known[0]),
        drawing=_last_of(_WHOLE, known),
    )


def _in_triangle(rng: random.Random, grade: int) -> Task | None:
    known = [_angle(rng, grade, 20, 110) for _ in "ab"]
    return _rest_of(
        _HALF,
        known,
        where="Two angles of a triangle have",
        rule="The angles of a triangle add up to 180°.",
        term="in a triangle",
        slips=(_WHOLE - sum(known), abs(known[0] - known[1]), _HALF - known[0]),
        drawing=_triangular(known[0], known[1], [*(f"{each}°" for each in known), "?"]) if sum(known) < _HALF else None,
    )


def _in_quadrilateral(rng: random.Random, grade: int) -> Task | None:
    known = [_angle(rng, grade, 50, 130) for _ in "abc"]
    return _rest_of(
        _WHOLE,
        known,
        where="Three angles of a quadrilateral have",
        rule="A quadrilateral is two triangles, so its angles add up to 360°.",
        term="in a quadrilateral",
        slips=(abs(_HALF - sum(known)), _WHOLE - known[0]),
    )


def _isosceles(rng: random.Random, grade: int) -> Task | None:
    """From the angle at the top to those at the base, and back."""
    base = _angle(rng, grade, 25, 80)
    top = _HALF - 2 * base
    if top == base:
        return None
    if rng.random() < 0.5:
        task = asked(
            f"base angle under {top}",
            f"The two equal sides of an isosceles triangle meet at {top}°. How large is each of the other two angles?",
            (
                "The other two angles are equal, and all three add up to 180°.",
                f"{_HALF} {MINUS} {top} = {_HALF - top}.",
                f"{_HALF - top} {DIVIDED} 2 = {base}, in degrees.",
            ),
            label=f"{top}° between the equal sides",
            says=f"Where the equal sides of an isosceles triangle meet at {top}°, each of the other angles has {{}}.",
            match_stem="Match the known angle of each isosceles triangle to the one asked for.",
            drawing=_triangular(base, base, ("?", "?", f"{top}°")),
        )
        slips = (_HALF - top, top, (_WHOLE - top) // 2)
        return measured(task, base, "°", slips=slips, fits=lambda x: top + x + x == _HALF)
    task = asked(
        f"top angle over {base}",
        f"Each of the two equal angles of an isosceles triangle has {base}°. How large is the third angle?",
        (
            "The equal angles are two of the three that add up to 180°.",
            f"2 {TIMES} {base} = {2 * base}.",
            f"{_HALF} {MINUS} {2 * base} = {top}, in degrees.",
        ),
        label=f"{base}° twice",
        says=f"An isosceles triangle with two angles of {base}° has a third angle of {{}}.",
        match_stem="Match the known angle of each isosceles triangle to the one asked for.",
        drawing=_triangular(base, base, (f"{base}°", f"{base}°", "?")),
    )
    return measured(task, top, "°", slips=(_HALF - base, base, 2 * base), fits=lambda x: (_HALF - x) / 2 == base)


def _exterior(rng: random.Random, grade: int) -> Task | None:
    one, other = _angle(rng, grade, 25, 80), _angle(rng, grade, 25, 80)
    if one == other:
        return None
    task = asked(
        f"exterior of {one} and {other}",
        f"Two angles of a triangle have {one}° and {other}°. How large is the exterior angle at the third corner?",
        (
            f"The third angle of the triangle: {_HALF} {MINUS} {one} {MINUS} {other} = {_HALF - one - other}.",
            f"With the exterior angle it makes a straight line: {_HALF} {MINUS} {_HALF - one - other} = {one + other}.",
        ),
        label=f"{one}° and {other}°",
        says=f"Beside two angles of {one}° and {other}° a triangle has a third exterior angle of {{}}.",
        match_stem="Match two angles of each triangle to the exterior angle at its third corner.",
    )
    slips = (_HALF - one - other, _HALF - one, _WHOLE - one - other)
    return measured(task, one + other, "°", slips=slips, fits=lambda x: x - one == other)


def _crossing(rng: random.Random, grade: int) -> Task | None:
    known = _angle(rng, grade, 25, 155)
    if known == 90:
        return None
    if rng.random() < 0.5:
        asked_for, answer, why = "opposite it", known, (
            "Each of both angles makes a straight line with the angle between them.",
            f"So both are {_HALF} {MINUS} {_HALF - known} = {known}, in degrees.",
        )  # fmt: skip
    else:
        asked_for, answer, why = "next to it", _HALF - known, (
            "Both angles together make a straight line, which is 180°.",
            f"{_HALF} {MINUS} {known} = {_HALF - known}, in degrees.",
        )  # fmt: skip
    labels = (f"{known}°", "", "?", "") if answer == known else (f"{known}°", "?", "", "")
    around = zip((known, _HALF - known) * 2, labels, strict=True)
    task = _same_or_rest("Two straight lines cross", known, asked_for, answer, why, _side_by_side(*around))
    return replace(task, way=asked_for)


_AT_PARALLELS = {
    "corresponding": ("corresponding to it", True, "Corresponding angles at parallel lines are equal."),
    "alternate": ("alternate to it", True, "Alternate angles at parallel lines are equal."),
    "co-interior": (
        "on the same side between the parallel lines",
        False,
        "Two angles on the same side between parallel lines add up to 180°.",
    ),
}


def _at_parallels(rng: random.Random, grade: int) -> Task | None:
    known = _angle(rng, grade, 25, 155)
    if known == 90:
        return None
    asked_for, is_equal, rule = rng.choice(list(_AT_PARALLELS.values()))
    answer = known if is_equal else _HALF - known
    so = f"So it has {known}°, too." if is_equal else f"{_HALF} {MINUS} {known} = {answer}, in degrees."
    return replace(_same_or_rest("A line crosses two parallel lines", known, asked_for, answer, (rule, so)), way=rule)


def _same_or_rest(
    where: str, known: int, asked_for: str, answer: int, why: tuple[str, ...], drawing: Drawing | None = None
) -> Task:
    task = asked(
        f"{where}: {asked_for} {known}",
        f"{where}. One angle has {known}°. How large is the angle {asked_for}?",
        why,
        label=f"{known}°, the angle {asked_for}",
        says=f"{where}. One angle has {known}°. The angle {asked_for} has {{}}.",
        match_stem=f"{where}. Match each angle to the other one asked for.",
        drawing=drawing,
    )
    turned = known if "opposite" in asked_for or "corresponding" in asked_for or "alternate" in asked_for else -known
    slips = (_HALF - answer, abs(90 - known), _WHOLE - known)
    return measured(task, answer, "°", slips=slips, fits=lambda x: 0 < x < _HALF and (x - turned) % _HALF == 0)


SKILL = described(
    "angles", _on_line, _at_point, _in_triangle, _crossing, _isosceles, _in_quadrilateral, _at_parallels, _exterior
)
