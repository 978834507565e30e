"""Plain text and Markdown: paragraphs that were broken into lines are joined, headings are told from text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lessongen.sources.file.html import readable
from lessongen.sources.file.prose import Composer, Prose

_BLANK = re.compile(r"\n[^\S\n]*\n")
_RULE = re.compile(r"^\W*$")
_BULLET = re.compile(r"^\s*(?:[-*+•◦▪‣–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+(?=\S)")  # noqa: RUF001
_ENDS = re.compile(r"[.!?…:;,؟।。！？][\"”’'»)\]]*$")  # noqa: RUF001
_NUMBERED = re.compile(r"^(\d+(?:\.\d+)*)\.?\s+(?=\S)")
# A word parted at a line's end, and the beginnings that keep their hyphen.
_PARTED = re.compile(r"[^\W\d_]-$")
_HYPHENATED = re.compile(
    r"\b(?:well|self|non|half|all|cross|ex|so|high|low|long|short|one|two|three|four|many|multi|north|south)-$",
    re.IGNORECASE,
)
_PARTED_IN_MARKDOWN = re.compile(r"([^\W\d_]{1,60}-)\n[^\S\n]*(?=([^\W\d_]))")
_QUOTED = re.compile(r"^(?:> ?)+")
_WIDEST_WRAP = 120
_LONGEST_HEADING = 90

_FRONT_MATTER = re.compile(r"^---[^\S\n]*\n(.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|$)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)
_MARKED_HEADING = re.compile(r"^#{1,6} +\S", re.MULTILINE)
_MARKED_LINK = re.compile(r"\[[^\[\]\n]{1,300}\]\([^()\s]{1,300}\)")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{0,200}\|)?([^\[\]|\n]{1,200})\]\]")
_FOOTNOTE_TEXT = re.compile(r"^\[\^[^\[\]\n]{1,80}\]:.*(?:\n(?: {4}|\t).*)*", re.MULTILINE)
_DISPLAYED_FORMULA = re.compile(r"\$\$.{1,2000}?\$\$", re.DOTALL)


def markdown(text: str) -> Prose:
    """The running text of Markdown (CommonMark with tables)."""
    from markdown_it import MarkdownIt

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    titled = _FRONT_TITLE.search(front[1]) if front else None
    text = text[front.end() :] if front else text
    text = _WIKI_LINK.sub(r"\1", _FOOTNOTE_TEXT.sub("", text))
    text = _PARTED_IN_MARKDOWN.sub(_mended, text)
    # A backslash is an escape to Markdown, and an underscore emphasis: formulas are marked before it sees them.
    text = _DISPLAYED_FORMULA.sub("\n", text).replace("\\(", "\\\\(").replace("\\)", "\\\\)")
    text = text.replace("\\[", "\\\\[").replace("\\]", "\\\\]")
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    prose = readable(f"<!doctype html><body><main>{rendered}</main></body>", is_named=False)
    return Prose(titled[1], prose.text, prose.parts) if titled else prose


def looks_like_markdown(text: str) -> bool:
    """Whether the text has headings or links as Markdown writes them."""
    sample = text[:100_000]
    return any(each.search(sample) for each in (_MARKED_HEADING, _MARKED_LINK))


def plain(text: str) -> Prose:
    """The running text of plain text: blank lines part paragraphs; a short line without a stop is a heading."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    blocks = [[line for line in block.split("\n") if line.strip()] for block in _BLANK.split(text)]
    width = _wrap_width(blocks)
    composer = Composer()
    for number, block in enumerate(blocks):
        paragraphs = list(_paragraphs(block, width))
        is_last = number == len(blocks) - 1
        for place, paragraph in enumerate(paragraphs):
            stands_over_text = place < len(paragraphs) - 1 or not is_last
            if _BULLET.match(paragraph) and not _is_numbered_heading(paragraph, len(paragraphs)):
                composer.item(_BULLET.sub("", paragraph))
            elif place == 0 and stands_over_text and _is_heading(paragraph):
                numbered = _NUMBERED.match(paragraph)
                composer.heading(paragraph, 2 + numbered[1].count(".") if numbered else 2)
            else:
                composer.paragraph(paragraph)
    return composer.prose()


def _wrap_width(blocks: Sequence[Sequence[str]]) -> int | None:
    """How wide the lines of broken paragraphs are; None where each paragraph is one line."""
    lengths = sorted(len(line) for block in blocks if len(block) > 1 for line in block)
    if not lengths:
        return None
    width = lengths[int(len(lengths) * 0.9)] if len(lengths) > 1 else lengths[0]
    return width if width <= _WIDEST_WRAP else None


def _paragraphs(block: Sequence[str], width: int | None) -> Iterator[str]:
    """The block's lines, joined where a paragraph was broken into lines."""
    gathered: list[str] = []
    for line in block:
        line = _QUOTED.sub("", line.strip())
        if _RULE.match(line):
            if gathered:
                yield joined(gathered)
                gathered = []
            continue
        if gathered and not _goes_on(gathered[-1], line, width):
            yield joined(gathered)
            gathered = []
        gathered.append(line)
    if gathered:
        yield joined(gathered)


def _goes_on(before: str, line: str, width: int | None) -> bool:
    if width is None or _BULLET.match(line):
        return False
    if len(before) >= width * 0.6:
        return True
    return line[0].islower() or (not _ENDS.search(before) and not line[0].isupper())


def joined(lines: Sequence[str]) -> str:
    """One line from the lines that a paragraph was broken into; words that were parted are mended."""
    pieces: list[str] = []
    for line in lines:
        before = pieces[-1] if pieces else ""
        if before.endswith("-") and _PARTED.search(before) and line[:1].islower():
            pieces[-1] = before if _HYPHENATED.search(before) else before[:-1]
        elif pieces:
            pieces.append(" ")
        pieces.append(line)
    return "".join(pieces)


def _mended(match: re.Match[str]) -> str:
    """The first half of a parted word as it stands before its other half."""
    if not match[2].islower():
        return match[0]
    return match[1] if _HYPHENATED.search(match[1]) else match[1][:-1]


def _is_heading(line: str) -> bool:
    first = next((character for character in line if character.isalpha()), "")
    return len(line) <= _LONGEST_HEADING and not _ENDS.search(line) and bool(first) and not first.islower()


def _is_numbered_heading(line: str, size: int) -> bool:
    """ "2. The cell wall" alone in its block."""
    return size == 1 and _NUMBERED.match(line) is not None and _is_heading(line)
