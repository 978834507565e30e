"""A result of an exam in figures: shares with their intervals, whether it passes, and whether it still counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lessongen.check.judges.intervals import mean_of_two, wilson
from lessongen.lesson.judgement import Bar, ExamResult
from lessongen.queue.json_views import moment
from lessongen.system.terminal import dollars


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share with its 95 % interval; balanced accuracy is the mean of two and has no count of its own."""

    share: float
    low: float
    high: float
    right: int | None = None
    of: int | None = None

    @property
    def percent(self) -> str:
        """For people: "97.2 %"."""
        return f"{self.share:.1%}".replace("%", " %")

    @property
    def interval(self) -> str:
        """For people: "94.1 to 98.7"."""
        return f"{100 * self.low:.1f} to {100 * self.high:.1f}"

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types; shares are between 0 and 1."""
        counts = {} if self.right is None else {"right": self.right, "of": self.of}
        return {**counts, "share": round(self.share, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is told of one result."""

    number: int
    result: ExamResult
    bar: Bar
    is_valid: bool

    @property
    def has_passed(self) -> bool:
        """Whether both shares reach the bar."""
        return self.result.passes(self.bar)

    @property
    def shares(self) -> str:
        """How good it is, for people: "97.2 % caught, 91.0 % accepted"."""
        return f"{self.caught.percent} caught, {self.accepted.percent} accepted"

    @property
    def state(self) -> str:
        """In a word or two, for a list."""
        if not self.is_valid:
            return "out of date"
        return "passed" if self.has_passed else "not passed"

    @property
    def caught(self) -> Share:
        """The share of unfaithful sentences that were refused."""
        return _share(*self.result.caught)

    @property
    def accepted(self) -> Share:
        """The share of honest ones that were let stand."""
        return _share(*self.result.accepted)

    @property
    def balanced(self) -> Share:
        """The mean of both."""
        mean, low, high = mean_of_two(self.result.caught, self.result.accepted)
        return Share(share=mean, low=low, high=high)

    @property
    def seconds(self) -> str:
        """How long it took."""
        return f"{self.result.seconds:.1f} s"

    @property
    def money(self) -> str:
        """What it cost, to stand behind other words; empty where that is not known."""
        return f", {dollars(self.result.cost)}" if self.result.cost else ""

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        result = self.result
        return {
            "number": self.number,
            **asdict(result.identity),
            "exam": result.exam,
            "language": result.language,
            "is_short": result.is_short,
            "is_valid": self.is_valid,
            "passed": self.has_passed,
            "needed": asdict(self.bar),
            "caught": self.caught.as_json(),
            "accepted": self.accepted.as_json(),
            "balanced_accuracy": self.balanced.as_json(),
            "kinds": [dict(each) for each in result.kinds_as_json()],
            "unanswered": result.unanswered,
            "seconds": result.seconds,
            "calls": result.calls,
            "tokens": result.tokens,
            "cost": result.cost,
            "sat_at": moment(result.sat_at),
        }


def figures_of(result: ExamResult, bar: Bar, exam: str, *, number: int = 0) -> Figures:
    """The figures of a result; it is valid while the judge's prompt is today's, and its exam the one of that name."""
    prompt = _prompts().get(result.identity.judge)
    is_valid = result.exam == exam and result.identity.prompt_sha256 == prompt
    return Figures(number=number, result=result, bar=bar, is_valid=is_valid)


def _prompts() -> Mapping[str, str]:
    from lessongen.writers.openai.judge_prompt import sha256

    return {"rules": "", "model": sha256()}


def _share(right: int, of: int) -> Share:
    low, high = wilson(right, of)
    return Share(share=right / of if of else 0.0, low=low, high=high, right=right, of=of)
