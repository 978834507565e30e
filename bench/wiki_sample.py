"""The pages of the English Wikipedia that the wheel of gensim carries for its tests, as wikitext.

Wikipedia's text of 2016, CC BY-SA; none of gensim's code is used. The wheel is fetched once.
"""

from __future__ import annotations

import bz2
import html
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

SAMPLE_VARIABLE = "LESSONGEN_ENWIKI_SAMPLE"
GENSIM = "gensim==4.4.0"
_MEMBER = "gensim/test/test_data/enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"


@dataclass(frozen=True, kw_only=True)
class Page:
    """An article's title, the id of the revision, and its wikitext."""

    title: str
    revision: str
    wikitext: str


def cache_folder() -> Path:
    """Where the benches keep what they fetched or worked out once."""
    folder = platformdirs.user_cache_path("lessongen") / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pages() -> Iterator[Page]:
    """Each article that is no redirect."""
    for page in re.findall(r"<page>.*?</page>", bz2.decompress(_sample()).decode(), re.DOTALL):
        title = re.search(r"<title>(.*?)</title>", page)
        revision = re.search(r"<revision>\s*<id>(\d+)</id>", page)
        text = re.search(r"<text[^>]*>(.*?)</text>", page, re.DOTALL)
        if title and text and ":" not in title[1] and not text[1].upper().startswith("#REDIRECT"):
            yield Page(
                title=html.unescape(title[1]),
                revision=revision[1] if revision else "",
                wikitext=html.unescape(text[1]),
            )


def _sample() -> bytes:
    """The compressed sample: from the file that the environment names, an installed gensim, its wheel or the cache."""
    named = os.environ.get(SAMPLE_VARIABLE)
    if named:
        return Path(named).read_bytes()
    for path in sys.path:
        if (Path(path) / _MEMBER).is_file():
            return (Path(path) / _MEMBER).read_bytes()
    kept = cache_folder() / "enwiki-sample.bz2"
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=kept.parent) as download:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", download, GENSIM]
            subprocess.run(command, check=True)
            (wheel,) = Path(download).glob("gensim-*.whl")
            with zipfile.ZipFile(wheel) as archive:
                partial = Path(download) / kept.name
                partial.write_bytes(archive.read(_MEMBER))
            partial.replace(kept)
    return kept.read_bytes()
