"""What a command must not load: start-up is a feature. How long it takes is measured by `bench/startup.py`."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import CommandLine

HEAVY = {
    "fastapi",
    "uvicorn",
    "pydantic",  # Typer would load it for each parameter
    *("openai", "wikipediaapi", "httpx", "sqlite_utils", "jinja2", "rapidfuzz", "Stemmer"),
    *(
        "rich",
        "rich.markdown",
        "click",
        "lessongen.lesson.model",
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


def loaded(*arguments: str) -> set[str]:
    """The modules that a run of the command line has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, timeout=60, check=True
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
