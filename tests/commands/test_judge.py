"""`judge`: a judge sits the exam, the result is kept and shown, and counts no longer where something has changed."""

from __future__ import annotations

import dataclasses
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lessongen.lesson.judgement import ExamResult, Identity, KindCount
from lessongen.store import SqliteStore
from tests import good_model
from tests.commands.test_startup import loaded
from tests.conftest import CommandLine
from tests.judging import EXAM, able, answering
from tests.scripted_model import ScriptedModel, error

KEY = "sk-live-0123456789abcdef"
JUDGE_KEY = "sk-judge-9876543210fedcba"


@pytest.fixture(autouse=True)
def automatic(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge that is one's by default."""
    monkeypatch.delenv("LESSONGEN_JUDGE_NAME")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedModel]:
    """A model that is right about every pair, configured as the judge's and the writer's server."""
    with ScriptedModel(answering(able)) as scripted:
        monkeypatch.setenv("OPENAI_BASE_URL", scripted.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("LESSONGEN_OPENAI_MODEL", "scripted-1")
        yield scripted


def test_an_able_model_passes_and_the_result_is_kept(cli: CommandLine, server: ScriptedModel) -> None:
    done = cli("judge", "exam", "--short", "--json")
    assert done.code == 0
    told = done.json()
    assert (told["passed"], told["is_valid"], told["is_short"], told["model"]) == (True, True, True, "scripted-1")
    assert told["caught"] == {"right": 40, "of": 40, "share": 1.0, "low": 0.9124, "high": 1.0}
    assert told["accepted"]["right"] == 40
    assert told["balanced_accuracy"] == {"share": 1.0, "low": 0.938, "high": 1.0}
    assert told["wrong"] == []
    assert told["calls"] == len(server.calls) == 2
    assert told["tokens"] == server.input_tokens + server.output_tokens
    del told["wrong"]
    assert cli("judge", "show", "--json").json() == told
    assert cli("judge", "list", "--json").json() == {"exams": [told]}
    assert KEY not in done.stdout + done.stderr


def test_what_it_takes_is_said_before_and_what_it_does_while_it_runs(cli: CommandLine, server: ScriptedModel) -> None:
    said = cli("judge", "exam", "--short").stderr
    assert said.startswith("scripted-1 sits 80 pairs; this takes about 2 calls, ")
    assert "judging, call 1 of 1" in said


def test_the_table_tells_by_kind_what_was_caught_and_accepted(cli: CommandLine) -> None:
    done = cli("judge", "exam", "--short", "--judge", "rules")
    assert done.code == 65
    for words in ("unfaithful sentences, caught", "honest sentences, accepted", "balanced accuracy", "dropped-hedge"):
        assert words in done.stdout
    assert "Not passed: 95 % caught and 90 % accepted are needed" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.partition("It took")[0].splitlines())
    assert "not passed" in cli("judge", "list").stdout
    assert cli("judge", "show", "1").stdout == done.stdout


