"""How often each caller may ask: counted by the user of a valid token, or else by address; never by what was sent."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import Scope

from lessongen.system.bearer import token_hash
from lessongen.web.callers import Gate, address_of, given_token

_CALLERS_KEPT = 10_000
TRUSTED_SECONDS = 1.0  # so long a token that was found valid is not looked for again
_TOKENS_KEPT = 10_000


@dataclass
class Pace:
    """At most so many requests a minute of each caller: a bucket that fills evenly, as large as ten seconds' worth."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait_seconds(self, who: str) -> float:
        """0 where the request may pass, else when the next one may."""
        size = max(1.0, self.per_minute / 6)
        now = self.clock()
        left, at = self._buckets.pop(who, (size, now))
        left = min(size, left + (now - at) * self.per_minute / 60)
        may_pass = left >= 1
        self._buckets[who] = (left - 1 if may_pass else left, now)
        while len(self._buckets) > _CALLERS_KEPT:
            self._buckets.popitem(last=False)
        return 0.0 if may_pass else (1 - left) * 60 / self.per_minute


@dataclass
class Counting:
    """Whose requests are counted together: those of one user, by whichever of their tokens, or of one address.

    A token is looked for once a second at most, so that what a burst costs is no burst of reads.
    """

    gate: Gate
    clock: Callable[[], float] = time.monotonic
    _found: OrderedDict[str, tuple[float, str]] = field(default_factory=OrderedDict)

    async def who(self, scope: Scope) -> str:
        """The caller of a request. Raises `DatabaseError` where a token can't be looked for."""
        connection = HTTPConnection(scope)
        token = given_token(connection)
        user = await self._user(token) if token else None
        return f"user {user}" if user is not None else f"address {address_of(connection)}"

    async def _user(self, token: str) -> str | None:
        """The user of a token; None where it is not valid."""
        key = token_hash(token)
        at, user = self._found.get(key, (float("-inf"), ""))
        if self.clock() - at < TRUSTED_SECONDS:
            return user
        found = await run_in_threadpool(self.gate.user_of, token)
        self._found.pop(key, None)
        if found is not None:
            self._found[key] = (self.clock(), found)
            while len(self._found) > _TOKENS_KEPT:
                self._found.popitem(last=False)
        return found
