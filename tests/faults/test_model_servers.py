"""Tasks that meet a faulty model server: the right end, the right wait, no slot slept in, the key nowhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.task import LessonRequest, Priority, Status, Task
from tests.good_model import answer as good_answer
from tests.processes import ROOT, eventually
from tests.queues import open_jobs
from tests.scripted_model import Fault, ScriptedModel, error, html, prompt_of

KEY = "sk-test-0123456789abcdefghijklmnop"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A fault, and what becomes of a task that meets it, however often it does until it is looked at."""

    fault: Fault
    code: str
    status: Status = Status.PENDING
    wait_seconds: float = 0.0  # at least


# By the topic of the task; each is an article that the installed encyclopedia has.
FAULTS: Mapping[str, Row] = {
    "volcano": Row(
        fault=error(429, f"Slow down, {KEY}.", headers={"Retry-After": "600"}), code="rate_limited", wait_seconds=598
    ),
    "photosynthesis": Row(fault=error(500, "An internal error."), code="unavailable"),
    "gravity": Row(
        fault=error(503, "Overloaded.", headers={"Retry-After": "500"}), code="unavailable", wait_seconds=498
    ),
    "democracy": Row(
        fault=error(429, "You exceeded your quota.", code="insufficient_quota"),
        code="quota_used_up",
        status=Status.FAILED,
    ),
    "inflation": Row(fault=error(401, f"Incorrect API key: {KEY}"), code="key_refused", status=Status.FAILED),
    "bacteria": Row(fault=error(404, "No such model."), code="request_refused", status=Status.FAILED),
    "earthquake": Row(fault=error(400, "Context too long."), code="request_refused", status=Status.FAILED),
    "oxygen": Row(fault=html(), code="bad_answer"),
    "algebra": Row(fault=Fault(body={}), code="bad_answer"),
    "jazz": Row(fault=Fault(content='{"sections": ['), code="check_failed", status=Status.FAILED),
    "poetry": Row(fault=Fault(ends="reset"), code="unavailable"),
    "mountain": Row(fault=Fault(ends="stall"), code="unavailable"),
    "atom": Row(fault=Fault(ends="trickle", after=None), code="unavailable"),
}
SUBJECTS = {
    "volcano": "geography",
    "photosynthesis": "biology",
    "gravity": "physics",
    "democracy": "politics",
    "inflation": "economics",
    "bacteria": "biology",
    "earthquake": "geography",
    "oxygen": "chemistry",
    "algebra": "mathematics",
    "jazz": "music",
    "poetry": "english",
    "mountain": "geography",
    "atom": "chemistry",
}


def faulty(request: dict[str, Any]) -> object:
    """A fault for each topic that has one, else a good answer."""
    prompt = prompt_of(request)
    return next((row.fault for topic, row in FAULTS.items() if f"“{topic}”" in prompt), None) or good_answer(request)


def submitted(jobs: Jobs, topic: str, subject: str) -> Task:
    request = LessonRequest(subject=subject, topic=topic, writer="openai", wikipedia=False)
    return jobs.submit([request], user="", priority=Priority.NORMAL, writer="openai")[0]


def _all_have_failed(jobs: Jobs, tasks: Mapping[str, Task], found: dict[str, Task]) -> bool:
    """Note how each task stands when it is first seen to have failed: its next attempt begins without a failure."""
    for topic in tasks.keys() - found.keys():
        task = jobs.get(tasks[topic].task_id)
        if task.failure is not None:
            found[topic] = task
    return found.keys() == tasks.keys()


@pytest.mark.timeout(400)
def test_each_fault_of_a_model_server_ends_its_task_as_it_should(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = open_jobs(home, policy=Policy(max_attempts=100))  # more than are made before all were looked at
    with ScriptedModel(faulty) as server, (tmp_path / "worker.log").open("ab") as log:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("LESSONGEN_OPENAI_READ_SECONDS", "4")
        monkeypatch.setenv("LESSONGEN_OPENAI_CALL_SECONDS", "8")
        monkeypatch.setenv("LESSONGEN_WORKER_CONCURRENCY", "2")
        tasks = {topic: submitted(jobs, topic, SUBJECTS[topic]) for topic in FAULTS}
        good = submitted(jobs, "verbs", "english")
        found: dict[str, Task] = {}
        arguments = [sys.executable, "-m", "lessongen", "worker"]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=log, stderr=log) as worker:
            try:
                # Two slots for all: had one task slept in a slot for as long as its server asked, this one would wait.
                eventually(lambda: jobs.get(good.task_id).status is Status.COMPLETED, seconds=180)
                eventually(lambda: _all_have_failed(jobs, tasks, found), seconds=180)
            finally:
                worker.terminate()
                worker.wait(120)
    for topic, row in FAULTS.items():
        task = found[topic]
        assert task.failure is not None
        assert task.failure.code == row.code, (topic, task.failure)
        assert task.failure.hint, topic
        if row.status is Status.FAILED:
            assert task.status is Status.FAILED, topic
        else:
            assert task.status in (Status.PENDING, Status.IN_PROGRESS), (topic, task.failure)
        if row.wait_seconds:
            assert task.run_at is not None, topic
            assert task.run_at - task.created_at >= timedelta(seconds=row.wait_seconds), topic
    jobs.store.close()
    places = (*home.glob("lessons.db*"), *home.rglob("*.log"), tmp_path / "worker.log")
    kept = [path for path in places if path.is_file()]
    assert len(kept) >= 2
    for path in kept:
        assert KEY.encode() not in path.read_bytes(), path
