"""Questions to one wiki, and their answers in shapes of ours: pages by title, namesakes, search, whole articles.

What wikipedia-api can ask, it asks; what it can't (several titles at once, page properties, namesakes) goes through
the same transport. Imported where it is used: wikipedia-api is heavy.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import wikipediaapi  # type: ignore[import-untyped,unused-ignore]

from lessongen.sources.disambiguation import is_marked, refers_to_many
from lessongen.sources.wikipedia import faults
from lessongen.sources.wikipedia.site import Site
from lessongen.sources.wikipedia.transport import PoliteTransport
from lessongen.system.errors import BadAnswer
from lessongen.system.printable import printable

# The API takes this many titles at once, and gives this many leads.
_MOST_TITLES = 50
_MOST_LEADS = 20
_LEAD_LENGTH = 1_200
_FOUND = 10
_NEAR = 2
_STATE = {"ppprop": "disambiguation|wikibase-shortdesc", "cllimit": 500, "clshow": "!hidden"}
_STATE_PROPS = "info|pageprops|categories|description"
_CONTENT = {**_STATE, "clshow": "", "piprop": "name", "meta": "siteinfo", "siprop": "general|rightsinfo"}
_FILE = {
    "prop": "imageinfo",
    "iiprop": "url|size|mime|extmetadata",
    "iiextmetadatafilter": "LicenseShortName|License|LicenseUrl|UsageTerms|NonFree|AttributionRequired"
    "|Artist|Attribution|Credit|ImageDescription|ObjectName",
}
_FOREIGN_LOGGERS = ("wikipediaapi", "httpx", "httpcore")


@dataclass(frozen=True, kw_only=True)
class PageState:
    """An article as far as it is known without its text. `asked` is the title that led to it, redirect or not."""

    asked: str
    title: str
    revision: str
    language: str
    is_disambiguation: bool
    description: str
    categories: tuple[str, ...]
    lead: str = ""

    @property
    def is_redirected(self) -> bool:
        """Whether the asked title stands for another one."""
        return self.asked != self.title


@dataclass(frozen=True, kw_only=True)
class PageContent:
    """An article with its whole text: an `extract`, plain with headings as `== so ==`, or `html` where there is none.

    `licence` is what the wiki says of itself, `image` the name of the page's lead image, "" where it has none.
    """

    state: PageState
    extract: str | None
    html: str
    licence: str
    licence_url: str
    image: str = ""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A search result: the title, and the redirect's title by which it was found."""

    title: str
    redirect: str


