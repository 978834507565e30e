"""A bar chart: how many there are of each, as bars beside a scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil
from typing import Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Label, Number, Readable, exact, printed
from lessongen.lesson.drawings.canvas import WIDTH, Canvas, width_of
from lessongen.lesson.statement import Model

_HIGH, _TOP, _FOOT = 150.0, 14.0, 26.0
_MOST_LINES = 12
_LETTERS = 40


class Column(Model):
    """One bar."""

    label: Label
    value: Number


class BarChart(Drawing):
    """Upright bars from 0, with a line of the scale at every `step`."""

    kind: Literal["bar_chart"] = "bar_chart"
    bars: list[Column] = Field(min_length=2, max_length=8)
    step: int = Field(default=1, ge=1, le=100_000)
    what: Label = Field(default="", description="what the scale counts")

    @property
    def alternative(self) -> str:
        """How high each bar is."""
        bars = ", ".join(f"{each.label} {printed(each.value)}" for each in self.bars)
        counts = f" of {self.what}" if self.what else ""
        return f"A bar chart{counts} with a line at every {self.step}. Its bars: {bars}."

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        values = [printed(each.value) for each in self.bars]
        return [[", ".join(values), " + ".join(values)]]

    @property
    def readable(self) -> Sequence[Readable]:
        found = [
            Readable(
                ask=f"What does the bar chart show for {each.label}?",
                answer=printed(each.value),
                says=f"For {each.label}, the bar chart shows {{}}.",
            )
            for each in self.bars
        ]
        values = [exact(each.value) for each in self.bars]
        found.append(
            Readable(
                ask="What is the mean of the values in the bar chart?",
                answer=printed(Fraction(sum(values), len(values))),
                says="The mean of the values in the bar chart is {}.",
            )
        )
        if values.count(max(values)) == 1:
            found.append(
                Readable(
                    ask="Which bar of the chart is the tallest?",
                    answer=self.bars[values.index(max(values))].label,
                    says="The tallest bar of the chart is {}.",
                )
            )
        return found

    @property
    def _lines(self) -> int:
        """How many steps the scale has."""
        highest = max(exact(each.value) for each in self.bars)
        return min(_MOST_LINES, max(1, ceil(highest / self.step)))

    def faults(self) -> Iterator[str]:
        """No bar hangs down, the scale is not too fine, and each bar has a name of its own."""
        highest = max(exact(each.value) for each in self.bars)
        if min(exact(each.value) for each in self.bars) < 0:
            yield "a bar is less than 0"
        if highest > _MOST_LINES * self.step:
            yield f"a scale in steps of {self.step} up to {printed(highest)} is too fine"
        if len({each.label for each in self.bars}) < len(self.bars):
            yield "two bars have the same name"

    def draw(self) -> Canvas:
        """The scale, the bars, and their names under them, each second one lower where they are long."""
        scale = [printed(at * self.step) for at in range(self._lines + 1)]
        left = max(map(width_of, scale)) + 10
        room = (WIDTH - left - 6) / len(self.bars)
        is_tight = max(width_of(each.label) for each in self.bars) > room
        top = _TOP + (22 if self.what else 0)
        canvas = Canvas(top + _HIGH + _FOOT + (18 if is_tight else 0))
        if self.what:
            canvas.words((4, 12), self.what, anchor="start")
        for at, text in enumerate(scale):
            y = top + _HIGH * (1 - at / self._lines)
            canvas.line((left, y), (WIDTH - 6, y), faint=at > 0)
            canvas.words((left - 6, y), text, anchor="end")
        for at, each in enumerate(self.bars):
            share = max(0.0, min(1.0, float(exact(each.value) / (self._lines * self.step))))
            x = left + room * (at + 0.18)
            canvas.box((x, top + _HIGH * (1 - share)), room * 0.64, _HIGH * share, shaded=True)
            lower = 18 if is_tight and at % 2 else 0
            canvas.words((x + room * 0.32, top + _HIGH + 14 + lower), each.label)
        return canvas

    def in_letters(self) -> Sequence[str]:
        """The bars lying, with their values."""
        highest = max(Fraction(1), *(exact(each.value) for each in self.bars))
        names = max(len(each.label) for each in self.bars)
        most = _LETTERS - names // 2
        rows = [(each, round(max(Fraction(0), exact(each.value)) / highest * most)) for each in self.bars]
        return [f"{each.label:<{names}} │{'█' * long} {printed(each.value)}" for each, long in rows]
