"""The user's own files, folders, addresses and text as a source of lessons."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lessongen import __version__
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.material import Document, Material, Part
from lessongen.lesson.task import LessonRequest
from lessongen.sources.file.choose import Candidate, is_titled, ranked
from lessongen.sources.file.fetch import checked_address
from lessongen.sources.file.formats import title_of
from lessongen.sources.file.process import Child, Limits
from lessongen.sources.file.titles import in_its_number, names_something, says_anything
from lessongen.system.clock import Clock, SystemClock
from lessongen.system.errors import ConfigurationError, DataError, LessongenError, Unavailable, Uncovered
from lessongen.system.printable import printable

_FORMATS = "lessongen.sources.file.formats"
_KEPT_TEXT = "text:"
_STDIN_NAME = "the text that was handed in"
_OWN = "provided by the user; its licence is not known"
_UNSTATED = "not stated by the page; its owner's rights hold"

_MOST_FILES = 300  # of a folder
_FOLDER_SECONDS = 180.0
_MOST_OTHERS = 8
_MOST_OTHER_CHARACTERS = 1_000_000
_MOST_REASONS = 8
_ADDRESS_SECONDS = 60.0
# What a folder of lesson material also holds; nobody need be told that it was left alone.
_SILENT = frozenset(
    ".png .jpg .jpeg .gif .webp .svg .ico .bmp .tif .tiff .heic .mp3 .mp4 .wav .ogg .m4a .avi .mov .mkv .webm .css .js "
    ".map .woff .woff2 .ttf .otf .zip .gz .tar .7z .rar .exe .dll .so .pyc .db .sqlite .tmp .bak .lock".split()
)


class FileSource:
    """Reads what the user named with a request; implements `material.Source`. Each file is parsed in a child process.

    `kept_text` gives the text of a SHA-256 that was handed in with the request. `contact` goes into the User-Agent.
    """

    def __init__(
        self,
        kept_text: Callable[[str], str | None],
        *,
        clock: Clock | None = None,
        contact: str = "",
        limits: Limits | None = None,
    ) -> None:
        self._kept_text = kept_text
        self._clock = clock or SystemClock()
        self._user_agent = f"lessongen/{__version__}" + (f" ({contact})" if contact else "")
        self._limits = limits or Limits()

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        """The first source as the article, or the file of a folder that fits the topic best; the others beside it.

        Raises `DataError` naming the file and what is wrong with it, `Uncovered` for a folder in which nothing fits the
        topic, `Unavailable` for an address that can't be reached, `ConfigurationError` where a library is missing.
        """
        found: list[Material] = []
        with Child(_FORMATS, self._limits) as child:
            for source in request.sources:
                found.append(self._material(source, request, attempt, child, is_first=not found))
        first, *rest = found
        others = [other for each in rest for other in (each.article, *each.others)]
        attempt.about(first.article.title)
        return dataclasses.replace(
            first,
            others=_once((*first.others, *others), beside=first.article),
            passed_over=tuple(reason for each in found for reason in each.passed_over),
        )

    def _material(
        self, source: str, request: LessonRequest, attempt: Attempt, child: Child, *, is_first: bool
    ) -> Material:
        if source.startswith(_KEPT_TEXT):
            attempt.progress("sources", 5, "Reading the text that was handed in")
            return Material(
                article=self._text(source, request, attempt, child), resolution="the text that was handed in"
            )
        if "://" in source:
            attempt.progress("sources", 5, f"Fetching a page of {_host(source)}")
            return Material(article=self._page(source, request, attempt), resolution="the address that was given")
        path = Path(source)
        if path.is_dir():
            return self._folder(path, request, attempt, child, is_first=is_first)
        attempt.progress("sources", 5, f"Reading {printable(path.name)}")
        name = printable(path.name)
        article = self._file(path, name, request, attempt, child, otherwise=request.topic if is_first else "")
        article = _as_told(article)
        return Material(article=article, resolution=f"the file “{printable(path.name)}” that was given")

    # ------------------------------------------------------------ one document

    def _file(
        self, path: Path, name: str, request: LessonRequest, attempt: Attempt, child: Child, *, otherwise: str = ""
    ) -> Document:
        """A file's text; `otherwise` is its title where neither it nor its name says one."""
        answer = child.ask({"path": os.fspath(path), "name": name}, attempt, name)
        title = title_of(name)
        title = title if names_something(title, answer["text"]) else otherwise or title
        return self._document(answer, request, title=title, attribution=name, licence=_OWN)

    def _text(self, source: str, request: LessonRequest, attempt: Attempt, child: Child) -> Document:
        text = self._kept_text(source.removeprefix(_KEPT_TEXT))
        if text is None:
            raise DataError(
                "The text that was handed in with the request is not kept any more.", hint="Ask for the lesson anew."
            )
        answer = child.ask({"text": text, "name": _STDIN_NAME}, attempt, _STDIN_NAME)
        handed_in = "text handed in by the user"
        document = self._document(answer, request, title=request.topic, attribution=handed_in, licence=_OWN)
        return _as_told(document)

    def _page(self, address: str, request: LessonRequest, attempt: Attempt) -> Document:
        host = _host(address)
        asked = {
            "address": address,
            "name": host,
            "user_agent": self._user_agent,
            "hosts": list(request.source_hosts),
        }
        # A child of its own: fetching takes other time than reading.
        with Child(_FORMATS, Limits(seconds=_ADDRESS_SECONDS, memory_bytes=self._limits.memory_bytes)) as child:
            answer = child.ask(asked, attempt, host, Unavailable)
        path = urlsplit(address).path.rstrip("/").rpartition("/")[2]
        document = self._document(
            answer,
            request,
            title=title_of(path) if path else host,
            attribution="",
            licence=answer["licence"] or _UNSTATED,
        )
        return dataclasses.replace(document, url=address.partition("#")[0], attribution=f"“{document.title}”, {host}")

    def _document(
        self, answer: dict[str, Any], request: LessonRequest, *, title: str, attribution: str, licence: str
    ) -> Document:
        said = answer["title"] if says_anything(answer["title"]) else title
        return Document(
            title=said[:1].upper() + said[1:],
            text=answer["text"],
            language=request.language,
            url=None,
            revision=f"sha256:{answer['sha256'][:12]}",
            retrieved=self._now(),
            licence=licence,
            attribution=attribution,
            parts=tuple(Part(**part) for part in answer["parts"]),
        )

    def _now(self) -> datetime:
        return self._clock.now()

    # ------------------------------------------------------------ a folder

    def _folder(
        self, folder: Path, request: LessonRequest, attempt: Attempt, child: Child, *, is_first: bool
    ) -> Material:
        name = printable(folder.name) or "the folder"
        files, passed_over = _files_in(folder)
        deadline = time.monotonic() + _FOLDER_SECONDS
        read: list[tuple[str, Document]] = []
        missing: ConfigurationError | None = None
        for number, path in enumerate(files):
            if time.monotonic() > deadline:
                passed_over.append(f"{len(files) - number} more files of “{name}” were not read: it took too long.")
                break
            attempt.progress("sources", 5, f"Reading {printable(path.name)} ({number + 1} of {len(files)})")
            shown = printable(path.relative_to(folder).as_posix())
            try:
                read.append((path.name, self._file(path, shown, request, attempt, child)))
            except Unavailable:
                raise
            except LessongenError as error:
                missing = error if isinstance(error, ConfigurationError) else missing
                passed_over.append(error.message)
        if not read:
            if missing is not None:
                raise missing
            why = f" {passed_over[0]}" if passed_over else ""
            raise DataError(
                f"“{name}” holds no file with running text.{why}", hint="Give text, HTML, PDF or DOCX files."
            )
        candidates = ranked(read, request)
        chosen, how = _chosen(candidates, request, name, is_first=is_first)
        rest = [each for each in candidates if each is not chosen and each.fits]
        return Material(
            article=chosen.document,
            others=_fitting_in(rest),
            resolution=how,
            passed_over=_shortened(passed_over, name),
        )


