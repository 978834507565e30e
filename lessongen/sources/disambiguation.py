"""Pages that list the articles of one name, told from articles, in many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

# The page property is set on every wiki of Wikimedia. Others are known by what they call such pages, in brackets or
# as a category.
_DISAMBIGUATION = (
    "disambiguation|begriffsklärung|homonymie|desambiguación|disambigua|desambiguação|doorverwijspagina|förgrening"
    "|flertydig|täsmennyssivu|ujednoznacznienie|неоднозначность|значення|rozcestník"
    "|egyértelműsítő|anlam ayrımı"  # noqa: RUF001
    "|dezambiguizare|αποσαφήνιση|desambiguació|disambiguasi|định hướng|פירושונים|توضيح|ابهام‌زدایی"
    "|曖昧さ回避|消歧义|消歧義|동음이의|argipen|разделение|вишезначна"
).split("|")
# How the lead of such a page ends, or its first line.
_REFERS = re.compile(
    r"\b(?:(?:may|can|could|commonly|usually) (?:also |mean or )?(?:refers?|mean|stand)(?: to| for)?|refers to"
    r"|steht für|bezeichnet|peut (?:désigner|faire référence à)|puede (?:referirse a|hacer referencia a)"
    r"|può riferirsi a|pode referir-se a)\b[^.\n]{0,60}"
)
_ENDS = re.compile(_REFERS.pattern + r"(?::\s*$|(?:\s|…|\.\.\.)*\Z)", re.IGNORECASE | re.MULTILINE)
_LISTS = re.compile(_REFERS.pattern + r":\s*(?:\n|$)", re.IGNORECASE)
_LONGEST_LEAD = 400
# "a", "de": what a short name would also begin.
_SHORTEST_NAME = 4


def is_marked(title: str, categories: Sequence[str]) -> bool:
    """Whether a page's title, in brackets, or one of its categories says that it lists articles of one name."""
    bracket = title.casefold().rpartition("(")[2].rstrip(")") if title.endswith(")") else ""
    return bracket in _DISAMBIGUATION or any(
        name.casefold().startswith(word)
        for name in categories
        for word in _DISAMBIGUATION
        if len(word) >= _SHORTEST_NAME
    )


def refers_to_many(lead: str) -> bool:
    """Whether a page's lead says that articles of one name follow."""
    opening = lead.split("\n==")[0].strip()[:_LONGEST_LEAD]
    return _ENDS.search(opening) is not None


def lists_meanings(page: str) -> bool:
    """Whether a whole page says, at the end of a line, that articles of one name follow."""
    return _LISTS.search(page) is not None
