"""Tries `batch submit --batch-api` against a real server that speaks the Batch API: llama-stack.

`python -m scripts.try_batch_api [--python PYTHON3.12] [--model small|scripted]` installs llama-stack 0.7 in a virtual
environment of its own (kept with the acceptance tests' servers), with its reference provider for batches and local
files. Behind it answers llama.cpp with SmolLM2, whose nonsense the checks refuse; or, `scripted`, the tests' model that
answers well, so that lessons are stored. Then: submit, SIGKILL while the provider works, resume to the end, cancel.
Prints what was found, and exits with 1 where something is not as it should be.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance import llama
from tests.acceptance.counterpart import HOST, free_port, prepared, run, running, status_of
from tests.good_model import answer
from tests.scripted_model import ScriptedModel

# mcp 2 and openai 3 came after it, and it does without bounds for them.
_REQUIREMENTS = ("llama-stack==0.7.3", "mcp<2", "openai<3", "fastapi", "uvicorn", "aiosqlite", "asyncpg", "sqlalchemy")
_START_SECONDS = 180.0
_PLAN = "subject,topic\nbiology,photosynthesis\nenglish,verbs\nhistory,french revolution\n"
_LESSONS = 3


@dataclass(kw_only=True)
class Trial:
    """A home of its own and the provider that its workers ask."""

    home: Path
    address: str
    model: str
    problems: list[str]

    def command(self, *words: str) -> list[str]:
        """A command line of ours."""
        return [sys.executable, "-m", "lessongen", *words]

    @property
    def environment(self) -> dict[str, str]:
        """All that a command is told."""
        return {
            "PATH": os.environ["PATH"],
            "LESSONGEN_HOME": str(self.home),
            "OPENAI_BASE_URL": self.address,
            "LESSONGEN_OPENAI_MODEL": self.model,
            "LESSONGEN_SOURCES_OFFLINE": "yes",
            "LESSONGEN_OPENAI_BATCH_LOOK_SECONDS": "2",
            "LESSONGEN_QUEUE_MAX_ATTEMPTS": "2",
        }

    def run(self, *words: str) -> str:
        """What a command prints; its errors are shown."""
        done = subprocess.run(  # noqa: S603 - our own command
            self.command(*words), env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )
        for line in done.stderr.splitlines()[-3:]:
            print(f"    {line}")
        return done.stdout.strip()

    def shown(self) -> dict[str, Any]:
        """The batch submitted last."""
        found: dict[str, Any] = json.loads(self.run("batch", "show", "last", "--json"))
        return found

    def at_provider(self) -> list[dict[str, Any]]:
        """All batches that the provider has, with our sent_batches' ids."""
        with urllib.request.urlopen(f"{self.address}/batches?limit=100", timeout=30) as answer:  # noqa: S310
            found: list[dict[str, Any]] = json.load(answer)["data"]
        return found

    def rows(self, query: str) -> list[Any]:
        """Rows of the database."""
        with contextlib.closing(sqlite3.connect(self.home / "lessons.db")) as database:
            return database.execute(query).fetchall()

    def expect(self, what: str, holds: bool, found: object = "") -> None:
        """Say whether something is as it should be."""
        print(f"  {'yes' if holds else 'NO '}  {what}  {found}")
        if not holds:
            self.problems.append(what)


# ---------------------------------------------------------------- the trial


def killed_and_resumed(trial: Trial) -> None:
    """Submit, kill the worker while the provider works, and go on to the end."""
    (trial.home / "plan.csv").write_text(_PLAN)
    trial.run("batch", "submit", str(trial.home / "plan.csv"), "--batch-api", "--no-start")
    arguments = trial.command("worker")
    worker = subprocess.Popen(arguments, env=trial.environment, stderr=subprocess.DEVNULL)  # noqa: S603
    _until(lambda: bool(trial.at_provider()), "the provider has a batch", 240)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    trial.expect("killed while the provider has the first batch", len(trial.at_provider()) == 1)
    print(f"    {trial.run('batch', 'show', 'last').splitlines()[3].strip()}")
    began = time.monotonic()
    while not trial.shown()["is_over"] and time.monotonic() < began + 1_800:
        trial.run("worker", "--drain", "--idle-seconds", "1")
        time.sleep(2)
    shown, batches = trial.shown(), trial.at_provider()
    trial.expect("the batch is over", shown["is_over"], f"{shown['counts']} in {time.monotonic() - began:.0f} s")
    sent_batches = Counter(batch["metadata"]["lessongen_parcel"] for batch in batches)
    trial.expect("each sent_batch is one batch there", max(sent_batches.values()) == 1, f"{len(sent_batches)} batches")
    sent = sum(batch["request_counts"]["total"] for batch in batches)
    paid = trial.rows("SELECT count(*), sum(input_tokens), sum(output_tokens) FROM usage")[0]
    answered = sum(batch["request_counts"]["completed"] for batch in batches)
    trial.expect("each answer is paid for once", paid[0] == answered, f"{sent} sent, {answered} answered, {paid}")
    ended = sum(shown["counts"][status] for status in ("completed", "failed"))
    trial.expect("every lesson is stored, or refused with a reason", ended == _LESSONS)
    for failed in shown["failed"]:
        print(f"    {failed['topic']}: {failed['code']}: {failed['message'][:110]}")
    versions = trial.rows("SELECT count(*), count(DISTINCT lesson) FROM versions")[0]
    trial.expect("nothing is doubled", versions[0] == versions[1] == shown["counts"]["completed"], versions)


