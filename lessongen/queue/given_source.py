"""A source as a person names it: an address, or a path that then means the same from any folder."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from lessongen.system.errors import NotFound, UsageError
from lessongen.system.files import given_path
from lessongen.system.terminal import quoted

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class GivenSources:
    """How sources are read that stand at one place, on a command line or in a file.

    A relative path is taken from `folder`, which `called` names. The other texts are how errors speak of the place:
    what leaves the network alone there, and what to do then; what to do about a pipe.
    """

    folder: Path
    called: str
    leaves_network: str
    offline_hint: str
    pipe_hint: str

    def known(self, text: str, *, offline: bool, seeks_near: bool = True) -> str:
        """A source as a worker in another folder understands it: an address, or a path that is there, made absolute.

        Raises `UsageError`; `NotFound` for a path where nothing is, with the name that is nearest to it if that is to
        be sought, which takes its time in a large folder.
        """
        scheme = _SCHEME.match(text)
        return self._path(text, seeks_near) if scheme is None else self._address(text, scheme[1], offline=offline)

    def _address(self, text: str, scheme: str, *, offline: bool) -> str:
        if scheme.lower() not in ("http", "https"):
            raise UsageError(f"A source can't be fetched by {quoted(scheme)}.", hint="Give an http or https address.")
        if not _ADDRESS.fullmatch(text):
            raise UsageError(
                "The source is no address that can be fetched.",
                hint="Give one such as https://example.org/page, without a space, and without a name and password.",
            )
        if offline:
            raise UsageError(
                f"{quoted(text)} is on the network, which {self.leaves_network} leaves alone.", hint=self.offline_hint
            )
        return scheme.lower() + text[len(scheme) :]

    def _path(self, text: str, seeks_near: bool) -> str:
        path = (self.folder / given_path(text, "a source")).absolute()
        try:
            is_folder, is_file = path.is_dir(), path.is_file()
            is_there = is_folder or is_file or path.exists()
        except OSError as error:
            hint = "Change its permissions."
            raise UsageError(f"{quoted(text)} can't be read: {error.strerror}.", hint=hint) from error
        if not is_there:
            raise NotFound(f"There is no file or folder {quoted(text)}.", hint=self._missing_hint(path, seeks_near))
        if not (is_folder or is_file):
            raise UsageError(f"{quoted(text)} is neither a file nor a folder.", hint=self.pipe_hint)
        if not os.access(path, os.R_OK | (os.X_OK if is_folder else 0)):
            raise UsageError(f"{quoted(text)} can't be read: permission denied.", hint="Change its permissions.")
        if is_file:
            from lessongen.system.libraries import require_library

            require_library(path)
        return str(path)

    def _missing_hint(self, path: Path, seeks_near: bool) -> str:
        try:
            near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=1) if seeks_near else []
        except OSError:
            near = []
        return f"Did you mean {near[0]}?" if near else f"Check the path; it is taken from {self.called}."
