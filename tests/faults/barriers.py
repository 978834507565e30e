"""Named points at which a process can be killed: just before and just after each commit of a transaction that wrote,
wherever a program names one, and on wish inside a transaction after each statement that wrote.

The barriers of a commit are named after the transaction's first statement that changed something. Each process writes
the names of the barriers that it passes to `barriers` in the folder, one a line, so that a first run tells a suite
which there are.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import threading
from pathlib import Path
from typing import Any

_WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)", re.IGNORECASE)


class Barriers:
    """The barriers of one process, which is killed at the one of number `die_at`, counted from 0."""

    def __init__(self, folder: Path, die_at: int | None) -> None:
        self._names = folder / "barriers"
        self._die_at = die_at
        self._passed = 0
        self._lock = threading.Lock()

    def reach(self, name: str) -> None:
        """Pass the barrier of that name, or die at it."""
        with self._lock:
            with self._names.open("a") as names:
                names.write(name + "\n")
            if self._passed == self._die_at:
                os.kill(os.getpid(), signal.SIGKILL)
            self._passed += 1

    def connection(self, *, inside: bool = False) -> type[sqlite3.Connection]:
        """A connection class that reaches barriers around commits, and `inside` transactions too."""
        barriers = self

        class BarrierConnection(sqlite3.Connection):
            wrote: str | None = None

            def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
                if sql != "COMMIT" or self.wrote is None:
                    return self._note(sql, super().execute(sql, *parameters))
                name, self.wrote = self.wrote, None
                barriers.reach(f"before commit of {name}")
                cursor = super().execute(sql, *parameters)
                barriers.reach(f"after commit of {name}")
                return cursor

            def executemany(self, sql: str, parameters: Any) -> sqlite3.Cursor:
                return self._note(sql, super().executemany(sql, parameters))

            def _note(self, sql: str, cursor: sqlite3.Cursor) -> sqlite3.Cursor:
                writes = _WRITES.match(sql)
                if writes and cursor.rowcount != 0:
                    self.wrote = self.wrote or " ".join(writes.groups()).lower()
                    if inside:
                        barriers.reach(f"inside {self.wrote}")
                return cursor

        return BarrierConnection


def passed(folder: Path) -> list[str]:
    """The names of the barriers that processes have passed in this folder."""
    return (folder / "barriers").read_text().splitlines()
