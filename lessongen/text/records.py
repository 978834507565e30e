"""What a sentence ranks or bounds, and another source may not: "the largest lake", "up to 15 times"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MOST = 3
_RANKS = (
    r"(?:larg|long|high|tall|old|bigg|deep|small|fast|rich|earli|low|short|heavi|bright|busi|wid|strong)est|only|first"
    r"|most (?:populous|widely|commonly|important|influential|popular|famous|powerful|successful|significant|visited)"
)
# "The first half", "the only way": no rank among others.
_NO_RANK = (
    r"(?! (?:half|part|quarter|century|decades?|years?|months?|days?|weeks?|time|step|stage|phase"
    r"|two|three|four|five|six|seven|eight|nine|ten|few|several))"
)
_RECORD = re.compile(
    rf"\b(?:(?:one of )?the|[Ii]ts|their|world['’]s) (?:[\w-]+[- ])?(?:{_RANKS})\b{_NO_RANK}(?: [^\s,;:()]+){{1,6}}"  # noqa: RUF001
    r"|\b(?:up to|at most|as (?:many|much|large|long|high|old|little|few) as|no more than)"
    r"(?: [^\s,;:()]+){0,2} ?\d[\d,.]*\w*(?: [^\s,;:()]+){0,2}"
)
# "2,400 trees are cut down each minute", "99 %": of when, a year in the sentence may tell.
_FIGURE = re.compile(
    r"\b\d[\d,.]* ?(?:(?:million|billion|trillion|percent|per cent)\b(?! years)|%)(?: [^\s,;:()]+){0,4}"
    r"|\b\d[\d,.]*(?: [^\s,;:()]+){1,6} (?:each|every|per|a) (?:second|minute|hour|day|week|month|year)\b"
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_AT_THE_END = re.compile(
    r"(?: (?:and|or|of|in|to|the|an?|by|with|that|which|who|for|on|at|from|was|is|as|its|his|have|has))+$"
)


def records_in(sentences: Iterable[str]) -> list[str]:
    """The ranks, bounds and undated figures that the sentences give, in their own words, the first few."""
    found = (
        each.group()
        for text in sentences
        for pattern in (_RECORD, *(() if _YEAR.search(text) else (_FIGURE,)))
        for each in pattern.finditer(text)
    )
    return list(dict.fromkeys(_AT_THE_END.sub("", each.rstrip(".")) for each in found))[:_MOST]


def told_otherwise(sentences: Iterable[str]) -> str:
    """What readers are told of these; "" where there are none."""
    found = [f"“{each}”" for each in records_in(sentences)]
    return f"Other sources may count or measure in another way: {', '.join(found)}." if found else ""
