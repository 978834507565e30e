"""An installed encyclopedia as a writer sees it: its articles, and how they are related."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lessongen.lesson.material import Document


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An article of an encyclopedia with what is known about its title.

    `category` is one of the encyclopedia's broad subjects ("Mathematics", "People", …). `is_common_noun` holds where
    running text writes the title in lower case ("verb", not "Brazil").
    """

    id: int
    document: Document
    category: str
    is_common_noun: bool
    popularity: int

    @property
    def title(self) -> str:
        """The article's title, with its disambiguation."""
        return self.document.title


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Where a text names another article's title: characters `start` to `end`."""

    entry_id: int
    start: int
    end: int


class Encyclopedia(Protocol):
    """What a writer may ask of an installed encyclopedia about terms and how they are related."""

    def entry(self, entry_id: int) -> Entry:
        """The article of that id."""
        ...

    def entry_titled(self, title: str) -> Entry | None:
        """The article of exactly that title, or None."""
        ...

    def neighbours(self, entry: Entry) -> Mapping[int, float]:
        """Up to 80 articles nearest in meaning, by id, with the cosine of their embeddings; highest first."""
        ...

    def mentions(self, text: str, about: Entry) -> Sequence[Mention]:
        """The articles whose titles `text` names, in order; `about` (which text belongs to) decides between senses."""
        ...

    def naming(self, entry: Entry, limit: int = 60) -> Sequence[Entry]:
        """Articles whose text names this one's title, best first."""
        ...

    def siblings(self, entry: Entry, limit: int = 300) -> Sequence[Entry]:
        """Articles of the same category whose description has the same head noun ("composer"), in a fixed order."""
        ...
