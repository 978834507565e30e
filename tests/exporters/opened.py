"""Files of formats that are no text, opened as their readers open them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from html import unescape

from lessongen.exporters.page import digest, script

_ENDS = re.compile(r"</(?:w:p|a:p|w:tc|a:tc|w:footnote)>|<(?:w:tab|w:br|a:br)/>")
_SHOWN = re.compile(r'(?:descr|title|name)="([^"]*)"')
_TAG = re.compile(r"<[^>]+>")
_DATA, _CODE = r'<script type="application/json" id="asked">([^<>&]*)</script>', "<script>(.*?)</script>"
_RUN = re.compile(rf"(.*){_DATA}\s*{_CODE}\s*(</body>\s*</html>)", re.DOTALL)


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


def without_own_script(page: str) -> str:
    """A page of HTML without what our own script runs on; all that is foreign in there is data, and ends nothing."""
    found = _RUN.fullmatch(page.strip())
    if found is None:
        return page
    json.loads(found[2])
    ours = "".join(map(script, ("asked.js", "quiz.js", "try.js")))
    assert found[3].split() == ours.split()  # a test may have collapsed whitespace
    assert f"script-src {digest(ours)}" in found[1]
    return f"{found[1]}{found[4]}"


READERS: Mapping[str, Callable[[bytes], str]] = {"docx": all_text, "pptx": all_text}
"""What reads all words of a format that is no text."""
