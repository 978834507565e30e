"""The address and the key of a model server, as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlsplit

from lessongen.system.errors import ConfigurationError
from lessongen.system.printable import printable

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "none"  # what is sent to a server that asks for no key

_ENDPOINT = "/chat/completions"
_HINT = "Set OPENAI_BASE_URL to an address such as https://api.openai.com/v1 or http://127.0.0.1:8080/v1."


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where requests go: below `url`, each with `query`, through the Unix socket at `socket_path` where there is one.

    `shown` is for people and holds no secret.
    """

    url: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    socket_path: str | None = None
    shown: str


def address_of(text: str | None) -> Address:
    """The address that a person wrote; None is OpenAI's own.

    http://…, https://…, or unix:///path/of/a.sock. An address without a path gets "/v1", where servers listen; the
    endpoint "/chat/completions" at its end is taken off, and a query (Azure's api-version) goes with each request.
    Raises `ConfigurationError`.
    """
    text = (text or OPENAI_URL).strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ConfigurationError("The address of the model server is no URL.", hint=_HINT) from error
    if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
        return Address(url="http://localhost/v1", socket_path=parts.path, shown=f"unix://{printable(parts.path)}")
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError(
            "The address of the model server holds a user name or a password.",
            hint="Leave it out of OPENAI_BASE_URL, and set OPENAI_API_KEY instead.",
        )
    if parts.scheme not in ("http", "https") or not parts.hostname or any(letter.isspace() for letter in text):
        raise ConfigurationError("The address of the model server is neither http nor https.", hint=_HINT)
    path = parts.path.rstrip("/").removesuffix(_ENDPOINT).rstrip("/") or "/v1"
    url = SplitResult(parts.scheme, parts.netloc, path, "", "").geturl()
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{path}"
    return Address(url=url, query=dict(parse_qsl(parts.query)), shown=printable(shown))


def usable_key(key: str, address: Address) -> str:
    """The key as it is sent: without space around it, "none" for a server other than OpenAI's where there is no key.

    Raises `ConfigurationError` for one that can't stand in a header.
    """
    key = key.strip()
    if not key and address.url == OPENAI_URL:
        raise ConfigurationError(
            "There is no API key for OpenAI.",
            hint="Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.",
        )
    if not all("!" <= letter <= "~" for letter in key):
        raise ConfigurationError(
            "The API key holds characters that no key has.",
            hint="Set OPENAI_API_KEY again: only letters, digits and signs, without spaces, line breaks and quotes.",
        )
    return key or NO_KEY
