"""An attempt without a queue behind it, for sources and writers that are asked directly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lessongen.lesson.attempt import Attempt, BatchedAnswer, BatchedCall, Result, Spent, Usage
from lessongen.lesson.draft import Sibling, Stored

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson


@dataclass(kw_only=True)
class NullAttempt:
    """Implements `Attempt`: nothing is kept, nobody watches, and what calls take is remembered here alone."""

    seed: int
    earlier: Sequence[Lesson] = ()
    stored: Stored | None = None
    siblings: Mapping[str, Sibling] = field(default_factory=dict)
    presumed: Sequence[str] = ()
    asked_beside: Collection[tuple[str, str]] = ()
    goes_by_batch_api: bool = False
    usages: list[Usage] = field(default_factory=list)

    def reserve(self, pairs: Collection[tuple[str, str]]) -> bool:
        """It has no batch."""
        return True

    def progress(self, step: str, percent: int, message: str) -> None:
        """Nobody watches."""

    def about(self, article: str) -> None:
        """There is no task to record it for."""

    def step(self, key: str, inputs: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """What is made, made now."""
        return make()

    def call(self, writer: str, tokens: int, cost: float | None = None) -> None:
        """There is no limit to keep."""

    def used(self, usage: Usage) -> None:
        """Remember what a call took."""
        self.usages.append(usage)

    def spent(self) -> Spent:
        """What was used so far."""
        tokens = sum(usage.input_tokens + usage.output_tokens for usage in self.usages)
        return Spent(calls=len(self.usages), tokens=tokens, cost=sum(usage.cost or 0.0 for usage in self.usages))

    def together(self, works: Sequence[Callable[[Attempt], Result]]) -> list[Result]:
        """One after the other."""
        return [work(self) for work in works]

    def batched(self, make: Callable[[str, str], BatchedCall], read: Callable[[BatchedAnswer], Result]) -> Result:
        """Never asked: no call goes by a provider's Batch API without a task that waits for it."""
        raise AssertionError("a call by the Batch API needs a queue")

    def cancelled(self) -> bool:
        """Ctrl-C stops it."""
        return False