def test_without_a_server_the_rules_sit_and_a_lower_bar_is_ones_own_decision(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("judge", "exam", "--short", "--json").json()["judge"] == "rules"
    monkeypatch.setenv("LESSONGEN_JUDGE_CAUGHT", "0")
    monkeypatch.setenv("LESSONGEN_JUDGE_ACCEPTED", "0")
    lowered = cli("judge", "show", "--json").json()
    assert lowered["passed"]
    assert lowered["needed"] == {"caught": 0.0, "accepted": 0.0}


def test_a_yes_sayer_fails_with_the_exit_code_of_bad_data(cli: CommandLine, server: ScriptedModel) -> None:
    server.answer = answering(lambda _item: "supported")
    done = cli("judge", "exam", "--short", "--json")
    assert (done.code, done.json()["passed"]) == (65, False)


def test_a_judge_that_can_not_be_asked_leaves_no_result(cli: CommandLine, server: ScriptedModel) -> None:
    server.answer = lambda _request: error(503, "down")
    assert cli("judge", "exam", "--short").code == 69
    assert cli("judge", "list", "--json").json() == {"exams": []}


def test_ctrl_c_stops_an_exam_at_once_and_leaves_no_result(cli: CommandLine, server: ScriptedModel) -> None:
    asked, over = threading.Event(), threading.Event()

    def slow(_request: dict[str, Any]) -> object:
        asked.set()
        over.wait(120)
        return "too late"

    server.answer = slow
    process = subprocess.Popen([sys.executable, "-m", "lessongen", "judge", "exam"], stderr=subprocess.PIPE, text=True)
    assert asked.wait(120)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    over.set()
    assert process.returncode == 130
    assert "Traceback" not in said
    assert cli("judge", "list", "--json").json() == {"exams": []}


def test_a_judge_on_another_server_has_its_own_key_and_never_gets_the_writers(
    cli: CommandLine, server: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedModel(answering(able), models=("big-1",)) as other:
        monkeypatch.setenv("LESSONGEN_JUDGE_BASE_URL", other.base_url)
        assert cli("judge", "exam", "--short", "--json").json()["model"] == "big-1"
        assert {request.headers.get("authorization") for request in other.requests} == {"Bearer none"}
        other.requests.clear()
        monkeypatch.setenv("LESSONGEN_JUDGE_API_KEY", JUDGE_KEY)
        assert cli("judge", "exam", "--short").code == 0
        assert {request.headers["authorization"] for request in other.requests} == {f"Bearer {JUDGE_KEY}"}
    assert not server.calls
    shown = cli("config", "list").stdout
    assert JUDGE_KEY not in shown
    assert "LESSONGEN_JUDGE_API_KEY" in shown


def kept(**changes: object) -> ExamResult:
    from lessongen.system.clock import SystemClock
    from lessongen.writers.openai.judge_prompt import sha256

    result = ExamResult(
        identity=Identity(judge="model", model="m-1", server="https://api.openai.com/v1", prompt_sha256=sha256()),
        exam=EXAM.name,
        language="en",
        is_short=False,
        kinds=(
            KindCount(kind="background", is_honest=False, right=216, pairs=216),
            KindCount(kind="gloss", is_honest=True, right=216, pairs=216),
        ),
        unanswered=0,
        seconds=31.4,
        calls=9,
        tokens=80_000,
        cost=0.04,
        sat_at=SystemClock().now(),
    )
    return dataclasses.replace(result, **changes)  # type: ignore[arg-type]


def test_a_result_of_another_prompt_or_exam_is_out_of_date(cli: CommandLine, home: Path) -> None:
    store = SqliteStore(home / "lessons.db")
    store.exams.add(kept())
    store.exams.add(kept(exam="en-000000000000"))
    store.exams.add(kept(identity=dataclasses.replace(kept().identity, prompt_sha256="0" * 64)))
    store.close()
    assert [each["is_valid"] for each in cli("judge", "list", "--json").json()["exams"]] == [False, False, True]
    assert "It no longer counts" in cli("judge", "show").stdout
    assert "$0.0400" in cli("judge", "show", "1").stdout


def test_doctor_and_models_tell_who_has_passed(
    cli: CommandLine, server: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge_in_doctor() -> dict[str, str]:
        checks = cli("doctor", "--no-network", "--json").json()["checks"]
        return next(each for each in checks if each["name"] == "judge")

    assert judge_in_doctor()["state"] == "ok"
    assert "has not sat the exam" in judge_in_doctor()["detail"]
    assert cli("models", "--json").json()["judges"] == []
    cli("judge", "exam", "--short")
    assert "100.0 % caught, 100.0 % accepted" in judge_in_doctor()["detail"]
    assert cli("models", "--json").json()["judges"] == [
        {"model": "scripted-1", "passed": True, "caught": 1.0, "accepted": 1.0, "is_short": True}
    ]
    assert "passed as a judge" in cli("models").stdout
    server.answer = answering(lambda _item: "not said")
    cli("judge", "exam")
    assert judge_in_doctor()["state"] == "warn"
    assert "failed as a judge" in cli("models").stdout


def test_doctor_without_a_server_says_that_the_rules_judge(cli: CommandLine) -> None:
    checks = cli("doctor", "--no-network", "--json").json()["checks"]
    found = next(each for each in checks if each["name"] == "judge")
    assert found["state"] == "ok"
    assert found["detail"].startswith("rules")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("judge", "exam", "--judge", "oracle"), 2),
        (("judge", "show", "seven"), 2),
        (("judge", "show", "7"), 66),
        (("judge", "show"), 66),
        (("judge", "exam", "--judge", "model"), 78),
    ],
)
def test_what_can_not_be_is_refused_with_a_remedy(cli: CommandLine, arguments: tuple[str, ...], code: int) -> None:
    done = cli(*arguments, "--json")
    assert done.code == code
    assert done.error()["hint"]


def test_looking_makes_no_database(cli: CommandLine, home: Path) -> None:
    assert "no exams" in cli("judge", "list").stdout
    assert not (home / "lessons.db").exists()


def test_no_command_that_looks_or_submits_loads_judges(cli: CommandLine) -> None:
    cli("create", "--no-start", "english", "verbs")
    for arguments in ("create --no-start english nouns", "status last", "tasks"):
        assert not any("judge" in name for name in loaded(*arguments.split()))


def test_a_database_of_the_schema_before_gets_the_table_of_exams(cli: CommandLine, home: Path) -> None:
    cli("create", "--no-start", "english", "verbs")
    connection = sqlite3.connect(home / "lessons.db")
    connection.executescript(
        "DROP TABLE exams; DELETE FROM _sqlite_migrations WHERE name = 'm009_exams'; PRAGMA user_version = 8;"
    )
    connection.close()
    assert cli("judge", "exam", "--short", "--json").json()["number"] == 1
    assert cli("tasks", "--json").json()["tasks"][0]["topic"] == "verbs"


def test_who_judges_is_said_before_a_lesson_with_the_price_and_after_it_with_the_figures(
    cli: CommandLine, server: ScriptedModel
) -> None:
    server.answer = good_model.answer
    asked = ("create", "english", "verbs", "--writer", "openai", "--no-start")
    assert "scripted-1 is to judge, and sits a short exam before: about 2 calls" in cli(*asked).stdout
    cli("worker", "--drain")
    assert "judged by scripted-1, which has passed its exam: 100.0 % caught, 100.0 % accepted" in cli(*asked).stdout
    cli("worker", "--drain")
    told = cli("status", "last").stdout
    assert "caught 40 of 40" in told
    assert cli("check", "english", "verbs").code == 0


def test_where_the_rules_judge_it_is_said_with_what_to_do(cli: CommandLine, server: ScriptedModel) -> None:
    server.answer = good_model.answer
    asked = cli("create", "english", "verbs", "--writer", "openai", "--judge", "rules", "--no-start")
    assert "judged by word rules alone" in asked.stdout
    assert "lessongen config set judge.model" in asked.stdout
    cli("worker", "--drain")
    assert "lessongen config set judge.model" in cli("status", "last").stdout
    assert "word rules alone" in cli("show", "last", "--format", "md", "--teacher").stdout
    assert cli("create", "english", "verbs", "--writer", "openai", "--judge", "nobody").code == 2
