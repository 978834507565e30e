"""From HTML to running text: the article of a page, without menus, tables, figures, footnotes and hidden text.

A page that marks its article (`<article>`, `<main>`, MediaWiki's content) is taken at its word; elsewhere a paragraph
that is mostly links is taken for a menu. Where HTML is read, nothing of it is run or loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lessongen.sources.file.encoding import decode
from lessongen.sources.file.prose import HOLE, Composer, Prose, tidy
from lessongen.text.words import fold

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "p div section article main li ul ol dl dt dd blockquote table tbody thead tfoot tr td th caption center body "
    "header hgroup address details summary hr".split()
).union(_HEADINGS)
_LEFT_OUT = frozenset(
    "script style noscript template nav aside footer figure figcaption img picture svg canvas audio video source track "
    "map object embed iframe form button input select textarea label fieldset pre dialog menu head title rt rp".split()
)
_ROLES = frozenset(
    "navigation banner contentinfo complementary search form menu menubar toolbar alert alertdialog dialog "
    "doc-endnotes doc-footnote doc-bibliography doc-toc doc-noteref".split()
)
# Words of class names and ids, as the web and MediaWiki use them.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navbox\w*|navigation|menu|sidebar\w*|footer|breadcrumbs?|pagination|pager|toc\w*"
    r"|cookies?|consent|gdpr|newsletter|subscri\w+|signup|paywall|share|sharing|social|comments?|disqus|related"
    r"|recommend\w*|promo\w*|advert\w*|ads?|sponsor\w*|byline|tags|widget|popup|modal|skip-?link|editsection"
    r"|mw-editsection\w*|infobox\w*|hatnote|reflist|references|refbegin|citation|noprint|gallery\w*|thumb\w*|ambox\w*"
    r"|metadata|printfooter|catlinks|mw-jump-link|mw-indicators?|sistersitebox|shortdescription|portalbox|portal"
    r"|authority-control|dablink|rellink|vertical-navbox|mbox\w*|coordinates|haudio|visually-?hidden|sr-only"
    r"|screen-reader-text|footnotes?|endnotes?|backlink|headerlink|permalink|codehilite|highlight|sourcecode)(?=[\s_-]|$)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0*)?(?:;|$)|font-size:0(?:[a-z%;]|$)")
_FORMULA = re.compile(r"(?:^|\s)(?:mwe-math\S*|katex\S*|MathJax\S*|math|tex|texhtml\S*)(?:\s|$)")
_ARTICLES = (
    '//*[contains(concat(" ", normalize-space(@class), " "), " mw-parser-output ")]',
    '//*[contains(@itemprop, "articleBody")]',
    "//article",
    '//main | //*[@role="main"]',
)
_RAISED = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")  # noqa: RUF001
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")  # noqa: RUF001
# A page's title with the name of its site: "Photosynthesis | The School Atlas".
_BEFORE_SITE = re.compile(r"(.+) [|–—·-] (.+)")  # noqa: RUF001
_POWER = re.compile(r"[0-9+−–=()n-]{1,6}")  # noqa: RUF001
_ORDINAL = re.compile(r"(?:st|nd|rd|th|e|er|re|ème|o|a|º|ª)", re.IGNORECASE)
_LICENCE = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(\d\.\d)", re.IGNORECASE)
_LAYOUT_CELL = 600  # characters of running text in one table cell: the table lays a page out


@dataclass(frozen=True, kw_only=True)
class WebPage:
    """A page's running text, and the Creative Commons licence that it states, or ""."""

    prose: Prose
    licence: str


def readable(html: bytes | str, *, charset: str | None = None, is_named: bool = True) -> Prose:
    """The title, clean text and parts of a page's article; empty text where there is none.

    Bytes are decoded by `charset`, a byte order mark, the page's own `<meta>`, or what they look like. Where a page is
    not `is_named`, its title is the heading that it opens with.
    """
    return web_page(html, charset=charset, is_named=is_named).prose


def web_page(html: bytes | str, *, charset: str | None = None, is_named: bool = True) -> WebPage:
    """What `readable` gives, with the licence that the page states."""
    import lxml.etree  # type: ignore[import-untyped,unused-ignore]
    import lxml.html  # type: ignore[import-untyped,unused-ignore]

    text = html if isinstance(html, str) else decode(html, charset=charset, is_html=True)
    # lxml refuses text that declares an encoding, and stops at a NUL.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""))
    if not text.strip():
        return WebPage(prose=Composer().prose(), licence="")
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        page = lxml.html.document_fromstring(text, parser=parser)
    except lxml.etree.ParserError:  # nothing but comments
        return WebPage(prose=Composer().prose(), licence="")
    article, is_marked = _article(page)
    composer = Composer()
    _Walk(composer, is_marked=is_marked).over(article)
    return WebPage(prose=composer.prose(_title(page, article) if is_named else ""), licence=_licence(page))


# ---------------------------------------------------------------- which part of the page


def _article(page: Any) -> tuple[Any, bool]:
    """The element that holds the article, and whether the page marks it as such."""
    body = page.find("body")
    body = page if body is None else body
    whole = _weight(body)
    for path in _ARTICLES:
        found = page.xpath(path)
        if found:
            heaviest = max(found, key=_weight)
            # A page of teasers has many articles; none of them is what the page is about.
            if _weight(heaviest) * 2 >= whole:
                return heaviest, True
    return body, False


def _weight(element: Any) -> int:
    return sum(len(paragraph.text_content()) for paragraph in element.iter("p"))


