"""Workers of one database on a server, and what befalls them and it: nothing is lost, nothing is doubled."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest

from lessongen.jobs import Jobs
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LessonRequest, Priority, Status
from lessongen.store import PostgresStore
from lessongen.system.addresses import DatabaseAddress
from tests.forked import Forked, start
from tests.postgres import Server, server_or_skip
from tests.processes import eventually

TASKS = 40


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    return server_or_skip(request)


@pytest.fixture
def address(server: Server) -> Iterator[DatabaseAddress]:
    with server.database() as found:
        yield found


@pytest.fixture
def jobs(address: DatabaseAddress) -> Iterator[Jobs]:
    with closing(PostgresStore(address)) as store:
        yield Jobs(store=store, clock=store.clock())


@pytest.fixture
def workers(tmp_path: Path, address: DatabaseAddress) -> Iterator[list[Forked]]:
    """Three workers that leave once nothing is left to do; those that have not are killed at the end."""
    with ExitStack() as stack:
        started = []
        for number in range(3):
            options = ("--server", address.url, "--drain", "--threads", "2")
            process = start("tests.worker_program", tmp_path / f"{number}.log", str(tmp_path / "none.db"), *options)
            stack.callback(process.wait)
            stack.callback(process.kill)
            started.append(process)
        yield started


def submit(jobs: Jobs, count: int = TASKS) -> None:
    requests = [LessonRequest(subject="s", topic=f"sleep:0.1#{number}") for number in range(count)]
    jobs.submit(requests, user="", priority=Priority.NORMAL, writer="extractive")


def completed(jobs: Jobs) -> int:
    return jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED]


def has_more(jobs: Jobs, than: int) -> bool:
    return completed(jobs) > than


def assert_each_has_one_version(jobs: Jobs) -> None:
    lessons = jobs.store.lessons
    made = [version.task_id for lesson in lessons.all(1_000) for version in lessons.versions(lesson.id)]
    tasks = jobs.store.tasks.select(TaskFilter(status=Status.COMPLETED), 1_000)
    assert len(tasks) == TASKS
    assert sorted(task for task in made if task) == sorted(task.task_id for task in tasks)


@pytest.fixture
def submitted(jobs: Jobs) -> Jobs:
    """Before the workers are there, so that none leaves for want of work."""
    submit(jobs)
    return jobs


def test_the_tasks_of_a_killed_worker_are_taken_up_by_others(submitted: Jobs, workers: list[Forked]) -> None:
    eventually(lambda: completed(submitted) > 5)
    workers[0].send_signal(signal.SIGKILL)
    eventually(lambda: completed(submitted) == TASKS)
    assert_each_has_one_version(submitted)


def test_workers_go_on_when_the_server_throws_all_out(
    submitted: Jobs, workers: list[Forked], server: Server, address: DatabaseAddress
) -> None:
    for done in (5, 12, 20):
        eventually(partial(has_more, submitted, done))
        server.end_connections(address.url.rpartition("/")[2])
    eventually(lambda: completed(submitted) == TASKS)
    assert [process.wait() for process in workers] == [0, 0, 0]
    assert_each_has_one_version(submitted)


def test_a_worker_that_stood_still_stores_nothing_that_another_has_made(submitted: Jobs, workers: list[Forked]) -> None:
    eventually(lambda: completed(submitted) > 5)
    workers[0].send_signal(signal.SIGSTOP)
    eventually(lambda: completed(submitted) >= TASKS - 2)
    for worker in submitted.store.tasks.running_workers():
        submitted.reclaim_from(worker)  # as its leases' end has it, only sooner
    eventually(lambda: completed(submitted) == TASKS)
    workers[0].send_signal(signal.SIGCONT)
    assert [process.wait() for process in workers] == [0, 0, 0]
    assert_each_has_one_version(submitted)
