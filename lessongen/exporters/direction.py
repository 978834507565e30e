"""English words on a page that runs from right to left: their signs stay on the side that they are on.

A page in Arabic or Hebrew has fixed words of ours, and titles and licences from left to right. There a full stop or a
bracket at the end of such a text would go to its left, and a span of years would be turned round. A mark on either
side, which nobody sees, says that the text runs from left to right; several in a row stay one line of words.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape

_FROM_LEFT = "\N{LEFT-TO-RIGHT MARK}"
# What is no text on a page of ours: foreign text in it has no angle brackets.
_NO_TEXT = re.compile(r"(<(style|script|title|svg|textarea)\b.*?</\2>|<[^>]*>)", re.DOTALL)
_SPACED = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)


def kept(text: str) -> str:
    """A text from left to right, or of numbers, between marks that say so; any other as it is."""
    directions = {unicodedata.bidirectional(sign) for sign in unescape(text)}
    is_from_left = bool(directions & {"L", "EN"}) and not directions & {"R", "AL", "AN"}
    return f"{_FROM_LEFT}{text}{_FROM_LEFT}" if is_from_left else text


def kept_on_a_page(page: str) -> str:
    """A page of HTML that runs from right to left, with each text in it as `kept` has it."""
    made = []
    for at, part in enumerate(_NO_TEXT.split(page)):
        if at % 3 == 0 and part.strip():
            found = _SPACED.fullmatch(part)
            made.append(f"{found[1]}{kept(found[2])}{found[3]}" if found else part)
        elif at % 3 < 2:
            made.append(part)
    return "".join(made)
