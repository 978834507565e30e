"""Each promise is held against both stores: SQLite's in a folder, and PostgreSQL's in a database of a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import queues
from tests.postgres import server_or_skip
from tests.queues import Place


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Where the test's queue is; nothing is there yet. All stores that are opened are closed after the test."""
    with queues.stores_closed():
        if request.param == "sqlite":
            yield tmp_path
        else:
            with server_or_skip(request).database() as address, queues.stores_closed():
                yield address
