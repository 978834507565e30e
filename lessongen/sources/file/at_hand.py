"""What can be said of a file before its task begins: that a library for it is missing, that it holds too little."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

from lessongen.lesson.limits import FEWEST_WORDS
from lessongen.system.errors import ConfigurationError
from lessongen.text.sentences import is_whole, split_sentences
from lessongen.text.words import word_count

_FILES = "pip install 'lessongen[files]'"
_ZIM = "pip install 'lessongen[zim]'"
_BEGINS = 1024
_PACKED = (b"PK\x03\x04", b"PK\x05\x06")
_LONGEST_SHORT_TEXT = 20_000  # bytes; what is longer has enough


def require_library(path: Path) -> None:
    """Raise `ConfigurationError`, naming the extra, where nothing that is installed can read the file."""
    try:
        with path.open("rb") as file:
            begins = file.read(_BEGINS)
    except OSError:
        return  # whoever reads it says so
    for is_such, what, library, module, remedy in (
        (b"%PDF-" in begins, "PDF", "pypdf", "pypdf", _FILES),
        (begins.startswith(_PACKED) and _is_word(path), "Word documents", "python-docx", "docx", _FILES),
        (begins.lstrip().startswith(b"{\\rtf"), "rich text (RTF)", "striprtf", "striprtf", _FILES),
        (begins.startswith(b"ZIM\x04"), "Kiwix archives", "libzim", "libzim", _ZIM),
    ):
        if is_such and importlib.util.find_spec(module) is None:
            raise ConfigurationError(f"Reading {what} needs the library {library}: “{path.name}” is one.", hint=remedy)


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


def _is_word(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "word/document.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False
