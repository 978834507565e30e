"""From what TextExtracts leaves of an article to lines that can be quoted: no markup, nothing unseen, no fragments.

Where something was lost that a sentence needs, a formula above all, stands `HOLE`, by which `language.sentences`
knows not to quote the sentence.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

HOLE = "␣"

_STYLE = re.compile(r"\{\\(?:display|text|script|scriptscript)style\b")
_MATH_TAG = re.compile(r"<(math|chem|ce)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_STRIP_MARK = re.compile("\x7f'\"`UNIQ-.*?-QINU`\"'\x7f|\\?UNIQ--.{1,40}?-QINU\\?")
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]{0,300})?/?>", re.IGNORECASE)
_LEFT_OVER = re.compile(r"\{\{[^{}]{0,500}\}\}|\[\[(?:File|Image|Category):[^\]]{0,500}\]\]", re.IGNORECASE)
_LINK = re.compile(r"\[\[(?:[^\]|]{1,200}\|)?([^\]|]{1,200})\|?\]\]")
_QUOTE_MARKS = re.compile(r"'{2,5}")

# Controls; soft hyphens; zero-width and bidirectional marks; private use; lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufe0e\ufe0f\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010fffd\ud800-\udfff]"
)
# Joiners belong to the spelling of Arabic and Indic scripts; elsewhere they are not seen.
_JOINERS = re.compile("(?<![\u0600-\u0dff])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u0dff])")
_SPACE = re.compile(r"[\t\v\f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")

_FOOTNOTE = re.compile(
    r"\s?\[(?:\d{1,3}|[a-z]|(?:note|nb|n|fn|Anm\.?) ?\d+|edit|(?:citation|clarification|page|source|quote)s? needed"
    r"|better source needed|failed verification|dead link|update|dubious|who\?|when\?|where\?|which\?|why\?"
    r"|by whom\?|according to whom\?|vague|verify|sic|verification needed|original research\?|not in citation given"
    r"|réf\. (?:nécessaire|souhaitée)|cita requerida|Beleg\?)\]",
    re.IGNORECASE,
)
_LISTEN = re.compile(r" ?\(?(?:\s|[;,])*\b(?:listen|audio speaker icon|help·info|pronunciation)\)", re.IGNORECASE)
_LISTEN_BRACKETS = re.compile(r" ?\((?:listen|help|info|help·info|listen to this article)\)", re.IGNORECASE)
_EMPTY = re.compile(r" ?[(\[](?:\s|[,;:/'’–-]|\bor\b|\be\.g\.|\bi\.e\.|\bcf\.|\bsee\b)*[)\]]")  # noqa: RUF001
_OPENS_EMPTY = re.compile(r"([(\[])(?:\s*[,;:])*\s+|([(\[])(?:\s*[,;:])+")
_CLOSES_EMPTY = re.compile(r"\s+([)\]])|(?:\s*[,;])+\s*([)\]])")
_LABEL_OF_NOTHING = re.compile(r"(?:(?<=[(;,])|(?<=[(;,] ))[^\W\d][\w/ ]{1,30}:\s*(?=[,;)])")
_TWO_POINTS = re.compile(r"([,;])(?:\s*[,;])+")
_GLOSS_AFTER_TITLE = re.compile(r"^([^.,:;]{1,60}?) {2,}(?=(?:is|was|are|were|or)\b)")
# "is ; without", "such as, , and": what stood there was in a template that leaves no text.
_LOST = re.compile(
    r"\b(is|are|was|were|the|an?|and|or|of|in|to|by|as|at|on|for|than|from|with|about|under|over) +(?=[,.;:](?:\s|$))"
)
_POINTS_IN_A_ROW = re.compile(r",(?:\s*,)+")
# Two spaces within a sentence: something stood there. After a stop they are how some people type.
_GAP = re.compile(r"(?<=[^\s.!?…:;,\"”’)\]]) {2,}(?=[^\s(])")  # noqa: RUF001
_SPACES = re.compile(r" {2,}")
_SPACE_BEFORE_POINT = re.compile(r" ([,.])(?=\s|$)")
_HOLES = re.compile(rf"{HOLE}(?:[ ,]*{HOLE})+")
_TEX = re.compile(r"\\[a-zA-Z]{2,}|\$[^$\n]{1,200}\$(?=\D|$)|[{}]|\\")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)

_ENDS = re.compile(r"[.!?…؟۔।॥։።။។。！？｡][\"”’'»›)\]」』]*(?:\s|$)|[。！？]")  # noqa: RUF001
_WITHOUT_STOPS = re.compile("[\u0e00-\u0eff\u0f00-\u0fff]")  # Thai, Lao and Tibetan part sentences by a space
_LONG_LINE = 40
_WORDS = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_LOWER_WORD = re.compile(r"([^\W\d_]{2}\w*|a(?= [a-z]))")
# A lead may begin so ("bell hooks was ..."), unless its title was lost.
_VERB = re.compile(r"(?:is|are|was|were|refers|or|and)\b")


def without_formulas(extract: str) -> str:
    """The extract with `HOLE` in place of each formula, and the lines that a formula broke joined again."""
    text = _STRIP_MARK.sub(f" {HOLE} ", _MATH_TAG.sub(f" {HOLE} ", extract))
    pieces: list[str] = []
    at = 0
    for found in _STYLE.finditer(text):
        if found.start() < at:
            continue  # inside the one before
        # MathML comes first, a symbol a line, each deeper indented; then TeX, in braces.
        before = text[at : found.start()].rstrip()
        lines = before.split("\n")
        while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("    ")):
            lines.pop()
        pieces.append("\n".join(lines).rstrip())
        pieces.append(f" {HOLE} ")
        at = _closing(text, found.start())
        after = re.match(r"(?: *\n {2,}\n? *)+", text[at:])
        at += after.end() if after else 0
    pieces.append(text[at:])
    joined = "".join(pieces)
    # A formula on a line of its own, with the sentence going on before or after it.
    joined = re.sub(rf"(?<![.!?=])[^\S\n]*\n\s*(?={HOLE})", " ", joined)
    return re.sub(rf"(?<={HOLE})\s*\n+\s*(?=[a-zà-ÿ,.;])", " ", joined)


def clean_lines(text: str) -> Iterator[str]:
    """The paragraphs of a section, one a line, that hold a sentence; in the order of the text."""
    is_first = True
    for line in text.split("\n"):
        cleaned = clean_line(line)
        if not cleaned:
            continue
        if holds_sentence(cleaned) and not _is_fragment(cleaned, is_first=is_first):
            yield cleaned
        is_first = False


def clean_line(line: str) -> str:
    """One line as it is kept and quoted."""
    line = unicodedata.normalize("NFC", line)
    line = _SPACE.sub(" ", _JOINERS.sub("", _UNSEEN.sub("", line))).replace("\N{REPLACEMENT CHARACTER}", HOLE)
    line = _QUOTE_MARKS.sub("", _LINK.sub(r"\1", _LEFT_OVER.sub("", line))) if "[[" in line or "{{" in line else line
    if "&" in line:
        line = html.unescape(line).replace("\u00a0", " ")
    if "<" in line:
        line = _TAG.sub("", line)
    line = _ADDRESS.sub(HOLE, line) if "://" in line or "www." in line else line
    line = _TEX.sub(f" {HOLE} ", line)
    line = _LISTEN_BRACKETS.sub("", _FOOTNOTE.sub("", line))
    line = _LISTEN.sub(lambda found: "" if found[0].lstrip().startswith("(") else ")", line)
    line = _brackets(line.strip())
    line = _POINTS_IN_A_ROW.sub(f", {HOLE},", _LOST.sub(rf"\1 {HOLE}", line))
    line = _GAP.sub(f" {HOLE} ", _GLOSS_AFTER_TITLE.sub(r"\1 ", line))
    line = _HOLES.sub(HOLE, _SPACES.sub(" ", line))
    return _SPACES.sub(" ", _SPACE_BEFORE_POINT.sub(r"\1", line)).strip()


def holds_sentence(line: str) -> bool:
    """Some words and a full stop of whatever script; a caption, a label or an item of a list does not."""
    words = len(_WORDS.findall(line))
    if _ENDS.search(line) is None:
        return len(line) >= _LONG_LINE and _WITHOUT_STOPS.search(line) is not None
    return words >= 3 or len(_UNSPACED.findall(line)) >= 5


def _is_fragment(line: str, *, is_first: bool) -> bool:
    """An item of a list that goes on with the sentence above it: "branched, wherein the backbone splits off."."""
    first = _LOWER_WORD.match(line)
    if first is None or not first[1].islower():
        return False
    return not is_first or _VERB.match(line) is not None


def _brackets(line: str) -> str:
    """Without brackets that were emptied, and what was lost at their edges."""
    if not re.search(r"[(\[]", line):
        return line
    before = None
    while before != line:
        before = line
        line = _EMPTY.sub("", line)
        line = _OPENS_EMPTY.sub(lambda found: found[1] or found[2], line)
        line = _LABEL_OF_NOTHING.sub("", line)
        line = _CLOSES_EMPTY.sub(lambda found: found[1] or found[2], line)
    return _TWO_POINTS.sub(r"\1", line)


def _closing(text: str, start: int) -> int:
    """Where the brace that opens at `start` is closed, or its line ends."""
    depth = 0
    for at in range(start, len(text)):
        if text[at] == "{" and text[at - 1] != "\\":
            depth += 1
        elif text[at] == "}" and text[at - 1] != "\\":
            depth -= 1
            if depth == 0:
                return at + 1
    end = text.find("\n", start)
    return len(text) if end < 0 else end
