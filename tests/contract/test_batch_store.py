"""What every store promises about batches: all or nothing, one at a time, in order, and an end."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.records import Batch, TaskFilter
from lessongen.lesson.task import LessonRequest, Status, Task
from lessongen.queue.attempt import LeasedAttempt
from lessongen.queue.batches import Batches, PlannedTask, Submitted, Wish
from lessongen.system.errors import NotFound, Uncovered
from tests.lessons import lesson as good_lesson
from tests.queues import Place, SetClock, new_version, open_jobs


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def jobs(place: Place, clock: SetClock) -> Jobs:
    return open_jobs(place, clock, Policy(max_attempts=1))


@pytest.fixture
def told() -> list[Mapping[str, Any]]:
    return []


@pytest.fixture
def batches(jobs: Jobs, told: list[Mapping[str, Any]]) -> Batches:
    return Batches(jobs=jobs, tell=lambda batch, summary: told.append(summary))


def plan(*topics: str, after: dict[str, Sequence[str]] | None = None) -> list[PlannedTask]:
    return [
        PlannedTask(
            request=LessonRequest(subject="english", topic=topic),
            after=tuple(topics.index(each) for each in (after or {}).get(topic, ())),
        )
        for topic in topics
    ]


def submit(batches: Batches, planned: Sequence[PlannedTask], wish: Wish | None = None) -> Submitted:
    return batches.submit(planned, wish or Wish(name="plan.csv"), writer="extractive")


def tasks_of(jobs: Jobs, batch: Batch) -> dict[str, Task]:
    found = jobs.store.tasks.select(TaskFilter(batch_id=batch.batch_id), 100)
    return {task.request.topic: task for task in found}


def finish_next(jobs: Jobs, *, fails: bool = False) -> str:
    """Claim the next task and end it; its topic."""
    lease = jobs.claim("w1", 1)[0]
    if fails:
        jobs.settle_error(lease, Uncovered("No article.", hint="Another topic."))
    else:
        content = good_lesson().model_dump_json()
        new = new_version(lease.task.request)
        jobs.complete(lease, type(new)(**{**vars(new), "content": content}))
    return lease.task.request.topic


def test_the_rows_of_a_batch_become_tasks_that_are_counted_together(jobs: Jobs, batches: Batches) -> None:
    batch = submit(batches, plan("verbs", "nouns", "tense")).batch
    assert (batch.tasks, batch.skipped, batch.ended_at) == (3, 0, None)
    finish_next(jobs)
    finish_next(jobs, fails=True)
    standing = batches.standing(batch)
    assert (standing.counts[Status.COMPLETED], standing.counts[Status.FAILED], standing.ended) == (1, 1, 2)
    assert batches.find(batch.batch_id[:9]) == batches.find("last") == batch


def test_a_batch_that_nobody_knows_is_not_found(batches: Batches) -> None:
    for text in ("last", "zzz", "", "00000000"):
        with pytest.raises(NotFound):
            batches.find(text)


def test_the_same_rows_submitted_while_they_run_are_one_batch(jobs: Jobs, batches: Batches) -> None:
    first = submit(batches, plan("verbs", "nouns"))
    second = submit(batches, plan("verbs", "nouns"))
    assert (first.is_new, second.is_new) == (True, False)
    assert second.batch == first.batch
    assert submit(batches, plan("verbs", "nouns"), Wish(name="plan.csv", again=True)).is_new
    assert submit(batches, plan("nouns", "verbs")).is_new, "other rows"
    assert submit(batches, plan("verbs", "nouns"), Wish(name="plan.csv", user="bob")).is_new, "another user"


def test_the_same_rows_may_be_submitted_again_when_the_batch_is_over(jobs: Jobs, batches: Batches) -> None:
    first = submit(batches, plan("verbs"))
    finish_next(jobs)
    assert submit(batches, plan("verbs")).batch != first.batch


def test_two_processes_that_submit_the_same_rows_at_once_make_one_batch(place: Place, clock: SetClock) -> None:
    made: list[Submitted] = []

    def one() -> None:
        made.append(submit(Batches(jobs=open_jobs(place, clock)), plan("verbs", "nouns")))

    open_jobs(place, clock)
    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each.batch.batch_id for each in made}) == 1
    assert sum(each.is_new for each in made) == 1


def test_a_task_starts_when_all_that_come_before_it_are_completed(jobs: Jobs, batches: Batches) -> None:
    batch = submit(batches, plan("tense", "verbs", "nouns", after={"nouns": ["verbs", "tense"]})).batch
    assert tasks_of(jobs, batch)["nouns"].waits_for == 2
    assert [finish_next(jobs), finish_next(jobs)] == ["tense", "verbs"]
    assert tasks_of(jobs, batch)["nouns"].waits_for == 0
    assert finish_next(jobs) == "nouns"


def test_a_row_may_come_after_one_that_stands_below_it(jobs: Jobs, batches: Batches) -> None:
    submit(batches, plan("nouns", "verbs", after={"nouns": ["verbs"]}))
    assert [finish_next(jobs), finish_next(jobs)] == ["verbs", "nouns"]


def test_what_comes_after_a_failed_task_fails_with_that_reason_down_the_chain(jobs: Jobs, batches: Batches) -> None:
    batch = submit(batches, plan("a", "b", "c", "d", after={"b": ["a"], "c": ["b"]})).batch
    assert finish_next(jobs, fails=True) == "a"
    found = tasks_of(jobs, batch)
    for topic, before in (("b", "a"), ("c", "b")):
        failure = found[topic].failure
        assert failure is not None
        assert failure.code == "prerequisite"
        assert failure.message == f"“{before}” (english), which comes before it, failed."
    assert found["d"].status is Status.PENDING


@pytest.mark.parametrize("how", ["cancelled", "its worker died"])
def test_a_prerequisite_that_ends_in_another_way_ends_its_dependents_too(
    jobs: Jobs, batches: Batches, clock: SetClock, how: str
) -> None:
    batch = submit(batches, plan("a", "b", after={"b": ["a"]})).batch
    if how == "cancelled":
        jobs.cancel([tasks_of(jobs, batch)["a"]])
    else:
        jobs.claim("w1", 1)
        jobs.reclaim_from("w1")
    assert tasks_of(jobs, batch)["b"].status is Status.FAILED
    assert batches.get(batch.batch_id).ended_at is not None


def test_a_running_task_whose_cancellation_is_settled_ends_its_dependents(jobs: Jobs, batches: Batches) -> None:
    batch = submit(batches, plan("a", "b", after={"b": ["a"]})).batch
    lease = jobs.claim("w1", 1)[0]
    jobs.cancel([lease.task])
    jobs.hand_back(lease)
    assert {task.status for task in tasks_of(jobs, batch).values()} == {Status.CANCELLED, Status.FAILED}


def test_on_wish_a_task_runs_although_one_before_it_failed(jobs: Jobs, batches: Batches) -> None:
    submit(batches, plan("a", "b", after={"b": ["a"]}), Wish(name="plan.csv", run_anyway=True))
    finish_next(jobs, fails=True)
    assert finish_next(jobs) == "b"


def test_a_batch_that_fails_fast_is_cancelled_by_its_first_failure(jobs: Jobs, batches: Batches) -> None:
    batch = submit(batches, plan("a", "b", "c"), Wish(name="plan.csv", fail_fast=True)).batch
    running = jobs.claim("w2", 1)[0]
    finish_next(jobs, fails=True)
    assert tasks_of(jobs, batch)["c"].status is Status.CANCELLED
    assert jobs.get(running.task.task_id).cancel_requested


def test_lessons_that_are_there_are_skipped_on_wish_or_while_they_are_young(
    jobs: Jobs, batches: Batches, clock: SetClock
) -> None:
    submit(batches, plan("a"))
    finish_next(jobs)
    clock.advance(3 * 86_400)
    wish = Wish(name="plan.csv", skips_existing=True)
    assert submit(batches, plan("a", "b"), wish).batch.skipped == 1
    young = Wish(name="plan.csv", max_age=timedelta(days=7))
    assert submit(batches, plan("c", "a"), young).batch.skipped == 1
    old = Wish(name="plan.csv", max_age=timedelta(days=2))
    assert submit(batches, plan("d", "a"), old).batch.skipped == 0


def test_a_row_after_a_skipped_one_need_not_wait(jobs: Jobs, batches: Batches) -> None:
    submit(batches, plan("a"))
    finish_next(jobs)
    submit(batches, plan("a", "b", after={"b": ["a"]}), Wish(name="plan.csv", skips_existing=True))
    assert finish_next(jobs) == "b"


def test_a_batch_with_nothing_left_to_do_is_over_at_once(
    jobs: Jobs, batches: Batches, told: list[Mapping[str, Any]]
) -> None:
    submit(batches, plan("a"))
    finish_next(jobs)
    batches.close_ended()
    batch = submit(batches, plan("a"), Wish(name="plan.csv", skips_existing=True)).batch
    assert batch.ended_at is not None
    batches.close_ended()
    assert (told[-1]["tasks"], told[-1]["skipped"]) == (0, 1)


def test_the_end_of_a_batch_is_summed_up_and_told_once_and_outlives_its_tasks(
    jobs: Jobs, batches: Batches, told: list[Mapping[str, Any]], clock: SetClock
) -> None:
    batch = submit(batches, plan("a", "b")).batch
    finish_next(jobs)
    assert not batches.close_ended()
    clock.advance(40)
    finish_next(jobs, fails=True)
    clock.advance(40 * 86_400)
    assert jobs.purge() == 0, "the tasks of a batch stay until it is summed up"
    assert [each.batch_id for each in batches.close_ended()] == [batch.batch_id]
    assert not batches.close_ended()
    assert jobs.purge() == 2
    assert len(told) == 1
    summary = batches.standing(batch).summary
    assert summary is not None
    assert (summary["counts"]["completed"], summary["counts"]["failed"], summary["seconds"]) == (1, 1, 40.0)
    assert [(each["topic"], each["code"]) for each in summary["failed"]] == [("b", "uncovered")]
    assert batches.standing(batch).counts[Status.COMPLETED] == 1


def test_lessons_of_a_batch_that_are_much_alike_are_named_in_its_summary(
    jobs: Jobs, batches: Batches, told: list[Mapping[str, Any]]
) -> None:
    submit(batches, plan("a", "b"))
    finish_next(jobs)
    finish_next(jobs)
    batches.close_ended()
    assert {each["kind"] for each in told[0]["alike"]} == {"lesson", "question"}


def test_a_retried_batch_runs_in_its_order_again_and_ends_again(jobs: Jobs, batches: Batches) -> None:
    batch = submit(batches, plan("a", "b", after={"b": ["a"]})).batch
    finish_next(jobs, fails=True)
    batches.close_ended()
    assert len(batches.retry(batch)) == 2
    assert batches.standing(batch).summary is None
    assert tasks_of(jobs, batch)["b"].waits_for == 1
    assert [finish_next(jobs), finish_next(jobs)] == ["a", "b"]
    assert batches.get(batch.batch_id).ended_at is not None


def test_a_task_that_is_retried_alone_does_not_wait_for_a_failed_one(jobs: Jobs, batches: Batches) -> None:
    batch = submit(batches, plan("a", "b", after={"b": ["a"]})).batch
    finish_next(jobs, fails=True)
    jobs.retry([tasks_of(jobs, batch)["b"]])
    assert finish_next(jobs) == "b"


def test_a_batch_over_its_users_limit_starts_in_portions(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock, Policy(submitted_per_hour=2))
    batch = submit(Batches(jobs=jobs), plan("a", "b", "c", after={"b": ["a"]})).batch
    assert [finish_next(jobs), finish_next(jobs)] == ["a", "b"]
    assert tasks_of(jobs, batch)["c"].run_at == clock.now() + timedelta(hours=1)
    assert not jobs.claim("w1", 1)
    clock.advance(3_600)
    assert finish_next(jobs) == "c"


def test_cancelling_a_batch_ends_all_that_waits_and_stops_what_runs(jobs: Jobs, batches: Batches) -> None:
    batch = submit(batches, plan("a", "b", "c", after={"c": ["a"]})).batch
    jobs.claim("w1", 1)
    after = batches.cancel(batch)
    assert sorted(after.values()) == [Status.CANCELLED, Status.CANCELLED, Status.IN_PROGRESS]


def test_the_key_terms_of_what_came_before_are_presumed(jobs: Jobs, batches: Batches) -> None:
    submit(batches, plan("a", "b", after={"b": ["a"]}))
    finish_next(jobs)
    attempt = LeasedAttempt(jobs, jobs.claim("w1", 1)[0])
    assert list(attempt.presumed) == [entry.term for entry in good_lesson().key_terms]


def test_a_batch_of_thousands_is_one_transaction_of_tasks_in_their_order(jobs: Jobs, batches: Batches) -> None:
    batch = submit(batches, plan(*(f"topic {number}" for number in range(3_000)))).batch
    assert batch.tasks == 3_000
    assert finish_next(jobs) == "topic 0"
    summary = json.dumps(batches.standing(batch).counts)
    assert json.loads(summary) == {
        "pending": 2_999, "in_progress": 0, "completed": 1, "failed": 0, "cancelled": 0
    }  # fmt: skip
