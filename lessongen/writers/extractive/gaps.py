"""Choice questions on a content word of a sentence: the wrong words come from elsewhere in the same article."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from lessongen.check.word_rules.synonyms import synonym_keys
from lessongen.text.nouns import is_plural
from lessongen.text.wordlists import word_lists
from lessongen.text.words import stem, stems, tokens, word_count
from lessongen.writers.extractive.article import Article, Passage
from lessongen.writers.extractive.candidates import GAP, Candidate
from lessongen.writers.extractive.contents import A_NOUN
from lessongen.writers.extractive.distractors import MAY_BE_LONGEST
from lessongen.writers.extractive.gapping import is_in_list, is_noun_there

_FEWEST_WRONG = 2
_MOST_WRONG = 3
_MANY = 12
_AGAIN = 2
_LEADING = frozenset("the a an of in on at to by with from for into and as its their his her through between".split())
_MOST_A_PASSAGE = 2
# Nouns that say so little that one may stand for another of its group.
_SORTS = [frozenset(map(stem, sort)) for sort in word_lists(__file__, "nouns").groups("sorts")]


class Gaps:
    """Knows the nouns of one article and which of them go together."""

    def __init__(self, main: Article, rng: random.Random) -> None:
        self._main, self._rng = main, rng

    def candidates(self, passage: Passage) -> Iterable[Candidate]:
        """A sentence with one of its nouns as the gap, at most twice."""
        made = 0
        found = list(A_NOUN.finditer(passage.text))
        self._rng.shuffle(found)
        for each in found:
            start, end = each.span("noun")
            if made < _MOST_A_PASSAGE and self._is_worth_a_gap(passage, start, end):
                wrong = self._wrong_for(start, end, passage)
                if len(wrong) >= _FEWEST_WRONG:
                    made += 1
                    yield Candidate(
                        kind="choice",
                        aim="recall",
                        bloom="remember",
                        stem=f"Which word completes this sentence? “{passage.text[:start]}{GAP}{passage.text[end:]}”",
                        asked=each["noun"],
                        passages=(passage,),
                        answer=each["noun"],
                        options=tuple(wrong),
                        makeshift=1 if self._is_a_phrase(start, end, passage.text) else 2,
                    )

    def _is_worth_a_gap(self, passage: Passage, start: int, end: int) -> bool:
        noun, text = passage.text[start:end], passage.text
        others = [stem(word) for word in tokens(f"{text[:start]} {text[end:]}")]
        return (
            noun in self._main.nouns
            and stem(noun) not in self._title
            and stem(noun) not in others
            and not any(other[:5] == stem(noun)[:5] for other in others if len(other) >= 5)
            and not re.search(r"\b(?:an?|no|not) $", text[:start])
            and not is_in_list(text, start, end)
            and is_noun_there(text[end:])
            and word_count(text) >= 10
            and start > 12
        )

    def _is_a_phrase(self, start: int, end: int, text: str) -> bool:
        """Whether the article uses the noun again behind the same word or with the same "of": "schools of thought"."""
        before = text[:start].split()
        phrase = " ".join([*before[-2:], text[start:end]])
        if before[-1] not in _LEADING:
            phrase = f"{before[-1]} {text[start:end]}"
        elif before[-1] != "of" or before[-2] in _LEADING:
            return False
        return self._main.times_named(phrase) >= _AGAIN

    def _wrong_for(self, start: int, end: int, passage: Passage) -> list[str]:
        """Nouns of the same number that the article never uses beside what this sentence is about."""
        noun = passage.text[start:end]
        before, after = passage.text[:start].split()[-1:], passage.text[end:].split()[:2]
        said = set(stems(passage.text))
        apart: list[tuple[float, str]] = []
        for other, often in self._main.nouns.items():
            key = stem(other)
            is_alike = key[:5] == stem(noun)[:5] or key in said or key in self._title
            if is_alike or is_plural(other) != is_plural(noun) or abs(len(other) - len(noun)) > 6:
                continue
            if self._stands_so(other, before, after) or self._is_used_like(other, noun):
                continue
            if not self._is_ever_beside(key, said - {stem(noun)}):
                apart.append((self._rng.random() * 4 - min(often, _MANY), other))
        chosen: list[str] = []
        for _, other in sorted(apart):
            if all(stem(other)[:5] != stem(each)[:5] for each in chosen):
                chosen.append(other)
        longer = [each for each in chosen if len(each) >= len(noun)]
        if longer and self._rng.random() >= MAY_BE_LONGEST:  # else who takes the longest for wrong would be right
            chosen = [longer[0], *(each for each in chosen if each is not longer[0])]
        return chosen[:_MOST_WRONG]

    def _is_ever_beside(self, key: str, said: set[str]) -> bool:
        """Whether a sentence of the article has the noun beside a word of this one: it may then do here as well."""
        return any(said & sentence - self._title for sentence in self._sentences if key in sentence)

    def _is_used_like(self, other: str, noun: str) -> bool:
        """Whether one may say the other for it: a synonym, or a noun that the article has beside the same words."""
        if synonym_keys(noun) & synonym_keys(other) or _sort_of(noun) & _sort_of(other):
            return True
        return not self._beside[stem(noun)].isdisjoint(self._beside[stem(other)])

    @cached_property
    def _beside(self) -> Mapping[str, set[str]]:
        """For each stem the words of content that stand right before it, or behind it and "of"."""
        found: dict[str, set[str]] = defaultdict(set)
        said = tokens(self._main.document.text)
        for at, word in enumerate(said):
            before = said[at - 1] if at else ""
            after = said[at + 2] if said[at + 1 : at + 2] == ["of"] and at + 2 < len(said) else ""
            found[stem(word)] |= {stem(each) for each in (before, after) if stems(each)} - self._title
        return found

    def _stands_so(self, noun: str, before: Sequence[str], after: Sequence[str]) -> bool:
        """Whether the article has the noun behind the same word or before the same ones: it would do here as well."""
        text = self._main.document.text
        leads = before and stem(before[0]) not in _LEADING and f"{before[0]} {noun}" in text
        return bool(leads) or (len(after) == 2 and f"{noun} {' '.join(after)}" in text)

    @cached_property
    def _sentences(self) -> list[frozenset[str]]:
        return [frozenset(stems(passage.text)) for passage in self._main.passages]

    @cached_property
    def _title(self) -> frozenset[str]:
        return frozenset(stems(self._main.title))


def _sort_of(noun: str) -> set[int]:
    """The groups that the noun is of."""
    return {number for number, sort in enumerate(_SORTS) if stem(noun) in sort}
