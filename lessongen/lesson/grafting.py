"""Pieces of one lesson's content put into another one, with the quotes and sources that they stand on.

What is there already keeps its ids; only what is put in gets new ones, where its own are taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from lessongen.lesson.edition import cites_of

Content = Mapping[str, Any]


class Graft:
    """The sources of a content that pieces of others are put into."""

    def __init__(self, content: Content) -> None:
        self.sources: list[dict[str, Any]] = deepcopy(list(content["sources"]))
        self.taken = set(ids_of(content))

    def carry(self, piece: Any, sources: Sequence[Content]) -> Any:
        """A copy of a piece that cites quotes of these sources, citing the same quotes here, where they are added."""
        of_quote = {quote["id"]: (source, quote) for source in sources for quote in source["quotes"]}

        def here(cite: str) -> str:
            return self._cite(*of_quote[cite]) if cite in of_quote else cite

        return with_cites(piece, here)

    def open_with(self, article: Content) -> None:
        """Have the sources begin with that one: the first is what the lesson is about."""
        first = self._source(article)
        self.sources = [first, *(source for source in self.sources if source is not first)]

    def free(self, name: str) -> str:
        """The name, or where it is an id already the next number of it that is none; it is taken from now on."""
        stem = re.sub(r"\d+$", "", name)
        number = 1
        while name in self.taken:
            name, number = f"{stem}{number}", number + 1
        self.taken.add(name)
        return name

    def prune(self, content: Content) -> None:
        """Leave out the quotes that the content does not cite, and sources but the first that have none left."""
        cited = set(cites_of(content))
        for source in self.sources:
            source["quotes"] = [quote for quote in source["quotes"] if quote["id"] in cited]
        first, *others = self.sources
        self.sources = [first, *(source for source in others if source["quotes"])]

    def _cite(self, source: Content, quote: Content) -> str:
        mine = self._source(source)
        for each in mine["quotes"]:
            if each["text"] == quote["text"]:
                return str(each["id"])
        name = self.free(f"{mine['id']}.{len(mine['quotes']) + 1}")
        mine["quotes"].append({**quote, "id": name})
        return name

    def _source(self, source: Content) -> dict[str, Any]:
        for each in self.sources:
            if each["text_sha256"] == source["text_sha256"]:
                return each
        added = {**deepcopy(dict(source)), "id": self.free(source["id"]), "quotes": []}
        self.sources.append(added)
        return added


def with_cites(piece: Any, change: Callable[[str], str]) -> Any:
    """A deep copy of a piece, each of its cites changed."""
    if isinstance(piece, list):
        return [with_cites(each, change) for each in piece]
    if not isinstance(piece, Mapping):
        return piece
    copy = {key: with_cites(value, change) for key, value in piece.items() if key != "cites"}
    if "cites" not in piece:
        return copy
    changed = list(dict.fromkeys(map(change, piece["cites"])))
    return {key: changed if key == "cites" else copy[key] for key in piece}


def ids_of(content: Content) -> Iterator[str]:
    """All ids of a content: of objectives, sections, questions, sources and quotes."""
    for field in ("objectives", "sections", "questions", "sources"):
        yield from (each["id"] for each in content[field])
    yield from (quote["id"] for source in content["sources"] for quote in source["quotes"])


def quotes_of(sources: Iterable[Content]) -> dict[str, Content]:
    """Each quote of the sources by its id."""
    return {quote["id"]: quote for source in sources for quote in source["quotes"]}


def sentences_of(section: Content) -> list[Content]:
    """The sentences of a section's running text."""
    return [each for block in section["blocks"] if block["kind"] == "prose" for each in block["sentences"]]
