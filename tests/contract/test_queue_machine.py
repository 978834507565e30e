"""Any order of submitting, claiming, dying, settling, cancelling, retrying and purging keeps the queue's promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import TRANSITIONS, Lease, Status
from lessongen.system.errors import Unavailable, Uncovered
from tests.postgres import server_or_skip
from tests.queues import Place, SetClock, new_version, open_jobs, stores_closed, submit

WORKERS = st.sampled_from(["w1", "w2", "w3"])


class QueueMachine(RuleBasedStateMachine):
    """A queue beside a model of it: the status of each task as last seen, and the leases that were ever given."""

    new_place: Callable[[], AbstractContextManager[Place]]

    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        self.resources.enter_context(stores_closed())
        self.clock = SetClock()
        self.jobs = open_jobs(self.resources.enter_context(self.new_place()), self.clock)
        self.seen: dict[str, Status] = {}
        self.leases: list[Lease] = []
        self.completed: set[str] = set()

    def teardown(self) -> None:
        self.jobs.store.close()
        self.resources.close()

    @rule(user=st.sampled_from(["ann", "bob", ""]), topic=st.sampled_from(["verbs", "nouns"]))
    def submit(self, user: str, topic: str) -> None:
        self.seen[submit(self.jobs, topic, user=user).task_id] = Status.PENDING

    @rule(worker=WORKERS, count=st.integers(1, 3))
    def claim(self, worker: str, count: int) -> None:
        self.leases += self.jobs.claim(worker, count)

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), end=st.sampled_from(["complete", "retryable", "fatal", "cancelled", "hand back"]))
    def settle(self, data: st.DataObject, end: str) -> None:
        lease = data.draw(st.sampled_from(self.leases))
        if end == "complete":
            if self.jobs.complete(lease, new_version(lease.task.request)).version is not None:
                assert lease.task.task_id not in self.completed
                self.completed.add(lease.task.task_id)
        elif end == "retryable":
            self.jobs.settle_error(lease, Unavailable())
        elif end == "fatal":
            self.jobs.settle_error(lease, Uncovered())
        elif end == "cancelled":
            self.jobs.settle_cancelled(lease)
        else:
            self.jobs.hand_back(lease)

    @rule(worker=WORKERS)
    def die(self, worker: str) -> None:
        self.jobs.reclaim_from(worker)

    @rule(worker=WORKERS)
    def renew(self, worker: str) -> None:
        tokens = {lease.token for lease in self.leases}
        assert set(self.jobs.renew(worker, tokens)) <= tokens

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        task = self.jobs.store.tasks.get(data.draw(st.sampled_from(list(self.seen))))
        if task is not None:
            self.jobs.cancel([task])

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        task = self.jobs.store.tasks.get(data.draw(st.sampled_from(list(self.seen))))
        if task is not None:
            self.jobs.retry([task])

    @rule(seconds=st.sampled_from([0.5, 31.0, 400.0, 4_000.0]))
    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule()
    def purge(self) -> None:
        self.jobs.purge()

    @invariant()
    def each_task_changes_only_as_the_states_allow(self) -> None:
        for task_id, before in self.seen.items():
            task = self.jobs.store.tasks.get(task_id)
            if task is None:
                assert before.is_finished, "only finished tasks are ever dropped"
            elif task.status is not before:
                # A claim may take back a lapsed lease and give it anew, or end it, in one step.
                assert task.status in TRANSITIONS[before] or any(
                    task.status in TRANSITIONS[middle] for middle in TRANSITIONS[before]
                )
                self.seen[task_id] = task.status

    @invariant()
    def every_completed_task_has_one_version_and_no_other_has_any(self) -> None:
        lessons = self.jobs.store.lessons
        made = [version.task_id for lesson in lessons.all(10) for version in lessons.versions(lesson.id)]
        assert sorted(self.completed) == sorted(task_id for task_id in made if task_id)

    @invariant()
    def the_tally_agrees_with_the_rows(self) -> None:
        counts = self.jobs.store.tasks.counts(TaskFilter())
        tasks = self.jobs.store.tasks.select(TaskFilter(), 10_000)
        assert counts == {status: sum(task.status is status for task in tasks) for status in Status}


def test_any_order_keeps_the_promises(request: pytest.FixtureRequest) -> None:
    @contextmanager
    def folder() -> Iterator[Place]:
        with TemporaryDirectory() as path:
            yield Path(path)

    _run(folder, max_examples=40)


def test_any_order_keeps_the_promises_on_postgresql(request: pytest.FixtureRequest) -> None:
    _run(server_or_skip(request).database, max_examples=8)


def _run(new_place: Callable[[], AbstractContextManager[Place]], *, max_examples: int) -> None:
    class Machine(QueueMachine):
        pass

    Machine.new_place = staticmethod(new_place)
    run_state_machine_as_test(Machine, settings=settings(max_examples=max_examples, stateful_step_count=40))
