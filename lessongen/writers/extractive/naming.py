"""Whether a text names something."""

from __future__ import annotations

import re
from functools import lru_cache

from lessongen.text.nouns import singular
from lessongen.text.words import tokens

# "the _____ of", but not "_____ structure", where it is half of a compound.
_AFTER_A_NOUN = re.compile(
    r"\s*[,.;:)—]|\s+(?:of|in|on|at|to|for|from|by|with|as|that|which|who|whose|where|when|while|and|or|but|is|are|was"
    r"|were|has|have|had|can|may|could|would|will|must|do|does|did|into|through|between|during|after|before|than|since"
    r"|until|using|via|under|over|within|without|because|if|not|also|including|such|about|against|among|around)\b"
)


def names(text: str, name: str) -> bool:
    """Whether a text names something, as whole words, singular or plural."""
    wanted = _in_singular(name)
    return bool(wanted.strip()) and wanted in _in_singular(text)


@lru_cache(maxsize=512)
def _in_singular(text: str) -> str:
    return f" {' '.join(singular(token) for token in tokens(text))} "


def names_exactly(text: str, name: str) -> bool:
    """Whether a text has these very words, whatever their case."""
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None


def is_noun_there(rest: str) -> bool:
    """Whether what follows a name leaves it a noun, not the first half of a compound ("sentence structure")."""
    return _AFTER_A_NOUN.match(rest) is not None
