"""One connection to PostgreSQL that speaks as the nouns do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from lessongen.database.postgres.dialect import spoken

# A server gives up a transaction whose client has gone silent, so that what it holds is not held for ever; a client
# notices a server that has gone in about as long.
_SERVER = {
    "idle_in_transaction_session_timeout": "10s",
    "lock_timeout": "60s",
    "client_connection_check_interval": "5s",
    "standard_conforming_strings": "on",
}
_CLIENT = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "client_encoding": "utf8",
    "application_name": "lessongen",
}


class Unsure(Exception):
    """The connection broke while a transaction was being committed: it may be in the database or not."""


class Row(tuple[Any, ...]):
    """A row that is read by a column's name or its place."""

    __slots__ = ()
    names: Sequence[str] = ()
    places: dict[str, int]

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.places[key] if isinstance(key, str) else key)

    def keys(self) -> list[str]:
        """The names of its columns."""
        return list(self.names)


@cache
def _row_type(names: tuple[str, ...]) -> type[Row]:
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    return type("Row", (Row,), {"__slots__": (), "names": names, "places": places})


def _rows(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
    return _row_type(tuple(column.name for column in cursor.description or ()))


def _storable(parameters: Any) -> Any:
    """The parameters without the one character that PostgreSQL's texts can't hold, NUL; it stands for nothing."""
    if isinstance(parameters, Mapping):
        return {name: whole(value) for name, value in parameters.items()}
    return tuple(map(whole, parameters))


def whole(value: Any) -> Any:
    """A value as PostgreSQL can keep it: a text without NUL."""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) and "\0" in value else value


class Connection:
    """A connection to the database of that address, opened when first used, and anew when it is told to `renew`.

    Never by itself: what goes on in a transaction that is gone would be written without the first half of it.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._raw: psycopg.Connection[Row] | None = None

    @property
    def raw(self) -> psycopg.Connection[Row]:
        """The connection of psycopg's; raises its `OperationalError` where the server can't be reached."""
        if self._raw is None:
            self._raw = psycopg.connect(self._url, autocommit=True, row_factory=_rows, **self._parameters())
        return self._raw

    def _parameters(self) -> dict[str, Any]:
        given = psycopg.conninfo.conninfo_to_dict(self._url)
        options = " ".join(f"-c {name}={value}" for name, value in _SERVER.items())
        options = f"{options} {given.get('options', '')} -c search_path=lessongen,pg_catalog"
        client = {name: value for name, value in _CLIENT.items() if name not in given}
        return {**client, "options": options}

    def renew(self) -> None:
        """Open it anew when it is used next, if it broke."""
        if self._raw is not None and self._raw.closed:
            self._raw = None

    @property
    def is_open(self) -> bool:
        """Whether it is open, as far as is known here."""
        return self._raw is not None and not self._raw.closed

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on it."""
        return self.is_open and self.raw.info.transaction_status != TransactionStatus.IDLE

    def execute(self, sql: str, parameters: Any = ()) -> psycopg.Cursor[Row]:
        """Run one statement of the nouns. Raises `Unsure` where a commit may have failed or not."""
        try:
            return self.raw.execute(spoken(sql), parameters or None)
        except psycopg.DataError as error:
            if error.sqlstate is not None:
                raise
            return self.raw.execute(spoken(sql), _storable(parameters))  # nothing was sent
        except psycopg.Error as error:
            if sql == "COMMIT" and not self.is_open:
                raise Unsure from error
            raise

    def executemany(self, sql: str, parameters: Iterable[Any]) -> psycopg.Cursor[Row]:
        """Run one statement of the nouns with each of the parameters."""
        cursor = self.raw.cursor()
        cursor.executemany(spoken(sql), [_storable(row) for row in parameters])
        return cursor

    def run(self, sql: str) -> None:
        """Run statements in PostgreSQL's own words, several at once."""
        self.raw.execute(sql.encode())

    def close(self) -> None:
        """Close it."""
        if self._raw is not None:
            self._raw.close()
