"""What lessongen keeps is for its user alone, whatever the umask; what the user asks for follows the umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import give_index, run_cli
from tests.processes import eventually

MASKS = [0o000, 0o022, 0o077, 0o277]


def run(words: Sequence[str], home: Path, umask: int, **variables: str) -> None:
    """Run a command with that umask; it must succeed."""
    done = run_cli(*words, environment={**os.environ, "LESSONGEN_HOME": str(home), **variables}, umask=umask)
    assert done.code == 0, done.stderr


def mode(path: Path) -> int:
    """The rights to a file, a folder or a socket."""
    return stat.S_IMODE(path.lstat().st_mode)


def open_to_others(folder: Path) -> dict[str, str]:
    """What others have any right to in the folder, itself included, or its owner lacks one to."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        wanted = 0o700 if path.is_dir() or path.is_socket() else 0o600
        if not path.is_symlink() and mode(path) != wanted:
            found[str(path.relative_to(folder))] = oct(mode(path))
    return found


@pytest.mark.parametrize("umask", MASKS)
def test_all_that_is_kept_is_private_and_all_that_is_asked_for_is_not(tmp_path: Path, index: Path, umask: int) -> None:
    home, out = tmp_path / "made" / "anew", tmp_path / "out"
    out.mkdir()
    run(["config", "set", "user", "ann"], home, 0o022)  # makes the home; the index of the cache is built elsewhere
    give_index(home, index)

    run(["create", "english", "verbs", "--wait"], home, umask)
    run(["template", "new", "mine"], home, umask)
    run(["config", "set", "worker.concurrency", "2"], home, umask)
    run(["edit", "english", "verbs"], home, umask, EDITOR="true")

    assert {path.suffix for path in (home / "lessons.db-workers").iterdir()} >= {".card", ".lock"}
    assert (open_to_others(home), mode(home.parent)) == ({}, 0o700)

    run(["show", "english", "verbs", "--output", str(out / "lesson.md")], home, umask)
    run(["export", "english", "verbs", "--into", str(out / "new")], home, umask)
    run(["db", "backup", str(out / "copy.db")], home, umask)
    run(["worker", "stop"], home, umask)

    assert mode(out / "lesson.md") == 0o666 & ~umask
    assert mode(out / "new") == 0o777 & ~umask
    assert [mode(path) for path in (out / "new").iterdir()] == [0o666 & ~umask]
    assert mode(out / "copy.db") == 0o600


def test_the_index_of_the_encyclopedia_and_its_folder_are_private(tmp_path: Path) -> None:
    home = tmp_path / "home"

    run(["doctor", "--no-network"], home / "new", 0o000)

    assert open_to_others(home / "new") == {}
    assert len(list((home / "new" / "cache").iterdir())) == 1


def test_what_an_older_version_left_open_is_closed_when_it_is_used(home: Path, tmp_path: Path) -> None:
    run(["create", "english", "verbs", "--no-start"], home, 0o022)
    logs = home / "logs"
    logs.mkdir()
    old = [home / "lessons.db", logs / "worker.log", logs / "worker.log.1"]
    for path in old:
        path.touch()
        path.chmod(0o666)
    logs.chmod(0o777)

    run(["worker", "--detach"], home, 0o000)

    eventually(lambda: [mode(path) for path in old] == [0o600] * 3)
    assert mode(logs) == 0o700
    run(["worker", "stop"], home, 0o000)


def test_a_database_elsewhere_keeps_what_its_group_may(home: Path, tmp_path: Path) -> None:
    database, folder = tmp_path / "shared" / "ours.db", tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o775)
    run(["create", "english", "verbs", "--no-start", "--db", str(database)], home, 0o000)
    assert mode(database) == 0o600
    database.chmod(0o666)

    run(["tasks", "--db", str(database)], home, 0o000)

    assert (mode(database), mode(folder)) == (0o660, 0o775)


def test_programs_of_the_user_get_the_umask_of_the_user(home: Path, tmp_path: Path) -> None:
    tell = tmp_path / "tell"
    tell.write_text(f"#!/bin/sh\numask >> {tmp_path}/masks\n")
    tell.chmod(0o755)
    rows = tmp_path / "rows.csv"
    rows.write_text("subject,topic\nenglish,verbs\n")

    run(["batch", "submit", str(rows), "--wait", "--on-done", str(tell)], home, 0o027)
    eventually(lambda: (tmp_path / "masks").exists())
    run(["edit", "english", "verbs"], home, 0o027, EDITOR=str(tell))
    run(["worker", "stop"], home, 0o027)

    assert (tmp_path / "masks").read_text().split() == ["0027", "0027"]
