"""Lessons of a batch that are written at once reserve what they ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from lessongen.lesson.task import LessonRequest, Priority, Task
from lessongen.queue.dedupe import DistinctQuestions
from tests.queues import open_jobs


def tasks(folder: Path, count: int) -> list[Task]:
    jobs = open_jobs(folder)
    requests = [LessonRequest(subject="english", topic=f"topic {number}") for number in range(count)]
    made = jobs.submit(requests, user="", priority=Priority.NORMAL, writer="extractive")
    jobs.store.close()
    return [replace(task, batch_id="b1") for task in made]


def test_of_many_tasks_at_once_one_gets_a_pair(tmp_path: Path) -> None:
    distinct_questions, many = DistinctQuestions(), tasks(tmp_path, 20)
    with ThreadPoolExecutor(8) as pool:
        took = list(pool.map(lambda task: distinct_questions.take(task, {("quote", "verb")}, set), many))
    assert took.count(True) == 1


def test_a_pair_is_refused_while_another_task_holds_it_and_free_after_it(tmp_path: Path) -> None:
    distinct_questions, (first, second) = DistinctQuestions(), tasks(tmp_path, 2)
    assert distinct_questions.take(first, {("quote", "verb"), ("quote", "noun")}, set)
    assert distinct_questions.take(first, {("quote", "verb")}, set), "a task is not in its own way"
    assert distinct_questions.beside(second) == {("quote", "verb")}
    assert not distinct_questions.take(second, {("quote", "verb")}, set)
    distinct_questions.release(first)
    assert distinct_questions.take(second, {("quote", "verb")}, set)


def test_what_is_stored_by_now_is_refused_too(tmp_path: Path) -> None:
    distinct_questions, (task,) = DistinctQuestions(), tasks(tmp_path, 1)
    assert not distinct_questions.take(task, {("quote", "verb")}, lambda: {("quote", "verb")})
    assert distinct_questions.beside(replace(task, task_id="other")) == set()


def test_tasks_of_other_batches_and_of_none_are_free(tmp_path: Path) -> None:
    distinct_questions, (first, second) = DistinctQuestions(), tasks(tmp_path, 2)
    assert distinct_questions.take(first, {("quote", "verb")}, set)
    assert distinct_questions.take(replace(second, batch_id="b2"), {("quote", "verb")}, set)
    assert distinct_questions.take(replace(second, batch_id=None), {("quote", "verb")}, set)
