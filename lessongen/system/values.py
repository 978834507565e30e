"""How a setting's value is written as text. What reads one raises `ValueError` that says what is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from lessongen.system.addresses import DatabaseAddress, database_address, is_address
from lessongen.system.errors import LessongenError
from lessongen.system.files import given_path
from lessongen.system.levels import KNOWN, level_of, nearest
from lessongen.system.names import base_language, require_name
from lessongen.system.paper import PAPERS

HOST = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LONGEST_SECONDS = 100 * 366 * 86_400.0
_DECIMAL = r"[0-9]{1,6}(?:\.[0-9]{1,6})?"

N = TypeVar("N", int, float)


def seconds(text: str) -> float:
    """A duration in seconds: "90s", "5m", "1h", "30d", "2w", or a bare number of seconds. Raises `ValueError`."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhdw]?)\s*", text.lower(), re.ASCII)
    if found is None:
        raise ValueError('a duration such as "90s", "5m", "1h", "30d" or "0"')
    value = float(found[1]) * _UNITS[found[2]]
    if value > _LONGEST_SECONDS:
        raise ValueError("a duration of at most a hundred years")
    return value


def duration(text: str) -> timedelta:
    """As `seconds`."""
    return timedelta(seconds=seconds(text))


def interval(text: str) -> float:
    """A duration in seconds that is longer than 0."""
    value = seconds(text)
    if value <= 0:
        raise ValueError("a duration longer than 0")
    return value


def whole(low: int, high: int) -> Callable[[str], int]:
    """What reads a whole number within bounds."""

    return _within(r"[0-9]{1,9}", int, low, high, f"a whole number from {low} to {high}")


def _within(form: str, read: Callable[[str], N], low: float, high: float, wanted: str) -> Callable[[str], N]:
    def parse(text: str) -> N:
        if not re.fullmatch(form, text.strip(), re.ASCII) or not low <= read(text) <= high:
            raise ValueError(wanted)
        return read(text)

    return parse


def word(text: str) -> str:
    """A short text, such as a name."""
    try:
        require_name("name", text)
    except LessongenError as error:
        raise ValueError("a short text with a letter or a digit, and nothing in it that can't be seen") from error
    return text.strip()


def maybe(text: str) -> str:
    """A short text, or none."""
    return word(text) if text else ""


def language(text: str) -> str:
    """The code of a language."""
    try:
        return base_language(text)
    except LessongenError as error:
        raise ValueError("the code of a language, such as en") from error


def level(text: str) -> str:
    """A level that is known."""
    try:
        return level_of(text)
    except LessongenError as error:
        near = nearest(text)
        raise ValueError(KNOWN + (f" ({near} comes nearest)" if near else "")) from error


def switch(text: str) -> bool:
    """Yes or no."""
    words = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}
    if text.strip().lower() not in words:
        raise ValueError("yes or no")
    return words[text.strip().lower()]


def limit(text: str) -> int | None:
    """A whole number from 1, or none."""
    if text.strip().lower() == "none":
        return None
    try:
        return whole(1, 1_000_000_000)(text)
    except ValueError as error:
        raise ValueError("none or a whole number from 1") from error


def amount(text: str) -> float | None:
    """Dollars, or none."""
    if text.strip().lower() == "none":
        return None
    if not re.fullmatch(_DECIMAL, text.strip(), re.ASCII):
        raise ValueError("none or a number of dollars, such as 0.05")
    return float(text)


def number(low: float, high: float) -> Callable[[str], float]:
    """What reads a number within bounds."""

    return _within(_DECIMAL, float, low, high, f"a number from {low:g} to {high:g}")


def address(text: str) -> str:
    """The address of a server, or none."""
    if text and not re.fullmatch(r"https?://[^\s/@]+(?:/\S*)?", text):
        raise ValueError("an address that begins with http:// or https:// and holds no password")
    return text.rstrip("/")


def listed(form: str, wanted: str) -> Callable[[str], tuple[str, ...]]:
    """What reads texts of one form with commas between; `wanted` says what one is."""

    def parse(text: str) -> tuple[str, ...]:
        each = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
        if not all(re.fullmatch(form, part, re.ASCII) for part in each):
            raise ValueError(f"{wanted}, several with commas between")
        return each

    return parse


def paper(text: str) -> str:
    """The name of a size of paper, or auto."""
    names, name = ("auto", *PAPERS), text.strip().lower()
    if name not in names:
        raise ValueError(f"one of {', '.join(names)}")
    return name


def maybe_path(text: str) -> Path | None:
    """The path of a file, or none."""
    return path(text) if text else None


def database(text: str) -> Path | DatabaseAddress:
    """The path of a database's file, or the address of a database of a server."""
    return database_address(text) if is_address(text) else path(text)


def path(text: str) -> Path:
    """The path of a file."""
    try:
        return given_path(text, "the database").absolute()
    except LessongenError as error:
        raise ValueError("the path of a file") from error
