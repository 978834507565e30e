"""Works of one task that run side by side: kept one by one, paid from one purse, ended together."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.attempt import Attempt, BatchedCall, HandedIn, Usage
from lessongen.lesson.records import CallLimit
from lessongen.lesson.task import LessonRequest, Priority
from lessongen.queue.attempt import Ending, LeasedAttempt
from lessongen.queue.null_attempt import NullAttempt
from lessongen.system.errors import Cancelled, OverBudget, Postponed, Unavailable
from tests.judging import answering, claim, model_judge
from tests.processes import ROOT
from tests.queues import open_jobs
from tests.scripted_model import ScriptedModel

PATIENCE = 20.0
Work = Callable[[Attempt], Any]


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    opened = open_jobs(tmp_path)
    yield opened
    opened.store.close()


def attempt_at(jobs: Jobs, **wishes: Any) -> LeasedAttempt:
    request = LessonRequest(subject="english", topic="verbs", writer="openai", **wishes)
    jobs.submit([request], user="ann", priority=Priority.NORMAL, writer="openai")
    return LeasedAttempt(jobs, jobs.claim("w1", 1)[0])


def usage(name: str, cost: float = 0.25) -> Usage:
    return Usage(step=name, model="small", input_tokens=100, output_tokens=10, cost=cost)


def paying(name: str, *, cost: float = 0.25, meanwhile: Callable[[], object] = lambda: None) -> Work:
    """A work of one step with one call, that does something while the call is under way."""

    def work(attempt: Attempt) -> Any:
        def make() -> str:
            attempt.call("openai", 110, cost)
            meanwhile()
            attempt.used(usage(name, cost))
            return f"{name}'s answer"

        return attempt.step(name, {"prompt": name}, make)

    return work


def test_works_run_at_once_and_give_what_they_give_in_their_order(jobs: Jobs) -> None:
    all_here = threading.Barrier(3)
    attempt = attempt_at(jobs)
    works = [paying(name, meanwhile=lambda: all_here.wait(PATIENCE)) for name in "abc"]
    assert attempt.together(works) == ["a's answer", "b's answer", "c's answer"]
    assert attempt.spent() == jobs.store.leases.spent(attempt.lease.task)
    assert (attempt.spent().calls, attempt.spent().tokens, attempt.spent().cost) == (3, 330, 0.75)


def test_the_calls_of_a_judge_are_all_under_way_at_once(jobs: Jobs) -> None:
    all_here = threading.Barrier(3)

    def answer(request: dict[str, Any]) -> object:
        all_here.wait(PATIENCE)
        return answering(lambda _item: "not said")(request)

    claims = [claim(f"Lantern {number} is red.", "Lanterns are lamps.") for number in range(3)]
    with ScriptedModel(answer) as server:
        verdicts = model_judge(server, most_items=1).judge(claims, attempt_at(jobs))
    assert [each.ruling for each in verdicts] == ["not said"] * 3


def test_within_a_work_works_may_run_at_once_as_well(jobs: Jobs) -> None:
    all_here = threading.Barrier(3)
    a, b, c = (paying(name, meanwhile=lambda: all_here.wait(PATIENCE)) for name in "abc")
    assert attempt_at(jobs).together([lambda own: own.together([a, b]), c]) == [
        ["a's answer", "b's answer"],
        "c's answer",
    ]


def test_what_one_got_is_kept_where_another_fails_and_is_not_paid_for_again(jobs: Jobs) -> None:
    failed = threading.Event()

    def failing(attempt: Attempt) -> None:
        def make() -> None:
            attempt.used(usage("fails"))
            failed.set()
            raise Unavailable("down")

        attempt.step("fails", {}, make)

    attempt = attempt_at(jobs)
    with pytest.raises(Unavailable):
        attempt.together([failing, paying("slow", meanwhile=lambda: failed.wait(PATIENCE))])
    assert jobs.store.leases.spent(attempt.lease.task).calls == 2
    jobs.hand_back(attempt.lease)
    again = LeasedAttempt(jobs, jobs.claim("w2", 1)[0])
    works: list[Work] = [
        lambda own: own.step("slow", {"prompt": "slow"}, pytest.fail),
        paying("fails"),
    ]
    assert again.together(works) == ["slow's answer", "fails's answer"]
    assert again.spent().calls == 3


def test_the_error_of_the_first_work_that_failed_is_raised(jobs: Jobs) -> None:
    later = threading.Event()

    def first(_attempt: Attempt) -> None:
        assert later.wait(PATIENCE)
        raise Unavailable("the first")

    def second(_attempt: Attempt) -> None:
        later.set()
        raise Unavailable("the second")

    with pytest.raises(Unavailable, match="the first"):
        attempt_at(jobs).together([first, second])


def test_money_is_promised_to_one_call_only(jobs: Jobs) -> None:
    asked = threading.Event()

    def second(attempt: Attempt) -> Any:
        assert asked.wait(PATIENCE)
        return paying("b")(attempt)

    def until_refused() -> None:
        asked.set()
        assert refused.wait(PATIENCE)

    attempt = attempt_at(jobs, max_cost=0.4)
    refused = threading.Event()
    works: list[Work] = [
        paying("a", meanwhile=until_refused),
        lambda own: _noting(second, own, refused),
    ]
    with pytest.raises(OverBudget, match=r"\$0\.0000 is spent, \$0\.2500 under way, and the next call takes about"):
        attempt.together(works)
    assert attempt.spent().cost == 0.25
    with pytest.raises(OverBudget, match=r"\$0\.2500 is spent, and the next"):
        attempt.call("openai", 110, 0.25)
    attempt.call("openai", 110, 0.1)


def _noting(work: Work, attempt: Attempt, ended: threading.Event) -> Any:
    try:
        return work(attempt)
    finally:
        ended.set()


def test_a_call_that_was_not_made_leaves_nothing_promised(jobs: Jobs) -> None:
    def failing(attempt: Attempt) -> None:
        def make() -> None:
            attempt.call("openai", 110, 0.25)
            raise Unavailable("down")

        attempt.step("fails", {}, make)

    attempt = attempt_at(jobs, max_cost=0.4)
    with pytest.raises(Unavailable):
        attempt.together([failing, paying("free", cost=0.0)])
    attempt.together([paying("a"), paying("free", cost=0.0)])
    assert attempt.spent().cost == 0.25


def test_a_limit_of_calls_postpones_the_task_and_keeps_what_came(tmp_path: Path) -> None:
    policy = Policy(calls=CallLimit(calls_per_minute=1))
    jobs = open_jobs(tmp_path, policy=policy)
    attempt = attempt_at(jobs)
    with pytest.raises(Postponed) as caught:
        attempt.together([paying("a"), paying("b")])
    assert caught.value.until > jobs.clock.now() - timedelta(seconds=1)
    assert attempt.spent().calls == 1
    kept = [leases for leases in ("a", "b") if _is_kept(attempt, leases)]
    assert len(kept) == 1
    jobs.store.close()


def _is_kept(attempt: Attempt, name: str) -> bool:
    try:
        attempt.step(name, {"prompt": name}, lambda: pytest.fail("not kept"))
    except pytest.fail.Exception:
        return False
    return True


@pytest.mark.parametrize("ending", list(Ending))
def test_whatever_ends_the_attempt_ends_all_of_them(jobs: Jobs, ending: Ending) -> None:
    attempt = attempt_at(jobs)
    both = threading.Barrier(2)

    def waiting(own: Attempt) -> None:
        if both.wait(PATIENCE) == 0:
            attempt.end(ending)
        while not own.cancelled():
            threading.Event().wait(0.005)
        own.progress("judge", 90, "Judging")

    with pytest.raises(Cancelled):
        attempt.together([waiting, waiting])
    assert attempt.ending is ending


def test_a_lease_that_one_finds_lost_is_lost_for_all(jobs: Jobs) -> None:
    attempt = attempt_at(jobs)
    jobs.hand_back(attempt.lease)
    with pytest.raises(Cancelled):
        attempt.together([paying("a"), paying("b")])
    assert attempt.ending is Ending.LEASE_LOST


def test_where_calls_go_by_the_batch_api_all_are_handed_in_at_once(jobs: Jobs) -> None:
    lease = attempt_at(jobs, batch_api=True).lease
    attempt = LeasedAttempt(jobs, dataclasses.replace(lease, task=dataclasses.replace(lease.task, batch_id="b1")))
    assert attempt.goes_by_batch_api
    seen: list[str] = []

    def handing_in(_attempt: Attempt) -> None:
        seen.append("b")
        raise HandedIn(BatchedCall(key="b", inputs_sha256="", model="small", body={}, cost=None))

    with pytest.raises(HandedIn):
        attempt.together([lambda _own: seen.append("a"), handing_in, lambda _own: seen.append("c")])
    assert seen == ["a", "b", "c"]


def test_without_a_queue_one_comes_after_the_other() -> None:
    seen: list[int] = []
    NullAttempt(seed=1).together([lambda _own: seen.append(1), lambda _own: seen.append(2)])
    assert seen == [1, 2]


KILLED = """
import os, signal, sys, threading
from pathlib import Path
from lessongen.queue.attempt import LeasedAttempt
from tests.queue.test_together import PATIENCE, attempt_at, paying
from tests.queues import open_jobs

attempt = attempt_at(open_jobs(Path(sys.argv[1])))
kept = threading.Event()

def first(own):
    paying("a")(own)
    kept.set()

def die():
    assert kept.wait(PATIENCE)
    os.kill(os.getpid(), signal.SIGKILL)

attempt.together([first, paying("b", meanwhile=die)])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by SIGKILL")
def test_killed_between_two_that_run_at_once_the_one_that_was_answered_is_kept(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, timeout=60)
    jobs = open_jobs(tmp_path)
    assert jobs.reclaim_from("w1")
    attempt = LeasedAttempt(jobs, jobs.claim("w2", 1)[0])
    works: list[Work] = [lambda own: own.step("a", {"prompt": "a"}, pytest.fail), paying("b")]
    assert attempt.together(works) == ["a's answer", "b's answer"]
    assert attempt.spent().calls == 2
    jobs.store.close()
