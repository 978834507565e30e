"""How much of everything a lesson has by its minutes: a short one is shorter, not thinner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lessongen.lesson.limits import QUESTIONS

_ONE_CYCLE, _TWO_CYCLES = 24, 39  # the most minutes that have room for so many
_OPENING, _CLOSING = 0.11, 0.14  # of the minutes: hook and starter, exit quiz
_PRACTISING = 0.5  # of a cycle
_MOST_SENTENCES = 18
STARTERS = 3


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Minutes and numbers for one lesson; `questions` are those that were asked for, without starters."""

    minutes: int
    questions: int | None = None

    @property
    def cycles(self) -> int:
        """How many ideas there is time for."""
        return 1 if self.minutes <= _ONE_CYCLE else 2 if self.minutes <= _TWO_CYCLES else 3

    @property
    def opening(self) -> int:
        """Minutes for hook and starter."""
        return max(1, round(self.minutes * _OPENING))

    @property
    def closing(self) -> int:
        """Minutes for the exit quiz."""
        return max(1, round(self.minutes * _CLOSING))

    @property
    def working(self) -> int:
        """Minutes for the cycles."""
        return max(2 * self.cycles, self.minutes - self.opening - self.closing)

    @property
    def checks(self) -> int:
        """Questions in each cycle."""
        return 2 if self.working // self.cycles >= 12 else 1

    @property
    def exit(self) -> int:
        """Questions at the end."""
        if self.questions is not None:
            return max(1, min(self.questions, QUESTIONS.most - STARTERS) - self.checks * self.cycles)
        return 4 if self.minutes <= _ONE_CYCLE else 6

    @property
    def terms(self) -> str:
        """How many key terms."""
        return "3 or 4" if self.minutes <= _ONE_CYCLE else "4 to 6"

    def sentences(self, minutes: int) -> str:
        """How many sentences explain an idea in a cycle of so many minutes."""
        fewest = max(6, min(minutes, _MOST_SENTENCES - 4))
        return f"{fewest} to {fewest + 4}"

    def practising(self, minutes: int) -> int:
        """Minutes of a cycle for its practice and its checks."""
        return max(1, round(minutes * _PRACTISING))


def shares(weights: Sequence[float], total: int) -> list[int]:
    """Whole minutes by weight that sum up exactly; at least one each."""
    total = max(total, len(weights))
    spare = [weight / sum(weights) * (total - len(weights)) for weight in weights]
    whole = [1 + int(share) for share in spare]
    by_remainder = sorted(range(len(weights)), key=lambda index: int(spare[index]) - spare[index])
    for index in by_remainder[: total - sum(whole)]:
        whole[index] += 1
    return whole
