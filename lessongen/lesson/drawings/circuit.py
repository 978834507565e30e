"""A simple circuit: a battery, and resistors in series or side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Label
from lessongen.lesson.drawings.canvas import HEAVY, Canvas, Point

_LEFT, _RIGHT, _TOP, _DEEP = 74.0, 262.0, 30.0, 104.0
_LONG, _THICK = 44.0, 16.0


class Circuit(Drawing):
    """A battery with resistors in a loop, or each in a branch of its own; labels are what one is told or asked."""

    kind: Literal["circuit"] = "circuit"
    battery: Label = Field(default="", description="its voltage: 12 V, or ?")
    resistors: list[Label] = Field(min_length=1, max_length=3, description="the resistance of each: 4 Ω, or R")
    is_parallel: bool = False
    current: Label = Field(default="", description="beside an arrow on the wire: 3 A, or I")
    voltmeter: Label = Field(default="", description="with it, a voltmeter stands beside the first resistor")

    @property
    def alternative(self) -> str:
        """What is in the loop, and what is marked at it."""
        count = len(self.resistors)
        named = f"a resistor marked {self.resistors[0]}"
        if count > 1:
            how = "side by side, each in a branch of its own" if self.is_parallel else "one after the other"
            named = f"{count} resistors {how}, marked {', '.join(self.resistors[:-1])} and {self.resistors[-1]}"
        battery = f"a battery marked {self.battery}" if self.battery else "a battery"
        told = [f"A circuit of {battery} and {named}."]
        if self.current:
            told.append(f"The current out of the battery is marked {self.current}.")
        if self.voltmeter:
            told.append(
                f"A voltmeter across {'the first' if count > 1 else 'the'} resistor is marked {self.voltmeter}."
            )
        return " ".join(told)

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        labels = (self.battery, *self.resistors, self.current, self.voltmeter)
        return [[each] for each in labels if any(map(str.isdigit, each))]

    def faults(self) -> Iterator[str]:
        """Each resistor is marked."""
        if not all(map(str.strip, self.resistors)):
            yield "a resistor of the circuit is not marked"

    def draw(self) -> Canvas:
        """The battery on the left, the loop, the resistors on top or as branches."""
        meter = 44.0 if self.voltmeter else 0.0
        top = _TOP + meter
        canvas = Canvas(top + _DEEP + 14)
        bottom = top + _DEEP
        self._draw_battery(canvas, top, bottom)
        if self.is_parallel:
            self._draw_branches(canvas, top, bottom)
        else:
            self._draw_series(canvas, top, bottom)
        if self.current:
            canvas.path([(_LEFT - 5, top + 22), (_LEFT, top + 12), (_LEFT + 5, top + 22)], width=HEAVY)
            canvas.words((_LEFT - 10, top + 14), self.current, anchor="end")
        if self.voltmeter:
            self._draw_meter(canvas, top)
        return canvas

    def _draw_battery(self, canvas: Canvas, top: float, bottom: float) -> None:
        middle = (top + bottom) / 2
        canvas.line((_LEFT, top), (_LEFT, middle - 4))
        canvas.line((_LEFT, middle + 4), (_LEFT, bottom))
        canvas.line((_LEFT - 16, middle - 4), (_LEFT + 16, middle - 4))
        canvas.line((_LEFT - 8, middle + 4), (_LEFT + 8, middle + 4), width=4)
        if self.battery:
            canvas.words((_LEFT - 22, middle), self.battery, anchor="end")
        canvas.words((_LEFT + 14, middle - 14), "+", anchor="start")

    def _places(self) -> list[float]:
        """The middles of the resistors along the wire."""
        count = len(self.resistors)
        return [_LEFT + (_RIGHT - _LEFT) * (2 * at + 1) / (2 * count) for at in range(count)]

    def _draw_series(self, canvas: Canvas, top: float, bottom: float) -> None:
        x = _LEFT
        for middle, label in zip(self._places(), self.resistors, strict=True):
            canvas.line((x, top), (middle - _LONG / 2, top))
            canvas.box((middle - _LONG / 2, top - _THICK / 2), _LONG, _THICK)
            canvas.words((middle, top + 24), label)
            x = middle + _LONG / 2
        canvas.path([(x, top), (_RIGHT, top), (_RIGHT, bottom), (_LEFT, bottom)])

    def _draw_branches(self, canvas: Canvas, top: float, bottom: float) -> None:
        middle, count = (top + bottom) / 2, len(self.resistors)
        places = [_LEFT + (_RIGHT - 46 - _LEFT) * (at + 1) / count for at in range(count)]
        canvas.line((_LEFT, top), (places[-1], top))
        canvas.line((_LEFT, bottom), (places[-1], bottom))
        for x, label in zip(places, self.resistors, strict=True):
            canvas.line((x, top), (x, middle - _LONG / 2))
            canvas.box((x - _THICK / 2, middle - _LONG / 2), _THICK, _LONG)
            canvas.line((x, middle + _LONG / 2), (x, bottom))
            canvas.words((x + 13, middle), label, anchor="start")
        for x in places[:-1]:
            canvas.circle((x, top), 3, solid=True)
            canvas.circle((x, bottom), 3, solid=True)

    def _draw_meter(self, canvas: Canvas, top: float) -> None:
        middle = self._places()[0] if not self.is_parallel else (_LEFT + _RIGHT) / 2
        ends = (middle - _LONG / 2 - 8, middle + _LONG / 2 + 8)
        y = top - 34
        centre: Point = (middle, y)
        canvas.path([(ends[0], top), (ends[0], y), (middle - 13, y)])
        canvas.path([(middle + 13, y), (ends[1], y), (ends[1], top)])
        canvas.circle(centre, 13)
        canvas.words(centre, "V")
        canvas.words((ends[1] + 8, y), self.voltmeter, anchor="start")
        for end in ends:
            canvas.circle((end, top), 3, solid=True)
