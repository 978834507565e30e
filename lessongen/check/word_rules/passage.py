"""A text read for comparison: its words in order, what each shares with other words, and where clauses part."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from lessongen.check.word_rules.synonyms import form_keys, synonym_keys
from lessongen.check.word_rules.vocabulary import FUNCTION_WORDS, MONTHS, NUMERALS, UNITS
from lessongen.text.words import fold

_SIGNS = str.maketrans(
    dict.fromkeys("\u2019\u2018\u02bc\u0060", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2013\u2014\u2212\u2010\u2011", "-")
    | dict.fromkeys("\u00ad\u200b")
)
"""Quotation marks, dashes and invisible characters, and what they are folded to."""
# Line ends and double spaces.
_SPACE = re.compile(r"\s+")
# "Rome 's", "did n't": as tokenised texts part them.
_ATTACHED = re.compile(r" (?='s\b)| (?=n't\b)")
# "7/4/1776".
_NUMERIC_DATE = re.compile(r"\b(1[0-2]|0?[1-9])/(\d{1,2})/(\d{4})\b")
# "12, 000".
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}), (?=\d{3}\b(?![,.]\d))")
# "1914-18".
_SHORT_RANGE = re.compile(r"\b(\d\d)(\d\d)( ?[-/] ?)(\d\d)\b(?![,.]?\d)")
_MONTH_NAMES = [name.capitalize() for name in MONTHS if len(name) > 3 or name == "may"]
# A number, a name with its points, a word with its hyphens.
_WORD = re.compile(
    r"[£$€¥%]|°[CF]\b|\d+(?:[.,]\d+)*(?:(?:st|nd|rd|th|s)(?![^\W\d_]))?|(?:[^\W\d_]\.){2,}"
    r"|n't\b|[^\W\d_]+?(?=n't\b)|[^\W\d_]+(?:'(?!(?:s|re|ll|ve|d|m)\b)[^\W\d_]+)*(?:'s\b)?"
)
_NO_CONTENT = (
    FUNCTION_WORDS
    | NUMERALS
    | {month for month in MONTHS if month not in ("may", "march")}
    | {unit for unit in UNITS if len(unit) < 3}
)
# The next word opens a sentence.
_SENTENCE_ENDS = re.compile(r"[.!?:]\s*[\"'(\[]*\s*$")
# The next word opens a clause.
_CLAUSE_ENDS = re.compile(r"[,;:()\[\]\"]| - |--|[.!?](?:\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a text: as written, folded without its possessive ending, and how it stands there.

    `clause` and `sentence` count from 0 through the text; `token` and `keys` are what forms of the same word share (one
    for exact comparison, all for any). `is_content` is false of function words and numerals.
    """

    text: str
    lower: str
    token: str
    keys: frozenset[str]
    clause: int
    sentence: int
    gap: str
    opens: bool
    is_capital: bool
    is_content: bool

    @property
    def senses(self) -> frozenset[str]:
        """What words of like meaning share."""
        return synonym_keys(self.lower) if self.text[0].isalpha() else frozenset()


@dataclass(frozen=True, kw_only=True, eq=False)
class Passage:
    """The words of one or more texts, with indexes over them. One is equal to itself alone, so that it can be a key."""

    text: str
    words: tuple[Word, ...]
    lowers: frozenset[str]
    keys: frozenset[str]
    places: dict[str, tuple[int, ...]]
    """Where the words with a key stand."""
    heads: dict[str, tuple[str, ...]]
    """Stems of content words by their first four letters."""
    beside: frozenset[tuple[str, str]]
    """Tokens that follow each other."""
    next_but_one: frozenset[tuple[str, str]]
    """Tokens with one between."""

    @cached_property
    def senses(self) -> frozenset[str]:
        """What words of like meaning share with its words."""
        return _union(word.senses for word in self.words)

    def has(self, word: Word) -> bool:
        """Whether the same word stands here in any form."""
        return not word.keys.isdisjoint(self.keys) or self._has_relative(word)

    def supports(self, word: Word) -> bool:
        """Whether the same word or one of like meaning stands here."""
        return self.has(word) or not word.senses.isdisjoint(self.senses)

    def at(self, word: Word) -> list[int]:
        """Where the same word stands, in any form."""
        return sorted({place for key in word.keys for place in self.places.get(key, ())})

    def _has_relative(self, word: Word) -> bool:
        return any(akin(key, other) for key in word.keys if len(key) > 4 for other in self.heads.get(key[:4], ()))


