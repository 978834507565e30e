"""Time, injected: wall-clock moments for people, a boot clock for leases."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class BootTime:
    """Seconds since `boot` started; moments of different boots don't compare."""

    boot: str
    seconds: float


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def boot_time(self) -> BootTime:
        """The present on a clock that no one can set and that runs on while the machine sleeps."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def boot_time(self) -> BootTime:
        if hasattr(time, "CLOCK_BOOTTIME"):
            return BootTime(boot=_boot_id(), seconds=time.clock_gettime(time.CLOCK_BOOTTIME))
        # Elsewhere (macOS, Windows) boots have no id to compare; the wall clock is the one that all processes share.
        return BootTime(boot="", seconds=time.time())


@cache
def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def to_text(moment: datetime) -> str:
    """ISO 8601 in UTC, always to the microsecond: `2026-01-31T09:00:00.000000Z`; so text order is time order."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_text(text: str) -> datetime:
    """The moment that `to_text` wrote."""
    return datetime.fromisoformat(text)
