"""The running text of a page that a wiki without TextExtracts gives as HTML, by section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from lessongen.sources.wikipedia.clean import HOLE

_BLOCKS = frozenset("p div section article ul ol dl dt dd li blockquote table tr td th br hr center".split())
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_LEFT_OUT = frozenset(
    "script style table figure figcaption noscript template audio video pre nav aside gallery".split()
)
_FURNITURE = re.compile(
    r"(?:^|\s)(?:reference|references|reflist|mw-editsection|toc"
    r"|infobox\S*|navbox\S*|thumb|gallery\S*|hatnote|noprint"
    r"|metadata|mbox\S*|ambox\S*|catlinks|printfooter|mw-empty-elt|error|dablink|rellink|sistersitebox)"
    r"(?:\s|$)"
)
_FORMULA = re.compile(r"(?:^|\s)(?:mwe-math\S*|math|tex|texhtml)(?:\s|$)")
_HEADING = re.compile(r"h([2-6])")


def sections_of(html: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each section with the path of its headings, its paragraphs one a line; the first has the path ()."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    yield from reader.sections()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._sections: list[tuple[tuple[str, ...], list[str]]] = [((), [])]
        self._open: list[str] = []
        self._hidden_at: int | None = None
        self._heading: list[str] | None = None

    def sections(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """What was read."""
        for path, pieces in self._sections:
            lines = ("".join(pieces)).split("\n")
            yield path, "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._say("\n")
        if tag in _VOID:
            if tag == "img" and self._is_formula(attributes):
                self._say(f" {HOLE} ")
            return
        self._open.append(tag)
        if self._hidden_at is not None:
            return
        if tag == "math" or self._is_formula(attributes):
            self._say(f" {HOLE} ")
            self._hidden_at = len(self._open)
        elif tag in _LEFT_OUT or _is_hidden(attributes):
            self._hidden_at = len(self._open)
        elif _HEADING.fullmatch(tag):
            self._heading = []

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open:
            closed = self._open.pop()
            if self._hidden_at is not None and len(self._open) < self._hidden_at:
                self._hidden_at = None
            if closed == tag:
                break
        if (level := _HEADING.fullmatch(tag)) and self._heading is not None:
            self._enter(int(level[1]) - 2, " ".join("".join(self._heading).split()))
            self._heading = None
        if tag in _BLOCKS:
            self._say("\n")

    def handle_data(self, data: str) -> None:
        if self._hidden_at is None:
            self._say(re.sub(r"\s", " ", data))

    def _enter(self, level: int, heading: str) -> None:
        path = list(self._sections[-1][0])[:level]
        self._sections.append(((*path, *[""] * (level - len(path)), heading), []))

    def _say(self, text: str) -> None:
        if self._hidden_at is not None:
            return
        if self._heading is not None:
            self._heading.append(text)
        else:
            self._sections[-1][1].append(text)

    @staticmethod
    def _is_formula(attributes: list[tuple[str, str | None]]) -> bool:
        return _FORMULA.search(dict(attributes).get("class") or "") is not None


def _is_hidden(attributes: list[tuple[str, str | None]]) -> bool:
    named = dict(attributes)
    style = re.sub(r"\s", "", (named.get("style") or "").lower())
    return _FURNITURE.search(named.get("class") or "") is not None or "display:none" in style or "hidden" in named
