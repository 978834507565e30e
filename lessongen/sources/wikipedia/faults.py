"""What a wiki's refusals and unusable answers mean, as errors of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lessongen.sources.wikipedia.site import Site
from lessongen.system.errors import (
    BadAnswer,
    ConfigurationError,
    LessongenError,
    RateLimited,
    Unavailable,
    UnsupportedLanguage,
)
from lessongen.system.printable import printable
from lessongen.system.retry_after import retry_after

_AGAIN = "Try again later; with --no-wikipedia the offline encyclopedia is used."
_ADDRESS = "Is sources.mediawiki_url the address of the wiki's api.php?"
_CONTACT = "Set sources.contact to an address or page where the wiki's operators can reach you."
_NOT_ALLOWED = (401, 402, 403, 407, 451)
# mediawiki.org/wiki/API:Errors_and_warnings, API:Etiquette and Manual:Maxlag_parameter
_BUSY_CODES = re.compile(r"maxlag|ratelimited|actionthrottledtext|toomany\w*|readonly|hookaborted|blocked-rate")
_CLOSED_CODES = re.compile(r"readapidenied|permissiondenied|badaccess\w*|blocked|autoblocked|globalblocking\w*")


def refused(site: Site, status: int, headers: Mapping[str, str], now: datetime) -> LessongenError:
    """What an answer of another status than 200 means."""
    if status in (429, 503):
        return busy(site, retry_after(headers, now))
    if status in (404, 410):
        if site.is_wikipedia:
            return UnsupportedLanguage(
                f"There is no Wikipedia at {site.host}.",
                hint="Ask in a language that has one, such as --language en.",
            )
        return ConfigurationError(f"{site.name} has no api.php there ({status}).", hint=_ADDRESS)
    if status in _NOT_ALLOWED:
        return ConfigurationError(f"{site.name} refuses to be read by a program ({status}).", hint=_CONTACT)
    if 300 <= status < 400:
        return ConfigurationError(f"{site.name} has moved ({status}).", hint=_ADDRESS)
    if status >= 500 or status in (408, 425):
        return Unavailable(
            f"{site.name} is at fault or overloaded ({status}).",
            hint=_AGAIN,
            retry_after_seconds=retry_after(headers, now),
        )
    return unusable(site, f"its status is {status}")


def said(site: Site, answer: Mapping[str, Any], headers: Mapping[str, str], now: datetime) -> LessongenError | None:
    """What an error object under status 200 means; None where there is none in the answer."""
    found = answer.get("error") or answer.get("errors")
    if not found:
        return None
    error = found[0] if isinstance(found, list) else found
    code = str(error.get("code", "")) if isinstance(error, Mapping) else ""
    if _BUSY_CODES.fullmatch(code):
        return busy(site, retry_after(headers, now))
    if _CLOSED_CODES.fullmatch(code):
        return ConfigurationError(f"{site.name} does not let everyone read it ({printable(code)}).", hint=_CONTACT)
    if code.startswith("internal_api_error"):
        return Unavailable(f"{site.name} is at fault ({printable(code)[:60]}).", hint=_AGAIN)
    return unusable(site, f"it is the error “{printable(code)[:60]}”")


def busy(site: Site, seconds: float | None) -> RateLimited:
    """The wiki takes no more requests for so long; None where it does not say."""
    return RateLimited(
        f"{site.name} takes no more requests for now.",
        hint="The task is tried again by itself; sources.requests_per_second makes it ask less often.",
        retry_after_seconds=seconds,
    )


def unusable(site: Site, why: str) -> BadAnswer:
    """An answer that can't be used."""
    return BadAnswer(f"The answer of {site.name} can't be used: {why}.", hint=_AGAIN)


def late(site: Site, seconds: float) -> Unavailable:
    """An answer that did not come, or did not end, in time."""
    return Unavailable(f"{site.name} did not answer in full within {seconds:g} seconds.", hint=_AGAIN)


def unreachable(site: Site, error: Exception) -> Unavailable:
    """A connection that failed, or broke."""
    return Unavailable(f"{site.name} can't be reached: {printable(str(error)) or type(error).__name__}.", hint=_AGAIN)
