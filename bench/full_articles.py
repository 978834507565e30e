"""Full articles of the Wikipedia sample as the documents that the source `wikipedia` would make of them.

The wikitext is turned into what a wiki gives as an article's plain text, headings and all; the rest of the way is the
package's own. Templates that only measure, name or mark are written out; any other one within a sentence leaves the
mark by which no sentence with it is quoted.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from bench.articles import is_full
from bench.wiki_sample import Page, cache_folder, pages
from lessongen.lesson.material import Document
from lessongen.lesson.model import sha256
from lessongen.sources.wikipedia.article import document_of
from lessongen.sources.wikipedia.clean import HOLE
from lessongen.sources.wikipedia.query import PageContent, PageState
from lessongen.sources.wikipedia.site import Wiki, site_of

_RETRIEVED = datetime(2016, 5, 1, tzinfo=UTC)  # about when the sample was taken
_NOT_TEXT = re.compile(
    r"<!--.*?-->|<ref[^>/]*/>|<ref.*?</ref>|<gallery.*?</gallery>|<math.*?</math>|<timeline.*?</timeline>"
    r"|__[A-Z]+__|</?(?:small|big|sup|sub|nowiki|center|div|span|br|blockquote|poem|u|s|i|b|em|code)[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_FORMULA = re.compile(r"<math.*?</math>", re.DOTALL | re.IGNORECASE)
_FILE = re.compile(r"\[\[(?:File|Image|Category):(?:[^\[\]]|\[\[[^\]]*\]\])*\]\]", re.IGNORECASE)
_INTERWIKI = re.compile(r"\[\[[a-z-]{2,12}:[^\]]*\]\]")
_HEADING = re.compile(r"^(={2,6})\s*(.+?)\s*\1\s*$", re.MULTILINE)
_MEASURES = frozenset(("convert", "cvt"))
_FIRST = frozenset(("nowrap", "abbr", "val", "math", "mvar", "as of", "circa", "c.", "small", "nobr", "asof"))
_SECOND = frozenset(("lang", "transl", "lang-en"))
_NOTHING = re.compile(
    r"^(?:cit|citation|fact|cn|clarify|who|when|which|by whom|specify|vague|dubious|page needed|sfn|harv|rp|ref"
    r"|efn|note|main|see|further|details|about|other|redirect|for$|hatnote|infobox|taxobox|use |pp-|good|featured"
    r"|quote box|refn|navbox|portal|commons|image|double image|multiple image|audio|sister|tocright|toc|clear"
    r"|refimprove|unref|cleanup|update|pov|expand|globali|weasel|original|expert|lead|dead|r$|seealso|rquote"
    r"|anchor|verify|failed|synthesis|contradict|ipa|pron|respell|lang-|coord|birth|death|nihongo|disputed"
    r"|off-topic|nofootnotes|inline|more|very|too|in use|-$|clarif|needs|fv|cref|listen|legend)"
)


def full_articles() -> list[Document]:
    """All full articles of the sample in an order by hash, so that any number from the front is drawn by chance."""
    kept = cache_folder() / "enwiki-sample-documents.json"
    if not kept.exists():
        found = [document for page in pages() if (document := _document(page)).text]
        partial = kept.with_suffix(".partial")
        partial.write_text(json.dumps([document.as_json() for document in found]))
        partial.replace(kept)
    documents = map(Document.from_json, json.loads(kept.read_text()))
    return sorted(filter(is_full, documents), key=lambda each: sha256(f"full {each.title}"))


def _document(page: Page) -> Document:
    state = PageState(
        asked=page.title,
        title=page.title,
        revision=page.revision,
        language="en",
        is_disambiguation=False,
        description="",
        categories=(),
    )
    content = PageContent(state=state, extract=_extract(page.wikitext), html="", licence="", licence_url="")
    return document_of(content, site_of(Wiki(), "en"), _RETRIEVED)


def _extract(wikitext: str) -> str:
    """Plain text with headings as a wiki's API gives it."""
    text = _FORMULA.sub(f" {HOLE} ", wikitext)
    text = _INTERWIKI.sub("", _FILE.sub("", _NOT_TEXT.sub("", text)))
    text = re.sub(r"\{\|.*?\n\|\}", "", text, flags=re.DOTALL)
    pieces, at = [], 0
    for heading in _HEADING.finditer(text):
        pieces += [_plain(text[at : heading.start()]), f"\n\n{heading[1]} {_plain(heading[2])} {heading[1]}\n"]
        at = heading.end()
    return "".join([*pieces, _plain(text[at:])])


def _plain(wikitext: str) -> str:
    import mwparserfromhell

    code = mwparserfromhell.parse(wikitext)
    for template in code.filter_templates(recursive=False):
        code.replace(template, _written_out(template))
    return str(code.strip_code(collapse=False)).strip("\n")


def _written_out(template: object) -> str:
    name = str(template.name).strip().lower()  # type: ignore[attr-defined]
    given = [str(each.value).strip() for each in template.params if not each.showkey]  # type: ignore[attr-defined]
    if name in _MEASURES and len(given) > 1:
        is_range = len(given) > 3 and re.match(r"\d", given[2]) is not None  # "5 to 6 m"
        return " ".join(given[:4] if is_range else given[:2])
    if name in _FIRST and given:
        return f"As of {given[0]}" if name in ("as of", "asof") else given[0]
    if name in _SECOND and len(given) > 1:
        return given[1]
    return "" if _NOTHING.match(name) or "\n" in str(template) else HOLE
