"""A lesson on its way: what a writer hands over before it is checked, and what is stored of it already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lessongen.lesson.place import Place

if TYPE_CHECKING:
    from lessongen.lesson.model import Block, Lesson, Question
    from lessongen.lesson.model import Source as LessonSource


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A writer's lesson with the whole texts that its quotes come from, by SHA-256.

    `shown` is how many questions of a role the lesson is to have in the end, where more were written than that; `least`
    is how many are enough of a role, where something is wrong with the others.
    """

    lesson: Lesson
    texts: Mapping[str, str]
    shown: Mapping[str, int] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Anew:
    """What a writer made for a part of a lesson, with the sources of its quotes; calls took so many tokens, dollars.

    `reserve` has more questions, for where these don't suffice.
    """

    questions: Sequence[Question] = ()
    blocks: Sequence[Block] = ()
    sources: Sequence[LessonSource] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    reserve: Anew | None = None
    tokens: int = 0
    cost: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A rule that a place of a lesson breaks; `message` says how in plain words."""

    rule: str
    where: Place
    message: str

    def as_json(self) -> dict[str, str]:
        """The documented shape `{"rule", "where", "message"}`, the place as a path such as `questions[2]`."""
        return {"rule": self.rule, "where": str(self.where), "message": self.message}


@dataclass(frozen=True, kw_only=True)
class Stored:
    """The newest version of a lesson: which one, what it says, and the keys of the parts that later ones keep."""

    number: int
    draft: Draft
    locks: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Sibling:
    """The newest version of the same lesson in another variant, with the texts of its sources by SHA-256."""

    lesson: Lesson
    texts: Mapping[str, str]
    version: str
