"""What each column takes, in the words in which `create` refuses the same option."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from lessongen.jobs import validate
from lessongen.lesson.task import LessonRequest, Priority
from lessongen.queue.batchfile.defaults import Defaults
from lessongen.queue.given_source import GivenSources
from lessongen.system.errors import LessongenError, NotFound, UsageError
from lessongen.system.names import LONGEST_NAME, require_text
from lessongen.system.settings import parsed
from lessongen.system.terminal import quoted

_VALID = LessonRequest(subject="x", topic="x")
_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
_DIFFERENT = ("topic", "focus", "key", "seed")
_MOST_REMEMBERED = 20_000
_MOST_SEARCHES = 20  # for what a missing file was meant to be
_FIRST_ODD = "\u034f"  # the first printable character that shows nothing; Latin letters are before it
_LONGEST_SOURCE = 4_096
_SURE_DIGITS = 18  # a number with so many is below 2^63

Cell = str | tuple[str, ...]


class Reader(dict[Any, Any]):
    """What the texts of one column mean, each worked out once. Raises the `LessongenError` that refuses a text."""

    def __init__(self, parse: Callable[[Any], Any]) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, cell: Any) -> Any:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        value = self[cell] = self._parse(cell)
        return value


class NewReader(Reader):
    """As `Reader`, for a column in which hardly two texts are alike; remembers nothing."""

    def __missing__(self, text: str) -> Any:
        return self._parse(text)


def readers(defaults: Defaults) -> Mapping[str, dict[Any, Any]]:
    """What reads each column; `source` and `after` are not among them."""
    parse: dict[str, Callable[[str], Any]] = {
        "topic": partial(_named, "topic"),
        "subject": partial(_named, "subject"),
        "language": _setting("defaults.language"),
        "level": _setting("defaults.level"),
        "variant": _setting("defaults.variant"),
        "article": partial(_named, "article"),
        "focus": partial(_named, "focus"),
        "writer": lambda text: defaults.writers.known(text.lower()),
        "model": partial(_named, "model"),
        "template": _setting("openai.template"),
        "minutes": partial(_whole, "minutes"),
        "questions": partial(_whole, "questions"),
        "seed": _seed,
        "priority": Priority.named,
        "wikipedia": _setting("sources.wikipedia"),
        "images": _setting("sources.images"),
        "offline": _setting("sources.offline"),
        "max_cost": _cost,
        "key": _key,
    }
    return {column: (NewReader if column in _DIFFERENT else Reader)(each) for column, each in parse.items()}


def source_reader(defaults: Defaults) -> dict[Any, Any]:
    """What reads the column `source`: pairs of a cell and whether the row is offline; gives the request's sources."""

    searches = 0
    given_sources = GivenSources(
        folder=defaults.folder,
        called=str(defaults.folder),
        leaves_network="an offline lesson",
        offline_hint="Give a file, or let the lesson not be offline.",
        pipe_hint="Save what it gives as a file.",
    )

    def known(text: str, offline: bool) -> str:
        nonlocal searches
        require_text("source", text, longest=_LONGEST_SOURCE)
        if text == "-":
            raise UsageError("A row can't be written from standard input.", hint="Name a file, a folder or an address.")
        try:
            return given_sources.known(text, offline=offline, seeks_near=searches < _MOST_SEARCHES)
        except NotFound:
            searches += 1
            raise

    def read(given: tuple[Cell, bool]) -> tuple[str, ...]:
        cell, offline = given
        texts = [text.strip() for text in cell.split("|")] if isinstance(cell, str) else cell
        sources = tuple(dict.fromkeys(known(text, offline) for text in texts if text))
        validate(replace(_VALID, sources=sources))
        return sources

    return Reader(read)


def in_a_file(error: LessongenError) -> tuple[str, str | None]:
    """The message and the hint of an error, options named as columns."""
    hint = None if error.hint is None else _named_as_columns(error.hint)
    return _named_as_columns(error.message), hint


def _named_as_columns(text: str) -> str:
    return _OPTION.sub(lambda found: found[1].replace("-", "_"), text)


def _is_plainly_good(text: str) -> bool:
    """Whether a text can be a name for reasons that need no look at each character, as most are."""
    if not text.isprintable() or not text[0].isalnum() or len(text) > LONGEST_NAME:
        return False
    return text.isascii() or max(text) < _FIRST_ODD


def _named(field: str, text: str) -> str:
    if _is_plainly_good(text):
        return text
    validate(replace(_VALID, **{field: text}))  # type: ignore[arg-type]  # the fields that are texts
    return text


def _setting(key: str) -> Callable[[str], Any]:
    return lambda text: parsed(key, text, "flag")


def _whole(field: str, text: str) -> int:
    found = re.fullmatch(r"(-?\d{1,20})(?:\.0+)?", text, re.ASCII)
    if found is None:
        raise UsageError(f"{quoted(text)} is no whole number.", hint="Write it in digits; or leave it empty.")
    value = int(found[1])
    validate(replace(_VALID, **{field: value}))  # type: ignore[arg-type]  # the fields that are numbers
    return value


def _cost(text: str) -> float | None:
    value: float | None = parsed("openai.max_cost", text, "flag")
    validate(replace(_VALID, max_cost=value))
    return value


def _seed(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= _SURE_DIGITS:
        return int(text)
    return _whole("seed", text)


def _key(text: str) -> str:
    if not _is_plainly_good(text):
        require_text("key", text)
    return text
