"""Documents of word processors and e-books: DOCX, ODT, EPUB and RTF."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from lessongen.sources.file.html import readable
from lessongen.sources.file.prose import HOLE, Composer, Prose, tidy
from lessongen.system.errors import ConfigurationError, DataError

_MOST_UNPACKED = 200 << 20  # bytes
_MOST_MEMBERS = 20_000
_EXTRA = "pip install 'lessongen[files]'"

_HEADING_STYLE = re.compile(r"^heading ?([0-9])", re.IGNORECASE)
_LIST_STYLE = re.compile(r"^list\b", re.IGNORECASE)
_APART_STYLE = re.compile(
    r"^(?:caption|toc\b|table of|header|footer|footnote|endnote|code|source|html pre)", re.IGNORECASE
)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
# Text boxes and pictures, which float beside the paragraph that holds them.
_FLOATING = (
    f"{_WORD}drawing",
    f"{_WORD}pict",
    f"{_WORD}object",
    f"{_WORD}pPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
)
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"


def opened(data: bytes, name: str) -> zipfile.ZipFile:
    """A zip file that is safe to unpack. Raises `DataError` for a damaged one and for one that swells."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise DataError(
            f"“{name}” is damaged: it begins as a zip file does and is none.", hint="Get it again, or save it anew."
        ) from error
    members = archive.infolist()
    # A member can't give more bytes than it declares: zipfile stops there.
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_UNPACKED:
        raise DataError(
            f"“{name}” unpacks to more than {_MOST_UNPACKED >> 20} MB.",
            hint="Give the part that the lesson is about, or save it as plain text.",
        )
    if any(member.flag_bits & 0x1 for member in members):
        raise DataError(f"“{name}” is encrypted.", hint="Save it without a password.")
    return archive


def kind_of(archive: zipfile.ZipFile) -> str:
    """What a zip file holds: "docx", "odt", "epub", another office format by its name, or ""."""
    names = set(archive.namelist())
    for member, kind in (
        ("word/document.xml", "docx"),
        ("META-INF/container.xml", "epub"),
        ("ppt/presentation.xml", "a presentation"),
        ("xl/workbook.xml", "a spreadsheet"),
    ):
        if member in names:
            return kind
    if "content.xml" in names and "mimetype" in names:
        mimetype = archive.read("mimetype")[:100].decode("ascii", "replace")
        return "odt" if "opendocument.text" in mimetype else "an OpenDocument file that holds no text"
    return ""


# ---------------------------------------------------------------- DOCX


def docx(data: bytes) -> Prose:
    """The running text of a Word document: without tables, footnotes, captions and deleted text."""
    try:
        import docx as python_docx
    except ImportError as error:
        raise ConfigurationError("Reading Word documents needs the library python-docx.", hint=_EXTRA) from error
    document = python_docx.Document(io.BytesIO(data))
    composer = Composer()
    title = ""
    for paragraph in document.iter_inner_content():
        element: Any = paragraph._element
        if element.tag != f"{_WORD}p":
            continue
        style = (paragraph.style.name if paragraph.style is not None else "") or ""
        text = _word_text(element)
        heading = _HEADING_STYLE.match(style)
        if style.lower() == "title" and not title:
            title = text
        elif style.lower() == "subtitle" or _APART_STYLE.match(style):
            continue
        elif heading is not None:
            composer.heading(text, int(heading[1]))
        elif _LIST_STYLE.match(style) or element.find(f"{_WORD}pPr/{_WORD}numPr") is not None:
            composer.item(text)
        else:
            composer.paragraph(text)
    prose = composer.prose(title)
    return prose if prose.title else Prose(tidy(document.core_properties.title or ""), prose.text, prose.parts)


