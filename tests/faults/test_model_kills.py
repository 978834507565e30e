"""SIGKILL around each commit of a lesson that a model writes: nothing lost, and nothing paid twice."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LessonRequest, Priority, Status
from tests import good_model
from tests.faults.barriers import passed
from tests.faults.soundness import verify
from tests.forked import start
from tests.good_model import step_of
from tests.queues import open_jobs
from tests.scripted_model import ScriptedModel

pytestmark = pytest.mark.timeout(600)

_OF_EXAM = 2  # calls of the short one
_LAST = 3  # calls: verdicts and blind answers, which come side by side, and the repair
_REFUSED = "A tense may tell whether an action goes on or is over."


def good_answer(call: Mapping[str, Any]) -> object:
    """What a good model says that finds one sentence of its own lesson not borne out, so that there is a repair."""
    if step_of(call) != "judge":
        return good_model.answer(call)
    return good_model.judged(call, lambda item: "not said" if item.sentence == _REFUSED else good_model.judge(item))


def run_worker(folder: Path, *options: str) -> int:
    return start("tests.model_worker", folder / "worker.log", "--folder", str(folder), *options).wait(300)


def asked(server: ScriptedModel) -> Counter[str]:
    """How often the server was asked for each answer."""
    return Counter(json.dumps(call["messages"]) for call in server.calls if "messages" in call)


@pytest.mark.parametrize("judge", ["rules", "model"])
def test_a_kill_after_any_commit_pays_for_no_answer_twice(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, judge: str
) -> None:
    monkeypatch.setenv("LESSONGEN_JUDGE_NAME", judge)
    names: list[str] = []
    number = -1
    while number < len(names):
        folder = tmp_path / f"barrier-{number}"
        folder.mkdir()
        monkeypatch.setenv("LESSONGEN_DATABASE", str(folder / "lessons.db"))
        with ScriptedModel(good_answer) as server:
            monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
            jobs = open_jobs(folder)
            request = LessonRequest(subject="english", topic="verbs", writer="openai", seed=1)
            task = jobs.submit([request], user="", priority=Priority.NORMAL, writer="openai")[0]
            if number < 0:
                assert run_worker(folder) == 0
                names = passed(folder)
                assert sum(name == "after commit of insert into usage" for name in names) >= 5, names
                calls = len(asked(server))
                judged = [step_of(call) for call in server.calls].count("judge")
                assert judged > _OF_EXAM if judge == "model" else judged == 0
                assert [step_of(call) for call in server.calls].count("repair") == 1
            else:
                assert run_worker(folder, "--die-at", str(number)) == -signal.SIGKILL, names[number]
                assert run_worker(folder) == 0
            assert jobs.get(task.task_id).status is Status.COMPLETED, jobs.get(task.task_id)
            assert jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == 1
            verify(folder, tasks=1)
            in_flight = number >= 0 and names[number] == "before commit of insert into usage"
            assert len(asked(server)) == calls
            beside = judge == "model" and number >= 0  # of two calls at once the other may be under way
            paid = sum(asked(server).values())
            assert calls + in_flight <= paid <= calls + in_flight + beside, names[number]
            # What an answer took is counted with the answer: the one lost before its commit is in no row.
            assert jobs.store.leases.spent(task).calls == calls
            jobs.store.close()
        number = next((each for each in chosen(names, judge) if each > number), len(names))


def chosen(names: list[str], judge: str) -> list[int]:
    """The barriers to die at: after each answer and before one; with a model as judge those of exam and verdicts."""
    answered = [each for each, name in enumerate(names) if name == "after commit of insert into usage"]
    in_flight = [each for each, name in enumerate(names) if name == "before commit of insert into usage"]
    if judge == "rules":
        return sorted([in_flight[0], *answered])
    return sorted([in_flight[-1], *answered[:_OF_EXAM], *answered[-_LAST:]])
