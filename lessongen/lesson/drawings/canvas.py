"""A small canvas: shapes and words to SVG, in the colour of the text around it.

Nothing tells by colour alone: what is filled is darker than what is not, on paper as on a dark screen. Letters stay
above 12 pixels where a phone of 320 pixels shrinks the widest drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

WIDTH = 280
"""How wide a drawing is at most: what a question of a phone's page has room for."""
LETTERS = 15.0
USUAL, HEAVY = 1.5, 2.5
"""How wide lines are."""

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]

_SHADE = "0.5"
_PLAIN, _OVER = 'stroke="none"', 'stroke="Canvas" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
_FONT = "system-ui, sans-serif"


class Canvas:
    """Takes shapes, in pixels from the top left, and gives the SVG of them."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        self.width, self.height = width, height
        self._shapes: list[str] = []

    def line(
        self, start: Point, end: Point, *, width: float = USUAL, dashed: bool = False, faint: bool = False
    ) -> None:
        """A straight line."""
        (x, y), (u, v) = start, end
        look = _look(width=width, dashed=dashed, faint=faint)
        self._add(f'<line x1="{_px(x)}" y1="{_px(y)}" x2="{_px(u)}" y2="{_px(v)}"{look}/>')

    def path(self, points: Sequence[Point], *, width: float = USUAL) -> None:
        """A line through points."""
        self._add(f'<polyline points="{_pairs(points)}"{_look(width=width)}/>')

    def polygon(self, points: Sequence[Point]) -> None:
        """A closed shape."""
        self._add(f'<polygon points="{_pairs(points)}"/>')

    def box(self, corner: Point, width: float, height: float, *, shaded: bool = False) -> None:
        """A rectangle from its upper left corner."""
        (x, y), size = corner, f'width="{_px(width)}" height="{_px(height)}"'
        self._add(f'<rect x="{_px(x)}" y="{_px(y)}" {size}{_fill(shaded)}/>')

    def circle(self, centre: Point, radius: float, *, solid: bool = False) -> None:
        """A circle, or where it is `solid` a dot."""
        fill = ' fill="currentColor"' if solid else ""
        self._add(f'<circle cx="{_px(centre[0])}" cy="{_px(centre[1])}" r="{_px(radius)}"{fill}/>')

    def words(
        self,
        at: Point,
        text: str,
        *,
        anchor: Anchor = "middle",
        bold: bool = False,
        slanted: bool = False,
        is_over: bool = False,
    ) -> None:
        """Words whose middle is at that height; where they are over lines, these keep off them."""
        look = f' text-anchor="{anchor}"' if anchor != "start" else ""
        look += ' font-weight="bold"' if bold else ""
        look += ' font-style="italic"' if slanted else ""
        self._add(
            f'<text x="{_px(at[0])}" y="{_px(at[1])}" dominant-baseline="central" fill="currentColor" '
            f"{_OVER if is_over else _PLAIN}{look}>{escape(text)}</text>"
        )

    def _add(self, shape: str) -> None:
        self._shapes.append(shape)

    def svg(self) -> str:
        """What was drawn."""
        size = f'viewBox="0 0 {_px(self.width)} {_px(self.height)}" width="{_px(self.width)}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} height="{_px(self.height)}" class="drawn" direction="ltr" '
            f'font-family="{_FONT}" font-size="{_px(LETTERS)}" fill="none" stroke="currentColor" '
            f'stroke-width="{USUAL}">{"".join(self._shapes)}</svg>'
        )


def width_of(text: str) -> float:
    """About how wide words are, rather more than less."""
    return len(text) * LETTERS * 0.56


def _px(size: float) -> str:
    return f"{size:.2f}".rstrip("0").rstrip(".")


def _pairs(points: Sequence[Point]) -> str:
    return " ".join(f"{_px(x)},{_px(y)}" for x, y in points)


def _fill(shaded: bool) -> str:
    return f' fill="currentColor" fill-opacity="{_SHADE}"' if shaded else ""


def _look(*, width: float, dashed: bool = False, faint: bool = False) -> str:
    look = f' stroke-width="{_px(width)}"' if width != USUAL else ""
    look += ' stroke-dasharray="5 4"' if dashed else ""
    return look + (' stroke-opacity="0.35"' if faint else "")
