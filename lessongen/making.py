"""The worker's part of the composition root: sources and writers from settings, each made when first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lessongen.generation.source_chain import PRIMER, Gatherer
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Source, Writer
from lessongen.lesson.records import PageStore
from lessongen.lesson.task import LessonRequest
from lessongen.sources.offline import OfflineSource, open_encyclopedia
from lessongen.sources.page_cache import SharedPages
from lessongen.sources.primer import PrimerSource
from lessongen.system.clock import Clock
from lessongen.system.settings import Settings
from lessongen.writers.templates import Template

if TYPE_CHECKING:
    from lessongen.writers.openai.client import ModelClient


@dataclass(frozen=True, kw_only=True)
class Means:
    """What sources and writers are made from; `model` is the model where a request names none."""

    settings: Settings
    clock: Clock
    pages: PageStore
    model: str
    automatic: str = field(metadata={"doc": "the writer that `auto` means"})
    client: Callable[[str], ModelClient]
    template: Callable[[str], Template]


class Making:
    """What one worker process writes lessons with; its threads share it."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._offline = OfflineSource(lambda: open_encyclopedia(means.settings.cache_folder))

    # ------------------------------------------------------------ sources

    def gatherer(self) -> Gatherer:
        """Which source serves which request."""
        settings = self._means.settings
        order: list[str] = []
        # Whether a wiki is to be asked at all, each request says.
        order.append("wiki" if settings.mediawiki_url else "wikipedia")
        if settings.zim:
            order.append("zim")
        sources: Mapping[str, Callable[[], Source]] = {
            "files": lambda: self._files,
            "wikipedia": lambda: self._wikipedia,
            "wiki": lambda: self._wikipedia,
            "zim": lambda: self._archive(str(settings.zim)),
            "offline": lambda: self._offline,
            PRIMER: lambda: PrimerSource(self._means.clock),
        }
        return Gatherer(sources=sources, archive=self._archive, order=(*order, "offline"))

    @cached_property
    def _pages(self) -> SharedPages:
        return SharedPages(store=self._means.pages, clock=self._means.clock)

    @cached_property
    def _files(self) -> Source:
        from lessongen.sources.file import FileSource

        return FileSource(self._pages.kept_text, clock=self._means.clock, contact=self._means.settings.contact)

    @cached_property
    def _wikipedia(self) -> Source:
        from lessongen.sources.wikipedia import Wiki, WikipediaSource

        settings = self._means.settings
        wiki = Wiki(
            api_url=settings.mediawiki_url or None,
            contact=settings.contact,
            per_second=settings.requests_per_second,
            max_age=settings.page_max_age,
            offline=settings.offline,
        )
        return WikipediaSource(wiki, self._pages, self._means.clock, self._suggested)

    @staticmethod
    def _archive(path: str) -> Source:
        from lessongen.sources.zim import ZimSource

        return ZimSource(Path(path))

    def _suggested(self, request: LessonRequest) -> Sequence[str]:
        """The titles that the installed encyclopedia finds for a topic; none where there is no such encyclopedia."""
        from lessongen.system.errors import ConfigurationError

        try:
            return self._offline.titles(request)
        except ConfigurationError:
            return ()

    # ------------------------------------------------------------ writers

    def writers(self) -> Mapping[str, Callable[[], Writer]]:
        """Each writer by its name."""
        made = {"extractive": lambda: self._extractive, "openai": lambda: self._openai}
        return {**made, "auto": made[self._means.automatic]}

    @cached_property
    def _encyclopedia(self) -> Encyclopedia | None:
        """What knows terms and how they are related; None where it is not installed: files and wikis do without."""
        from lessongen.system.errors import ConfigurationError

        try:
            return self._offline.encyclopedia
        except ConfigurationError:
            return None

    @cached_property
    def _extractive(self) -> Writer:
        from lessongen.writers.extractive import ExtractiveWriter

        return ExtractiveWriter(self._encyclopedia)

    @cached_property
    def _openai(self) -> Writer:
        from lessongen.writers.openai.prices import price
        from lessongen.writers.openai.writer import OpenAIWriter, Setup

        means, settings = self._means, self._means.settings
        setup = Setup(
            model=means.model,
            verify_model=settings.verify_model,
            temperature=settings.temperature,
            source_tokens=settings.source_tokens,
            template=means.template,
            price=lambda model, tokens_in, tokens_out: price(model, tokens_in, tokens_out, settings.base_url or None),
        )
        return OpenAIWriter(setup, means.client, self._encyclopedia)
