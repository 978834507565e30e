"""Headings over what belongs to a page and not to its text; the one list of them is `lists/headings.toml`."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from lessongen.text.wordlists import word_lists
from lessongen.text.words import fold

_NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.|[A-Z][.)])\s+(?=\S)")  # "7. References", "IV. Notes"

# "List of battles", "Notable alumni", "Awards and honours", "In popular culture", "Film adaptations of the novel".
_OF_A_LIST = re.compile(
    r"(?:list of|notable|partial|complete|twin towns|film adaptations|name in other languages"
    r"|(?:awards|honou?rs),? (?:and|&)) ?.*"
    r"|in (?:popular )?(?:culture|media|fiction)|[\w' ]*publications|ascii.*chart"
)


@lru_cache(maxsize=4096)
def is_appendix(heading: str, *, on_web_page: bool = False) -> bool:
    """Whether what stands under a heading is a list of notes, links or books, or of what only web pages have."""
    plain = fold(_NUMBERED.sub("", heading.strip())).rstrip(" :.")
    return plain in _headings("appendices") or (on_web_page and plain in _headings("of_pages"))


@lru_cache(maxsize=4096)
def only_lists(heading: str) -> bool:
    """Whether a section is an appendix or only lists works, prizes, members, pictures: nothing to teach from."""
    words = fold(heading).strip(" :.").split()
    before = word_lists(__file__, "headings").words("before")
    for first in range(len(words)):
        plain = " ".join(words[first:])
        if is_appendix(plain) or plain in _headings("of_lists") or _OF_A_LIST.fullmatch(plain):
            return True
        if words[first] not in before:
            break
    return False


@cache
def _headings(name: str) -> frozenset[str]:
    return frozenset(map(fold, word_lists(__file__, "headings").lines(name)))
