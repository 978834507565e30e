"""`db copy`: from a file to a server and back; nothing lost, nothing doubled, no half copy taken for a whole."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from lessongen.database.copying import TABLES
from lessongen.store import PostgresStore, SqliteStore
from lessongen.system.addresses import DatabaseAddress
from lessongen.system.errors import ExitCode
from tests import filled, queues
from tests.conftest import CommandLine
from tests.postgres import server_or_skip
from tests.processes import eventually

SECRET = "hard-to-guess"  # noqa: S105 - the tests' server asks for none
OF_A_FILE = {"place", "_sqlite_migrations", "sqlite_sequence"}
OF_A_SERVER = {"changes", "schema_steps", "workers"}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with something in every table."""
    return filled.fill(tmp_path_factory.mktemp("full") / "full.db")


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[DatabaseAddress]:
    """A database of a server, in which nothing is yet."""
    with server_or_skip(request).bare_database() as address:
        yield address


def in_file(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - ours
    return sorted(repr(sorted(dict(row).items())) for row in rows)


def on_server(address: DatabaseAddress, table: str) -> list[str]:
    from psycopg.rows import dict_row

    with closing(psycopg.connect(address.url, row_factory=dict_row)) as connection:
        query = f'SELECT * FROM lessongen."{table}"'  # noqa: S608 - ours
        rows: list[dict[str, Any]] = connection.execute(query.encode()).fetchall()
    for row in rows:
        row.pop("words", None)  # which the server makes of the text
    return sorted(
        repr(sorted((name, int(value) if isinstance(value, bool) else value) for name, value in row.items()))
        for row in rows
    )


def step_of(address: DatabaseAddress) -> int:
    with closing(psycopg.connect(address.url)) as connection:
        try:
            row = connection.execute("SELECT max(number) FROM lessongen.schema_steps").fetchone()
        except psycopg.errors.UndefinedTable:
            return 0
    return row[0] if row else 0


def test_every_table_of_both_stores_is_copied_or_is_the_databases_own(full: Path, server: DatabaseAddress) -> None:
    with closing(sqlite3.connect(full)) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert {name for name in there if not name.startswith("lesson_texts_fts")} - OF_A_FILE == set(TABLES)
    PostgresStore(server).close()
    with closing(psycopg.connect(server.url)) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'lessongen'").fetchall()
    assert {name for (name,) in found} - OF_A_SERVER == set(TABLES)
    assert all(in_file(full, table) for table in TABLES)


def test_there_and_back_every_row_of_every_table_is_the_same(
    full: Path, server: DatabaseAddress, cli: CommandLine, tmp_path: Path
) -> None:
    there = cli("db", "copy", str(full), server.url, "--json")
    assert there.code == 0, there.stderr
    back = tmp_path / "back.db"
    again = cli("db", "copy", server.url, str(back), "--json")
    assert again.code == 0, again.stderr

    assert again.json()["tables"] == there.json()["tables"]
    assert there.json()["tables"]["tasks"]["rows"] == 6
    assert there.json()["is_newest"]
    for table in TABLES:
        assert in_file(full, table) == on_server(server, table) == in_file(back, table), table
    with closing(SqliteStore(back)) as store:
        assert store.problems() == []


def test_what_comes_after_a_copy_gets_new_numbers_and_is_found(
    server: DatabaseAddress, cli: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "back").mkdir()
    mine, back = tmp_path / "lessons.db", tmp_path / "back" / "lessons.db"
    with queues.stores_closed():
        jobs = queues.open_jobs(tmp_path)
        done = queues.submit(jobs, "nouns")
        jobs.complete(jobs.claim("w1", 1)[0], queues.new_version(done.request))
        begun = queues.submit(jobs)
        jobs.claim("w1", 1)
    with closing(sqlite3.connect(mine)) as connection, connection:
        connection.execute("UPDATE sqlite_sequence SET seq = 1000 WHERE name = 'tasks'")
    told = cli("db", "copy", str(mine), server.url)
    assert told.code == 0, told.stderr
    assert "1 lessons, 1 versions, 2 tasks" in told.stdout
    assert cli("db", "copy", server.url, str(back)).code == 0
    assert cli("db", "check", "--db", str(back)).code == 0
    for place in (back.parent, server):
        with queues.stores_closed():
            jobs = queues.open_jobs(place)
            assert jobs.reclaim_from("w1") == [begun.task_id]
            queues.submit(jobs, "adverbs")
            assert "adverbs" in {lease.task.request.topic for lease in jobs.claim("w2", 5)}
            assert len(jobs.store.lessons.search("verb", 5)) == 1
    numbers = "SELECT max(id) FROM tasks"
    with closing(sqlite3.connect(back)) as connection:
        assert connection.execute(numbers).fetchone() == (1001,)
    with closing(psycopg.connect(server.url, options="-c search_path=lessongen")) as there:
        assert there.execute(numbers).fetchone() == (1001,)


@pytest.mark.parametrize(
    ("kind", "by"), [("file", signal.SIGKILL), ("server", signal.SIGKILL), ("file", signal.SIGINT)]
)
def test_a_copy_that_was_broken_off_is_taken_by_no_command_and_made_anew_by_another(
    kind: str, by: signal.Signals, request: pytest.FixtureRequest, cli: CommandLine, home: Path, tmp_path: Path
) -> None:
    large = filled.fill(tmp_path / "large.db", more_usage=12_000)
    path = tmp_path / "copy.db"
    address = request.getfixturevalue("server") if kind == "server" else None
    target = address.url if address else str(path)

    def is_marked() -> bool:
        if address:
            return step_of(address) == 1_000_000
        if not path.exists():
            return False
        with closing(sqlite3.connect(path)) as connection:
            return bool(connection.execute("PRAGMA user_version").fetchone()[0] == 1_000_000)

    command = [sys.executable, "-m", "lessongen", "db", "copy", str(large), target]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    eventually(is_marked, seconds=30)
    process.send_signal(by)
    _, said = process.communicate()
    if by is signal.SIGINT:
        assert process.returncode == ExitCode.INTERRUPTED
        assert f"lessongen db copy {large} {path}" in said.decode()
    else:
        assert process.returncode == -by
    assert is_marked()
    for words in ("tasks", "create english nouns --no-start", "lessons"):
        refused = cli(*words.split(), "--db", target)
        assert refused.code == ExitCode.DATABASE
        assert "half a copy" in refused.stderr
        assert "db copy" in refused.stderr
    assert "half a copy" in cli("db", "copy", target, str(tmp_path / "other.db")).stderr

    again = cli("db", "copy", str(large), target)
    assert again.code == 0, again.stderr
    for table in TABLES:
        assert in_file(large, table) == (on_server(address, table) if address else in_file(path, table)), table
    assert cli("worker", "status", "--db", target).code == 0


def test_a_row_that_is_not_kept_as_it_was_is_found_and_nothing_is_kept(
    full: Path, cli: CommandLine, tmp_path: Path
) -> None:
    target = tmp_path / "new.db"
    SqliteStore(target).close()
    change = "UPDATE usage SET model = 'other' WHERE id = new.id AND new.id = 3"
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute(f"CREATE TRIGGER spoil AFTER INSERT ON usage BEGIN {change}; END")
    failed = cli("db", "copy", str(full), str(target))
    assert failed.code == ExitCode.DATABASE
    assert "differs in usage: 6 rows were read and 6 are there" in failed.stderr
    assert f"lessongen db copy {full} {target}" in failed.stderr
    assert "half a copy" in cli("tasks", "--db", str(target)).stderr
    assert not any(in_file(target, table) for table in TABLES if table != "tally")


@pytest.mark.parametrize("kind", ["file", "server"])
def test_a_target_that_is_not_empty_is_refused_and_left_as_it_is(
    kind: str, request: pytest.FixtureRequest, full: Path, cli: CommandLine, tmp_path: Path
) -> None:
    address = request.getfixturevalue("server") if kind == "server" else None
    target = address.url if address else str(tmp_path / "mine.db")
    assert cli("create", "english", "verbs", "--no-start", "--db", target).code == 0
    refused = cli("db", "copy", str(full), target)
    assert refused.code == ExitCode.CANNOT_WRITE
    assert "not empty" in refused.stderr
    assert "verbs" in cli("tasks", "--db", target).stdout


def test_what_is_no_pair_of_databases_is_refused(full: Path, cli: CommandLine, home: Path, tmp_path: Path) -> None:
    nowhere, strange = tmp_path / "nowhere.db", tmp_path / "strange.db"
    with closing(sqlite3.connect(strange)) as connection, connection:
        connection.execute("CREATE TABLE notes (note TEXT)")
    kept = strange.read_bytes()
    link = tmp_path / "link.db"
    link.symlink_to(full)
    secret = f"postgresql://ann:{SECRET}@db.example.org/lessons"
    cases = [
        ((str(full), str(full)), ExitCode.USAGE),
        ((str(full), str(link)), ExitCode.USAGE),
        ((str(nowhere), str(tmp_path / "new.db")), ExitCode.NOT_FOUND),
        ((str(full), str(strange)), ExitCode.DATABASE),
        ((str(full), str(tmp_path)), ExitCode.DATABASE),
        ((str(full), secret), ExitCode.USAGE),
        ((secret, str(tmp_path / "new.db")), ExitCode.USAGE),
    ]
    for words, code in cases:
        refused = cli("db", "copy", *words)
        assert refused.code == code, (words, refused.stderr)
        assert SECRET not in refused.stdout + refused.stderr
    assert not nowhere.exists()
    assert not (tmp_path / "new.db").exists()
    assert strange.read_bytes() == kept


def test_while_a_worker_is_alive_on_one_of_them_nothing_is_copied(
    full: Path, cli: CommandLine, home: Path, tmp_path: Path
) -> None:
    busy, target = tmp_path / "busy.db", tmp_path / "new.db"
    assert cli("worker", "--detach", "--db", str(busy)).code == 0
    try:
        for words in ((str(busy), str(target)), (str(full), str(busy))):
            refused = cli("db", "copy", *words)
            assert refused.code == ExitCode.TRY_LATER
            assert f"lessongen worker stop --db {busy}" in refused.stderr
        assert not target.exists()
    finally:
        assert cli("worker", "stop", "--timeout", "60s", "--db", str(busy)).code == 0


def test_a_nul_becomes_a_replacement_character_on_a_server_and_is_counted(
    server: DatabaseAddress, cli: CommandLine, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.db"
    SqliteStore(mine).close()
    with closing(sqlite3.connect(mine)) as connection, connection:
        connection.executemany("INSERT INTO texts VALUES (?, ?)", [("1", "a\0b\0"), ("2", "c")])
    told = cli("db", "copy", str(mine), server.url)
    assert told.code == 0, told.stderr
    assert "1 texts held a NUL" in told.stdout
    assert [row for row in on_server(server, "texts") if "a\ufffdb\ufffd" in row]
    plain = tmp_path / "plain.db"
    copied = cli("db", "copy", str(mine), str(plain), "--json").json()
    assert copied["changed_texts"] == 0
    assert in_file(plain, "texts") == in_file(mine, "texts")
