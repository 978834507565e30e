"""A database made by lessongen 0.1 is read for ever: listed, shown, checked, cited, edited, refreshed, made again."""

from __future__ import annotations

import gzip
import json
import shlex
import sys
from pathlib import Path

import pytest

from tests.conftest import CommandLine

MADE_BY_0_1 = Path(__file__).parents[1] / "fixtures" / "lessons_0_1.db.gz"
LESSONS = 16
VERSIONS = 17
SHOWN = (("md", "--teacher"), ("html", "--student"), ("json", "--teacher"), ("worksheet", "--student"))


@pytest.fixture
def stored(cli: CommandLine, home: Path) -> list[list[str]]:
    """The words by which each lesson of the old database is named."""
    (home / "lessons.db").write_bytes(gzip.decompress(MADE_BY_0_1.read_bytes()))
    listed = cli("lessons", "--json").json()["lessons"]
    return [[each["subject"], each["topic"], "--level", each["level"], "--variant", each["variant"]] for each in listed]


def test_each_lesson_is_shown_checked_and_cited(cli: CommandLine, stored: list[list[str]]) -> None:
    assert len(stored) == LESSONS
    for name in stored:
        for form, audience in SHOWN:
            shown = cli("show", *name, "--format", form, audience)
            assert (shown.code, bool(shown.stdout)) == (0, True), (name, form, shown.stderr)
        checked = cli("check", *name)
        assert checked.code == 0, (name, checked.stdout, checked.stderr)
        assert cli("cite", *name, "--json").json()["claims"], name


def test_what_computed_a_sentence_keeps_its_name(cli: CommandLine, stored: list[list[str]]) -> None:
    shown = cli("show", "math", "fractions", "--json").json()["content"]
    signed = {question["by"] for question in shown["questions"] if question["origin"] == "computed"}

    assert signed == {"lessongen.computed.fractions"}
    assert shown["provenance"]["computed"] == ["lessongen.computed.fractions"]


def test_versions_locks_approvals_and_tasks_are_there(cli: CommandLine, stored: list[list[str]]) -> None:
    versions = [version["version"] for name in stored for version in cli("history", *name, "--json").json()["versions"]]
    approved = cli("history", "english", "verbs", "--json").json()["versions"][-1]

    assert len(versions) == VERSIONS
    assert approved["approved_by"] == ["M. Author"]
    assert cli("lock", "history", "babylon", "--json").json()["locks"][0]["part"] == "objectives"
    assert cli("tasks", "--json").json()["counts"]["failed"] == 2
    assert cli("diff", "english", "verbs").code == 0
    assert cli("db", "check").code == 0


def test_an_old_lesson_is_edited_refreshed_and_made_again(
    cli: CommandLine, stored: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "editor.py"
    program.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text(encoding='utf-8')\n"
        "title = next(line for line in text.splitlines() if line.startswith('# '))\n"
        "path.write_text(text.replace(title, '# The flute, a first look'), encoding='utf-8')\n"
    )
    monkeypatch.setenv("EDITOR", shlex.join([sys.executable, str(program)]))

    edited = cli("edit", "music", "flute", "--json")
    assert edited.code == 0, edited.stderr
    assert json.loads(edited.stdout)["version"] == "1.1"
    assert cli("show", "music", "flute", "--json").json()["content"]["title"] == "The flute, a first look"

    refreshed = cli("refresh", "english", "verbs", "--json")
    assert refreshed.code == 0, refreshed.stderr

    again = cli("create", "math", "fractions", "--no-wikipedia", "--writer", "extractive", "--wait", "--json")
    assert again.code == 0, again.stderr
    assert [each["version"] for each in cli("history", "math", "fractions", "--json").json()["versions"]] == [
        *("1.0", "1.1")
    ]
