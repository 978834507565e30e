"""From a PDF's lines to paragraphs: headers, footers and page numbers left out, words parted at line ends mended.

A PDF knows where letters stand and not what a paragraph is; that is told from line lengths, gaps, sizes and full stops.
"""

from __future__ import annotations

import io
import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.sources.file.plain import joined
from lessongen.sources.file.prose import Composer, Prose, tidy
from lessongen.sources.file.titles import names_something
from lessongen.system.errors import ConfigurationError, DataError

_MOST_CHARACTERS = 1_100_000
_MARGIN_LINES = 3  # how many lines at a page's top and bottom may be headers and footers
_PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:page|p\.|seite|página|pagina)\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|de|von|\|)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?…:;][\"”’'»)\]]*$")  # noqa: RUF001
_BULLET = re.compile(r"^(?:[•◦▪‣●○–*-]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+")  # noqa: RUF001
_NUMBERED_HEADING = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*)\.?\s+[^\W\d_]")
_NO_TITLE = re.compile(
    r"untitled|^microsoft|^document\d*$|^slide|\.(?:docx?|pdf|indd|tex|odt|pptx?)\b|^[\w-]+$", re.IGNORECASE
)
_LONGEST_HEADING = 120
_HEADING_SIZE = 1.12  # against the body's


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A line of a page: its height on the page in points, and how large and how heavy its letters are."""

    text: str
    page: int
    y: float
    size: float
    is_bold: bool


def pdf(data: bytes, name: str) -> Prose:
    """The running text of a PDF. Raises `DataError` for one that is locked or holds pictures of pages only."""
    try:
        import pypdf
        from pypdf.errors import DependencyError
    except ImportError as error:
        raise ConfigurationError(
            "Reading PDF needs the library pypdf.", hint="pip install 'lessongen[files]'"
        ) from error
    reader = pypdf.PdfReader(io.BytesIO(data))
    try:
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else list(_pages(reader))
    except (DependencyError, pypdf.errors.FileNotDecryptedError):
        locked, pages = True, []
    if locked:
        raise DataError(
            f"“{name}” is locked with a password or encrypted.", hint="Save or print it anew without protection."
        )
    if sum(len(line.text) for page in pages for line in page) < 20 * max(len(pages), 1) and _has_pictures(reader):
        raise DataError(
            f"“{name}” holds pictures of pages and no text.",
            hint="Recognise its text first, for example with `ocrmypdf in.pdf out.pdf`.",
        )
    body = _body_size(line for page in pages for line in page)
    lines = [line for page in _without_margins(pages, body) for line in page]
    composer = Composer()
    title = _compose(lines, composer, body)
    metadata = reader.metadata
    said = tidy(str(metadata.title or "")) if metadata is not None else ""
    prose = composer.prose(title)
    is_title = bool(said) and not _NO_TITLE.search(said) and names_something(said, f"{title}\n{prose.text}")
    return prose._replace(title=said) if is_title else prose


# ---------------------------------------------------------------- lines


def _pages(reader: Any) -> Iterator[list[_Line]]:
    characters = 0
    for number, page in enumerate(reader.pages):
        lines = _lines(page, number)
        characters += sum(len(line.text) for line in lines)
        yield lines
        if characters > _MOST_CHARACTERS:  # more than is taken in anyway
            return


def _lines(page: Any, number: int) -> list[_Line]:
    pieces: list[tuple[str, float, float, bool]] = []

    def hear(text: str, matrix: Sequence[float], text_matrix: Sequence[float], font: Any, size: float) -> None:
        scale = abs(text_matrix[3] or text_matrix[1]) * abs(matrix[3] or matrix[1]) or 1.0
        height = text_matrix[5] * (matrix[3] or 1.0) + matrix[5]
        bold = (
            "bold" in str((font or {}).get("/BaseFont", "")).lower()
            or "black" in str((font or {}).get("/BaseFont", "")).lower()
        )
        pieces.append((text, height, float(size or 0) * scale, bold))

    page.extract_text(visitor_text=hear)
    lines: list[_Line] = []
    gathered: list[tuple[str, float, float, bool]] = []
    for text, height, size, bold in pieces:
        first, *rest = text.split("\n")
        gathered.append((first, height, size, bold))
        for each in rest:
            lines += _line(gathered, number)
            gathered = [(each, height, size, bold)]
    return lines + _line(gathered, number)


def _line(pieces: Sequence[tuple[str, float, float, bool]], page: int) -> list[_Line]:
    seen = [piece for piece in pieces if piece[0].strip()]
    if not seen:
        return []
    largest = max(size for _, _, size, _ in seen)
    # A small number at a word's end is a footnote's mark.
    text = "".join(
        text
        for text, _, size, _ in pieces
        if not (size < largest * 0.8 and re.fullmatch(r"[\d,*†‡ ]{1,5}", text) and text.strip())
    )
    weight = sum(len(text) for text, _, _, bold in seen if bold)
    length = sum(len(text) for text, _, _, _ in seen)
    text = re.sub(r"\s+", " ", text).strip()
    if not text:
        return []
    size = max(seen, key=lambda piece: len(piece[0]))[2]
    return [_Line(text=text, page=page, y=seen[0][1], size=round(size, 1), is_bold=weight * 2 > length)]


def _without_margins(pages: Sequence[Sequence[_Line]], body: float) -> Iterator[list[_Line]]:
    """The pages without what repeats at their tops and bottoms, and without page numbers."""
    repeated: Counter[str] = Counter()
    for page in pages:
        repeated.update({_pattern(line, body) for line in _margin(page)})
    needed = max(2, round(len(pages) * 0.3))
    for page in pages:
        margin = {id(line) for line in _margin(page)}
        yield [
            line
            for line in page
            if id(line) not in margin
            or not (_PAGE_NUMBER.match(line.text) or (len(pages) > 1 and repeated[_pattern(line, body)] >= needed))
        ]


def _margin(page: Sequence[_Line]) -> Sequence[_Line]:
    in_height = sorted(page, key=lambda line: -line.y)
    return in_height if len(in_height) <= 2 * _MARGIN_LINES else in_height[:_MARGIN_LINES] + in_height[-_MARGIN_LINES:]


def _pattern(line: _Line, body: float) -> str:
    """What of a line repeats; numbers count in large print, where "Lesson 2" is a heading and no running header."""
    text = line.text.casefold()
    return text if line.size > body * _HEADING_SIZE else re.sub(r"\d+", "#", text)


def _body_size(lines: Iterable[_Line]) -> float:
    """The size that most of the text has."""
    letters = Counter[float]()
    for line in lines:
        letters[line.size] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 1.0


def _has_pictures(reader: Any) -> bool:
    return any("/XObject" in (page.get("/Resources") or {}) for page in reader.pages)


# ---------------------------------------------------------------- paragraphs


def _compose(lines: Sequence[_Line], composer: Composer, body: float) -> str:
    """Put headings and paragraphs together; the title, which is the largest text of the first page."""
    if not lines:
        return ""
    widths = sorted(len(line.text) for line in lines if abs(line.size - body) < 0.6)
    width = widths[int(len(widths) * 0.9)] if widths else 80
    title = _title(lines, body)
    gathered: list[_Line] = []
    gap = _gap(lines, body)
    for line in lines:
        if gathered and _begins(gathered[-1], line, gathered, width=width, gap=gap, body=body):
            _put(gathered, composer, body, title)
            gathered = []
        gathered.append(line)
    _put(gathered, composer, body, title)
    return title


def _gap(lines: Sequence[_Line], body: float) -> float:
    """The distance of two lines of running text."""
    gaps = [
        before.y - line.y
        for before, line in itertools.pairwise(lines)
        if before.page == line.page and 0 < before.y - line.y < 4 * body
    ]
    return statistics.median(gaps) if gaps else body * 1.2


def _title(lines: Sequence[_Line], body: float) -> str:
    first = [line for line in lines if line.page == lines[0].page]
    largest = max(line.size for line in first)
    if largest < body * 1.15:
        return ""
    title: list[str] = []
    for line in first:
        if line.size == largest:
            title.append(line.text)
        elif title:
            break
    text = joined(title)
    return text if len(text) <= 2 * _LONGEST_HEADING else ""


def _begins(before: _Line, line: _Line, gathered: Sequence[_Line], *, width: int, gap: float, body: float) -> bool:
    """Whether a line begins a new paragraph or heading."""
    if _BULLET.match(line.text) or abs(before.size - line.size) > max(0.6, body * 0.08):
        return True
    if _looks_like_heading(gathered, body) != _looks_like_heading([line], body):
        return True
    has_ended = _ENDS.search(before.text) is not None
    if before.page != line.page or before.y <= line.y:  # another page or column
        return has_ended and not line.text[0].islower() and len(before.text) < width * 0.85
    if before.y - line.y > gap * 1.4:
        return has_ended or not line.text[0].islower()
    return has_ended and len(before.text) < width * 0.75


def _looks_like_heading(lines: Sequence[_Line], body: float) -> bool:
    text = lines[-1].text
    if len(text) > _LONGEST_HEADING or _ENDS.search(text) is not None or text[0].islower():
        return False
    return lines[-1].size > body * _HEADING_SIZE or (lines[-1].is_bold and lines[-1].size >= body * 0.95)


def _put(lines: Sequence[_Line], composer: Composer, body: float, title: str) -> None:
    text = joined([line.text for line in lines])
    if tidy(text) == tidy(title) or lines[0].size < body * 0.86:  # small print: footnotes, captions
        return
    if _looks_like_heading(lines, body):
        numbered = _NUMBERED_HEADING.match(text)
        # The larger, the higher; bold text of the body's own size is the lowest.
        level = 2 + numbered[1].count(".") if numbered else max(2, 5 - round((lines[0].size / body - 1) * 5))
        composer.heading(text, level)
    elif _BULLET.match(text):
        composer.item(_BULLET.sub("", text))
    else:
        composer.paragraph(text)
