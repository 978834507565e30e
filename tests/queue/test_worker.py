"""Workers as real processes: draining, waking, stopping, cancelling."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from lessongen.jobs import Jobs
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import Status
from lessongen.queue.presence import Roster
from tests.conftest import CommandLine
from tests.forked import FORKSERVER
from tests.processes import eventually, start_worker, worker
from tests.queues import open_jobs, submit


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return open_jobs(tmp_path)


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return Roster(tmp_path / "lessons.db", portable="LESSONGEN_QUEUE_PORTABLE" in os.environ)


def status(jobs: Jobs, task_id: str) -> Status:
    return jobs.get(task_id).status


def is_completed(jobs: Jobs, task_id: str) -> bool:
    return status(jobs, task_id) is Status.COMPLETED


def test_a_draining_worker_finishes_all_tasks_and_leaves(jobs: Jobs, tmp_path: Path, roster: Roster) -> None:
    for number in range(30):
        submit(jobs, f"topic {number}")
    with worker(tmp_path, "--drain", "--threads", "4") as process:
        assert process.wait(120) == 0
    assert jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == 30
    assert roster.alive() == []
    assert [path.name for path in roster.folder.iterdir()] == []


def test_an_idle_worker_leaves_after_its_time(jobs: Jobs, tmp_path: Path) -> None:
    submit(jobs)
    with worker(tmp_path, "--idle", "0.3") as process:
        assert process.wait(120) == 0
    assert jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == 1


def test_a_worker_inside_another_program_leaves_no_thread_behind(cli: CommandLine) -> None:
    before = {*threading.enumerate()}
    for topic in ("verbs", "nouns"):
        cli("create", "--no-start", "english", topic)
    assert cli("worker", "--drain").code == 0
    eventually(lambda: {*threading.enumerate()} <= before)


def test_a_wake_up_starts_a_task_at_once(jobs: Jobs, tmp_path: Path, roster: Roster) -> None:
    with worker(tmp_path):
        eventually(roster.has_taker)
        waits = []
        for number in range(5):
            time.sleep(0.05)
            task = submit(jobs, f"topic {number}")
            roster.wake()
            eventually(partial(is_completed, jobs, task.task_id))
            started = jobs.get(task.task_id).started_at
            assert started is not None
            waits.append((started - task.created_at).total_seconds())
        assert min(waits) < 0.5, waits


def test_a_task_is_found_without_any_wake_up(jobs: Jobs, tmp_path: Path, roster: Roster) -> None:
    with worker(tmp_path):
        eventually(roster.has_taker)
        task = submit(jobs)
        eventually(lambda: status(jobs, task.task_id) is Status.COMPLETED)


def test_the_next_worker_is_told_of_a_killed_ones_task_at_once(jobs: Jobs, tmp_path: Path, roster: Roster) -> None:
    task = submit(jobs, "sleep:60")
    with worker(tmp_path, "--threads", "1") as first:
        eventually(lambda: status(jobs, task.task_id) is Status.IN_PROGRESS)
        with worker(tmp_path, "--threads", "1"):
            eventually(lambda: len(roster.alive()) == 2)
            time.sleep(1.2)  # until the second has begun to watch the first
            first.send_signal(signal.SIGKILL)
            eventually(lambda: jobs.get(task.task_id).attempt == 2)
            assert status(jobs, task.task_id) is Status.IN_PROGRESS
            jobs.cancel([task])


def test_a_stopped_worker_hands_back_what_it_can_not_finish(jobs: Jobs, tmp_path: Path) -> None:
    long, short = submit(jobs, "sleep:60"), submit(jobs, "sleep:0.1")
    with worker(tmp_path, "--grace", "3") as process:
        eventually(lambda: status(jobs, short.task_id) is not Status.PENDING)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    after = jobs.get(long.task_id)
    assert (after.status, after.attempt) == (Status.PENDING, 0)
    assert status(jobs, short.task_id) is Status.COMPLETED


def test_a_second_signal_hurries(jobs: Jobs, tmp_path: Path, roster: Roster) -> None:
    task = submit(jobs, "sleep:600")
    with worker(tmp_path, "--grace", "600") as process:
        eventually(lambda: status(jobs, task.task_id) is Status.IN_PROGRESS)
        process.send_signal(signal.SIGTERM)
        # Two that come before the first was taken are one.
        eventually(lambda: any(peer.is_leaving for peer in roster.alive()))
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    assert jobs.get(task.task_id).attempt == 0


def test_one_that_finishes_its_tasks_is_not_taken_for_one_that_hangs(
    jobs: Jobs, tmp_path: Path, roster: Roster
) -> None:
    task = submit(jobs, "sleep:60")
    with worker(tmp_path, "--grace", "60") as process:
        eventually(lambda: status(jobs, task.task_id) is Status.IN_PROGRESS)
        process.send_signal(signal.SIGTERM)
        eventually(lambda: any(peer.is_leaving for peer in roster.alive()))
        (card,) = roster.folder.glob("*.leaving")
        os.utime(card, (0, 0))  # as if it had been leaving for a long while
        eventually(lambda: not roster.alive()[0].is_frozen)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0


def test_an_attempt_that_does_not_listen_is_handed_back_all_the_same(jobs: Jobs, tmp_path: Path) -> None:
    task = submit(jobs, "stubborn:60")
    with worker(tmp_path, "--grace", "0.1") as process:
        eventually(lambda: status(jobs, task.task_id) is Status.IN_PROGRESS)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    assert status(jobs, task.task_id) is Status.PENDING


def test_cancelling_a_running_task_stops_it_at_once(jobs: Jobs, tmp_path: Path, roster: Roster) -> None:
    task = submit(jobs, "sleep:60")
    with worker(tmp_path):
        eventually(lambda: status(jobs, task.task_id) is Status.IN_PROGRESS)
        jobs.cancel([task])
        roster.wake()
        eventually(lambda: status(jobs, task.task_id) is Status.CANCELLED)


def test_a_task_that_kills_its_worker_ends_as_failed_and_others_go_on(jobs: Jobs, tmp_path: Path) -> None:
    poison = submit(jobs, "kill")
    others = [submit(jobs, f"topic {number}") for number in range(3)]
    for _ in range(jobs.policy.max_attempts):
        with worker(tmp_path, "--drain", "--threads", "1") as process:
            assert process.wait(120) == -signal.SIGKILL
    with worker(tmp_path, "--drain", "--threads", "1") as process:
        assert process.wait(120) == 0
    failure = jobs.get(poison.task_id).failure
    assert failure is not None
    assert failure.code == "worker_died"
    assert all(status(jobs, task.task_id) is Status.COMPLETED for task in others)


def test_a_bug_in_one_task_fails_it_with_a_message_and_the_worker_lives_on(jobs: Jobs, tmp_path: Path) -> None:
    bug, fine = submit(jobs, "bug"), submit(jobs, "fine")
    with worker(tmp_path, "--drain") as process:
        assert process.wait(120) == 0
    failure = jobs.get(bug.task_id).failure
    assert failure is not None
    assert (failure.code, failure.exit_code) == ("bug", 1)
    assert "ZeroDivisionError" in failure.message
    assert status(jobs, fine.task_id) is Status.COMPLETED
    assert "Traceback" in (tmp_path / "worker.log").read_text()


def test_a_killed_workers_finished_steps_are_not_made_again(jobs: Jobs, tmp_path: Path) -> None:
    task = submit(jobs, "steps:8")
    made = tmp_path / "made-steps"
    with worker(tmp_path, "--threads", "1") as process:
        eventually(lambda: made.exists() and len(made.read_text().splitlines()) >= 3)
        process.kill()
        process.wait()
    with worker(tmp_path, "--drain", "--threads", "1") as process:
        assert process.wait(120) == 0
    assert status(jobs, task.task_id) is Status.COMPLETED
    steps = made.read_text().splitlines()
    assert len(set(steps)) == 8
    assert len(steps) <= 9, "at most the step in flight is made twice"


def test_a_worker_purges_by_itself(jobs: Jobs, tmp_path: Path) -> None:
    task = submit(jobs)
    with worker(tmp_path, "--keep", "0", "--purge-every", "0.1"):
        eventually(lambda: jobs.store.tasks.get(task.task_id) is None)
    assert jobs.store.lessons.version_of_task(task.task_id) is not None


def _submit_ten(folder: Path) -> None:
    jobs = open_jobs(folder)
    for _ in range(10):
        submit(jobs, "verbs")


def test_a_hundred_tasks_of_one_lesson_from_ten_processes_make_a_hundred_versions(jobs: Jobs, tmp_path: Path) -> None:
    people = [FORKSERVER.Process(target=_submit_ten, args=(tmp_path,)) for _ in range(10)]
    for person in people:
        person.start()
    workers = [start_worker(tmp_path, "--threads", "4") for _ in range(2)]
    try:
        for person in people:
            person.join(120)
        assert [person.exitcode for person in people] == [0] * 10
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == 100, seconds=180)
    finally:
        for process in workers:
            process.terminate()
    assert [process.wait(120) for process in workers] == [0, 0]
    stored = jobs.store.lessons.find(jobs.find("last").request.lesson)
    assert stored is not None
    assert [version.text for version in jobs.store.lessons.versions(stored.id)] == [f"1.{n}" for n in range(100)]
    connection = sqlite3.connect(tmp_path / "lessons.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
