"""The titles nearest to a topic that has no article: by their words, their other names and their descriptions.

A title is near that says most of the topic, by the weight of its words, or the topic's head in its own place; or whose
description has all of the topic. Where none does, none is offered: a title that shares one common word leads astray.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from lessongen.sources.offline.catalogue import Candidate, Catalogue
from lessongen.sources.offline.names import light_key
from lessongen.text.words import split_title, stem, tokens

_ARTICLES = 10_000
_MOST_OF_IT = 0.6
_SOME_OF_IT = 0.25
_RARE = 60  # articles that have the word
_FAR, _NEAR, _NEAREST = 2, 4, 6
# Below a title that says as much: what a description says first, and what it says at all.
_OPENS_DESCRIPTION = 0.95
_IN_DESCRIPTION = 0.7
_RARE_IN_DESCRIPTION = 0.4
_EACH_WORD_MORE = 0.08


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The topic by its words in the singular and their stems, without what it asks of its article; the head's stem."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    head: str


def nearest(wanted: Wanted, catalogue: Catalogue, limit: int = 3) -> list[str]:
    """The titles of at most `limit` articles, the nearest first."""
    weights = {
        each: log(_ARTICLES / (1 + catalogue.articles_with(word)))
        for word, each in zip(wanted.words, wanted.stems, strict=True)
    }
    whole = sum(weights.values())
    if not whole:
        return []
    scores: dict[Candidate, float] = {}
    for each in {each: None for each in wanted.stems}:
        for candidate in catalogue.holding([each]):
            scores[candidate] = _by_title(candidate, wanted, weights, whole)
    is_rare = len(wanted.words) == 1 and catalogue.articles_with(wanted.words[0]) <= _RARE
    for candidate, description in catalogue.described_with(wanted.words):
        score = _by_description(candidate, description, wanted, is_rare=is_rare)
        scores[candidate] = max(score, scores.get(candidate, 0.0))
    near = [(candidate, score) for candidate, score in scores.items() if score]
    near.sort(key=lambda pair: (-round(pair[1], 2), -(pair[0].standing or 0), -pair[0].popularity, pair[0].id))
    return list(dict.fromkeys(candidate.title for candidate, _ in near))[:limit]


def _by_title(candidate: Candidate, wanted: Wanted, weights: dict[str, float], whole: float) -> float:
    name = split_title(candidate.title)[0]
    words = light_key(name).split()
    said = [stem(word) for word in words]
    more = sum(each not in wanted.stems for each in said)
    if more:
        # Only the words themselves count in a longer title: "Amusement park" says nothing of parking.
        said = [one for one, word in zip(said, words, strict=True) if word in wanted.words]
        if not said or (not candidate.is_common_noun and _is_surname(name, wanted)):
            return 0.0
    share = sum(weight for each, weight in weights.items() if each in said) / whole
    if share >= _SOME_OF_IT and not more:
        return share if _stands(candidate, _FAR) else 0.0  # the topic names it, and something besides
    has_head = stem(words[-1]) == wanted.head and share >= _SOME_OF_IT
    if (share < _MOST_OF_IT and not has_head) or not _stands(candidate, _NEAR):
        return 0.0
    return share + (0.1 if has_head else 0.0) - _EACH_WORD_MORE * more


def _is_surname(name: str, wanted: Wanted) -> bool:
    """ "Joseph Banks" is no bank: what is no common noun is named by its words as they are."""
    named = [word for word in tokens(name) if light_key(word) in wanted.words]
    return all(word.endswith("s") and word not in wanted.words for word in named)


def _by_description(candidate: Candidate, description: str, wanted: Wanted, *, is_rare: bool) -> float:
    said = [stem(word) for word in light_key(description).split()]
    if not set(wanted.stems) <= set(said) or not _stands(candidate, _NEAR):
        return 0.0
    if len(wanted.stems) == 1:
        return _RARE_IN_DESCRIPTION if is_rare and _stands(candidate, _NEAREST) else 0.0
    return _OPENS_DESCRIPTION if said[: len(wanted.stems)] == list(wanted.stems) else _IN_DESCRIPTION


def _stands(candidate: Candidate, floor: int) -> bool:
    return candidate.standing is None or candidate.standing >= floor


def wanted_of(words: Sequence[str], stems: Sequence[str], left_out: frozenset[str]) -> Wanted:
    """What of a topic is looked for: its words but those that ask something of any article, unless it has no others."""
    pairs = list(dict.fromkeys(zip(words, stems, strict=True)))
    kept = [pair for pair in pairs if pair[1] not in left_out] or pairs
    return Wanted(words=tuple(word for word, _ in kept), stems=tuple(each for _, each in kept), head=kept[-1][1])
