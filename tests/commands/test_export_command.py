"""`export` and `check` over a whole database: nothing is overwritten, and what falls short is named."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.store import SqliteStore
from lessongen.system.filenames import file_stem, unlike
from tests.conftest import CommandLine
from tests.generation.test_lessons import store_lesson
from tests.lessons import CHOICE, lesson, question
from tests.queues import open_jobs

Store = Callable[..., None]


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """Puts the test lesson into the database that commands use, under any name."""
    home.mkdir(exist_ok=True)
    jobs = open_jobs(home)

    def put(subject: str, topic: str, **options: Any) -> None:
        store_lesson(jobs, subject, topic, **options)

    yield put
    assert isinstance(jobs.store, SqliteStore)
    jobs.store.close()


def change(home: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(home / "lessons.db")) as database, database:
        database.execute(statement, values)


# ---------------------------------------------------------------- export


def test_all_lessons_become_files_and_a_second_run_writes_nothing(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "lantern boats")
    store("crafts", "Lantern/Boats")
    store("crafts", "lantern boats", level="A2")
    folder = tmp_path / "new" / "files"
    first = cli("export", "--all", "--into", str(folder), "--format", "md", "--format", "worksheet", "--json").json()
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 6
    assert {"crafts-lantern-boats.md", "crafts-lantern-boats-2.md", "crafts-lantern-boats-a2.md"} <= set(names)
    assert all(each["written"] for each in first["files"])
    again = cli("export", "--all", "--into", str(folder), "--format", "md", "--format", "worksheet", "--json").json()
    assert not any(each["written"] for each in again["files"])


def test_a_file_that_differs_is_left_alone_unless_forced(cli: CommandLine, store: Store, tmp_path: Path) -> None:
    store("crafts", "lantern boats")
    store("crafts", "punts")
    mine = tmp_path / "crafts-punts.html"
    mine.write_text("mine")
    refused = cli("export", "crafts", "--into", str(tmp_path))
    assert refused.code == 73
    assert "crafts-punts.html" in refused.stderr
    assert mine.read_text() == "mine"
    assert not (tmp_path / "crafts-lantern-boats.html").exists()
    assert cli("export", "crafts", "--into", str(tmp_path), "--force").code == 0
    assert mine.read_text() != "mine"


@pytest.mark.parametrize("form", ["md", "html", "json", "worksheet"])
def test_students_get_no_answer_and_every_file_names_its_sources(
    form: str, cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "lantern boats")
    assert cli("export", "crafts", "lantern", "boats", "-o", str(tmp_path), "--format", form, "--student").code == 0
    (written,) = (path for path in tmp_path.iterdir() if "student" in path.name)
    text = written.read_text()
    assert "The authors of the tests" in text
    assert "Key:" not in text
    assert '"answer"' not in text


def test_the_lessons_of_a_batch_are_exported_by_its_id(cli: CommandLine, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("subject,topic\nenglish,verbs\n")
    batch = cli("batch", "submit", str(rows), "--no-start", "--json").json()["batch_id"]
    assert cli("worker", "--drain").code == 0
    done = cli("export", "--batch", batch, "--into", str(tmp_path), "--json").json()
    assert [Path(each["file"]).name for each in done["files"]] == ["english-verbs.html"]


def test_what_can_not_be_read_is_left_out_and_named(cli: CommandLine, store: Store, home: Path, tmp_path: Path) -> None:
    store("crafts", "lantern boats")
    store("crafts", "punts")
    change(home, "UPDATE versions SET content = '{}' WHERE lesson = 1")
    done = cli("export", "--all", "--into", str(tmp_path), "--json").json()
    assert [Path(each["file"]).name for each in done["files"]] == ["crafts-punts.html"]
    assert [each["topic"] for each in done["left_out"]] == ["lantern boats"]


@pytest.mark.parametrize(
    "arguments", [[], ["--all", "--batch", "last"], ["crafts", "--all"], ["--all", "--format", "odt"]]
)
def test_a_command_line_that_does_not_say_what_is_refused(arguments: list[str], cli: CommandLine, store: Store) -> None:
    store("crafts", "lantern boats")
    assert cli("export", *arguments).code == 2


def test_a_file_with_keys_is_refused_for_students_before_any_lesson_is_sought(cli: CommandLine, store: Store) -> None:
    store("crafts", "lantern boats")
    for command in (
        ("export", "crafts", "no such topic", "--format", "md", "--format", "gift"),
        ("show", "crafts", "no such topic", "--format", "gift"),
    ):
        refused = cli(*command, "--student")
        assert refused.code == 2
        assert "has the keys of its questions in it" in refused.stderr


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_a_file_name_is_safe_whatever_the_lesson_is_called(parts: list[str]) -> None:
    stem = file_stem(parts)
    assert stem
    assert len(stem.encode()) <= 110
    assert all(each == "-" or unicodedata.category(each)[0] in "LNM" for each in stem)
    assert not re.fullmatch(r"(?i)(?:con|prn|aux|nul|conin|conout|com[0-9¹²³]|lpt[0-9¹²³])", stem)
    assert stem[0] != "-"


@pytest.mark.parametrize("name", ["CON", "com1", "LPT9", "com\u00b9", "lpt\u00b3", "CONIN$", "conout$"])
def test_no_file_is_called_as_a_device_of_windows(name: str) -> None:
    assert file_stem([name]).startswith("lesson-")


def test_names_that_differ_by_case_alone_get_numbers() -> None:
    taken = {"a.md", "a-2.md"}
    assert unlike("A", ".md", taken) == "A-3.md"


# ---------------------------------------------------------------- check


def test_check_without_a_lesson_examines_all_and_names_those_that_fall_short(
    cli: CommandLine, store: Store, home: Path
) -> None:
    store("crafts", "lantern boats")
    store("crafts", "punts")
    assert cli("check").code == 0
    change(home, "UPDATE versions SET content = '{}' WHERE lesson = 2")
    checked = cli("check", "--strict")
    assert checked.code == 65
    assert "crafts / punts 1.0" in checked.stdout
    assert "crafts / lantern boats" not in checked.stdout


def test_older_versions_count_only_if_asked_for(cli: CommandLine, store: Store, home: Path) -> None:
    store("crafts", "lantern boats")
    store("crafts", "lantern boats")
    change(home, "UPDATE versions SET content = '{}' WHERE number = 0")
    assert cli("check", "--strict").code == 0
    checked = cli("check", "--strict", "--all-versions")
    assert checked.code == 65
    assert "2 versions checked: 1 falls short" in checked.stdout


def test_a_warning_fails_a_lesson_only_where_strict(cli: CommandLine, store: Store, home: Path) -> None:
    store("crafts", "lantern boats")
    made = lesson(questions=[question({**CHOICE, "id": f"q{n}", "objective": f"o{n % 2 + 1}"}) for n in range(1, 6)])
    content = made.model_dump_json()
    change(home, "UPDATE versions SET content = ?", content)
    report = cli("check", "--report", "json").json()
    warned = {each["rule"] for each in report["lessons"][0]["warnings"]}
    assert {"key-places", "above-recall"} <= warned
    assert report["lessons"][0]["figures"]["places"] == [0, 5, 0]
    only_warned = cli("check", "crafts", "lantern boats", "--json").json()
    assert only_warned["warnings"]


def test_strict_turns_a_warning_alone_into_exit_code_65(cli: CommandLine, store: Store, home: Path) -> None:
    store("crafts", "lantern boats")
    content = lesson().model_dump(mode="json")
    content["questions"] = [{**each, "bloom": "remember"} for each in content["questions"]]
    change(home, "UPDATE versions SET content = ?", json.dumps(content))
    assert cli("check").code == 0
    assert "above-recall" in cli("check").stdout
    assert cli("check", "--strict").code == 65


def test_the_report_is_one_page_that_shows_foreign_text_as_text(
    cli: CommandLine, store: Store, home: Path, tmp_path: Path
) -> None:
    store("crafts", "<script>alert(1)</script>")
    page = cli("check", "--report", "html").stdout
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"@import|url\(|src=|href=", page)
    assert "prefers-color-scheme" in page
    target = tmp_path / "report.html"
    assert cli("check", "--report", "html", "-o", str(target)).code == 0
    assert target.read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--report", "pdf"],
        ["--json", "--report", "html"],
        ["--output", "x.html"],
        ["--version", "1.0"],
        ["crafts", "lantern boats", "--all-versions"],
    ],
)
def test_a_check_that_contradicts_itself_is_refused(arguments: list[str], cli: CommandLine, store: Store) -> None:
    store("crafts", "lantern boats")
    assert cli("check", *arguments).code == 2


def test_an_empty_database_has_nothing_to_check(cli: CommandLine, store: Store) -> None:
    checked = cli("check", "--strict")
    assert checked.code == 0
    assert "There are no lessons." in checked.stdout


# ---------------------------------------------------------------- a batch


def test_no_two_lessons_of_a_batch_ask_the_same_question(cli: CommandLine, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("subject,topic\nenglish,verbs\nenglish,nouns\nenglish,grammatical tense\n")
    assert cli("batch", "submit", str(rows), "--no-start").code == 0
    assert cli("worker", "--drain").code == 0
    shown = cli("batch", "show", "last", "--json").json()
    assert shown["counts"]["completed"] == 3
    assert [each for each in shown["alike"] if each["kind"] == "question"] == []
