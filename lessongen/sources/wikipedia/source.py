"""Wikipedia, or another MediaWiki, as a source of lessons: asked politely, kept once fetched, spared when away."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from lessongen.lesson.attempt import Attempt
from lessongen.lesson.material import Document, Material
from lessongen.lesson.task import LessonRequest
from lessongen.sources.page_cache import SharedPages
from lessongen.sources.wikipedia.kept import Kept, KeptArticle, Meant
from lessongen.sources.wikipedia.reach import Reach
from lessongen.sources.wikipedia.site import Patience, Site, Wiki, site_of, user_agent
from lessongen.sources.wikipedia.turns import Turns
from lessongen.system.clock import Clock
from lessongen.system.errors import LessongenError, Unavailable, Uncovered
from lessongen.text.words import split_title, word_count

if TYPE_CHECKING:
    from lessongen.sources.wikipedia.query import PageContent, WikiClient

_THIN_WORDS = 300
_MOST_OTHERS = 3
_SHORTEST_NAME = 4


class WikipediaSource:
    """Finds articles in the Wikipedia of a lesson's language or in another wiki; implements `material.Source`.

    Threads share it: each call has a connection of its own, all have one pace. `suggest` gives the titles that
    another encyclopedia finds for a request, or none. `language` is the wiki's code, where it is not the lesson's:
    "simple" for lessons in English.
    """

    def __init__(
        self,
        wiki: Wiki,
        pages: SharedPages,
        clock: Clock,
        suggest: Callable[[LessonRequest], Sequence[str]],
        *,
        language: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._language = language
        self._wiki = wiki
        self._pages = pages
        self._clock = clock
        self._suggest = suggest
        self._patience = patience
        self._reach = Reach(pages)
        self._turns = Turns(pages, wiki.per_second)
        self._open: set[WikiClient] = set()
        self._lock = threading.Lock()

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        """The article for a request, whole, with related ones where it is thin.

        A kept page that is young enough is used without asking; an older one where the wiki can't be asked, and
        `passed_over` says so. Raises `Uncovered` with the nearest titles rather than choose a wrong one, `Ambiguous`
        with the choices; `Unavailable`, `RateLimited` and `BadAnswer`, which are worth another try;
        `UnsupportedLanguage`, `ConfigurationError`; `Cancelled`.
        """
        site = site_of(self._wiki, self._language or request.language)
        attempt.progress("sources", 5, f"Looking in {site.name}")
        kept = Kept(site, self._pages, self._clock, self._wiki.max_age)
        material = self._found(request, attempt, site, kept)
        if request.images:
            material = replace(material, image=kept.image(material.article))
        if material.article.language != site.language:
            raise Uncovered(
                f"{site.name} is in “{material.article.language}”, not in “{site.language}”.",
                hint=f"Ask with --language {material.article.language}.",
            )
        attempt.about(material.article.title)
        return material

    def close(self) -> None:
        """Close the connections of calls that still run."""
        with self._lock:
            clients = list(self._open)
        for client in clients:
            client.close()

    # ------------------------------------------------------------ kept, or asked

    def _found(self, request: LessonRequest, attempt: Attempt, site: Site, kept: Kept) -> Material:
        meant = kept.meant(request)
        articles = [kept.article(title) for title in meant.titles] if meant else []
        if meant and meant.is_fresh and all(article and article.is_fresh for article in articles):
            documents = [article.document for article in articles if article]
            if request.images and not request.offline and not kept.has_looked_for_image(documents[0]):
                self._look_for_image(attempt, site, kept, documents[0])
            return _material(documents, meant.how)
        if self._wiki.offline or request.offline:
            without = self._without(request, kept, meant, f"{site.name} was not asked, as you wish")
            if without is None:
                raise Uncovered(
                    f"No page of {site.name} is kept that fits “{request.article or request.topic}”.",
                    hint="Ask for the lesson once with the network, and without --offline.",
                )
            return without
        try:
            self._reach.require(site)
            with self._client(site, attempt) as client:
                found = self._asked(client, kept, request, meant)
                if request.images and not kept.has_looked_for_image(found.article):
                    _keep_image(client, kept, found.article)
                return found
        except Unavailable as error:
            without = self._without(request, kept, meant, error.message.rstrip("."))
            if without is None:
                raise
            return without

    def _asked(self, client: WikiClient, kept: Kept, request: LessonRequest, meant: Meant | None) -> Material:
        """What the wiki has now; what was found before is not looked for again while its pages are there."""
        if meant is not None:
            documents = self._current(client, kept, meant.titles)
            if documents is not None:
                kept.keep_meant(request, meant.titles, meant.how)
                return _material(documents, meant.how)
        from lessongen.sources.wikipedia.choose import Chooser

        chooser = Chooser(client, request)
        found = chooser.named(request.article) if request.article else chooser.meant(self._suggest(request))
        documents = self._current(client, kept, found.titles)
        if documents is None:
            raise Uncovered(
                f"“{found.titles[0]}” of {client.site.name} holds no running text.",
                hint="Name another article with --article TITLE.",
            )
        titles = found.titles
        if len(documents) == 1:
            documents += self._related(client, kept, documents[0])
            titles = (*titles, *(document.title for document in documents[1:]))
        kept.keep_meant(request, titles, found.how)
        return _material(documents, found.how)

    def _current(self, client: WikiClient, kept: Kept, titles: Sequence[str]) -> list[Document] | None:
        """The articles of those titles as they are now; None where the first is no article any more."""
        known = {title: kept.article(title) for title in titles}
        old = [title for title, article in known.items() if article is not None and not article.is_fresh]
        revisions = {state.title: state.revision for state in client.states(old) if not state.is_disambiguation}
        documents = []
        for title in titles:
            article = known[title]
            if article is not None and (article.is_fresh or revisions.get(title) == article.document.revision):
                document: Document | None = article.document
                if not article.is_fresh:
                    kept.keep_article(article.document)
            else:
                document = self._fetched(client, kept, title)
            if document is not None:
                documents.append(document)
            elif not documents:
                return None
        return documents

    def _fetched(self, client: WikiClient, kept: Kept, title: str) -> Document | None:
        from lessongen.sources.wikipedia.article import document_of

        content = client.content(title)
        if content is None or _lists_articles(content):
            return None
        document = document_of(content, client.site, self._clock.now())
        if not document.text:
            return None
        kept.keep_article(document)
        return document

    def _related(self, client: WikiClient, kept: Kept, document: Document) -> list[Document]:
        """Up to three articles that the lead of a thin one names."""
        if word_count(document.text) >= _THIN_WORDS:
            return []
        lead = document.text[: document.parts[0].end]
        named = sorted(
            (at, title)
            for title in client.links(document.title)
            if title != document.title and (at := _place(split_title(title)[0], lead)) is not None
        )
        states = client.states([title for _, title in named[: 2 * _MOST_OTHERS]])
        titles = [state.title for state in states if not state.is_disambiguation and state.title != document.title]
        found = []
        for title in list(dict.fromkeys(titles))[:_MOST_OTHERS]:
            kept_article = kept.article(title)
            is_fresh = kept_article is not None and kept_article.is_fresh
            other = kept_article.document if kept_article and is_fresh else self._fetched(client, kept, title)
            if other is not None:
                found.append(other)
        return found

    def _without(self, request: LessonRequest, kept: Kept, meant: Meant | None, why: str) -> Material | None:
        """What is kept for a request however old, with why that was used; None if nothing is."""
        titles: Sequence[str] = meant.titles if meant else ()
        how = meant.how if meant else "kept page of that title"
        if not titles:
            titles = (request.article,) if request.article else self._suggest(request)
        articles = [article for title in titles if (article := kept.article(title)) is not None]
        if not articles or articles[0].document.title != titles[0]:
            return None
        return replace(
            _material([article.document for article in articles], how),
            passed_over=(f"{why}; {_pages_kept(articles)} used",),
        )

    def _look_for_image(self, attempt: Attempt, site: Site, kept: Kept, document: Document) -> None:
        """Ask for the image of an article that was kept without; nothing where the wiki can't be asked."""
        if self._wiki.offline:
            return
        try:
            self._reach.require(site)
            with self._client(site, attempt) as client:
                _keep_image(client, kept, document)
        except LessongenError as error:
            from lessongen.sources.wikipedia.images import log_without

            log_without(document.title, error)

    # ------------------------------------------------------------ the connection

    @contextmanager
    def _client(self, site: Site, attempt: Attempt) -> Iterator[WikiClient]:
        from lessongen.sources.wikipedia.query import WikiClient
        from lessongen.sources.wikipedia.transport import PoliteTransport

        agent = user_agent(self._wiki.contact)
        transport = PoliteTransport(
            site,
            user_agent=agent,
            turns=self._turns,
            reach=self._reach,
            attempt=attempt,
            clock=self._clock,
            patience=self._patience,
        )
        client = WikiClient(site, transport, agent)
        with self._lock:
            self._open.add(client)
        try:
            yield client
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()


