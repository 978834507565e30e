"""From a wiki's answer to a document: sections as parts, clean text, and what must be said of its origin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from lessongen.lesson.material import Document, Part
from lessongen.sources.wikipedia.clean import HOLE, clean_line, clean_lines, without_formulas
from lessongen.sources.wikipedia.markup import sections_of
from lessongen.sources.wikipedia.query import PageContent
from lessongen.sources.wikipedia.site import Site
from lessongen.system.printable import printable
from lessongen.text.headings import is_appendix

WIKIPEDIA_LICENCE = "CC BY-SA 4.0"

# wikipedia-api's own sections are not used: it misses a heading that directly follows another one, and takes a whole
# article without a lead for one.
_HEADING = re.compile(r"^ *(={2,6})\s*(.+?)\s*\1 *$", re.MULTILINE)
_CREATIVE_COMMONS = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(\d\.\d)", re.IGNORECASE)
_DEED_IN_WORDS = (
    (re.compile(r"creative commons\W+", re.IGNORECASE), "CC "),
    (re.compile(r"attribution\W*", re.IGNORECASE), "BY-"),
    (re.compile(r"non-?commercial\W*", re.IGNORECASE), "NC-"),
    (re.compile(r"no-?deriv\w*\W*", re.IGNORECASE), "ND-"),
    (re.compile(r"share-?alike\W*", re.IGNORECASE), "SA-"),
)
_IS = re.compile(r"\b(?:is|are|was|were) (?:an? |the )?(?!(?:born|called|known)\b)([^;:()]{8,})")
_SENTENCE_ENDS = re.compile(r"(?<=[a-z)\d][a-z)\d])\.(?=\s|$)|, (?:and|which|who|that|where)\b")
_SMALL_WORDS = frozenset("a an the of in on at to for and or by with as from that which who is are was".split())
_FIRST_WORDS = 12


def document_of(content: PageContent, site: Site, retrieved: datetime) -> Document:
    """The article as it is kept: one paragraph a line, headings as parts; an empty text where it has no sentence."""
    title = printable(content.state.title)
    text, parts = _text_and_parts(_sections(content))
    return Document(
        title=title,
        text=text,
        language=_language(content, site),
        url=site.permanent_url(content.state.title, content.state.revision),
        revision=content.state.revision,
        retrieved=retrieved,
        licence=_licence(content, site),
        attribution=_attribution(title, content, site),
        description=content.state.description or _described(text),
        parts=parts,
    )


def raw_sections(content: PageContent) -> Iterator[tuple[tuple[str, ...], str]]:
    """The sections as they are in the wiki, each with the path of its headings; appendices too."""
    if content.extract is None:
        yield from ((path, without_formulas(text)) for path, text in sections_of(content.html))
        return
    text = without_formulas(content.extract)
    path: list[str] = []
    at = 0
    for heading in _HEADING.finditer(text):
        yield tuple(path), text[at : heading.start()].strip("\n")
        level = len(heading[1]) - 2
        path = [*path[:level], *[""] * (level - len(path)), heading[2]]
        at = heading.end()
    yield tuple(path), text[at:].strip("\n")


def _sections(content: PageContent) -> Iterator[tuple[str, list[str]]]:
    for path, text in raw_sections(content):
        if any(is_appendix(clean_line(heading)) for heading in path):
            continue
        heading = clean_line(path[-1]) if path else ""
        yield ("" if HOLE in heading else heading), list(clean_lines(text))


def _text_and_parts(sections: Iterable[tuple[str, Sequence[str]]]) -> tuple[str, tuple[Part, ...]]:
    """The text of all sections that have any, and its parts, which touch each other."""
    pieces: list[str] = []
    parts: list[Part] = []
    start = 0
    for heading, lines in sections:
        if not lines:
            continue
        pieces += lines
        end = start + sum(len(line) + 1 for line in lines)
        parts.append(Part(heading=heading, start=start, end=end))
        start = end
    text = "\n".join(pieces)
    if parts:  # no line break after the last line
        parts[-1] = Part(heading=parts[-1].heading, start=parts[-1].start, end=len(text))
    return text, tuple(parts)


def _language(content: PageContent, site: Site) -> str:
    # The Norwegian Wikipedia's code is no, its pages' language nb: there the code is what was asked for.
    return site.language if site.is_wikipedia else content.state.language or site.language


def _licence(content: PageContent, site: Site) -> str:
    if site.is_wikipedia:
        return WIKIPEDIA_LICENCE
    if match := _CREATIVE_COMMONS.search(content.licence_url):
        kind, name, version = match.groups()
        if kind.lower() == "publicdomain":
            return "CC0 1.0" if name.lower() == "zero" else "public domain"
        return f"CC {name.upper()} {version}"
    words = printable(content.licence)[:120]
    if re.match(r"creative commons", words, re.IGNORECASE):
        for pattern, short in _DEED_IN_WORDS:
            words = pattern.sub(short, words)
        words = re.sub(r"-(?=\s|$)|-(?=\d)", " ", words).strip()
        words = re.sub(r"\s+", " ", words)
    return words or f"see {site.name}"


def _attribution(title: str, content: PageContent, site: Site) -> str:
    name = f"{site.name} ({site.language})" if site.is_wikipedia else site.name
    return f"“{title}”, {name}, contributors: {site.history_url(content.state.title)}"


def _described(text: str) -> str:
    """What the first sentence says that it is, in a few words; else its first words."""
    first = _SENTENCE_ENDS.split(text.split("\n", 1)[0])[0]
    found = _IS.search(first)
    words = (found[1] if found else first).split()[:_FIRST_WORDS]
    while words and words[-1].lower() in _SMALL_WORDS:
        words.pop()
    return " ".join(words).replace(f" {HOLE}", "").strip(" ,;:.")
