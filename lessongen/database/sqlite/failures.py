"""SQLite's errors in words that a person can act on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from lessongen.database.half_copy import HALF_COPY, half_copy
from lessongen.database.sqlite.version import SCHEMA_VERSION
from lessongen.system.errors import DatabaseBusy, DatabaseError, DatabaseFull


def newer(path: Path, version: int) -> DatabaseError:
    """The error for a database that a newer lessongen has written, or that is half a copy."""
    if version == HALF_COPY:
        return half_copy(path, give_up=f"remove {path}")
    return DatabaseError(
        f"The database {path} was written by a newer lessongen (schema {version}; this one knows {SCHEMA_VERSION}).",
        hint="Upgrade lessongen, or choose another database with --db PATH.",
    )


def translate(error: sqlite3.Error, path: Path) -> DatabaseError:
    """The error that a person can act on, for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    primary = code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseBusy(
            f"The database {path} is locked by another process.", hint="Try again; `lessongen doctor` says who has it."
        )
    if primary == sqlite3.SQLITE_NOTADB:
        return DatabaseError(f"{path} is not a database.", hint="Choose another file with --db PATH.")
    if primary == sqlite3.SQLITE_CORRUPT:
        return DatabaseError(
            f"The database {path} is damaged: {error}.", hint="Restore a backup, or choose another with --db PATH."
        )
    if primary == sqlite3.SQLITE_READONLY:
        return DatabaseError(
            f"The database {path} can't be written: it, or its folder, is read-only.",
            hint="Change its permissions, or choose another with --db PATH.",
        )
    if primary == sqlite3.SQLITE_CANTOPEN:
        return DatabaseError(
            f"The database {path} can't be opened: {error}.",
            hint="Check that the path is a file in a folder that you may write to, or choose another with --db PATH.",
        )
    if primary == sqlite3.SQLITE_FULL:
        return DatabaseFull(
            f"The disk is full: nothing was written to {path}.", hint="Free some space; `lessongen purge` helps."
        )
    if code in (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE):  # a quota's limit is told as a failure
        return DatabaseFull(
            f"The disk takes no more: nothing was written to {path}.",
            hint="Free some space or raise the quota; if there is plenty of both, check the disk's health.",
        )
    if primary == sqlite3.SQLITE_IOERR:
        return DatabaseError(
            f"The disk refused to read or write {path}: {error}.", hint="Check the disk's space and health."
        )
    return DatabaseError(f"The database {path} failed: {error}.", hint="`lessongen doctor` says more.")
