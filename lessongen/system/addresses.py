"""The address of a database server, which may hold a password: what is shown of it holds none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SCHEME = re.compile(r"\s*postgres(?:ql)?://", re.IGNORECASE)
_SECRETS = {"password", "sslpassword"}


@dataclass(frozen=True)
class DatabaseAddress:
    """A database of a PostgreSQL server: `postgresql://user@host:port/name`, with libpq's parameters after a `?`."""

    url: str = field(repr=False)
    shown: str
    has_password: bool

    def __str__(self) -> str:
        """The address without password and parameters."""
        return self.shown


def is_address(text: str) -> bool:
    """Whether that is the address of a PostgreSQL database, good or bad."""
    return _SCHEME.match(text) is not None


def database_address(text: str) -> DatabaseAddress:
    """The address that a text is. Raises `ValueError`, which says what to give and never what was given."""
    from urllib.parse import parse_qsl, urlsplit

    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise ValueError("an address such as postgresql://user@host:5432/name") from None
    if not parts.path.strip("/") or parts.fragment or re.search(r"[\s\x00-\x1f\x7f]", text.strip()):
        raise ValueError("an address such as postgresql://user@host:5432/name")
    user = parts.username or ""
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    shown = "postgresql://" + (f"{user}@" if user else "") + host + (f":{port}" if port else "") + parts.path
    given = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    return DatabaseAddress(
        url=text.strip(), shown=shown, has_password=parts.password is not None or bool(given & _SECRETS)
    )
