"""`create --focus`: kept, told, followed where the source speaks of it, and refused where it does not."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from lessongen.jobs import Jobs
from lessongen.lesson.task import LessonRequest
from lessongen.store import SqliteStore
from tests.conftest import CommandLine
from tests.queues import SetClock
from tests.writers.test_extractive import LEAD, PARTS

FOCUS = "how the sluice drives the wheel"


@pytest.fixture
def jobs(home: Path) -> Iterator[Jobs]:
    """The queue of the database that the command line of this test uses."""
    store = SqliteStore(home / "lessons.db")
    yield Jobs(store=store, clock=SetClock())
    store.close()


@pytest.fixture
def mill(tmp_path: Path) -> Path:
    """A teacher's own text on glimmer mills."""
    path = tmp_path / "glimmer mill.md"
    path.write_text("\n\n".join(["# Glimmer mill", LEAD, *(f"## {title}\n\n{text}" for title, text in PARTS.items())]))
    return path


def test_a_focus_is_told_while_the_lesson_is_made_and_afterwards(cli: CommandLine, jobs: Jobs, mill: Path) -> None:
    asking = ("create", "--no-start", "--source", str(mill), "--focus", FOCUS, "crafts", "glimmer mill")
    cli(*asking)

    assert jobs.find("last").request.focus == FOCUS
    assert FOCUS in cli("status", "last").stdout
    assert cli("status", "last", "--json").json()["focus"] == FOCUS

    assert cli("worker", "--drain").code == 0
    done = cli("status", "last", "--json").json()
    assert (done["status"], done["focus"]) == ("completed", FOCUS)
    assert done["lesson"]["content"]["provenance"]["focus"] == FOCUS
    assert cli("status", "last").stdout.count(FOCUS) == 1
    assert FOCUS in cli("show", "crafts", "glimmer mill", "--format", "rich").stdout


def test_a_focus_that_the_source_does_not_bear_ends_the_task_with_what_to_do(cli: CommandLine, mill: Path) -> None:
    cli("create", "--no-start", "--source", str(mill), "--focus", "black holes", "crafts", "glimmer mill")
    cli("worker", "--drain")

    failed = cli("status", "last", "--json").json()

    assert (failed["status"], failed["error"]["code"]) == ("failed", "uncovered")
    assert "“black holes”" in failed["error"]["message"]
    assert all(way in failed["error"]["hint"] for way in ("--focus", "a text that tells of it"))


def test_the_part_of_a_focus_that_the_source_lacks_is_told_with_the_lesson(cli: CommandLine, mill: Path) -> None:
    focus = "hopper, grindstone, steam engine"
    cli("create", "--no-start", "--source", str(mill), "--focus", focus, "crafts", "glimmer mill")
    cli("worker", "--drain")

    notices = cli("status", "last", "--json").json()["lesson"]["content"]["provenance"]["notices"]

    assert [each for each in notices if "“steam engine”" in each and "grindstone”" not in each]


@pytest.mark.parametrize("focus", ["", "  ", "x" * 201, "a\x07b", "???"])
def test_a_focus_that_is_none_is_refused_at_once(cli: CommandLine, focus: str) -> None:
    ended = cli("create", "--no-start", "--focus", focus, "english", "verbs")

    assert (ended.code, "focus" in ended.stderr) == (2, True)


def test_a_stored_lesson_with_another_focus_is_not_given_instead(cli: CommandLine, mill: Path) -> None:
    cli("create", "--no-start", "--focus", "tense", "english", "verbs")
    cli("worker", "--drain")
    assert cli("status", "last", "--json").json()["status"] == "completed"
    reusing = ("create", "--no-start", "--reuse", "--json", "english", "verbs")

    assert cli(*reusing, "--focus", "Tense").json()["status"] == "completed"
    assert cli(*reusing, "--focus", "adjectives").json()["status"] == "pending"


def test_batches_take_a_focus_by_row_and_tell_rows_apart_by_it(
    cli: CommandLine, jobs: Jobs, tmp_path: Path, mill: Path
) -> None:
    def submitted(focus: str) -> str:
        file = tmp_path / "rows.csv"
        file.write_text(f"subject,topic,source,focus\ncrafts,mills,{shlex.quote(str(mill))[1:-1]},{focus}\n")
        return str(cli("batch", "submit", "--no-start", "--json", str(file)).json()["batch_id"])

    first = submitted("the sluice")

    assert jobs.find("last").request.focus == "the sluice"
    assert submitted("the sluice") == first
    assert submitted("the hopper") != first


def test_a_request_that_was_stored_before_there_was_a_focus_has_none() -> None:
    stored = json.loads(json.dumps(LessonRequest(subject="english", topic="verbs").as_json()))
    del stored["focus"]

    assert LessonRequest.from_json(stored).focus is None
