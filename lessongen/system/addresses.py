"""The address of a database server, which may hold a password: what is shown of it holds none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SCHEME = re.compile(r"\s*postgres(?:ql)?://", re.IGNORECASE)
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[\w.%-]*)(?::\d{1,5})?"
_PARTS = re.compile(
    rf"postgres(?:ql)?://(?:([^\s:@/?#]*)(?::([^\s@/?#]*))?@)?({_HOST}(?:,{_HOST})*)(/[^\s/?#]+)(?:\?([^\s#]*))?",
    re.ASCII | re.IGNORECASE,
)
_SECRETS = {"password", "sslpassword"}
# Those parameters of libpq's that are shown; what else is there may be a secret.
_PUBLIC = {
    *("host", "hostaddr", "port", "dbname", "user", "service", "options", "application_name", "connect_timeout"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding", "target_session_attrs", "passfile"),
}


@dataclass(frozen=True)
class DatabaseAddress:
    """A database of a PostgreSQL server: `postgresql://user@host:port/name`, with libpq's parameters after a `?`."""

    url: str = field(repr=False)
    shown: str
    has_password: bool

    def __str__(self) -> str:
        """The address without its password."""
        return self.shown


def is_address(text: str) -> bool:
    """Whether that is the address of a PostgreSQL database, good or bad."""
    return _SCHEME.match(text) is not None


def database_address(text: str) -> DatabaseAddress:
    """The address that a text is. Raises `ValueError`, which says what to give and never what was given."""
    from urllib.parse import parse_qsl, urlencode

    found = _PARTS.fullmatch(text.strip())
    if found is None:
        raise ValueError("an address such as postgresql://user@host:5432/name")
    user, password, hosts, name, query = found.groups()
    given = parse_qsl(query or "", keep_blank_values=True)
    public = [(key, value) for key, value in given if key in _PUBLIC]
    shown = "postgresql://" + (f"{user}@" if user else "") + hosts + name + (f"?{urlencode(public)}" if public else "")
    has_password = password is not None or any(key in _SECRETS for key, _ in given)
    return DatabaseAddress(url=text.strip(), shown=shown, has_password=has_password)
