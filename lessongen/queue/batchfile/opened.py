"""A batch file, or standard input, opened to be read."""

from __future__ import annotations

import contextlib
import difflib
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from lessongen.system.errors import NotFound, UsageError
from lessongen.system.files import NoFile, given_path, is_descriptor, open_input
from lessongen.system.terminal import quoted

STDIN = "-"
_STANDARD_INPUT = "standard input"


@contextlib.contextmanager
def opened(file: str, note: Callable[[str], None]) -> Iterator[tuple[BinaryIO, str, Path]]:
    """The bytes of the file, what it is called, and the folder that its rows' paths are taken from.

    Raises `NotFound`, `UsageError`.
    """
    if file == STDIN:
        yield _standard_input(note), _STANDARD_INPUT, _here()
        return
    path = _existing(file)
    try:
        stream = open_input(path, takes_pipes=True)
    except NoFile as error:
        raise UsageError(
            f"{quoted(file)} can't be read: {error.strerror}.",
            hint=f"What comes out of a pipe is given as -, as in: cat {shlex.quote(file)} | lessongen batch submit -",
        ) from error
    except OSError as error:
        raise UsageError(f"{quoted(file)} can't be read: {error.strerror}.", hint="Change its permissions.") from error
    with stream:
        yield stream, file, _here() if is_descriptor(path) else path.parent


def _existing(file: str) -> Path:
    """The absolute path of a batch file that is there. Raises `NotFound`, `UsageError`."""
    path = Path(os.path.abspath(given_path(file, "the batch file")))
    try:
        is_there, is_folder = path.exists(), path.is_dir()
    except OSError as error:
        raise UsageError(f"{quoted(file)} can't be read: {error.strerror}.", hint="Change its permissions.") from error
    if not is_there:
        raise NotFound(f"There is no file {quoted(file)}.", hint=_near(path))
    if is_folder:
        raise UsageError(f"{quoted(file)} is a folder.", hint="Give a file of CSV, JSON Lines or YAML.")
    return path


def _near(path: Path) -> str:
    try:
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=1)
    except OSError:
        near = []
    return f"Did you mean {near[0]}?" if near else f"It is looked for as {path}; cron starts in the home folder."


def _standard_input(note: Callable[[str], None]) -> BinaryIO:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None or stream.closed:
        raise UsageError("Standard input is closed.", hint="Pipe the rows into it, or name a file.")
    if stream.isatty():
        note("Reading the rows from the terminal; Ctrl-D ends them.")
    found: BinaryIO = stream
    return found


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was deleted
        return Path(os.sep)
