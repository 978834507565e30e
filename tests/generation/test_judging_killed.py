"""A process that is killed while its judge answers: the next one asks for nothing that was answered."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from tests import good_model
from tests.judging_many import MANY
from tests.processes import ROOT, eventually
from tests.queues import open_jobs, submit
from tests.scripted_model import ScriptedModel, prompt_of

MOST_CALLS = 8
ANSWERED = 3  # before the process is killed


def judging(folder: Path, address: str, worker: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.judging_many", str(folder), address, worker]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kept_in(folder: Path) -> int:
    """How many answers are kept in `folder/lessons.db`."""
    with closing(sqlite3.connect(folder / "lessons.db")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM steps").fetchone()
    return int(count)


def test_of_300_sentences_in_at_most_eight_calls_a_killed_worker_asks_again_for_none_that_was_answered(
    tmp_path: Path,
) -> None:
    jobs = open_jobs(tmp_path)
    submit(jobs, "lamps")
    jobs.store.close()
    lock, is_killed, asked = threading.Lock(), threading.Event(), list[str]()

    def answer(request: dict[str, Any]) -> object:
        with lock:  # calls come at once
            asked.append(prompt_of(request))
            waits = len(asked) > ANSWERED
        if waits:
            is_killed.wait(60)
        return good_model.judged(request)

    with ScriptedModel(answer) as server:
        first = judging(tmp_path, server.base_url, "first")
        try:
            eventually(lambda: len(asked) > ANSWERED and kept_in(tmp_path) == ANSWERED)
            assert first.poll() is None
        finally:
            first.kill()
            first.communicate()
            is_killed.set()
        with lock:
            by_first = len(asked)
        second = judging(tmp_path, server.base_url, "second")
        said, _ = second.communicate(timeout=60)
    answered, opened = asked[:ANSWERED], asked[ANSWERED:by_first]
    times = Counter(asked)
    assert said == f"{len(MANY)}\n"
    assert len(times) <= MOST_CALLS
    assert [times[each] for each in answered] == [1] * ANSWERED
    assert [times[each] for each in opened] == [2] * len(opened)
    assert max(times.values()) == 2
