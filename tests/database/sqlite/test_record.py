"""What was in use here before is not begun anew, nor gone on with in an older copy, unless that is said."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lessongen.database.sqlite import record
from lessongen.database.sqlite.database import Database
from lessongen.lesson.records import TaskFilter
from lessongen.store import SqliteStore
from lessongen.system.errors import DatabaseError
from tests.queues import open_jobs, submit

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps open files from being removed")


def used(folder: Path, *topics: str) -> Path:
    """The path of a database into which these topics were put, and which nobody has open."""
    jobs = open_jobs(folder)
    for topic in topics:
        submit(jobs, topic)
    jobs.store.close()
    return folder / "lessons.db"


def refusal(path: Path) -> DatabaseError:
    """How the database is refused."""
    with pytest.raises(DatabaseError) as caught:
        SqliteStore(path).close()
    return caught.value


def line_of(error: DatabaseError) -> str:
    """The line of the hint that is to be copied."""
    found = re.search(r"mkdir -p .*", error.hint or "")
    assert found is not None, error.hint
    return found[0]


def topics(path: Path) -> list[str]:
    """What is in the database."""
    store = SqliteStore(path)
    found = [task.request.topic for task in store.tasks.select(TaskFilter(), 100)]
    store.close()
    return sorted(found)


def gone(path: Path) -> None:
    path.unlink()


def emptied_in_place(path: Path) -> None:
    os.truncate(path, 0)


def replaced_by_nothing(path: Path) -> None:
    path.unlink()
    path.touch()


def replaced_by_a_new_one(path: Path) -> None:
    (path.parent / "other").mkdir()
    used(path.parent / "other").replace(path)


@pytest.mark.parametrize("fault", [gone, emptied_in_place, replaced_by_nothing, replaced_by_a_new_one])
def test_a_database_that_was_in_use_is_begun_anew_only_by_the_line_that_the_refusal_gives(
    tmp_path: Path, fault: Callable[[Path], None]
) -> None:
    folder = tmp_path / "a folder's"
    folder.mkdir()
    path = used(folder, "first", "second")
    fault(path)

    said = refusal(path)
    refusal(path)  # that nothing was there is not forgotten

    subprocess.run(["sh", "-c", line_of(said)], check=True)
    assert used(folder, "third") == path
    assert topics(path) == ["third"]


def test_an_older_copy_is_gone_on_with_only_by_the_line_that_the_refusal_gives(tmp_path: Path) -> None:
    path = used(tmp_path, "first")
    shutil.copyfile(path, tmp_path / "copy.db")
    used(tmp_path, "second")
    shutil.copyfile(tmp_path / "copy.db", path)

    said = refusal(path)

    assert "older copy" in said.message
    subprocess.run(["sh", "-c", line_of(said)], check=True)
    assert topics(path) == ["first"]


def test_a_journal_that_was_removed_with_nobody_there_is_missed(tmp_path: Path) -> None:
    folder, whole = tmp_path / "one", tmp_path / "whole"
    folder.mkdir()
    used(folder, "first")
    jobs = open_jobs(folder)
    submit(jobs, "second")
    shutil.copytree(folder, whole)  # what a power cut would leave
    jobs.store.close()
    shutil.copytree(whole, tmp_path / "played")
    assert topics(tmp_path / "played" / "lessons.db") == ["first", "second"]
    for suffix in ("-wal", "-shm"):
        (whole / f"lessons.db{suffix}").unlink()

    said = refusal(whole / "lessons.db")

    assert "its journal was removed" in said.message
    subprocess.run(["sh", "-c", line_of(said)], check=True)
    assert topics(whole / "lessons.db") == ["first"]


def test_a_backup_put_back_by_the_command_needs_no_line(tmp_path: Path) -> None:
    path = used(tmp_path, "first")
    store = SqliteStore(path)
    store.upkeep.back_up(tmp_path / "copy.db", replace=False, say=lambda what, part: None)
    store.close()
    used(tmp_path, "second")

    copy = SqliteStore(tmp_path / "copy.db")
    copy.upkeep.back_up(path, replace=True, say=lambda what, part: None)
    copy.close()

    assert topics(path) == ["first"]


def test_a_database_that_was_moved_copied_or_vacuumed_with_its_folder_is_the_database(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    path = used(folder, "first")
    store = SqliteStore(path)
    store.upkeep.vacuum(lambda what, part: None)
    store.close()
    assert topics(path) == ["first"]
    shutil.copytree(folder, tmp_path / "two")
    assert topics(tmp_path / "two" / "lessons.db") == ["first"]
    folder.rename(tmp_path / "three")
    used(tmp_path / "three", "second")
    assert topics(tmp_path / "three" / "lessons.db") == ["first", "second"]
    again = used(tmp_path / "two", "third")
    shutil.copyfile(again, tmp_path / "as-good.db")
    (tmp_path / "as-good.db").replace(again)
    assert topics(again) == ["first", "third"]


def test_a_count_that_is_kept_is_never_more_than_the_file_has_when_nobody_has_it_open(tmp_path: Path) -> None:
    path = used(tmp_path, "first")
    several = [open_jobs(tmp_path) for _ in range(3)]
    for turn in range(3):
        for number, jobs in enumerate(several):
            submit(jobs, f"topic {turn} {number}")
        store = SqliteStore(path)
        store.close()
    for jobs in several:
        jobs.store.close()
        known = record.read(str(path))
    assert known is not None
    header = path.read_bytes()[24:28]
    assert known.stamped == known.counter == int.from_bytes(header, "big")


@pytest.mark.parametrize("text", ["", "{}", "[]", "\0" * 200, '{"main": 1}', '{"main": [1], "wal": [2]}'])
def test_a_record_that_can_not_be_read_is_as_none(tmp_path: Path, text: str) -> None:
    path = used(tmp_path, "first")
    Path(f"{path}{record.SUFFIX}").write_text(text)
    assert topics(path) == ["first"]
    assert record.read(str(path)) is not None, "it is kept anew"


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("put", [pipe, Path.mkdir, link_to_a_device])
@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_what_is_no_file_is_no_database_and_is_not_waited_for(
    tmp_path: Path, suffix: str, put: Callable[[Path], None]
) -> None:
    put(tmp_path / f"lessons.db{suffix}")
    said = refusal(tmp_path / "lessons.db")
    assert "is no file" in said.message


@pytest.mark.parametrize("put", [pipe, Path.mkdir, link_to_a_device])
def test_a_record_that_is_no_file_is_not_waited_for(tmp_path: Path, put: Callable[[Path], None]) -> None:
    put(tmp_path / f"lessons.db{record.SUFFIX}")
    assert topics(used(tmp_path, "first")) == ["first"]


@pytest.mark.parametrize("suffixes", [("",), ("-wal",), ("-shm",), ("", "-wal", "-shm")])
@pytest.mark.parametrize("often", [1, 100])
def test_files_that_are_removed_while_they_are_opened_are_noticed(
    tmp_path: Path, suffixes: tuple[str, ...], often: int
) -> None:
    path = used(tmp_path, "first")
    left = [often]

    class Removing(sqlite3.Connection):
        def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
            found = super().execute(sql, *arguments)
            if "application_id" in sql and left[0]:
                left[0] -= 1
                found.fetchone()
                for suffix in suffixes:
                    Path(f"{path}{suffix}").unlink(missing_ok=True)
                found = super().execute(sql, *arguments)
            return found

    def opened() -> None:
        Database(path, factory=Removing).close()

    if "" in suffixes or often > 1:
        with pytest.raises(DatabaseError) as caught:
            opened()
        assert caught.value.hint
    else:
        opened()
        assert topics(path) == ["first"]
