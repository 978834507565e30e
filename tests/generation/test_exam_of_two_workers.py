"""Two worker processes over one database: their judge sits its short exam once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests import good_model
from tests.judging import LABELS, able, shown_in
from tests.processes import ROOT, eventually
from tests.scripted_model import ScriptedModel

PASSED = "scripted-1 40 40"
A_WAIT = 1.5  # seconds in which the other one would ask, if it did not wait


class Gate:
    """An able judge that answers the exam's first call only once it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.exam_calls = 0

    def __call__(self, request: dict[str, Any]) -> object:
        if all(item.sentence in LABELS for item in shown_in(request)):
            self.exam_calls += 1
            self.opened.wait(30)
        return good_model.judged(request, lambda each: able(each) if each.sentence in LABELS else "supported")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    with ScriptedModel(gate) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("LESSONGEN_JUDGE_NAME", "auto")
        yield gate
        gate.opened.set()


def begun() -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-m", "tests.examining"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    return process


def end_of(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=60)
    return said.strip()


def test_the_second_waits_for_the_first_ones_result_and_asks_nothing(gate: Gate) -> None:
    first = begun()
    eventually(lambda: gate.exam_calls == 1)
    second = begun()
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(A_WAIT)
    assert gate.exam_calls == 1
    gate.opened.set()
    assert (end_of(first), end_of(second)) == (PASSED, PASSED)
    assert gate.exam_calls == 2  # the two calls of one short exam


def test_where_the_first_dies_over_it_the_second_has_it_sat(gate: Gate) -> None:
    first = begun()
    eventually(lambda: gate.exam_calls == 1)
    second = begun()
    first.kill()
    first.communicate()
    eventually(lambda: gate.exam_calls == 2)
    gate.opened.set()
    assert end_of(second) == PASSED
    assert gate.exam_calls == 3
