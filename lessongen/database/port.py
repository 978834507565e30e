"""What a database offers to the nouns: how each of them reads and writes, whichever one it is.

Their SQL is what SQLite and PostgreSQL both understand; what they say in different words is in
`postgres/dialect.py`. Rows are read by a column's name or its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Row(Protocol):
    """One row of an answer."""

    def __getitem__(self, key: Any, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def keys(self) -> list[str]:
        """The names of its columns."""
        ...


class Cursor(Protocol):
    """The answer to a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed."""
        ...

    def fetchone(self) -> Any:
        """The next row; None after the last one."""
        ...

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection inside a transaction. Parameters are `?` or `:name`."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor:
        """Run one statement with each of the parameters."""
        ...


class WritingConnection(Connection, Protocol):
    """A connection that transactions are begun and ended on."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on it."""
        ...


class Database(Protocol):
    """Reads and transactions. Transactions run one after the other, so that each finds what the one before it left."""

    def durable(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that is on disk when this returns."""
        ...

    def quick(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that a killed process keeps and a power cut may undo."""
        ...

    def read(self, sql: str, parameters: Any = ...) -> list[Any]:
        """All rows of one query."""
        ...

    def data_version(self) -> int:
        """A number that changes when another connection has written."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...