def cancelled(trial: Trial) -> None:
    """Submit once more, and cancel while the provider works."""
    before = len(trial.at_provider())
    trial.run("batch", "submit", str(trial.home / "plan.csv"), "--batch-api", "--again")
    _until(lambda: len(trial.at_provider()) > before, "the provider has another batch", 240)
    print("    " + " / ".join(trial.run("batch", "cancel", "last", "--yes").splitlines()))
    _until(lambda: _all_over(trial), "the provider has ended it", 120)
    statuses = Counter(batch["status"] for batch in trial.at_provider())
    trial.expect("the provider's batch is cancelled", statuses["cancelled"] >= 1, dict(statuses))
    _until(lambda: trial.shown()["provider"] is None, "we know", 60)
    shown = trial.shown()
    trial.expect("all its tasks are cancelled", shown["counts"]["cancelled"] == _LESSONS, shown["counts"])
    trial.run("worker", "stop")


def _all_over(trial: Trial) -> bool:
    return all(batch["status"] in ("completed", "failed", "cancelled") for batch in trial.at_provider())


def _until(holds: Any, what: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit(f"not in {seconds:g} s: {what}")
        time.sleep(0.2)


# ---------------------------------------------------------------- the server


@contextlib.contextmanager
def stack(python: str, upstream: str, key: str, folder: Path) -> Iterator[str]:
    """llama-stack in front of a server of chat completions; its address."""
    version = run([python, "-c", "import sys; print(sys.version)"]).strip()
    installed = prepared("llama-stack", "\n".join((*_REQUIREMENTS, version)), lambda target: _install(target, python))
    port = free_port()
    config = folder / "stack.json"  # JSON is YAML
    config.write_text(json.dumps(_config(upstream, key, folder / "stack", port)))
    with running(
        [installed / "venv" / "bin" / "llama", "stack", "run", config, "--port", str(port)],
        log=folder / "stack.log",
        answers=lambda: status_of(port, "/v1/health") == 200,
        patience_seconds=_START_SECONDS,
    ):
        yield f"http://{HOST}:{port}/v1"


def _install(target: Path, python: str) -> None:
    run([python, "-m", "venv", target / "venv"])
    run([target / "venv" / "bin" / "python", "-m", "pip", "install", "-q", *_REQUIREMENTS])


def _config(upstream: str, key: str, state: Path, port: int) -> dict[str, Any]:
    state.mkdir()
    return {
        "version": 2,
        "distro_name": "batches",
        "apis": ["inference", "files", "batches", "models"],
        "providers": {
            "inference": [
                {
                    "provider_id": "upstream",
                    "provider_type": "remote::vllm",
                    "config": {"base_url": upstream, "api_token": key, "max_tokens": 2048},
                }
            ],
            "files": [
                {
                    "provider_id": "local",
                    "provider_type": "inline::localfs",
                    "config": {
                        "storage_dir": str(state / "files"),
                        "metadata_store": {"table_name": "files", "backend": "sql_default"},
                    },
                }
            ],
            "batches": [
                {
                    "provider_id": "reference",
                    "provider_type": "inline::reference",
                    "config": {
                        "kvstore": {"namespace": "batches", "backend": "kv_default"},
                        "max_concurrent_requests_per_batch": 2,
                    },
                }
            ],
        },
        "storage": {
            "backends": {
                "kv_default": {"type": "kv_sqlite", "db_path": str(state / "kv.db")},
                "sql_default": {"type": "sql_sqlite", "db_path": str(state / "sql.db")},
            },
            "stores": {
                "metadata": {"namespace": "registry", "backend": "kv_default"},
                "inference": {"table_name": "inference", "backend": "sql_default"},
                "conversations": {"table_name": "conversations", "backend": "sql_default"},
                "prompts": {"namespace": "prompts", "backend": "kv_default"},
            },
        },
        "registered_resources": {"models": []},
        "server": {"port": port, "host": HOST},
    }


@contextlib.contextmanager
def upstream(model: str, folder: Path) -> Iterator[tuple[str, str, str]]:
    """What answers: its address, key, and model."""
    if model == "small":
        with llama.serving(folder) as server:
            yield server.base_url, server.key, server.model
    else:
        with ScriptedModel(answer, models=("scripted-1",), delay_seconds=1.5) as scripted:
            yield scripted.base_url, "none", "scripted-1"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--python", default=shutil.which("python3.12") or "python3.12")
    parser.add_argument("--model", choices=("small", "scripted"), default="scripted")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lessongen-") as name:
        folder = Path(name)
        with (
            upstream(given.model, folder) as (address, key, model),
            stack(given.python, address, key, folder) as provider,
        ):
            (folder / "home").mkdir()
            trial = Trial(home=folder / "home", address=provider, model=f"upstream/{model}", problems=[])
            killed_and_resumed(trial)
            cancelled(trial)
    print("all as it should be" if not trial.problems else f"not as it should be: {trial.problems}")
    return 1 if trial.problems else 0


if __name__ == "__main__":
    sys.exit(main())
