"""Which format bytes are in, by what they hold rather than by a name, and the running text of each.

Runs in the child process: `answer` takes `{"path": …}`, `{"address": …}` or `{"text": …}`, each with `"name"`, which is
how messages call it.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lessongen.sources.file import packed
from lessongen.sources.file.encoding import decode
from lessongen.sources.file.html import web_page
from lessongen.sources.file.pdf import pdf
from lessongen.sources.file.plain import looks_like_markdown, markdown, plain
from lessongen.sources.file.prose import Prose
from lessongen.system.errors import DataError

MOST_BYTES = 50_000_000
MOST_CHARACTERS = 1_000_000

_AS_TEXT = "Save it as plain text, Markdown, HTML, PDF or DOCX."
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".qmd", ".rmd")
_HTML_NAMES = (".html", ".htm", ".xhtml")
_HTML = re.compile(rb"<!doctype\s+html|<(?:html|head|body)[\s>]|<(?:article|main|div|h1|p)(?:\s[^>]*)?>", re.IGNORECASE)
# How formats begin that hold no text that we could read.
_FOREIGN = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a sound, film or picture"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound or film"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"\x28\xb5\x2f\xfd", "a compressed file"),
    (b"\xd0\xcf\x11\xe0", "a document of an old Microsoft Office format"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"ZIM\x04", "a Kiwix archive; such files end in .zim"),
    (b"%!PS", "PostScript"),
)


@dataclass(frozen=True, kw_only=True)
class Read:
    """What was read: running text, where it came from, the SHA-256 of its bytes, a licence that it states, or ""."""

    prose: Prose
    sha256: str
    licence: str = ""
    address: str = ""


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What the child process answers: `Read` as JSON."""
    name = request["name"]
    if "address" in request:
        from lessongen.sources.file.fetch import fetch

        fetched = fetch(request["address"], request["user_agent"], MOST_BYTES, request["hosts"])
        read = _read(fetched.data, name, charset=fetched.charset, is_html=fetched.is_html)
    elif "text" in request:
        read = _read(request["text"].encode(), name)
    else:
        read = _read(_bytes_of(request["path"], name), name)
    return {
        "title": read.prose.title,
        "text": read.prose.text,
        "parts": [asdict(part) for part in read.prose.parts],
        "sha256": read.sha256,
        "licence": read.licence,
    }


def _bytes_of(path: str, name: str) -> bytes:
    try:
        # Without waiting: a pipe or a device has no end, and is refused.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DataError(f"“{name}” is no regular file.", hint="Give a file, a folder or an address.")
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise DataError(
            f"“{name}” is not there any more.", hint="Put it back and retry, or name another source."
        ) from error
    except OSError as error:
        raise DataError(f"“{name}” can't be read: {error.strerror}.", hint="May the worker read it?") from error
    if len(data) > MOST_BYTES:
        raise DataError(
            f"“{name}” is larger than {MOST_BYTES // 1_000_000} MB.", hint="Give the part that the lesson is about."
        )
    return data


def _read(data: bytes, name: str, *, charset: str | None = None, is_html: bool = False) -> Read:
    """The running text. Raises `DataError` where there is none, or too much."""
    digest = hashlib.sha256(data).hexdigest()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise DataError(f"“{name}” is empty.", hint="Give a file with running text.")
    prose, licence = _prose_of(data, name, charset, is_html=is_html)
    if not prose.text:
        raise DataError(
            f"“{name}” holds no running text.",
            hint="A lesson stands on whole sentences; headings, lists, tables and code don't make one.",
        )
    if len(prose.text) > MOST_CHARACTERS:
        raise DataError(
            f"“{name}” holds more than {MOST_CHARACTERS:,} characters of text, a book's worth.",
            hint="Give the chapter that the lesson is about.",
        )
    return Read(prose=prose, sha256=digest, licence=licence)


def _prose_of(data: bytes, name: str, charset: str | None, *, is_html: bool) -> tuple[Prose, str]:
    if b"%PDF-" in data[:1024]:
        return pdf(data, name), ""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _unpacked(data, name), ""
    if data.lstrip().startswith(b"{\\rtf"):
        return packed.rtf(data), ""
    foreign = next((what for mark, what in _FOREIGN if data.startswith(mark)), None)
    text = "" if foreign else decode(data, charset=charset, is_html=is_html or _is_html(data, name))
    foreign = foreign or ("no text" if _is_binary(text) else None)
    if foreign is not None:
        raise DataError(f"“{name}” can't be read: it is {foreign}.", hint=_AS_TEXT)
    if is_html or _is_html(text[:4_096].encode(), name):
        page = web_page(text)
        return page.prose, page.licence
    if name.lower().endswith(_MARKDOWN_NAMES) or looks_like_markdown(text):
        return markdown(text), ""
    return plain(text), ""


def _unpacked(data: bytes, name: str) -> Prose:
    with packed.opened(data, name) as archive:
        kind = packed.kind_of(archive)
        if kind == "docx":
            return packed.docx(data)
        if kind == "odt":
            return packed.odt(archive)
        if kind == "epub":
            return packed.epub(archive)
    raise DataError(f"“{name}” can't be read: it is {kind or 'a zip archive'}.", hint=_AS_TEXT)


def _is_html(data: bytes, name: str) -> bool:
    if name.lower().endswith(_MARKDOWN_NAMES):  # which may well begin with a tag
        return False
    return (
        name.lower().endswith(_HTML_NAMES)
        or _HTML.match(re.sub(rb"^(?:\s|<\?xml[^>]*>|<!--.*?-->)+", b"", data[:4_096])) is not None
    )


def _is_binary(text: str) -> bool:
    """Whether more than one character in fifty is one that no text has."""
    sample = text[:20_000]
    strange = sum(
        (character < " " and character not in "\t\n\r\f\v\x1b") or character == "\ufffd" for character in sample
    )
    return strange * 50 > len(sample)


def title_of(name: str) -> str:
    """A title from a file's name: "cell_division-notes.txt" gives "Cell division notes"."""
    words = re.sub(r"[\s_+-]+", " ", Path(name).stem).strip()
    return words[:1].upper() + words[1:] if words else name
