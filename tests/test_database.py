"""Opening a database file: created once by many, refused with a remedy where it can't be used; shared commits."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from pathlib import Path

import pytest

from lessongen.errors import CannotWrite, DatabaseBusy, DatabaseError, LessongenError
from lessongen.sqlite.database import Database
from lessongen.sqlite.version import SCHEMA_VERSION
from lessongen.store import SqliteStore
from tests.queue import open_jobs, submit


def _open_and_submit(folder: Path, topic: str) -> None:
    submit(open_jobs(folder), topic)


def test_processes_that_race_to_create_a_database_all_succeed(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_open_and_submit, args=(tmp_path, f"topic {number}")) for number in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0] * 6
    connection = sqlite3.connect(tmp_path / "lessons.db")
    assert connection.execute("SELECT count(*) FROM tasks").fetchone() == (6,)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()


def refusal(path: Path) -> LessongenError:
    with pytest.raises(LessongenError) as caught:
        SqliteStore(path)
    assert caught.value.hint
    return caught.value


def test_a_database_of_a_newer_lessongen_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lessons.db"
    SqliteStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    assert "newer lessongen" in refusal(path).message


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100)
    assert "is not a database" in refusal(path).message
    assert path.read_text() == "not a database " * 100


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE things (x)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    assert "not one of lessongen's" in refusal(path).message
    assert path.read_bytes() == before


def test_a_folder_in_the_place_of_the_database_is_refused(tmp_path: Path) -> None:
    assert isinstance(refusal(tmp_path), DatabaseError)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(refusal(tmp_path / "file" / "lessons.db"), CannotWrite)


def test_a_damaged_database_is_named_as_damaged(tmp_path: Path) -> None:
    path = tmp_path / "lessons.db"
    jobs = open_jobs(tmp_path)
    for number in range(50):
        submit(jobs, f"topic {number}")
    jobs.store.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(DatabaseError) as caught:
        open_jobs(tmp_path).find("last")
    assert "damaged" in caught.value.message


def test_a_locked_database_is_busy_and_retryable(tmp_path: Path) -> None:
    path = tmp_path / "lessons.db"
    SqliteStore(path).close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    database = Database(path, busy_seconds=0.1)
    with pytest.raises(DatabaseBusy) as caught:
        database.durable(lambda connection: connection.execute("DELETE FROM tasks"))
    assert caught.value.retryable
    holder.execute("ROLLBACK")
    holder.close()
    database.durable(lambda connection: connection.execute("DELETE FROM tasks"))


def test_a_write_that_fails_undoes_itself_and_not_those_it_shares_a_commit_with(tmp_path: Path) -> None:
    database = Database(tmp_path / "lessons.db")
    inside, go_on = threading.Event(), threading.Event()

    def hold(connection: sqlite3.Connection) -> None:
        inside.set()
        go_on.wait(10)

    def turn(priority: int, *, fails: bool) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO turns (priority, user) VALUES (?, 'x')", (priority,))
            if fails:
                raise ValueError(f"work {priority}")

        try:
            database.durable(work)
        except ValueError as error:
            failures.append(str(error))

    failures: list[str] = []
    threads = [threading.Thread(target=database.durable, args=(hold,))]
    threads[0].start()
    inside.wait(10)
    threads += [threading.Thread(target=turn, args=(number,), kwargs={"fails": number == 2}) for number in range(5)]
    for thread in threads[1:]:
        thread.start()
    while len(database._durable._waiting) < 5:
        pass
    go_on.set()
    for thread in threads:
        thread.join()
    assert failures == ["work 2"]
    assert [row[0] for row in database.read("SELECT priority FROM turns ORDER BY priority")] == [0, 1, 3, 4]
