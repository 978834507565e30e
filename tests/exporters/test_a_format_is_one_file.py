"""A format that one file adds: commands, their help and the web API follow from the file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import CommandLine, Ended, made
from tests.elsewhere import Elsewhere, command_lines
from tests.web_server import serving

TOY = '''
"""The title alone."""

from lessongen.exporters import Format


def export(order):
    return f"{order.lesson.title} for a {order.audience}, version {order.about['version']}".encode()


FORMAT = Format(
    name="toy", ending="toy", media_type="text/x-toy", export=export, asked_by=("toy",), about="a toy is a title"
)
'''

FIRST = """
import lessongen.exporters.formats as formats
formats.__path__.append({folder!r})
"""
PROGRAM = """
import sys
{first}
from lessongen.cli import main
sys.exit(main(sys.argv[1:]))
"""


class Program:
    """The command line with the toy in the formats' folder; its process starts with the first command."""

    def __init__(self, folder: Path) -> None:
        first = FIRST.format(folder=str(folder))
        self.arguments = ["-c", PROGRAM.format(first=first)]
        self.ending = ExitStack()
        self._commands: Callable[[], Elsewhere] = cache(
            lambda: self.ending.enter_context(command_lines(os.environ, Path.cwd(), first=first))
        )

    def __call__(self, *arguments: str) -> Ended:
        return self._commands()(*arguments)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    folder = tmp_path / "formats"
    folder.mkdir()
    (folder / "toy.py").write_text(TOY)
    found = Program(folder)
    with found.ending:
        yield found


def test_commands_take_a_format_that_one_file_adds(cli: CommandLine, program: Program, tmp_path: Path) -> None:
    made(cli)

    shown = program("show", "english", "verbs", "--format", "toy", "--student")
    assert shown.stdout.endswith(" for a student, version 1.0"), shown.stderr
    assert program("show", "english", "verbs", "--output", str(tmp_path / "verbs.toy")).code == 0
    assert (tmp_path / "verbs.toy").read_text().endswith(" for a teacher, version 1.0")
    assert program("export", "--all", "--format", "toy", "--into", str(tmp_path / "out")).code == 0
    assert (tmp_path / "out" / "english-verbs.toy").read_text() == (tmp_path / "verbs.toy").read_text()


def test_a_format_that_is_no_text_goes_to_a_file_alone(cli: CommandLine, program: Program, tmp_path: Path) -> None:
    made(cli)
    toy = tmp_path / "formats" / "toy.py"
    toy.write_text(TOY.replace(".encode()", ".encode() + bytes([255])"))

    refused = program("show", "english", "verbs", "--format", "toy")
    assert refused.code == 2, refused.stderr
    assert "The format toy is no text." in refused.stderr
    assert program("show", "english", "verbs", "--output", str(tmp_path / "verbs.toy")).code == 0
    assert (tmp_path / "verbs.toy").read_bytes().endswith(bytes([255]))


LOSING = """

def losses(lesson, audience):
    yield f"A toy has no {audience}: only a title."


def with_a_bad_block(order):
    order.leave_out("The figure can't be drawn, and is left out.")
    return export(order)


FORMAT = dataclasses.replace(
    FORMAT, export=with_a_bad_block, losses=losses, is_binary=True,MORE
)
"""


def losing(tmp_path: Path, more: str = "") -> None:
    """Make the toy one that is no text, can't carry all, and finds one more thing bad as it is written."""
    written = "import dataclasses\n" + TOY + LOSING.replace("MORE", more)
    (tmp_path / "formats" / "toy.py").write_text(written)


def test_what_a_format_cannot_carry_is_said_and_the_rest_written(
    cli: CommandLine, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(cli)
    losing(tmp_path)
    monkeypatch.chdir(tmp_path)

    shown = program("show", "english", "verbs", "--format", "toy", "--student")
    assert (shown.code, shown.stdout) == (0, ""), shown.stderr
    assert (tmp_path / "english-verbs-student.toy").exists()
    assert "A toy has no student: only a title." in shown.stderr
    assert "The figure can't be drawn, and is left out." in shown.stderr
    exported = program("export", "--all", "--format", "toy", "--format", "md", "--into", "out", "--json")
    toy, md = json.loads(exported.stdout)["files"]
    assert toy["losses"] == ["A toy has no teacher: only a title.", "The figure can't be drawn, and is left out."]
    assert md["losses"] == []
    refused = program("show", "english", "verbs", "--format", "toy", "--output", "-")
    assert (refused.code, refused.stdout) == (2, "")
    assert "The format toy is no text." in refused.stderr


def test_a_format_whose_extra_is_not_installed_says_so_before_any_work(
    cli: CommandLine, program: Program, tmp_path: Path
) -> None:
    made(cli)
    losing(tmp_path, ' extra="toys", libraries=("no_such_library",)')

    for command in (["show", "no such", "lesson"], ["export", "no such", "lesson"]):
        refused = program(*command, "--format", "toy")
        assert refused.code == 78, refused.stderr
        assert "The format toy needs the extra toys, which is not installed." in refused.stderr
        assert "pip install 'lessongen[toys]'" in refused.stderr
    unknown = program("export", "--all", "--format", "nothing").stderr
    assert "toy (needs the extra toys)" in " ".join(unknown.split())
    told = " ".join(program("show", "--help").stdout.split())
    assert "not installed here: toy: pip install 'lessongen[formats]'" in told


def test_a_file_that_is_there_and_differs_is_replaced_only_when_told_to(cli: CommandLine, tmp_path: Path) -> None:
    made(cli)
    target = tmp_path / "verbs.md"
    show = ("show", "english", "verbs", "--output", str(target))
    assert cli(*show).code == 0
    assert cli(*show).code == 0
    written = target.read_bytes()
    target.write_text("My own notes.")

    refused = cli(*show)
    assert refused.code == 73
    assert "--force" in refused.stderr
    assert target.read_text() == "My own notes."
    assert cli(*show, "--force").code == 0
    assert target.read_bytes() == written


def test_help_and_errors_name_it(cli: CommandLine, program: Program) -> None:
    made(cli)

    for command in ("show", "export"):
        listed = "".join(program(command, "--help").stdout.split())
        assert re.search(r"json,html,worksheet,([a-z0-9-]+,)*toy", listed)
        refused = program(command, "english", "verbs", "--format", "nothing").stderr
        assert re.search(r"json, html, worksheet, .*toy\b", " ".join(refused.split()))
    assert re.search(r"a worksheet is HTML; .*a toy is a title\W", " ".join(program("show", "--help").stdout.split()))
    refused = program("show", "english", "verbs", "--output", "x.odt").stderr
    assert re.search(r"\.md, \.json, \.html, .*\.toy\b", " ".join(refused.split()))


@pytest.mark.parametrize("words", ["lessongen show english verbs --format ", "lessongen export --format "])
def test_a_shell_completes_it(words: str, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_LESSONGEN_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))

    done = subprocess.run([sys.executable, *program.arguments], capture_output=True, text=True, timeout=60)
    assert {"md", "json", "html", "worksheet", "toy"} <= set(done.stdout.split())


def test_the_web_api_gives_it(cli: CommandLine, program: Program, home: Path) -> None:
    made(cli)

    with serving(home, program=program.arguments) as server, server.client() as client:
        answer = client.get("/exports/english/verbs", params={"format": "toy", "audience": "student"})
        assert answer.headers["content-type"].startswith("text/x-toy")
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''english-verbs-student.toy"
        assert answer.text.endswith(" for a student, version 1.0")
        assert "text/x-toy" in client.get("/openapi.json").text
