"""Many rescuers at once: what a dead worker held is taken back once, and its attempt counts once."""

from __future__ import annotations

import signal
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import Status
from lessongen.queue.daemon import rescue
from lessongen.queue.presence import Roster
from tests.faults.soundness import verify
from tests.forked import FORKSERVER
from tests.processes import eventually, freeze, roster_of, start_worker, worker
from tests.queues import open_jobs, submit

ROUNDS, TASKS, RESCUERS = 25, 3, 2
SHORT_LEASE = Policy(lease_seconds=0.01)


def _rescue_all(folder: Path, start: Barrier, found: Queue[list[str]]) -> None:
    jobs, roster = open_jobs(folder), roster_of(folder)
    start.wait(120)
    found.put(list(rescue(jobs, roster)))


def _reclaim_each(folder: Path, start: Barrier, found: Queue[list[str]]) -> None:
    jobs = open_jobs(folder)
    taken: list[str] = []
    for number in range(ROUNDS):
        start.wait(120)
        taken += jobs.reclaim_from(f"dead-{number}")
    found.put(taken)


def _claim_lapsed(folder: Path, start: Barrier, found: Queue[list[str]]) -> None:
    jobs = open_jobs(folder, policy=Policy(lease_seconds=3600))
    start.wait(120)
    found.put([lease.task.task_id for lease in jobs.claim("rescuer", ROUNDS * TASKS)])


class Rescuers:
    """Processes that begin at once, each with the ids of the tasks that it took."""

    def __init__(self, work: object, folder: Path) -> None:
        self.start = FORKSERVER.Barrier(RESCUERS + 1)
        self._found: Queue[list[str]] = FORKSERVER.Queue()
        self._processes = [
            FORKSERVER.Process(target=work, args=(folder, self.start, self._found))  # type: ignore[arg-type]
            for _ in range(RESCUERS)
        ]
        for process in self._processes:
            process.start()

    def taken(self) -> list[str]:
        """The ids that all of them took, as often as they were taken, once all are done."""
        taken = [task_id for _ in self._processes for task_id in self._found.get(timeout=300)]
        for process in self._processes:
            process.join(120)
            assert process.exitcode == 0
        return sorted(taken)


def test_two_rescuers_of_killed_workers_take_each_task_back_once(jobs: Jobs, tmp_path: Path, roster: Roster) -> None:
    tasks = [submit(jobs, "sleep:60") for _ in range(6)]
    rescuers = Rescuers(_rescue_all, tmp_path)
    workers = [start_worker(tmp_path, "--threads", "2") for _ in range(3)]
    eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 6)
    for process in workers:
        process.send_signal(signal.SIGSTOP)  # so that none rescues the others
    for process in workers:
        process.kill()
        process.wait()
    rescuers.start.wait(120)
    assert rescuers.taken() == sorted(task.task_id for task in tasks)
    assert {(jobs.get(task.task_id).status, jobs.get(task.task_id).attempt) for task in tasks} == {(Status.PENDING, 1)}
    assert roster.dead() == []


def test_two_who_reclaim_from_the_same_dead_worker_share_its_tasks_between_them(jobs: Jobs, tmp_path: Path) -> None:
    tasks = [submit(jobs, str(number)) for number in range(ROUNDS * TASKS)]
    for number in range(ROUNDS):
        assert len(jobs.claim(f"dead-{number}", TASKS)) == TASKS
    rescuers = Rescuers(_reclaim_each, tmp_path)
    for _ in range(ROUNDS):
        rescuers.start.wait(120)
    assert rescuers.taken() == sorted(task.task_id for task in tasks)
    assert {jobs.get(task.task_id).attempt for task in tasks} == {1}
    assert jobs.store.tasks.counts(TaskFilter())[Status.PENDING] == len(tasks)


def test_two_who_claim_when_leases_have_run_out_never_get_the_same_task(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path, policy=SHORT_LEASE)
    tasks = [submit(jobs, str(number)) for number in range(ROUNDS * TASKS)]
    assert len(jobs.claim("dead", len(tasks))) == len(tasks)
    rescuers = Rescuers(_claim_lapsed, tmp_path)
    time.sleep(SHORT_LEASE.lease_seconds)
    rescuers.start.wait(120)
    assert rescuers.taken() == sorted(task.task_id for task in tasks)
    assert {jobs.get(task.task_id).attempt for task in tasks} == {2}


def test_three_survivors_of_a_killed_worker_finish_its_tasks_once(jobs: Jobs, tmp_path: Path, roster: Roster) -> None:
    tasks = [submit(jobs, f"sleep:0.4#{number}") for number in range(8)]
    with worker(tmp_path, "--threads", "8") as victim:
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 8)
        with worker(tmp_path), worker(tmp_path), worker(tmp_path):
            eventually(lambda: len(roster.alive()) == 4)
            victim.kill()
            victim.wait()
            eventually(lambda: not jobs.store.tasks.any_live())
            eventually(lambda: roster.dead() == [])
    assert max(jobs.get(task.task_id).attempt for task in tasks) <= 2
    verify(tmp_path, tasks=8)


def test_a_stopped_workers_task_that_was_rescued_and_cancelled_stays_cancelled(jobs: Jobs, tmp_path: Path) -> None:
    task = submit(jobs, "stubborn:3.0")
    with worker(tmp_path, "--lease", "0.6", "--threads", "1") as first:
        eventually(lambda: jobs.get(task.task_id).status is Status.IN_PROGRESS)
        freeze(first, tmp_path)
        jobs.cancel([task])
        with worker(tmp_path, "--lease", "0.6", "--drain") as second:
            assert second.wait(120) == 0
        assert jobs.get(task.task_id).status is Status.CANCELLED
        first.send_signal(signal.SIGCONT)
        first.send_signal(signal.SIGTERM)
        assert first.wait(120) == 0
    assert jobs.get(task.task_id).status is Status.CANCELLED
    assert jobs.store.lessons.version_of_task(task.task_id) is None
