"""How rare English words are: the level of the CEFR at which learners know them.

The list is cefrpy's, made from frequencies in Google's n-grams and the CEFR-J word list; it is loaded when first asked.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from lessongen.system.memory import kept_while_busy
from lessongen.text.sentences import split_sentences

if TYPE_CHECKING:
    from cefrpy import CEFRAnalyzer

RAREST = 6
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001
_INFLECTED = re.compile(r"['’]\w+$")  # noqa: RUF001


@lru_cache(maxsize=20_000)
def step_of(word: str) -> int:
    """The step, 1 (A1) to 6 (C2), at which a word is known in its commonest use; 6 for what is on no list.

    "Water" is known as a noun long before one waters flowers.
    """
    listed = _list()
    bare = _INFLECTED.sub("", word.casefold())
    if not listed.is_word_in_database(bare):
        return RAREST
    levels = listed.get_pos_level_dict_for_word(bare, word_level_as_float=True).values()
    return max(1, min(RAREST, round(min(levels, default=RAREST))))


def is_no_name(word: str) -> bool:
    """Whether the list has a word and knows it as no name: "Builder", not "Newton", "Turkey" or "Wexmere"."""
    tags = tags_of(word)
    return bool(tags) and not any(tag.startswith("NNP") for tag in tags)


@lru_cache(maxsize=20_000)
def tags_of(word: str) -> frozenset[str]:
    """What a word can be, as the list says it (Penn tags): "NN", "VB", "JJ"; nothing for what is on no list."""
    return frozenset(_list().get_all_pos_for_word_as_str(_INFLECTED.sub("", word.casefold())))


def common_words(text: str) -> list[str]:
    """The words of a text in order, without numbers and without names: what is capitalised inside a sentence."""
    return [
        word
        for sentence in split_sentences(text)
        for place, word in enumerate(_WORD.findall(sentence.text))
        if place == 0 or not word[0].isupper() or word == "I"
    ]


@cache
def _list() -> CEFRAnalyzer:
    from cefrpy import CEFRAnalyzer, CEFRDataProcessor, CEFRDataReader, CEFRSpaCyAnalyzer

    for kind in (CEFRAnalyzer, CEFRDataProcessor, CEFRSpaCyAnalyzer):
        # Their defaults hold a table for as long as the process lives: nobody here makes one without giving it.
        kind.__init__.__defaults__ = None
    return CEFRAnalyzer(CEFRDataProcessor(CEFRDataReader()))


kept_while_busy(_list.cache_clear)  # 2.4 MB, read in a few milliseconds
kept_while_busy(step_of.cache_clear)
