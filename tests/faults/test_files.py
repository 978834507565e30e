"""The database's files removed, replaced, cut, restored and linked while it is in use; `bench.files` has all pairs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from lessongen.jobs import Jobs
from lessongen.lesson.task import Status
from lessongen.store import SqliteStore
from lessongen.system.errors import DatabaseError
from tests.faults.file_faults import run
from tests.processes import eventually, worker
from tests.queues import open_jobs, submit

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps open files from being removed")

NOTHING_LOST = ("removed: -shm", "removed: -wal, -shm")


@pytest.mark.parametrize("fault", NOTHING_LOST)
def test_what_is_accepted_after_files_were_removed_under_an_idle_worker_is_done(fault: str, tmp_path: Path) -> None:
    seen = run("an idle worker", fault, tmp_path)
    assert (seen.lost_before, seen.lost_after, seen.accepted_after, seen.is_sound) == (0, 0, 2, True), seen


def test_a_database_overwritten_by_an_older_copy_is_refused_with_what_to_do(tmp_path: Path) -> None:
    seen = run("a server", "restored: by cp", tmp_path)
    assert (seen.accepted_after, seen.lost_after, seen.is_sound) == (0, 0, True), seen
    assert any("older copy" in each and "mv " in each for each in seen.refusals), seen


@pytest.mark.parametrize("suffixes", [("-shm",), ("-wal",), ("-wal", "-shm")])
def test_a_process_opens_anew_what_was_removed_beside_its_database(tmp_path: Path, suffixes: tuple[str, ...]) -> None:
    jobs = open_jobs(tmp_path)
    before = submit(jobs, "before")
    for suffix in suffixes:
        (tmp_path / f"lessons.db{suffix}").unlink()
    time.sleep(0.01)
    after = submit(jobs, "after")
    jobs.store.close()
    again = SqliteStore(tmp_path / "lessons.db")
    assert {task.status for task in again.tasks.several([before.task_id, after.task_id])} == {Status.PENDING}
    assert again.upkeep.check(lambda what, part: None) == []
    again.close()


def test_two_processes_that_have_it_open_see_each_others_tasks_after_the_index_was_removed(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    with worker(tmp_path, "--threads", "1"):
        first = submit(jobs, "first")
        eventually(lambda: jobs.get(first.task_id).status is Status.COMPLETED)
        (tmp_path / "lessons.db-shm").unlink()
        second = submit(jobs, "second")
        eventually(lambda: jobs.get(second.task_id).status is Status.COMPLETED)
    jobs.store.close()


def refusal(path: Path) -> str:
    with pytest.raises(DatabaseError) as caught:
        SqliteStore(path).tasks.last()
    assert caught.value.hint
    return f"{caught.value.message} {caught.value.hint}"


def test_a_hard_link_is_refused_under_its_other_name_and_the_first_name_goes_on(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    first = submit(jobs, "first")
    other = tmp_path / "snapshot"
    other.mkdir()
    os.link(tmp_path / "lessons.db", other / "lessons.db")
    assert str(tmp_path / "lessons.db") in refusal(other / "lessons.db")
    submit(jobs, "second")
    jobs.store.close()
    assert "hard link" in refusal(other / "lessons.db"), "nobody has it open now"
    assert os.listdir(other) == ["lessons.db"], "no second journal over one file"
    again = open_jobs(tmp_path)
    assert again.get(first.task_id).status is Status.PENDING
    again.store.close()


def test_a_snapshot_of_hard_links_is_used_once_it_is_a_file_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "live"
    folder.mkdir()
    jobs = open_jobs(folder)
    submit(jobs, "first")
    subprocess.run(["cp", "-al", str(folder), str(tmp_path / "snapshot")], check=True)
    jobs.store.close()
    copy = tmp_path / "snapshot" / "lessons.db"
    assert "hard link" in refusal(copy)
    shutil.copyfile(copy, tmp_path / "own.db")
    own = SqliteStore(tmp_path / "own.db")
    own.close()
    (tmp_path / "snapshot" / "lessons.db").unlink()
    open_jobs(folder).store.close()


def test_a_copy_of_a_database_may_have_hard_links(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    task = submit(jobs)
    jobs.store.close()
    shutil.copyfile(tmp_path / "lessons.db", tmp_path / "copy.db")
    os.link(tmp_path / "copy.db", tmp_path / "snapshot.db")
    copy = SqliteStore(tmp_path / "copy.db")
    assert copy.tasks.last() == task
    copy.close()


def test_a_symlink_and_a_moved_database_are_the_database(jobs: Jobs, tmp_path: Path) -> None:
    task = submit(jobs)
    (tmp_path / "link.db").symlink_to(tmp_path / "lessons.db")
    through = SqliteStore(tmp_path / "link.db")
    assert through.tasks.last() == task
    through.close()
    jobs.store.close()
    (tmp_path / "lessons.db").rename(tmp_path / "moved.db")
    moved = SqliteStore(tmp_path / "moved.db")
    assert moved.tasks.last() == task
    moved.close()


def test_a_journal_of_another_database_is_not_written_into_the_one_that_took_its_place(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    open_jobs(other).store.close()
    with worker(tmp_path) as process:
        jobs = open_jobs(tmp_path)
        submit(jobs)
        process.kill()
        process.wait()
        shutil.copyfile(tmp_path / "lessons.db-wal", tmp_path / "kept")
        wal = tmp_path / "lessons.db-wal"
        os.link(wal, tmp_path / "held")
        jobs.store.close()
        os.link(tmp_path / "held", wal)
        shutil.copyfile(tmp_path / "kept", wal)
    (other / "lessons.db").replace(tmp_path / "lessons.db")
    said = refusal(tmp_path / "lessons.db")
    assert "was replaced" in said
    assert "lessons.db-wal" in said
    subprocess.run(["sh", "-c", said[said.index("mkdir -p") :]], check=True)
    SqliteStore(tmp_path / "lessons.db").close()


@pytest.mark.parametrize("share", [0, 0.5])
def test_a_database_that_was_cut_short_takes_nothing_more(tmp_path: Path, share: float) -> None:
    jobs = open_jobs(tmp_path)
    for number in range(60):
        submit(jobs, f"topic {number}")
    jobs.store.close()
    jobs = open_jobs(tmp_path)
    path = tmp_path / "lessons.db"
    os.truncate(path, int(path.stat().st_size * share) // 4096 * 4096)
    time.sleep(0.01)
    with pytest.raises(DatabaseError) as caught:
        submit(jobs)
    assert "cut short" in caught.value.message
    with pytest.raises(DatabaseError):
        submit(jobs)
    jobs.store.close()
    assert "cut" in refusal(path) or "damaged" in refusal(path)


def test_a_journal_that_was_cut_short_takes_nothing_more(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    submit(jobs)
    os.truncate(tmp_path / "lessons.db-wal", 0)
    time.sleep(0.01)
    with pytest.raises(DatabaseError) as caught:
        submit(jobs)
    assert "was cut short" in caught.value.message
    jobs.store.close()


def test_an_index_that_was_cut_is_built_anew(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    first = submit(jobs)
    os.truncate(tmp_path / "lessons.db-shm", 0)
    time.sleep(0.01)
    second = submit(jobs)
    assert [jobs.get(each.task_id) for each in (first, second)] == [first, second]
    jobs.store.close()


def test_vacuum_makes_a_database_smaller_and_those_who_have_it_open_go_on(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    for number in range(200):
        submit(jobs, f"topic {number}", user="ann")
    jobs.store.tasks.erase_user("ann", jobs.clock.now())
    database = tmp_path / "lessons.db"
    other = SqliteStore(database)
    pages = _pages(database)
    other.upkeep.vacuum(lambda what, part: None)
    other.close()
    assert _pages(database) < pages
    time.sleep(0.01)
    submit(jobs)
    jobs.store.close()


def _pages(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("PRAGMA page_count").fetchone()[0])