class WikiClient:
    """Asks one wiki for one attempt; used by one thread."""

    def __init__(self, site: Site, transport: PoliteTransport, user_agent: str) -> None:
        for name in _FOREIGN_LOGGERS:  # they log each address asked
            logger = logging.getLogger(name)
            logger.setLevel(max(logger.level, logging.WARNING))
        self.site = site
        self._transport = transport
        self._contents: dict[str, PageContent | None] = {}  # what was looked at to choose is not asked for again
        self._client = wikipediaapi.Wikipedia(
            user_agent=user_agent, language=site.language, max_retries=0, transport=transport
        )

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def states(self, titles: Sequence[str], *, with_leads: bool = False) -> list[PageState]:
        """The articles that those titles name, in their order, redirects followed; what is missing is left out."""
        asked = list(dict.fromkeys(name for title in titles if (name := usable_title(title))))
        asked = asked[: _MOST_LEADS if with_leads else _MOST_TITLES]
        if not asked:
            return []
        parameters: dict[str, Any] = {**_STATE, "prop": _STATE_PROPS, "titles": "|".join(asked)}
        if with_leads:
            parameters["prop"] += "|extracts"
            parameters |= {"exintro": 1, "explaintext": 1, "exlimit": _MOST_LEADS, "exchars": _LEAD_LENGTH}
        with self._readable():
            query = self._transport.ask(**parameters)["query"]
            pages = {page["title"]: page for page in query.get("pages", {}).values()}
            steps = _steps(query)
            found = [(title, pages.get(_followed(title, steps))) for title in asked]
            return [_state(title, page) for title, page in found if page is not None and _is_article(page)]

    def namesakes(self, name: str) -> list[str]:
        """The titles that are that name with something in brackets: "Mercury (planet)"."""
        prefix = usable_title(name)
        if not prefix:
            return []
        with self._readable():
            answer = self._transport.ask(list="allpages", apprefix=f"{prefix} (", aplimit=50, apnamespace=0)
            return [str(page["title"]) for page in answer["query"]["allpages"]]

    def search(self, words: str) -> tuple[list[Hit], str]:
        """The articles whose text has the words, best first; and how the wiki thinks that they are spelled, or ""."""
        with self._readable():
            found = self._client.search(words, limit=_FOUND, prop=["redirecttitle"], what="text")
            hits = [
                Hit(title=str(entry["title"]), redirect=str(entry.get("redirecttitle", "")))
                for entry in self._transport.answer["query"]["search"]
            ]
            return hits, str(found.suggestion or "")

    def beginning_as(self, name: str) -> list[str]:
        """The titles that begin as a name does, the nearest first: what a slip of spelling may mean."""
        from lessongen.text.letters import OSA

        found: dict[str, int] = {}
        for length in (len(name) - 2, len(name) // 2):  # a slip at the end, or further on
            beginning = usable_title(name[: max(3, length)])
            if beginning and min(found.values(), default=_NEAR + 1) > _NEAR:
                with self._readable():
                    answer = self._transport.ask(list="prefixsearch", pssearch=beginning, pslimit=20, psnamespace=0)
                    titles = [str(page["title"]) for page in answer["query"]["prefixsearch"]]
                found |= {title: OSA.distance(title.casefold(), name.casefold()) for title in titles}
        return sorted(found, key=lambda title: found[title])

    def content(self, title: str) -> PageContent | None:
        """A whole article, redirects followed; None where there is none."""
        if title not in self._contents:
            self._contents[title] = self._content(title)
        return self._contents[title]

    def _content(self, title: str) -> PageContent | None:
        with self._readable():
            page = self._client.page(title)
            try:
                self._client.extracts(page, prop=f"{_STATE_PROPS}|extracts|pageimages", **_CONTENT)
            except KeyError:
                if "query" not in self._transport.answer:
                    raise
                # The page has no extract: it does not exist, or the wiki lacks the extension TextExtracts.
            query = self._transport.answer["query"]
            raw = next(iter(query.get("pages", {}).values()), None)
            if raw is None or not _is_article(raw):
                return None
            state = _state(title, raw)
            extract = raw.get("extract")
            rights = query.get("rightsinfo", {})
            return PageContent(
                state=state,
                extract=None if extract is None else str(extract),
                html=self._html(state.revision) if extract is None else "",
                licence=str(rights.get("text", "")),
                licence_url=str(rights.get("url", "")),
                image=str(raw.get("pageimage", "")),
            )

    def image_of(self, title: str) -> str:
        """The name of the file that is an article's lead image, as far as the wiki knows it; "" where there is none.

        Nothing is asked of an article that was fetched.
        """
        known = self._contents.get(title)
        if known is not None:
            return known.image
        with self._readable():
            query = self._transport.ask(prop="pageimages", piprop="name", titles=title)["query"]
            page: Mapping[str, Any] = next(iter(query.get("pages", {}).values()), {})
            return str(page.get("pageimage", ""))

    def file(self, name: str, width: int) -> Mapping[str, Any]:
        """What the wiki says of a file, its own or a shared one, as `imageinfo`; empty where there is none."""
        with self._readable():
            asked = {**_FILE, "titles": f"File:{name}", "iiextmetadatalanguage": self.site.language}
            query = self._transport.ask(**asked, iiurlwidth=width)["query"]
            page: Mapping[str, Any] = next(iter(query.get("pages", {}).values()), {})
            return dict(next(iter(page.get("imageinfo", ())), {}))

    def download(self, url: str, *, seconds: float, most_bytes: int) -> bytes:
        """A file's content. Raises as `PoliteTransport.handle_request` does."""
        with self._readable():
            return self._transport.download(url, seconds=seconds, most_bytes=most_bytes)

    def links(self, title: str) -> list[str]:
        """The titles of the articles that an article links to."""
        with self._readable():
            links = self._client.page(title).links
            return [name for name, page in links.items() if page.namespace == 0]

    def _html(self, revision: str) -> str:
        answer = self._transport.ask(
            action="parse", oldid=revision, prop="text", disableeditsection=1, disabletoc=1, disablelimitreport=1
        )
        return str(answer["parse"]["text"]["*"])

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        """Translate what wikipedia-api raises, and what an answer of another shape than MediaWiki's leads to."""
        try:
            yield
        except (wikipediaapi.WikipediaException, httpx.HTTPError) as error:
            raise faults.unusable(self.site, type(error).__name__) from error
        except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
            raise _misshapen(self.site) from error


def usable_title(title: str) -> str:
    """The title without what none can hold, by mediawiki.org/wiki/Manual:Page_title; "" if nothing is left."""
    kept = "".join(" " if letter in "#<>[]{}|_\x1f" else letter for letter in printable(title))
    name = " ".join(kept.split()).lstrip(":").strip()
    return name if len(name.encode()) <= 255 and name not in (".", "..") else ""


def _misshapen(site: Site) -> BadAnswer:
    return faults.unusable(site, "it is not what MediaWiki answers")


def _steps(query: Mapping[str, Any]) -> dict[str, str]:
    """From a title as it was asked to the one that it leads to: by normalisation, variants of a script, redirects."""
    return {
        str(step["from"]): str(step["to"])
        for kind in ("normalized", "converted", "redirects")
        for step in query.get(kind, [])
    }


def _followed(title: str, steps: Mapping[str, str]) -> str:
    seen = {title}
    while title in steps and steps[title] not in seen:
        title = steps[title]
        seen.add(title)
    return title


def _is_article(page: Mapping[str, Any]) -> bool:
    return int(page.get("ns", -1)) == 0 and int(page.get("pageid", 0)) > 0 and "missing" not in page


def _state(asked: str, page: Mapping[str, Any]) -> PageState:
    properties = page.get("pageprops", {})
    categories = tuple(str(each["title"]).partition(":")[2] for each in page.get("categories", []))
    title = str(page["title"])
    return PageState(
        asked=asked[:1].upper() + asked[1:] if asked[1:] == title[1:] else asked,
        title=title,
        revision=str(page.get("lastrevid", "")),
        language=str(page.get("pagelanguage", "")).partition("-")[0],
        is_disambiguation="disambiguation" in properties
        or is_marked(title, categories)
        or refers_to_many(str(page.get("extract", ""))),
        description=printable(str(properties.get("wikibase-shortdesc") or page.get("description", ""))),
        categories=categories,
        lead=str(page.get("extract", "")),
    )
