"""Lists of words: TOML files in the folder `lists` beside the module that uses them, read when first asked for.

Each file begins with where its words come from and their licence. A list is one string: words parted by white space,
or lines that each hold one group.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


class WordLists:
    """The lists of one file, by name."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content

    def words(self, name: str) -> frozenset[str]:
        """The list as a set of words."""
        return frozenset(self.row(name))

    def row(self, name: str) -> tuple[str, ...]:
        """The list as words in their order."""
        return tuple(str(self._content[name]).split())

    def lines(self, name: str) -> tuple[str, ...]:
        """The list as lines in their order, empty ones left out."""
        return tuple(line.strip() for line in str(self._content[name]).splitlines() if line.strip())

    def groups(self, name: str) -> tuple[frozenset[str], ...]:
        """The list as a set of words for each line."""
        return tuple(frozenset(line.split()) for line in self.lines(name))

    def pairs(self, name: str) -> dict[str, str]:
        """The list, whose lines read "word: other words", by the word before the colon, in their order."""
        parted = (line.partition(":") for line in self.lines(name))
        return {word.strip(): others.strip() for word, _, others in parted}

    def table(self, name: str) -> Any:
        """What stands under a name that is no plain list: a table of TOML, or several."""
        return self._content[name]


@cache
def word_lists(module_file: str, name: str) -> WordLists:
    """The lists of `lists/NAME.toml` in the folder of a module, which gives its `__file__`."""
    path = Path(module_file).parent / "lists" / f"{name}.toml"
    return WordLists(tomllib.loads(path.read_text(encoding="utf-8")))
