"""Angles around a corner, with or without the scale of a protractor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Label, Readable
from lessongen.lesson.drawings.canvas import HEAVY, WIDTH, Canvas
from lessongen.lesson.drawings.turning import turned
from lessongen.lesson.statement import Model

_ARM, _SCALE, _FULL = 112.0, 104.0, 360
_DEGREES = re.compile(r"([0-9]+)°")
_NAMES = {90: "right", 180: "straight"}


class Opening(Model):
    """One angle."""

    degrees: int = Field(ge=1, le=360)
    label: Label = ""


class Angle(Drawing):
    """Angles side by side around one corner, the first from the arm that points right, against the clock."""

    kind: Literal["angle"] = "angle"
    openings: list[Opening] = Field(min_length=1, max_length=4)
    has_scale: bool = Field(default=False, description="with the degrees of a protractor, of one angle up to 180°")

    @property
    def alternative(self) -> str:
        """What is marked, and where the arms stand."""
        around = {180: " on a straight line", 360: " around a point"}.get(self._whole, "")
        if self.has_scale:
            at = self.openings[0].degrees
            low, rest = at // 10 * 10, at % 10
            where = f"at {low}°" if rest == 0 else f"{rest} small parts after {low}°"
            return f"An angle on a protractor. One arm lies at 0°, the other {where}; each small part is 1°."
        if len(self.openings) == 1:
            opening = self.openings[0]
            marked = f", marked {opening.label}" if opening.label else ""
            return f"An angle{marked}. {_look(opening.degrees)}"
        told = " ".join(
            f"{_ordinal(at)} is marked {each.label}." for at, each in enumerate(self.openings) if each.label
        )
        return f"{len(self.openings)} angles side by side{around}. {told}".strip()

    @property
    def _whole(self) -> int:
        return sum(each.degrees for each in self.openings)

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        if self.has_scale:
            return [[f"{self.openings[0].degrees}°"]]
        return [[each.label] for each in self.openings if each.label and each.label != "?"]

    @property
    def readable(self) -> Sequence[Readable]:
        if len(self.openings) > 1:
            return ()
        size = self.openings[0].degrees
        found = [
            Readable(
                ask="What kind of angle is this: acute, right, obtuse, straight or reflex?",
                answer=kind_of(size),
                says="The angle in the drawing is {}.",
            )
        ]
        if self.has_scale:
            found.append(
                Readable(ask="How large is the angle?", answer=f"{size}°", says="The angle in the drawing is {} large.")
            )
        return found

    def faults(self) -> Iterator[str]:
        """The angles fit around a corner, and their labels are true."""
        if self._whole > _FULL:
            yield f"angles of {self._whole}° in all do not fit around a corner"
        if self.has_scale and (len(self.openings) > 1 or self._whole > 180):
            yield "a protractor measures one angle up to 180°"
        for each in self.openings:
            told = _DEGREES.fullmatch(each.label)
            if told and int(told[1]) != each.degrees:
                yield f"an angle of {each.degrees}° is marked {each.label}"

    # ------------------------------------------------------------ drawn

    def draw(self) -> Canvas:
        """The arms, an arc for each angle, a mark in a right one."""
        is_low = self._whole <= 180
        up = _ARM + 16 + (14 if self.has_scale else 0)
        canvas = Canvas(up + (18 if is_low else _ARM + 8))
        corner = (WIDTH / 2, up)
        if self.has_scale:
            self._draw_scale(canvas, corner)
        canvas.line(corner, turned(corner, _ARM, 0), width=HEAVY)
        canvas.circle(corner, 2.5, solid=True)
        start = 0
        for at, each in enumerate(self.openings):
            end = start + each.degrees
            canvas.line(corner, turned(corner, _ARM, end), width=HEAVY)
            if each.degrees == 90 and not self.has_scale:
                canvas.path(
                    [turned(corner, 18, start), turned(corner, 18 * 2**0.5, start + 45), turned(corner, 18, end)]
                )
            else:
                radius = 26 + 5 * (at % 2)
                canvas.path([turned(corner, radius, start + each.degrees * part / 24) for part in range(25)])
            if each.label:
                far = 52 if each.degrees >= 30 else 78
                canvas.words(turned(corner, far, start + each.degrees / 2), each.label)
            start = end
        return canvas

    def _draw_scale(self, canvas: Canvas, corner: tuple[float, float]) -> None:
        canvas.path([turned(corner, _SCALE, angle) for angle in range(0, 181, 3)])
        canvas.line(turned(corner, _SCALE, 0), turned(corner, _SCALE, 180), faint=True)
        for angle in range(0, 181):
            long = 9 if angle % 10 == 0 else 6 if angle % 5 == 0 else 3
            canvas.line(turned(corner, _SCALE - long, angle), turned(corner, _SCALE, angle), faint=long < 9)
        for angle in range(0, 181, 30):
            canvas.words(turned(corner, _SCALE + 16, angle), f"{angle}°")


def kind_of(size: int) -> str:
    """What an angle of that many degrees is called."""
    if size in _NAMES:
        return _NAMES[size]
    return "acute" if size < 90 else "obtuse" if size < 180 else "reflex"


def _look(size: int) -> str:
    """How far it is open, as one sees it: beside a quarter and a half of a turn."""
    if size in (90, 180, 360):
        turn = {90: "a quarter", 180: "a half", 360: "the whole"}[size]
        return f"Its arms are exactly {turn} of a turn apart."
    if size < 90:
        return "Its arms are less than a quarter of a turn apart."
    between = "a quarter and a half" if size < 180 else "a half and the whole"
    return f"Its arms are between {between} of a turn apart."


def _ordinal(at: int) -> str:
    return ("The first", "The second", "The third", "The fourth")[at]
