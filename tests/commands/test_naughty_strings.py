"""Bad input: no traceback, a clear message, the right exit code, nothing half-written, nothing that steers."""

from __future__ import annotations

import os
import re
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lessongen.cli import main
from lessongen.system.errors import ExitCode
from tests.conftest import CommandLine, Ended, made

NAUGHTY = {
    "empty": "",
    "spaces": "   ",
    "no-break space": "\u00a0",
    "ten thousand letters": "x" * 10_000,
    "long words": "word " * 2_000,
    "NUL": "a\0b",
    "line feed": "a\nb",
    "right to left": "שלום \u202ednalsi\u202c",
    "marks": "a\u200f\u2066b\u2069",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈",
    "combining": "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "ANSI escape": "\x1b[31mred\x1b]0;title\x07",
    "C1 escape": "\x9b31mred",
    "markup": "[/nope] [bold]x[/bold]",
    "parent": "../../x",
    "SQL": "'; DROP TABLE tasks; --",
    "percent": "%s%n {0} {x}",
    "glob": "*?%_",
    "option": "--json",
    "lone surrogate": os.fsdecode(b"ver\xffbs"),
    "html": "<script>alert(1)</script>",
    "shell": "$(touch /tmp/x) `id` | ;",
    "search": '" OR * NEAR(',
    "unit separator": "a\x1fb",
    "not a character": "\ufffe\uffff",
    "negative": "-1",
    "dashes": "--",
}
KNOWN = {int(code) for code in ExitCode} - {int(ExitCode.BUG), int(ExitCode.INTERRUPTED)}
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

naughty = pytest.mark.parametrize("text", NAUGHTY.values(), ids=NAUGHTY.keys())


def accept_or_refuse(cli: CommandLine, *arguments: str) -> Ended:
    """Run it: it must end with a known code and say why, and print nothing that steers a terminal."""
    ended = cli(*arguments)
    assert ended.code in KNOWN, ended
    assert STEERING.search(ended.stdout + ended.stderr) is None
    assert "Traceback" not in ended.stderr
    if ended.code and arguments[0] != "doctor":
        assert ended.stderr.strip()
    return ended


@naughty
def test_as_subject_or_topic_it_is_taken_whole_or_refused(cli: CommandLine, text: str) -> None:
    for subject, topic in ((text, "verbs"), ("english", text)):
        created = accept_or_refuse(cli, "create", "--no-start", "--json", "--", subject, topic)
        if created.code == 0:
            state = accept_or_refuse(cli, "status", "last", "--json").json()
            assert (state["subject"], state["topic"]) == (subject, topic)
            accept_or_refuse(cli, "status", "last")
            accept_or_refuse(cli, "tasks")
        else:
            assert created.error()["code"] == "usage"
            assert cli("tasks", "--json").json()["total"] == 0
        cli("purge")
    for command in ("show", "history", "cite", "check", "diff"):
        assert accept_or_refuse(cli, command, "--", text, text).code == 66


@naughty
def test_as_an_option_it_is_used_or_refused(cli: CommandLine, text: str) -> None:
    for option in ("--language", "--level", "--variant", "--user", "--article", "--writer", "--seed", "--priority"):
        accept_or_refuse(cli, "create", "--no-start", f"{option}={text}", "english", "verbs")
    for option in ("--status", "--user", "--subject", "--limit"):
        accept_or_refuse(cli, "tasks", f"{option}={text}")
    accept_or_refuse(cli, "show", f"--format={text}", "english", "verbs")
    accept_or_refuse(cli, "lessons", "search", "--", text)
    accept_or_refuse(cli, "config", "set", "--", "user", text)
    accept_or_refuse(cli, "config", "set", "--", text, "x")
    accept_or_refuse(cli, "config", "list")


@naughty
def test_as_an_id_it_is_not_found(cli: CommandLine, text: str) -> None:
    cli("create", "--no-start", "english", "verbs")
    for command in ("status", "cancel", "retry"):
        assert accept_or_refuse(cli, command, "--", text).code in (2, 66)
    assert accept_or_refuse(cli, "show", "--", text).code in (2, 66)
    assert cli("status", "last", "--json").json()["status"] == "pending"


