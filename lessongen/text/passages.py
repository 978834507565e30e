"""Whether one text stands in another: word for word, as a run of quotes, at the edges of sentences, around a gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from lessongen.text.nouns import singular
from lessongen.text.run_ons import after_a_lost_stop
from lessongen.text.sentences import goes_on_at, split_at_every_stop, split_sentences
from lessongen.text.words import tokens

GAP = "_____"
_GAPS = re.compile(r"_{3,}")
_LONGEST_IN_GAP = 120  # characters
_ARTICLE = re.compile(r"^(?:an?|the)\s+(?=\S)", re.IGNORECASE)
_FINAL_STOP = re.compile(r"[.!?]+$")
_TYPOGRAPHIC = re.compile(r"“(.+)”", re.DOTALL)
_STRAIGHT = re.compile(r'"(.+)"', re.DOTALL)


def collapse(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())


def loosely(text: str) -> str:
    """The text without what a lead-in or a gap may change: case, white space, the last full stop."""
    return _FINAL_STOP.sub("", collapse(text).casefold())


def stands_in(part: str, texts: Iterable[str]) -> bool:
    """Whether one of the texts holds `part` word for word, loosely; an empty part stands nowhere."""
    wanted = loosely(part)
    return bool(wanted) and any(wanted in loosely(text) for text in texts)


def stands_in_around_gaps(part: str, texts: Iterable[str]) -> bool:
    """Whether one of the texts holds `part` with something in place of each gap."""
    pieces = [re.escape(loosely(piece)) for piece in _GAPS.split(part)]
    if not any(pieces):
        return False
    pattern = re.compile(rf"\s*.{{1,{_LONGEST_IN_GAP}}}?\s*".join(pieces))
    return any(pattern.search(loosely(text)) for text in texts)


def gaps(text: str) -> int:
    """How many gaps a text has."""
    return len(_GAPS.findall(text))


def filled(text: str, answer: str) -> str:
    """The text with the answer in place of its gaps."""
    return _GAPS.sub(lambda _: answer, text)


def is_run_of(text: str, quotes: Sequence[str]) -> bool:
    """Whether the text is these quotes one after the other, in this order and with nothing else."""
    rest = collapse(text)
    for quote in map(collapse, quotes):
        if not quote or not rest.startswith(quote):
            return False
        rest = rest[len(quote) :].lstrip()
    return not rest


def is_whole_in(part: str, text: str) -> bool:
    """Whether `part` begins where a sentence of `text` begins and ends where one ends, at one of its places there."""
    start = text.find(part)
    while part and start >= 0:
        end = start + len(part)
        first = text.rfind("\n", 0, start) + 1
        last = text.find("\n", end)
        starts, ends = _edges(text[first : last if last >= 0 else len(text)])
        if start - first in starts and end - first in ends:
            return True
        start = text.find(part, start + 1)
    return False


@lru_cache(maxsize=64)
def _edges(text: str) -> tuple[frozenset[int], frozenset[int]]:
    # What ends at an abbreviation is for `is_cut_at_abbreviation` to say.
    sentences = (*split_sentences(text), *split_at_every_stop(text))
    starts = {each.start + at for each in sentences for at in (0, after_a_lost_stop(each.text))}
    return frozenset(starts), frozenset(each.end for each in sentences)


def is_cut_at_abbreviation(part: str, text: str, *, is_tail: bool = False) -> bool:
    """Whether `part` stands in `text`, and each time ends at an abbreviation like "Gov." where the sentence goes on.

    Beginning right behind one is as bad, but not for a part that is itself only the tail of a sentence.
    """
    places = list(_places_of(part, text)) if part else []
    return bool(places) and all(
        goes_on_at(text, at + len(part)) or (not is_tail and goes_on_at(text, at)) for at in places
    )


def _places_of(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + len(part))


@lru_cache(maxsize=1024)
def words(text: str) -> tuple[str, ...]:
    """The folded words of a text in the singular, without an article at its front: what two wordings agree in."""
    return tuple(singular(token) for token in tokens(_ARTICLE.sub("", text)))


def names(text: str, name: str) -> bool:
    """Whether the text has the name's words in a row, in singular or plural; signs alone are looked for as they are."""
    wanted = words(name)
    if not wanted:
        return bool(name.strip()) and name.strip() in text
    return f" {' '.join(wanted)} " in f" {' '.join(_all_words(text))} "


@lru_cache(maxsize=1024)
def _all_words(text: str) -> tuple[str, ...]:
    return tuple(singular(token) for token in tokens(text))


def split_stem(stem: str) -> tuple[str, str]:
    """A stem as its request and the passage that it sets between quotation marks, the outermost ones; "" if none.

    "True or false? “Ice floats.”" gives ("True or false?", "Ice floats.").
    """
    found = _TYPOGRAPHIC.search(stem) or _STRAIGHT.search(stem)
    if found is None:
        return stem.strip(), ""
    return f"{stem[: found.start()].strip()} {stem[found.end() :].strip()}".strip(), found.group(1).strip()
