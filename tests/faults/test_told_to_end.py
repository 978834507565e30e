"""SIGTERM, SIGHUP and Ctrl-C in the middle of a command: nothing half-written stays, and that is what ended it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import CommandLine, made
from tests.processes import PROGRAM, eventually

SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]


def fill(database: Path, megabytes: int) -> None:
    """Make the database large, so that a copy of it takes a while."""
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE ballast (data BLOB)")
        connection.executemany("INSERT INTO ballast VALUES (zeroblob(1000000))", [()] * megabytes)
    connection.close()


def ended_by(process: subprocess.Popen[bytes], number: signal.Signals) -> bool:
    """Whether that signal ended it; Ctrl-C has an exit code of its own."""
    code = process.wait(120)
    return code == 130 if number is signal.SIGINT else code == -number


def test_a_backup_that_is_told_to_end_leaves_nothing_behind(cli: CommandLine, home: Path, tmp_path: Path) -> None:
    cli("create", "--no-start", "english", "verbs")
    fill(home / "lessons.db", 400)
    for number in SIGNALS:
        folder = tmp_path / f"told-{number}"
        folder.mkdir()
        process = subprocess.Popen([*PROGRAM, "db", "backup", str(folder / "copy.db")], stderr=subprocess.PIPE)

        eventually(partial(_is_under_way, folder))
        process.send_signal(number)

        assert ended_by(process, number)
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
        process.stderr.close()
        assert os.listdir(folder) == []


def _is_under_way(folder: Path) -> bool:
    return any(path.stat().st_size > 1_000_000 for path in folder.glob(".lessongen-*.db"))


@pytest.mark.parametrize(
    ("to", "number"),
    [
        ("command", signal.SIGTERM),  # by `kill`
        ("command", signal.SIGINT),  # by a program that runs it
        ("group", signal.SIGHUP),  # by a terminal that is closed
        ("group", signal.SIGINT),  # by Ctrl-C
    ],
)
def test_a_command_that_is_told_to_end_while_the_index_is_built_leaves_nothing_behind(
    tmp_path: Path, to: str, number: signal.Signals
) -> None:
    home = tmp_path / "new"
    process = subprocess.Popen(
        [*PROGRAM, "doctor", "--no-network"],
        env={**os.environ, "LESSONGEN_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    eventually(lambda: any(path.stat().st_size > 100_000 for path in (home / "cache").glob(".offline-*")))
    if to == "command":
        process.send_signal(number)
    else:
        os.killpg(process.pid, number)

    assert ended_by(process, number)
    assert os.listdir(home / "cache") == []


@pytest.mark.parametrize(("change", "kept"), [("true", 0), ("echo mine >>", 1)])
def test_an_edit_that_is_told_to_end_keeps_what_was_changed_alone(
    cli: CommandLine, home: Path, tmp_path: Path, change: str, kept: int
) -> None:
    made(cli)
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\n{change} "$1"\ntouch {tmp_path}/ready\nexec sleep 60\n')
    editor.chmod(0o755)
    process = subprocess.Popen([*PROGRAM, "edit", "english", "verbs"], env={**os.environ, "EDITOR": str(editor)})

    eventually((tmp_path / "ready").exists)
    process.terminate()

    assert ended_by(process, signal.SIGTERM)
    assert len(list((home / "cache" / "edits").iterdir())) == kept
