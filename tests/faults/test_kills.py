"""SIGKILL and SIGSTOP at random and at every barrier: nothing lost, nothing doubled, nothing stuck."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import Status
from tests.faults.barriers import passed
from tests.faults.soundness import verify
from tests.processes import ROOT, eventually, freeze, start_worker, worker
from tests.queues import open_jobs, submit


def test_workers_killed_at_random_lose_and_double_nothing(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    dice = random.Random(7)
    tasks = 150
    for number in range(tasks):
        submit(jobs, f"sleep:0.02#{number % 30}")
    workers = [start_worker(tmp_path, "--drain", "--threads", "4") for _ in range(2)]
    try:
        for _ in range(10):
            time.sleep(dice.uniform(0.1, 0.35))
            victim = dice.randrange(2)
            workers[victim].send_signal(signal.SIGKILL)
            workers[victim].wait()
            workers[victim] = start_worker(tmp_path, "--drain", "--threads", "4")
        for process in workers:
            process.wait(120)
    finally:
        for process in workers:
            process.kill()
            process.wait()
    # A task that was running at the moment of three kills has spent its attempts: that is promise 8, not a loss.
    spent = jobs.store.tasks.select(TaskFilter(status=Status.FAILED), tasks)
    assert all(task.failure is not None and task.failure.code == "worker_died" for task in spent)
    jobs.retry(spent)
    with worker(tmp_path, "--drain") as process:
        assert process.wait(120) == 0
    verify(tmp_path, tasks=tasks)


def test_a_worker_stopped_past_its_lease_and_woken_doubles_nothing(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    for number in range(6):
        submit(jobs, f"sleep:0.3#{number}")
    with worker(tmp_path, "--lease", "0.8", "--threads", "3", "--drain") as first:
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 3)
        freeze(first, tmp_path)
        with worker(tmp_path, "--lease", "0.8", "--threads", "3", "--drain") as second:
            eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == 6)
            first.send_signal(signal.SIGCONT)
            assert first.wait(120) == 0
            assert second.wait(120) == 0
    verify(tmp_path, tasks=6)


def test_a_kill_at_any_barrier_of_a_tasks_life_loses_and_doubles_nothing(tmp_path: Path) -> None:
    calm = tmp_path / "calm"
    calm.mkdir()
    submit(open_jobs(calm), "steps:2")
    with worker(calm, "--drain", "--threads", "1") as process:
        assert process.wait(120) == 0
    names = passed(calm)
    assert len(names) >= 9, names
    assert "between the answer and its commit" in names
    for number, name in enumerate(names):
        folder = tmp_path / f"barrier-{number}"
        folder.mkdir()
        jobs = open_jobs(folder)
        submit(jobs, "steps:2")
        with worker(folder, "--drain", "--threads", "1", "--die-at", str(number)) as process:
            assert process.wait(120) == -signal.SIGKILL, name
        with worker(folder, "--drain", "--threads", "1") as process:
            assert process.wait(120) == 0, name
        verify(folder, tasks=1)
        assert len((folder / "made-steps").read_text().splitlines()) <= 3, name
        jobs.store.close()


_SUBMIT = """
import sys
from pathlib import Path
from lessongen.jobs import Jobs
from lessongen.system.clock import SystemClock
from lessongen.store import SqliteStore
from lessongen.lesson.task import LessonRequest, Priority
from tests.faults.barriers import Barriers
folder = Path(sys.argv[1])
barriers = Barriers(folder, int(sys.argv[2]))
store = SqliteStore(folder / "lessons.db", factory=barriers.connection(inside=True))
requests = [LessonRequest(subject="english", topic=str(number)) for number in range(50)]
for task in Jobs(store=store, clock=SystemClock()).submit(requests, user="", priority=Priority.NORMAL, writer="x"):
    print(task.task_id, flush=True)
"""


def test_a_kill_inside_a_submission_takes_all_of_it_or_nothing(tmp_path: Path) -> None:
    # Barriers 0 to 49 follow each of the 50 rows, inside the transaction; 50 and 51 stand around the commit.
    kept = []
    for barrier in (0, 25, 49, 50, 51):
        folder = tmp_path / str(barrier)
        folder.mkdir()
        open_jobs(folder).store.close()
        done = subprocess.run([sys.executable, "-c", _SUBMIT, str(folder), str(barrier)], cwd=ROOT, capture_output=True)
        assert done.returncode == -signal.SIGKILL
        jobs = open_jobs(folder)
        kept.append(jobs.store.tasks.counts(TaskFilter())[Status.PENDING])
        jobs.store.close()
    assert kept == [0, 0, 0, 0, 50]
