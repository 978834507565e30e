"""Points on circles and along lines; y goes down, angles go from the right against the clock."""

from __future__ import annotations

from math import atan2, cos, hypot, pi, radians, sin

from lessongen.lesson.drawings.canvas import Point


def turned(centre: Point, radius: float, angle: float) -> Point:
    """The point so far from the centre, at an angle in degrees."""
    return centre[0] + radius * cos(radians(angle)), centre[1] - radius * sin(radians(angle))


def moved(start: Point, towards: Point, far: float) -> Point:
    """The point so far from the start on the way to another one."""
    length = hypot(towards[0] - start[0], towards[1] - start[1]) or 1.0
    return start[0] + (towards[0] - start[0]) / length * far, start[1] + (towards[1] - start[1]) / length * far


def arc(corner: Point, radius: float, one: Point, other: Point) -> list[Point]:
    """The arc around a corner from the way to one point to the way to another, by the smaller angle."""
    first, second = (atan2(corner[1] - each[1], each[0] - corner[0]) for each in (one, other))
    turn = (second - first + pi) % (2 * pi) - pi
    angles = [(first + turn * at / 12) * 180 / pi for at in range(13)]
    return [turned(corner, radius, angle) for angle in angles]
