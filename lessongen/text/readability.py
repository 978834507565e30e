"""How hard a text is to read, in American school grades."""

from __future__ import annotations

import re
from functools import lru_cache

from lessongen.text.sentences import split_sentences
from lessongen.text.words import fold

_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouy]+")
# The last vowel of "late", "walked" and "makes", but not of "table", "metre", "wanted" and "boxes".
_SILENT = re.compile(
    r"(?:(?:[^aeiouylr]|(?<![bct])r)e|[aeiouy]le|[^aeioudtyl]ed|[aeiouyl]led|(?:[^aeiouyscgxzhlr]|(?<![bct])r)es"
    r"|[aeiouy]les)$"
)
# The same inside a word: "closely", "something", "measurement", "useful".
_SILENT_INSIDE = re.compile(
    r"[aeiouy][^aeiouyl]{1,2}e(?=(?:ly|ful\w*|less\w*|ments?|ness|times?|things?|how|where|body|fore|ways?|works?"
    r"|what|by|length|style|craft)$)"
)
# Vowels side by side that are spoken apart: "ra-di-o", "var-i-ous", "i-de-a", "ac-tu-al", "ear-li-er", "roy-al".
_APART = re.compile(
    r"(?:(?<![cts])ia(?!ge)|(?<=[cts])ia(?![ln]|$)|(?<![tscgxnh])(?<!ll)io(?!u)|(?<![ctgx])iou|iu|(?<![qg])ua(?!d)"
    r"|(?<![qg])ue(?=[nl])|(?<![qg])uou|ie(?=rs?$|t)|(?<![ct])ie(?=nce)|(?<=sc)ie(?=n)|^geo(?!rg)|eu(?=m)"
    r"|(?<![pgl])eo(?!u)|(?<=[aeiou])y(?=[aeiou])(?!ed$)|y(?=ing)|[aeio](?=ing)|cre(?=at)|the(?=at)|re(?=act)|(?<=id)ea|(?<=ar)ea)"
)
_ISM = re.compile(r"isms?$")


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text, with its syllables estimated; 0 for one without words."""
    words = words_read(text)
    sentences = max(1, len(split_sentences(text)))
    return grade_by(len(words), sentences, sum(map(syllables, words))) if words else 0.0


def grade_by(words: int, sentences: float, spoken: float) -> float:
    """The Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59; `spoken` are the syllables.

    Formula: Kincaid et al., "Derivation of New Readability Formulas", US Navy Research Branch Report 8-75, 1975.
    """
    return 0.39 * words / sentences + 11.8 * spoken / words - 15.59 if words else 0.0


def words_read(text: str) -> list[str]:
    """The words that count for the grade: no numbers."""
    return _WORD.findall(text)


@lru_cache(maxsize=4_096)
def syllables(word: str) -> int:
    """How many syllables an English word has, estimated from its groups of vowels; 1 at least."""
    folded = fold(word)
    found = len(_VOWELS.findall(folded)) + len(_APART.findall(folded)) + bool(_ISM.search(folded))
    return max(1, found - bool(_SILENT.search(folded)) - bool(_SILENT_INSIDE.search(folded)))