def _title(page: Any, article: Any) -> str:
    """The heading that the page is named after; without one the page's name, cut off before that of its site."""
    named = page.xpath('//meta[@property="og:title"]/@content') + page.xpath("//title/text()")
    names = [text for each in named if (text := tidy(each))]
    main = _texts(article.iter("h1"))
    for heading in [*main, *_texts(article.iter("h2"))[:1], *_texts(page.iter("h1"))]:
        if any(fold(name).startswith(fold(heading)) for name in names):
            return heading
    if main:
        return main[0]
    if not names:
        return next(iter(_texts(page.iter("h1"))), "")
    site = next((tidy(text) for text in page.xpath('//meta[@property="og:site_name"]/@content')), "")
    cut = _BEFORE_SITE.fullmatch(names[0])
    return cut[1] if cut and (not site or fold(cut[2]) == fold(site)) else names[0]


def _texts(headings: Iterable[Any]) -> list[str]:
    texts = (tidy(heading.text_content()) for heading in headings if not _is_left_out(heading))
    return [text.removesuffix("¶").strip() for text in texts if text]


def _licence(page: Any) -> str:
    for address in page.xpath('//*[@rel="license" or @rel="licence" or contains(@rel, "license")]/@href'):
        if match := _LICENCE.search(address):
            kind, name, version = match.groups()
            if kind.lower() == "publicdomain":
                return "CC0 1.0" if name.lower() == "zero" else "public domain"
            return f"CC {name.upper()} {version}"
    return ""


# ---------------------------------------------------------------- through the article


@dataclass
class _Walk:
    """One pass through an article without recursion: pages may be nested as deep as they like."""

    composer: Composer
    is_marked: bool
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    kinds: list[str] = field(default_factory=lambda: ["div"])

    def over(self, article: Any) -> None:
        stack: list[tuple[Any, Iterator[Any]]] = [(article, iter(article))]
        links = 0
        self._say(article.text, in_link=False)
        while stack:
            element, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                if element.tag == "a":
                    links -= 1
                if stack:
                    self._leave(element)
                    self._say(element.tail, in_link=links > 0)
                continue
            said = self._instead(child)
            if said is not None:
                self._say(said, in_link=links > 0)
                self._say(child.tail, in_link=links > 0)
                continue
            self._enter(child)
            links += child.tag == "a"
            self._say(child.text, in_link=links > 0)
            stack.append((child, iter(child)))
        self._flush()

    def _instead(self, element: Any) -> str | None:
        """What is said in place of an element that is not walked into, or None for one that is."""
        tag = element.tag
        if not isinstance(tag, str):
            return ""
        if tag == "br":
            return "\n"
        if tag == "math" or _FORMULA.search(element.get("class") or ""):
            return f" {HOLE} "
        if tag == "img" and "tex" in (element.get("class") or "").split():
            return f" {HOLE} "
        if tag == "table" and not _lays_out(element):
            self._flush()
            return ""
        if _is_left_out(element):
            if tag in _BLOCKS or tag in ("figure", "pre", "form", "aside", "nav"):
                self._flush()
            return ""
        if tag in ("sup", "sub"):
            return _raised(element)
        return None

    def _enter(self, element: Any) -> None:
        if element.tag in _BLOCKS:
            self._flush()
            self.kinds.append(element.tag)

    def _leave(self, element: Any) -> None:
        if element.tag in _BLOCKS:
            self._flush()
            self.kinds.pop()

    def _say(self, text: str | None, *, in_link: bool) -> None:
        if text:
            self.pieces.append(text if text == "\n" else re.sub(r"\s+", " ", text))
            if in_link:
                self.linked += len(text.strip())

    def _flush(self) -> None:
        if not self.pieces:
            return
        text, linked = "".join(self.pieces), self.linked
        self.pieces, self.linked = [], 0
        length = len(text.strip())
        if not length:
            return
        kind = next((each for each in reversed(self.kinds) if each in _HEADINGS), None)
        if kind is not None:
            self.composer.heading(text, _HEADINGS[kind])
            return
        if "header" in self.kinds or self.kinds[-1] in ("summary", "caption", "address"):
            return
        if linked > length * (0.8 if self.is_marked and self.kinds[-1] == "p" else 0.5):
            return
        for paragraph in re.split(r"\n\s*\n", text):
            if any(each in ("li", "dd", "dt") for each in self.kinds):
                self.composer.item(paragraph)
            else:
                self.composer.paragraph(paragraph)


def _is_left_out(element: Any) -> bool:
    """Page furniture, or what a reader of the page does not see."""
    if element.tag in _LEFT_OUT or element.get("role") in _ROLES:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = re.sub(r"\s", "", (element.get("style") or "").lower())
    if style and _HIDDEN.search(style):
        return True
    if element.tag in ("body", "html", "main", "article"):
        return False
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag not in _HEADINGS and _FURNITURE.search(name) is not None


def _lays_out(table: Any) -> bool:
    """Whether a table holds the page's running text rather than data."""
    if table.get("role") in ("presentation", "none"):
        return True
    longest = max((sum(len(p.text_content()) for p in cell.iter("p")) for cell in table.iter("td")), default=0)
    return longest > _LAYOUT_CELL


def _raised(element: Any) -> str:
    """Raised or lowered text on one line: a power in its own characters, a footnote's mark not at all."""
    text: str = element.text_content().strip()
    if element.tag == "sub":
        return text.translate(_LOWERED)
    has_link = element.find(".//a") is not None
    if has_link or "reference" in (element.get("class") or "") or text.startswith("[") or text in "*†‡§":
        return ""
    if _ORDINAL.fullmatch(text):
        return text
    return text.translate(_RAISED) if _POWER.fullmatch(text) else f" {HOLE} "
