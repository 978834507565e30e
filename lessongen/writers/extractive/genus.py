"""The class that a definition puts its term in: genus and difference, as in every dictionary."""

from __future__ import annotations

import re

from lessongen.text.words import stems, tokens

# "is a kind of": the class follows.
_CLASS_OPENS = re.compile(
    r"\b(?:is|are|was|were) (?:any of |one of |an? |the |any )?"
    r"(?:(?:type|kind|form|class|group|branch|field|species|family|part)s? of (?:an? |the )?)?"
)
# "word that describes", "device used for": the difference begins.
_CLASS_ENDS = re.compile(
    r"[,;(]| — |\b(?:that|which|who|whose|where|when|in|with|used|consisting|composed|made|having|containing|for|by"
    r"|from|on|at|to|as|between|and|or|characteri[sz]ed|involving|located|formed|found|produced|designed|of|during"
    r"|is|are)\b"
)


def class_of(definition: str) -> list[str]:
    """The words of the class that a definition names: of "A verb is a word that …", ["word"]."""
    opening = _CLASS_OPENS.search(definition)
    return tokens(_CLASS_ENDS.split(definition[opening.end() :])[0]) if opening else []


def genus(definition: str) -> list[str]:
    """Their stems."""
    return stems(" ".join(class_of(definition)))
