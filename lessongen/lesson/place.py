"""A place in a lesson, such as the third sentence of a block: where a problem was found, or what a line says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The way to a part of a lesson: names of fields, and after a list's name the index in it, from 0.

    Its text is a path, such as `sections[1].blocks[0].sentences[2]`. Who asks what stands there matches `steps`.
    """

    steps: tuple[str | int, ...]

    @classmethod
    def of(cls, *steps: str | int) -> Place:
        """The place at the end of these steps from the lesson itself."""
        return cls(steps)

    def at(self, *steps: str | int) -> Place:
        """The place at the end of these steps from here."""
        return Place((*self.steps, *steps))

    @property
    def last(self) -> str | int | None:
        """The last step; None for the lesson as a whole."""
        return self.steps[-1] if self.steps else None

    @property
    def outer(self) -> Place:
        """What this place is directly in; the lesson as a whole for a field of it."""
        return Place(self.steps[:-1])

    def is_within(self, other: Place) -> bool:
        """Whether this is the other place, or one in it."""
        return self.steps[: len(other.steps)] == other.steps

    def __str__(self) -> str:
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.steps)
        return path.removeprefix(".")
