"""The index file: where it is, whether it is whole, and one read-only connection to it that threads share."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import threading
from pathlib import Path
from typing import Any

from lessongen.sources.offline.facts import shipped_facts, shipped_neighbours
from lessongen.sources.offline.pack import Pack
from lessongen.sources.offline.schema import SCHEMA
from lessongen.system import importing
from lessongen.system.errors import ConfigurationError, DatabaseFull, LessongenError, Unavailable
from lessongen.system.privacy import close_to_others

_BUILD_SECONDS = 120
_TIDYING_SECONDS = 5
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR})


class Index:
    """Read-only queries over a whole index file; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises `sqlite3.DatabaseError` if it is cut off or no index at all."""
        self.path = path
        self._lock = threading.Lock()
        # The file is replaced, never changed, so readers need no locks of SQLite's.
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        try:
            self._require_whole()
        except BaseException:
            self._connection.close()
            raise

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query. Raises `Unavailable` if the file turns out to be damaged, having removed it."""
        try:
            with self._lock:
                return self._connection.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in _DAMAGED:
                raise
            self.path.unlink(missing_ok=True)
            raise Unavailable(
                f"The index of the offline encyclopedia is damaged ({error}).",
                hint="It is built anew when next opened.",
            ) from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _require_whole(self) -> None:
        meta = dict(self._connection.execute("SELECT name, value FROM meta"))
        page_size = self._connection.execute("PRAGMA page_size").fetchone()[0]
        if self.path.stat().st_size < int(meta["pages"]) * page_size:
            raise sqlite3.DatabaseError("the file is cut off")


def open_index(folder: Path, pack: Pack) -> Index:
    """The index of the pack in `folder`, built first if it is not there or not whole.

    Raises `ConfigurationError` if it can't be built there.
    """
    path = index_path(folder, pack)
    close_to_others(path)  # an older lessongen left it open
    try:
        return Index(path)
    except (sqlite3.DatabaseError, OSError):
        _build_in_a_child(path)
    try:
        return Index(path)
    except (sqlite3.DatabaseError, OSError) as error:
        raise ConfigurationError(f"The index of the offline encyclopedia can't be opened: {error}.") from error


def index_path(folder: Path, pack: Pack) -> Path:
    """Where in `folder` the index of the pack is, or is to be built: its name changes with all that it is made of."""
    made_of = hashlib.sha256(pack.sha256.encode() + shipped_neighbours() + shipped_facts()).hexdigest()
    return folder / f"offline-{pack.language}-{pack.version}-{made_of[:12]}-{SCHEMA}.db"


def _build_in_a_child(path: Path) -> None:
    try:
        code, said = _run_builder(path)
    except (OSError, subprocess.SubprocessError) as error:
        raise _not_built(path, str(error)) from error
    if code:
        raise _not_built(path, said.strip() or f"it ended with {code}")


def _run_builder(path: Path) -> tuple[int, str]:
    """The builder's exit code and what it said; told to end, with time to tidy up, when this process is."""
    builder = subprocess.Popen(  # noqa: S603 our own module
        importing.command("lessongen.sources.offline.build", os.fspath(path.resolve())),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=importing.environment(os.environ, secrets=False),
        text=True,
        errors="replace",
    )
    with builder:
        try:
            said = builder.communicate(timeout=_BUILD_SECONDS)[1]
        except BaseException:
            builder.terminate()
            try:
                builder.wait(_TIDYING_SECONDS)
            except subprocess.TimeoutExpired:
                builder.kill()
            raise
    return builder.returncode, said


def _not_built(path: Path, why: str) -> LessongenError:
    detail = why.splitlines()[-1]
    if "is full" in detail or "No space left" in detail:
        return DatabaseFull(
            f"The disk is full: the index of the offline encyclopedia takes 20 MB in {path.parent}.",
            hint="Free some space, or set LESSONGEN_HOME to a folder on another disk.",
        )
    return ConfigurationError(
        f"The index of the offline encyclopedia can't be built in {path.parent}: {detail}",
        hint="Is there room, and may you write there?",
    )
