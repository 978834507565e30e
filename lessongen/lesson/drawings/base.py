"""What a kind of drawing decides: its data, what one sees in it, what can be read off it, and how it is drawn.

A kind is a subclass of `Drawing` in a file of this package. Nothing else in the program asks of which kind one is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from lessongen.lesson.drawings.canvas import Canvas
from lessongen.lesson.statement import Model

MINUS = "\N{MINUS SIGN}"
MOST_LETTERS = 40

Number = Annotated[str, Field(pattern=rf"^[-{MINUS}]?[0-9]{{1,6}}(\.[0-9]{{1,4}}|/[1-9][0-9]{{0,3}})?$")]
"""A whole number, a decimal or a fraction, as it is printed: "-3", "0.25", "3/4"."""
Label = Annotated[str, Field(max_length=MOST_LETTERS)]
"""A few words in a drawing."""

_IN_NUMBER = r"[\d/]"


@dataclass(frozen=True, kw_only=True)
class Readable:
    """A question that the drawing alone answers. `says` is the answer as a statement, with `{}` for it."""

    ask: str
    answer: str
    says: str = ""


class Drawing(Model):
    """What drawings of all kinds have, and what a kind may decide for itself."""

    if TYPE_CHECKING:  # each kind declares it
        kind: str

    @property
    def alternative(self) -> str:
        """What one sees, in whole sentences: who can't see it finds out as much, and by as much thought."""
        raise NotImplementedError

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        """The quantities in it, each in the ways in which a text may print it."""
        return ()

    @property
    def readable(self) -> Sequence[Readable]:
        """What can be read off it."""
        return ()

    def faults(self) -> Iterator[str]:
        """Why it can't be drawn as it is, in plain words: "a bar has 3 parts, and 4 of them are shaded"."""
        yield from ()

    def draw(self) -> Canvas:
        """The drawing of data without faults; of other data some drawing."""
        raise NotImplementedError

    def in_letters(self) -> Sequence[str]:
        """The same in rows of characters, 60 wide at most; none where they can't show it."""
        return ()

    def svg(self) -> str:
        """It as an SVG that loads nothing and runs nothing, in the colour of the text around it."""
        return self.draw().svg()

    def answer_to(self, asked: str) -> str | None:
        """What it answers; None where it doesn't."""
        return next((each.answer for each in self.readable if each.ask == asked), None)


def exact(number: str) -> Fraction:
    """The value of a `Number`."""
    return Fraction(number.replace(MINUS, "-"))


def printed(number: str | int | Fraction) -> str:
    """A number with the sign that is printed."""
    return str(number).replace("-", MINUS)


def stands_in(quantity: str, text: str) -> bool:
    """Whether a text prints the quantity, not only as a part of a longer number."""
    before = rf"(?<!{_IN_NUMBER})(?<!\d[.,])" if quantity[:1].isdigit() else ""
    after = rf"(?!{_IN_NUMBER})(?![.,]\d)" if quantity[-1:].isdigit() else ""
    return re.search(f"{before}{re.escape(quantity)}{after}", text) is not None
