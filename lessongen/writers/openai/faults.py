"""What goes wrong between us and a model server, told in our own words: never a key, never a prompt.

Knows statuses, headers and bodies, no HTTP library. A server's own words are quoted only after `Secrets` has looked
at them: servers echo keys (OpenAI does, half masked) and whole requests (those built on FastAPI do).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lessongen.system.errors import (
    BadAnswer,
    ConfigurationError,
    KeyRefused,
    LessongenError,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    Unavailable,
)
from lessongen.system.printable import printable
from lessongen.system.retry_after import retry_after
from lessongen.writers.openai.address import NO_KEY
from lessongen.writers.openai.error_body import ServerError, error_of, is_used_up

_LONGEST_QUOTE = 240
_SHARED_WITH_KEY = 5  # so many characters of the key in a word, and the word goes
_SHARED_WITH_PROMPT = 24  # bytes of letters and digits in a row, and it is no accident
_LONGEST_SEARCHED = 8_000
_SECRET = re.compile(r"(?i)\b(?:bearer\s+\S+|(?:sk|pk|rk|gsk|xai|hf)[-_][\w*.\-]{4,}|AIza[\w\-]{8,})")

# How an exception of openai's is understood; by name, because importing openai takes half a second. "status" ones
# carry a response, "stream" ones an error that was sent as an event of a stream.
OPENAI_ERRORS: Mapping[str, str] = {
    "OpenAIError": "configuration",
    "APIError": "stream",
    "APIStatusError": "status",
    "APIConnectionError": "connection",
    "APITimeoutError": "timeout",
    "WebSocketConnectionClosedError": "connection",
    "WebSocketQueueFullError": "connection",
    "APIResponseValidationError": "answer",
    "LengthFinishReasonError": "answer",
    "ContentFilterFinishReasonError": "answer",
    "StreamAlreadyConsumed": "answer",
    "InvalidWebhookSignatureError": "answer",
    "SubjectTokenProviderError": "configuration",
    "MutuallyExclusiveAuthError": "configuration",
    "APIRemovedInV1": "configuration",
    "_AmbiguousModuleClientUsageError": "configuration",
}


def kind_of(exception: type[BaseException]) -> str:
    """How an exception of openai's is understood: as the nearest of its classes that is known."""
    return next(
        (OPENAI_ERRORS[kind.__name__] for kind in exception.__mro__ if kind.__name__ in OPENAI_ERRORS), "connection"
    )


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What no message may hold: the key, and the text of the prompt."""

    key: str = field(repr=False)
    prompt: str = field(default="", repr=False)

    def cleaned(self, text: str) -> str:
        """The text without the key or pieces of it, on one line, shortened; "" where it repeats the prompt."""
        if self.repeats_prompt(text):
            return ""
        text = _SECRET.sub("[key]", text)
        words = re.split(r"([\s\"'`,;:()<>{}=]+)", text)
        shown = printable("".join("[key]" if self._is_of_key(word) else word for word in words))
        return shown if len(shown) <= _LONGEST_QUOTE else shown[: _LONGEST_QUOTE - 1] + "…"

    def repeats_prompt(self, text: str) -> bool:
        """Whether a stretch of the prompt stands in the text, in whatever case, spacing and escapes."""
        said, prompt = _folded(text), _folded(self.prompt)
        length = _SHARED_WITH_PROMPT
        if len(said) > _LONGEST_SEARCHED:
            return bool(prompt)  # no error needs so many words of its own
        return any(said[at : at + length] in prompt for at in range(len(said) - length + 1))

    def without_prompt(self, error: ServerError) -> ServerError:
        """What a server said, without its message where that repeats the prompt."""
        return dataclasses.replace(error, message="") if self.repeats_prompt(error.message) else error

    def _is_of_key(self, word: str) -> bool:
        length = _SHARED_WITH_KEY
        if self.key in ("", NO_KEY) or len(self.key) < length:
            return word == self.key not in ("", NO_KEY)
        return any(word[at : at + length] in self.key for at in range(len(word) - length + 1))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which server and model an error is about; both can be shown, `address` holds no secret."""

    address: str
    model: str
    secrets: Secrets


# ---------------------------------------------------------------- answers that are errors


