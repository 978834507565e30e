"""One archive, opened by libzim: titles, redirects, suggestions, full-text search, articles as running text.

Runs in the child process of `sources.file.process`: libzim is C++ and a damaged archive may crash it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from lessongen.sources.file.html import readable
from lessongen.sources.file.prose import Prose
from lessongen.sources.zim.resolve import is_list_of_meanings, meant, named
from lessongen.system.errors import ConfigurationError, DataError, UnsupportedLanguage

_NAMES = ("Title", "Name", "Date", "Creator", "License", "Source", "Language")
_MOST_BYTES = 20_000_000  # of one article
_MOST_REDIRECTS = 5
# ISO 639-3, as archives have it, to ISO 639-1.
_LANGUAGES = dict(
    pair.split(":")
    for pair in (
        "eng:en fra:fr fre:fr spa:es deu:de ger:de ita:it por:pt nld:nl dut:nl rus:ru pol:pl swe:sv ukr:uk ara:ar "
        "fas:fa per:fa zho:zh chi:zh jpn:ja kor:ko hin:hi ben:bn tur:tr vie:vi ind:id heb:he ell:el gre:el ces:cs "
        "cze:cs dan:da fin:fi nor:no nob:no hun:hu ron:ro rum:ro bul:bg cat:ca swa:sw"
    ).split()
)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What the child process answers: the article, others beside it, how it was found, the archive's metadata."""
    archive = Opened(request["path"], request["name"])
    archive.require(request["language"])
    if request["article"]:
        found = named(archive, request["article"])
    else:
        found = meant(archive, request["subject"], request["topic"], request["language"])
    pages = [page for page in (found.article, *found.others) if isinstance(page, Page)]
    return {"pages": [page.as_json() for page in pages], "how": found.how, "metadata": archive.metadata}


class Page:
    """An article of an archive; its text is taken from its HTML when first asked for."""

    def __init__(self, entry: Any, title: str) -> None:
        self._entry = entry
        self.title = title

    @cached_property
    def _html(self) -> str:
        item = self._entry.get_item()
        if not item.mimetype.startswith(("text/html", "application/xhtml")) or item.size > _MOST_BYTES:
            return ""
        return bytes(item.content).decode("utf-8", "replace")  # as the ZIM format demands

    @cached_property
    def prose(self) -> Prose:
        """Title, text and parts."""
        return readable(self._html)

    @property
    def text(self) -> str:
        """The running text."""
        return self.prose.text

    @property
    def is_list_of_meanings(self) -> bool:
        """Whether it only lists what its title may mean."""
        return is_list_of_meanings(self.title, self._html)

    def as_json(self) -> dict[str, Any]:
        """Title, path, text and parts."""
        parts = [asdict(part) for part in self.prose.parts]
        return {"title": self.title, "path": self._entry.path, "text": self.text, "parts": parts}


class Opened:
    """An archive that was opened; implements `resolve.Archive`."""

    def __init__(self, path: str, name: str) -> None:
        """Raises `DataError` for what is no archive, `ConfigurationError` without libzim."""
        try:
            from libzim.reader import Archive  # type: ignore[import-untyped,unused-ignore]
        except ImportError as error:
            raise ConfigurationError(
                "Reading Kiwix archives needs the library libzim.", hint="pip install 'lessongen[zim]'"
            ) from error
        self._name = name
        if not Path(path).is_file():
            raise DataError(f"The archive “{name}” is not there.", hint="Is its disk connected, and its path right?")
        try:
            self._archive = Archive(Path(path))
        except RuntimeError as error:  # as libzim raises for all that it can't read
            raise DataError(
                f"“{name}” is no Kiwix archive, or a damaged one.", hint="Download it again and compare its checksum."
            ) from error

    @cached_property
    def metadata(self) -> dict[str, str]:
        """What the archive says of itself, by the names of the ZIM format; empty where it says nothing."""
        known = set(self._archive.metadata_keys)
        return {
            name: bytes(self._archive.get_metadata(name)).decode("utf-8", "replace").strip() if name in known else ""
            for name in _NAMES
        }

    def require(self, language: str) -> None:
        """Raise `UnsupportedLanguage` if the archive is in others only."""
        codes = self.metadata["Language"].lower().replace(" ", "").split(",")
        spoken = {_LANGUAGES.get(code, code) for code in codes if code}
        if spoken and language not in spoken and "mul" not in spoken:
            raise UnsupportedLanguage(
                f"The archive “{self._name}” is in the language {', '.join(sorted(spoken))}, not in “{language}”.",
                hint="Ask with --language, or give an archive in that language.",
            )

    def titled(self, title: str) -> Page | None:
        """The article of exactly that title, or to which that title redirects."""
        path = title.replace(" ", "_")
        entry = None
        if self._archive.has_entry_by_title(title):
            entry = self._archive.get_entry_by_title(title)
        else:
            # Before 2021 articles stood in the namespace A.
            known = (each for each in (path, title, f"A/{path}") if self._archive.has_entry_by_path(each))
            entry = next((self._archive.get_entry_by_path(each) for each in known), None)
        return None if entry is None else self._page(entry)

    def beginning(self, title: str, limit: int) -> Sequence[str]:
        """Titles as a search box suggests them."""
        from libzim.suggestion import SuggestionSearcher  # type: ignore[import-untyped,unused-ignore]

        search = SuggestionSearcher(self._archive).suggest(title)
        return self._titles(search.getResults(0, limit))

    def searched(self, words: str, limit: int) -> Sequence[str]:
        """Titles of articles whose text holds these words, best first."""
        if not self._archive.has_fulltext_index:
            return ()
        from libzim.search import Query, Searcher  # type: ignore[import-untyped,unused-ignore]

        search = Searcher(self._archive).search(Query().set_query(words))
        return self._titles(search.getResults(0, limit))

    def _titles(self, paths: Any) -> Sequence[str]:
        pages = (self._page(self._archive.get_entry_by_path(path)) for path in paths)
        return list(dict.fromkeys(page.title for page in pages if page is not None))

    def _page(self, entry: Any) -> Page | None:
        for _ in range(_MOST_REDIRECTS):
            if not entry.is_redirect:
                return Page(entry, entry.title)
            entry = entry.get_redirect_entry()
        return None
