"""The server's clock, by which all hosts go: their own may be minutes apart."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from lessongen.system.clock import BootTime, SystemClock

if TYPE_CHECKING:
    from lessongen.database.postgres.database import Database

BOOT = "postgresql"
_ASKED_EVERY_SECONDS = 30.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ServerClock:
    """The server's clock, asked now and then; in between this machine's own seconds are counted."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._own = SystemClock()
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._ahead = 0.0

    def now(self) -> datetime:
        """The present moment on the server, in UTC."""
        return _EPOCH + timedelta(seconds=self._seconds())

    def boot_time(self) -> BootTime:
        """The same: what one host leases by it, every other can tell the end of."""
        return BootTime(boot=BOOT, seconds=self._seconds())

    def _seconds(self) -> float:
        own = self._own.boot_time().seconds
        with self._lock:
            if own - self._asked_at > _ASKED_EVERY_SECONDS:
                before = time.monotonic()
                server = self._database.seconds()
                own = self._own.boot_time().seconds
                self._ahead = server + (time.monotonic() - before) / 2 - own
                self._asked_at = own
            return own + self._ahead
