"""SIGKILL around each commit of calls that go by the provider's Batch API: none is sent twice, none paid twice."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.batched_work import GOOD, KEY, Office
from tests.faults.barriers import passed
from tests.faults.soundness import verify
from tests.forked import Forked, start
from tests.processes import eventually
from tests.scripted_batches import Script, ScriptedBatches

pytestmark = pytest.mark.timeout(300)

# Barriers on a sent_batch's way, by run and name, and which of that name: where what was done is not recorded.
HURTS = (
    (0, "after commit of insert into sent_batches", 0),  # the sent_batch is there, its file is not
    (0, "before commit of update sent_batches", 0),  # its file is with the provider, and not recorded
    (0, "after commit of update sent_batches", 0),  # the file is recorded, the provider was not asked to begin
    (0, "before commit of update sent_batches", 1),  # the provider has begun, and that is not recorded
    (1, "before commit of insert into usage", 0),  # the answers are here, and not kept
    (1, "after commit of insert into usage", 0),  # they are kept, and the sent_batch is not over
    (1, "after commit of update sent_batches", 1),  # it is over, its files are still with the provider
)


def run_worker(folder: Path, provider: ScriptedBatches, *options: str) -> int:
    return start_worker(folder, provider, *options).wait(300)


def start_worker(folder: Path, provider: ScriptedBatches, *options: str) -> Forked:
    return start("tests.batched_work", folder / "worker.log", str(folder), provider.base_url, *options)


def run_to_end(folder: Path, provider: ScriptedBatches) -> None:
    """Worker after worker, as cron starts them."""
    office = Office(folder=folder, address=provider.base_url)
    for _ in range(12):
        assert run_worker(folder, provider) == 0
        if not office.jobs.store.tasks.any_live():
            break
    office.jobs.store.close()


def verified(folder: Path, provider: ScriptedBatches, batch_tasks: int, calls: int) -> None:
    """All is made, and each call was sent, answered and paid for once."""
    verify(folder, tasks=batch_tasks)
    with contextlib.closing(sqlite3.connect(folder / "lessons.db")) as database:
        statuses = database.execute("SELECT DISTINCT status FROM tasks").fetchall()
        paid = database.execute("SELECT count(*), count(DISTINCT task_id || step) FROM usage").fetchone()
        open_parcels = database.execute("SELECT count(*) FROM sent_batches WHERE ended_at IS NULL").fetchone()
    assert statuses == [("completed",)]
    assert paid == (calls, calls)
    assert open_parcels == (0,)
    assert Counter(provider.sent) == Counter(set(provider.sent))
    assert len(provider.sent) == calls


@pytest.mark.parametrize(("run", "name", "which"), HURTS)
def test_a_kill_at_any_commit_sends_and_pays_nothing_twice(
    tmp_path: Path, barriers: list[list[str]], run: int, name: str, which: int
) -> None:
    place = _place_of(name, which, barriers[run])
    with ScriptedBatches(lambda request: GOOD, api_key=KEY, script=Script(looks=0)) as provider:
        folder = tmp_path / "killed"
        submitted(folder, provider)
        for _ in range(run):
            assert run_worker(folder, provider) == 0

        assert run_worker(folder, provider, "--die-at", str(place)) == -signal.SIGKILL
        run_to_end(folder, provider)

        verified(folder, provider, batch_tasks=2, calls=2)


@pytest.fixture(scope="module")
def barriers(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """The barriers that the first worker passes, which sends, and the second, which fetches."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    with ScriptedBatches(lambda request: GOOD, api_key=KEY, script=Script(looks=0)) as provider:
        submitted(folder, provider)
        assert run_worker(folder, provider) == 0
        first = len(passed(folder))
        assert run_worker(folder, provider) == 0
    return [passed(folder)[:first], passed(folder)[first:]]


def submitted(folder: Path, provider: ScriptedBatches) -> None:
    """A folder with a batch of two lessons of one call each."""
    folder.mkdir(exist_ok=True)
    office = Office(folder=folder, address=provider.base_url)
    office.submit("verbs:1", "nouns:1")
    office.jobs.store.close()


def _place_of(name: str, which: int, names: list[str]) -> int:
    places = [place for place, each in enumerate(names) if each == name]
    assert len(places) > which, names
    return places[which]


@pytest.mark.parametrize("has_begun", [True, False])
def test_a_worker_killed_while_the_provider_is_asked_to_begin_sends_nothing_twice(
    tmp_path: Path, has_begun: bool
) -> None:
    with ScriptedBatches(lambda request: GOOD, api_key=KEY, script=Script(looks=0)) as provider:
        submitted(tmp_path, provider)
        killed = threading.Event()
        begin = provider.begin

        def begin_and_kill(asked: dict[str, object]) -> object:
            if killed.is_set():
                return begin(asked)
            if has_begun:
                begin(asked)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            killed.set()
            return begin(asked) if not has_begun else {}

        provider.begin = begin_and_kill  # type: ignore[method-assign, assignment]
        process = start_worker(tmp_path, provider)
        eventually(killed.is_set, seconds=180)

        run_to_end(tmp_path, provider)

        verified(tmp_path, provider, batch_tasks=2, calls=2)


def test_a_batch_that_is_begun_after_its_worker_died_and_was_looked_for_is_refused_or_found(tmp_path: Path) -> None:
    """The request to begin is slow on its way: another worker takes over before the provider has read it."""
    with ScriptedBatches(lambda request: GOOD, api_key=KEY, script=Script(looks=0)) as provider:
        submitted(tmp_path, provider)
        late: list[dict[str, object]] = []
        begin = provider.begin

        def begin_late(asked: dict[str, object]) -> object:
            if late:
                return begin(asked)
            late.append(asked)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            return {}

        provider.begin = begin_late  # type: ignore[method-assign, assignment]
        process = start_worker(tmp_path, provider)
        eventually(lambda: bool(late) and process.poll() is not None, seconds=180)
        run_to_end(tmp_path, provider)
        begin(late[0])  # its file is gone

        verified(tmp_path, provider, batch_tasks=2, calls=2)
