"""Names of files after lessons: safe on every file system, readable, and no two alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

_LONGEST = 100  # bytes; a file system takes 255, and a number, an ending and a folder come on top
# On Windows, whatever the ending: a device's number may be written small there.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin|conout|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)


def file_stem(parts: Sequence[str], marks: Sequence[str] = ()) -> str:
    """A file's name without its ending: the letters and digits of the parts, joined by hyphens; never empty.

    What is too long of the parts is cut off. The marks, which are short, stand behind them in any case.
    """
    stem, end = _hyphened(parts), _hyphened(marks)
    while len(f"{stem}-{end}".strip("-").encode()) > _LONGEST and stem:
        stem = stem[:-1].rstrip("-")
    stem = f"{stem}-{end}".strip("-")
    if not stem or unicodedata.category(stem[0])[0] == "M" or _RESERVED.fullmatch(stem):
        stem = f"lesson-{stem}".rstrip("-")
    return stem


def _hyphened(parts: Sequence[str]) -> str:
    text = unicodedata.normalize("NFC", " ".join(parts)).casefold()
    # Marks belong to the spelling of many scripts, but no name may begin with one.
    kept = "".join(each if unicodedata.category(each)[0] in "LNM" else "-" for each in text)
    return re.sub(r"-+", "-", kept).strip("-")


def unlike(stem: str, ending: str, taken: Collection[str]) -> str:
    """The name with its ending, numbered where one is taken that a file system without case can't tell from it."""
    name, number = f"{stem}{ending}", 2
    while name.casefold() in taken:
        name, number = f"{stem}-{number}{ending}", number + 1
    return name
