"""A coordinate plane with points, lines and parabolas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import hypot
from typing import Annotated, Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Label, Number, Readable, exact, printed
from lessongen.lesson.drawings.canvas import HEAVY, WIDTH, Canvas, Point, width_of
from lessongen.lesson.drawings.turning import moved
from lessongen.lesson.statement import Model

_MARGIN = 14.0
_MOST_CELLS = 24
_CURVE = 120  # pieces that a parabola is drawn of
_Exact = tuple[Fraction, Fraction]
Limit = Annotated[int, Field(ge=-1_000, le=1_000)]


class Spot(Model):
    """A named point."""

    name: Label
    x: Number
    y: Number

    @property
    def pair(self) -> str:
        """Its coordinates: "(3, -2)"."""
        return f"({printed(self.x)}, {printed(self.y)})"


class Graph(Model):
    """The graph of a polynomial, its coefficients by falling powers: 2, -1 is y = 2x - 1."""

    coefficients: list[Number] = Field(min_length=2, max_length=3)
    equation: Label = Field(description="as it is printed; it is not drawn")
    name: Label = ""

    def at(self, x: Fraction) -> Fraction:
        """Its value there."""
        value = Fraction(0)
        for each in self.coefficients:
            value = value * x + exact(each)
        return value

    @property
    def is_straight(self) -> bool:
        """Whether it is a line."""
        return len(self.coefficients) == 2 or exact(self.coefficients[0]) == 0


class Plane(Drawing):
    """A plane from `left` to `right` and from `bottom` to `top`, with a line of its grid at every step."""

    kind: Literal["plane"] = "plane"
    left: Limit = -5
    right: Limit = 5
    bottom: Limit = -5
    top: Limit = 5
    step_x: int = Field(default=1, ge=1, le=500)
    step_y: int = Field(default=1, ge=1, le=500)
    spots: list[Spot] = Field(default_factory=list, max_length=6)
    graphs: list[Graph] = Field(default_factory=list, max_length=2)

    @property
    def alternative(self) -> str:
        """Where points are seen from the origin, and through which points of the grid the graphs go."""
        told = (
            f"A coordinate plane, x from {printed(self.left)} to {printed(self.right)}, "
            f"y from {printed(self.bottom)} to {printed(self.top)}."
        )
        return " ".join([told, *map(_seen, self.spots), *map(self._through, self.graphs)])

    def _through(self, graph: Graph) -> str:
        named = f" {graph.name}" if graph.name else ""
        shape = f"The straight line{named}" if graph.is_straight else f"The parabola{named}"
        crossings = [f"({printed(x)}, {printed(y)})" for x, y in self._on_grid(graph)]
        shown = [*crossings[:2], crossings[-1]] if graph.is_straight and len(crossings) > 3 else crossings
        told = f"{shape} goes through {_listed(shown)}" if shown else f"{shape} goes through no point of the grid"
        if graph.is_straight:
            return f"{told}."
        a, b, _ = map(exact, graph.coefficients)
        end = "lowest" if a > 0 else "highest"
        x = -b / (2 * a)
        return f"{told}; it opens {'upwards' if a > 0 else 'downwards'}, its {end} point is {_pair(x, graph.at(x))}."

    def _on_grid(self, graph: Graph) -> Iterator[tuple[int, Fraction]]:
        """The points of the graph on crossings of the grid that are seen, from left to right."""
        for x in range(self.left, self.right + 1, self.step_x)[: _MOST_CELLS + 1]:
            y = graph.at(Fraction(x))
            if self.bottom <= y <= self.top and ((y - self.bottom) / self.step_y).denominator == 1:
                yield x, y

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        return [*([each.pair] for each in self.spots), *([each.equation] for each in self.graphs)]

    @property
    def readable(self) -> Sequence[Readable]:
        found = [
            Readable(
                ask=f"What are the coordinates of {each.name}?",
                answer=each.pair,
                says=f"The coordinates of {each.name} are {{}}.",
            )
            for each in self.spots
        ]
        if len(self.graphs) == 1:
            graph = self.graphs[0]
            what = "line" if graph.is_straight else "parabola"
            found.append(
                Readable(
                    ask=f"Which equation has this {what}?",
                    answer=graph.equation,
                    says=f"The equation of the {what} is {{}}.",
                )
            )
            roots = [x for x, y in self._on_grid(graph) if y == 0]
            if not graph.is_straight and len(roots) == 2:
                found.append(
                    Readable(
                        ask="Where does the parabola cross the x-axis?",
                        answer=f"x = {printed(roots[0])} or x = {printed(roots[1])}",
                        says="The parabola crosses the x-axis at {}.",
                    )
                )
        if len(self.graphs) == 2 and all(each.is_straight for each in self.graphs):
            first, second = ({*self._on_grid(each)} for each in self.graphs)
            for x, y in first & second:
                found.append(
                    Readable(
                        ask="Where do the two lines cross?",
                        answer=f"x = {printed(x)}, y = {printed(y)}",
                        says="The two lines cross at {}.",
                    )
                )
        return found

    def faults(self) -> Iterator[str]:
        """The plane has some cells, not too many; its points are in it, and its graphs are seen."""
        for name, low, high, step in self._axes:
            if low >= high or (high - low) % step or (high - low) // step > _MOST_CELLS:
                yield f"steps of {step} do not lead from {printed(low)} to {printed(high)} along {name}"
                return
        for each in self.spots:
            if not (self.left <= exact(each.x) <= self.right and self.bottom <= exact(each.y) <= self.top):
                yield f"{each.name} {each.pair} is not in the plane"
        for graph in self.graphs:
            if printed(_polynomial(graph.coefficients)) != printed(graph.equation.removeprefix("y = ")):
                yield f"the graph drawn is y = {_polynomial(graph.coefficients)}, not {graph.equation}"
            elif len(list(self._pieces(graph))) == 0:
                yield f"nothing of {graph.equation} is in the plane"

    # ------------------------------------------------------------ drawn

    @property
    def _axes(self) -> Sequence[tuple[str, int, int, int]]:
        return (("x", self.left, self.right, self.step_x), ("y", self.bottom, self.top, self.step_y))

    def _place(self, x: Fraction | int, y: Fraction | int, size: Point) -> Point:
        across = float(Fraction(x - self.left) / max(1, self.right - self.left))
        up = float(Fraction(y - self.bottom) / max(1, self.top - self.bottom))
        return self._beside + across * size[0], _MARGIN + (1 - up) * size[1]

    @property
    def _beside(self) -> float:
        """The room to the left of the plane: for numbers, where the axis is there."""
        numbers = max(width_of(printed(each)) for each in (self.bottom, self.top)) if self.left >= 0 else 0.0
        return _MARGIN + numbers

    def _pieces(self, graph: Graph) -> Iterator[list[_Exact]]:
        """The runs of points of the graph that are in the plane; of a line its two ends."""
        if graph.is_straight:
            slope, at_zero = map(exact, graph.coefficients[-2:])
            ends = [Fraction(self.left), Fraction(self.right)]
            if slope:
                sides = sorted((edge - at_zero) / slope for edge in (self.bottom, self.top))
                ends = [max(ends[0], sides[0]), min(ends[1], sides[1])]
            if ends[0] < ends[1] and self.bottom <= graph.at(ends[0]) <= self.top:
                yield [(x, graph.at(x)) for x in ends]
            return
        run: list[_Exact] = []
        before: _Exact | None = None
        wide = Fraction(self.right - self.left)
        for at in range(_CURVE + 1):
            x = self.left + wide * at / _CURVE
            here = (x, graph.at(x))
            if self._is_seen(here):
                run += [self._edge(before, here)] if before and not run else []
                run.append(here)
            elif run:
                yield [*run, self._edge(run[-1], here)]
                run = []
            before = here
        if run:
            yield run

    def _is_seen(self, point: _Exact) -> bool:
        return self.bottom <= point[1] <= self.top

    def _edge(self, one: _Exact, other: _Exact) -> _Exact:
        """Where the way from a point to another goes over the edge of the plane."""
        edge = self.top if max(one[1], other[1]) > self.top else self.bottom
        way = (edge - one[1]) / (other[1] - one[1])
        return one[0] + (other[0] - one[0]) * way, Fraction(edge)

    def draw(self) -> Canvas:
        """The grid, the axes with numbers, the graphs and the points."""
        wide = WIDTH - _MARGIN - self._beside
        cells = max(1, (self.right - self.left) // self.step_x), max(1, (self.top - self.bottom) // self.step_y)
        high = min(wide, wide * cells[1] / cells[0]) if cells[1] <= 2 * cells[0] else wide
        canvas, size = Canvas(high + _MARGIN * (3 if self.bottom >= 0 else 2)), (wide, high)
        for x in range(self.left, self.right + 1, self.step_x)[: _MOST_CELLS + 1]:
            canvas.line(self._place(x, self.bottom, size), self._place(x, self.top, size), faint=True)
        for y in range(self.bottom, self.top + 1, self.step_y)[: _MOST_CELLS + 1]:
            canvas.line(self._place(self.left, y, size), self._place(self.right, y, size), faint=True)
        zero_x, zero_y = min(max(0, self.left), self.right), min(max(0, self.bottom), self.top)
        for graph in self.graphs:
            for run in self._pieces(graph):
                canvas.path([self._place(x, y, size) for x, y in run], width=HEAVY)
            self._draw_name(canvas, graph, size)
        self._draw_axes(canvas, size, (zero_x, zero_y))
        for each in self.spots:
            at = self._place(exact(each.x), exact(each.y), size)
            canvas.circle(at, 5, solid=True)
            side = -1 if at[0] > WIDTH - _MARGIN - 24 else 1
            up = 1 if at[1] < _MARGIN + 16 else -1
            canvas.words((at[0] + side * 12, at[1] + up * 12), each.name, bold=True, is_over=True)
        return canvas

    def _draw_axes(self, canvas: Canvas, size: Point, zero: tuple[int, int]) -> None:
        zero_x, zero_y = zero
        canvas.line(self._place(self.left, zero_y, size), self._place(self.right, zero_y, size))
        canvas.line(self._place(zero_x, self.bottom, size), self._place(zero_x, self.top, size))
        right, top = self._place(self.right, zero_y, size), self._place(zero_x, self.top, size)
        canvas.path([(right[0] - 6, right[1] - 4), right, (right[0] - 6, right[1] + 4)])
        canvas.path([(top[0] - 4, top[1] + 6), top, (top[0] + 4, top[1] + 6)])
        canvas.words((right[0] + 4, right[1] - 12), "x", slanted=True, anchor="end")
        canvas.words((top[0] - 8, top[1] + 2), "y", slanted=True, anchor="end")
        for x in self._numbered(self.left, self.right, self.step_x, size[0], widths=True):
            at = self._place(x, zero_y, size)
            canvas.line((at[0], at[1] - 3), (at[0], at[1] + 3))
            if x != zero_x and x != self.right:
                canvas.words((at[0], at[1] + 12), printed(x), is_over=True)
        for y in self._numbered(self.bottom, self.top, self.step_y, size[1], widths=False):
            at = self._place(zero_x, y, size)
            canvas.line((at[0] - 3, at[1]), (at[0] + 3, at[1]))
            if y != zero_y and y != self.top:
                canvas.words((at[0] - 6, at[1]), printed(y), anchor="end", is_over=True)

    def _numbered(self, low: int, high: int, step: int, size: float, *, widths: bool) -> Iterator[int]:
        """The steps along an axis that have room for their numbers."""
        room = size * step / max(1, high - low)
        needed = max(width_of(printed(low)), width_of(printed(high))) + 4 if widths else 18.0
        every = next(each for each in (1, 2, 5, 10, 20) if each * room >= needed or each == 20)
        for at in range(low, high + 1, step)[: _MOST_CELLS + 1]:
            if (at // step) % every == 0:
                yield at

    def _draw_name(self, canvas: Canvas, graph: Graph, size: Point) -> None:
        """The name beside the graph, a fifth of its way before its end."""
        runs = list(self._pieces(graph))
        if not graph.name or not runs:
            return
        run = [self._place(x, y, size) for x, y in runs[-1]]
        end = run[-1]
        before = run[-2] if len(run) > 1 else end
        long = hypot(end[0] - before[0], end[1] - before[1]) or 1.0
        back = moved(end, before, min(long / 5, 30.0))
        aside = (end[1] - before[1]) / long, (end[0] - before[0]) / long
        canvas.words((back[0] + aside[0] * 15, back[1] - abs(aside[1]) * 15), graph.name, bold=True, is_over=True)

    def in_letters(self) -> Sequence[str]:
        """A sign at each crossing of the grid; of a graph only what is on one, for what is beside it would mislead."""
        columns = list(range(self.left, self.right + 1, self.step_x))[: _MOST_CELLS + 1]
        lines = list(range(self.top, self.bottom - 1, -self.step_y))[: _MOST_CELLS + 1]
        wide = 3 if len(columns) < 18 else 2
        signs = {(x, y): "─" if y == 0 else "│" if x == 0 else "·" for x in columns for y in lines}
        if (0, 0) in signs:
            signs[0, 0] = "┼"
        for graph in self.graphs:
            signs |= {(x, int(y)): "*" for x, y in self._on_grid(graph) if (x, int(y)) in signs}
        for each in self.spots:
            at = (round(exact(each.x)), round(exact(each.y)))
            if at in signs:
                signs[at] = each.name[:1] or "●"
        rows = ["".join(signs[x, y] + ("─" if y == 0 else " ") * (wide - 1) for x in columns) for y in lines]
        beside = max(len(printed(y)) for y in lines)
        told = [f"{printed(y):>{beside}}  {row.rstrip()}" for y, row in zip(lines, rows, strict=True)]
        return [*told, f"{'':{beside}}  x from {printed(self.left)} to {printed(self.right)}"]


def _seen(spot: Spot) -> str:
    """Where a point is seen from the origin: "P is 3 to the right and 2 down from the origin"."""
    x, y = exact(spot.x), exact(spot.y)
    ways = [f"{abs(x)} to the {'right' if x > 0 else 'left'}"] if x else []
    ways += [f"{abs(y)} {'up' if y > 0 else 'down'}"] if y else []
    return f"{spot.name} is {' and '.join(ways)} from the origin." if ways else f"{spot.name} is at the origin."


def _pair(x: Fraction, y: Fraction) -> str:
    return f"({printed(x)}, {printed(y)})"


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _polynomial(coefficients: Sequence[str]) -> str:
    """The terms by falling powers: "2x - 1"."""
    shown = ""
    for power, each in zip(range(len(coefficients) - 1, -1, -1), coefficients, strict=True):
        value = exact(each)
        if value == 0:
            continue
        letter = ("", "x", "x²")[power]
        size = "" if abs(value) == 1 and power else str(abs(value))
        size = f"({size})" if "/" in size and power else size
        if shown:
            shown += f" {'+' if value > 0 else '-'} {size}{letter}"
        else:
            shown = f"{'' if value > 0 else '-'}{size}{letter}"
    return shown or "0"
