"""How large text can be on a slide: as large as its place holds, and never too small to read from the back rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TypeVar

LEAST = 14.0
"""The smallest size that is read on a wall, in points."""

_Item = TypeVar("_Item")
_EMU = 12700  # in a point
_STEPS = (30.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, LEAST)
_LINE, _GAP = 1.25, 10.0  # a line's height for its size; points between paragraphs
_WIDE = "WF"  # characters as wide as they are high
_CELL = (14.4, 7.2)  # the margins of a cell, in points: beside and above with below
_LONGEST_SHARE = 80


def width_of(text: str) -> float:
    """The width of a text for a size of one, with a little to spare."""
    return sum(1.0 if unicodedata.east_asian_width(each) in _WIDE else 0.52 for each in text)


def lines_of(text: str, width: float, size: float) -> int:
    """On how many lines a text stands, in a width in points."""
    lines, at = 1, 0.0
    for word in text.split():
        wide = width_of(word) * size
        if at and at + wide > width:
            lines, at = lines + 1, 0.0
        lines += max(0, -int(-wide // width) - 1)  # a text without spaces
        at += wide + 0.25 * size
    return lines


def size_of_list(texts: Sequence[str], width: int, height: int, most: float = _STEPS[0]) -> float:
    """The largest size in which paragraphs stand in a box, in points; 0 where none can be read."""
    for size in (each for each in _STEPS if each <= most):
        room = width / _EMU - 1.2 * size  # what hangs before it
        tall = sum(lines_of(text, room, size) * size * _LINE + _GAP for text in texts)
        if tall <= height / _EMU:
            return size
    return 0


def columns_of(rows: Sequence[Sequence[str]], width: int, size: float) -> Sequence[int]:
    """How wide the columns of a table are: no word is broken, and who says more has more."""
    texts = [[row[at] for row in rows if at < len(row)] for at in range(max(map(len, rows)))]
    words = [max((width_of(word) for text in each for word in text.split()), default=0.0) for each in texts]
    least = [min(width // len(texts), int(((each + 0.6) * size + _CELL[0]) * _EMU)) for each in words]
    shares = [max(1, *(min(_LONGEST_SHARE, len(text)) for text in each)) for each in texts]
    if max(shares) > 2:
        shares = [0 if each <= 2 else each for each in shares]  # a column of numbers needs no more
    return [low + (width - sum(least)) * share // sum(shares) for low, share in zip(least, shares, strict=True)]


def size_of_table(rows: Sequence[Sequence[str]], width: int, height: int, most: float) -> float:
    """The largest size in which a table stands in a box, in points; 0 where none can be read."""
    for size in (each for each in _STEPS if each <= most):
        widths = [each / _EMU - _CELL[0] for each in columns_of(rows, width, size)]
        tall = sum(
            max(lines_of(text, wide, size) for text, wide in zip(row, widths, strict=False)) * size * _LINE + _CELL[1]
            for row in rows
        )
        if tall <= height / _EMU:
            return size
    return 0


def shared_out(items: Sequence[_Item], slides: int) -> list[Sequence[_Item]]:
    """The items on so many slides, about as many on each."""
    size = max(1, -(-len(items) // slides))
    return [items[at : at + size] for at in range(0, len(items), size)]