def _as_told(document: Document) -> Document:
    """The document with its title in the number in which its text speaks of it."""
    return dataclasses.replace(document, title=in_its_number(document.title, document.text, document.language))


def _host(address: str) -> str:
    """The server of an address. Raises `DataError` for one that can't be fetched."""
    return printable(urlsplit(checked_address(address)).hostname or "")


def _chosen(
    candidates: Sequence[Candidate], request: LessonRequest, folder: str, *, is_first: bool
) -> tuple[Candidate, str]:
    titles = ", ".join(candidate.document.title for candidate in candidates[:3])
    if request.article and is_first:
        named = next((each for each in candidates if is_titled(each, request.article)), None)
        if named is None:
            raise Uncovered(f"“{folder}” holds no file titled “{request.article}”.", hint=f"Nearest titles: {titles}.")
        return named, f"the file of “{folder}” that was asked for: {named.document.attribution}"
    best = candidates[0]
    if len(candidates) == 1:
        return best, f"the only readable file of “{folder}”: {best.document.attribution}"
    if not best.fits and is_first:
        raise Uncovered(
            f"No file of “{folder}” is about “{request.topic}”.",
            hint=f"Nearest titles: {titles}. Name one with --article TITLE, or give its file.",
        )
    return best, f"of {len(candidates)} files of “{folder}” {best.document.attribution}: {best.reason}"


def _files_in(folder: Path) -> tuple[list[Path], list[str]]:
    """The folder's files, and those of its folders, in order; hidden ones and links to folders are not followed."""
    files: list[Path] = []
    passed_over: list[str] = []
    for path in _walk(folder, passed_over):
        if len(files) == _MOST_FILES:
            passed_over.append(
                f"“{printable(folder.name)}” holds more than {_MOST_FILES} files; the others were not read."
            )
            break
        files.append(path)
    return files, passed_over


def _walk(folder: Path, passed_over: list[str]) -> Iterator[Path]:
    def unread(error: OSError) -> None:
        passed_over.append(f"“{printable(Path(error.filename).name)}” can't be read: {error.strerror}.")

    for place, folders, names in os.walk(folder, onerror=unread):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.suffix.lower() not in _SILENT and path.is_file():
                yield path


def _fitting_in(candidates: Sequence[Candidate]) -> tuple[Document, ...]:
    """The best ones, as many as are sensible."""
    taken: list[Document] = []
    length = 0
    for candidate in candidates[:_MOST_OTHERS]:
        length += len(candidate.document.text)
        if length > _MOST_OTHER_CHARACTERS:
            break
        taken.append(candidate.document)
    return tuple(taken)


def _once(documents: Sequence[Document], *, beside: Document) -> tuple[Document, ...]:
    """Each text once: a file may stand in a folder and be named by itself."""
    texts = {beside.text}
    kept = []
    for document in documents:
        if document.text not in texts:
            texts.add(document.text)
            kept.append(document)
    return tuple(kept)


def _shortened(reasons: Sequence[str], folder: str) -> tuple[str, ...]:
    if len(reasons) <= _MOST_REASONS:
        return tuple(reasons)
    return (*reasons[:_MOST_REASONS], f"{len(reasons) - _MOST_REASONS} more files of “{folder}” were passed over.")
