"""Where lesson text comes from: each source by its name, its module loaded when it is first asked for.

To add one: a module here that implements `lessongen.lesson.material.Source`, and its `Offer` in `SOURCES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lessongen.lesson.encyclopedia import Encyclopedia
    from lessongen.lesson.material import Source
    from lessongen.lesson.task import LessonRequest
    from lessongen.sources.offline import OfflineSource
    from lessongen.sources.page_cache import SharedPages
    from lessongen.store import Pages
    from lessongen.system.clock import Clock
    from lessongen.system.settings import Settings

SIMPLE = "simple"
"""The source in simple English, by its name and by its code among Wikipedias."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What sources are made from; one for all threads of a process."""

    settings: Settings
    clock: Clock
    store: Pages

    @cached_property
    def pages(self) -> SharedPages:
        """Kept pages and turns to ask hosts."""
        from lessongen.sources.page_cache import SharedPages

        return SharedPages(store=self.store, clock=self.clock)

    @cached_property
    def offline(self) -> OfflineSource:
        """The installed encyclopedia, opened when it is first asked something."""
        from lessongen.sources.offline import OfflineSource, open_encyclopedia

        return OfflineSource(lambda: open_encyclopedia(self.settings.cache_folder))

    @cached_property
    def encyclopedia(self) -> Encyclopedia | None:
        """What knows terms and how they are related; None where it is not installed: files and wikis do without."""
        from lessongen.system.errors import ConfigurationError

        try:
            return self.offline.encyclopedia
        except ConfigurationError:
            return None

    def suggested(self, request: LessonRequest) -> Sequence[str]:
        """The titles that the installed encyclopedia finds for a topic; none where there is no such encyclopedia."""
        from lessongen.system.errors import ConfigurationError

        try:
            return self.offline.titles(request)
        except ConfigurationError:
            return ()


def _files(around: Surroundings) -> Source:
    from lessongen.sources.file.source import FileSource

    return FileSource(around.pages.kept_text, clock=around.clock, contact=around.settings.contact)


def _wiki(around: Surroundings) -> Source:
    return _wiki_at(around, around.settings.mediawiki_url)


def _simple(around: Surroundings) -> Source:
    settings = around.settings
    return _wiki_at(around, settings.simple_url or settings.mediawiki_url, language=SIMPLE)


def is_of_simple(settings: Settings, url: str | None) -> bool:
    """Whether an article of that address is from the wiki in simple English."""
    from lessongen.sources.wikipedia.site import Wiki, site_of

    if not url or not settings.has_simple:
        return False
    simple = site_of(Wiki(api_url=settings.simple_url or settings.mediawiki_url or None), SIMPLE)
    return url.startswith(simple.api_url.removesuffix("api.php"))


def _wiki_at(around: Surroundings, api_url: str, language: str | None = None) -> Source:
    from lessongen.sources.wikipedia import Wiki, WikipediaSource

    settings = around.settings
    wiki = Wiki(
        api_url=api_url or None,
        contact=settings.contact,
        per_second=settings.requests_per_second,
        max_age=settings.page_max_age,
        offline=settings.offline,
    )
    return WikipediaSource(wiki, around.pages, around.clock, around.suggested, language=language)


def archive(path: str) -> Source:
    """The Kiwix archive of that path."""
    from lessongen.sources.zim import ZimSource

    return ZimSource(Path(path))


def _primer(around: Surroundings) -> Source:
    from lessongen.sources.primer import PrimerSource

    return PrimerSource(around.clock)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A source as it is offered: how it is made, and how it is spoken of."""

    make: Callable[[Surroundings], Source]
    called: str
    """As a sentence begins that says why it was not used."""
    asked: Callable[[Settings], bool] = lambda settings: False
    """Whether it is asked where the user named no source."""


SOURCES: Mapping[str, Offer] = {
    "files": Offer(make=_files, called="The file"),
    SIMPLE: Offer(
        make=_simple, called="The encyclopedia in simple English", asked=lambda settings: settings.has_simple
    ),
    "wikipedia": Offer(make=_wiki, called="Wikipedia", asked=lambda settings: not settings.mediawiki_url),
    "wiki": Offer(make=_wiki, called="The wiki", asked=lambda settings: bool(settings.mediawiki_url)),
    "zim": Offer(
        make=lambda around: archive(str(around.settings.zim)),
        called="The archive",
        asked=lambda settings: bool(settings.zim),
    ),
    "offline": Offer(
        make=lambda around: around.offline, called="The offline encyclopedia", asked=lambda settings: True
    ),
    "primer": Offer(make=_primer, called="The primer"),
}
"""Each source by its name, in the order in which they are asked."""
