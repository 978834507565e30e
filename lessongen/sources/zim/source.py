"""A Kiwix archive as a source of lessons."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lessongen.lesson.attempt import Attempt
from lessongen.lesson.material import Document, Material, Part
from lessongen.lesson.task import LessonRequest
from lessongen.sources.file.process import Child, Limits
from lessongen.system.errors import ConfigurationError, DataError, Uncovered
from lessongen.system.printable import printable

_ARCHIVE = "lessongen.sources.zim.archive"
_LIMITS = Limits(seconds=60.0)
_WIKIS = (".wikipedia.org", ".wikibooks.org", ".wikiversity.org", ".wikivoyage.org", ".wiktionary.org")


class ZimSource:
    """Finds articles in one archive; implements `material.Source`. libzim runs in a child process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        """The article for a request.

        Raises `Uncovered` with the nearest titles rather than choose a wrong one, `Ambiguous` for a title of several
        meanings, `UnsupportedLanguage` for an archive in another language, `DataError` for a damaged one that the
        request names, and `ConfigurationError` for one that the settings name, or without libzim.
        """
        name = printable(self._path.name)
        attempt.progress("sources", 5, f"Looking in {name}")
        asked = {
            "path": os.fspath(self._path),
            "name": name,
            "subject": request.subject,
            "topic": request.topic,
            "article": request.article,
            "language": request.language,
        }
        try:
            with Child(_ARCHIVE, _LIMITS) as child:
                answer = child.ask(asked, attempt, name)
        except DataError as error:
            if type(error) is DataError and os.fspath(self._path) not in request.sources:
                raise ConfigurationError(
                    error.message, hint=f"{error.hint} Or change the setting sources.zim."
                ) from error
            raise
        article, *others = (self._document(page, answer["metadata"], request) for page in answer["pages"])
        if not article.text:
            raise Uncovered(
                f"The article “{article.title}” of {name} holds no running text.",
                hint="Name another with --article TITLE.",
            )
        attempt.about(article.title)
        return Material(
            article=article,
            others=tuple(other for other in others if other.text),
            resolution=f"{answer['how']}, in {name}",
        )

    def _document(self, page: Mapping[str, Any], metadata: Mapping[str, str], request: LessonRequest) -> Document:
        host = _host(metadata["Source"])
        is_wiki = host.endswith(_WIKIS)
        creator = metadata["Creator"] or metadata["Title"] or printable(self._path.name)
        edition = " ".join(each for each in (metadata["Name"] or self._path.stem, metadata["Date"]) if each)
        return Document(
            title=page["title"],
            text=page["text"],
            language=request.language,
            url=f"https://{host}/wiki/{quote(page['title'].replace(' ', '_'), safe='/:,()!*@;$~')}"
            if is_wiki
            else None,
            revision=edition,
            retrieved=self._modified(),
            licence=metadata["License"] or ("CC BY-SA" if is_wiki else "not stated by the archive"),
            attribution=f"{creator}, “{page['title']}”",
            parts=tuple(Part(**part) for part in page["parts"]),
        )

    def _modified(self) -> datetime:
        """When the archive was put where it is."""
        return datetime.fromtimestamp(self._path.stat().st_mtime, UTC)


def _host(source: str) -> str:
    """The server that an archive was made from: "https://en.wikipedia.org/" gives "en.wikipedia.org"."""
    return source.removeprefix("https://").removeprefix("http://").partition("/")[0].lower()
