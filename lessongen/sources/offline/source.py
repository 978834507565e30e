"""The offline encyclopedia as a source of lessons."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from lessongen.lesson.attempt import Attempt
from lessongen.lesson.encyclopedia import Entry
from lessongen.lesson.material import Material
from lessongen.lesson.task import LessonRequest
from lessongen.sources.offline.catalogue import Catalogue
from lessongen.sources.offline.encyclopedia import OfflineEncyclopedia
from lessongen.sources.offline.meanings import other_thing
from lessongen.sources.offline.resolve import resolve
from lessongen.sources.refusals import ambiguous, nearest_titles
from lessongen.system.errors import Uncovered, UnsupportedLanguage
from lessongen.text.subjects import recognise

_SITE = "the offline encyclopedia"
_NEAREST = 3


class OfflineSource:
    """Finds articles in the installed encyclopedia, opened when first needed; implements `material.Source`."""

    def __init__(self, encyclopedia: Callable[[], OfflineEncyclopedia]) -> None:
        self._open = encyclopedia
        self._opened: OfflineEncyclopedia | None = None
        self._lock = threading.Lock()

    @property
    def encyclopedia(self) -> OfflineEncyclopedia:
        """The encyclopedia, one for all threads."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        """The article for a request.

        Raises `Uncovered` with the nearest titles rather than choose a wrong one, `Ambiguous` with the choices where
        the subject decides for none, `UnsupportedLanguage` for a language other than English, `ConfigurationError` if
        the encyclopedia is not installed.
        """
        if request.language != "en":
            raise UnsupportedLanguage(
                f"The offline encyclopedia gives lessons in English only, not in “{request.language}”.",
                hint="Ask with --language en, or give a source in that language.",
            )
        attempt.progress("sources", 5, "Looking in the offline encyclopedia")
        found, how = self._named(request.article) if request.article else self._meant(request)
        attempt.about(found[0].title)
        return Material(article=found[0].document, others=tuple(entry.document for entry in found[1:]), resolution=how)

    def titles(self, request: LessonRequest) -> Sequence[str]:
        """The titles of the articles that it finds for a request; none where it finds none."""
        if request.language != "en" or request.article:
            return ()
        try:
            found, _ = self._meant(request)
        except Uncovered:
            return ()
        return [entry.title for entry in found]

    def _named(self, title: str) -> tuple[Sequence[Entry], str]:
        entry = self.encyclopedia.entry_titled(title)
        if entry is None:
            nearest = resolve("", title, Catalogue(self.encyclopedia.index, ()))
            titles = [self.encyclopedia.entry(number).title for number in nearest.entry_ids] + list(nearest.nearest)
            raise Uncovered(
                f"The offline encyclopedia has no article “{title}”.", hint=nearest_titles(titles, _NEAREST)
            )
        return [entry], "article asked for"

    def _meant(self, request: LessonRequest) -> tuple[Sequence[Entry], str]:
        catalogue = Catalogue(self.encyclopedia.index, recognise(request.subject))
        resolution = resolve(request.subject, request.topic, catalogue)
        if resolution.names:
            near = resolution.nearest[len(resolution.names) :]
            raise ambiguous(request.topic, _SITE, resolution.names, other=other_thing(request.topic), near=near)
        if not resolution.entry_ids:
            raise Uncovered(
                f"The offline encyclopedia has no article on “{request.topic}” ({request.subject}).",
                hint=nearest_titles(resolution.nearest, _NEAREST),
            )
        return [self.encyclopedia.entry(number) for number in resolution.entry_ids], resolution.how
