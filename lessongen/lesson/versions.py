"""Lessons by name and their versions, as the database keeps them; the content itself is in `lesson.py`."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class LessonName:
    """What identifies a lesson, as first written; `key` is what two names are compared by."""

    subject: str
    topic: str
    language: str = "en"
    level: str = "general"
    variant: str = "core"

    @property
    def key(self) -> str:
        """All five parts in Unicode NFC, case-folded, spaces collapsed, joined by a unit separator."""
        parts = (self.subject, self.topic, self.language, self.level, self.variant)
        return "\x1f".join(comparable(part) for part in parts)

    @property
    def qualifiers(self) -> dict[str, str]:
        """Language, level and variant, as far as they are not the usual ones."""
        usual = LessonName(subject="", topic="")
        parts = {"language": self.language, "level": self.level, "variant": self.variant}
        return {part: value for part, value in parts.items() if comparable(value) != getattr(usual, part)}

    @property
    def titled(self) -> str:
        """The lesson as people read it, told from the others on its topic: "math / fractions (grade-5, support)"."""
        told = f" ({', '.join(self.qualifiers.values())})" if self.qualifiers else ""
        return f"{self.subject} / {self.topic}{told}"


@dataclass(frozen=True, kw_only=True)
class StoredLesson:
    """A lesson in the database: its name and how many versions it has, without a gap from the number `first`.

    `first` is above 0 where a lesson of that name was deleted or renamed: its numbers are not given again. How its
    newest version reads above its level, `harder`, and whether it `is_fact_sheet` is known where lessons are listed.
    """

    id: int
    name: LessonName
    versions: int
    created_at: datetime
    updated_at: datetime
    first: int = 0
    harder: str = ""
    is_fact_sheet: bool = False

    @property
    def numbers(self) -> range:
        """The numbers of its versions, oldest first."""
        return range(self.first, self.first + self.versions)

    @property
    def newest(self) -> int:
        """The newest version's number."""
        return self.numbers[-1]

    @property
    def latest(self) -> str:
        """The newest version, as people write it."""
        return version_text(self.newest)


@dataclass(frozen=True, kw_only=True)
class Lock:
    """That later versions keep a part of a lesson: its key (`parts.Part.key`), who locked it and when."""

    part: str
    user: str
    created_at: datetime


Verdict = Literal["ok", "reject"]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a reviewer says of one question, by its id in the content."""

    question: str
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Approval:
    """That someone has read one version and lets it be handed out, but for the questions marked otherwise."""

    reviewer: str
    note: str
    marks: tuple[Mark, ...]
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Version:
    """One immutable version of a lesson; `content` is the lesson's JSON of its time's schema, or empty where listed."""

    lesson: StoredLesson
    number: int
    writer: str
    reason: str
    task_id: str | None
    created_at: datetime
    content: str = ""
    approvals: tuple[Approval, ...] = ()

    @property
    def text(self) -> str:
        """The version as people write it: "1.10"."""
        return version_text(self.number)


WHERE_TO_GET_MORE = (
    "A whole lesson takes the full article: from Wikipedia where the network is there, from a Kiwix archive, "
    "or as a text of your own."
)
"""What is said wherever a fact sheet is shown."""
_KIND_BEGINS = 2_000  # characters of a stored lesson, which tells its kind before its text


def is_fact_sheet(content: str) -> bool:
    """Whether a stored lesson's JSON is a fact sheet's."""
    return '"kind":"fact_sheet"' in content[:_KIND_BEGINS]


def version_text(number: int) -> str:
    """The name of the version counted from 0: 0 is "1.0", 10 is "1.10"."""
    return f"1.{number}"


def version_number(text: str) -> int | None:
    """The inverse of `version_text`; None if it isn't one."""
    major, _, minor = text.strip().partition(".")
    return int(minor) if major == "1" and minor.isascii() and minor.isdigit() and len(minor) < 10 else None


def comparable(text: str) -> str:
    """Text as names are compared: NFC, case-folded, spaces collapsed."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return " ".join(folded.split())
