"""From a pack's extract to the text that lessons quote: tidy spacing, and a mark where a formula was stripped."""

from __future__ import annotations

import re
import unicodedata

from lessongen.sources.offline.pack import UNCATEGORIZED

HOLE = "␣"

_WORD_JOINER = "\u2060"
# Only two joiners with nothing between them are what is left of a formula; a single one glues "1/2" together.
_EMPTY_FORMULA = re.compile(rf"{_WORD_JOINER} ?{_WORD_JOINER}")
# Two spaces, or one before a comma or stop: something stood there. In mathematics and physics it was a symbol, which
# the sentence needs; elsewhere it was a name in another script or a pronunciation, which it does not.
_GAP = re.compile(r" (?<=\S )(?: +|(?=[,.](?:\s|$)))(?=\S)")
# A formula on a line of its own left a break before the rest of its sentence.
_FORMULA_ON_A_LINE = re.compile(r"\n\s*(?=[a-z])")
_GLOSS_AFTER_TITLE = re.compile(r"^([^.,]{1,60}?) {2,}(?=(?:is|was|are|were|or)\b)")
_CATEGORIES_WITH_FORMULAS = frozenset({"Mathematics", "Physical sciences", UNCATEGORIZED})

_HOLES = re.compile(rf"{HOLE}(?: {HOLE})+")
_INVISIBLE = re.compile("[\u2060\u200b\u200e\u200f\u00ad\ufeff]")
_EMPTY_BRACKETS = re.compile(r" ?\(\s*[,;]*\s*\)")
_BRACKET_OPENS_EMPTY = re.compile(r"\((?:\s*[,;])+\s*")
_LOST_BREAK_IN_LIST = re.compile(r":(?<=\w:)(?=[A-Z][a-z]* )")
_LOST_BREAK = re.compile(r"\.(?<=[a-z]{3}\.)(?=[A-Z][a-z]{2,} )")
_BREAK_IN_SENTENCE = re.compile(r"\n(?<=[^\s.:]\n)(?=[a-z])")
_SPACES = re.compile(r"[ \t]{2,}|\t")
_SPACE_BEFORE_POINT = re.compile(r" ([,.;:])(?=\s|$)")
_SPACE_AT_LINE_END = re.compile(r" *\n *")


def clean(extract: str, category: str) -> str:
    """The extract as it is kept and quoted; the same for the same input. Lost formulas are marked by `HOLE`."""
    text = unicodedata.normalize("NFC", extract).replace("\u00a0", " ")
    text = _EMPTY_FORMULA.sub(f" {HOLE} ", text)
    if category in _CATEGORIES_WITH_FORMULAS:
        text = _FORMULA_ON_A_LINE.sub(f" {HOLE} ", text)
        text = _GAP.sub(f" {HOLE} ", _GLOSS_AFTER_TITLE.sub(r"\1 ", text))
    text = _EMPTY_BRACKETS.sub("", _INVISIBLE.sub("", text))
    text = _BRACKET_OPENS_EMPTY.sub("(", text)
    text = _LOST_BREAK.sub(".\n", _LOST_BREAK_IN_LIST.sub(":\n", text))
    text = _SPACE_AT_LINE_END.sub("\n", _SPACES.sub(" ", text))
    text = _HOLES.sub(HOLE, _BREAK_IN_SENTENCE.sub(" ", text))
    return _SPACE_BEFORE_POINT.sub(r"\1", text).strip()
