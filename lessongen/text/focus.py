"""Whether a text speaks of what a person wants a lesson to dwell on: a focus, in a few words of their own.

Plain and the same each time: the focus is cut at its small words into what it names ("uses at home and in industry"
names "uses", "home" and "industry"), and each is looked for by its stems in one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cached_property

from lessongen.text.nouns import singular
from lessongen.text.words import STOPWORDS, stem, tokens

# Small words that the stop words lack, and what is said of any lesson: neither is looked for in a source.
_SMALL = frozenset(
    "after all also among and another any around because before behind below between both but can cannot could during "
    "each every few had has have he her him if inside just let like many may might more most must near no not off one "
    "only other others our out outside over own per rather same shall she should since so some such than then there "
    "they through today too toward towards under until up us very want was we were while whom whose will within "
    "without would you".split()
)
_OF_LESSONS = frozenset(
    "activity article aspect basic become cause central class come compare comparison connection consequence "
    "contrast daily describe detail difference different discuss effect emphasis emphasize everyday example "
    "exercise explain explanation explore fact find focus general get give happen help idea impact importance "
    "important influence introduce introduction keep kid kind know learn learner lesson main make mean meaning "
    "need overview part practice practise pupil question reason relation relationship role see short show "
    "significance simple source step stress student take talk teach teacher tell term text theme thing topic type "
    "understand way word work".split()
)
_CLOSE_STEMS = 0.8
_LONG_STEM = 7
_SIGNS = re.compile(r"[,;:/.!?()\"“”]|\s[–—-]\s")  # noqa: RUF001
_NAMED = 0.66  # of a name's stems: two of three, both of two


@dataclass(frozen=True)
class Focus:
    """What a person wants a lesson to dwell on; `about` is the title of what the lesson is about in any case.

    Words of the title do not count, unless there are no others: each sentence on acids names acids.
    """

    text: str
    about: str = ""

    @cached_property
    def names(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """What it names, as it is written and as stems; nothing where it holds small words alone."""
        found = _named(self.text)
        title = set().union(*(stems for _, stems in _named(self.about)))
        beside = [(words, frozenset(each for each in stems if not _is_in(each, title))) for words, stems in found]
        return tuple((words, stems) for words, stems in beside if stems) or tuple(found)

    def missing(self, sentences: Iterable[str]) -> list[str]:
        """What of it no sentence names, in its own words; of a name of several words two thirds are enough."""
        wanted = dict(self.names)
        for sentence in sentences:
            if not wanted:
                break
            said = _stems_of(sentence)
            for words, stems in list(wanted.items()):
                if _share(stems, said) >= _NAMED:
                    del wanted[words]
        return list(wanted)

    def share(self, text: str) -> float:
        """How much of it a text names: 0 for nothing, 1 for all; more than half where it names one thing whole."""
        if not self.names:
            return 0.0
        said = _stems_of(text)
        shares = [_share(stems, said) for _, stems in self.names]
        return (max(shares) + sum(shares) / len(shares)) / 2


def bears(focus: str, sentences: Iterable[str], about: str = "") -> bool:
    """Whether the sentences of a source bear a lesson with that focus: they name most of what it names.

    `about` is the source's title, whose own words prove nothing.
    """
    wanted = Focus(focus, about)
    return 2 * len(wanted.missing(sentences)) < max(1, len(wanted.names))


def _named(text: str) -> list[tuple[str, frozenset[str]]]:
    """The runs of words between small words and signs, with their stems."""
    runs: list[list[str]] = [[]]
    for piece in _SIGNS.split(text):
        for word in piece.split():
            if all(_is_small(each) for each in tokens(word)):
                runs.append([])
            else:
                runs[-1].append(word)
        runs.append([])
    named = {}
    for run in runs:
        stems = frozenset(_stem(each) for word in run for each in tokens(word) if not _is_small(each))
        if stems:
            named[" ".join(run)] = stems
    return list(named.items())


def _is_small(word: str) -> bool:
    base = singular(word)
    return (
        word in STOPWORDS["en"]
        or word in _SMALL
        or bool({word, base, _without_ending(word)} & _OF_LESSONS)
        or (len(word) == 1 and not word.isdigit())
    )


def _without_ending(word: str) -> str:
    return re.sub(r"(?:ing|ed)$", "", word)


def _stem(word: str) -> str:
    return stem(singular(word))


def _stems_of(text: str) -> frozenset[str]:
    return frozenset(map(_stem, tokens(text)))


def _share(stems: frozenset[str], said: frozenset[str]) -> float:
    return sum(_is_in(each, said) for each in stems) / len(stems)


def _is_in(stemmed: str, said: Set[str]) -> bool:
    """Whether a stem is among others, or one that only its ending tells from it: photosynthesis, photosynthetic."""
    if stemmed in said:
        return True
    if len(stemmed) < _LONG_STEM:
        return False
    return any(_is_close(stemmed, each) for each in said if each[:_LONG_STEM] == stemmed[:_LONG_STEM])


def _is_close(one: str, other: str) -> bool:
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= _CLOSE_STEMS * max(len(one), len(other))
