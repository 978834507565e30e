"""The OpenAPI document against the server that it describes: schemathesis' checks, and a client generated from it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.counterpart import Unavailable, is_required, run
from tests.acceptance.programs import tool
from tests.web_server import Server, serving

SECONDS = os.environ.get("LESSONGEN_TEST_SCHEMATHESIS_SECONDS", "60")
_CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
_USE_CLIENT = """
import sys, time
from lessongen_client import Client
from lessongen_client.api.default import create_lesson, task_status, show_lesson, list_tasks
from lessongen_client.models import CreateLessonRequest, GenerationStatus
client = Client(base_url=sys.argv[1])
asked = CreateLessonRequest(subject="english", topic="verbs")
task = create_lesson.sync(client=client, body=asked)
assert task.status == GenerationStatus.PENDING, task
for _ in range(400):
    state = task_status.sync(task.task_id, client=client)
    if state.status in (GenerationStatus.COMPLETED, GenerationStatus.FAILED):
        break
    time.sleep(0.1)
assert state.status == GenerationStatus.COMPLETED, state
lesson = show_lesson.sync("english", "verbs", client=client)
assert lesson.metadata.version == "1.0", lesson
assert list_tasks.sync(client=client).counts.completed == 1
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, index: Path) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("document") / "home", "--no-start", index=index) as running:
        yield running


def _tool(package: str, command: str) -> Path:
    try:
        return tool(package, command)
    except Unavailable as error:
        if is_required():
            raise
        pytest.skip(str(error))


def test_every_request_that_schemathesis_thinks_of_gets_a_documented_answer(server: Server, tmp_path: Path) -> None:
    schemathesis = _tool("schemathesis==4.32.5", "schemathesis")
    server.command("create", "english", "verbs", "--no-start")
    subprocess.run([sys.executable, "-m", "lessongen", "worker", "--drain"], env=server.environment, check=True)
    command: list[str | Path] = [schemathesis, "--config-file", _CONFIGURATION, "run", f"{server.url}/openapi.json"]
    command += ["--checks", "all", "--max-time", SECONDS, "--request-timeout", "30", "--seed", "7"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8_000:]
    with server.client() as client:
        assert client.get("/health").json()["status"] == "ok"


def test_a_generated_client_asks_for_a_lesson_and_gets_it(tmp_path: Path, index: Path) -> None:
    generate = _tool("openapi-python-client==0.29.1", "openapi-python-client")
    with serving(tmp_path / "served", index=index) as server, server.client() as client:
        document = tmp_path / "openapi.json"
        document.write_text(json.dumps(client.get("/openapi.json").json()), encoding="utf-8")
        target = tmp_path / "lessongen_client"
        told = run([generate, "generate", "--path", document, "--meta", "none", "--output-path", target])
        assert "Unable to" not in told
        run([generate.with_name("python"), "-c", _USE_CLIENT, server.url], cwd=tmp_path)
