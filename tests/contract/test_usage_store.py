"""What every store promises about calls to models: what they took, and what a task may spend."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.attempt import Spent, Usage
from lessongen.lesson.task import LessonRequest, Priority, Status
from lessongen.queue.attempt import LeasedAttempt
from lessongen.system.errors import OverBudget, RateLimited, Unavailable
from tests.queues import Place, SetClock, new_version, open_jobs


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def jobs(place: Place, clock: SetClock) -> Jobs:
    return open_jobs(place, clock)


def used(tokens: int = 100, cost: float | None = 0.25, model: str = "small") -> Usage:
    return Usage(step="outline", model=model, input_tokens=tokens, output_tokens=10, cost=cost)


def attempt_at(jobs: Jobs, *, user: str = "ann", max_cost: float | None = None) -> LeasedAttempt:
    request = LessonRequest(subject="english", topic="verbs", writer="openai", max_cost=max_cost)
    jobs.submit([request], user=user, priority=Priority.NORMAL, writer="openai")
    return LeasedAttempt(jobs, jobs.claim("w1", 1)[0])


def test_what_a_step_took_is_kept_with_its_result_and_not_paid_for_again(jobs: Jobs) -> None:
    attempt = attempt_at(jobs)

    def make() -> dict[str, int]:
        attempt.used(used())
        return {"answer": 42}

    assert attempt.step("outline", {"prompt": "x"}, make) == {"answer": 42}
    jobs.hand_back(attempt.lease)
    again = LeasedAttempt(jobs, jobs.claim("w2", 1)[0])
    assert again.step("outline", {"prompt": "x"}, pytest.fail) == {"answer": 42}
    assert again.spent() == Spent(calls=1, tokens=110, cost=0.25)


def test_a_call_whose_answer_was_of_no_use_is_counted_all_the_same(jobs: Jobs) -> None:
    attempt = attempt_at(jobs)

    def make() -> None:
        attempt.used(used())
        raise Unavailable("cut")

    with pytest.raises(Unavailable):
        attempt.step("outline", {}, make)
    assert jobs.store.leases.spent(attempt.lease.task) == Spent(calls=1, tokens=110, cost=0.25)


def test_a_call_that_would_pass_what_the_lesson_may_cost_is_not_made(jobs: Jobs) -> None:
    attempt = attempt_at(jobs, max_cost=0.5)
    attempt.call("openai", 10, 0.25)
    attempt.used(used(cost=0.25))
    attempt.call("openai", 10, 0.25)
    attempt.used(used(cost=0.2))
    with pytest.raises(OverBudget, match=r"\$0\.4500 is spent"):
        attempt.call("openai", 10, 0.25)


def test_usage_is_summed_by_user_by_model_and_by_day(jobs: Jobs, clock: SetClock) -> None:
    first = attempt_at(jobs)
    first.used(used())
    first.used(used(model="large", cost=None))
    jobs.complete(first.lease, new_version(first.lease.task.request))
    clock.advance(86_400)
    second = attempt_at(jobs, user="bob")
    second.used(used(tokens=5))
    by_user = jobs.store.usage.lines("user", None, None)
    assert [(line.key, line.calls, line.lessons, line.unpriced) for line in by_user] == [
        ("ann", 2, 1, 1),
        ("bob", 1, 0, 0),
    ]
    by_model = jobs.store.usage.lines("model", None, "ann")
    assert [(line.key, line.cost) for line in by_model] == [("large", 0.0), ("small", 0.25)]
    today = jobs.store.usage.lines("day", clock.now() - timedelta(hours=1), None)
    assert [(line.key, line.input_tokens, line.output_tokens) for line in today] == [("2026-02-01", 5, 10)]


def test_what_a_lesson_typically_takes_is_learnt_from_stored_ones_alone(jobs: Jobs) -> None:
    assert jobs.store.usage.typical("openai", "small") is None
    for cost in (0.1, 0.2, 0.9):
        attempt = attempt_at(jobs)
        attempt.used(used(cost=cost))
        jobs.complete(attempt.lease, new_version(attempt.lease.task.request))
    failed = attempt_at(jobs)
    failed.used(used(cost=5.0))
    jobs.settle_cancelled(failed.lease)
    assert jobs.store.usage.typical("openai", "small") == Spent(calls=1, tokens=110, cost=0.2)


def test_a_task_that_a_busy_server_turned_away_comes_back_when_it_was_told_to(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock, Policy(max_attempts=1, backoff_seconds=0))
    attempt = attempt_at(jobs)
    assert jobs.settle_error(attempt.lease, RateLimited(retry_after_seconds=90)) is Status.PENDING
    clock.advance(89)
    assert not jobs.claim("w1", 1)
    clock.advance(1)
    lease = jobs.claim("w1", 1)[0]
    assert lease.task.attempt == 1, "being turned away is no attempt"


def test_a_server_that_turns_a_task_away_for_a_day_fails_it(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock, Policy(max_attempts=1, backoff_seconds=0))
    attempt = attempt_at(jobs)
    clock.advance(86_400)
    assert jobs.settle_error(attempt.lease, RateLimited(retry_after_seconds=90)) is Status.FAILED


def test_an_absurd_wait_that_a_server_asks_for_is_cut_to_an_hour(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock, Policy(backoff_seconds=0))
    attempt = attempt_at(jobs)
    jobs.settle_error(attempt.lease, Unavailable(retry_after_seconds=1e9))
    clock.advance(3_600)
    assert len(jobs.claim("w1", 1)) == 1
