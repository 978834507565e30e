"""Words: folding, tokens, stems and singular forms."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

from lessongen.text.nouns import singular

STOPWORDS = {
    "en": frozenset(
        "a an the of in on at to for and or vs versus with by from as is are was were be been it its this that these "
        "those how what why when who which do does did your my our their his her into about".split()
    ),
    "fr": frozenset("le la les l un une des de du d en et ou avec par pour que est sont au aux".split()),
    "es": frozenset("el la los las un una unos unas de del en y o con por para que es son al".split()),
}

_SNOWBALL = {"en": "english", "fr": "french", "es": "spanish"}
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_NUMBER = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"['’](s\b)?")  # noqa: RUF001
_DISAMBIGUATION = re.compile(r"\s*\(([^)]*)\)$")

_BRACKETS_OR_YEARS = re.compile(r"\(.*?\)|\b\d{3,4}s?(?:[–-]\d+)?\b")  # noqa: RUF001
# A noun phrase's head stands before its first preposition, participle or comma.
_HEAD_ENDS = re.compile(
    r"\b(?:of|in|that|to|with|for|by|from|on|which|who|between|during|used|based|about|at|when|where|as|and"
    r"|located|consisting|describing|involving|under|against|within|without|into|whose|made|known)\b|[,(–;:/]"  # noqa: RUF001
)


def fold(text: str) -> str:
    """Case-folded and without accents: what remains equal when people type carelessly."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    # Below U+0300 nothing combines, which is quicker to see.
    return "".join([each for each in decomposed if each < "\u0300" or not unicodedata.combining(each)])


def tokens(text: str) -> list[str]:
    """The words of a text, folded; "Newton's" gives "newton"."""
    return _WORD.findall(_without_apostrophes(fold(text)))


def stems(text: str, language: str = "en", *, keep_stopwords: bool = False) -> list[str]:
    """The stems of a text's words, folded, without stop words (Snowball's algorithm)."""
    words = _WORD.findall(_without_apostrophes(unicodedata.normalize("NFC", text).casefold()))
    stop = STOPWORDS[language]
    return [stem(word, language) for word in words if keep_stopwords or fold(word) not in stop]


@lru_cache(maxsize=20_000)
def stem(word: str, language: str = "en") -> str:
    """The folded stem of one word."""
    stemmed: str = _stemmer(language).stemWord(word)
    return fold(stemmed)


def split_title(title: str) -> tuple[str, str]:
    """A title's name and its disambiguation: "Cell (biology)" gives ("Cell", "biology")."""
    match = _DISAMBIGUATION.search(title)
    return (title[: match.start()], match.group(1)) if match else (title, "")


def head_noun(description: str) -> str:
    """The singular noun that a short description is about: "German composer (1770-1827)" gives "composer", or ""."""
    phrase = _HEAD_ENDS.split(_BRACKETS_OR_YEARS.sub("", description).strip())[0]
    words = tokens(phrase)
    return singular(words[-1]) if words else ""


def word_count(text: str) -> int:
    """How many words a text has."""
    return len(_WORD_OR_NUMBER.findall(text))


def _without_apostrophes(text: str) -> str:
    return _APOSTROPHE.sub(r"\1", text)


class _Stemmers(threading.local):
    """A thread's own stemmers: Snowball's keep the word that they work on in themselves."""

    def __init__(self) -> None:
        self.by_language: dict[str, Any] = {}


_stemmers = _Stemmers()


def _stemmer(language: str) -> Any:
    if language not in _stemmers.by_language:
        import Stemmer

        _stemmers.by_language[language] = Stemmer.Stemmer(_SNOWBALL[language])
    return _stemmers.by_language[language]
