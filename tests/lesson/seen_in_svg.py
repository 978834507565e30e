"""Drawings read with nothing but their SVG: where lines, circles and words are, as an eye or a ruler would find it.

Nothing here knows the data that a drawing was made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import atan2, degrees, hypot
from xml.etree import ElementTree

_MINUS = "\N{MINUS SIGN}"
_SVG = "{http://www.w3.org/2000/svg}"
Point = tuple[float, float]


@dataclass(frozen=True)
class Word:
    at: Point
    text: str
    anchor: str
    is_bold: bool

    @property
    def value(self) -> float | None:
        """The number that it is, with the printed minus."""
        found = re.fullmatch(f"{_MINUS}?[0-9]+([.][0-9]+)?", self.text)
        return float(self.text.replace(_MINUS, "-")) if found else None


class Seen:
    """What is in an SVG."""

    def __init__(self, svg: str) -> None:
        self.root = ElementTree.fromstring(svg)  # noqa: S314 - made here

    def _all(self, name: str) -> Iterator[dict[str, str]]:
        yield from (each.attrib for each in self.root.iter(f"{_SVG}{name}"))

    @cached_property
    def words(self) -> list[Word]:
        return [
            Word(
                (float(each.attrib["x"]), float(each.attrib["y"])),
                each.text or "",
                each.attrib.get("text-anchor", "start"),
                "font-weight" in each.attrib,
            )
            for each in self.root.iter(f"{_SVG}text")
        ]

    @property
    def boxes(self) -> list[tuple[float, float, float, float, bool]]:
        """Left, top, width, height, and whether it is filled."""
        names = ("x", "y", "width", "height")
        return [(*(float(each[name]) for name in names), "fill" in each) for each in self._all("rect")]  # type: ignore[misc]

    @property
    def dots(self) -> list[Point]:
        return [(float(each["cx"]), float(each["cy"])) for each in self._all("circle") if "fill" in each]

    def lines(self, width: str) -> list[tuple[Point, Point]]:
        return [
            ((float(each["x1"]), float(each["y1"])), (float(each["x2"]), float(each["y2"])))
            for each in self._all("line")
            if each.get("stroke-width", "1.5") == width
        ]

    def curves(self, width: str) -> list[list[Point]]:
        return [_points(each["points"]) for each in self._all("polyline") if each.get("stroke-width", "1.5") == width]

    @property
    def polygon(self) -> list[Point]:
        (only,) = self._all("polygon")
        return _points(only["points"])

    # ------------------------------------------------------------ scales

    def along_x(self, x: float, words: list[Word] | None = None) -> float:
        """The value at a place of the level scale, by the two of its numbers that are farthest apart."""
        numbers = [(each.at[0], each.value) for each in words or self.words if each.anchor == "middle"]
        return _between(x, [(at, value) for at, value in numbers if value is not None])

    def along_y(self, y: float) -> float:
        """The same of the upright scale, whose numbers stand to its left."""
        numbers = [(each.at[1], each.value) for each in self.words if each.anchor == "end"]
        return _between(y, [(at, value) for at, value in numbers if value is not None])

    def nearest(self, name: str) -> Point:
        """The dot next to a name."""
        (at,) = [each.at for each in self.words if each.text == name]
        return min(self.dots, key=lambda dot: hypot(dot[0] - at[0], dot[1] - at[1]))


def _points(text: str) -> list[Point]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split())]


def _between(place: float, numbers: list[tuple[float, float]]) -> float:
    (start, low), (end, high) = min(numbers), max(numbers)
    return low + (place - start) / (end - start) * (high - low)


def whole(value: float) -> int:
    """The whole number that a measured value is, if it is one within the width of a line."""
    assert abs(value - round(value)) < 0.06, value
    return round(value)


# ---------------------------------------------------------------- kinds


def shaded_of_bar(svg: str) -> tuple[int, int]:
    """How many parts are shaded, and how many there are; all are of one size."""
    boxes = Seen(svg).boxes
    assert max(each[2] for each in boxes) - min(each[2] for each in boxes) < 0.02
    return sum(each[4] for each in boxes), len(boxes)


def bars_by_row(svg: str) -> dict[float, Fraction]:
    """The share of the length that is shaded, by the height at which the bar is."""
    found: dict[float, list[tuple[float, bool]]] = {}
    for _, top, wide, _, is_filled in Seen(svg).boxes:
        found.setdefault(top, []).append((wide, is_filled))
    return {
        top: Fraction(round(1000 * sum(w for w, f in parts if f) / sum(w for w, _ in parts)), 1000)
        for top, parts in found.items()
    }


def at_point(svg: str, name: str) -> float:
    """Which number is at a point of a number line."""
    seen = Seen(svg)
    return seen.along_x(seen.nearest(name)[0])


def coordinates(svg: str, name: str) -> tuple[int, int]:
    """Those of a point in a plane."""
    seen = Seen(svg)
    x, y = seen.nearest(name)
    return whole(seen.along_x(x)), whole(seen.along_y(y))


def graphs(svg: str) -> list[list[tuple[float, float]]]:
    """The heavy curves in a plane, in its coordinates."""
    seen = Seen(svg)
    return [[(seen.along_x(x), seen.along_y(y)) for x, y in curve] for curve in seen.curves("2.5")]


def slope_and_height(line: list[tuple[float, float]]) -> tuple[float, float]:
    """The slope of a line, and where it crosses the y-axis."""
    (x, y), (u, v) = line[0], line[-1]
    slope = (v - y) / (u - x)
    return slope, y - slope * x


def roots(curve: list[tuple[float, float]]) -> list[float]:
    """Where a curve crosses the x-axis, between its neighbouring points."""
    found = []
    for (x, y), (u, v) in pairwise(curve):
        if (y <= 0 < v) or (v <= 0 < y):
            found.append(x + (u - x) * y / (y - v))
    return sorted(found)


def sides_and_angles(svg: str) -> tuple[dict[str, float], dict[str, float]]:
    """Of a triangle: the length of each side and the size of each angle, by the label that is nearest to it."""
    seen = Seen(svg)
    corners = seen.polygon
    middle = (sum(x for x, _ in corners) / 3, sum(y for _, y in corners) / 3)
    sides: dict[str, float] = {}
    angles: dict[str, float] = {}
    for word in seen.words:
        gaps = [
            (hypot((a[0] + b[0]) / 2 - word.at[0], (a[1] + b[1]) / 2 - word.at[1]), hypot(a[0] - b[0], a[1] - b[1]))
            for a, b in ((corners[0], corners[1]), (corners[0], corners[2]), (corners[1], corners[2]))
        ]
        if _is_inside(word.at, corners):
            at = min(range(3), key=lambda each: hypot(corners[each][0] - word.at[0], corners[each][1] - word.at[1]))
            one, other = (corners[each] for each in range(3) if each != at)
            angles[word.text] = opening(corners[at], one, other)
        else:
            sides[word.text] = min(gaps)[1]
    assert _is_inside(middle, corners)
    return sides, angles


def _is_inside(at: Point, corners: list[Point]) -> bool:
    signs = [
        (b[0] - a[0]) * (at[1] - a[1]) - (b[1] - a[1]) * (at[0] - a[0])
        for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)
    ]
    return all(each > 0 for each in signs) or all(each < 0 for each in signs)


def opening(corner: Point, one: Point, other: Point) -> float:
    """The angle between two arms, up to 180°."""
    first, second = (degrees(atan2(corner[1] - each[1], each[0] - corner[0])) % 360 for each in (one, other))
    turn = abs(first - second)
    return min(turn, 360 - turn)


def arms(svg: str) -> list[float]:
    """The directions of the heavy arms, in degrees against the clock from the right, in the order drawn."""
    return [degrees(atan2(start[1] - end[1], end[0] - start[0])) % 360 for start, end in Seen(svg).lines("2.5")]


def on_protractor(svg: str) -> float:
    """What the scale of a protractor says at the arm that is not level, by the two printed numbers beside it."""
    seen = Seen(svg)
    (start, _), *_ = seen.lines("2.5")
    by_direction = sorted(
        (degrees(atan2(start[1] - word.at[1], word.at[0] - start[0])) % 360, float(word.text.rstrip("°")))
        for word in seen.words
        if word.text.endswith("°")
    )
    direction = arms(svg)[1]
    low = max(each for each in by_direction if each[0] <= direction + 1e-6)
    high = min(each for each in by_direction if each[0] >= direction - 1e-6)
    if low == high:
        return low[1]
    return low[1] + (direction - low[0]) / (high[0] - low[0]) * (high[1] - low[1])


def columns(svg: str) -> dict[str, float]:
    """Of a bar chart: how high each bar is by the scale, by the name under it."""
    seen = Seen(svg)
    names = [each for each in seen.words if each.anchor == "middle"]
    return {
        min(names, key=lambda word: abs(word.at[0] - (left + wide / 2))).text: seen.along_y(top)
        for left, top, wide, _, _ in seen.boxes
    }


def values_of_dots(svg: str) -> list[int]:
    """Of a dot plot: the values, ascending."""
    seen = Seen(svg)
    return sorted(whole(seen.along_x(x)) for x, _ in seen.dots)


def time_of_hands(svg: str) -> tuple[int, int]:
    """Hour and minute: where the long hand is on the round, and after which hour the short one is."""
    seen = Seen(svg)
    short, long = (
        next((start, end) for start, end in seen.lines(width) if (start == seen.dots[0])) for width in ("5", "2.5")
    )
    assert hypot(short[1][0] - short[0][0], short[1][1] - short[0][1]) < hypot(
        long[1][0] - long[0][0], long[1][1] - long[0][1]
    )
    turns = [(90 - degrees(atan2(start[1] - end[1], end[0] - start[0]))) % 360 / 360 for start, end in (short, long)]
    minute = round(turns[1] * 60) % 60
    hour = round(turns[0] * 12 - minute / 60) % 12
    return hour or 12, minute


def filled_squares(svg: str) -> int:
    """How many boxes are filled; all are squares of one size."""
    boxes = Seen(svg).boxes
    assert len({(round(each[2], 1), round(each[3], 1)) for each in boxes}) == 1
    return sum(each[4] for each in boxes)
