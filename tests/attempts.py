"""An attempt for writers that are called without a queue: by tests, and by the bench."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lessongen.lesson import Lesson
from lessongen.ports.content import BatchedAnswer, BatchedCall, Result, Sibling, Spent, Stored, Usage


@dataclass(kw_only=True)
class PlainAttempt:
    """An attempt without a queue behind it."""

    seed: int = 1
    earlier: Sequence[Lesson] = ()
    siblings: Mapping[str, Sibling] = field(default_factory=dict)
    presumed: Sequence[str] = ()
    stored: Stored | None = None
    asked_beside: Collection[tuple[str, str]] = ()
    usages: list[Usage] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def progress(self, step: str, percent: int, message: str) -> None:
        """Remembers what is said."""
        self.messages.append(message)

    def about(self, article: str) -> None:
        """Nowhere to record it."""

    def step(self, key: str, inputs: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """Nothing is kept."""
        return make()

    def call(self, writer: str, tokens: int, cost: float | None = None) -> None:
        """No limit to keep."""

    def used(self, usage: Usage) -> None:
        """Remembers what was used."""
        self.usages.append(usage)

    def spent(self) -> Spent:
        """What was used so far."""
        tokens = sum(usage.input_tokens + usage.output_tokens for usage in self.usages)
        return Spent(calls=len(self.usages), tokens=tokens, cost=sum(usage.cost or 0.0 for usage in self.usages))

    goes_by_batch_api: bool = False

    def batched(self, make: Callable[[str, str], BatchedCall], read: Callable[[BatchedAnswer], Result]) -> Result:
        """There is no provider."""
        raise AssertionError

    def cancelled(self) -> bool:
        """Never."""
        return False
