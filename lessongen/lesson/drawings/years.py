"""Years on a line, each as far from the next as it was in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Readable, printed
from lessongen.lesson.drawings.canvas import WIDTH, Canvas, width_of
from lessongen.lesson.statement import Model

_MARGIN, _AXIS, _ROW = 26.0, 20.0, 18.0
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


class Moment(Model):
    """A year, and what was then."""

    year: int = Field(ge=-10_000, le=10_000, description="before our era below 0")
    what: str = Field(default="", max_length=200)


class Years(Drawing):
    """A line of time with a dot at each year, as far from the next as it was in time."""

    kind: Literal["years"] = "years"
    moments: list[Moment] = Field(min_length=2, max_length=12)

    @property
    def alternative(self) -> str:
        """What was in which year, the earliest first, and how long after the one before."""
        ordered = sorted(self.moments, key=lambda each: each.year)
        told = f"A line of time from {_year(ordered[0].year)} to {_year(ordered[-1].year)}."
        parts = [f"{_year(each.year)}{f': {each.what}' if each.what else ''}" for each in ordered]
        return f"{told} On it, in this order: {'; '.join(parts)}."

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        return [[_year(each.year)] for each in self.moments]

    @property
    def readable(self) -> Sequence[Readable]:
        years = [each.year for each in self.moments]
        return (
            Readable(
                ask="How many years lie between the first and the last dot on the line of time?",
                answer=str(_place(max(years)) - _place(min(years))),
                says="Between the first and the last dot on the line of time lie {} years.",
            ),
        )

    def faults(self) -> Iterator[str]:
        """The years are not all one, and none is 0, which there was not."""
        if any(each.year == 0 for each in self.moments):
            yield "there was no year 0"
        if len({each.year for each in self.moments}) < 2:
            yield "all that is on the line of time was in one year"

    def draw(self) -> Canvas:
        """The line with a scale above it, and under it the years on as many rows as they need."""
        years = sorted({each.year for each in self.moments})
        low = _place(years[0])
        high = max(_place(years[-1]), low + 1)
        rows: list[float] = []
        placed: list[tuple[int, float, int]] = []
        for year in years:
            x = _MARGIN + (_place(year) - low) / (high - low) * (WIDTH - 2 * _MARGIN)
            start = x - width_of(_year(year)) / 2 - 3
            row = next((at for at, end in enumerate(rows) if end <= start), len(rows))
            rows[row : row + 1] = [x + width_of(_year(year)) / 2 + 3]
            placed.append((year, x, row))
        canvas = Canvas(_AXIS + 12 + _ROW * len(rows) + 6)
        canvas.line((4, _AXIS), (WIDTH - 4, _AXIS))
        canvas.path([(WIDTH - 10, _AXIS - 4), (WIDTH - 4, _AXIS), (WIDTH - 10, _AXIS + 4)])
        step = next((each for each in _STEPS if (high - low) / each <= 10), _STEPS[-1])
        for mark in range(-(-low // step) * step, high + 1, step)[:12]:
            x = _MARGIN + (mark - low) / (high - low) * (WIDTH - 2 * _MARGIN)
            canvas.line((x, _AXIS - 5), (x, _AXIS), faint=True)
        for year, x, row in placed:
            if row:
                canvas.line((x, _AXIS), (x, _AXIS + 8 + _ROW * row), faint=True)
            canvas.circle((x, _AXIS), 5, solid=True)
            canvas.words((x, _AXIS + 18 + _ROW * row), _year(year))
        return canvas

    def in_letters(self) -> Sequence[str]:
        """The line with its dots; the years are told beside it."""
        years = sorted({each.year for each in self.moments})
        line = ["─"] * 57
        for year in years:
            line[round((_place(year) - _place(years[0])) / max(1, years[-1] - years[0]) * 56)] = "●"
        ends = _year(years[0]), _year(years[-1])
        return ["".join(line), f"{ends[0]}{ends[1]:>{57 - len(ends[0])}}"]


def _place(year: int) -> int:
    """Where a year is on the line: that before the year 1 is 1 BC."""
    return year + 1 if year < 0 else year


def _year(year: int) -> str:
    return printed(year) if year >= 0 else f"{-year} BC"
