"""English nouns in running text: plural forms and the indefinite article."""

from __future__ import annotations

import re

from lessongen.text.words import singular

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_LATIN = {"matrix": "matrices", "vertex": "vertices", "axis": "axes", "crisis": "crises", "hypothesis": "hypotheses"}
_IRREGULAR = _LATIN | {
    "man": "men",
    "woman": "women",
    "child": "children",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "goose": "geese",
    "ox": "oxen",
    "leaf": "leaves",
    "wolf": "wolves",
    "half": "halves",
    "knife": "knives",
    "life": "lives",
    "wife": "wives",
    "volcano": "volcanoes",
    "hero": "heroes",
    "potato": "potatoes",
    "tomato": "tomatoes",
    "echo": "echoes",
    "mosquito": "mosquitoes",
    "tornado": "tornadoes",
    "nucleus": "nuclei",
    "fungus": "fungi",
    "larva": "larvae",
    "phenomenon": "phenomena",
    "criterion": "criteria",
    "analysis": "analyses",
    "thesis": "theses",
    "genus": "genera",
    "spectrum": "spectra",
    "species": "species",
    "series": "series",
    "fish": "fish",
    "sheep": "sheep",
    "deer": "deer",
}
# Spelled with a vowel but spoken with a consonant, and the other way round.
_SPOKEN_CONSONANT = re.compile(r"(?:uni(?!n|m)|eu|one\b|once|us[eai]|ub|ut[ei])", re.IGNORECASE)
_SPOKEN_VOWEL = re.compile(r"(?:hour|honest|honou?r|heir)", re.IGNORECASE)


def plural(noun: str) -> str:
    """The plural of an English noun or noun phrase; of "rule of three" it is "rules of three"."""
    head, separator, rest = noun.partition(" of ")
    first, space, last = head.rpartition(" ")
    return first + space + _plural_word(last) + separator + rest


def indefinite(noun: str) -> str:
    """The noun with its indefinite article: "a verb", "an hour"."""
    vowel = noun[:1].lower() in "aeiou" and not _SPOKEN_CONSONANT.match(noun)
    return ("an " if vowel or _SPOKEN_VOWEL.match(noun) else "a ") + noun


def is_plural(noun: str) -> bool:
    """Whether the noun's last word looks like a plural."""
    last = noun.split()[-1] if noun.split() else ""
    return singular(last) != last


def _plural_word(word: str) -> str:
    if word.lower() in _IRREGULAR:
        return _IRREGULAR[word.lower()]
    if word.endswith("sis"):
        return word[:-2] + "es"
    if _SIBILANT.search(word):
        return word + "es"
    if _CONSONANT_Y.search(word):
        return word[:-1] + "ies"
    return word + "s"
