"""An attempt for writers that are called without a queue: by tests, and by the bench."""

from __future__ import annotations

from dataclasses import dataclass, field

from lessongen.queue.null_attempt import NullAttempt


@dataclass(kw_only=True)
class PlainAttempt(NullAttempt):
    """An attempt without a queue that remembers what is said."""

    seed: int = 1
    messages: list[str] = field(default_factory=list)

    def progress(self, step: str, percent: int, message: str) -> None:
        """Remembers what is said."""
        self.messages.append(message)
