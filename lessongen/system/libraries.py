"""Whether the library that reads a file is installed, told before a task begins."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

from lessongen.system.errors import ConfigurationError

_FILES = "pip install 'lessongen[files]'"
_ZIM = "pip install 'lessongen[zim]'"
_BEGINS = 1024
_PACKED = (b"PK\x03\x04", b"PK\x05\x06")


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


def _is_word(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "word/document.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False
