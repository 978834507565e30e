"""The sizes of paper that lessons are printed on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ON_LETTER = frozenset("US CA MX CL CO CR DO GT NI PA PH PR SV VE".split())  # as Unicode's CLDR lists them
_REGION = re.compile(r"[a-z]{2,3}[_-](?:[A-Z][a-z]{3}[_-])?([A-Z]{2})\b")


@dataclass(frozen=True)
class Paper:
    """A size: its name as CSS has it, width and height in twips, twentieths of a point."""

    name: str
    twips: tuple[int, int]

    def __str__(self) -> str:
        return self.name.lower()


A4, LETTER = Paper("A4", (11906, 16838)), Paper("letter", (12240, 15840))
PAPERS: Mapping[str, Paper] = {str(each): each for each in (A4, LETTER)}


def local_paper(environment: Mapping[str, str]) -> Paper:
    """What is printed on where the locale says that one is; A4 where it says nothing."""
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_PAPER", "LANG"))), "")
    region = _REGION.match(locale or "")
    return LETTER if region and region[1] in _ON_LETTER else A4
