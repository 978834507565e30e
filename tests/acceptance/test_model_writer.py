"""A lesson asked of a real model server whose model is too small to write one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lessongen.task import LessonRequest, Priority, Status
from tests.acceptance.llama import Llama
from tests.processes import ROOT
from tests.queue import open_jobs


@pytest.mark.timeout(600)
def test_the_nonsense_of_a_tiny_model_is_refused_with_a_report_and_never_saved(
    llama: Llama, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", llama.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", llama.key)
    monkeypatch.setenv("LESSONGEN_QUEUE_MAX_ATTEMPTS", "2")
    jobs = open_jobs(home)
    request = LessonRequest(subject="biology", topic="photosynthesis", writer="openai", model=llama.model, seed=1)
    task = jobs.submit([request], user="", priority=Priority.NORMAL, writer="openai")[0]
    with (tmp_path / "worker.log").open("wb") as log:
        arguments = [sys.executable, "-m", "lessongen", "worker", "--drain"]
        assert subprocess.run(arguments, cwd=ROOT, stdout=log, stderr=log, timeout=500).returncode == 0

    ended = jobs.get(task.task_id)
    assert ended.status is Status.FAILED
    assert ended.failure is not None
    assert ended.failure.code == "check_failed", ended.failure
    assert "sentences do not stand" in ended.failure.message
    assert ended.failure.hint
    assert jobs.store.lessons.all(10) == []
    spent = jobs.store.leases.spent(task)
    assert spent.calls >= 2
    assert spent.tokens > 1_000
    jobs.store.close()
