"""A kind of question is one file: with it beside the others, all of the program knows it.

The package is copied with the one file more, and everything runs from the copy, in a process of its own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import lessongen
from lessongen.check.gate import RULES
from lessongen.lesson.interactions import Pick
from tests.conftest import Ended
from tests.elsewhere import Elsewhere, command_lines
from tests.exporters.quiz_readers import READERS
from tests.web_server import serving

KIND = Path(__file__).parent / "several.py"
LESSON = ("math", "adding fractions")


@dataclass(frozen=True)
class Program:
    """The program that has the kind, over a database of its own."""

    commands: Elsewhere
    home: Path
    environment: dict[str, str]

    def __call__(self, *arguments: str) -> Ended:
        ended = self.commands(*arguments)
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended

    def questions(self, *options: str) -> list[dict[str, Any]]:
        """The lesson's questions of the kind, as JSON."""
        shown = self("show", *LESSON, "--format", "json", *options)
        assert shown.code == 0, shown.stderr
        return [each for each in json.loads(shown.stdout)["content"]["questions"] if each["kind"] == "several"]


@pytest.fixture
def program(home: Path, tmp_path: Path) -> Iterator[Program]:
    folder = tmp_path / "with-the-kind"
    shutil.copytree(Path(lessongen.__file__).parent, folder / "lessongen")  # compiled as it is
    shutil.copy(KIND, folder / "lessongen" / "lesson" / "questions")
    # What makes Python import the copy, and nothing of the folder that it is started in.
    environment = {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"}
    with command_lines({**os.environ, **environment, "LESSONGEN_HOME": str(home)}, folder) as commands:
        yield Program(commands=commands, home=home, environment=environment)


def create(program: Program) -> dict[str, Any]:
    """A question of the kind in a lesson that the program has just written."""
    assert program("create", "--no-start", "--seed", "7", *LESSON).code == 0
    drained = program("worker", "--drain")
    assert drained.code == 0, drained.stderr
    return program.questions()[0]


def test_a_kind_in_one_file_is_written_checked_shown_exported_edited_and_answered(
    program: Program, tmp_path: Path
) -> None:
    question = create(program)
    assert question["answer"]
    assert set(question["answer"]) <= set(question["options"])
    letters = [
        letter for letter, option in zip("ABCDEF", question["options"], strict=False) if option in question["answer"]
    ]
    key = f"All of: {', '.join(letters)}"

    checked = program("check", *LESSON, "--json").json()
    assert checked["passed"]
    assert checked["rules"] == len(RULES) + 1

    bare = program.questions("--student")[0]
    assert set(bare) == {"id", "kind", "role", "stem", "origin", "supposes", "options"}
    for form in ("rich", "md", "html", "worksheet"):
        teacher = program("show", *LESSON, "--format", form, "--teacher").stdout
        student = program("show", *LESSON, "--format", form, "--student").stdout
        assert key in teacher
        assert key not in student
        assert all(option in student.replace("\\", "") for option in question["options"])
    assert student.count('class="rule"') >= 1
    assert program("cite", *LESSON).code == 0

    asked_by_machines(program, question, tmp_path / "quizzes")
    exports = tmp_path / "exports"
    assert program("export", *LESSON, "--format", "md", "--format", "worksheet", "--into", str(exports)).code == 0
    assert all(key in each.read_text() for each in exports.iterdir() if each.is_file())
    assert len(list(exports.iterdir())) == 2

    edited(program, question, tmp_path / "lesson.md")
    answered(program, tmp_path)


def asked_by_machines(program: Program, question: dict[str, Any], folder: Path) -> None:
    """The question in quiz formats: read back with its options, of which as many are right as it says."""
    forms = [option for form in READERS for option in ("--format", form)]
    assert program("export", *LESSON, *forms, "--format", "gift", "--format", "scorm", "--into", str(folder)).code == 0
    expected = Pick(options=tuple((option, option in question["answer"]) for option in question["options"]))
    for form, read in READERS.items():
        (file,) = [each for each in folder.iterdir() if f"-{form}." in each.name or each.suffix == f".{form}"]
        asked = [asked for _, stem, asked in read(file.read_bytes()) if stem.startswith(question["stem"])]
        kept = expected if form != "kahoot" or len(expected.options) <= 4 else None
        assert kept is None or kept in asked, form


def edited(program: Program, question: dict[str, Any], file: Path) -> None:
    """Two right answers where there was one; and what the author of a question without one is told."""
    assert program("edit", *LESSON, "--output", str(file)).code == 0
    before = file.read_text()
    right, wrong = question["answer"][0], next(each for each in question["options"] if each not in question["answer"])
    start = before.index(f"{{{question['id']} several ")
    head, rest = before[:start], before[start:]

    file.write_text(head + rest.replace("- [x]", "- [ ]", 1))
    refused = program("edit", *LESSON, "--file", str(file), "--author", "R. Author")
    assert refused.code != 0
    assert "Mark all right options with [x]." in refused.stderr

    file.write_text(head + rest.replace(f"- [ ] {wrong}\n", f"- [x] {wrong}\n", 1))
    taken = program("edit", *LESSON, "--file", str(file), "--author", "R. Author")
    assert taken.code == 0, taken.stderr
    now = next(each for each in program.questions() if each["stem"] == question["stem"])
    assert set(now["answer"]) == {right, wrong}
    assert now["origin"] == "author"
    difference = program("diff", *LESSON).stdout
    assert f"Answer: {' and '.join(now['answer'])}" in difference


def answered(program: Program, folder: Path) -> None:
    """A student answers it on the web, rightly and wrongly."""
    question = program.questions()[0]
    page = f"/pages/practise/{'/'.join(LESSON)}"
    with serving(program.home, settings=program.environment) as server, server.client() as client:
        text = client.get(page).text
        form = next(each for each in text.split("<form")[1:] if "option0" in each)
        sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        right = {
            f"option{place}": "yes" if option in question["answer"] else "no"
            for place, option in enumerate(question["options"])
        }
        assert "✓ Right." in client.post(page, data={**sent, **right}).text
        wrong = {**right, "option0": "no" if right["option0"] == "yes" else "yes"}
        said = client.post(page, data={**sent, **wrong}).text
        assert "✗ Not quite." in said
        assert " and ".join(question["answer"]) in said
