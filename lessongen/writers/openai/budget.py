"""How much of everything a lesson has by its minutes: a short one is shorter, not thinner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lessongen.lesson.limits import QUESTIONS

_ONE_CYCLE, _TWO_CYCLES = 24, 50  # the most minutes that have room for so many
_OPENING, _CLOSING = 0.11, 0.14  # of the minutes: hook and starter, exit quiz
_MOST_CLOSING = 0.35
_PRACTISING = 0.5  # of a cycle
_A_QUESTION = 1.75  # minutes to read, answer and talk about one
_A_PART = 3  # minutes of practice
_SENTENCES_A_MINUTE, _MOST_SENTENCES = 0.8, 12
_SPARE, _SPARE_CHECKS = 3, 1  # questions that are written beyond those that are shown, so that flawed ones can go
_MOST_CHECKS, _FOR_TWO_CHECKS = 2, {1: 11, 2: 11, 3: 20}  # of a cycle, and its minutes from which it has two
STARTERS = 1
"""That are shown."""


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
        """Minutes for the exit quiz: its share, or what the questions take that were asked for."""
        share = max(1, round(self.minutes * _CLOSING))
        wanted = 0 if self.questions is None else round(_A_QUESTION * (self.questions - self.cycles))
        return max(share, min(wanted, int(self.minutes * _MOST_CLOSING)))

    @property
    def working(self) -> int:
        """Minutes for the cycles."""
        return max(2 * self.cycles, self.minutes - self.opening - self.closing)

    @property
    def checks(self) -> int:
        """Questions in each cycle."""
        return _MOST_CHECKS if self.working // self.cycles >= _FOR_TWO_CHECKS[self.cycles] else 1

    @property
    def exit(self) -> int:
        """Questions at the end: what the minutes allow, and enough for a lesson."""
        checks = self.checks * self.cycles
        if self.questions is not None:
            return max(1, min(self.questions, QUESTIONS.most - STARTERS) - checks)
        return max(2, int(self.closing / _A_QUESTION), QUESTIONS.fewest - checks)

    @property
    def written(self) -> int:
        """How many exit questions are written, of which the best are kept."""
        return self.exit + _SPARE

    @property
    def written_checks(self) -> int:
        """The same of a cycle's questions."""
        return self.checks + _SPARE_CHECKS

    @property
    def shown(self) -> Mapping[str, int]:
        """How many questions of each role are shown."""
        return {"starter": STARTERS, "check": self.checks * self.cycles, "exit": self.exit}

    @property
    def least(self) -> Mapping[str, int]:
        """How many of those that are shown are enough, where others are flawed; as many as a person asked for."""
        if self.questions is not None:
            return {"starter": 0}
        at_the_end = min(self.exit, max(2, self.exit - (self.exit + 1) // 3))
        on_the_way = min(self.checks * self.cycles, max(self.cycles, QUESTIONS.fewest - at_the_end))
        return {"starter": 0, "check": on_the_way, "exit": at_the_end}

    @property
    def terms(self) -> str:
        """How many key terms."""
        return "3 or 4" if self.minutes <= _ONE_CYCLE else "4 to 6"

    def sentences(self, minutes: int) -> str:
        """How many sentences explain an idea in a cycle of so many minutes."""
        fewest = max(6, min(round(_SENTENCES_A_MINUTE * minutes), _MOST_SENTENCES))
        return f"{fewest} to {fewest + 3}"

    def parts(self, minutes: int) -> str:
        """How many parts the practice of a cycle of so many minutes has, beside its checks."""
        most = int((self.practising(minutes) - _A_QUESTION * self.checks) / _A_PART)
        return "one part" if most < 2 else "one or two parts" if most == 2 else "two or three parts"

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
