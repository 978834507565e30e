"""A process that is killed while its judge answers: the next one asks for nothing that was answered."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from tests import good_model
from tests.judging_many import MANY
from tests.processes import ROOT, eventually
from tests.queues import open_jobs, submit
from tests.scripted_model import ScriptedModel, prompt_of

CALLS = 6


def judging(folder: Path, address: str, worker: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.judging_many", str(folder), address, worker]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_of_300_sentences_in_six_calls_a_killed_worker_asks_again_for_none_that_was_answered(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    submit(jobs, "lamps")
    jobs.store.close()
    opened, asked = threading.Event(), []

    def answer(request: dict[str, Any]) -> object:
        asked.append(prompt_of(request))
        if len(asked) == 4:
            opened.wait(30)  # the process is killed meanwhile
        return good_model.judged(request)

    with ScriptedModel(answer) as server:
        first = judging(tmp_path, server.base_url, "first")
        eventually(lambda: len(asked) == 4)
        first.kill()
        first.communicate()
        second = judging(tmp_path, server.base_url, "second")
        said, _ = second.communicate(timeout=60)
        opened.set()
    assert said == f"{len(MANY)}\n"
    assert sorted(Counter(asked).values()) == [1] * (CALLS - 1) + [2]
    assert Counter(asked)[asked[3]] == 2
