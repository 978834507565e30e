"""Lessons of a batch that are written at once reserve what they ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from lessongen.lesson.task import LessonRequest, Priority, Task
from lessongen.queue.dedupe import Reservations
from tests.queues import open_jobs


def tasks(folder: Path, count: int) -> list[Task]:
    jobs = open_jobs(folder)
    requests = [LessonRequest(subject="english", topic=f"topic {number}") for number in range(count)]
    made = jobs.submit(requests, user="", priority=Priority.NORMAL, writer="extractive")
    jobs.store.close()
    return [replace(task, batch_id="b1") for task in made]


def test_of_many_tasks_at_once_one_gets_a_pair(tmp_path: Path) -> None:
    reservations, many = Reservations(), tasks(tmp_path, 20)
    with ThreadPoolExecutor(8) as pool:
        took = list(pool.map(lambda task: reservations.take(task, {("quote", "verb")}, set), many))
    assert took.count(True) == 1


def test_a_pair_is_refused_while_another_task_holds_it_and_free_after_it(tmp_path: Path) -> None:
    reservations, (first, second) = Reservations(), tasks(tmp_path, 2)
    assert reservations.take(first, {("quote", "verb"), ("quote", "noun")}, set)
    assert reservations.take(first, {("quote", "verb")}, set), "a task is not in its own way"
    assert reservations.beside(second) == {("quote", "verb")}
    assert not reservations.take(second, {("quote", "verb")}, set)
    reservations.release(first)
    assert reservations.take(second, {("quote", "verb")}, set)


def test_what_is_stored_by_now_is_refused_too(tmp_path: Path) -> None:
    reservations, (task,) = Reservations(), tasks(tmp_path, 1)
    assert not reservations.take(task, {("quote", "verb")}, lambda: {("quote", "verb")})
    assert reservations.beside(replace(task, task_id="other")) == set()


def test_tasks_of_other_batches_and_of_none_are_free(tmp_path: Path) -> None:
    reservations, (first, second) = Reservations(), tasks(tmp_path, 2)
    assert reservations.take(first, {("quote", "verb")}, set)
    assert reservations.take(replace(second, batch_id="b2"), {("quote", "verb")}, set)
    assert reservations.take(replace(second, batch_id=None), {("quote", "verb")}, set)
