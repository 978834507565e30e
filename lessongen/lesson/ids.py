"""Tasks and batches by their ids, as a person gives them: whole, by the beginning, or the last one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from lessongen.system.errors import NotFound, UsageError

_DIGITS = frozenset("0123456789abcdef-")
_MOST_NAMED = 5
_SHOWN = 13  # characters of an id

Thing = TypeVar("Thing")


class Kept(Protocol[Thing]):
    """Where things with ids are kept."""

    def get(self, id: str, /) -> Thing | None:
        """The one of that whole id."""

    def last(self) -> Thing | None:
        """The one that came last."""

    def starting_with(self, prefix: str, limit: int) -> list[Thing]:
        """Those whose id starts so, at most `limit`."""


@dataclass(frozen=True, kw_only=True)
class Ids(Generic[Thing]):
    """The things of one kind, which `noun` and `nouns` name; the hints say how to make a first one and see all."""

    kept: Kept[Thing]
    id_of: Callable[[Thing], str]
    noun: str
    nouns: str
    first_hint: str
    list_hint: str

    def get(self, id: str) -> Thing:
        """The one of that whole id. Raises `NotFound`."""
        found = self.kept.get(id)
        if found is None:
            raise self._none(id)
        return found

    def find(self, text: str) -> Thing:
        """The one that a person means: a whole id, a unique prefix of one, or `last`.

        Raises `NotFound`, or `UsageError` if several ids start so.
        """
        if text == "last":
            last = self.kept.last()
            if last is None:
                raise NotFound(f"There is no {self.noun} yet.", hint=self.first_hint)
            return last
        prefix = text.strip().lower()
        found: Sequence[Thing] = ()
        if prefix and set(prefix) <= _DIGITS:
            found = self.kept.starting_with(prefix, limit=_MOST_NAMED)
        if not found:
            raise self._none(text)
        if len(found) > 1:
            named = ", ".join(self.id_of(each)[:_SHOWN] for each in found)
            raise UsageError(f"Several {self.nouns} start with {text}: {named}.", hint="Give more of the id.")
        return found[0]

    def _none(self, text: str) -> NotFound:
        shown = text if len(text) <= 60 else text[:57] + "…"
        return NotFound(f"There is no {self.noun} “{shown}”.", hint=self.list_hint)
