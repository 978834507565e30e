"""Common irregular English verbs: a table of their forms, and apart from it the patterns that give the same forms.

Left out are verbs with two usual forms ("learned" and "learnt", "gotten"), so that every key is the only one, and "be".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lessongen.text.wordlists import word_lists


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A verb with its past simple, its past participle and words that may follow each of them."""

    base: str
    past: str
    participle: str
    rest: str
    band: int


BANDS = (1, 2, 3)  # 1 is met by beginners, 3 late


@cache
def irregular_verbs() -> Mapping[str, Verb]:
    """Each verb of the table by its base form."""
    found: dict[str, Verb] = {}
    for band in BANDS:
        for forms, rest in word_lists(__file__, "verbs").pairs(f"band_{band}").items():
            base, past, participle = forms.split()
            found[base] = Verb(base=base, past=past, participle=participle, rest=rest, band=band)
    return found


def forms_by_pattern(base: str) -> tuple[str, str] | None:
    """The past simple and the past participle as the verb's pattern gives them; None for a verb without one.

    "§" stands for what the pattern can't spell by itself: the last consonant once more, or the first of the ending.
    """
    for verbs, ending, past, participle in word_lists(__file__, "verbs").table("patterns"):
        if base in verbs.split():
            changed = [re.sub(ending, each, base, count=1) for each in (past, participle)]
            return _spelled(base, changed[0]), _spelled(base, changed[1])
    return None


def _spelled(base: str, form: str) -> str:
    if "§" not in form:
        return form
    if form.endswith("§en"):  # ridden, written, but driven
        doubled = form[-4] if form[-4] in "dt" else ""
        return form.replace("§", doubled)
    if form.endswith("o§t"):  # lost, shot
        return form.replace("§", "s" if base.endswith("se") else "")
    return form.replace("§", "t" if base.endswith("t") else "d")  # met, led
