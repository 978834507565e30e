"""A real `lessongen serve` process for tests, with a home of its own, and what to ask it with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from lessongen.queue.daemon import stop
from lessongen.queue.presence import Roster
from tests.conftest import give_index, run_cli
from tests.processes import ROOT

PATIENCE_SECONDS = 40.0


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server; `environment` is that of other commands over the same database."""

    url: str
    home: Path
    process: subprocess.Popen[str]
    environment: dict[str, str]

    def client(self, token: str | None = None, **more: Any) -> httpx.Client:
        """A client of it."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, timeout=PATIENCE_SECONDS, headers=headers, **more)

    def command(self, *arguments: str) -> Any:
        """What a command over its database answers with --json."""
        done = run_cli(*arguments, "--json", environment=self.environment)
        assert done.code == 0, done.stderr
        return done.json()

    def token(self, user: str, *options: str) -> str:
        """A new token of a user."""
        token: str = self.command("token", "create", "--user", user, *options)["token"]
        return token


@contextmanager
def serving(
    home: Path,
    *options: str,
    settings: dict[str, str] | None = None,
    index: Path | None = None,
    program: Sequence[str] = ("-m", "lessongen"),
) -> Iterator[Server]:
    """A server on a free port of the loopback while the block lasts."""
    home.mkdir(parents=True, exist_ok=True)
    if index is not None:
        give_index(home, index)
    environment = {
        **{name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ},
        "LESSONGEN_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "LESSONGEN_SOURCES_WIKIPEDIA": "no",
        "PYTHONWARNINGS": "error",
        **(settings or {}),
    }
    with (home / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *program, "serve", "--port", "0", "--json", *options],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (home / "serve.log").read_text(encoding="utf-8")
        yield Server(url=json.loads(line)["url"], home=home, process=process, environment=environment)
    finally:
        process.terminate()
        process.wait(120)
        process.stdout and process.stdout.close()
        stop(Roster(home / "lessons.db"), timeout_seconds=120)


def finished(client: httpx.Client, task_id: str) -> dict[str, Any]:
    """A task's last state, polled as the seed's clients do."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        state: dict[str, Any] = client.get(f"/lessons/status/{task_id}").json()
        if state["status"] in ("completed", "failed"):
            return state
        time.sleep(0.05)
    raise AssertionError(f"not finished in time: {state}")


def asked(client: httpx.Client, subject: str = "english", topic: str = "verbs", **more: Any) -> dict[str, Any]:
    """The answer to a request for a lesson."""
    response = client.post("/lessons", json={"subject": subject, "topic": topic, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def made(client: httpx.Client, subject: str = "english", topic: str = "verbs", **more: Any) -> dict[str, Any]:
    """The last state of a task whose lesson was asked for and waited for."""
    return finished(client, asked(client, subject, topic, **more)["task_id"])
