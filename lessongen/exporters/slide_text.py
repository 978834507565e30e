"""Text cut to what a slide has room for, at the ends of sentences where it can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lessongen.exporters.shapes import Line

MOST_WORDS = 40
_LONGEST_WORD = 40
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")
_PART = re.compile(r"(?<=[.!?:;])\s+(?=\S)")  # of a sentence that is too long

Said = tuple[str, Sequence[Line]]
"""What a slide shows, and the lines that are said with it."""


def words_in(texts: Iterable[str]) -> int:
    """How many words there are in texts."""
    return sum(len(text.split()) for text in texts)


def short(text: str) -> str:
    """The text with words cut that no slide has room for."""
    return " ".join(f"{word[: _LONGEST_WORD - 1]}…" if len(word) > _LONGEST_WORD else word for word in text.split())


def led(stem: str, room: int) -> tuple[Sequence[str], str]:
    """A stem in what leads to it, and the rest that stands with its answers: all of it, or as many of its sentences."""
    sentences = _SENTENCE.split(stem)
    for at in range(len(sentences)):
        rest = " ".join(sentences[at:])
        if words_in([rest]) <= room:
            return (pieces(" ".join(sentences[:at]), MOST_WORDS - 2) if at else []), rest
    *before, last = pieces(stem, MOST_WORDS - 2)
    return before, last


def pieces(text: str, room: int) -> list[str]:
    """The text in pieces of so many words: whole sentences where they fit, else with dots where it goes on."""
    words = short(text).split()
    if len(words) <= room:
        return [" ".join(words)]
    for ends in (_SENTENCE, _PART):
        whole: list[str] = []
        for part in ends.split(" ".join(words)):
            if whole and words_in([whole[-1], part]) <= room:
                whole[-1] += f" {part}"
            else:
                whole.append(part)
        if all(words_in([each]) <= room for each in whole):
            return whole
    size = -(-len(words) // -(-len(words) // max(1, room)))  # of about the same length each
    cut = [" ".join(words[at : at + size]) for at in range(0, len(words), size)]
    return [("… " if at else "") + piece + (" …" if at < len(cut) - 1 else "") for at, piece in enumerate(cut)]


def evenly(said: Sequence[Said], room: int) -> Sequence[Sequence[Said]]:
    """As `grouped`, with about as many on each slide where they fit so."""
    groups = list(grouped(said, room))
    size = max(1, -(-len(said) // max(1, len(groups))))
    even = [said[at : at + size] for at in range(0, len(said), size)]
    fit = len(even) == len(groups) and all(words_in(text for text, _ in each) <= room for each in even)
    return even if fit else groups


def grouped(said: Sequence[Said], room: int) -> Iterator[Sequence[Said]]:
    """What is said, as much of it on a slide as it has room for; what is too long alone goes on on the next."""
    group: list[Said] = []
    for text, lines in said:
        for piece in pieces(text, max(4, room - 2)):  # the dots count as words
            if group and words_in([piece, *(told for told, _ in group)]) > room:
                yield group
                group = []
            group.append((piece, lines))
    if group:
        yield group
