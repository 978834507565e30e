"""Words that may stand for each other in a simpler wording, and forms of one word that no stemmer brings together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from lessongen.text.wordlists import word_lists
from lessongen.text.words import stem


@cache  # only a lesson in a writer's own words needs the tables, which take megabytes
def _form_keys() -> Mapping[str, tuple[str, ...]]:
    return _by_word("forms", "=")


def _by_word(name: str, mark: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for number, group in enumerate(word_lists(__file__, "synonyms").lines(name)):
        key = f"{mark}{number}"
        for word in dict.fromkeys(group.lower().split()):
            found[word] = (*found.get(word, ()), key)
    return found


@lru_cache(maxsize=1)
def _synonyms_by_stem() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word, keys in _by_word("groups", "~").items():
        for form in {stem(word), *_form_keys().get(word, ())}:
            found.setdefault(form, set()).update(keys)
    return {form: frozenset(keys) for form, keys in found.items()}


@lru_cache(maxsize=20_000)
def form_keys(word: str) -> frozenset[str]:
    """What a folded word shares with other forms of the same word: its stem and its irregular families."""
    return frozenset({stem(word), *_form_keys().get(word, ())})


@lru_cache(maxsize=20_000)
def synonym_keys(word: str) -> frozenset[str]:
    """What a folded word shares with words that may stand for it."""
    table = _synonyms_by_stem()
    found: set[str] = set()
    for form in form_keys(word):
        found.update(table.get(form, ()))
    return frozenset(found)
