"""What every store promises about tasks."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.records import CallLimit, TaskFilter
from lessongen.lesson.task import LessonRequest, Priority, Progress, Status
from lessongen.queue.attempt import LeasedAttempt
from lessongen.system.errors import NotFound, Postponed, TryLater, Unavailable, Uncovered, UsageError
from tests.queues import Place, SetClock, new_version, open_jobs, submit


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def jobs(place: Place, clock: SetClock) -> Jobs:
    return open_jobs(place, clock)


def test_a_submitted_task_is_found_by_id_by_prefix_and_as_the_last(jobs: Jobs) -> None:
    first, second = submit(jobs), submit(jobs, "nouns")
    assert jobs.get(first.task_id) == first
    assert jobs.find(first.task_id[:10].upper()) == first
    assert jobs.find("last") == second
    assert first.status is Status.PENDING


@pytest.mark.parametrize("text", ["", " ", "zzz", "%", "'; --", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_id_is_not_found(jobs: Jobs, text: str) -> None:
    submit(jobs)
    with pytest.raises(NotFound):
        jobs.find(text)


def test_a_prefix_that_several_ids_share_is_refused_with_a_list(jobs: Jobs) -> None:
    ids = [submit(jobs, str(number)).task_id for number in range(40)]
    shared = next(digit for digit in "0123456789abcdef" if sum(task_id.startswith(digit) for task_id in ids) > 1)
    with pytest.raises(UsageError, match="Several tasks"):
        jobs.find(shared)


def test_claims_go_by_priority_and_inside_it_users_take_turns(jobs: Jobs) -> None:
    for topic in ("a1", "a2", "a3"):
        submit(jobs, topic, user="ann")
    for topic in ("b1", "b2"):
        submit(jobs, topic, user="bob")
    submit(jobs, "c1", user="cid", priority=Priority.LOW)
    submit(jobs, "d1", user="dan", priority=Priority.HIGH)
    order = [lease.task.request.topic for _ in range(7) for lease in jobs.claim("w1", 1)]
    assert order == ["d1", "a1", "b1", "a2", "b2", "a3", "c1"]


def test_one_claim_of_many_is_as_fair_as_many_claims_of_one(jobs: Jobs) -> None:
    for topic in ("a1", "a2", "a3"):
        submit(jobs, topic, user="ann")
    submit(jobs, "b1", user="bob")
    assert [lease.task.request.topic for lease in jobs.claim("w1", 10)] == ["a1", "b1", "a2", "a3"]


def test_a_completed_task_has_a_version_and_its_lease_is_gone(jobs: Jobs) -> None:
    task = submit(jobs)
    lease = jobs.claim("w1", 1)[0]
    version = jobs.complete(lease, new_version(task.request)).version
    assert version is not None
    assert version.text == "1.0"
    after = jobs.get(task.task_id)
    assert (after.status, after.version, after.progress.percent) == (Status.COMPLETED, "1.0", 100)
    assert jobs.complete(lease, new_version(task.request)).version is None
    assert len(jobs.store.lessons.versions(version.lesson.id)) == 1


def test_a_lapsed_lease_is_claimed_again_and_its_old_holder_can_change_nothing(jobs: Jobs, clock: SetClock) -> None:
    task = submit(jobs)
    old = jobs.claim("w1", 1)[0]
    clock.advance(jobs.policy.lease_seconds + 1)
    new = jobs.claim("w2", 1)[0]
    assert (new.task.task_id, new.task.attempt) == (task.task_id, 2)
    assert jobs.report(old, Progress(step="write", percent=50), None) is None
    assert jobs.complete(old, new_version(task.request)).version is None
    assert jobs.settle_error(old, Uncovered("no")) is None
    assert not jobs.hand_back(old)
    assert not jobs.settle_cancelled(old)
    assert not jobs.store.leases.keep_step(old, "sources", "x", "1", [], clock.now())
    assert jobs.get(task.task_id).status is Status.IN_PROGRESS
    assert jobs.complete(new, new_version(task.request)).version is not None


def test_a_renewed_lease_does_not_lapse(jobs: Jobs, clock: SetClock) -> None:
    submit(jobs)
    lease = jobs.claim("w1", 1)[0]
    for _ in range(5):
        clock.advance(jobs.policy.lease_seconds - 1)
        assert jobs.renew("w1", [lease.token]) == {lease.token: False}
        assert not jobs.claim("w2", 1)


def test_a_wall_clock_jump_neither_frees_nor_freezes_a_lease(jobs: Jobs, clock: SetClock) -> None:
    submit(jobs)
    jobs.claim("w1", 1)
    clock.moment = clock.moment.replace(year=2031)
    assert not jobs.claim("w2", 1)
    clock.moment = clock.moment.replace(year=2001)
    clock.seconds += jobs.policy.lease_seconds + 1
    assert len(jobs.claim("w2", 1)) == 1


def test_a_lease_of_another_boot_has_lapsed(jobs: Jobs, clock: SetClock) -> None:
    submit(jobs)
    jobs.claim("w1", 1)
    clock.boot, clock.seconds = "boot-2", 5.0
    assert len(jobs.claim("w2", 1)) == 1


def test_a_task_that_kills_its_worker_each_time_is_failed_with_that_reason(jobs: Jobs) -> None:
    task = submit(jobs)
    for attempt in range(1, jobs.policy.max_attempts + 1):
        assert jobs.claim(f"w{attempt}", 1)[0].task.attempt == attempt
        assert list(jobs.reclaim_from(f"w{attempt}")) == [task.task_id]
    after = jobs.get(task.task_id)
    assert after.status is Status.FAILED
    assert after.failure is not None
    assert after.failure.code == "worker_died"
    assert after.failure.hint
    assert not jobs.claim("w9", 1)


def test_a_retryable_error_waits_and_a_fatal_one_ends_at_once(jobs: Jobs, clock: SetClock) -> None:
    waits, ends = submit(jobs, "waits"), submit(jobs, "ends")
    first, second = jobs.claim("w1", 2)
    assert jobs.settle_error(first, Unavailable("down")) is Status.PENDING
    assert jobs.settle_error(second, Uncovered("nothing", hint="try that")) is Status.FAILED
    assert jobs.get(waits.task_id).status is Status.PENDING
    failure = jobs.get(ends.task_id).failure
    assert failure is not None
    assert (failure.code, failure.message, failure.hint, failure.exit_code) == ("uncovered", "nothing", "try that", 65)
    clock.advance(jobs.policy.backoff_cap_seconds)
    assert [lease.task.task_id for lease in jobs.claim("w1", 2)] == [waits.task_id]


def test_a_retryable_error_fails_after_the_last_attempt(jobs: Jobs, clock: SetClock) -> None:
    task = submit(jobs)
    for _ in range(jobs.policy.max_attempts):
        jobs.settle_error(jobs.claim("w1", 1)[0], Unavailable("down"))
        clock.advance(jobs.policy.backoff_cap_seconds)
    assert jobs.get(task.task_id).status is Status.FAILED


def test_a_waiting_task_is_not_claimed_before_its_time(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock, Policy(lease_seconds=40))
    submit(jobs)
    lease = jobs.claim("w1", 1)[0]
    jobs.postpone(lease, clock.now() + timedelta(seconds=40), "the disk is full")
    clock.advance(39)
    assert not jobs.claim("w1", 1)
    assert jobs.seconds_until_due() == 1
    clock.advance(2)
    assert jobs.claim("w1", 1)[0].task.attempt == 1


def test_a_lease_that_nobody_works_on_is_not_renewed(jobs: Jobs, clock: SetClock) -> None:
    submit(jobs)
    lease = jobs.claim("w1", 1)[0]
    clock.advance(jobs.policy.lease_seconds - 1)
    assert jobs.renew("w1", []) == {}
    clock.advance(2)
    assert jobs.claim("w2", 1)[0].task.task_id == lease.task.task_id


def test_cancelling_ends_a_pending_task_and_asks_a_running_one_to_stop(jobs: Jobs) -> None:
    running, pending = submit(jobs, "running"), submit(jobs, "pending")
    lease = jobs.claim("w1", 1)[0]
    assert lease.task.task_id == running.task_id
    after = jobs.cancel([running, pending])
    assert after == {running.task_id: Status.IN_PROGRESS, pending.task_id: Status.CANCELLED}
    assert jobs.renew("w1", [lease.token]) == {lease.token: True}
    assert jobs.report(lease, Progress(step="write"), None) is True
    assert jobs.settle_cancelled(lease)
    assert jobs.get(running.task_id).status is Status.CANCELLED


def test_a_dead_workers_task_that_was_to_be_cancelled_is_cancelled(jobs: Jobs) -> None:
    task = submit(jobs)
    jobs.claim("w1", 1)
    jobs.cancel([task])
    jobs.reclaim_from("w1")
    assert jobs.get(task.task_id).status is Status.CANCELLED


def test_retry_gives_all_attempts_back_and_keeps_the_steps(jobs: Jobs, clock: SetClock) -> None:
    task = submit(jobs)
    lease = jobs.claim("w1", 1)[0]
    assert jobs.store.leases.keep_step(lease, "sources", "digest", '{"a":1}', [], clock.now())
    jobs.settle_error(lease, Uncovered("no"))
    assert jobs.retry([task]) == [task.task_id]
    again = jobs.claim("w1", 1)[0]
    assert (again.task.attempt, again.task.failure) == (1, None)
    assert jobs.store.leases.step(again.task, "sources", "digest") == '{"a":1}'
    assert jobs.store.leases.step(again.task, "sources", "other digest") is None


def test_retry_leaves_live_and_completed_tasks_alone(jobs: Jobs) -> None:
    done, pending = submit(jobs, "done"), submit(jobs, "pending")
    jobs.complete(jobs.claim("w1", 1)[0], new_version(done.request))
    assert jobs.retry([done, pending]) == []


def test_a_handed_back_attempt_does_not_count(jobs: Jobs) -> None:
    submit(jobs)
    assert jobs.hand_back(jobs.claim("w1", 1)[0])
    assert jobs.claim("w2", 1)[0].task.attempt == 1


def test_counts_agree_with_the_rows_through_a_whole_life(jobs: Jobs, clock: SetClock) -> None:
    tasks = [submit(jobs, str(number)) for number in range(6)]
    leases = jobs.claim("w1", 4)
    jobs.complete(leases[0], new_version(tasks[0].request))
    jobs.settle_error(leases[1], Uncovered("no"))
    jobs.settle_error(leases[2], Unavailable("down"))
    jobs.cancel([tasks[5]])
    expected = {
        Status.PENDING: 2,
        Status.IN_PROGRESS: 1,
        Status.COMPLETED: 1,
        Status.FAILED: 1,
        Status.CANCELLED: 1,
    }
    assert jobs.store.tasks.counts(TaskFilter()) == expected
    assert jobs.store.tasks.counts(TaskFilter(subject="english")) == expected
    jobs.retry([tasks[1]])
    clock.advance(3_601)
    assert jobs.purge() == 1
    counts = jobs.store.tasks.counts(TaskFilter())
    assert counts == jobs.store.tasks.counts(TaskFilter(user="ann"))
    assert (counts[Status.COMPLETED], counts[Status.FAILED]) == (0, 0)


def test_the_list_has_running_tasks_first_and_finished_ones_last_and_can_be_filtered(jobs: Jobs) -> None:
    done = submit(jobs, "done")
    jobs.complete(jobs.claim("w1", 1)[0], new_version(done.request))
    running = submit(jobs, "running", user="bob", subject="Math")
    jobs.claim("w1", 1)
    waiting = submit(jobs, "waiting")
    select = jobs.store.tasks.select
    assert [task.task_id for task in select(TaskFilter(), 10)] == [running.task_id, waiting.task_id, done.task_id]
    assert [task.task_id for task in select(TaskFilter(), 2)] == [running.task_id, waiting.task_id]
    assert [task.task_id for task in select(TaskFilter(user="bob"), 10)] == [running.task_id]
    assert [task.task_id for task in select(TaskFilter(subject="math"), 10)] == [running.task_id]
    assert [task.task_id for task in select(TaskFilter(status=Status.COMPLETED), 10)] == [done.task_id]


def test_purge_keeps_what_is_inside_its_retention_and_never_touches_lessons(jobs: Jobs, clock: SetClock) -> None:
    done, failed, waiting = submit(jobs, "done"), submit(jobs, "failed"), submit(jobs, "waiting")
    first, second = jobs.claim("w1", 2)
    jobs.complete(first, new_version(done.request))
    jobs.settle_error(second, Uncovered("no"))
    clock.advance(3_599)
    assert jobs.purge() == 0
    clock.advance(2)
    assert jobs.purge() == 1
    assert jobs.store.tasks.get(done.task_id) is None
    clock.advance(30 * 86_400)
    assert jobs.purge() == 1
    assert jobs.store.tasks.get(failed.task_id) is None
    assert jobs.get(waiting.task_id).status is Status.PENDING
    assert jobs.store.lessons.version_of_task(done.task_id) is not None


def test_erasing_a_user_drops_their_finished_tasks_and_cancels_the_others(jobs: Jobs, clock: SetClock) -> None:
    submit(jobs, "mine", user="bob")
    other = submit(jobs, "other")
    assert jobs.store.tasks.erase_user("bob", clock.now()) == 1
    assert jobs.store.tasks.select(TaskFilter(), 10) == [other]


def test_no_task_is_claimed_twice_by_threads_that_race(place: Place) -> None:
    jobs = open_jobs(place)
    expected = {submit(jobs, str(number)).task_id for number in range(60)}
    claimed: list[str] = []

    def work(worker: str) -> None:
        while leases := jobs.claim(worker, 2):
            claimed.extend(lease.task.task_id for lease in leases)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(expected)


def test_a_bad_request_among_good_ones_submits_nothing(jobs: Jobs) -> None:
    requests = [LessonRequest(subject="english", topic="verbs"), LessonRequest(subject="english", topic=" ")]
    with pytest.raises(UsageError, match="topic is empty"):
        jobs.submit(requests, user="", priority=Priority.NORMAL, writer="extractive")
    assert jobs.store.tasks.select(TaskFilter(), 10) == []


@pytest.mark.parametrize(
    "topic", ["", "   ", "x" * 10_000, "a\x00b", "a\x1b[31mb", "a\nb", "\udcff", "\x7f", "\x9b31m"]
)
def test_a_topic_that_could_not_name_a_lesson_is_refused(jobs: Jobs, topic: str) -> None:
    with pytest.raises(UsageError) as refusal:
        submit(jobs, topic)
    assert refusal.value.hint


@pytest.mark.parametrize(
    "topic", ["[/nope]", "../../x", "'; DROP TABLE tasks; --", "🎉 party", "مرحبا", "e\u0301", "<b>"]
)
def test_a_topic_of_unusual_letters_is_taken_as_it_is(jobs: Jobs, topic: str) -> None:
    assert jobs.get(submit(jobs, topic).task_id).request.topic == topic


def test_no_user_runs_more_tasks_at_once_than_the_limit_and_others_go_on(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock, Policy(running_per_user=1))
    for topic in ("a1", "a2", "a3"):
        submit(jobs, topic, user="ann", priority=Priority.HIGH)
    submit(jobs, "b1", user="bob")
    submit(jobs, "c1", user="cid")
    first = jobs.claim("w1", 10)
    assert [lease.task.request.topic for lease in first] == ["a1", "b1", "c1"]
    assert not jobs.claim("w2", 10)
    following = jobs.complete(first[0], new_version(first[0].task.request), take_next=True).following
    assert following is not None
    assert following.task.request.topic == "a2"


def test_a_limit_of_one_holds_when_workers_die(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock, Policy(running_per_user=1))
    for number in range(5):
        submit(jobs, str(number))
    for worker in ("w1", "w2", "w3"):
        assert len(jobs.claim(worker, 5)) == 1
        assert not jobs.claim("other", 5)
        jobs.reclaim_from(worker)
    assert len(jobs.claim("w4", 5)) == 1


def test_over_the_hourly_limit_a_task_is_refused_with_the_time_or_deferred_to_it(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock, Policy(submitted_per_hour=2))
    submit(jobs, "1")
    clock.advance(600)
    submit(jobs, "2")
    with pytest.raises(TryLater) as refusal:
        submit(jobs, "3")
    assert "3000 s" in (refusal.value.hint or "")
    submit(jobs, "1", user="bob")
    assert jobs.store.tasks.counts(TaskFilter(user="ann"))[Status.PENDING] == 2
    requests = [LessonRequest(subject="english", topic=topic) for topic in ("3", "4", "5")]
    deferred = jobs.submit(requests, user="ann", priority=Priority.NORMAL, writer="extractive", defer=True)
    starts = [(task.run_at - clock.now()).total_seconds() for task in deferred if task.run_at]
    assert starts == [3000.0, 3600.0, 6600.0]
    now_due = jobs.claim("w1", 10)
    assert len(now_due) == 3
    for lease in now_due:
        jobs.settle_error(lease, Uncovered())
    clock.advance(3_000)
    assert [lease.task.request.topic for lease in jobs.claim("w1", 10)] == ["3"]


def test_the_hourly_limit_does_not_forget_what_is_purged(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock, Policy(submitted_per_hour=1, keep_completed=timedelta()))
    task = submit(jobs)
    jobs.complete(jobs.claim("w1", 1)[0], new_version(task.request))
    clock.advance(60)
    jobs.purge()
    with pytest.raises(TryLater):
        submit(jobs)
    clock.advance(3_600)
    assert jobs.purge() == 1
    submit(jobs)


def test_calls_to_a_model_are_limited_for_all_workers_together(place: Place, clock: SetClock) -> None:
    policy = Policy(calls=CallLimit(calls_per_minute=3, tokens_per_minute=1_000))
    jobs, elsewhere = open_jobs(place, clock, policy), open_jobs(place, clock, policy)
    submit(jobs, "1")
    submit(jobs, "2")
    one, other = jobs.claim("w1", 1)[0], elsewhere.claim("w2", 1)[0]
    assert jobs.admit_call(one, "openai", 400) is None
    clock.advance(10)
    assert elsewhere.admit_call(other, "openai", 500) is None
    assert jobs.admit_call(one, "openai", 200) == clock.now() + timedelta(seconds=50)
    assert jobs.admit_call(one, "openai", 600) == clock.now() + timedelta(seconds=60)
    assert jobs.admit_call(one, "other", 900) is None
    assert jobs.admit_call(one, "openai", 100) is None
    assert elsewhere.admit_call(other, "openai", 0) == clock.now() + timedelta(seconds=50)
    clock.advance(51)
    assert elsewhere.admit_call(other, "openai", 300) is None


def test_an_attempt_over_the_call_limit_gives_its_task_back_until_there_is_room(place: Place, clock: SetClock) -> None:
    jobs = open_jobs(place, clock, Policy(calls=CallLimit(calls_per_minute=1)))
    task = submit(jobs)
    attempt = LeasedAttempt(jobs, jobs.claim("w1", 1)[0])
    attempt.call("openai", 10)
    with pytest.raises(Postponed) as wait:
        attempt.call("openai", 10)
    jobs.postpone(attempt.lease, wait.value.until, "waiting")
    assert not jobs.claim("w1", 1)
    assert jobs.get(task.task_id).attempt == 0
    clock.advance(61)
    assert len(jobs.claim("w1", 1)) == 1