@naughty
def test_as_a_path_it_is_used_or_refused(
    cli: CommandLine, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(cli)
    for folder in ("of/databases", "of/the/outputs"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "of/databases")
    for command in ("create --no-start english verbs", "tasks", "doctor"):
        accept_or_refuse(cli, *command.split(), f"--db={text}")
    monkeypatch.chdir(tmp_path / "of/the/outputs")
    before = set(tmp_path.rglob("*"))
    shown = accept_or_refuse(cli, "show", "english", "verbs", "--format=md", f"--output={text}")
    written = {path for path in set(tmp_path.rglob("*")) - before if path.is_file()}
    assert len(written) == (1 if shown.code == 0 else 0)


@pytest.mark.parametrize("text", [b"\xff\xfe", b"\xed\xa0\x80", b"\x1b[31m", b"\xc0\xaf", b"caf\xe9"])
def test_as_bytes_that_are_no_utf_8_it_is_refused(shell: CommandLine, text: bytes) -> None:
    for arguments in ((b"create", b"--no-start", text, b"x"), (b"status", text), (b"show", b"english", text), (text,)):
        ended = accept_or_refuse(shell, *arguments)
        assert ended.code in (2, 66)


def test_an_ambiguous_prefix_lists_the_ids(cli: CommandLine) -> None:
    ids = [cli("create", "--no-start", "--json", "english", "verbs").json()["task_id"] for _ in range(20)]
    first = next(each[0] for each in ids if sum(other[0] == each[0] for other in ids) > 1)

    ended = accept_or_refuse(cli, "status", first, "--json")

    assert ended.code == 2
    assert ended.error()["hint"] == "Give more of the id."


def test_a_missing_lesson_and_a_missing_version_are_not_found_with_what_to_do(cli: CommandLine) -> None:
    made(cli)

    missing = cli("show", "english", "verb", "--json")
    version = cli("show", "english", "verbs", "--version", "1.7", "--json")

    assert (missing.code, version.code) == (66, 66)
    assert "english / verbs" in missing.error()["hint"]
    assert "history" in version.error()["hint"]


def _not_a_database(path: Path) -> None:
    path.write_bytes(b"not a database " * 1_000)


def _anothers(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE other (x)")
    database.close()


def _newer(path: Path) -> None:
    assert main(["create", "--no-start", "english", "verbs", "--db", str(path)]) == 0
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 999")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_not_a_database, "is not a database"),
        (_anothers, "not one of lessongen's"),
        (_newer, "newer lessongen"),
        (_folder, "is no file"),
    ],
)
@pytest.mark.parametrize("command", ["tasks", "status last", "create --no-start english verbs", "lessons", "worker"])
def test_a_file_that_cannot_be_the_database_is_refused_and_left_as_it_is(
    cli: CommandLine, tmp_path: Path, make: Callable[[Path], None], said: str, command: str
) -> None:
    path = tmp_path / "chosen.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None

    ended = cli(*command.split(), "--db", str(path), "--json")

    assert (ended.code, said in ended.error()["message"]) == (74, True)
    assert ended.error()["hint"]
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize("path", ["/proc/nowhere/lessons.db", "/dev/null/lessons.db", "/proc/lessons.db"])
def test_a_folder_that_cannot_be_written_is_refused(cli: CommandLine, path: str) -> None:
    ended = accept_or_refuse(cli, "create", "--no-start", "english", "verbs", "--db", path, "--json")

    assert ended.code in (73, 74)
    assert "--db" in ended.error()["hint"]


@pytest.mark.parametrize("path", ["/proc/nowhere/x.md", "/dev/null/x.md", "missing/x.md", "."])
def test_an_output_that_cannot_be_written_is_refused(cli: CommandLine, path: str) -> None:
    made(cli)

    assert accept_or_refuse(cli, "show", "english", "verbs", "--output", path).code == 73


@pytest.mark.parametrize("name", ["lesson.odt", "lesson.rtf", "lesson.txt", "lesson.MD.bak"])
def test_a_file_whose_format_is_not_known_is_refused_unless_the_format_is_said(
    cli: CommandLine, tmp_path: Path, name: str
) -> None:
    made(cli)
    target = tmp_path / name

    refused = cli("show", "english", "verbs", "-o", str(target))
    assert (refused.code, ".html" in refused.stderr) == (2, True)
    assert cli("show", "english", "verbs", "-o", str(target), "--format", "md").code == 0
    assert target.read_text().startswith("# ")


