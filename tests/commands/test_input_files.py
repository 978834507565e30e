"""Files that a user or an editor names: what never ends, or is no file, is refused at once, and told as what it is."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CommandLine, made

MODULE = [sys.executable, "-m", "lessongen"]


def pipe(path: Path) -> None:
    """A pipe that nobody writes to."""
    os.mkfifo(path)


def bound_socket(path: Path) -> None:
    """A socket that nobody answers at."""
    # The kernel takes short addresses only.
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/s")
        os.rename(f"{folder}/s", path)


def link_to_device(path: Path) -> None:
    """A device that never ends."""
    path.symlink_to("/dev/zero")


def link_to_pipe(path: Path) -> None:
    """A link to a pipe."""
    os.mkfifo(path.with_name("behind"))
    path.symlink_to(path.with_name("behind"))


def folder(path: Path) -> None:
    """A folder."""
    path.mkdir()


def huge(path: Path) -> None:
    """A file that takes no space, and would take all the memory."""
    with path.open("wb") as file:
        file.truncate(1 << 40)


def with_nul(path: Path) -> None:
    """Text with a NUL in it."""
    path.write_bytes(b"# A lesson\0\n")


KINDS = [(pipe, "a pipe"), (bound_socket, "a socket"), (link_to_device, "a device"), (link_to_pipe, "a pipe")]
Make = Callable[[Path], None]


@pytest.mark.parametrize(
    ("make", "said"), [*KINDS, (folder, "a folder"), (huge, "longer than 2.0 MB"), (with_nul, "a NUL character")]
)
@pytest.mark.parametrize("by", ["editor", "--file"])
def test_an_edited_lesson_that_is_no_text_file_is_refused(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make, said: str, by: str
) -> None:
    made(cli)
    made_up = tmp_path / "left"
    make(made_up)
    if by == "editor":
        program = tmp_path / "editor"
        program.write_text(f'#!/bin/sh\nrm "$1"\nmv {shlex.quote(str(made_up))} "$1"\n')
        program.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(program))
        ended = cli("edit", "english", "verbs")
    else:
        ended = cli("edit", "english", "verbs", "--file", str(made_up))

    assert (ended.code, said in ended.stderr) == (65, True), ended.stderr
    assert len(cli("history", "english", "verbs", "--json").json()["versions"]) == 1


@pytest.mark.parametrize(("make", "said"), KINDS)
def test_a_batch_file_that_is_no_file_is_refused(cli: CommandLine, tmp_path: Path, make: Make, said: str) -> None:
    make(tmp_path / "rows.csv")

    ended = cli("batch", "submit", str(tmp_path / "rows.csv"), "--no-start")

    assert (ended.code, said in ended.stderr, "lessongen batch submit -" in ended.stderr) == (2, True, True)


@pytest.mark.parametrize(
    "command",
    [
        "batch submit <(printf 'subject,topic\\nenglish,verbs\\n') --no-start",
        "batch submit /dev/stdin --no-start < rows.csv",
        "batch submit /dev/stdin --no-start < <(cat rows.csv)",
        "batch submit <(printf 'subject,topic,source\\ncrafts,boats,notes.txt\\n') --no-start",
        "edit english verbs --file <(lessongen edit english verbs --output -)",
    ],
)
def test_what_a_shell_has_opened_is_taken(cli: CommandLine, tmp_path: Path, command: str) -> None:
    made(cli)
    (tmp_path / "rows.csv").write_text("subject,topic\nenglish,verbs\n")
    (tmp_path / "notes.txt").write_text("Boats float on water because they are lighter than the water in their place.")
    program = f'lessongen() {{ {shlex.join(MODULE)} "$@"; }}; lessongen {command}'

    done = subprocess.run(["bash", "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("make", "said"), [*KINDS, (huge, "longer than 1 MB")])
def test_settings_that_are_no_file_are_refused(cli: CommandLine, home: Path, make: Make, said: str) -> None:
    make(home / "config.toml")

    for words in (["tasks"], ["config", "set", "user", "ann"]):
        ended = cli(*words)
        assert (ended.code, said in ended.stderr) in [(78, True), (73, True)], ended.stderr


@pytest.mark.parametrize(("make", "said"), KINDS)
def test_a_template_that_is_no_file_is_refused(cli: CommandLine, home: Path, make: Make, said: str) -> None:
    assert cli("template", "new", "mine").code == 0
    part = next((home / "templates" / "mine").glob("*.md"))
    part.unlink()
    make(part)

    ended = cli("template", "show", "mine")

    assert (ended.code, said in ended.stderr) == (78, True), ended.stderr


@pytest.mark.parametrize(("make", "said"), KINDS)
def test_an_archive_a_certificate_and_a_target_that_are_no_files_are_refused(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make, said: str
) -> None:
    made(cli)
    there = tmp_path / "there"
    make(there)

    serve = cli("serve", "--port", "0", "--tls-certificate", str(there), "--tls-key", str(there))
    assert (serve.code, said in serve.stderr) == (78, True), serve.stderr

    assert cli("export", "english", "verbs", "--into", str(tmp_path / "out")).code == 0
    (target,) = (tmp_path / "out").iterdir()
    target.unlink()
    make(target) if not there.is_symlink() else target.symlink_to("/dev/zero")
    ended = cli("export", "english", "verbs", "--into", str(tmp_path / "out"))
    assert (ended.code, target.is_symlink() or not target.is_file()) == (73, True), ended.stderr

    monkeypatch.setenv("LESSONGEN_SOURCES_ZIM", str(there))
    looks = cli("doctor", "--no-network", "--json").json()["checks"]
    assert said in next(each["detail"] for each in looks if each["name"] == "archive")


@pytest.mark.parametrize(("make", "said"), KINDS)
def test_a_database_that_is_no_file_is_refused(cli: CommandLine, tmp_path: Path, make: Make, said: str) -> None:
    make(tmp_path / "lessons.db")

    ended = cli("create", "english", "verbs", "--no-start", "--db", str(tmp_path / "lessons.db"))

    assert ended.code == 74, ended.stderr
