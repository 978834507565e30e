"""Whether a sentence claims more than its quotes: no exception, no doubt, a cause or a superlative of its own."""

from __future__ import annotations

from collections.abc import Iterator

from lessongen.check.word_rules.alignment import Alignment
from lessongen.check.word_rules.passage import Passage, Word
from lessongen.check.word_rules.vocabulary import (
    CAUSAL_LICENCES,
    HEDGES,
    LINKS,
    MODALS,
    NEGATORS,
    NOT_SUPERLATIVE,
    SCALE,
    SCALE_LICENCES,
    SUPERLATIVE_LICENCES,
    UNIVERSALS,
)

_BEFORE, _AFTER = 6, 3
_BOUND = frozenset("all every always only".split())
_FIRM = frozenset("will must shall always".split())
_WEAK = frozenset("may might could can possibly perhaps probably".split())
_ONE_OF = frozenset("one some many most among part several few of".split())


def universals(sentence: Passage, quotes: Passage, title: Passage) -> Iterator[str]:
    """Words like "all" and "only" that the quotes do not license, or license for something else."""
    for index, word in enumerate(sentence.words):
        if word.lower not in UNIVERSALS or word.lower in title.lowers:
            continue
        licences = UNIVERSALS[word.lower] | {word.lower}
        if word.lower in ("all", "every") and _is_all_but(quotes) and _ALMOST.isdisjoint(sentence.lowers):
            yield word.text
        elif licences.isdisjoint(quotes.lowers):
            yield word.text
        elif word.lower in _BOUND:
            following = next((each for each in sentence.words[index + 1 : index + 5] if each.is_content), None)
            if following is not None and not _is_licensed(following, quotes, licences):
                yield f"{word.text} … {following.text}"


_ALMOST = frozenset("almost nearly virtually practically not most".split())


def _is_all_but(quotes: Passage) -> bool:
    """Whether every "all" of the quotes is one of "almost all" or "not all"."""
    places = [at for at, word in enumerate(quotes.words) if word.lower in ("all", "every", "each", "everyone")]
    return bool(places) and all(at and quotes.words[at - 1].lower in _ALMOST for at in places)


def _is_licensed(word: Word, quotes: Passage, licences: frozenset[str]) -> bool:
    places = quotes.at(word)
    return not places or any(
        not licences.isdisjoint(each.lower for each in quotes.words[max(0, place - _BEFORE) : place + _AFTER])
        for place in places
    )


def raised_modals(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """A "will" or "must" where the quotes have "may" or "can"."""
    if _WEAK & quotes.lowers and not _WEAK & sentence.lowers:
        for word in sentence.words:
            if word.lower in _FIRM and word.lower not in quotes.lowers:
                yield word.text


def dropped_hedges(sentence: Passage, quotes: Passage, alignment: Alignment) -> Iterator[str]:
    """Doubt of the quotes beside words that the sentence keeps, where the sentence doubts nothing."""
    if any(word.lower in HEDGES for word in sentence.words):
        return
    kept = {place for places in alignment for place in places}
    for index, word in enumerate(quotes.words):
        if word.lower not in MODALS or (index + 1 < len(quotes.words) and quotes.words[index + 1].lower in NEGATORS):
            continue  # "could not" is no doubt
        after = next((at for at in range(index + 1, min(index + 5, len(quotes.words))) if _content(quotes, at)), None)
        before = next((at for at in range(index - 1, max(-1, index - 4), -1) if _content(quotes, at)), None)
        if after in kept and (before is None or before in kept):
            yield word.text


def _content(passage: Passage, index: int) -> bool:
    return passage.words[index].is_content


def raised_quantities(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """A "most" or "usually" where the quotes have no more than "some" or "sometimes"."""
    here = [(SCALE[word.lower], word.text) for word in sentence.words if word.lower in SCALE]
    there = [SCALE[word.lower] for word in quotes.words if word.lower in SCALE]
    if here and there and not SCALE_LICENCES & quotes.lowers:
        strength, text = max(here)
        if strength >= 2.5 and strength - max(there) >= 0.6:
            yield text


def dropped_parts(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """ "One of the" or "among the" of the quotes left out, so that one of several becomes the only one."""
    words = quotes.words
    for index in range(len(words) - 3):
        if words[index].lower == "one" and words[index + 1].lower == "of":
            noun = index + 3
        elif words[index].lower == "among":
            noun = index + 2
        else:
            continue
        if words[noun - 1].lower not in ("the", "its", "his", "her", "their"):
            continue
        for at in range(1, len(sentence.words)):
            same = not sentence.words[at].keys.isdisjoint(words[noun].keys)
            if same and sentence.words[at - 1].lower in ("the", "its", "his", "her", "all", "a"):
                before = {each.lower for each in sentence.words[max(0, at - 4) : at - 1]}
                if before.isdisjoint(_ONE_OF):
                    yield f"{words[index].text} … {words[noun].text}"


def brought_links(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """A word that states a cause, where no quote states one."""
    if CAUSAL_LICENCES.isdisjoint(quotes.lowers):
        yield from (word.text for word in sentence.words if word.lower in LINKS)


def brought_superlatives(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """A superlative of which the quotes have neither the word nor another superlative."""
    for index, word in enumerate(sentence.words):
        is_most = word.lower == "most" and index > 0 and sentence.words[index - 1].lower in ("the", "its", "one", "of")
        if not is_most and not _is_superlative(word):
            continue
        if word.lower in quotes.lowers or any(_is_superlative(each) for each in quotes.words):
            continue
        if SUPERLATIVE_LICENCES.isdisjoint(quotes.lowers):
            yield word.text


def _is_superlative(word: Word) -> bool:
    lower = word.lower
    return len(lower) > 5 and lower.endswith("est") and lower not in NOT_SUPERLATIVE
