"""Running text with headings, as every format ends up: clean lines, one paragraph each, and the parts they stand in.

What would be nonsense to quote is left out here, whatever the format it came from: captions and other fragments, list
items that are no sentences, lists of references; and a `HOLE` stands where a formula or an address stood.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from lessongen.lesson.material import Part
from lessongen.text.headings import is_appendix
from lessongen.text.words import fold

# The sign by which `language.sentences` knows that something is missing, so that the sentence is not quoted.
HOLE = "␣"

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# Controls; soft hyphens; zero-width and bidirectional marks; byte order marks; interlinear annotations; tags, by which
# text is smuggled past a reader's eye; private use, which are pictures of a font; lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff\ue000-\uf8ff\U000f0000-\U0010fffd\ud800-\udfff]"
)
# Joiners belong to the spelling of Arabic and Indic scripts; elsewhere they are not seen.
_JOINERS = re.compile("(?<![\u0600-\u0dff])[\u200c\u200d]")
_SPACES = re.compile(r"[\s\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_TEX = re.compile(
    r"\$\$.{1,500}?\$\$|\\\[.{1,500}?\\\]|\\\(.{1,300}?\\\)"
    # As Pandoc has it: no space inside the signs and no digit after them, so that "$5 and $10" is money.
    r"|(?<![\w$\\])\$(?=[^\s$])[^$]{0,300}?(?<=[^\s\\])\$(?!\d)"
)
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]]|\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(
    r"\s?\[(?:\^?\d{1,3}(?:[,–-] ?\d{1,3})*|[a-z]|\^[\w-]+|(?:note|nb|n|fn) ?\d+|edit|citation needed|"  # noqa: RUF001
    r"clarification needed|update|dubious|who\?|when\?|according to whom\?|source\?|réf\. nécessaire)\]",
    re.IGNORECASE,
)
_HOLES = re.compile(rf"{HOLE}(?:[ ,]*{HOLE})+")
_EMPTY_BRACKETS = re.compile(r"(?:^|(?<=\s))\(\s*[,;]*\s*\)|(?:^|(?<=\s))\[\s*\]")
_BRACKET_OPENS_EMPTY = re.compile(r"\((?:\s*[,;])+\s*")
_SPACE_BEFORE_POINT = re.compile(r" ([,.;:])(?=\s|$)")

_SENTENCE_ENDS = re.compile(r"[.!?…؟।。！？][\"”’'»)\]]*(?:\s|$)|[。！？]")  # noqa: RUF001
_ENDS_WHOLE = re.compile(r"[.!?…؟।。！？][\"”’'»)\]]*$")  # noqa: RUF001
_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")

_LONGEST_HEADING = 200


class Prose(NamedTuple):
    """A title, clean text with one paragraph a line, and parts that cover the text in order; the lead's heading is "".

    The heading of a part is no part of the text. `title` is empty where the document does not say one.
    """

    title: str
    text: str
    parts: tuple[Part, ...]


def tidy(text: str) -> str:
    """One clean line: NFC, nothing unseen in it, no footnote marks; formulas and addresses are marked by `HOLE`."""
    text = unicodedata.normalize("NFC", text)
    text = _LIGATURE.sub(lambda match: _LIGATURES[match[0]], _UNSEEN.sub("", _JOINERS.sub("", text)))
    text = _SPACES.sub(" ", text).replace("\N{REPLACEMENT CHARACTER}", HOLE)
    if "$" in text or "\\" in text:
        text = _TEX.sub(f" {HOLE} ", text)
    if "@" in text or "www." in text or "://" in text:
        text = _ADDRESS.sub(HOLE, text)
    if "[" in text:
        text = _FOOTNOTE.sub("", text)
    text = _BRACKET_OPENS_EMPTY.sub("(", _EMPTY_BRACKETS.sub("", _HOLES.sub(HOLE, text)))
    return _SPACE_BEFORE_POINT.sub(r"\1", re.sub(" {2,}", " ", text)).strip()


def is_running_text(line: str) -> bool:
    """Holds a sentence: some words and a full stop of whatever script; a caption or a label does not."""
    if _SENTENCE_ENDS.search(line) is None:
        return False
    return len(_WORD.findall(line)) >= 3 or len(_UNSPACED.findall(line)) >= 5


def is_sentence(line: str) -> bool:
    """Begins and ends as a sentence does, and has four words at least: what a list item must be to be kept."""
    first = _LETTERS.search(line)
    if first is None or _ENDS_WHOLE.search(line) is None or first[0].islower():
        return False
    return len(_WORD.findall(line)) >= 4 or len(_UNSPACED.findall(line)) >= 5


def _cut(heading: str) -> str:
    """A heading of a bearable length."""
    return heading if len(heading) <= _LONGEST_HEADING else heading[:_LONGEST_HEADING].rpartition(" ")[0] + " …"


class Composer:
    """Puts a document together from headings, paragraphs and list items given in their order."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, list[str]]] = [("", [])]
        self._skips_below: int | None = None
        self._has_text = False
        self._opening = ""
        self.length = 0

    def heading(self, text: str, level: int) -> None:
        """A heading; 1 is the highest level. What stands under "References" and the like is left out."""
        text = _cut(tidy(text).removesuffix("¶").strip())
        if not text or HOLE in text or _LETTERS.search(text) is None:
            return
        if self._skips_below is not None and level > self._skips_below:
            return
        self._skips_below = None
        # Only after some text: a teacher's page may well be titled "Notes".
        if self._has_text and is_appendix(text, on_web_page=True):
            self._skips_below = level
            return
        if not self._has_text and not self._opening:
            self._opening = text
        self._parts.append((text, []))

    def paragraph(self, text: str) -> None:
        """A paragraph, kept if it holds a sentence."""
        line = tidy(text)
        if self._skips_below is None and is_running_text(line):
            self._parts[-1][1].append(line)
            self._has_text = True
            self.length += len(line) + 1

    def item(self, text: str) -> None:
        """A list item, kept if it is a sentence by itself."""
        line = tidy(text)
        if is_sentence(line):
            self.paragraph(line)

    def prose(self, title: str = "") -> Prose:
        """The document; without a title, the heading that it opens with serves."""
        title = _cut(tidy(title)) or self._opening
        lines: list[str] = []
        parts: list[Part] = []
        position = 0
        for heading, paragraphs in self._parts:
            if not paragraphs:
                continue
            heading = "" if fold(heading) == fold(title) else heading
            length = sum(len(line) + 1 for line in paragraphs)
            if parts and parts[-1].heading == heading:
                parts[-1] = Part(heading=heading, start=parts[-1].start, end=position + length)
            else:
                parts.append(Part(heading=heading, start=position, end=position + length))
            lines += paragraphs
            position += length
        text = "\n".join(lines)
        if parts:  # no line break after the last line
            parts[-1] = Part(heading=parts[-1].heading, start=parts[-1].start, end=len(text))
        return Prose(title, text, tuple(parts))
