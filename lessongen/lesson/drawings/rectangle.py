"""A rectangle to scale with what is known of its sides; and an area of squares to be counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Label, Number, Readable, exact
from lessongen.lesson.drawings.canvas import HEAVY, WIDTH, Canvas, width_of

_MARGIN, _TALLEST, _WIDEST_CELL = 26.0, 150.0, 24.0
_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?[a-zµ]*")


class Rectangle(Drawing):
    """A rectangle; a label that is a length has to be that of the drawing."""

    kind: Literal["rectangle"] = "rectangle"
    long: Number
    wide: Number
    long_label: Label = ""
    wide_label: Label = ""

    @property
    def alternative(self) -> str:
        """What is marked at which side."""
        sides = {"long side": self.long_label, "short side": self.wide_label}
        if exact(self.long) <= exact(self.wide):
            sides = {"level side": self.long_label, "upright side": self.wide_label}
        told = [f"its {name} marked {label}" for name, label in sides.items() if label]
        return f"A rectangle, {' and '.join(told)}." if told else "A rectangle."

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        return [[each] for each in (self.long_label, self.wide_label) if each and each != "?"]

    def faults(self) -> Iterator[str]:
        """It has some area, and its labels are true."""
        long, wide = exact(self.long), exact(self.wide)
        if long <= 0 or wide <= 0 or not 1 / 20 <= wide / long <= 20:
            yield "the rectangle is too thin to be seen"
        for label, length in ((self.long_label, long), (self.wide_label, wide)):
            told = _LENGTH.fullmatch(label)
            if told and exact(told[1]) != length:
                yield f"a side that is {length} long is marked {label}"

    def draw(self) -> Canvas:
        """The rectangle, a label above and one to the right, and a mark in a corner."""
        long, wide = (max(float(exact(each)), 1e-9) for each in (self.long, self.wide))
        scale = min((WIDTH - 2 * _MARGIN - width_of(self.wide_label)) / long, _TALLEST / wide)
        across, down = max(long * scale, 4), max(wide * scale, 4)
        canvas = Canvas(down + _MARGIN + 10)
        x = (WIDTH - across - width_of(self.wide_label)) / 2
        canvas.box((x, _MARGIN), across, down)
        if min(across, down) > 24:
            canvas.path([(x + 10, _MARGIN + down), (x + 10, _MARGIN + down - 10), (x, _MARGIN + down - 10)])
        if self.long_label:
            canvas.words((x + across / 2, _MARGIN - 12), self.long_label)
        if self.wide_label:
            canvas.words((x + across + 8, _MARGIN + down / 2), self.wide_label, anchor="start")
        return canvas


class Squares(Drawing):
    """A grid of squares, some shaded: in each row "#" for a shaded one and "." for another."""

    kind: Literal["squares"] = "squares"
    rows: list[Annotated[str, Field(pattern=r"^[#.]{1,16}$")]] = Field(min_length=1, max_length=16)
    unit: Label = Field(default="", description="what a side of a square stands for: 1 cm")

    @property
    def shaded(self) -> int:
        """How many are shaded."""
        return sum(row.count("#") for row in self.rows)

    @property
    def alternative(self) -> str:
        """Which squares of each row are shaded, so that one has to count them."""
        columns = max(map(len, self.rows))
        told = f"A grid of {len(self.rows)} rows of {columns} squares."
        scale = f" The side of a square stands for {self.unit}." if self.unit else ""
        rows = "; ".join(_places(row) for row in self.rows)
        return f"{told}{scale} The shaded squares of each row, by their places from the left: {rows}."

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        return [[str(self.shaded)], *([[self.unit]] if self.unit else [])]

    @property
    def readable(self) -> Sequence[Readable]:
        return (
            Readable(
                ask="How many squares are shaded?",
                answer=str(self.shaded),
                says="The number of shaded squares is {}.",
            ),
        )

    def faults(self) -> Iterator[str]:
        """Its rows are of one length."""
        if len(set(map(len, self.rows))) > 1:
            yield "the rows have different numbers of squares"

    def draw(self) -> Canvas:
        """The squares, and under them what a side stands for."""
        columns = max(map(len, self.rows))
        size = min(_WIDEST_CELL, (WIDTH - 16) / columns)
        canvas = Canvas(size * len(self.rows) + 16 + (24 if self.unit else 0))
        for down, row in enumerate(self.rows):
            for across, sign in enumerate(row):
                canvas.box((8 + across * size, 8 + down * size), size, size, shaded=sign == "#")
        if self.unit:
            y = size * len(self.rows) + 20
            canvas.line((8, y), (8 + size, y), width=HEAVY)
            canvas.words((8 + size + 8, y), self.unit, anchor="start")
        return canvas

    def in_letters(self) -> Sequence[str]:
        """Full and empty squares."""
        return [" ".join("■" if sign == "#" else "□" for sign in row) for row in self.rows]


def _places(row: str) -> str:
    """ "2, 3 and 4": which signs of a row are shaded."""
    places = [str(at) for at, sign in enumerate(row, 1) if sign == "#"]
    return " and ".join(filter(None, (", ".join(places[:-1]), *places[-1:]))) or "none"
