"""Lessons without words whose steps ask a model by the provider's Batch API, and workers that make them.

`python -m tests.batched_work DATABASE ADDRESS [--die-at N]` is such a worker in a process of its own, which can be
killed at a barrier.
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from lessongen.jobs import Jobs, Policy
from lessongen.lesson.attempt import Attempt, BatchedCall
from lessongen.lesson.records import Batch, NewVersion
from lessongen.lesson.task import LessonRequest, Status
from lessongen.queue.batches import Batches, PlannedTask, Wish
from lessongen.queue.provider_batches import ProviderBatches, ProviderBatchRules
from lessongen.queue.worker import Plan, Worker
from lessongen.store import SqliteStore
from lessongen.system.clock import SystemClock
from lessongen.system.errors import LessongenError
from lessongen.writers.openai.batch_api import OpenAIBatches
from lessongen.writers.openai.client import ModelClient, Server
from tests.faults.barriers import Barriers
from tests.lessons import lesson
from tests.processes import roster_of
from tests.queues import new_version

KEY = "sk-test-5f3a9c1e7b"
MODEL = "scripted-1"
SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
RULES = ProviderBatchRules(look_seconds=0.05, gather_seconds=30.0, settle_seconds=0.2)
ONE_LOOK = 60.0  # seconds between looks: a drain looks once
GOOD = {"text": "A good answer."}


def said(request: Mapping[str, Any]) -> str:
    """What the last message of a request says."""
    return str(request["messages"][-1]["content"])


class Questions:
    """Makes a version after so many steps, each one call; the steps of a topic "verbs:3" are three."""

    def __init__(self, address: str) -> None:
        self._client = ModelClient(Server(base_url=address, api_key=KEY, model=MODEL))

    def __call__(self, request: LessonRequest, attempt: Attempt) -> NewVersion:
        steps = int(request.topic.partition(":")[2] or 1)
        for number in range(steps):
            attempt.step(
                f"step-{number}",
                {"topic": request.topic, "number": number},
                partial(self._ask, request, attempt, number),
            )
        content = lesson(topic=request.topic).model_dump_json()
        return dataclasses.replace(new_version(request), content=content, writer="openai")

    def _ask(self, request: LessonRequest, attempt: Attempt, number: int) -> Any:
        messages = [{"role": "user", "content": f"{request.topic} {number}"}]

        def make(key: str, inputs_sha256: str) -> BatchedCall:
            seed = attempt.seed + attempt.spent().calls
            body = self._client.batched(
                messages, SCHEMA, name="step", seed=seed, max_tokens=100, cancelled=attempt.cancelled
            )
            return BatchedCall(key=key, inputs_sha256=inputs_sha256, model=MODEL, body=body, cost=0.01)

        return attempt.batched(make, lambda answer: self._client.read_batched(answer, SCHEMA, 100).data)


def price(model: str, tokens_in: int, tokens_out: int) -> float:
    """What a call costs by the Batch API."""
    return (tokens_in + tokens_out) / 1_000


@dataclasses.dataclass(kw_only=True)
class Office:
    """A queue in a folder with a provider_batches for the provider at that address."""

    folder: Path
    address: str
    rules: ProviderBatchRules = RULES
    key: str = KEY
    factory: Any = None

    def __post_init__(self) -> None:
        options = {"factory": self.factory} if self.factory else {}
        store = SqliteStore(self.folder / "lessons.db", **options)
        policy = Policy(backoff_seconds=0.01, max_attempts=3)
        self.jobs = Jobs(store=store, clock=SystemClock(), policy=policy)
        self.batches = Batches(jobs=self.jobs)
        self._generate = Questions(self.address)
        self._provider = OpenAIBatches(Server(base_url=self.address, api_key=self.key, model=MODEL))

    def submit(self, *topics: str, **wish: Any) -> Batch:
        """A batch of lessons on these topics whose calls go by the Batch API."""
        rows = [
            PlannedTask(request=LessonRequest(subject="english", topic=topic, writer="openai", batch_api=True))
            for topic in topics
        ]
        return self.batches.submit(rows, Wish(name="plan.csv", again=True, **wish), writer="openai").batch

    def provider_batches(self, *, looks_once: bool) -> ProviderBatches:
        """A new provider_batches, as another process would have it."""
        rules = dataclasses.replace(self.rules, look_seconds=ONE_LOOK) if looks_once else self.rules
        hold = partial(roster_of(self.folder).hold, "provider_batches")
        return ProviderBatches(
            store=self.jobs.store.sent_batches,
            clock=self.jobs.clock,
            provider=lambda: self._provider,
            price=price,
            hold=hold,
            rules=rules,
        )

    def worker(self, **plan: Any) -> Worker:
        """A worker that drains the queue, and looks at each batch at the provider once; or one of another plan."""
        return Worker(
            jobs=self.jobs,
            generate=self._generate,
            roster=roster_of(self.folder),
            plan=Plan(**{"concurrency": 2, "drain": True, "purge_every": timedelta(hours=1), **plan}),
            batches=self.batches,
            provider_batches=self.provider_batches(looks_once=plan.get("drain", True)),
        )

    def work(self, *, rounds: int = 60) -> int:
        """Drain again and again, as cron does, until no task is live; how often that was."""
        for number in range(1, rounds + 1):
            self.worker().run()
            if not self.jobs.store.tasks.any_live():
                return number
        raise AssertionError("it did not end")

    def statuses(self, batch: Batch) -> dict[str, int]:
        """How many tasks stand in each status."""
        return {str(status): count for status, count in self.batches.standing(batch).counts.items() if count}

    def failures(self, batch: Batch) -> Sequence[Any]:
        """Why its tasks failed."""
        tasks = [self.jobs.get(each) for each in self.jobs.store.batches.task_ids(batch.batch_id, (Status.FAILED,))]
        return [task.failure for task in tasks]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("address")
    parser.add_argument("--die-at", type=int)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    barriers = Barriers(given.folder, given.die_at)
    office = Office(folder=given.folder, address=given.address, factory=barriers.connection())
    try:
        office.worker(concurrency=1).run()
    except LessongenError as error:
        raise SystemExit(int(error.exit_code)) from error


if __name__ == "__main__":
    main()