def akin(one: str, other: str) -> bool:
    """Whether two stems differ in their endings alone: "produc" and "product", "alphabet" and "alphabeti"."""
    shortest = min(len(one), len(other))
    if shortest < 5 or abs(len(one) - len(other)) > 4:
        return False
    shared = next((at for at in range(shortest) if one[at] != other[at]), shortest)
    return shared >= max(5, shortest - 1)


def plain(text: str) -> str:
    """The text with Unicode compatibility forms, quotation marks, dashes and space folded; its case is kept."""
    folded = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return _SPACE.sub(" ", folded).strip()


def stands_verbatim(quote: str, text: str) -> bool:
    """Whether a quote stands word for word in a text.

    Unicode forms, space, quotation marks and dashes are folded, a full stop at the end may be missing; case counts.
    A quote must begin and end where words do; an empty one stands nowhere.
    """
    needle, stack = plain(quote).strip(" ."), plain(text)
    if not needle:
        return False
    start = stack.find(needle)
    while start >= 0:
        end = start + len(needle)
        cuts_in = start > 0 and stack[start - 1].isalnum() and needle[0].isalnum()
        cuts_off = end < len(stack) and stack[end].isalnum() and needle[-1].isalnum()
        if not cuts_in and not cuts_off:
            return True
        start = stack.find(needle, start + 1)
    return False


def content_keys(text: str) -> set[str]:
    """The keys of a text's content words and numbers, without reading how they stand: cheaper than `read`."""
    found: set[str] = set()
    for written in _WORD.findall(plain(text)):
        if not written[0].isalpha():
            found.add(written.lower())
            continue
        lower = fold(written).removesuffix("'s").replace(".", "")
        if len(lower) > 1 and lower not in _NO_CONTENT:
            found |= form_keys(lower)
    return found


@lru_cache(maxsize=4096)
def read(text: str) -> Passage:
    """One text as a passage."""
    return _passage([text])


@lru_cache(maxsize=1024)
def read_all(texts: tuple[str, ...]) -> Passage:
    """Several texts as one passage; no clause goes from one to the next."""
    return _passage(texts)


def _passage(texts: Sequence[str]) -> Passage:
    words: list[Word] = []
    for text in texts:
        clause = words[-1].clause + 1 if words else 0
        sentence = words[-1].sentence + 1 if words else 0
        words += _words(_unfolded(text), clause, sentence)
    places: dict[str, list[int]] = {}
    heads: dict[str, set[str]] = {}
    for index, word in enumerate(words):
        for key in word.keys:
            places.setdefault(key, []).append(index)
            if len(key) > 4 and word.is_content:
                heads.setdefault(key[:4], set()).add(key)
    tokens = [word.token for word in words]
    return Passage(
        beside=frozenset(pairwise(tokens)),
        next_but_one=frozenset(zip(tokens, tokens[2:], strict=False)),
        text=" ".join(map(plain, texts)),
        words=tuple(words),
        lowers=frozenset(word.lower for word in words),
        keys=frozenset(places),
        places={key: tuple(found) for key, found in places.items()},
        heads={head: tuple(sorted(stems)) for head, stems in heads.items()},
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _unfolded(text: str) -> str:
    """Plain text with dates in words and the short end of a range of years in full: "1914-18" is "1914-1918"."""
    text = _ATTACHED.sub("", plain(text))
    text = _NUMERIC_DATE.sub(lambda m: f"{_MONTH_NAMES[int(m[1]) - 1]} {int(m[2])}, {m[3]}", text)
    text = _SPACED_THOUSANDS.sub(r"\1,", text)
    return _SHORT_RANGE.sub(r"\1\2\3\1\4", text)


@lru_cache(maxsize=512)
def _words(text: str, clause: int, sentence: int) -> tuple[Word, ...]:
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        written, gap = match.group(), text[end : match.start()]
        opens = not found or _SENTENCE_ENDS.search(gap) is not None
        if found and _CLAUSE_ENDS.search(gap):
            clause += 1
        if found and opens:
            sentence += 1
        lower = fold(written).removesuffix("'s").replace(".", "") if written[0].isalpha() else written.lower()
        lower = lower or written
        is_word = written[0].isalpha()
        keys = form_keys(lower) if is_word else frozenset({lower})
        is_content = is_word and len(lower) > 1 and lower not in _NO_CONTENT
        found.append(
            Word(
                text=written,
                lower=lower,
                token=min(keys) if is_content else lower,
                keys=keys,
                clause=clause,
                sentence=sentence,
                gap=gap,
                opens=opens,
                is_capital=written[0].isupper(),
                is_content=is_content,
            )
        )
        end = match.end()
    return tuple(found)