def _keep_image(client: WikiClient, kept: Kept, document: Document) -> None:
    """Keep the article's image, or that none may be shown; nothing where another attempt may have more luck."""
    from lessongen.sources.wikipedia.images import NoImage, lead_image, log_without

    try:
        kept.keep_image(document, lead_image(client, document.title))
    except NoImage as reason:
        kept.keep_image(document, None)
        log_without(document.title, reason)
    except LessongenError as error:
        log_without(document.title, error)


def _material(documents: Sequence[Document], how: str) -> Material:
    return Material(article=documents[0], others=tuple(documents[1:]), resolution=how)


def _lists_articles(content: PageContent) -> bool:
    from lessongen.sources.disambiguation import refers_to_many

    return content.state.is_disambiguation or refers_to_many(content.extract or "")


def _place(name: str, text: str) -> int | None:
    """Where a text names an article, its first letter large or small."""
    if len(name) < _SHORTEST_NAME:
        return None
    first = re.escape(name[0])
    found = re.search(rf"(?<!\w)(?:{first}|{re.escape(name[0].lower())}){re.escape(name[1:])}(?!\w)", text)
    return found.start() if found else None


def _pages_kept(articles: Sequence[KeptArticle]) -> str:
    days = sorted({article.day for article in articles})
    if len(articles) == 1:
        return f"the page kept on {days[0]} was"
    return f"the pages kept on {days[0]} to {days[-1]} were" if len(days) > 1 else f"the pages kept on {days[0]} were"
