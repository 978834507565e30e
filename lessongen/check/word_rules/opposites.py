"""Words that say the opposite of one another (English, folded)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lessongen.text.wordlists import word_lists


@cache
def opposites_by_word() -> Mapping[str, frozenset[str]]:
    """The words that say the opposite of a word, for each folded word that has any."""
    found: dict[str, set[str]] = {}
    for group in word_lists(__file__, "opposites").lines("groups"):
        left, _, right = group.partition("/")
        for one in left.split():
            for other in right.split():
                if one != other:
                    found.setdefault(one, set()).add(other)
                    found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}
