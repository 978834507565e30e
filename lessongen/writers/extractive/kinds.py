"""What kind of thing an article is about: what it calls it decides, in its description or its first sentence."""

from __future__ import annotations

from typing import Literal, get_args

from lessongen.text.nouns import singular
from lessongen.text.wordlists import word_lists
from lessongen.text.words import tokens
from lessongen.writers.extractive.article import Article
from lessongen.writers.extractive.genus import class_of

Kind = Literal["person", "event", "place", "work", "process", "skill", "thing", "idea"]

_LISTS = word_lists(__file__, "kinds")
_KIND_OF_WORD: dict[str, Kind] = {word: kind for kind in get_args(Kind) for word in _LISTS.row(kind)}
_OF_CATEGORY: dict[str, Kind] = {"People": "person", "Geography": "place"}


def kind_of(article: Article) -> Kind:
    """By the noun that its first sentence puts it under, the head of its description, its title; else an idea."""
    if article.is_biography or _OF_CATEGORY.get(article.category) == "person":
        return "person"
    first = article.passages[0].text if article.passages else ""
    told = [class_of(first), _head(article.description), article.name.split()[-1:]]
    for words in told:
        for word in reversed(words):
            kind = _KIND_OF_WORD.get(singular(word.lower()))
            if kind is not None:
                return kind
    return _OF_CATEGORY.get(article.category, "idea")


def _head(description: str) -> list[str]:
    """The words up to where a description says more of it: of "Battle in the Norman conquest", "battle"."""
    words: list[str] = []
    for word in tokens(description):
        if words and word in _LISTS.words("ends"):
            break
        words.append(word)
    return words
