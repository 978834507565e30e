"""`export --single`: one file of each format, named after what is exported, in which all lessons are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lessongen.exporters import known_formats
from lessongen.store import SqliteStore
from tests.commands.test_export_command import change
from tests.conftest import CommandLine
from tests.generation.test_lessons import store_lesson
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


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_subject_becomes_one_file_of_each_format_and_edition(cli: CommandLine, store: Store, tmp_path: Path) -> None:
    for topic in ("punts", "oars"):
        store("crafts", topic)
    store("history", "boats")
    target = tmp_path / "out"
    forms = [word for name in ("md", "json", "gift", "qti12") for word in ("--format", name)]
    done = cli("export", "crafts", "--single", "--both", "--into", str(target), *forms, "--json").json()
    assert names(target) == {
        *("crafts.md", "crafts.jsonl", "crafts.gift", "crafts-qti12.zip"),
        *("crafts-student.md", "crafts-student.jsonl"),
    }
    for file in done["files"]:
        assert file["written"]
        assert [each["topic"] for each in file["lessons"]] == ["oars", "punts"]
        assert {each["version"] for each in file["lessons"]} == {"1.0"}
    lines = (target / "crafts.jsonl").read_text().splitlines()
    assert [json.loads(line)["topic"] for line in lines] == ["oars", "punts"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["--all"], "lessons.md"),
        (["--all", "--level", "A2"], "lessons-a2.md"),
        (["crafts"], "crafts.md"),
        (["crafts", "oars"], "crafts-oars.md"),
    ],
)
def test_the_file_is_named_after_what_was_asked_for(
    words: list[str], name: str, cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "oars")
    store("crafts", "oars", level="A2")
    words = [*words, "--level", "general"] if words[-1] == "oars" else words
    assert cli("export", *words, "--single", "--format", "md", "--into", str(tmp_path / "out")).code == 0
    assert names(tmp_path / "out") == {name}


def test_a_second_run_writes_nothing_and_a_file_that_differs_is_left_alone_unless_forced(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "punts")
    store("crafts", "oars")
    target = tmp_path / "out"
    export = ("export", "--all", "--single", "--into", str(target), "--format", "json", "--format", "md")
    assert cli(*export).code == 0
    assert not any(each["written"] for each in cli(*export, "--json").json()["files"])
    (target / "lessons.md").write_text("mine")
    (target / "lessons.jsonl").unlink()
    refused = cli(*export)
    assert refused.code == 73
    assert "nothing was written" in refused.stderr
    assert names(target) == {"lessons.md"}
    assert cli(*export, "--force").code == 0
    assert "punts" in (target / "lessons.md").read_text()


def test_a_lesson_that_can_not_be_read_is_left_out_and_named(
    cli: CommandLine, store: Store, home: Path, tmp_path: Path
) -> None:
    store("crafts", "punts")
    store("crafts", "oars")
    change(home, "UPDATE versions SET content = '{}' WHERE lesson = 1")
    done = cli("export", "--all", "--single", "--into", str(tmp_path), "--format", "md", "--json").json()
    assert [each["topic"] for each in done["left_out"]] == ["punts"]
    assert [each["topic"] for each in done["files"][0]["lessons"]] == ["oars"]
    change(home, "UPDATE versions SET content = '{}'")
    none = cli("export", "--all", "--single", "--into", str(tmp_path / "none"), "--format", "md")
    assert none.code == 65
    assert names(tmp_path / "none") == set()


def test_what_is_lost_is_said_with_how_many_lessons_lose_it_before_and_after(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "punts")
    store("crafts", "oars")
    export = ("export", "--all", "--single", "--into", str(tmp_path / "out"), "--format", "gift", "--json")
    (would,) = cli(*export, "--dry-run").json()["would_write"]
    assert not (tmp_path / "out").exists()
    (file,) = cli(*export).json()["files"]
    assert file["losses"] == would["losses"]
    assert (
        "2 lessons: GIFT holds the questions alone: summary, key words, sections and tasks are not in it."
        in (file["losses"])
    )


def test_what_is_no_one_file_is_refused_at_once_and_those_that_are_get_named(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    refused = cli("export", "no such", "lesson", "--single", "--format", "site", "--into", str(tmp_path / "out"))
    assert refused.code == 2
    told = " ".join(refused.stderr.split())
    assert re.search(r"The format .site. can't hold several lessons in one file\.", told)
    assert all(each.name in told for each in known_formats().values() if each.join)
    assert not (tmp_path / "out").exists()
    unknown = cli("export", "no such", "lesson", "--single", "--format", "nothing")
    assert "There is no format" in unknown.stderr
