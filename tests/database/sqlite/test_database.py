"""Opening a database file: created once by many, refused with a remedy where it can't be used; shared commits."""

from __future__ import annotations

import sqlite3
import threading
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlite_utils import Database as Utilities
from sqlite_utils.migrations import Migrations

from lessongen.database.sqlite.database import Database
from lessongen.database.sqlite.migrations import steps
from lessongen.database.sqlite.version import APPLICATION_ID, SCHEMA_VERSION
from lessongen.lesson.versions import LessonName
from lessongen.store import SqliteStore
from lessongen.system.errors import CannotWrite, DatabaseBusy, DatabaseError, LessongenError
from tests.forked import FORKSERVER
from tests.queues import new_version, open_jobs, submit


def _open_and_submit(folder: Path, topic: str) -> None:
    submit(open_jobs(folder), topic)


def test_processes_that_race_to_create_a_database_all_succeed(tmp_path: Path) -> None:
    processes = [FORKSERVER.Process(target=_open_and_submit, args=(tmp_path, f"topic {number}")) for number in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
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
        go_on.wait(120)

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
    inside.wait(120)
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


def _made_by_the_schema_before(path: Path) -> None:
    """A database as schema 7 left it, with a lesson of two versions."""
    migrations = Migrations("lessongen")
    for step in steps.pending(Utilities(memory=True))[:7]:
        migrations()(step.fn)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(Utilities(connection, recursive_triggers=False, execute_plugins=False))
    connection.execute("PRAGMA user_version = 7")
    key = LessonName(subject="english", topic="verbs").key
    moment = "2026-01-31T09:00:00.000000Z"
    connection.execute(
        "INSERT INTO lessons (key, subject, topic, language, level, variant, versions, created_at, updated_at)"
        " VALUES (?, 'english', 'verbs', 'en', 'general', 'core', 2, ?, ?)",
        (key, moment, moment),
    )
    for number in range(2):
        connection.execute(
            "INSERT INTO versions (lesson, number, content, writer, reason, created_at)"
            " VALUES (1, ?, '{}', 'extractive', 'created', ?)",
            (number, moment),
        )
    connection.execute("INSERT INTO lesson_texts (lesson, name, body) VALUES (1, 'english verbs', 'a verb')")
    connection.commit()
    connection.close()


class _Told(sqlite3.Connection):
    """A connection that keeps what all of its kind were told."""

    statements: ClassVar[list[str]] = []

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        self.statements.append(sql)
        return super().execute(sql, *parameters)


def test_a_write_that_shares_its_commit_with_none_is_undone_whole_and_pays_for_no_savepoint(tmp_path: Path) -> None:
    database = Database(tmp_path / "lessons.db", factory=_Told)

    def work(connection: sqlite3.Connection, name: str) -> None:
        connection.execute("INSERT INTO texts (sha256, text) VALUES (?, '')", (name,))
        if name == "bad":
            raise ValueError("work")

    _Told.statements.clear()
    with pytest.raises(ValueError, match="work"):
        database.durable(partial(work, name="bad"))
    database.durable(partial(work, name="good"))
    assert [row[0] for row in database.read("SELECT sha256 FROM texts")] == ["good"]
    assert [each for each in _Told.statements if each.split()[0] in ("SAVEPOINT", "ROLLBACK", "COMMIT")] == [
        "ROLLBACK",
        "COMMIT",
    ]
    database.close()


def test_a_database_of_the_schema_before_is_migrated_and_its_numbers_go_on(tmp_path: Path) -> None:
    path = tmp_path / "lessons.db"
    _made_by_the_schema_before(path)
    store = SqliteStore(path)
    lesson = store.lessons.find(LessonName(subject="english", topic="verbs"))
    assert lesson is not None
    assert (list(lesson.numbers), lesson.latest) == ([0, 1], "1.1")
    assert store.upkeep.check(lambda what, part: None) == []
    assert store.lessons.delete(lesson.id)
    store.close()
    jobs = open_jobs(tmp_path)
    task = submit(jobs, "verbs")
    lease = jobs.claim("worker", 1)[0]
    completion = jobs.complete(lease, new_version(task.request))
    assert completion.version is not None
    assert completion.version.text == "1.2"
    jobs.store.close()
