"""English nouns: singular and plural forms and the indefinite article; the one table of them is `lists/nouns.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from lessongen.text.wordlists import word_lists

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"(?:[^aeiou]|qu)y$")
_SUFFIXES = (
    ("ies", "y"),
    ("sses", "ss"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("xes", "x"),
    ("zzes", "zz"),
    ("tzes", "tz"),
    ("oes", "o"),
    ("s", ""),
)
_NOT_PLURAL = ("ss", "us", "is")
_PLURAL_OF_US = re.compile(r"(?<![aeo])uses$")
_PLURAL_OF_SIS = re.compile(
    r"(?:ly|bio|mio|rio|tio|pho|the|ne|psycho|neuro|bro|gno|cro|rrho|sclero|apo|pto|pheno|thrombo)ses$", re.IGNORECASE
)
_IN_LAW = re.compile(r"^(.+?)(-in-law)$")
# Spelled with a vowel but spoken with a consonant ("university", "Ugandan"), and the other way round ("hour").
_SPOKEN_CONSONANT = re.compile(
    r"(?:uni(?!n|m(?!o)|dentif)|unesco|eu|ew|one\b|once\b|us[eaiu]|ub|ut[eio]|ug(?![lh])|uk|ur[aeiou])", re.IGNORECASE
)
_SPOKEN_VOWEL = re.compile(r"(?:hour(?!i)|honest|honou?r|heir|y[bcdfgklmnprstv]|[fhlmnrsx]th\b)", re.IGNORECASE)
# Read letter by letter, as short ones are, those without a vowel and those that can't be spoken: "an MRI", "an NCAA
# team", but "a NATO member".
_SPELLED_OUT = re.compile(
    r"(?!(?:RAM|ROM|LAN|SIM|SAT|SARS|SAM|NAS|HUD|LASIK)s?\b)"
    r"(?:[A-Z]{2,3}|[B-DF-HJ-NP-TV-Z]{4,}|(?:[LMNRX][B-DFGJ-NP-TVXZ]|H[B-DF-HJ-NP-TV-Z]|F[BCDFGKMNPQSTVX]|S[BDFGRSVXZ])[A-Z]{2,})"
    r"s?\b"
)
_LETTERS_WITH_A_VOWEL = "AEFHILMNORSX"
_ONE_LETTER = re.compile(r"[A-Za-z](?![\w'’])")  # noqa: RUF001
# "an 8-bit number", "an 11-year-old", "an 1848 revolution", "an 18,000 m peak"; "a 110-page book".
_SPOKEN_VOWEL_NUMBER = re.compile(r"8|1[18](?:\d\d)?(?!\d)")


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
    for name in ("in_ie", "in_e", "in_i_or_u", "in_use", "in_k", "in_man"):
        singulars |= {f"{one}s": one for one in lists.row(name)}
    singulars |= {f"{one}es": one for one in lists.row("in_es")}
    singulars |= {many: one for one, many in _pairs("\n".join(lists.lines("read"))).items()}
    plurals |= {one: f"{one}s" for one in (*lists.row("in_k"), *lists.row("in_man"))}
    return plurals, singulars | {word: word for word in (*lists.row("fixed"), *lists.row("in_men"))}


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    """What compounds end in, with its plural; the longer ones first."""
    pairs = _pairs("\n".join(word_lists(__file__, "nouns").lines("endings")))
    return tuple(sorted(pairs.items(), key=lambda pair: -len(pair[1])))


@cache
def _fields() -> tuple[str, ...]:
    """What the names of fields of study end in, which are no plurals."""
    return word_lists(__file__, "nouns").row("fields")


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


@lru_cache(maxsize=8_192)
def singular(word: str) -> str:
    """An English noun's singular; a word that is no plural comes back as it is."""
    lower = word.lower()
    known = _forms()[1].get(lower)
    if known is not None:
        return word if known == lower else known
    if in_law := _IN_LAW.match(word):
        return singular(in_law[1]) + in_law[2]
    if "-" in word:
        first, _, last = word.rpartition("-")
        return f"{first}-{singular(last)}" if len(last) > 3 else word
    if lower.endswith(_fields()):
        return word
    for one, many in _endings():
        if lower.endswith(many) and len(lower) > len(many) + 1:
            return word if one == many else word[: -len(many)] + one
    if lower.endswith("men"):
        return f"{word[:-2]}an"
    return word if len(word) <= 3 else _without_s(word)


def indefinite(noun: str) -> str:
    """The noun with its indefinite article: "a verb", "an hour", "an MRI", "an 18-year-old"."""
    if noun[:1].isdigit():
        is_vowel = _SPOKEN_VOWEL_NUMBER.match(noun) is not None
    elif _SPELLED_OUT.match(noun) or _ONE_LETTER.match(noun):
        is_vowel = noun[0].upper() in _LETTERS_WITH_A_VOWEL
    else:
        is_vowel = noun[:1].lower() in "aeiou" and not _SPOKEN_CONSONANT.match(noun)
        is_vowel = is_vowel or _SPOKEN_VOWEL.match(noun) is not None
    return ("an " if is_vowel else "a ") + noun


def is_plural(noun: str) -> bool:
    """Whether the noun's last word looks like a plural."""
    last = noun.split()[-1] if noun.split() else ""
    return singular(last) != last


def _without_s(word: str) -> str:
    if _PLURAL_OF_US.search(word) and len(word) > 5:
        return word[:-2]
    if _PLURAL_OF_SIS.search(word):
        return f"{word[:-2]}is"
    if not word.endswith(_NOT_PLURAL):
        for suffix, replacement in _SUFFIXES:
            if word.endswith(suffix):
                return word[: -len(suffix)] + replacement
    return word


def _plural_word(word: str) -> str:
    lower = word.lower()
    if lower.endswith(_fields()):
        return word
    known = _forms()[0].get(lower)
    if known is not None:
        return word[:1] + known[1:] if word[:1].lower() == known[:1] else known
    if in_law := _IN_LAW.match(word):
        return _plural_word(in_law[1]) + in_law[2]
    if "-" in word:
        first, _, last = word.rpartition("-")
        return f"{first}-{_plural_word(last)}" if len(last) > 2 else f"{word}s"
    for one, many in _endings():
        if lower.endswith(one) and len(lower) > len(one) + 1:
            return word[: -len(one)] + many
    if lower.endswith("man") and len(lower) > 3 and not lower.endswith("human"):
        return f"{word[:-2]}en"
    if word.endswith("sis"):
        return word[:-2] + "es"
    if _SIBILANT.search(word):
        return word + "es"
    if _CONSONANT_Y.search(word):
        return word[:-1] + "ies"
    return word + "s"
