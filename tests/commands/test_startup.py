"""What a command must not load: start-up is a feature. How long it takes is measured by `bench/startup.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from lessongen.app import App
from lessongen.check.judges.exam import exam_name
from lessongen.lesson.judgement import ExamResult, KindCount
from lessongen.system.settings import load
from lessongen.writers.openai.judge_prompt import identity
from tests.conftest import CommandLine

SERVER = "http://127.0.0.1:9/v1"

HEAVY = {
    "fastapi",
    "uvicorn",
    "pydantic",  # Typer would load it for each parameter
    *("psycopg", "lessongen.database.postgres", "lessongen.queue.server_roster"),
    *("openai", "wikipediaapi", "httpx", "sqlite_utils", "jinja2", "rapidfuzz", "Stemmer"),
    *(
        "rich",
        "rich.markdown",
        "click",
        "lessongen.lesson.model",
        "lessongen.check.gate",
        "lessongen.check.word_rules",
        "lessongen.generation.generate",
        "lessongen.queue.worker",
    ),
}

PROGRAM = """
import sys
from lessongen.cli import main
code = main(sys.argv[1:])
sys.stdout = sys.stderr
print("LOADED", *sys.modules)
sys.exit(code)
"""


def passed_by(model: str) -> None:
    """Keep a result by which the model may judge."""
    kinds = [KindCount(kind="any", is_honest=is_honest, right=40, pairs=40) for is_honest in (True, False)]
    app = App(load(os.environ))
    app.store.exams.add(
        ExamResult(
            identity=identity(model, SERVER),
            exam=exam_name(),
            language="en",
            is_short=True,
            kinds=tuple(kinds),
            unanswered=0,
            seconds=1.0,
            calls=2,
            tokens=20_000,
            cost=None,
            sat_at=datetime.now(UTC),
        )
    )
    app.close()


def loaded(*arguments: str) -> set[str]:
    """The modules that a run of the command line has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, timeout=300, check=True
    )
    return set(done.stderr.rpartition("LOADED ")[2].split())


@pytest.mark.parametrize(
    "arguments",
    [
        "--help",
        "status last --json",
        "status last",
        "tasks --json",
        "tasks",
        "create --no-start english verbs",
        "lessons",
        "token list",
        "tasks --status pending --user someone --limit 3",
    ],
)
def test_a_command_that_only_looks_or_submits_loads_nothing_heavy(cli: CommandLine, arguments: str) -> None:
    assert cli("create", "--no-start", "english", "verbs").code == 0

    assert loaded(*arguments.split()) & HEAVY == set()


def test_the_status_of_a_completed_task_embeds_its_lesson_without_models(cli: CommandLine) -> None:
    cli("create", "--no-start", "english", "verbs")
    cli("worker", "--drain")

    assert loaded("status", "last", "--json") & HEAVY == set()
    assert loaded("show", "last", "--format", "json") & HEAVY == set()


def test_help_loads_no_command(cli: CommandLine) -> None:
    assert not any(name.startswith("lessongen.commands.tasks") for name in loaded("--help"))


@pytest.mark.parametrize("named", [(), ("--model", "able")])
def test_a_lesson_by_a_model_that_may_judge_is_asked_for_without_the_gate(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, named: tuple[str, ...]
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", SERVER)
    monkeypatch.setenv("LESSONGEN_JUDGE_NAME", "auto")
    passed_by("able")
    create = ("create", "--no-start", *named, "english", "verbs")

    assert ("judged by able, which has passed its exam" in cli(*create).stdout) == bool(named)
    assert loaded(*create) & HEAVY == set()
    assert loaded("status", "last") & HEAVY == set()
