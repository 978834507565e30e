"""Words that say the opposite of one another (English, folded)."""

from __future__ import annotations

from collections.abc import Mapping

from lessongen.text.wordlists import word_lists


def _pairs() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for group in word_lists(__file__, "opposites").lines("groups"):
        left, _, right = group.partition("/")
        for one in left.split():
            for other in right.split():
                if one != other:
                    found.setdefault(one, set()).add(other)
                    found.setdefault(other, set()).add(one)
    return found


OPPOSITES: Mapping[str, frozenset[str]] = {word: frozenset(others) for word, others in _pairs().items()}
"""The words that say the opposite of a word, for each folded word that has any."""
