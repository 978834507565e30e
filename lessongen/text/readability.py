"""How hard a text is to read, in American school grades."""

from __future__ import annotations

import re

from lessongen.text.sentences import split_sentences
from lessongen.text.words import fold

_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouy]+")
# The last vowel of "late", "walked" and "makes", but not of "table", "wanted" and "boxes".
_SILENT = re.compile(r"(?:[^aeiouyl]e|[aeiouy]le|[^aeioudty]ed|[^aeiouyscgxzhl]es|[aeiouy]les)$")


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59.

    Formula: Kincaid et al., "Derivation of New Readability Formulas", US Navy Research Branch Report 8-75, 1975.
    Syllables are estimated from groups of vowels.
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(split_sentences(text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    folded = fold(word)
    return max(1, len(_VOWELS.findall(folded)) - bool(_SILENT.search(folded)))
