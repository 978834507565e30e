"""English nouns: singular and plural forms and the indefinite article; the one table of them is `lists/nouns.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lessongen.text.wordlists import word_lists

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_SUFFIXES = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("zzes", "zz"), ("s", ""))
_NOT_PLURAL = ("ss", "us", "is")
# Spelled with a vowel but spoken with a consonant ("university", "Ugandan"), and the other way round ("hour").
_SPOKEN_CONSONANT = re.compile(r"(?:uni(?!n|m)|eu|ewe|one\b|once|us[eaiu]|ub|ut[ei]|ug|uk)", re.IGNORECASE)
_SPOKEN_VOWEL = re.compile(r"(?:hour|honest|honou?r|heir)", re.IGNORECASE)
# Read letter by letter, as short ones are and those without a vowel: "an MRI", but "a NATO member".
_SPELLED_OUT = re.compile(r"(?:[A-Z]{2,3}|[B-DF-HJ-NP-TV-Z]{4,})s?\b")
_LETTERS_WITH_A_VOWEL = "AEFHILMNORSX"


@dataclass(frozen=True, kw_only=True)
class NounClass:
    """Nouns that form their plural alike: `take` at the singular's end gives way to `put`, as the `rule` says."""

    name: str
    cefr: int
    take: str
    put: str
    rule: str
    plurals: Mapping[str, str]


@cache
def noun_classes() -> tuple[NounClass, ...]:
    """The classes of the table, each noun with its plural."""
    return tuple(map(_class, word_lists(__file__, "nouns").table("class")))


@cache
def _forms() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The plurals that are no regular ones, and each known plural's singular."""
    lists = word_lists(__file__, "nouns")
    plurals = _pairs("\n".join(lists.lines("more")))
    for each in noun_classes():
        plurals |= each.plurals
    singulars = {many: one for one, many in plurals.items()}
    singulars |= {f"{one}s": one for one in lists.row("in_ie")}
    singulars |= {many: one for one, many in _pairs("\n".join(lists.lines("read"))).items()}
    return plurals, singulars | {word: word for word in lists.row("fixed")}


def _class(table: Mapping[str, str]) -> NounClass:
    return NounClass(
        name=table["name"],
        cefr=int(table["cefr"]),
        take=table["take"],
        put=table["put"],
        rule=table["rule"],
        plurals=_pairs(table["nouns"]),
    )


def _pairs(lines: str) -> dict[str, str]:
    parted = (line.split() for line in lines.split("\n") if line)
    return {one: many for one, many in parted}


def plural(noun: str) -> str:
    """The plural of an English noun or noun phrase; of "rule of three" it is "rules of three"."""
    head, separator, rest = noun.partition(" of ")
    first, space, last = head.rpartition(" ")
    return first + space + _plural_word(last) + separator + rest


def singular(word: str) -> str:
    """An English noun's singular; a word that is no plural comes back as it is."""
    lower = word.lower()
    known = _forms()[1].get(lower)
    if known is not None:
        return known
    if lower.endswith("men") and not lower.endswith(word_lists(__file__, "nouns").row("in_men")):
        return f"{word[:-2]}an"
    if len(word) > 3 and not word.endswith(_NOT_PLURAL):
        for suffix, replacement in _SUFFIXES:
            if word.endswith(suffix):
                return word[: -len(suffix)] + replacement
    return word


def indefinite(noun: str) -> str:
    """The noun with its indefinite article: "a verb", "an hour", "an MRI"."""
    if _SPELLED_OUT.match(noun):
        return ("an " if noun[0] in _LETTERS_WITH_A_VOWEL else "a ") + noun
    vowel = noun[:1].lower() in "aeiou" and not _SPOKEN_CONSONANT.match(noun)
    return ("an " if vowel or _SPOKEN_VOWEL.match(noun) else "a ") + noun


def is_plural(noun: str) -> bool:
    """Whether the noun's last word looks like a plural."""
    last = noun.split()[-1] if noun.split() else ""
    return singular(last) != last


def _plural_word(word: str) -> str:
    lower = word.lower()
    known = _forms()[0].get(lower)
    if known is not None:
        return known
    if lower.endswith("man") and len(lower) > 3 and not lower.endswith(word_lists(__file__, "nouns").row("in_man")):
        return f"{word[:-2]}en"
    if word.endswith("sis"):
        return word[:-2] + "es"
    if _SIBILANT.search(word):
        return word + "es"
    if _CONSONANT_Y.search(word):
        return word[:-1] + "ies"
    return word + "s"
