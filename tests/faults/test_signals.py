"""SIGTERM once, five times, at random, past the grace period: the attempt is given back and nothing is lost."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import Status
from tests.faults.soundness import verify
from tests.processes import PROGRAM, eventually, freeze, roster_of, worker
from tests.queues import open_jobs, submit

ONE_ATTEMPT = Policy(max_attempts=1)  # so that a task whose attempt is not given back fails


def test_five_workers_stopped_one_after_the_other_spend_no_attempt(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path, policy=ONE_ATTEMPT)
    task = submit(jobs, "sleep:60")
    for _ in range(5):
        with worker(tmp_path, "--grace", "0", "--threads", "1") as process:
            eventually(lambda: jobs.get(task.task_id).status is Status.IN_PROGRESS)
            process.send_signal(signal.SIGTERM)
            assert process.wait(120) == 0
        after = jobs.get(task.task_id)
        assert (after.status, after.attempt) == (Status.PENDING, 0)


def test_five_signals_to_one_worker_hurry_it_and_give_back_all_its_attempts(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path, policy=ONE_ATTEMPT)
    tasks = [submit(jobs, topic) for topic in ("sleep:60", "sleep:61", "stubborn:60", "steps:1000")]
    with worker(tmp_path, "--grace", "60", "--threads", "4") as process:
        eventually(lambda: all(jobs.get(task.task_id).status is Status.IN_PROGRESS for task in tasks))
        for _ in range(5):
            process.send_signal(signal.SIGTERM)
            time.sleep(0.05)  # signals that come before the last one was taken are one
        assert process.wait(120) == 0
    for task in tasks:
        after = jobs.get(task.task_id)
        assert (after.status, after.attempt) == (Status.PENDING, 0), after


def test_what_is_done_within_the_grace_period_is_kept_and_the_rest_given_back(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path, policy=ONE_ATTEMPT)
    quick, slow = submit(jobs, "stubborn:0.3"), submit(jobs, "sleep:60")
    with worker(tmp_path, "--grace", "1.5") as process:
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    assert jobs.get(quick.task_id).status is Status.COMPLETED
    assert (jobs.get(slow.task_id).status, jobs.get(slow.task_id).attempt) == (Status.PENDING, 0)


def test_workers_stopped_at_random_moments_lose_no_task_and_no_attempt(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path, policy=ONE_ATTEMPT)
    roster = roster_of(tmp_path)
    dice = random.Random(11)
    tasks = 60
    for number in range(tasks):
        submit(jobs, f"{dice.choice(['sleep:0.1', 'steps:2', 'topic'])}#{number % 12}", user=dice.choice("abc"))
    for _ in range(5):
        with worker(tmp_path, "--grace", str(dice.choice([0, 0.05])), "--threads", "3") as process:
            eventually(roster.has_taker)
            time.sleep(dice.uniform(0.0, 0.25))
            process.send_signal(dice.choice([signal.SIGTERM, signal.SIGINT]))
            assert process.wait(120) == 0
        assert jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 0
    with worker(tmp_path, "--drain", "--threads", "4") as process:
        assert process.wait(120) == 0
    verify(tmp_path, tasks=tasks)


def test_a_signal_to_a_stopped_worker_ends_it_once_it_is_woken_and_doubles_nothing(jobs: Jobs, tmp_path: Path) -> None:
    for number in range(4):
        submit(jobs, f"sleep:0.3#{number}")
    with worker(tmp_path, "--lease", "0.6", "--grace", "0") as first:
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 2)
        freeze(first, tmp_path)
        first.send_signal(signal.SIGTERM)
        with worker(tmp_path, "--lease", "0.6", "--drain") as second:
            assert second.wait(120) == 0
        first.send_signal(signal.SIGCONT)
        assert first.wait(120) == 0
    verify(tmp_path, tasks=4)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_worker_and_a_server_leave_in_peace(home: Path, tmp_path: Path, number: signal.Signals) -> None:
    worker = subprocess.Popen([*PROGRAM, "worker"], stderr=subprocess.PIPE)
    server = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", "--no-start"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert server.stdout is not None
    server.stdout.readline()
    folder = home / "lessons.db-workers"
    eventually(lambda: any(folder.glob("*.card")))

    for process in (worker, server):
        process.send_signal(number)
        said = process.communicate(timeout=120)[1]
        assert (process.returncode, b"Traceback" in said) == (0, False), said

    assert list(folder.glob("*.card")) == list(folder.glob("*.sock")) == []


def test_a_command_under_nohup_hears_no_hangup(home: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which children inherit
    try:
        worker = subprocess.Popen([*PROGRAM, "worker"], stderr=subprocess.DEVNULL)
    finally:
        signal.signal(signal.SIGHUP, before)
    eventually(lambda: any((home / "lessons.db-workers").glob("*.card")))

    worker.send_signal(signal.SIGHUP)
    time.sleep(0.5)  # nothing shows that a signal was not heard

    assert worker.poll() is None
    worker.terminate()
    assert worker.wait(120) == 0
