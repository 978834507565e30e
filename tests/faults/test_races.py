"""Cancelling against claiming, completing, retrying and reclaiming: each task ends in exactly one way."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import Lease, Status
from lessongen.system.errors import Unavailable, Uncovered
from tests.faults.soundness import inspect
from tests.processes import eventually, roster_of, worker
from tests.queues import new_version, open_jobs, submit

ROUNDS = 20
Move = Callable[[Jobs, Lease], object]

MOVES: dict[str, Move] = {
    "cancel": lambda jobs, lease: jobs.cancel([lease.task]),
    "claim": lambda jobs, lease: jobs.claim("other", 1),
    "complete": lambda jobs, lease: jobs.complete(lease, new_version(lease.task.request)),
    "complete and take": lambda jobs, lease: jobs.complete(lease, new_version(lease.task.request), take_next=True),
    "fail": lambda jobs, lease: jobs.settle_error(lease, Uncovered()),
    "try again": lambda jobs, lease: jobs.settle_error(lease, Unavailable()),
    "hand back": lambda jobs, lease: jobs.hand_back(lease),
    "end cancelled": lambda jobs, lease: jobs.settle_cancelled(lease),
    "retry": lambda jobs, lease: jobs.retry([lease.task]),
    "reclaim": lambda jobs, lease: jobs.reclaim_from(lease.worker_id),
}

RACES = [
    ("cancel", "claim"),
    ("cancel", "complete"),
    ("cancel", "reclaim"),
    ("cancel", "retry"),
    ("cancel", "try again"),
    ("cancel", "hand back"),
    ("complete", "complete and take"),
    ("complete", "reclaim"),
    ("complete", "fail"),
    ("complete", "end cancelled"),
    ("reclaim", "hand back"),
    ("retry", "fail"),
]


def at_once(*moves: Callable[[], object]) -> None:
    """Run all in threads of their own that begin together."""
    start = threading.Barrier(len(moves))
    errors: list[BaseException] = []

    def run(move: Callable[[], object]) -> None:
        start.wait(120)
        try:
            move()
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(move,)) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def end_all(jobs: Jobs, tmp_path: Path) -> None:
    """Let a last worker in this process finish what is live."""
    for holder in ("one", "other"):
        jobs.reclaim_from(holder)
    while leases := jobs.claim("last", 10):
        for lease in leases:
            jobs.complete(lease, new_version(lease.task.request))


@pytest.mark.parametrize(("first", "second"), RACES, ids=[" against ".join(race) for race in RACES])
def test_a_race_ends_in_one_way(first: str, second: str, tmp_path: Path) -> None:
    policy = Policy(backoff_seconds=0.0)
    here, there = open_jobs(tmp_path, policy=policy), open_jobs(tmp_path, policy=policy)
    for number in range(ROUNDS):
        task = submit(here, f"topic {number}")
        lease = here.claim("one", 1)[0]
        if first == "retry" or second == "retry":
            here.settle_error(lease, Uncovered())
        elif "claim" in (first, second):
            here.hand_back(lease)
        at_once(lambda lease=lease: MOVES[first](here, lease), lambda lease=lease: MOVES[second](there, lease))  # type: ignore[misc]
        completed = here.get(task.task_id).status is Status.COMPLETED
        assert completed == (here.store.lessons.version_of_task(task.task_id) is not None)
    end_all(here, tmp_path)
    assert inspect(tmp_path, accepted=ROUNDS).is_perfect, inspect(tmp_path, accepted=ROUNDS)
    for jobs in (here, there):
        jobs.store.close()


class Meddler(threading.Thread):
    """Does something to random tasks, over and over, until told to stop."""

    def __init__(self, folder: Path, meddle: Callable[[Jobs, random.Random], object], seed: int) -> None:
        super().__init__()
        self._folder, self._meddle, self._dice = folder, meddle, random.Random(seed)
        self._over = threading.Event()

    def run(self) -> None:
        jobs = open_jobs(self._folder)
        while not self._over.is_set():
            self._meddle(jobs, self._dice)
            time.sleep(self._dice.uniform(0.0, 0.02))
        jobs.store.close()

    def stop(self) -> None:
        self._over.set()
        self.join()


def test_workers_at_work_under_constant_meddling_end_each_task_in_one_way(jobs: Jobs, tmp_path: Path) -> None:
    roster = roster_of(tmp_path)
    tasks = [submit(jobs, f"{'sleep:0.05' if number % 2 else 'steps:1'}#{number % 20}") for number in range(120)]

    def cancel(jobs: Jobs, dice: random.Random) -> None:
        jobs.cancel([jobs.get(dice.choice(tasks).task_id)])
        roster.wake()

    def retry(jobs: Jobs, dice: random.Random) -> None:
        jobs.retry(jobs.store.tasks.select(TaskFilter(status=Status.CANCELLED), 20))

    def declare_dead(jobs: Jobs, dice: random.Random) -> None:
        alive = roster.alive()
        if alive:
            jobs.reclaim_from(dice.choice(alive).card.worker_id)

    meddlers = [Meddler(tmp_path, meddle, seed) for seed, meddle in enumerate((cancel, cancel, retry, declare_dead))]
    with worker(tmp_path, "--threads", "4"), worker(tmp_path, "--threads", "4"):
        eventually(lambda: len(roster.alive()) == 2)
        for meddler in meddlers:
            meddler.start()
        time.sleep(3.0)
        for meddler in meddlers:
            meddler.stop()
        eventually(lambda: not jobs.store.tasks.any_live(), seconds=120)
    assert inspect(tmp_path, accepted=len(tasks)).is_perfect, inspect(tmp_path, accepted=len(tasks))
    assert jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] > 0
