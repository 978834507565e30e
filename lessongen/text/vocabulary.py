"""How rare English words are: the level of the CEFR at which learners know them.

The list is cefrpy's, made from frequencies in Google's n-grams and the CEFR-J word list. Its file is searched where it
lies: cefrpy itself looks at each of its 2.4 million bytes in Python, twice, before it tells of the first word.
"""

from __future__ import annotations

import mmap
import re
import struct
from bisect import bisect_left
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from lessongen.system.memory import kept_while_busy
from lessongen.text.sentences import split_sentences

RAREST = 6
# By the number that the file has for each (Penn tags).
_TAGS = (
    *("CC", "CD", "DT", "IN", "JJ", "JJR", "JJS", "MD", "NN", "NNS", "NNP", "NNPS", "PRP", "RB", "RBR", "RBS", "RP"),
    *("TO", "UH", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "WDT", "WP", "WRB"),
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001
_INFLECTED = re.compile(r"['’]\w+$")  # noqa: RUF001


@lru_cache(maxsize=20_000)
def step_of(word: str) -> int:
    """The step, 1 (A1) to 6 (C2), at which a word is known in its commonest use; 6 for what is on no list.

    "Water" is known as a noun long before one waters flowers.
    """
    levels = [level / 50 + 1 for _, level in _list().uses(_bare(word))]
    return max(1, min(RAREST, round(min(levels, default=RAREST))))


def is_no_name(word: str) -> bool:
    """Whether the list has a word and knows it as no name: "Builder", not "Newton", "Turkey" or "Wexmere"."""
    tags = tags_of(word)
    return bool(tags) and not any(tag.startswith("NNP") for tag in tags)


@lru_cache(maxsize=20_000)
def tags_of(word: str) -> frozenset[str]:
    """What a word can be, as the list says it (Penn tags): "NN", "VB", "JJ"; nothing for what is on no list."""
    return frozenset(_TAGS[tag] for tag, _ in _list().uses(_bare(word)))


def common_words(text: str) -> list[str]:
    """The words of a text in order, without numbers and without names: what is capitalised inside a sentence."""
    return [
        word
        for sentence in split_sentences(text)
        for place, word in enumerate(_WORD.findall(sentence.text))
        if place == 0 or not word[0].isupper() or word == "I"
    ]


def _bare(word: str) -> str:
    return _INFLECTED.sub("", word.casefold())


class _List:
    """The words of the file, each as often as it has uses; those of the same length stand together, in order.

    The file begins with how many lengths there are, from none to the longest, and where the words of each length end.
    A use takes the letters of its word and two bytes: its tag and its level, in fiftieths.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        lengths = self._data[0]
        self._start = 1 + 4 * lengths
        self._ends = struct.unpack_from(f"={lengths}I", self._data, 1)

    def uses(self, word: str) -> list[tuple[int, int]]:
        """The tag and the level of each use of a word; none where it is not listed."""
        if not 0 < len(word) < len(self._ends) or not word.isascii():
            return []
        asked, size = word.encode(), len(word) + 2
        start = self._start + self._ends[len(word) - 1]
        end = self._start + self._ends[len(word)]

        def letters(at: int) -> bytes:
            return self._data[start + at * size : start + at * size + len(asked)]

        first = start + size * bisect_left(range((end - start) // size), asked, key=letters)
        found = []
        while first < end and self._data[first : first + len(asked)] == asked:
            found.append((self._data[first + size - 2], self._data[first + size - 1]))
            first += size
        return found


@cache
def _list() -> _List:
    spec = find_spec("cefrpy")  # where it lies; it is not imported
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name="cefrpy")
    return _List(Path(spec.origin).with_name("data.bin"))


kept_while_busy(step_of.cache_clear)
