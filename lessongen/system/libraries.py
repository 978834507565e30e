"""Whether the library that reads or writes a file is installed, told before any work is done."""

from __future__ import annotations

import importlib.util
import zipfile
from collections.abc import Iterable
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


def are_installed(libraries: Iterable[str]) -> bool:
    """Whether all of these can be imported; none of them is."""
    return all(importlib.util.find_spec(each) is not None for each in libraries)


def require_extra(extra: str, libraries: Iterable[str], what: str) -> None:
    """Raise `ConfigurationError`, naming the extra, where what needs these libraries lacks any of them."""
    if not are_installed(libraries):
        raise ConfigurationError(
            f"{what} needs the extra {extra}, which is not installed.", hint=f"pip install 'lessongen[{extra}]'"
        )


def _is_word(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "word/document.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False
