"""A number line, with points on it and steps along it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Label, Number, Readable, exact, printed
from lessongen.lesson.drawings.canvas import HEAVY, WIDTH, Canvas, width_of
from lessongen.lesson.statement import Model

_MARGIN, _AXIS, _LONG, _SHORT = 18.0, 52.0, 7.0, 4.0
_MOST_TICKS = 60
_LETTERS = 56
Limit = Annotated[int, Field(ge=-100_000, le=100_000)]


class Mark(Model):
    """A point on the line."""

    at: Number
    name: Label = Field(default="", description="what stands above it, such as A")


class Jump(Model):
    """A step along the line, drawn as an arrow above it."""

    start: Number
    end: Number
    label: Label = ""


class NumberLine(Drawing):
    """A line from `low` to `high` with a number at each `step`, each step divided into so many equal parts."""

    kind: Literal["number_line"] = "number_line"
    low: Limit
    high: Limit
    step: int = Field(default=1, ge=1, le=100_000)
    divided: int = Field(default=1, ge=1, le=12)
    marks: list[Mark] = Field(default_factory=list, max_length=6)
    jumps: list[Jump] = Field(default_factory=list, max_length=4)

    @property
    def alternative(self) -> str:
        """Between which numbers, and at which of the small parts, each point is."""
        told = f"A number line from {printed(self.low)} to {printed(self.high)} in steps of {self.step}"
        told += f"; each step is divided into {self.divided} equal parts." if self.divided > 1 else "."
        points = [f"{f'Point {each.name}' if each.name else 'A dot'} is {self._place(each.at)}." for each in self.marks]
        jumps = [_told(each) for each in self.jumps]
        return " ".join([told, *points, *jumps])

    def _place(self, at: str) -> str:
        steps = (exact(at) - self.low) / self.step
        below = self.low + int(steps // 1) * self.step
        part = steps % 1 * self.divided
        if part == 0:
            return f"at {printed(below)}"
        ends = f"between {printed(below)} and {printed(below + self.step)}"
        if part.denominator == 1:
            return f"{ends}, at the end of part {part} of {self.divided}"
        return f"{steps % 1} of the way from {printed(below)} to {printed(below + self.step)}"

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        points = [printed(each.at) for each in self.marks]
        return [
            *([each] for each in points),
            *([printed(end)] for each in self.jumps for end in (each.start, each.end)),
            *([each.label] for each in self.jumps if each.label),
        ]

    @property
    def readable(self) -> Sequence[Readable]:
        return [
            Readable(
                ask=f"Which number is at point {each.name} on the number line?",
                answer=printed(each.at),
                says=f"Point {each.name} on the number line is at {{}}.",
            )
            for each in self.marks
            if each.name
        ]

    def faults(self) -> Iterator[str]:
        """The line has some steps, not too many, and its points are on it."""
        if self.low >= self.high or (self.high - self.low) % self.step:
            yield f"steps of {self.step} do not lead from {printed(self.low)} to {printed(self.high)}"
            return
        if (self.high - self.low) // self.step * self.divided > _MOST_TICKS:
            yield "the line has too many parts to be counted"
        for at in (*(each.at for each in self.marks), *(end for each in self.jumps for end in (each.start, each.end))):
            if not self.low <= exact(at) <= self.high:
                yield f"{printed(at)} is not on the line"

    # ------------------------------------------------------------ drawn

    def _x(self, value: Fraction | int) -> float:
        return _MARGIN + float((value - self.low) / Fraction(max(1, self.high - self.low))) * (WIDTH - 2 * _MARGIN)

    def _numbered(self) -> Iterator[int]:
        """The numbers that have room under their ticks: all, or each second, fifth, …"""
        numbers = range(self.low, self.high + 1, self.step)[: _MOST_TICKS + 1]
        widest = max(width_of(printed(each)) for each in (self.low, self.high)) + 6
        room = self._x(self.low + self.step) - self._x(self.low)
        every = next(each for each in (1, 2, 5, 10, 20, 50, 100) if each * room >= widest or each == 100)
        yield from (each for each in numbers if (each // self.step) % every == 0)

    def draw(self) -> Canvas:
        """The line with arrows at both ends, ticks, numbers under it, and points above it."""
        lift = 26.0 if self.jumps else 0.0
        axis = _AXIS + lift - (0 if self.marks or self.jumps else 26)
        canvas = Canvas(axis + 34)
        canvas.line((2, axis), (WIDTH - 2, axis))
        for tip, way in ((2, 1), (WIDTH - 2, -1)):
            canvas.path([(tip + way * 6, axis - 4), (tip, axis), (tip + way * 6, axis + 4)])
        numbered = list(self._numbered())
        parts = min(_MOST_TICKS, (self.high - self.low) // self.step * self.divided)
        for part in range(max(0, parts) + 1):
            value = self.low + Fraction(part * self.step, self.divided)
            size = _LONG if value in numbered else _LONG - 2 if part % self.divided == 0 else _SHORT
            canvas.line((self._x(value), axis - size), (self._x(value), axis + size))
        for number in numbered:
            canvas.words((self._x(number), axis + 20), printed(number))
        for mark in self.marks:
            at = (self._x(exact(mark.at)), axis)
            canvas.circle(at, 5, solid=True)
            if mark.name:
                canvas.words((at[0], axis - 20), mark.name, bold=True)
        for jump in self.jumps:
            self._arc(canvas, jump, axis)
        return canvas

    def _arc(self, canvas: Canvas, jump: Jump, axis: float) -> None:
        start, end = self._x(exact(jump.start)), self._x(exact(jump.end))
        top = axis - 34
        steps = [at / 16 for at in range(17)]
        canvas.path([(start + (end - start) * t, axis - 9 - 25 * 4 * t * (1 - t)) for t in steps], width=HEAVY)
        way = 1 if end > start else -1
        canvas.path([(end - way * 8, axis - 18), (end, axis - 9), (end - way * 1, axis - 20)], width=HEAVY)
        if jump.label:
            canvas.words(((start + end) / 2, top - 12), jump.label)

    def in_letters(self) -> Sequence[str]:
        """A row for points, one for the line with its ticks, one for the numbers."""
        wide = _LETTERS
        points, line, numbers = ([" "] * (wide + 1) for _ in range(3))
        line = ["─"] * (wide + 1)

        def column(value: Fraction | int) -> int:
            return min(wide, max(0, round((value - self.low) / Fraction(max(1, self.high - self.low)) * wide)))

        parts = min(_MOST_TICKS, (self.high - self.low) // self.step * self.divided)
        for part in range(max(0, parts) + 1):
            line[column(self.low + Fraction(part * self.step, self.divided))] = "┴" if part % self.divided else "┼"
        end = -1
        for number in self._numbered():
            text = printed(number)
            start = max(0, min(wide + 1 - len(text), column(number) - len(text) // 2))
            if start > end:
                numbers[start : start + len(text)] = text
                end = start + len(text)
        for mark in self.marks:
            at = column(exact(mark.at))
            line[at] = "●"
            points[at : at + len(mark.name)] = mark.name[: wide + 1 - at]
        return ["".join(points).rstrip(), "".join(line), "".join(numbers).rstrip()]


def _told(jump: Jump) -> str:
    marked = f", marked {jump.label}" if jump.label else ""
    return f"An arrow goes from {printed(jump.start)} to {printed(jump.end)}{marked}."
