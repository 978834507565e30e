"""The web API over a real server process: the seed's contract, and what the command line has beside it."""

from __future__ import annotations

import re
import socket
import subprocess
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.processes import eventually
from tests.web_server import Server, asked, finished, made, serving

VERBS = {"subject": "english", "topic": "verbs"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, index: Path) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("web") / "home", index=index) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


def curl(server: Server, *arguments: str) -> Any:
    """What curl prints, as JSON; the documentation's address is the test server's."""
    command = ["curl", "-s", *(each.replace("http://192.168.0.70:8000", server.url) for each in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return httpx.Response(200, text=done.stdout).json()


# ---------------------------------------------------------------- the seed's contract


def test_the_three_curl_examples_answer_with_the_fields_they_are_documented_with(server: Server) -> None:
    started = curl(
        server,
        *("-X", "POST", "http://192.168.0.70:8000/lessons", "-H", "Content-Type: application/json", "-d"),
        '{"subject": "english", "topic": "verbs", "user_id": "user123", "include_wikipedia": true}',
    )
    assert set(started) == {"task_id", "status", "message", "estimated_completion_time", "poll_url", "decided"}
    assert str(uuid.UUID(started["task_id"], version=4)) == started["task_id"]
    assert started["status"] == "pending"
    assert started["message"] == "Lesson generation started for english/verbs"
    assert re.fullmatch(r"\d+(-\d+)? seconds", started["estimated_completion_time"])
    assert started["poll_url"] == f"/lessons/status/{started['task_id']}"

    state = curl(server, f"http://192.168.0.70:8000/lessons/status/{started['task_id']}")
    assert {"task_id", "status", "message", "error", "lesson"} <= set(state)
    assert state["status"] in ("pending", "in_progress", "completed")

    with server.client() as client:
        done = finished(client, started["task_id"])
    lesson = curl(server, "http://192.168.0.70:8000/lessons/english/verbs")
    assert set(lesson["metadata"]) >= {"timestamp", "date_created", "version", "last_updated"}
    assert isinstance(lesson["metadata"]["timestamp"], float)
    assert done["lesson"] == lesson
    assert done["error"] is None


def test_several_requests_at_once_all_end_and_each_is_a_version_of_its_own(client: httpx.Client) -> None:
    topics = ["cell", "cell", "cell", "atom"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda topic: asked(client, "science", topic), topics))
    states = [finished(client, answer["task_id"]) for answer in answers]

    assert {state["status"] for state in states} == {"completed"}
    assert len({answer["task_id"] for answer in answers}) == 4
    assert sorted(state["version"] for state in states) == ["1.0", "1.0", "1.1", "1.2"]
    assert client.get("/lessons/science/cell").json()["metadata"]["version"] == "1.2"
    first = client.get("/lessons/science/cell", params={"version": "1.0"}).json()
    assert first["metadata"]["version"] == "1.0"
    assert first["metadata"]["date_created"] <= first["metadata"]["last_updated"]


def test_fresh_content_is_the_default_and_a_stored_lesson_is_given_only_on_request(client: httpx.Client) -> None:
    first = made(client, "physics", "gravity")
    assert made(client, "physics", "gravity")["version"] == "1.1"

    stored = asked(client, "physics", "gravity", force_regenerate=False)
    assert stored["status"] == "completed"
    assert set(stored) >= {"task_id", "status", "message", "estimated_completion_time", "poll_url"}
    state = client.get(stored["poll_url"]).json()
    assert state["status"] == "completed"
    assert state["lesson"]["metadata"]["version"] == "1.1"
    assert first["lesson"]["content"] != state["lesson"]["content"]


def test_the_answer_says_what_was_decided(client: httpx.Client) -> None:
    asked = {"subject": "english", "topic": "verbs", "minutes": 20, "focus": "tense", "level": "grade-6"}

    answer = client.post("/lessons", json=asked).json()

    assert answer["decided"] == {
        "level": "grade-6",
        "minutes": 20,
        "questions": None,
        "focus": "tense",
        "writer": "extractive",
        "model": None,
        "estimated_cost": None,
        "estimated_cost_if_cached": None,
        "estimated_exam_cost": None,
    }
    assert client.post("/lessons", json={**asked, "focus": "\x07"}).status_code == 422


def test_without_a_stored_lesson_one_is_written_even_if_a_stored_one_would_do(client: httpx.Client) -> None:
    assert asked(client, "physics", "energy", force_regenerate=False)["status"] == "pending"


def test_the_synchronous_way_answers_with_the_lesson(client: httpx.Client) -> None:
    answer = client.post("/lessons", params={"wait": "60"}, json={"subject": "music", "topic": "melody"}).json()
    assert answer["status"] == "completed"
    assert answer["lesson"] == client.get("/lessons/music/melody").json()
    assert answer["error"] is None

    late = client.post("/lessons", params={"wait": "0"}, json={"subject": "music", "topic": "harmony"}).json()
    assert late["status"] in ("pending", "in_progress")
    assert late["lesson"] is None


def test_a_topic_that_no_source_covers_fails_with_its_reason(client: httpx.Client) -> None:
    state = made(client, "nonsense", "qwxzptf vvbnm")
    assert state["status"] == "failed"
    assert isinstance(state["error"], str)
    assert state["lesson"] is None


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"topic": "verbs"}, "subject"),
        ({"subject": "english"}, "topic"),
        ({**VERBS, "subject": ""}, "subject"),
        ({**VERBS, "topic": 3}, "topic"),
        ({**VERBS, "topic": "x" * 201}, "topic"),
        ({**VERBS, "minutes": 1}, "minutes"),
        ({**VERBS, "topic": "\u0000"}, "topic"),
        ({**VERBS, "topic": "!!!"}, "topic"),
        ({**VERBS, "writer": "nobody"}, "writer"),
        ({**VERBS, "language": "xx"}, "language"),
        ({**VERBS, "writer": "openai"}, "model"),
        ([], "dictionary"),
    ],
)
def test_a_request_that_can_t_be_met_is_refused_at_once_naming_what_is_wrong(
    client: httpx.Client, body: Any, names: str
) -> None:
    response = client.post("/lessons", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 422
    assert names in problem["detail"]
    assert "--" not in response.text


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'"\xed\xa0\x80"', b"[" * 100_000, b"1" * 10_000, b"nan", b""])
def test_what_is_no_json_is_a_client_s_fault(client: httpx.Client, body: bytes) -> None:
    response = client.post("/lessons", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.json()["detail"]


UNKNOWN = "8c47a088-995e-4180-9fe9-b35e665c30c0"


@pytest.mark.parametrize("task_id", [UNKNOWN, "550e8400", "last", "", "550e8400-e29b-41d4-a716-44665544000"])
def test_an_unknown_or_shortened_id_is_no_task(client: httpx.Client, task_id: str) -> None:
    response = client.get(f"/lessons/status/{task_id}")
    assert response.status_code == 404
    assert response.json()["detail"]


def test_a_beginning_of_an_id_does_not_do_even_if_it_is_unique(client: httpx.Client) -> None:
    task_id = asked(client)["task_id"]
    assert client.get(f"/lessons/status/{task_id[:-1]}").status_code == 404
    assert client.get(f"/lessons/status/{task_id}").status_code == 200


@pytest.mark.parametrize(
    ("subject", "topic", "path"),
    [
        ("status", "verbs", "/lessons/status/verbs"),
        ("tasks", "verbs", "/lessons/tasks/verbs"),
        ("english", "verbs/nouns", "/lessons/english/verbs/nouns"),
        ("a/b", "verbs", "/lessons/a%2Fb/verbs"),
        ("english", "verbs?x#y%", "/lessons/english/verbs%3Fx%23y%25"),
        ("ängste", "über Verben", "/lessons/%C3%A4ngste/%C3%BCber%20Verben"),
    ],
)
def test_lessons_are_reachable_whatever_they_are_called(
    client: httpx.Client, subject: str, topic: str, path: str
) -> None:
    state = made(client, subject, topic, article="Verb")
    assert state["status"] == "completed", state
    lesson = client.get(path).json()
    assert (lesson["subject"], lesson["topic"]) == (subject, topic)
    for front in (
        "/versions",
        "/cites",
        "/exports",
        "/pages/read",
        "/pages/practise",
        "/pages/files",
        "/pages/versions",
    ):
        assert client.get(front + path.removeprefix("/lessons")).status_code == 200


def test_active_tasks_are_listed_with_counts_and_a_summary(client: httpx.Client) -> None:
    asked(client, "history", "rome")
    listed = client.get("/lessons/tasks").json()
    assert set(listed["counts"]) == {"pending", "in_progress", "completed", "failed"}
    assert listed["active"] == listed["counts"]["pending"] + listed["counts"]["in_progress"]
    assert listed["total"] == sum(listed["counts"].values())
    assert "active task" in listed["summary"]
    assert {task["status"] for task in listed["tasks"]} <= {"pending", "in_progress"}
    made(client, "history", "greece")
    done = client.get("/lessons/tasks", params={"status": "completed"}).json()["tasks"]
    assert {"task_id", "subject", "topic", "user_id", "message", "created_at"} <= set(done[0])


def test_the_map_names_every_endpoint_and_how_to_migrate(client: httpx.Client) -> None:
    told = client.get("/").json()
    assert any("wait" in step for step in told["migration"])
    paths = client.get("/openapi.json").json()["paths"]
    documented = {f"{method.upper()} {path}" for path, operations in paths.items() for method in operations}
    others = {each for each in told["endpoints"] if each.startswith("WebSocket")} | {"GET /pages", "GET /openapi.json"}
    assert set(told["endpoints"]) == documented | others


def test_the_models_have_their_names_in_the_openapi_document(client: httpx.Client) -> None:
    names = set(client.get("/openapi.json").json()["components"]["schemas"])
    assert {
        *("CreateLessonRequest", "GenerationStatus", "LessonGenerationTask"),
        *("LessonGenerationResponse", "LessonStatusResponse"),
    } <= names


# ---------------------------------------------------------------- what the command line has


def test_a_cancelled_task_is_told_as_failed_and_can_be_tried_again(tmp_path: Path) -> None:
    with serving(tmp_path / "idle", "--no-start") as idle, idle.client() as client:
        task_id = asked(client)["task_id"]
        cancelled = client.post(f"/tasks/{task_id}/cancel").json()
        assert (cancelled["status"], cancelled["error"]) == ("failed", "The task was cancelled")
        assert client.get("/lessons/tasks").json()["counts"]["failed"] == 1
        assert client.get("/lessons/tasks", params={"status": "failed"}).json()["tasks"][0]["task_id"] == task_id
        assert client.post(f"/tasks/{task_id}/retry").json()["status"] == "pending"
        assert client.post(f"/tasks/{task_id}/retry").status_code == 409


def test_an_expired_task_is_gone_and_its_lesson_stays(tmp_path: Path, index: Path) -> None:
    settings = {"LESSONGEN_TASKS_KEEP_COMPLETED": "1s", "LESSONGEN_TASKS_PURGE_EVERY": "1s"}
    with serving(tmp_path / "short", settings=settings, index=index) as short, short.client() as client:
        task_id = made(client)["task_id"]
        eventually(lambda: client.get(f"/lessons/status/{task_id}").status_code == 410)
        gone = client.get(f"/lessons/status/{task_id}").json()
        assert gone["status"] == 410
        assert "retention" in gone["detail"]

        stored = asked(client, force_regenerate=False)
        assert stored["status"] == "completed"
        assert client.get(stored["poll_url"]).json()["lesson"]["metadata"]["version"] == "1.0"
        eventually(lambda: client.get(stored["poll_url"]).status_code == 410)
        assert client.get("/lessons/english/verbs").status_code == 200


def test_batches_are_taken_whole_or_not_at_all(client: httpx.Client) -> None:
    rows = [{"subject": "art", "topic": topic} for topic in ("sculpture", "painting")]
    batch = client.post("/batches", json={"name": "week 1", "lessons": rows}).json()
    assert batch["is_new"]
    assert batch["tasks"] == 2
    again = client.post("/batches", json={"name": "week 1", "lessons": rows}).json()
    assert again["batch_id"] == batch["batch_id"] or again["is_new"]
    assert client.get(f"/batches/{batch['batch_id']}").json()["name"] == "week 1"
    assert client.post(f"/batches/{batch['batch_id']}/cancel").status_code == 200
    bad = client.post("/batches", json={"lessons": [*rows, {"subject": "art", "topic": ""}]})
    assert bad.status_code == 422
    assert client.get(f"/batches/{uuid.uuid4()}").status_code == 404


def test_versions_differences_cites_and_exports_are_those_of_the_command_line(
    server: Server, client: httpx.Client
) -> None:
    made(client, "biology", "photosynthesis")
    made(client, "biology", "photosynthesis")
    name = ("biology", "photosynthesis")
    assert client.get("/versions/biology/photosynthesis").json() == server.command("history", *name)
    assert client.get("/diff/biology/photosynthesis").json() == server.command("diff", *name)
    assert client.get("/cites/biology/photosynthesis").json() == server.command("cite", *name)
    assert client.get("/lessons/biology/photosynthesis").json() == server.command("show", *name)
    student = client.get("/lessons/biology/photosynthesis", params={"audience": "student"}).json()
    assert student == server.command("show", "--student", *name)
    assert b"<strong>Key:</strong>" in client.get("/exports/biology/photosynthesis").content
    assert b"<strong>Key:</strong>" not in client.get("/exports/biology/photosynthesis?audience=student").content
    assert client.get("/exports/biology/photosynthesis?format=md").text.startswith("# ")
    assert client.get("/diff/physics/nothing").status_code == 404


def test_health_metrics_and_usage_tell_how_the_service_does(client: httpx.Client) -> None:
    made(client)
    assert client.get("/health").json() == {"status": "ok", "database": True, "worker": True}
    metrics = client.get("/metrics")
    assert re.search(r'^lessongen_tasks\{status="completed"\} [1-9]', metrics.text, re.MULTILINE)
    assert metrics.headers["content-type"].startswith("text/plain")
    assert client.get("/usage", params={"by": "day"}).json() == {"by": "day", "lines": []}


def test_head_is_answered_as_get_without_a_body(client: httpx.Client) -> None:
    made(client)
    response = client.head("/lessons/english/verbs")
    assert response.status_code == 200
    assert response.content == b""


def test_what_clients_do_wrong_harms_no_worker(server: Server, client: httpx.Client) -> None:
    made(client)
    before = {worker["worker_id"] for worker in server.command("worker", "status")["workers"]}
    port = int(server.url.rpartition(":")[2])
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", port)) as cut:
            cut.sendall(b"POST /lessons HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90\r\n\r\n{")
        client.post("/lessons", content=b"\xff" * 10_000)
        client.get("/lessons/%ff/%00")
    assert client.post("/lessons", content=b" " * 3_000_000).status_code == 413
    assert made(client)["status"] == "completed"
    assert {worker["worker_id"] for worker in server.command("worker", "status")["workers"]} == before
