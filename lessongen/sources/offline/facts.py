"""What was derived from the pack when the package was made, and is shipped with it: one JSON file, compressed by zlib.

{"pack_sha256": …,           the English data file that the rest is about; articles are numbered from 1 in its order
 "categories": {number: …},  for the articles that the pack leaves uncategorized
 "common_nouns": [numbers],  titles that running text writes in lower case
 "popularity": [counts],     how many other articles name each one
 "standings": [digits],      for each of `text.subjects.subjects()`, a digit an article: how many STEPS it reaches
 "foreign": {"fr": {title: number}, "es": …}}   articles that other languages' titles mean, by folded title
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources

_NEIGHBOURS = "neighbours.bin"
_FACTS = "facts.bin"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The derived facts of one pack; all empty where none were shipped for it."""

    categories: Mapping[int, str] = field(default_factory=dict)
    common_nouns: frozenset[int] = frozenset()
    popularity: Sequence[int] = ()
    standings: Sequence[str] = ()
    foreign: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def popularity_of(self, number: int) -> int:
        """How many other articles name this one; 0 if nobody counted."""
        return self.popularity[number - 1] if self.popularity else 0

    def standings_of(self, number: int) -> str:
        """One article's digits, in the order of the subjects; none if nobody measured."""
        return "".join(digits[number - 1] for digits in self.standings)


def encode(facts: Facts, pack_sha256: str) -> bytes:
    """The facts as the file's bytes; the same facts give the same bytes."""
    content = {
        "pack_sha256": pack_sha256,
        "categories": {str(number): facts.categories[number] for number in sorted(facts.categories)},
        "common_nouns": sorted(facts.common_nouns),
        "popularity": list(facts.popularity),
        "standings": list(facts.standings),
        "foreign": {language: dict(sorted(titles.items())) for language, titles in sorted(facts.foreign.items())},
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def decode(data: bytes, pack_sha256: str) -> Facts:
    """The facts of the file; empty ones if it was made for other data."""
    content = json.loads(zlib.decompress(data))
    if content["pack_sha256"] != pack_sha256:
        return Facts()
    return Facts(
        categories={int(number): category for number, category in content["categories"].items()},
        common_nouns=frozenset(content["common_nouns"]),
        popularity=content["popularity"],
        standings=content["standings"],
        foreign=content["foreign"],
    )


def shipped_neighbours() -> bytes:
    """The shipped neighbour table; `neighbours.decode` reads it. Empty if there is none."""
    return _shipped(_NEIGHBOURS)


def shipped_facts() -> bytes:
    """The shipped facts; `decode` reads them. Empty if there are none."""
    return _shipped(_FACTS)


def _shipped(name: str) -> bytes:
    file = resources.files("lessongen.sources.offline").joinpath(name)
    return file.read_bytes() if file.is_file() else b""
