"""A dot plot: a dot for each value of a sample, above its place on a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Label, Readable, printed
from lessongen.lesson.drawings.canvas import WIDTH, Canvas, width_of

_MARGIN, _MOST_PLACES, _MOST_HIGH = 16.0, 40, 12
Value = Annotated[int, Field(ge=-10_000, le=10_000)]


class DotPlot(Drawing):
    """A dot for each value, those of one value above each other."""

    kind: Literal["dot_plot"] = "dot_plot"
    values: list[Value] = Field(min_length=2, max_length=40)
    what: Label = Field(default="", description="what the values are of")

    @property
    def alternative(self) -> str:
        """How many dots are above each number."""
        counts = sorted(Counter(self.values).items())
        dots = ", ".join(f"{count} above {printed(value)}" for value, count in counts)
        named = f" of {self.what}" if self.what else ""
        return f"A dot plot{named} on a line from {printed(counts[0][0])} to {printed(counts[-1][0])}. Dots: {dots}."

    @property
    def ordered(self) -> str:
        """All values in order: "2, 3, 3, 7"."""
        return ", ".join(map(printed, sorted(self.values)))

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        return [[self.ordered]]

    @property
    def readable(self) -> Sequence[Readable]:
        counts = Counter(self.values).most_common()
        found = [
            Readable(
                ask="How many values does the dot plot show?",
                answer=str(len(self.values)),
                says="The number of values in the dot plot is {}.",
            ),
            Readable(
                ask="What is the range of the values in the dot plot?",
                answer=str(max(self.values) - min(self.values)),
                says="The range of the values in the dot plot is {}.",
            ),
        ]
        if len(counts) == 1 or counts[0][1] > counts[1][1]:
            found.append(
                Readable(
                    ask="What is the mode of the values in the dot plot?",
                    answer=printed(counts[0][0]),
                    says="The mode of the values in the dot plot is {}.",
                )
            )
        if len(self.values) % 2:
            found.append(
                Readable(
                    ask="What is the median of the values in the dot plot?",
                    answer=printed(sorted(self.values)[len(self.values) // 2]),
                    says="The median of the values in the dot plot is {}.",
                )
            )
        return found

    def faults(self) -> Iterator[str]:
        """The values have room side by side and above each other."""
        if max(self.values) - min(self.values) >= _MOST_PLACES:
            yield "the values are too far apart for a place each"
        if max(Counter(self.values).values()) > _MOST_HIGH:
            yield "too many values are the same"

    def draw(self) -> Canvas:
        """The line with a tick for each number, and the dots."""
        low, high = min(self.values), max(self.values)
        places = max(1, min(_MOST_PLACES, high - low))
        room = (WIDTH - 2 * _MARGIN) / places
        size = min(7.0, room * 0.42)
        highest = min(_MOST_HIGH, max(Counter(self.values).values()))
        top = 22.0 if self.what else 0.0
        axis = top + highest * size * 2.3 + 12
        canvas = Canvas(axis + 30)
        if self.what:
            canvas.words((4, 12), self.what, anchor="start")
        canvas.line((4, axis), (WIDTH - 4, axis))
        needed = max(width_of(printed(low)), width_of(printed(high))) + 6
        every = next(each for each in (1, 2, 5, 10, 20, 50) if each * room >= needed or each == 50)
        for value in range(low, low + places + 1):
            x = _MARGIN + (value - low) * room
            canvas.line((x, axis - (5 if value % every == 0 else 3)), (x, axis + (5 if value % every == 0 else 3)))
            if value % every == 0:
                canvas.words((x, axis + 18), printed(value))
        above: Counter[int] = Counter()
        for value in sorted(self.values):
            above[value] += 1
            x = _MARGIN + min(places, value - low) * room
            canvas.circle((x, axis - 6 - size * (2.3 * above[value] - 1.2)), size, solid=True)
        return canvas

    def in_letters(self) -> Sequence[str]:
        """A line for each number from the least to the greatest, also where no value has it."""
        counts = Counter(self.values)
        line = range(min(counts), max(counts) + 1)
        wide = max(len(printed(value)) for value in line)
        return [f"{printed(value):>{wide}} │ {'● ' * counts[value]}".rstrip() for value in line]
