"""How a program asks and marks a question: the few ways that all quiz formats know, whatever the kind.

Each kind says which one is its own (`Question.interaction`), so that a format knows these and no kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Pick:
    """Options to pick from, each with whether it is right; where it `is_judgement`, they are true and false."""

    name: ClassVar[str] = "multiple choice"
    options: tuple[tuple[str, bool], ...]
    is_judgement: bool = False

    @property
    def right(self) -> tuple[str, ...]:
        """The right options."""
        return tuple(text for text, is_right in self.options if is_right)

    @property
    def in_words(self) -> tuple[str, ...]:
        """The key, a line for each part of it."""
        return self.right


@dataclass(frozen=True, kw_only=True)
class Fill:
    """Words or a number to type; case, and spaces at the ends, don't count.

    Where it `is_number`, any way to write the number is right that differs from it by no more than `tolerance`.
    """

    name: ClassVar[str] = "short-answer"
    answers: tuple[str, ...]
    is_number: bool = False
    tolerance: str = "0"

    @property
    def in_words(self) -> tuple[str, ...]:
        """All that is right."""
        return self.answers


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Items with their partners, and partners that belong to none; `choices` are all partners as students see them."""

    name: ClassVar[str] = "matching"
    pairs: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]

    @property
    def in_words(self) -> tuple[str, ...]:
        """Each item with its partner."""
        return tuple(f"{left} \N{EN DASH} {right}" for left, right in self.pairs)


@dataclass(frozen=True, kw_only=True)
class Sort:
    """Items in their right order."""

    name: ClassVar[str] = "ordering"
    items: tuple[str, ...]

    @property
    def in_words(self) -> tuple[str, ...]:
        """The items in their order."""
        return self.items


@dataclass(frozen=True, kw_only=True)
class Write:
    """An answer that a person marks by a good one, or by its points."""

    name: ClassVar[str] = "open"
    points: tuple[str, ...]

    @property
    def in_words(self) -> tuple[str, ...]:
        """What a good answer says."""
        return self.points


Interaction = Pick | Fill | Pair | Sort | Write
