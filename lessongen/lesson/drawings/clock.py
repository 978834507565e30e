"""The face of a clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Readable
from lessongen.lesson.drawings.canvas import HEAVY, USUAL, Canvas, Point
from lessongen.lesson.drawings.turning import turned

_RADIUS = 92.0
_LONG, _SHORT = 72.0, 46.0


class Clock(Drawing):
    """A round clock with numbers, a short hand for hours and a long one for minutes."""

    kind: Literal["clock"] = "clock"
    hour: int = Field(ge=1, le=12)
    minute: int = Field(ge=0, le=59)

    @property
    def time(self) -> str:
        """What it shows: "3:45"."""
        return f"{self.hour}:{self.minute:02d}"

    @property
    def alternative(self) -> str:
        """Where its hands point."""
        return (
            "A round clock with the numbers 1 to 12 and sixty marks. "
            f"Its short hand is {self._short}, its long hand {self._long}."
        )

    @property
    def _short(self) -> str:
        after = self.hour % 12 + 1
        if self.minute == 0:
            return f"at {self.hour}"
        if self.minute <= 15:
            return f"a little after {self.hour}"
        return f"a little before {after}" if self.minute >= 45 else f"between {self.hour} and {after}"

    @property
    def _long(self) -> str:
        number, marks = self.minute // 5 or 12, self.minute % 5
        return f"{marks} mark{'s' * (marks > 1)} after {number}" if marks else f"at {number}"

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        return [[self.time]]

    @property
    def readable(self) -> Sequence[Readable]:
        return (Readable(ask="What time does the clock show?", answer=self.time, says="The time on the clock is {}."),)

    def draw(self) -> Canvas:
        """The face with sixty marks and twelve numbers, and the hands."""
        canvas = Canvas(2 * _RADIUS + 8, 2 * _RADIUS + 8)
        centre = (_RADIUS + 4, _RADIUS + 4)
        canvas.circle(centre, _RADIUS)
        for at in range(60):
            is_hour = at % 5 == 0
            inner = _RADIUS - (9 if is_hour else 5)
            canvas.line(_at(centre, inner, at / 60), _at(centre, _RADIUS, at / 60), width=HEAVY if is_hour else USUAL)
        for hour in range(1, 13):
            canvas.words(_at(centre, _RADIUS - 20, hour / 12), str(hour))
        hours = (self.hour % 12 + self.minute / 60) / 12
        canvas.line(centre, _at(centre, _SHORT, hours), width=5)
        canvas.line(centre, _at(centre, _LONG, self.minute / 60), width=2.5)
        canvas.circle(centre, 4, solid=True)
        return canvas


def _at(centre: Point, radius: float, turn: float) -> Point:
    """The point so far from the centre, at a part of a turn from the top, with the clock."""
    return turned(centre, radius, 90 - 360 * turn)
