"""Where a row's text comes from: addresses, and paths that mean the same from any folder."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

from lessongen.system.errors import NotFound, UsageError
from lessongen.system.files import given_path
from lessongen.system.names import require_text
from lessongen.system.terminal import quoted

_LONGEST = 4_096
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", re.IGNORECASE)


def known_source(text: str, *, folder: Path, offline: bool, seeks_near: bool = True) -> str:
    """A source as a worker in another folder understands it: an address, or a path that is there, made absolute.

    A relative path is taken from `folder`. Raises `UsageError`; `NotFound` for a path where nothing is, with the name
    that is nearest to it if that is to be sought, which takes its time in a large folder.
    """
    require_text("source", text, longest=_LONGEST)
    if text == "-":
        raise UsageError("A row can't be written from standard input.", hint="Name a file, a folder or an address.")
    scheme = _SCHEME.match(text)
    return _path(text, folder, seeks_near) if scheme is None else _address(text, scheme[1], offline=offline)


def _address(text: str, scheme: str, *, offline: bool) -> str:
    if scheme.lower() not in ("http", "https"):
        raise UsageError(f"A source can't be fetched by {quoted(scheme)}.", hint="Give an http or https address.")
    if not _ADDRESS.fullmatch(text):
        raise UsageError(
            "The source is no address that can be fetched.",
            hint="Give one such as https://example.org/page, without a space, and without a name and password.",
        )
    if offline:
        raise UsageError(
            f"{quoted(text)} is on the network, which an offline lesson leaves alone.",
            hint="Give a file, or let the lesson not be offline.",
        )
    return scheme.lower() + text[len(scheme) :]


def _path(text: str, folder: Path, seeks_near: bool) -> str:
    path = (folder / given_path(text, "a source")).absolute()
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
        is_there = is_folder or is_file or path.exists()
    except OSError as error:
        raise UsageError(f"{quoted(text)} can't be read: {error.strerror}.", hint="Change its permissions.") from error
    if not is_there:
        raise NotFound(f"There is no file or folder {quoted(text)}.", hint=_missing_hint(path, folder, seeks_near))
    if not (is_folder or is_file):
        raise UsageError(f"{quoted(text)} is neither a file nor a folder.", hint="Save what it gives as a file.")
    if not os.access(path, os.R_OK | (os.X_OK if is_folder else 0)):
        raise UsageError(f"{quoted(text)} can't be read: permission denied.", hint="Change its permissions.")
    if is_file:
        from lessongen.system.libraries import require_library

        require_library(path)
    return str(path)


def _missing_hint(path: Path, folder: Path, seeks_near: bool) -> str:
    try:
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=1) if seeks_near else []
    except OSError:
        near = []
    return f"Did you mean {near[0]}?" if near else f"Check the path; it is taken from {folder}."
