"""The wall clock jumps by a year, either way: no lease is freed, no wait is cut short or frozen, no limit either."""

from __future__ import annotations

import resource
import time
from datetime import timedelta
from pathlib import Path

import pytest

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.records import CallLimit, TaskFilter
from lessongen.lesson.task import Status
from lessongen.system.errors import Unavailable
from tests.processes import eventually, roster_of, worker
from tests.queues import SetClock, open_jobs, submit

YEAR = timedelta(days=365)
JUMPS = pytest.mark.parametrize("jump", [YEAR, -YEAR], ids=["forward", "back"])


@JUMPS
def test_a_jump_frees_no_lease(tmp_path: Path, jump: timedelta) -> None:
    clock = SetClock()
    jobs = open_jobs(tmp_path, clock, Policy(lease_seconds=30))
    submit(jobs)
    lease = jobs.claim("one", 1)[0]
    clock.moment += jump
    clock.advance(29)
    assert not jobs.claim("other", 1)
    assert jobs.renew("one", [lease.token]) == {lease.token: False}
    clock.advance(31)
    assert len(jobs.claim("other", 1)) == 1


@JUMPS
def test_a_jump_neither_cuts_a_retrys_wait_short_nor_freezes_it(tmp_path: Path, jump: timedelta) -> None:
    clock = SetClock()
    jobs = open_jobs(tmp_path, clock)
    submit(jobs)
    lease = jobs.claim("one", 1)[0]
    jobs.postpone(lease, clock.now() + timedelta(seconds=40), "waiting")
    clock.moment += jump
    clock.advance(39)
    assert not jobs.claim("one", 1)
    assert not jobs.has_due()
    assert jobs.seconds_until_due() == 1
    clock.advance(1)
    assert jobs.has_due()
    assert len(jobs.claim("one", 1)) == 1


def test_a_wait_that_outlasts_a_reboot_ends_by_the_wall_clock(tmp_path: Path) -> None:
    clock = SetClock()
    jobs = open_jobs(tmp_path, clock)
    submit(jobs)
    jobs.postpone(jobs.claim("one", 1)[0], clock.now() + timedelta(seconds=40), "waiting")
    clock.boot, clock.seconds = "boot-2", 5_000.0
    clock.advance(39)
    assert not jobs.claim("one", 1)
    clock.advance(1)
    assert jobs.has_due()
    assert len(jobs.claim("one", 1)) == 1


@JUMPS
def test_a_jump_neither_opens_nor_freezes_the_limit_of_calls(tmp_path: Path, jump: timedelta) -> None:
    clock = SetClock()
    jobs = open_jobs(tmp_path, clock, Policy(calls=CallLimit(calls_per_minute=1)))
    submit(jobs)
    lease = jobs.claim("one", 1)[0]
    assert jobs.admit_call(lease, "openai", 10) is None
    clock.moment += jump
    clock.advance(20)
    assert jobs.admit_call(lease, "openai", 10) == clock.now() + timedelta(seconds=40)
    clock.advance(40)
    assert jobs.admit_call(lease, "openai", 10) is None


def test_a_jump_back_does_not_freeze_the_limit_of_submissions(tmp_path: Path) -> None:
    clock = SetClock()
    jobs = open_jobs(tmp_path, clock, Policy(submitted_per_hour=1))
    submit(jobs, "from a year ahead")
    clock.moment -= YEAR
    submit(jobs, "of the present")
    clock.advance(3_600)
    submit(jobs, "of an hour later")


@JUMPS
def test_a_task_deferred_by_its_limit_is_not_frozen_by_a_jump(tmp_path: Path, jump: timedelta) -> None:
    clock = SetClock()
    jobs = open_jobs(tmp_path, clock, Policy(submitted_per_hour=1))
    submit(jobs)
    request = jobs.claim("one", 1)[0].task.request
    jobs.submit([request], user="ann", priority=jobs.find("last").priority, writer="extractive", defer=True)
    clock.moment += jump
    clock.advance(3_599)
    assert not jobs.has_due()
    clock.advance(1)
    assert jobs.has_due()


@JUMPS
def test_a_failing_task_ends_in_its_time_whatever_the_clock_does(tmp_path: Path, jump: timedelta) -> None:
    clock = SetClock()
    jobs = open_jobs(tmp_path, clock)
    task = submit(jobs)
    for _ in range(jobs.policy.max_attempts):
        jobs.settle_error(jobs.claim("one", 1)[0], Unavailable())
        clock.moment += jump
        clock.advance(jobs.policy.backoff_cap_seconds)
    assert jobs.get(task.task_id).status is Status.FAILED


@JUMPS
def test_a_running_worker_keeps_its_lease_and_its_waits_and_does_not_spin(
    jobs: Jobs, tmp_path: Path, jump: timedelta
) -> None:
    shift = tmp_path / "shift"
    shift.write_text("0")
    waiting, running = submit(jobs, "wait:2.0"), submit(jobs, "sleep:2.5")
    roster = roster_of(tmp_path)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with worker(tmp_path, "--clock", str(shift), "--lease", "1", "--idle", "0.1") as process:
        eventually(lambda: jobs.get(waiting.task_id).run_at is not None)
        waits_from = time.monotonic()
        eventually(lambda: jobs.get(running.task_id).status is Status.IN_PROGRESS)
        (tmp_path / "shift-new").write_text(str(jump.total_seconds()))
        (tmp_path / "shift-new").rename(shift)
        roster.wake()
        eventually(lambda: jobs.get(waiting.task_id).status is Status.COMPLETED, seconds=180)
        assert time.monotonic() - waits_from > 1.5
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == 2)
        assert process.wait(120) == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert jobs.get(running.task_id).attempt == 1, "its lease was not freed"
    assert after.ru_utime - before.ru_utime < 1.8