def _word_text(paragraph: Any) -> str:
    """A paragraph's text as it reads now: with what tracked changes put in, without what they took out."""
    pieces: list[str] = []
    stack = [paragraph]
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag == f"{_WORD}t":
            pieces.append(element.text or "")
        elif tag in (f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"):
            pieces.append(" ")
        elif tag == f"{_WORD}noBreakHyphen":
            pieces.append("-")
        elif tag == f"{_MATH}oMath":
            pieces.append(f" {HOLE} ")
        elif tag not in _FLOATING and element.find(f"{_WORD}rPr/{_WORD}vanish") is None:
            # Hidden text is not there for its reader, who would not know it in a lesson.
            stack += reversed(element)
    return "".join(pieces)


# ---------------------------------------------------------------- ODT


def odt(archive: zipfile.ZipFile) -> Prose:
    """The running text of an OpenDocument text: without tables, notes, frames and deleted text."""
    root = _xml(archive.read("content.xml"))
    composer = Composer()
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    for element, in_list in _open_blocks(body):
        text = _open_text(element)
        if element.tag == f"{_TEXT}h":
            level = element.get(f"{_TEXT}outline-level") or "1"
            composer.heading(text, int(level) if re.fullmatch("[0-9]{1,3}", level) else 1)
        elif in_list:
            composer.item(text)
        else:
            composer.paragraph(text)
    title = ""
    if "meta.xml" in archive.namelist():
        found = _xml(archive.read("meta.xml")).find(f".//{_DUBLIN}title")
        title = found.text or "" if found is not None else ""
    prose = composer.prose()
    return prose if prose.title or not title else Prose(tidy(title), prose.text, prose.parts)


def _open_blocks(root: Any) -> Iterator[tuple[Any, bool]]:
    apart = (f"{_TABLE}table", f"{_TEXT}tracked-changes", f"{_TEXT}table-of-content", f"{_DRAW}frame")
    stack = [] if root is None else [(child, False) for child in reversed(root)]
    while stack:
        element, in_list = stack.pop()
        if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield element, in_list
        elif element.tag not in apart:
            in_list = in_list or element.tag == f"{_TEXT}list"
            stack += [(child, in_list) for child in reversed(element)]


def _open_text(paragraph: Any) -> str:
    """A paragraph's text without notes, comments and what floats in it."""
    apart = (f"{_TEXT}note", f"{_OFFICE}annotation", f"{_DRAW}frame", f"{_TEXT}bibliography-mark")
    pieces: list[str] = [paragraph.text or ""]
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            pieces.append(element)
            continue
        stack.append(element.tail or "")
        if element.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
            pieces.append(" ")
        elif element.tag not in apart and isinstance(element.tag, str):
            pieces.append(element.text or "")
            stack += reversed(element)
    return "".join(pieces)


# ---------------------------------------------------------------- EPUB and RTF


def epub(archive: zipfile.ZipFile) -> Prose:
    """The running text of an e-book, its chapters in their order."""
    container = _xml(archive.read("META-INF/container.xml"))
    root = container.find(f".//{_CONTAINER}rootfile")
    package_path = root.get("full-path") if root is not None else ""
    package = _xml(archive.read(package_path))
    addresses = {item.get("id"): item.get("href") for item in package.iter(f"{_OPF}item")}
    names = set(archive.namelist())
    composer = Composer()
    for reference in package.iter(f"{_OPF}itemref"):
        address = addresses.get(reference.get("idref")) or ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(package_path), unquote(address)))
        if path not in names or reference.get("linear") == "no":
            continue
        chapter = readable(archive.read(path))
        if chapter.title:
            composer.heading(chapter.title, 1)
        for part in chapter.parts:
            if part.heading:
                composer.heading(part.heading, 2)
            for line in chapter.text[part.start : part.end].splitlines():
                composer.paragraph(line)
    title = package.find(f".//{_DUBLIN}title")
    return composer.prose(title.text or "" if title is not None else "")


def rtf(data: bytes) -> Prose:
    """The running text of rich text, which does not say what is a heading: it is read as plain text then."""
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError as error:
        raise ConfigurationError("Reading rich text (RTF) needs the library striprtf.", hint=_EXTRA) from error
    from lessongen.sources.file.plain import plain

    to_text: Callable[..., str] = rtf_to_text
    text = to_text(data.decode("cp1252", "replace"), errors="replace")
    # Each line is a paragraph here, and a table's cells are parted by bars.
    return plain("\n\n".join(line for line in text.splitlines() if line.count("|") < 2))


def _xml(data: bytes) -> Any:
    """Parsed XML; entities are not expanded and nothing is loaded. Broken XML is mended where that can be done."""
    import lxml.etree  # type: ignore[import-untyped,unused-ignore]

    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = lxml.etree.fromstring(data, parser)
    if root is None:
        raise DataError("The document holds broken XML.", hint="Save it anew, or save it as plain text.")
    return root
