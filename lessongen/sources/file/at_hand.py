"""What can be said of a text before its task begins: that it holds too little."""

from __future__ import annotations

from pathlib import Path

from lessongen.lesson.limits import FEWEST_WORDS
from lessongen.text.sentences import is_whole, split_sentences
from lessongen.text.words import word_count

_LONGEST_SHORT_TEXT = 20_000  # bytes; what is longer has enough


def too_little(path: Path) -> str:
    """That a short text holds less than a lesson takes, as a sentence; "" where it holds enough or nobody knows."""
    try:
        data = path.read_bytes() if path.is_file() and path.stat().st_size <= _LONGEST_SHORT_TEXT else b""
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
    if not text.strip() or text.lstrip().startswith(("<", "{\\rtf", "%PDF-", "PK")):
        return ""
    sentences = [each.text for each in split_sentences(" ".join(text.split())) if is_whole(each.text)]
    words = sum(map(word_count, sentences))
    if words >= FEWEST_WORDS:
        return ""
    return f"“{path.name}” has {words} words in whole sentences, and a lesson takes at least {FEWEST_WORDS}."
