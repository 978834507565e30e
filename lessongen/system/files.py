"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO

from lessongen.system.addresses import DatabaseAddress
from lessongen.system.errors import CannotWrite, UsageError
from lessongen.system.privacy import make_private_folder, users_umask

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


def spare(target: Path, database: Path | DatabaseAddress) -> None:
    """Raise `UsageError` where a file to be written is the database itself."""
    if isinstance(database, DatabaseAddress):
        return
    if os.path.exists(target) and os.path.exists(database) and target.samefile(database):
        raise UsageError(f"{target} is the database itself.", hint="Choose another file with --output.")


def make_folder(path: Path, *, private: bool = False, hint: str | None = None) -> None:
    """Make the folder, and those above it, where it is not there. Raises `CannotWrite` with the hint.

    It gets the rights that the user's umask leaves; a `private` one is for this user alone.
    """
    try:
        make_private_folder(path, 0o700 if private else 0o777 & ~users_umask())
    except OSError as error:
        raise CannotWrite(f"The folder {path} can't be made: {error.strerror}.", hint=hint) from error


class NoFile(OSError):
    """What a path leads to is no regular file: a folder, a pipe, a device."""


def open_input(path: Path, *, takes_pipes: bool = False) -> BinaryIO:
    """Open a file to read it, and never wait for a pipe or a device. Raises `OSError`, for those `NoFile`.

    With `takes_pipes`, what a shell has opened for this process is taken: /dev/stdin, and /dev/fd/63 as in `<(…)`.
    """
    is_open_already = takes_pipes and is_descriptor(path)
    if not is_open_already:
        _require_regular(path.stat().st_mode)  # opening a device may already do something
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not is_open_already:
            _require_regular(os.fstat(descriptor).st_mode)  # it may have been put there since
        elif hasattr(os, "set_blocking"):
            os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        with contextlib.suppress(OSError):
            os.close(descriptor)
        raise


def read_input(path: Path, most_bytes: int) -> bytes:
    """The bytes of a file. Raises `OSError`, also for one that is longer, and for what is no regular file."""
    with open_input(path) as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise OSError(errno.EFBIG, f"it is longer than {most_bytes / 1e6:g} MB")
    return data


def holds_other(path: Path, data: bytes) -> bool:
    """Whether there is a file with other content than this. Raises `CannotWrite` for what can't be looked at.

    What data flows through, as a pipe, holds nothing.
    """
    try:
        with open_input(path) as file:
            return file.read(len(data) + 1) != data
    except (FileNotFoundError, NoFile):
        return False
    except OSError as error:
        raise CannotWrite(f"{path} can't be written: {error.strerror}.", hint="Choose another place.") from error


def is_descriptor(path: Path) -> bool:
    """Whether a path names what this process has open already, as /dev/stdin does."""
    return re.fullmatch(r"/dev/(?:stdin|fd/[0-9]+)|/proc/(?:self|[0-9]+)/fd/[0-9]+", os.path.abspath(path)) is not None


def _require_regular(mode: int) -> None:
    if not stat.S_ISREG(mode):
        what = next((name for kind, name in _KINDS.items() if stat.S_IFMT(mode) == kind), "not a regular file")
        raise NoFile(errno.EINVAL, f"it is {what}")


_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Replace the file at `path` by `data`, atomically; its folder must exist.

    A new file gets the rights that the user's umask leaves; a `private` one is for this user alone, also if it is not
    new.

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
        half_written.chmod(0o600 if private else _mode_of(path))
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
    return 0o666 & ~users_umask()


def _refused(path: Path, error: OSError) -> CannotWrite:
    return CannotWrite(
        f"{path} can't be written: {error.strerror}.",
        hint="Choose a file in a folder that exists and that you may use.",
    )
