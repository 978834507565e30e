"""An empty database of a real server, and stores over it that are closed after the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from lessongen.store import PostgresStore
from lessongen.system.addresses import DatabaseAddress
from tests.postgres import Server, server_or_skip


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    """The server of the session."""
    return server_or_skip(request)


@pytest.fixture
def address(server: Server) -> Iterator[DatabaseAddress]:
    """A new database with the schema."""
    with server.database() as found:
        yield found


@pytest.fixture
def opened(address: DatabaseAddress) -> Iterator[Callable[[], PostgresStore]]:
    """Opens stores over the database, each as another process has it."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(PostgresStore(address)))
