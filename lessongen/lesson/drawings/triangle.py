"""A triangle to scale, with what is known of its sides, its height and its angles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import atan2, degrees, hypot
from typing import Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Label, Number, exact
from lessongen.lesson.drawings.canvas import WIDTH, Canvas, Point, width_of
from lessongen.lesson.drawings.turning import arc, moved

_MARGIN, _TALLEST, _FLATTEST = 26.0, 170.0, 0.08
_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?[a-zµ]*")
_DEGREES = re.compile(r"([0-9]+(?:\.[0-9]+)?)°")
_CORNERS = ("left", "right", "top")


class Triangle(Drawing):
    """A triangle on a level base, its top so high above it and so far along it; labels are what one is told.

    A label that is a length or an angle has to be that of the drawing; a letter or "?" stands for what is asked.
    """

    kind: Literal["triangle"] = "triangle"
    base: Number
    height: Number
    foot: Number = Field(default="0", description="how far along the base the top is, from its left end")
    base_label: Label = ""
    left_label: Label = ""
    right_label: Label = ""
    height_label: Label = Field(default="", description="with it, the height is drawn dashed")
    angle_labels: list[Label] = Field(default_factory=list, max_length=3, description="left, right and top")

    @property
    def alternative(self) -> str:
        """Which side is how long, and where a right angle is."""
        sides = {"base": self.base_label, "left side": self.left_label, "right side": self.right_label}
        if self._right_angle is not None:
            where = f"the {_CORNERS[self._right_angle]} corner"
            opening = f"A right-angled triangle, the right angle at {where}."
        else:
            opening = "A triangle."
        told = [f"Its {name} is marked {label}." for name, label in sides.items() if label]
        if self.height_label:
            told.append(f"Its height above the base, a dashed line, is marked {self.height_label}.")
        angles = zip(_CORNERS, self.angle_labels, strict=False)
        told += [f"Its angle at the {corner} corner is marked {label}." for corner, label in angles if label]
        return " ".join([opening, *told])

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        labels = (self.base_label, self.left_label, self.right_label, self.height_label, *self.angle_labels)
        return [[each] for each in labels if each and each != "?"]

    @property
    def _corners(self) -> tuple[Point, Point, Point]:
        """Left, right and top, with y upwards."""
        base, height, foot = (float(exact(each)) for each in (self.base, self.height, self.foot))
        return (0.0, 0.0), (base, 0.0), (foot, height)

    @property
    def sides(self) -> tuple[float, float, float]:
        """How long base, left and right side are."""
        _, right, top = self._corners
        return abs(right[0]), hypot(*top), hypot(top[0] - right[0], top[1])

    @property
    def angles(self) -> tuple[float, float, float]:
        """How many degrees the left, the right and the top corner have."""
        _, right, top = self._corners
        first = degrees(atan2(top[1], top[0]))
        second = degrees(atan2(top[1], right[0] - top[0]))
        return first, second, 180 - first - second

    @property
    def _right_angle(self) -> int | None:
        return next((at for at, angle in enumerate(self.angles) if abs(angle - 90) < 0.05), None)

    def faults(self) -> Iterator[str]:
        """It has some area, and its labels are true."""
        if exact(self.base) <= 0 or exact(self.height) <= 0:
            yield "the triangle has no area"
            return
        _, high = self._size
        if high < 20 or min(self.angles) < 100 * _FLATTEST:
            yield "the triangle is too flat to be seen"
        base, left, right = self.sides
        lengths = ((self.base_label, base), (self.left_label, left), (self.right_label, right))
        for label, length in (*lengths, (self.height_label, float(exact(self.height)))):
            told = _LENGTH.fullmatch(label)
            if told and abs(float(told[1]) - length) > 0.02 * length:
                yield f"a side that is {length:.4g} long is marked {label}"
        for label, angle in zip(self.angle_labels, self.angles, strict=False):
            measured = _DEGREES.fullmatch(label)
            if measured and abs(float(measured[1]) - angle) > 1:
                yield f"an angle of {angle:.0f}° is marked {label}"

    # ------------------------------------------------------------ drawn

    @property
    def _size(self) -> tuple[float, float]:
        """Pixels for one, and how high it is drawn."""
        _, (base, _), (foot, height) = self._corners
        wide = max(base, foot) - min(0.0, foot)
        outside = self.height_label if not 0 < foot < base else ""
        beside = 2 * _MARGIN + max(map(width_of, (self.left_label, self.right_label, outside))) * 1.2
        scale = min((WIDTH - beside) / max(wide, 1e-9), _TALLEST / max(height, 1e-9))
        return scale, height * scale

    def draw(self) -> Canvas:
        """The three sides, with a mark in a right angle; labels stand outside."""
        scale, high = self._size
        canvas = Canvas(high + 2 * _MARGIN)
        xs = [x for x, _ in self._corners]
        shift = (WIDTH - (max(xs) + min(xs)) * scale) / 2
        if self.height_label and xs[2] >= xs[1]:
            shift -= width_of(self.height_label) / 2

        def placed(corner: Point) -> Point:
            return shift + corner[0] * scale, _MARGIN + high - corner[1] * scale

        left, right, top = map(placed, self._corners)
        canvas.polygon([left, right, top])
        if self.height_label:
            self._draw_height(canvas, left, right, top)
        middle = ((left[0] + right[0] + top[0]) / 3, (left[1] + right[1] + top[1]) / 3)
        for label, start, end in (
            (self.base_label, left, right),
            (self.left_label, left, top),
            (self.right_label, right, top),
        ):
            _beside(canvas, label, start, end, middle)
        corners = (left, right, top)
        for at, corner in enumerate(corners):
            others = [other for place, other in enumerate(corners) if place != at]
            if at == self._right_angle:
                one, other = (moved(corner, each, 12) for each in others)
                canvas.path([one, (one[0] + other[0] - corner[0], one[1] + other[1] - corner[1]), other])
            label = self.angle_labels[at] if at < len(self.angle_labels) else ""
            if label and at != self._right_angle:
                canvas.path(arc(corner, 22, others[0], others[1]))
            if label and not (at == self._right_angle and label == "90°"):
                canvas.words(moved(corner, middle, 40), label)
        return canvas

    def _draw_height(self, canvas: Canvas, left: Point, right: Point, top: Point) -> None:
        foot = (top[0], left[1])
        canvas.line(top, foot, dashed=True)
        if not left[0] <= foot[0] <= right[0]:
            canvas.line(foot, left if foot[0] < left[0] else right, dashed=True)
        if left[0] < foot[0] < right[0]:
            canvas.path([(foot[0] + 10, foot[1]), (foot[0] + 10, foot[1] - 10), (foot[0], foot[1] - 10)])
        canvas.words((foot[0] + 6, (top[1] + foot[1]) / 2 + 8), self.height_label, anchor="start")


def _beside(canvas: Canvas, label: str, start: Point, end: Point, middle: Point) -> None:
    """A label at the middle of a side, on the side away from the middle of the shape."""
    if not label:
        return
    at = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    nx, ny = end[1] - start[1], start[0] - end[0]
    size = hypot(nx, ny) or 1.0
    if (at[0] - middle[0]) * nx + (at[1] - middle[1]) * ny < 0:
        nx, ny = -nx, -ny
    x, y = at[0] + nx / size * 8, at[1] + ny / size * 14
    across = nx / size
    canvas.words((x, y), label, anchor="end" if across < -0.3 else "start" if across > 0.3 else "middle")
