"""When a server says to come again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT_SECONDS = 3_600.0


def retry_after(headers: Mapping[str, str], now: datetime, body: object = None) -> float | None:
    """In how many seconds a server says to come again, from 0 to an hour; None where it says nothing of use.

    Read in this order: `retry-after-ms`; `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), which is taken
    against the server's own `Date`; the `x-ratelimit-reset` family, of those limits that are used up; Google's
    `retryDelay` in the body.
    """
    found = {name.lower(): value.strip() for name, value in headers.items()}
    milliseconds = _number(found.get("retry-after-ms"))
    if milliseconds is not None:
        return _within(milliseconds / 1_000)
    if "retry-after" in found:
        server_now = _date(found.get("date")) or now
        waits = [_wait(found["retry-after"], server_now)]
    else:
        waits = [_wait(value, now) for value in _used_up_limits(found)] or [_wait(_delay_in(body), now)]
    known = [wait for wait in waits if wait is not None]
    return _within(max(known)) if known else None


def _used_up_limits(headers: Mapping[str, str]) -> Iterable[str]:
    """When limits are lifted: of those with nothing remaining; of all, if none says what remains."""
    resets = {name: value for name, value in headers.items() if re.search(r"ratelimit-(?:\w+-)?reset", name)}
    remaining = {name: headers.get(name.replace("reset", "remaining")) for name in resets}
    if any(left is not None for left in remaining.values()):
        return [value for name, value in resets.items() if _number(remaining[name]) == 0]
    return list(resets.values())


def _wait(text: str | None, now: datetime) -> float | None:
    """Seconds from: "12", "0.5", "6m0s", "120ms", a moment since 1970 in seconds or milliseconds, a date."""
    if not text:
        return None
    number = _number(text)
    if number is not None:
        if number > 1e11:
            number /= 1_000
        return number - now.timestamp() if number > 1e8 else number
    if re.fullmatch(r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|[dhms]))+", text):
        parts = re.findall(r"([0-9]+(?:\.[0-9]+)?)(ms|[dhms])", text)
        return sum(float(value) * _UNITS[unit] for value, unit in parts)
    moment = _date(text)
    return None if moment is None else (moment - now).total_seconds()


_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}


def _number(text: str | None) -> float | None:
    if text is None or not re.fullmatch(r"-?\d{1,300}(?:\.\d+)?", text, re.ASCII):
        return None
    return float(text)


def _date(text: str | None) -> datetime | None:
    if not text:
        return None
    readers: tuple[Callable[[str], datetime], ...] = (parsedate_to_datetime, datetime.fromisoformat)
    for read in readers:
        try:
            moment = read(text)
        except (ValueError, OverflowError):
            continue
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None


def _delay_in(body: object) -> str | None:
    found = re.search(r'"retryDelay": "([0-9.]+s)"', json.dumps(body, default=str))
    return found[1] if found else None


def _within(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)
