"""The names under which an article can be found: its title, what its opening calls it, a person's surname.

A light key is what remains of a name when case, accents, plurals, numerals, spelling variants and small words are
evened out; a stem key evens out endings as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from lessongen.sources.offline.pack import PackArticle, PackLanguage
from lessongen.text.nouns import singular
from lessongen.text.words import STOPWORDS, split_title, stem, tokens

Kind = Literal["title", "name", "alias", "part", "foreign", "cognate"]
"""How a key stands to its article: the whole title; the title without its disambiguation; another name that the
opening gives; one word of a person's name; the title of the same article in another language; what such titles look
like where both languages took the word from Greek or Latin."""

_NUMERALS = {
    **{word: str(number) for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)},
    **{
        roman: str(number)
        for number, roman in enumerate("ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii".split(), 2)
    },
}
# Single letters are numerals only at a name's end: "Napoleon I", but "X-ray" and "vitamin C".
_LAST_NUMERALS = {"i": "1", "v": _NUMERALS.pop("v"), "x": _NUMERALS.pop("x")}
# British spellings, even where they meet no American one: both sides of a comparison go through this.
_SPELLINGS = (
    (re.compile(r"our$"), "or"),
    (re.compile(r"tre$"), "ter"),
    (re.compile(r"is(?=(?:e|ed|ing|ation)$)"), "iz"),
    (re.compile(r"ae|oe"), "e"),
    (re.compile(r"ence$"), "ense"),
    (re.compile(r"^(sul)ph"), r"\1f"),
)
_COGNATES = tuple(
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"ph", "f"),
        (r"([tr])h", r"\1"),
        (r"ch|qu|k", "c"),
        (r"y", "i"),
        (r"(.)\1", r"\1"),
        (r"ae|oe", "e"),
        (r"(?:cion|tion|sion)(?:es|s)?\b", "tion"),
        (r"(?:dad(?:es)?|te|ti)\b", "t"),
        (r"(?:ic(?:o|a|e|al|s)*s?)\b", "ic"),
        (r"[aeiou]*s?\b", ""),
    )
)
_SYMBOLS = str.maketrans({"+": " plus ", "#": " sharp ", "&": " and "})

_DOCTRINES = ("ism", "ist", "istic")
_OPENING = 350
_SHORTEST_COGNATE = 5
_KNOWN_AS = re.compile(
    r"(?:known|called|referred to|abbreviated)(?: simply| informally| collectively)?(?: as| to)? "
    r"(?:the |an? )?([^,.;()]{2,40}?)(?: or (?:simply )?(?:the |an? )?([^,.;()]{2,40}?))?"
    r"(?=,|\.|;|\)| and |\s*$)"
)
# What stands before the verb renames the title; after it, "things called elements" are something else.
_MAIN_VERB = re.compile(r"(?<=[\s,)])(?=(?:is|are|was|were|refers to) )")
_OR = re.compile(r"^(?:An? |The )?[^,.]{2,40}?,? or (?:the |an? )?([^,.]{3,30}?),? (?:is|are|was|were) ")
_FIRST_BRACKETS = re.compile(r"^[^.(]{2,80}\(([^()]{2,80})\)")
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]{1,5}\b")
_SMALL_NAME_PARTS = frozenset(
    "of the de da van von der jr sr saint st ibn al la le i ii iii iv v vi vii viii ix x".split()
)


def light_key(text: str) -> str:
    """The singular, evenly spelled words of a name: "The World Wars" gives "world war". Small words go."""
    words = tokens(text.translate(_SYMBOLS))
    content = [word for word in words if word not in STOPWORDS["en"]] or words
    return " ".join(
        _even(word, is_last=bool(place) and place == len(content) - 1) for place, word in enumerate(content)
    )


def stem_key(key: str) -> str:
    """The stems of a light key's words; a doctrine keeps its ending, for "socialism" is not what "social" means."""
    return " ".join(word if word.endswith(_DOCTRINES) else stem(word) for word in key.split())


def foreign_key(text: str, language: PackLanguage) -> str:
    """The folded stems of a French or Spanish name without its small words."""
    words = tokens(text)
    content = [word for word in words if word not in STOPWORDS[language]] or words
    return " ".join(stem(word, language) for word in content)


def cognate_key(text: str) -> str:
    """What words of Greek and Latin origin share across English, French and Spanish: "volcanes" and "volcano" alike."""
    key = " ".join(tokens(text))
    for pattern, spelling in _COGNATES:
        key = pattern.sub(spelling, key)
    return key


def names_of(article: PackArticle, text: str, *, is_person: bool) -> Iterator[tuple[Kind, str]]:
    """Every name with its light key, the surest first; `text` is the article's cleaned text."""
    name, disambiguation = split_title(article.title)
    yield "title", light_key(article.title)
    if (cognate := cognate_key(name)) and len(cognate) >= _SHORTEST_COGNATE:
        yield "cognate", f"~{cognate}"
    if disambiguation:
        yield "name", light_key(name)
    for alias in _aliases(name, text[:_OPENING]):
        yield "alias", light_key(alias)
    if is_person:
        words = [word for word in tokens(name.split(",")[0]) if word not in _SMALL_NAME_PARTS]
        if len(words) > 1:
            yield "part", light_key(words[-1])
            yield "part", light_key(words[0])


def _aliases(name: str, opening: str) -> Iterator[str]:
    sentence = opening.split(". ")[0]
    before_verb = _MAIN_VERB.split(sentence)[0]
    for match in _KNOWN_AS.finditer(before_verb):
        yield from (group for group in match.groups() if group)
    if synonym := _OR.match(sentence):
        yield synonym.group(1)
    if brackets := _FIRST_BRACKETS.match(before_verb):
        yield from _ACRONYM.findall(brackets.group(1))
    *words, last = tokens(name) or [""]
    number = _NUMERALS.get(last) or _LAST_NUMERALS.get(last)
    if number and len(words) > 1:  # "World War II" is also "WW2" and "WWII"
        initials = "".join(word[0] for word in words)
        yield from (initials + number, initials + last)


@lru_cache(maxsize=4096)
def _even(word: str, *, is_last: bool) -> str:
    number = _NUMERALS.get(word) or (_LAST_NUMERALS.get(word) if is_last else None)
    if number:
        return number
    word = singular(word)
    if len(word) > 5:
        for pattern, spelling in _SPELLINGS:
            word = pattern.sub(spelling, word)
    return word
