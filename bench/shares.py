"""How many of how many."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Share:
    """How many of how many, and what the others are."""

    part: int = 0
    whole: int = 0
    misses: list[str] = field(default_factory=list)

    def count(self, holds: bool, otherwise: str) -> None:
        """One more of the whole, of which a part holds."""
        self.whole += 1
        self.part += holds
        if not holds:
            self.misses.append(otherwise)

    @property
    def value(self) -> float:
        """Between 0 and 1; 1 of nothing."""
        return self.part / self.whole if self.whole else 1.0