def refused(place: Place, status: int, headers: Mapping[str, str], body: object, now: datetime) -> LessongenError:
    """The error for an answer with a status of 300 or more."""
    error = error_of(body)
    said = place.secrets.cleaned(error.message)
    if is_used_up(status, error):
        return QuotaUsedUp(
            f"The account at {place.address} has nothing left to spend ({status}).",
            hint="Add credit or raise the limit there, or name another server in OPENAI_BASE_URL.",
        )
    if status == 401 or (status == 403 and not error.is_about_model):
        return KeyRefused(
            f"{place.address} refuses the API key ({status}).",
            hint="Set OPENAI_API_KEY to a key that this server takes, and that may use this model.",
        )
    if status == 429:
        return RateLimited(
            _sentence(f"{place.address} takes no more requests for now (429)", said),
            hint="It is tried again later. Fewer workers, or limits.calls_per_minute, keep below the limit.",
            retry_after_seconds=retry_after(headers, now, body),
        )
    if status in (408, 409, 425) or (status >= 500 and status != 501):
        return Unavailable(
            _sentence(f"{place.address} can't answer now ({status})", said),
            hint="It is tried again later.",
            retry_after_seconds=retry_after(headers, now, body),
        )
    if error.is_overflow:
        return RequestRefused(
            _sentence(f"The request is too long for the model “{place.model}” ({status})", said),
            hint="Choose a model with a longer context, start your own server with a longer one, or lower "
            "openai.source_tokens.",
        )
    return RequestRefused(
        _sentence(f"{place.address} refuses the request ({status})", said),
        hint=_remedy(place, status, error),
    )


def sent_in_stream(place: Place, body: object, now: datetime) -> LessongenError:
    """The error for one that was sent under status 200: as an event of a stream, or as the whole body."""
    return refused(place, error_of(body).status, {}, body, now)


def _remedy(place: Place, status: int, error: ServerError) -> str:
    if error.is_about_model:
        return f"`lessongen models` shows what the server offers; “{place.model}” is not of it, or not for you."
    if status in (404, 405) or status < 400:
        return "Is the address right? It mostly ends in /v1. Set OPENAI_BASE_URL."
    if status == 413:
        return "Lower openai.source_tokens, or use a server that takes larger requests."
    return "Try another model or server; what it refuses is said above."


# ---------------------------------------------------------------- connections


def unreachable(place: Place, causes: Iterable[BaseException]) -> LessongenError:
    """The error for a connection that could not be made, or that broke; `causes` is the chain of exceptions."""
    names = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    if "SSLCertVerificationError" in names:
        return ConfigurationError(
            f"The certificate of {place.address} can't be trusted.",
            hint="Set SSL_CERT_FILE to the certificate of whoever signed it, or mend the address in OPENAI_BASE_URL.",
        )
    if names & {"UnsupportedProtocol", "LocalProtocolError", "TooManyRedirects"}:
        return ConfigurationError(
            f"No request can be made to {place.address}.", hint="Mend the address in OPENAI_BASE_URL."
        )
    for name, message, hint in _BROKEN:
        if name in names:
            return Unavailable(message.format(place.address), hint=hint)
    return Unavailable(
        f"The connection to {place.address} failed.", hint="Is it reachable from here? It is tried again later."
    )


_BROKEN = (
    ("ProxyError", "The proxy on the way to {} refuses.", "Look at HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."),
    ("gaierror", "{} can't be found.", "Is the network up, and the name in OPENAI_BASE_URL right?"),
    ("ConnectionRefusedError", "Nothing listens at {}.", "Start the model server, or mend OPENAI_BASE_URL."),
    ("FileNotFoundError", "Nothing listens at {}.", "Start the model server, or mend OPENAI_BASE_URL."),
    ("SSLError", "No secure connection to {} can be made.", "Does it speak https? Look at OPENAI_BASE_URL."),
    ("ReadError", "The connection to {} broke in mid-answer.", "It is tried again later."),
    ("RemoteProtocolError", "The connection to {} broke in mid-answer.", "It is tried again later."),
    ("DecodingError", "What {} sent can't be decoded.", "It is tried again later."),
)


def silent(place: Place, seconds: float) -> Unavailable:
    """The error for a server that says nothing for so long."""
    return Unavailable(
        f"{place.address} said nothing for {seconds:g} seconds.",
        hint="It is tried again later. For a slow machine: lessongen config set openai.read_seconds 600",
    )


def too_slow(place: Place, seconds: float) -> Unavailable:
    """The error for an answer that did not end within the deadline of a call."""
    return Unavailable(
        f"{place.address} did not end its answer within {seconds:g} seconds.",
        hint="It is tried again later. For a slow machine: lessongen config set openai.call_seconds 1800",
    )


def unusable(
    place: Place, why: str, hint: str = "The step is tried again.", *, error: type[BadAnswer] = BadAnswer
) -> BadAnswer:
    """The error for an answer that is none; `error` is `NotAsAsked` where the model said it to its end or limit."""
    return error(f"The answer of “{place.model}” can't be used: {why}.", hint=hint)


def _sentence(text: str, said: str) -> str:
    return f"{text}: {said.rstrip('.')}." if said else f"{text}."


def _folded(text: str) -> bytes:
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return "".join(character for character in plain.lower() if character.isalnum()).encode()
