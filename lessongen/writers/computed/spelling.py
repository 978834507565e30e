"""How regular English verbs, nouns and adjectives take their endings."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
# One short vowel between consonants in a word of one syllable: the last letter is doubled.
_DOUBLES = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")


def with_s(word: str) -> str:
    """A verb's third person or a noun's plural: "watches", "carries", "goes", "plays"."""
    if _SIBILANT.search(word) or word in ("go", "do", "undo", "undergo"):
        return f"{word}es"
    if word == "have":
        return "has"
    return f"{word[:-1]}ies" if _CONSONANT_Y.search(word) else f"{word}s"


def with_ed(verb: str) -> str:
    """A regular verb's past: "walked", "danced", "tried", "stopped"."""
    if verb.endswith("e"):
        return f"{verb}d"
    if _CONSONANT_Y.search(verb):
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1]}ed" if _DOUBLES.search(verb) else f"{verb}ed"


def with_ing(verb: str) -> str:
    """A verb's present participle: "walking", "dancing", "lying", "stopping", "beginning", "seeing"."""
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith("ee"):
        return f"{verb[:-1]}ing"
    is_stressed_at_its_end = verb in ("begin", "forget", "forbid", "upset")
    return f"{verb}{verb[-1]}ing" if _DOUBLES.search(verb) or is_stressed_at_its_end else f"{verb}ing"


def with_er(adjective: str, ending: str = "er") -> str:
    """An adjective with "er" or "est": "taller", "nicest", "happier", "bigger"."""
    if adjective.endswith("e"):
        return adjective + ending[1:]
    if _CONSONANT_Y.search(adjective):
        return adjective[:-1] + "i" + ending
    return adjective + adjective[-1] + ending if _DOUBLES.search(adjective) else adjective + ending


def changed_part(forms: Sequence[str]) -> tuple[str, ...]:
    """What differs between forms without their common beginning and end: ("i", "a", "u") of sing, sang, sung."""
    shortest = min(map(len, forms))
    before = 0
    while before < shortest and len({form[before] for form in forms}) == 1:
        before += 1
    after = 0
    while after < shortest - before and len({form[len(form) - after - 1] for form in forms}) == 1:
        after += 1
    return tuple(form[before : len(form) - after] for form in forms)
