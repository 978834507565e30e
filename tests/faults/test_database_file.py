"""What can befall the database file under a running worker: locked, damaged, taken over, deleted, replaced."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import time
from pathlib import Path

from lessongen.database.sqlite.version import SCHEMA_VERSION
from lessongen.jobs import Jobs
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import Status
from lessongen.system.errors import ExitCode
from tests.faults.soundness import verify
from tests.processes import eventually, freeze, roster_of, worker
from tests.queues import open_jobs, submit


def log_of(folder: Path) -> str:
    """What the workers of this folder have written to their log."""
    return (folder / "worker.log").read_text()


def test_a_worker_outlives_a_database_that_is_locked_for_longer_than_it_waits(jobs: Jobs, tmp_path: Path) -> None:
    tasks = [submit(jobs, f"{what}#{number}") for number in range(3) for what in ("sleep:2", "steps:3")]
    with worker(tmp_path, "--busy", "0.1", "--threads", "3", "--lease", "1") as process:
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 3)
        holder = sqlite3.connect(tmp_path / "lessons.db", isolation_level=None, timeout=10)
        holder.execute("BEGIN IMMEDIATE")
        eventually(lambda: "can't write its end" in log_of(tmp_path))
        time.sleep(1.5)  # past the lease
        assert process.poll() is None
        holder.execute("ROLLBACK")
        holder.close()
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == len(tasks))
    verify(tmp_path, tasks=len(tasks))
    assert "Traceback" not in log_of(tmp_path)


def test_a_lock_that_comes_and_goes_spends_no_attempts(jobs: Jobs, tmp_path: Path) -> None:
    task = submit(jobs, "steps:6")
    with worker(tmp_path, "--busy", "0.02", "--threads", "1"):
        eventually(lambda: jobs.get(task.task_id).status is Status.IN_PROGRESS)
        while jobs.get(task.task_id).status is not Status.COMPLETED:
            holder = sqlite3.connect(tmp_path / "lessons.db", isolation_level=None, timeout=10)
            holder.execute("BEGIN IMMEDIATE")
            time.sleep(0.06)
            holder.execute("ROLLBACK")
            holder.close()
            time.sleep(0.2)
            assert jobs.get(task.task_id).status is not Status.FAILED
    assert jobs.get(task.task_id).attempt == 1
    verify(tmp_path, tasks=1)


def test_a_worker_leaves_a_database_that_turns_read_only_and_the_next_one_finishes_its_tasks(
    jobs: Jobs, tmp_path: Path
) -> None:
    tasks = [submit(jobs, f"{what}#{number}") for number in range(2) for what in ("sleep:2", "steps:3")]
    mark = tmp_path / "read-only"
    with worker(tmp_path, "--read-only-when", str(mark), "--lease", "1") as process:
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 2)
        mark.touch()
        assert process.wait(120) == ExitCode.DATABASE, log_of(tmp_path)
    assert "is read-only" in log_of(tmp_path)
    assert "Traceback" not in log_of(tmp_path)
    with worker(tmp_path, "--drain", "--lease", "1") as process:
        assert process.wait(120) == 0
    verify(tmp_path, tasks=len(tasks))


def test_a_worker_leaves_a_damaged_database_with_a_reason_and_without_spinning(jobs: Jobs, tmp_path: Path) -> None:
    for number in range(300):
        submit(jobs, f"sleep:60#{number}", user=str(number))
    path = tmp_path / "lessons.db"
    with worker(tmp_path, "--threads", "1") as process:
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 1)
        touch = sqlite3.connect(path, isolation_level=None)
        freeze(process, tmp_path)
        while touch.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] != 0:  # it was reading just then
            process.send_signal(signal.SIGCONT)
            freeze(process, tmp_path)
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * (path.stat().st_size - 4096))
        # Whoever has pages in memory takes them for current until the first page is seen to have changed.
        touch.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        touch.close()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process.send_signal(signal.SIGCONT)
        assert process.wait(120) == ExitCode.DATABASE, log_of(tmp_path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "is damaged" in log_of(tmp_path)
    assert "Traceback" not in log_of(tmp_path)
    assert len(log_of(tmp_path).splitlines()) < 20
    assert after.ru_utime - before.ru_utime < 3.0


def test_a_worker_refuses_a_database_of_a_newer_lessongen(jobs: Jobs, tmp_path: Path) -> None:
    task = submit(jobs)
    _take_over(tmp_path)
    with worker(tmp_path) as process:
        assert process.wait(120) == ExitCode.DATABASE
    assert "newer lessongen" in log_of(tmp_path)
    assert jobs.get(task.task_id).status is Status.PENDING


def test_a_worker_leaves_a_database_that_a_newer_lessongen_takes_over_and_writes_nothing_more(
    jobs: Jobs, tmp_path: Path
) -> None:
    task = submit(jobs, "stubborn:0.5")
    with worker(tmp_path, "--threads", "1") as process:
        eventually(lambda: jobs.get(task.task_id).status is Status.IN_PROGRESS)
        _take_over(tmp_path)
        assert process.wait(120) == ExitCode.DATABASE
    assert "newer lessongen" in log_of(tmp_path)
    assert jobs.get(task.task_id).status is Status.IN_PROGRESS
    assert jobs.store.lessons.version_of_task(task.task_id) is None


def _take_over(folder: Path) -> None:
    connection = sqlite3.connect(folder / "lessons.db")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()


def test_a_worker_whose_folder_is_deleted_leaves_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    jobs = open_jobs(folder)
    submit(jobs)
    with worker(folder) as process:
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == 1)
        jobs.store.close()
        shutil.rmtree(folder)
        assert process.wait(120) == ExitCode.DATABASE


def test_a_worker_whose_database_is_deleted_leaves_and_the_next_serves_the_new_one(tmp_path: Path) -> None:
    old = open_jobs(tmp_path)
    roster = roster_of(tmp_path)
    with worker(tmp_path) as process:
        eventually(roster.has_taker)
        old.store.close()
        for file in tmp_path.glob("lessons.db*"):
            if file.is_file():
                file.unlink()
        new = open_jobs(tmp_path)
        task = submit(new)
        assert process.wait(120) == ExitCode.DATABASE, log_of(tmp_path)
    assert "nothing more is written" in log_of(tmp_path)
    assert "Traceback" not in log_of(tmp_path)
    assert not roster.has_taker(), "or nobody would start a worker for the new database"
    with worker(tmp_path, "--drain") as process:
        assert process.wait(120) == 0
    assert new.get(task.task_id).status is Status.COMPLETED
    new.store.close()
