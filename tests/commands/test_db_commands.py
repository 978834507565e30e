"""`db backup`, `db check`, `db vacuum`: a copy while workers write, flaws named with a remedy, space given back."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from pathlib import Path

import pytest

from lessongen.lesson.task import LessonRequest, Priority, Status
from lessongen.store import SqliteStore
from lessongen.system.errors import DatabaseBusy, ExitCode
from tests.conftest import CommandLine, made
from tests.processes import eventually, worker
from tests.queues import open_jobs, submit


@pytest.fixture
def database(home: Path) -> Path:
    return home / "lessons.db"


def alter(database: Path, *statements: str) -> None:
    """Change the database as a fault would, behind lessongen's back."""
    connection = sqlite3.connect(database)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(database)
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


# ---------------------------------------------------------------- backup


def test_backups_taken_while_workers_drain_are_sound_and_hold_whole_versions(cli: CommandLine, tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    requests = [LessonRequest(subject="english", topic=f"sleep:0.1#{number % 40}") for number in range(300)]
    jobs.submit(requests, user="ann", priority=Priority.NORMAL, writer="extractive")
    database = str(tmp_path / "lessons.db")
    completed: list[int] = []
    with worker(tmp_path, "--drain"), worker(tmp_path, "--drain") as last:
        eventually(lambda: jobs.store.lessons.all(1) != [])
        while last.poll() is None:
            copy = tmp_path / f"backup-{len(completed)}.db"
            assert cli("db", "backup", str(copy), "--db", database).code == 0
            counts = cli("tasks", "--json", "--db", str(copy)).json()["counts"]
            assert sum(counts.values()) == 300
            assert rows(copy, "SELECT count(*) FROM versions") == [(counts["completed"],)]
            assert cli("db", "check", "--json", "--db", str(copy)).json() == {"ok": True, "flaws": []}
            completed.append(counts["completed"])
    assert any(0 < count < 300 for count in completed), "no backup was taken while the workers were busy"
    assert completed == sorted(completed)
    jobs.store.close()


def test_a_backup_can_be_worked_on_like_the_database(cli: CommandLine, tmp_path: Path) -> None:
    made(cli)
    copy = str(tmp_path / "copy.db")

    answer = cli("db", "backup", copy, "--json").json()

    assert answer == {"path": copy, "bytes": os.path.getsize(copy)}
    assert (
        cli("show", "english", "verbs", "--json", "--db", copy).json()
        == cli("show", "english", "verbs", "--json").json()
    )
    assert rows(Path(copy), "PRAGMA journal_mode") == [("wal",)]


@pytest.mark.parametrize(("where", "mode"), [("home", 0o600), ("elsewhere", 0o640)])
def test_a_backup_leaves_nothing_beside_itself_and_is_as_private_as_the_database(
    cli: CommandLine, tmp_path: Path, where: str, mode: int
) -> None:
    database = tmp_path / where / "lessons.db"
    cli("create", "--no-start", "english", "verbs", "--db", str(database))
    database.chmod(0o644)
    folder = tmp_path / "backups"
    folder.mkdir()

    assert cli("db", "backup", str(folder / "copy.db"), "--db", str(database)).code == 0

    assert os.listdir(folder) == ["copy.db"]
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == mode
    assert stat.S_IMODE(database.stat().st_mode) == mode


def test_a_backup_replaces_a_file_only_when_it_is_told_to(cli: CommandLine, tmp_path: Path) -> None:
    cli("create", "--no-start", "english", "verbs")
    target = tmp_path / "copy.db"
    target.write_text("precious")

    refused = cli("db", "backup", str(target))
    assert (refused.code, target.read_text()) == (73, "precious")
    assert "--force" in refused.stderr
    assert cli("db", "backup", str(target), "--force").code == 0
    assert cli("db", "check", "--db", str(target)).code == 0


def test_a_backup_replaces_no_database_in_use_nor_the_database_itself(
    cli: CommandLine, database: Path, tmp_path: Path
) -> None:
    cli("create", "--no-start", "english", "verbs")
    other = open_jobs(tmp_path)
    submit(other)

    assert cli("db", "backup", str(tmp_path / "lessons.db"), "--force").code == 73
    assert other.find("last").status is Status.PENDING
    link = tmp_path / "link.db"
    link.symlink_to(database)
    for itself in (database, link):
        assert cli("db", "backup", str(itself), "--force").code == 73
    assert cli("db", "check").code == 0
    other.store.close()


@pytest.mark.parametrize("where", ["missing/copy.db", ".", "file/copy.db"])
def test_a_backup_that_can_not_be_written_says_so(cli: CommandLine, tmp_path: Path, where: str) -> None:
    cli("create", "--no-start", "english", "verbs")
    (tmp_path / "file").write_text("")

    ended = cli("db", "backup", "--force", "--json", str(tmp_path / where))

    assert (ended.code, ended.error()["code"]) == (73, "cannot_write")
    assert not list(tmp_path.glob(".lessongen-*"))


def test_a_damaged_database_gives_no_backup(cli: CommandLine, database: Path, tmp_path: Path) -> None:
    for number in range(30):
        cli("create", "--no-start", "english", f"topic {number}")
    _damage(database)
    target = tmp_path / "copy.db"

    assert cli("db", "backup", str(target)).code == 74
    assert not target.exists()


@pytest.mark.parametrize("command", [("backup", "copy.db"), ("check",), ("vacuum",)])
def test_where_there_is_no_database_none_is_made(cli: CommandLine, tmp_path: Path, command: tuple[str, ...]) -> None:
    missing = tmp_path / "none.db"

    assert cli("db", *command, "--db", str(missing)).code == 66
    assert not missing.exists()


# ---------------------------------------------------------------- check


FAULTS = {
    "wrong_tally": "UPDATE tally SET tasks = tasks + 1 WHERE status = 'completed'",
    "completed_without_version": "UPDATE versions SET task_id = NULL",
    "version_of_unfinished_task": "UPDATE tasks SET status = 'failed', lesson_id = NULL, version = NULL",
    "waits_for_nothing": "UPDATE tasks SET status = 'pending', waits_for = 1",
    "waits_for_no_answer": "UPDATE tasks SET status = 'pending', run_at = '9999-12-31T23:59:59.999999Z'",
    "endless_batch": """
        INSERT INTO batches (batch_id, name, fingerprint, user, tasks, skipped, fail_fast, created_at)
        VALUES ('b', 'plan.csv', 'f', '', 1, 0, 0, '2026-01-31T09:00:00.000000Z')""",
    "missing_version": "UPDATE versions SET number = number + 5",
    "unreadable_version": "UPDATE versions SET content = substr(content, 2)",
    "missing_text": "DELETE FROM version_texts",
    "altered_text": "UPDATE texts SET text = text || ' and more'",
    "dangling_reference": "DELETE FROM texts",
    "not_searchable": "DELETE FROM lesson_texts",
    "search_index": "DELETE FROM lesson_texts_fts_data WHERE id > 10",
}


@pytest.mark.parametrize("code", FAULTS)
def test_each_kind_of_flaw_is_found_and_comes_with_a_remedy(cli: CommandLine, database: Path, code: str) -> None:
    made(cli)
    assert cli("db", "check").code == 0
    alter(database, FAULTS[code])

    ended = cli("db", "check", "--json")

    assert ended.code == 74
    found = {flaw["code"]: flaw for flaw in ended.json()["flaws"]}
    assert ended.json()["ok"] is False
    assert found[code]["detail"]
    assert found[code]["remedy"]
    text = cli("db", "check")
    assert (text.code, f"{code}: {found[code]['detail']}" in text.stdout) == (74, True)


def test_a_lost_version_in_the_middle_is_missed(cli: CommandLine, database: Path) -> None:
    for _ in range(3):
        made(cli)
    alter(database, "DELETE FROM versions WHERE number = 1")

    codes = {flaw["code"] for flaw in cli("db", "check", "--json").json()["flaws"]}

    assert {"missing_version", "completed_without_version"} <= codes


def test_a_lesson_that_a_person_deleted_or_renamed_is_no_flaw(cli: CommandLine) -> None:
    made(cli)
    made(cli, "english", "nouns")
    assert cli("lessons", "delete", "--yes", "english", "verbs").code == 0
    assert cli("lessons", "rename", "--yes", "--to-topic", "naming words", "english", "nouns").code == 0

    assert cli("db", "check", "--json").json() == {"ok": True, "flaws": []}


def test_tasks_in_every_status_are_no_flaw(cli: CommandLine, tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    tasks = [submit(jobs, topic) for topic in ("sleep:0", "bug", "sleep:30", "sleep:0")]
    jobs.cancel([tasks[3]])
    with worker(tmp_path, "--threads", "2"):
        eventually(
            lambda: [jobs.get(task.task_id).status for task in tasks[:3]] == ["completed", "failed", "in_progress"]
        )
        assert cli("db", "check", "--json", "--db", str(tmp_path / "lessons.db")).json() == {"ok": True, "flaws": []}
    jobs.store.close()


def test_many_flaws_of_a_kind_are_listed_in_part(cli: CommandLine, tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    for number in range(100):
        submit(jobs, f"topic {number}")
    path = tmp_path / "lessons.db"
    alter(path, "UPDATE tasks SET status = 'completed'")

    flaws = cli("db", "check", "--json", "--db", str(path)).json()["flaws"]

    shown = [flaw["detail"] for flaw in flaws if flaw["code"] == "completed_without_version"]
    assert len(shown) == 21
    assert shown[-1] == "… and 80 more like these."
    jobs.store.close()


def test_a_damaged_file_is_named_as_damaged(cli: CommandLine, database: Path) -> None:
    for number in range(30):
        cli("create", "--no-start", "english", f"topic {number}")
    _damage(database)

    ended = cli("db", "check", "--json")

    assert ended.code == 74
    assert {flaw["code"] for flaw in ended.json()["flaws"]} == {"damaged"}


def _damage(database: Path) -> None:
    """Overwrite a page in the middle that holds tasks."""
    (page,) = rows(database, "SELECT rootpage FROM sqlite_master WHERE name = 'tasks'")[0]
    with database.open("r+b") as file:
        file.seek((int(str(page)) - 1) * 4096 + 8)
        file.write(b"\xff" * 600)


# ---------------------------------------------------------------- vacuum


def test_vacuum_gives_the_space_of_deleted_lessons_back(cli: CommandLine, database: Path) -> None:
    for topic in ("verbs", "nouns", "adverbs"):
        made(cli, "english", topic)
        assert cli("lessons", "delete", "--yes", "english", topic).code == 0
    made(cli)

    space = cli("db", "vacuum", "--json").json()

    assert space["bytes_won"] == space["bytes_before"] - space["bytes_after"] > 0
    assert space["bytes_after"] == database.stat().st_size
    assert cli("db", "check").code == 0
    assert re.fullmatch(r"\S+ \S+ given back; the database takes \S+ kB\.\n", cli("db", "vacuum").stdout)


@pytest.mark.parametrize("code", ["wrong_tally", "search_index"])
def test_vacuum_repairs_what_can_be_built_anew(cli: CommandLine, database: Path, code: str) -> None:
    made(cli)
    alter(database, FAULTS[code])

    assert cli("db", "vacuum").code == 0

    assert cli("db", "check").code == 0
    assert [lesson["topic"] for lesson in cli("lessons", "search", "verb", "--json").json()["lessons"]] == ["verbs"]


def test_a_database_that_another_process_holds_is_busy(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "lessons.db", busy_seconds=0.1)
    holder = sqlite3.connect(tmp_path / "lessons.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    for work in (store.upkeep.check, store.upkeep.vacuum):
        with pytest.raises(DatabaseBusy) as caught:
            work(lambda what, part: None)
        assert caught.value.exit_code == ExitCode.TRY_LATER

    holder.execute("ROLLBACK")
    holder.close()
    assert store.upkeep.check(lambda what, part: None) == []
    store.close()


@pytest.mark.parametrize("words", [["tasks"], ["status", "last"], ["lessons"], ["db", "check"], ["worker", "--drain"]])
def test_a_database_that_is_gone_is_told_by_whoever_asks(cli: CommandLine, home: Path, words: list[str]) -> None:
    assert cli("create", "english", "verbs", "--no-start").code == 0
    (home / "lessons.db").unlink()
    told = cli(*words)
    assert (told.code, "is gone" in told.stderr, "mkdir -p" in told.stderr) == (74, True, True), told.stderr


def test_doctor_tells_of_a_database_that_is_gone(cli: CommandLine, home: Path) -> None:
    assert cli("create", "english", "verbs", "--no-start").code == 0
    (home / "lessons.db").unlink()
    checks = {each["name"]: each for each in cli("doctor", "--json").json()["checks"]}
    assert checks["database"]["state"] == "fail"
    assert "is gone" in checks["database"]["detail"]