def test_a_dash_as_output_is_standard_output(cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(cli)
    monkeypatch.chdir(tmp_path)

    assert cli("show", "english", "verbs", "-o", "-").stdout.startswith("# ")
    assert cli("show", "english", "verbs", "-o", "-", "--format", "html").stdout.lower().startswith("<!doctype html")
    assert not (tmp_path / "-").exists()


def test_an_output_follows_a_link_and_spares_what_is_no_regular_file(cli: CommandLine, tmp_path: Path) -> None:
    made(cli)
    file, link, folder, pipe = (tmp_path / name for name in ("a.md", "link.md", "folder.md", "pipe.md"))
    file.write_text("old")
    link.symlink_to(file)
    folder.mkdir()
    os.mkfifo(pipe)

    assert cli("show", "english", "verbs", "-o", str(link)).code == 73
    assert file.read_text() == "old"
    assert cli("show", "english", "verbs", "-o", str(link), "--force").code == 0
    assert (link.is_symlink(), file.read_text()[:2]) == (True, "# ")
    assert "it is a folder" in cli("show", "english", "verbs", "-o", str(folder)).stderr
    assert cli("show", "english", "verbs", "-o", str(pipe)).code == 73
    assert pipe.is_fifo()


def test_a_read_only_file_is_not_replaced(cli: CommandLine, tmp_path: Path) -> None:
    made(cli)
    target = tmp_path / "lesson.md"
    target.write_text("mine")
    target.chmod(0o444)

    refused = cli("show", "english", "verbs", "-o", str(target), "--force")

    assert (refused.code, "read-only" in refused.stderr, target.read_text()) == (73, True, "mine")


def run_on_a_full_disk(*arguments: str, file_bytes: int) -> subprocess.CompletedProcess[str]:
    """Run the command line where no file can grow beyond so many bytes (Python's own caches are left alone)."""
    return subprocess.run(
        [sys.executable, "-B", "-m", "lessongen", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes)),
    )


def test_the_database_is_never_taken_for_an_output(cli: CommandLine, home: Path) -> None:
    made(cli)

    assert cli("show", "english", "verbs", "--output", str(home / "lessons.db")).code == 2
    assert cli("show", "english", "verbs").code == 0


def test_an_output_on_a_full_disk_leaves_the_file_that_was_there(cli: CommandLine, home: Path, tmp_path: Path) -> None:
    made(cli)
    target = tmp_path / "lesson.md"
    target.write_text("what was there")

    reader = sqlite3.connect(home / "lessons.db")  # SQLite's shared memory is there already
    reader.execute("SELECT count(*) FROM tasks").fetchone()
    full = run_on_a_full_disk("show", "english", "verbs", "--output", str(target), file_bytes=1_000)
    reader.close()

    assert (full.returncode, "Traceback" in full.stderr) == (73, False)
    assert target.read_text() == "what was there"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "lesson.md"]


def test_a_full_disk_under_the_database_is_said_and_nothing_is_accepted(cli: CommandLine) -> None:
    cli("create", "--no-start", "english", "verbs")
    full = run_on_a_full_disk("create", "--no-start", "--json", "english", "verbs", file_bytes=4_096)

    assert (full.returncode, "Traceback" in full.stderr) == (74, False)
    assert cli("tasks", "--json").json()["total"] == 1


@pytest.mark.parametrize("arguments", ["--help", "tasks", "tasks --json", "create --help", "config list", "--version"])
def test_a_full_standard_output_is_an_error_that_is_said(arguments: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "lessongen", *arguments.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=300,
            check=False,
        )

    assert ended.returncode == 73
    assert "can't be written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Exception" not in ended.stderr


def test_a_reader_that_leaves_early_is_no_error(cli: CommandLine) -> None:
    for _ in range(3):
        cli("create", "--no-start", "english", "verbs")
    ended = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m lessongen tasks --json | true"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments", ["nope", "status", "tasks --nope", "tasks --limit x", "create english", "lessons x y --z"]
)
def test_a_wrong_command_line_is_json_too(cli: CommandLine, arguments: str) -> None:
    ended = cli(*arguments.split(), "--json")

    assert (ended.code, ended.stdout) == (2, "")
    assert set(ended.error()) == {"code", "message", "hint"}
    assert ended.error()["code"] == "usage"
