"""What of a wiki is kept in the database: articles by title, and which articles a request was found to mean."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from lessongen.lesson.material import Document, Page
from lessongen.lesson.task import LessonRequest
from lessongen.sources.page_cache import SharedPages
from lessongen.sources.wikipedia.site import Site
from lessongen.system.clock import Clock
from lessongen.text.words import fold

if TYPE_CHECKING:
    from lessongen.lesson.image import FoundImage


@dataclass(frozen=True, kw_only=True)
class KeptArticle:
    """A kept article; `day` is when it was last known to be what the wiki has, as a person reads it."""

    document: Document
    is_fresh: bool
    day: str


@dataclass(frozen=True, kw_only=True)
class Meant:
    """The titles of the articles that a request means, the main one first, and how they were found."""

    titles: tuple[str, ...]
    how: str
    is_fresh: bool = True


class Kept:
    """The kept part of one wiki; used by one thread. What can't be read any more counts as not kept."""

    def __init__(self, site: Site, pages: SharedPages, clock: Clock, max_age: timedelta) -> None:
        self._wiki = site.api_url
        self._pages = pages
        self._clock = clock
        self._max_age = max_age

    def article(self, title: str) -> KeptArticle | None:
        """The article of exactly that title, however old."""
        page = self._pages.page(self._wiki, f"page:{title}")
        if page is None:
            return None
        try:
            document = Document.from_json(json.loads(page.content))
        except (ValueError, KeyError, TypeError):
            return None
        return KeptArticle(document=document, is_fresh=self._is_fresh(page), day=page.fetched_at.date().isoformat())

    def keep_article(self, document: Document) -> None:
        """Keep an article that the wiki has now."""
        content = json.dumps(document.as_json(), ensure_ascii=False)
        self._pages.keep_page(self._wiki, f"page:{document.title}", content)

    def has_looked_for_image(self, document: Document) -> bool:
        """Whether it is known which image that revision of an article has, if any."""
        return self._image(document) is not None

    def image(self, document: Document) -> FoundImage | None:
        """The kept image of that revision of an article."""
        found = (self._image(document) or {}).get("image")
        if not found:
            return None
        from lessongen.lesson.image import FoundImage

        try:
            return FoundImage.from_json(found)
        except TypeError:
            return None

    def keep_image(self, document: Document, image: FoundImage | None) -> None:
        """Keep the image of an article's revision, or that it has none that may be shown."""
        content = {"revision": document.revision, "image": image.as_json() if image else None}
        self._pages.keep_page(self._wiki, f"image:{document.title}", json.dumps(content, ensure_ascii=False))

    def _image(self, document: Document) -> dict[str, Any] | None:
        page = self._pages.page(self._wiki, f"image:{document.title}")
        try:
            found = json.loads(page.content) if page else None
        except ValueError:
            return None
        return found if isinstance(found, dict) and found.get("revision") == document.revision else None

    def meant(self, request: LessonRequest) -> Meant | None:
        """What that request was found to mean, however long ago."""
        page = self._pages.page(self._wiki, _asked(request))
        if page is None:
            return None
        try:
            found = json.loads(page.content)
            titles, how = tuple(map(str, found["titles"])), str(found["how"])
        except (ValueError, KeyError, TypeError):
            return None
        return Meant(titles=titles, how=how, is_fresh=self._is_fresh(page)) if titles else None

    def keep_meant(self, request: LessonRequest, titles: Sequence[str], how: str) -> None:
        """Keep what a request means."""
        content = json.dumps({"titles": list(titles), "how": how}, ensure_ascii=False)
        self._pages.keep_page(self._wiki, _asked(request), content)

    def _is_fresh(self, page: Page) -> bool:
        return self._clock.now() - page.fetched_at < self._max_age


def _asked(request: LessonRequest) -> str:
    if request.article:
        return f"asked:{json.dumps([request.article], ensure_ascii=False)}"
    words = [" ".join(fold(text).split()) for text in (request.subject, request.topic)]
    return f"asked:{json.dumps([*words, request.language], ensure_ascii=False)}"
