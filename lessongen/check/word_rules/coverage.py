"""How much of a sentence stands in its quotes, and whether another sentence of the source has more of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lessongen.check.word_rules.names import stands_for_known
from lessongen.check.word_rules.passage import Passage, Word, content_keys, plain
from lessongen.check.word_rules.vocabulary import word_set


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The content words of a sentence, and which of them stand in its quotes or the title.

    `own_share` leaves out the words of the title.
    """

    words: int
    new: tuple[Word, ...]
    own_words: int
    own_met: int

    @property
    def new_share(self) -> float:
        return len(self.new) / self.words if self.words else 0.0


def cover(sentence: Passage, quotes: Passage, title: Passage) -> Coverage:
    """Set the sentence's content words against the quotes and the title."""
    new: list[Word] = []
    count = own = met = 0
    for index, word in enumerate(sentence.words):
        if not word.is_content:
            continue
        count += 1
        stands = _is_met(sentence, index, quotes)
        in_title = title.has(word)
        if not in_title:
            own += 1
            met += stands
        if stands or in_title:
            continue
        if word.lower not in {each.lower for each in new}:
            new.append(word)
    return Coverage(words=count, new=tuple(new), own_words=own, own_met=met)


def foreign_clauses(sentence: Passage, quotes: Passage, title: Passage) -> Iterator[str]:
    """Clauses, apart from one that is the whole sentence, of which the quotes have nothing but the title.

    Or no more than one of four content words.
    """
    parts = _clauses(sentence)
    if len(parts) < 2:
        return
    for part in parts:
        content = [at for at in part if sentence.words[at].is_content and not title.has(sentence.words[at])]
        met = sum(_is_met(sentence, at, quotes) for at in content)
        if content and len(part) >= _CLAUSE_WORDS and met / len(content) <= 0.25:
            yield " ".join(sentence.words[at].text for at in part)


_CLAUSE_WORDS = 4
_OPENING_CLAUSES = word_set("opening_clauses")


def _clauses(sentence: Passage) -> list[list[int]]:
    """The places of the words, parted at punctuation and before words that open a clause."""
    parts: list[list[int]] = []
    for at, word in enumerate(sentence.words):
        previous = sentence.words[at - 1] if at else None
        opens = word.lower in _OPENING_CLAUSES and previous is not None and previous.lower not in _OPENING_CLAUSES
        if previous is None or word.clause != previous.clause or opens:
            parts.append([])
        parts[-1].append(at)
    return parts


def _is_met(sentence: Passage, index: int, quotes: Passage) -> bool:
    word = sentence.words[index]
    return quotes.supports(word) or (word.is_capital and stands_for_known(sentence, index, quotes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    sentences: tuple[str, ...]
    postings: dict[str, tuple[int, ...]]
    places: dict[str, int]


@lru_cache(maxsize=64)
def _index(article: tuple[str, ...]) -> _Index:
    postings: dict[str, list[int]] = {}
    for number, sentence in enumerate(article):
        for key in content_keys(sentence):
            postings.setdefault(key, []).append(number)
    return _Index(
        sentences=article,
        postings={key: tuple(found) for key, found in postings.items()},
        places={plain(sentence): number for number, sentence in enumerate(article)},
    )


def _counts(word: Word) -> bool:
    return word.is_content or word.text[0].isdigit()


def better_elsewhere(
    sentence: Passage, quotes: Sequence[str], cited: Passage, article: tuple[str, ...]
) -> tuple[float, str]:
    """By how much of its weight another sentence of the article covers this one better than its quotes, and which.

    Each word weighs the logarithm of how rare it is among the article's sentences.
    """
    index = _index(article)
    total = own = 0.0
    scores: dict[int, float] = {}
    for keys in {word.keys for word in sentence.words if _counts(word)}:
        found = {number for key in keys for number in index.postings.get(key, ())}
        weight = math.log((len(article) + 1) / (len(found) + 0.5))
        total += weight
        if not keys.isdisjoint(cited.keys):
            own += weight
        for number in found:
            scores[number] = scores.get(number, 0.0) + weight
    quoted = {index.places.get(plain(quote), -1) for quote in quotes}
    best = max(((score, -number) for number, score in scores.items() if number not in quoted), default=None)
    if best is None or total <= 0:
        return 0.0, ""
    return (best[0] - own) / total, article[-best[1]]
