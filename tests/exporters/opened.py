"""Files of formats that are no text, opened as their readers open them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from html import unescape

_ENDS = re.compile(r"</(?:w:p|a:p|w:tc|a:tc|w:footnote)>|<(?:w:tab|w:br|a:br)/>")
_SHOWN = re.compile(r'(?:descr|title|name)="([^"]*)"')
_TAG = re.compile(r"<[^>]+>")


def parts_of(data: bytes) -> Mapping[str, bytes]:
    """The parts of a package, by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def all_text(data: bytes) -> str:
    """All words in a package, wherever they stand: text, names, alternative texts, properties, addresses."""
    told = []
    for name, part in parts_of(data).items():
        if name.endswith((".xml", ".rels")) and "theme" not in name and "styles" not in name:
            xml = part.decode()
            told.append(_TAG.sub("", _ENDS.sub(" \n", xml)))
            told += _SHOWN.findall(xml)
            told += re.findall(r'Target="([^"]*)"', xml)
    return unescape(" ".join(told))


READERS: Mapping[str, Callable[[bytes], str]] = {"docx": all_text, "pptx": all_text}
"""What reads all words of a format that is no text."""
