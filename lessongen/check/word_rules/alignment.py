"""Which word of the quotes a sentence's word comes from, where several could be meant: by its company."""

from __future__ import annotations

from lessongen.check.word_rules.passage import Passage

_REACH = 6  # words to each side that count as company

Alignment = list[tuple[int, ...]]
"""For each word of a sentence, where in the quotes its likeliest origins stand: none, one, or several that tie."""


def places_of(sentence: Passage, quotes: Passage) -> list[list[int]]:
    """For each word of the sentence, where it stands in the quotes."""
    return [quotes.at(word) for word in sentence.words]


def align(sentence: Passage, quotes: Passage) -> Alignment:
    """Set each word of the sentence against the same word in the quotes."""
    places = places_of(sentence, quotes)
    found: Alignment = []
    for index, candidates in enumerate(places):
        if len(candidates) < 2:
            found.append(tuple(candidates))
            continue
        scores = [company(index, place, places, sentence) for place in candidates]
        best = max(scores)
        found.append(tuple(place for place, score in zip(candidates, scores, strict=True) if score == best))
    return found


def company(index: int, place: int, places: list[list[int]], sentence: Passage) -> float:
    """How many of the words around a sentence's word stand as far from a place in the quotes, nearly."""
    total = 0.0
    for other in range(max(0, index - _REACH), min(len(places), index + _REACH + 1)):
        if other == index:
            continue
        nearest = min((abs(found - place - (other - index)) for found in places[other]), default=99)
        if nearest <= _REACH:
            weight = 1.0 if sentence.words[other].is_content else 0.4
            total += weight * (1 - nearest / (_REACH + 2))
    return round(total, 3)
