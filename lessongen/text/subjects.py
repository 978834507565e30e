"""School subjects: the names that people give them, and what each is about; the one vocabulary is `subjects.toml`.

`about` is embedded at data-build time, and each article gets a standing in each subject: how many of STEPS it reaches,
shares of all articles that are further from the subject than this one. That tells "Java" the island from the language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from lessongen.text.wordlists import word_lists
from lessongen.text.words import tokens

STEPS = (0.50, 0.75, 0.85, 0.90, 0.94, 0.97, 0.99)
_LONGEST_NAME = 3


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A subject: its folded names, sentences that say what belongs to it, the encyclopedia's categories within it, and
    words of its field. One that `is_wide` is several others, and decides between none of theirs.
    """

    names: tuple[str, ...]
    about: tuple[str, ...]
    categories: frozenset[str]
    words: frozenset[str]
    is_wide: bool = False


@cache
def subjects() -> tuple[Subject, ...]:
    """All subjects, in the order of the standings in the shipped facts."""
    return tuple(
        Subject(
            names=tuple(" ".join(each["names"].split()).split(", ")),
            about=tuple(each["about"]),
            categories=frozenset(each.get("categories", ())),
            words=frozenset(each.get("words", "").split()),
            is_wide=each.get("wide", False),
        )
        for each in word_lists(__file__, "subjects").table("subject")
    )


@cache
def _by_name() -> Mapping[str, int]:
    return {" ".join(tokens(name)): number for number, each in enumerate(subjects()) for name in each.names}


def recognise(subject: str) -> tuple[int, ...]:
    """The numbers of the subjects that a person's words name: "AP art history" names one, "gibberish" none.

    A whole name counts before the names inside it.
    """
    words = tokens(subject)
    for size in range(min(len(words), _LONGEST_NAME), 0, -1):
        spans = (" ".join(words[first : first + size]) for first in range(len(words) - size + 1))
        found = tuple(dict.fromkeys(_by_name()[span] for span in spans if span in _by_name()))
        if found:
            return found
    return ()


def words_of_field(names: Iterable[str]) -> frozenset[str]:
    """The words of the fields that any of these words names."""
    found = {_by_name()[name] for name in names if name in _by_name()}
    return frozenset(word for number in found for word in subjects()[number].words)
