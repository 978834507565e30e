"""The openai library: opened when first needed, its exceptions told as ours."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from lessongen.system.connection import interruptible, traced
from lessongen.system.errors import ConfigurationError, LessongenError
from lessongen.system.memory import kept_while_busy
from lessongen.writers.openai import faults
from lessongen.writers.openai.address import Address
from lessongen.writers.openai.answers import Unusable
from lessongen.writers.openai.completion import SaidError
from lessongen.writers.openai.error_body import ServerError, error_of

if TYPE_CHECKING:
    import ssl

    import openai

_CONNECT_SECONDS = 10.0
_LOGGERS = ("openai", "httpx2", "httpcore2")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What went wrong; with the status and the words of the server, where it refused."""

    error: LessongenError
    status: int = 0
    said: ServerError | None = None


class Library:
    """openai's client for one address and key; may be used by several threads at once."""

    def __init__(self, address: Address, key: str, *, timeout_seconds: float) -> None:
        self._address = address
        self._key = key
        self._timeout_seconds = timeout_seconds
        self._opened: openai.OpenAI | None = None
        self._lock = threading.Lock()

    def opened(self) -> openai.OpenAI:
        """The client. Raises `ConfigurationError` where it can't be set up."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def close(self) -> None:
        """Let go of the client; the next use opens another."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
            self._opened = None

    def attempt(self, place: faults.Place, work: Callable[[], None], tick: Callable[[], None]) -> Failure | None:
        """Do the work with the client in a thread of its own, as `interruptible`; what failed, or None.

        The foreign exception ends here and is no cause of ours: its text may hold the key or the prompt, and a
        traceback would show it.
        """

        def guarded() -> Failure | None:
            import httpx2
            import openai

            try:
                work()
            except openai.OpenAIError as error:
                return self._understood(place, error)
            except SaidError as error:
                return Failure(error=faults.sent_in_stream(place, error.body, _now()))
            except Unusable as error:
                return Failure(error=faults.unusable(place, str(error)))
            except httpx2.TimeoutException:
                return Failure(error=faults.silent(place, self._timeout_seconds))
            except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
                return Failure(error=faults.unreachable(place, _chain(error)))
            except (ValueError, RecursionError):
                return Failure(error=faults.unusable(place, "it is no JSON"))
            return None

        return interruptible(guarded, tick)

    def _understood(self, place: faults.Place, error: openai.OpenAIError) -> Failure:
        import openai

        if isinstance(error, openai.APIStatusError):
            said = place.secrets.without_prompt(error_of(error.body))
            refusal = faults.refused(place, error.status_code, error.response.headers, error.body, _now())
            return Failure(error=refusal, status=error.status_code, said=said)
        match faults.kind_of(type(error)):
            case "stream":
                return Failure(error=faults.sent_in_stream(place, getattr(error, "body", None), _now()))
            case "timeout" if not any(type(cause).__name__ == "ConnectTimeout" for cause in _chain(error)):
                return Failure(error=faults.silent(place, self._timeout_seconds))
            case "answer":
                return Failure(error=faults.unusable(place, "it is no completion"))
            case "configuration":
                return Failure(error=_unusable_environment())
        return Failure(error=faults.unreachable(place, _chain(error)))

    def _open(self) -> openai.OpenAI:
        import httpx2
        import openai

        for name in _LOGGERS:  # OPENAI_LOG, or a root logger that debugs, would have them log what is sent
            logger = logging.getLogger(name)
            logger.setLevel(max(logger.level, logging.WARNING))
        timeout = httpx2.Timeout(self._timeout_seconds, connect=min(_CONNECT_SECONDS, self._timeout_seconds))
        path = self._address.socket_path
        try:
            # Connections are not kept: one that the server has closed meanwhile would fail the next call, and a call
            # can be broken off only where it opened its connection itself.
            trust = _trusted(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
            http = openai.DefaultHttpxClient(
                timeout=timeout,
                verify=trust,
                limits=httpx2.Limits(max_keepalive_connections=0),
                event_hooks={"request": [traced]},
                transport=None if path is None else httpx2.HTTPTransport(uds=path, verify=trust),
            )
            return openai.OpenAI(
                api_key=self._key,
                base_url=self._address.url,
                default_query=self._address.query,
                max_retries=0,
                timeout=timeout,
                http_client=http,
            )
        except (ValueError, TypeError, ImportError, OSError, httpx2.InvalidURL, openai.OpenAIError):
            failure = _unusable_environment()
        raise failure  # outside, so that it has no context: an address in the environment may hold a password


@lru_cache(maxsize=2)
def _trusted(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Whose certificates are believed, by what the environment names; to read them all takes 70 ms."""
    import httpx2

    return httpx2.create_ssl_context()


kept_while_busy(_trusted.cache_clear)


def _unusable_environment() -> ConfigurationError:
    return ConfigurationError(
        "No connection to a model server can be set up with this environment.",
        hint="Look at OPENAI_BASE_URL, SSL_CERT_FILE, SSL_CERT_DIR, HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.",
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _now() -> datetime:
    return datetime.now(UTC)
