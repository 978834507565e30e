"""Whether a text names something."""

from __future__ import annotations

import re
from functools import lru_cache

from lessongen.text.nouns import singular
from lessongen.text.words import tokens


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
