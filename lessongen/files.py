"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
from pathlib import Path

from lessongen.errors import CannotWrite, UsageError

# File systems take 255 bytes a name and 4096 a path; beside a database stand files with its name and a suffix.
_LONGEST_NAME, _LONGEST_PATH = 240, 4_000
# What other programs take for an address. A single letter is one of Windows' drives.
_ADDRESS = re.compile(
    r"\s*(?:[a-z][a-z0-9+.-]+:/|(?:file|sqlite3?|postgres(?:ql)?|mysql|mariadb|https?|jdbc):|:memory:)", re.IGNORECASE
)


def given_path(text: str, what: str) -> Path:
    """The path that a person gave, `~` resolved. Raises `UsageError` for an address, and what can't be a path."""
    if not text.strip():
        raise UsageError(f"The path of {what} is empty.", hint="Give the path of a file.")
    if _ADDRESS.match(text):
        shown = re.sub(r"//[^/@]*@", "//…@", text)[:60]  # without a password
        raise UsageError(f"{shown} is an address, and {what} is a file.", hint="Give the path of a file.")
    if "\0" in text:
        raise UsageError(f"The path of {what} holds a NUL character.", hint="Give the path of a file.")
    if any(len(os.fsencode(part)) > _LONGEST_NAME for part in text.split(os.sep)) or len(text) > _LONGEST_PATH:
        raise UsageError(f"The path of {what} is too long.", hint="Give a shorter path.")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise UsageError(f"The path of {what} names a user who has no home folder: {text}") from error


def spare(target: Path, database: Path) -> None:
    """Raise `UsageError` where a file to be written is the database itself."""
    if os.path.exists(target) and os.path.exists(database) and target.samefile(database):
        raise UsageError(f"{target} is the database itself.", hint="Choose another file with --output.")


def make_folder(path: Path, *, hint: str | None = None) -> None:
    """Make the folder, and those above it, where it is not there. Raises `CannotWrite` with the hint."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"The folder {path} can't be made: {error.strerror}.", hint=hint) from error


def write_whole(path: Path, data: bytes) -> None:
    """Replace the file at `path` by `data`, atomically; its folder must exist.

    A link is followed; a terminal or a pipe is written to, never replaced. Raises `CannotWrite`; the file is then as it
    was before, and nothing half-written is left behind.
    """
    try:
        path = Path(os.path.realpath(path))
        if _is_stream(path):
            _write_through(path, data)
            return
        descriptor, name = tempfile.mkstemp(prefix=".lessongen-", dir=path.parent)
    except OSError as error:
        raise _refused(path, error) from error
    half_written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half_written.chmod(_mode_of(path))
        half_written.replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            half_written.unlink()


def _is_stream(path: Path) -> bool:
    """Whether data flows through what is there: a terminal, a pipe. Raises `CannotWrite` for what takes no lesson."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISCHR(mode) or stat.S_ISFIFO(mode):
        return True
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "no regular file"
        raise CannotWrite(f"{path} can't be written: it is {what}.", hint="Give the path of a file.")
    if not mode & 0o222 or not os.access(path, os.W_OK):  # root may write anything, also what is marked read-only
        raise CannotWrite(
            f"{path} can't be written: it is read-only.", hint="Choose another file, or change its permissions."
        )
    return False


def _write_through(path: Path, data: bytes) -> None:
    """Write to a stream; a pipe that nobody reads is an error, not a reason to wait."""
    with os.fdopen(os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0)), "wb") as stream:
        os.set_blocking(stream.fileno(), True)
        stream.write(data)


def _mode_of(path: Path) -> int:
    """The permissions that the file has, or that a new one would get."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _refused(path: Path, error: OSError) -> CannotWrite:
    return CannotWrite(
        f"{path} can't be written: {error.strerror}.",
        hint="Choose a file in a folder that exists and that you may use.",
    )
