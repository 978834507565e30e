"""What the fault tests share: a queue of their own, and its roster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lessongen.jobs import Jobs
from lessongen.queue.presence import Roster
from tests.processes import roster_of
from tests.queues import open_jobs


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    """A queue in the test's folder."""
    jobs = open_jobs(tmp_path)
    yield jobs
    jobs.store.close()


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    """The roster of the workers of that queue."""
    return roster_of(tmp_path)
