"""A sentence with a gap for an answer, and whether what is shown gives the answer away."""

from __future__ import annotations

import re

from lessongen.lesson.claims import GAP
from lessongen.text.words import stem, stems, tokens, word_count

ARTICLE = re.compile(r"^(?:an?|the)\s+(?=\S)", re.IGNORECASE)
_FEWEST_AROUND = 6  # words beside a gap


def can_be_quoted(text: str) -> bool:
    """Whether a sentence can stand between a question's quotation marks, and with a gap: it has neither yet."""
    return not any(sign in text for sign in "“”_")


def masked(text: str, answer: str) -> tuple[str, str] | None:
    """The sentence with a gap for the answer, and the answer as it stands there; None where the rest gives it away."""
    bare = ARTICLE.sub("", answer)
    found = list(re.finditer(rf"(?<![\w-]){re.escape(bare)}(?![\w-])", text, re.IGNORECASE))
    if len(found) != 1 or not can_be_quoted(text):
        return None
    start, end = found[0].span()
    rest = f"{text[:start]} {text[end:]}"
    if word_count(rest) < _FEWEST_AROUND or gives_away(rest, bare):
        return None
    return text[:start] + GAP + text[end:], text[start:end]


def gives_away(shown: str, answer: str) -> bool:
    """Whether a text shows a word of the answer in any form."""
    telling = set(stems(answer))
    return not telling or any(stem(token) in telling for token in tokens(shown))
