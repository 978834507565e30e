"""Finds the words of a quote that a judge says bear a sentence: as the quote has them, or not at all."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from lessongen.check.word_rules.passage import plain

_FEWEST_WORDS = 2  # "the" stands in every quote; a shorter quote is taken whole
_EDGES = " .…,;:'\"()[]-"
# What is shown in place of brackets and the like in a prompt comes back in a span.
_SHOWN = str.maketrans({"<": "(", ">": ")", "[": "(", "]": ")", "{": "(", "}": ")", "`": "'"})


def located(span: str, quote: str) -> str | None:
    """The part of the quote that the span repeats, exactly as it stands there; None where it does not stand there.

    Case, space, quotation marks, dashes and brackets may differ, and dots at the ends. A span begins and ends where
    words do, and has two words at least where the quote has as many.
    """
    wanted, _ = _folded(span.strip(_EDGES))
    wanted = wanted.strip(_EDGES)
    text, places = _folded(quote)
    if not wanted or len(wanted.split()) < min(_FEWEST_WORDS, len(quote.split())):
        return None
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        opens = start == 0 or not text[start - 1].isalnum() or not wanted[0].isalnum()
        closes = end == len(text) or not text[end].isalnum() or not wanted[-1].isalnum()
        if opens and closes:
            return quote[places[start] : places[end - 1] + 1]
        start = text.find(wanted, start + 1)
    return None


@lru_cache(maxsize=512)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """The text as it is compared, and for each of its characters where it comes from."""
    found: list[str] = []
    places: list[int] = []
    for index, written in enumerate(text):
        for each in _folded_character(written):
            if each == " " and (not found or found[-1] == " "):
                continue
            found.append(each)
            places.append(index)
    return "".join(found), tuple(places)


@lru_cache(maxsize=1_024)
def _folded_character(written: str) -> str:
    if written.isspace():
        return " "
    return "" if unicodedata.category(written) in ("Cf", "Cc") else plain(written).translate(_SHOWN).casefold()
