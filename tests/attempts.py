"""An attempt for writers that are called without a queue: by tests, and by the bench."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.lesson import Lesson


@dataclass(kw_only=True)
class PlainAttempt:
    """An attempt without a queue behind it."""

    seed: int = 1
    earlier: Sequence[Lesson] = ()

    def progress(self, step: str, percent: int, message: str) -> None:
        """Says nothing: no one waits for it."""

    def about(self, article: str) -> None:
        """Nowhere to record it."""

    def step(self, key: str, inputs: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """Nothing is kept."""
        return make()

    def call(self, writer: str, tokens: int) -> None:
        """No limit to keep."""

    def cancelled(self) -> bool:
        """Never."""
        return False
