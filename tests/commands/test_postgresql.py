"""The same commands with a database on a PostgreSQL server, and its password in nobody's sight."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from lessongen.system import importing
from lessongen.system.errors import ExitCode
from tests.conftest import CommandLine
from tests.postgres import server_or_skip
from tests.processes import eventually

SECRET = "hard-to-guess"  # noqa: S105 - the tests' server asks for none


@pytest.fixture
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, cli: CommandLine) -> Iterator[str]:
    """An address with a password, set as the database of this test; its worker is stopped at the end."""
    with server_or_skip(request).database() as address:
        url = address.url.replace("postgres@", f"postgres:{SECRET}@")
        monkeypatch.setenv("LESSONGEN_DATABASE", url)
        yield url
        assert cli("worker", "stop", "--timeout", "60s").code == 0


def command_lines() -> list[str]:
    """The command lines of all processes that can be seen."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def is_completed(cli: CommandLine, task: str) -> bool:
    return bool(cli("status", task, "--json").json()["status"] == "completed")


def test_a_lesson_is_made_by_a_detached_worker_and_no_one_sees_the_password(
    database: str, cli: CommandLine, shell: CommandLine, home: Path
) -> None:
    accepted = shell("create", "english", "verbs", "--json")
    assert accepted.code == 0, accepted.stderr
    eventually(lambda: is_completed(cli, accepted.json()["task_id"]))
    assert cli("show", "english", "verbs", "--format", "json").code == 0
    assert [row["message"] for row in cli("tasks", "--json").json()["tasks"]] == ["Done"]
    assert "verbs" in cli("lessons", "search", "verbs").stdout

    (worker,) = cli("worker", "status", "--json").json()["workers"]
    assert worker["host"]
    assert worker["is_detached"]
    seen = [line for line in command_lines() if "--detached-worker" in line and database.rpartition("@")[2] in line]
    assert len(seen) == 1
    assert not any(SECRET in line for line in command_lines())
    shown = [cli(*words.split()).stdout for words in ("config list", "doctor", "worker status", "worker logs")]
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file() and path.stat().st_size < 1_000_000]
    assert not any(SECRET in text for text in shown)
    assert not any(SECRET.encode() in data for data in kept)

    os.kill(worker["pid"], signal.SIGKILL)
    eventually(lambda: cli("worker", "status", "--json").json()["workers"] == [], seconds=30)


def test_a_password_is_refused_where_others_see_it(cli: CommandLine, home: Path) -> None:
    url = f"postgresql://ann:{SECRET}@db.example.org/lessons"
    for words in (["tasks", "--db", url], ["tasks", "--db", f"postgresql://db/lessons?password={SECRET}"]):
        refused = cli(*words)
        assert refused.code == ExitCode.USAGE
        assert SECRET not in refused.stdout + refused.stderr
        assert "PGPASSWORD" in refused.stderr
    refused = cli("config", "set", "database", url)
    assert refused.code == ExitCode.CONFIGURATION
    assert SECRET not in refused.stdout + refused.stderr
    (home / "config.toml").write_text(f'database = "{url}"\n', encoding="utf-8")
    refused = cli("tasks")
    assert refused.code == ExitCode.CONFIGURATION
    assert SECRET not in refused.stdout + refused.stderr


@pytest.mark.parametrize("end", [":port/x", "/", "", "/a/b", "/a b", "/a#b"])
def test_an_address_that_is_none_is_refused_without_its_password(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    url = f"postgresql://ann:{SECRET}@db.example.org{end}"
    for refused in (cli("tasks", "--db", url), cli("config", "set", "database", url)):
        assert refused.code in (ExitCode.USAGE, ExitCode.CONFIGURATION)
        assert SECRET not in refused.stdout + refused.stderr
    monkeypatch.setenv("LESSONGEN_DATABASE", url)
    refused = cli("tasks")
    assert refused.code == ExitCode.CONFIGURATION
    assert "postgresql://user@host" in refused.stderr
    assert SECRET not in refused.stdout + refused.stderr


def test_a_process_that_parses_foreign_files_is_told_no_address_of_the_database() -> None:
    given = {"LESSONGEN_DATABASE": f"postgresql://ann:{SECRET}@db/lessons", "PGPASSWORD": SECRET, "LANG": "C"}
    told = importing.environment(given, secrets=False)
    assert "LANG" in told
    assert SECRET not in str(told)
    assert importing.environment(given, secrets=True, moves=True).items() >= given.items()
    assert "LESSONGEN_DATABASE" in importing.environment({"LESSONGEN_DATABASE": "mine.db"}, secrets=False)


def test_what_is_for_files_says_so_and_names_what_serves_there(database: str, cli: CommandLine, tmp_path: Path) -> None:
    for words in ("check", "vacuum", f"backup {tmp_path / 'copy.db'}"):
        refused = cli("db", *words.split())
        assert refused.code == ExitCode.USAGE
        assert "pg_dump" in refused.stderr


def test_without_psycopg_the_extra_is_named(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lessongen.system.libraries.are_installed", lambda libraries: False)
    refused = cli("tasks", "--db", "postgresql://db.example.org/lessons")
    assert refused.code == ExitCode.CONFIGURATION
    assert "lessongen[postgres]" in refused.stderr
