"""Who asks: the machine's owner on the loopback, or the user of a token; and what they may see."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from lessongen.app import App
from lessongen.lesson.records import SubmitLimit
from lessongen.system.bearer import token_hash
from lessongen.web.problems import Refusal
from lessongen.web.starter import Starter

COOKIE = "lessongen_token"
_LONGEST_TOKEN = 200
_GUESSES_PER_MINUTE = 20
_ADDRESSES_KEPT = 10_000
_HOUSEHOLD_BITS = 64  # of an IPv6 address: who has one has 2**64


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks. `user` is None for the owner, who sees all tasks; `limit` is that of the token, kept by its hash."""

    user: str | None
    limit: SubmitLimit | None = None
    sha256: str | None = None

    def may_see(self, user: str) -> bool:
        """Whether that user's tasks are this caller's to see and decide on."""
        return self.user is None or self.user == user

    def named(self, user_id: str | None, default: str) -> str:
        """Whose a new task is. Raises `Refusal` where a token's user speaks for another."""
        if self.user is None:
            return user_id if user_id is not None else default
        if user_id is not None and user_id != self.user:
            raise Refusal(
                403, "The token belongs to another user than `user_id`.", code="forbidden", hint="Leave user_id out."
            )
        return self.user


@dataclass
class Guesses:
    """How often an address has lately come with a token that is none."""

    most: int = _GUESSES_PER_MINUTE
    _seen: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_over(self, address: str) -> bool:
        """Whether the address must wait."""
        with self._lock:
            since, count = self._seen.get(address, (0.0, 0))
            return count >= self.most and time.monotonic() - since < 60

    def count(self, address: str) -> None:
        """Note a wrong guess."""
        with self._lock:
            since, count = self._seen.pop(address, (0.0, 0))
            now = time.monotonic()
            self._seen[address] = (now, 1) if now - since >= 60 else (since, count + 1)
            while len(self._seen) > _ADDRESSES_KEPT:
                self._seen.popitem(last=False)


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Lets callers in. Without `demands_token` whoever comes without one is the owner."""

    app: App
    demands_token: bool
    guesses: Guesses = field(default_factory=Guesses)

    def caller(self, connection: HTTPConnection) -> Caller:
        """Who asks. Raises `Refusal` (401, 429)."""
        token = given_token(connection)
        if token is None:
            if self.demands_token:
                raise _unauthorised("A token is demanded.")
            return Caller(user=None)
        return self.caller_of(token, address_of(connection))

    def caller_of(self, token: str, address: str) -> Caller:
        """The user of a token that came from an address. Raises `Refusal`."""
        sha256 = token_hash(token)
        found = self.app.store.tokens.find(sha256) if len(token) <= _LONGEST_TOKEN else None
        if found is None:
            # Only whoever guesses is slowed down: behind a proxy all come from one address.
            if self.guesses.is_over(address):
                raise Refusal(429, "Too many wrong tokens.", code="try_later", headers={"Retry-After": "60"})
            self.guesses.count(address)
            raise _unauthorised("The token is not valid.")
        return Caller(user=found.user, limit=found.limit, sha256=sha256)

    def user_of(self, token: str) -> str | None:
        """The user of a token, None if it is not valid; asks the database, and counts no guess."""
        found = self.app.store.tokens.find(token_hash(token)) if 0 < len(token) <= _LONGEST_TOKEN else None
        return found.user if found is not None else None


def address_of(connection: HTTPConnection) -> str:
    """The address that callers are counted by: of IPv6 the network of one household, and IPv4 in one spelling."""
    host = connection.client.host if connection.client else ""
    try:
        ip = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""  # what a proxy passed on that is no address is one caller, whatever it says
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return str(ipaddress.ip_network((ip, _HOUSEHOLD_BITS), strict=False))
        ip = ip.ipv4_mapped
    return str(ip)


def given_token(connection: HTTPConnection) -> str | None:
    """The token of a request: `Authorization: Bearer …`, or the cookie that the pages set."""
    given = connection.headers.getlist("authorization")
    if len(given) > 1:
        return ""  # whoever is in between may have gone by another one of them
    kind, _, value = "".join(given).partition(" ")
    if kind.lower() == "bearer" and value.strip():
        return value.strip()
    if kind:
        return ""  # another scheme is no reason to take the caller for the owner
    return connection.cookies.get(COOKIE) or None


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a handler works with: the app, and who asks."""

    app: App
    caller: Caller
    starter: Starter


def call(connection: HTTPConnection) -> Call:
    """Who asks, and the app. Asks the database where a token was given. Raises `Refusal`."""
    state = connection.app.state
    gate: Gate = state.gate
    return Call(app=gate.app, caller=gate.caller(connection), starter=state.starter)


async def _calling(connection: HTTPConnection) -> Call:
    """As `call`; a thread is taken only to look for a token."""
    if given_token(connection) is None:
        return call(connection)
    return await run_in_threadpool(call, connection)


Asking = Annotated[Call, Depends(_calling)]


def _unauthorised(detail: str) -> Refusal:
    return Refusal(401, detail, code="unauthorised", headers={"WWW-Authenticate": 'Bearer realm="lessongen"'})
