"""The rules of batches: tasks submitted together, recognised when submitted twice, summed up when they are over."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lessongen.jobs import Jobs
from lessongen.lesson.attempt import Spent
from lessongen.lesson.ids import Ids
from lessongen.lesson.records import Batch, BatchRow, SubmitLimit, TaskFilter
from lessongen.lesson.sent_batches import AtProvider
from lessongen.lesson.task import LIVE, Estimate, LessonRequest, Priority, Status, Submission, Task
from lessongen.system.clock import to_text

FAILURES_LISTED = 1_000
_LIKENESSES_LISTED = 200
_LESSONS_COMPARED = 5_000


@dataclass(frozen=True, kw_only=True)
class PlannedTask:
    """A row of a batch, checked; `after` are the places of the rows that come before it."""

    request: LessonRequest
    priority: Priority = Priority.NORMAL
    after: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How a batch is to be taken and ended.

    A lesson that is younger than `max_age`, or there at all if it `skips_existing`, is not made again. What comes after
    a failed task fails too, unless it is to `run_anyway`. `on_done` is a command, `webhook` an address.
    """

    name: str
    user: str = ""
    again: bool = False
    skips_existing: bool = False
    max_age: timedelta | None = None
    fail_fast: bool = False
    run_anyway: bool = False
    on_done: str | None = None
    webhook: str | None = None


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """What became of a submission: the batch, and whether it is a new one or the same that runs already."""

    batch: Batch
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a batch stands; `judges` is who judged the written sentences of how many of its lessons."""

    batch: Batch
    counts: Mapping[Status, int]
    spent: Spent
    summary: Mapping[str, Any] | None
    provider: AtProvider | None = None
    judges: Mapping[str, int] = field(default_factory=dict)

    @property
    def ended(self) -> int:
        """How many of its tasks are over."""
        return sum(count for status, count in self.counts.items() if status.is_finished)


@dataclass(frozen=True, kw_only=True)
class Batches:
    """Batches over the queue.

    `tell` carries out what a batch wants done at its end. `hold` makes this process the one that tells, until the
    release is called or the process ends; it gives None where another one is.
    """

    jobs: Jobs
    tell: Callable[[Batch, Mapping[str, Any]], None] = lambda batch, summary: None
    hold: Callable[[], Callable[[], None] | None] = lambda: lambda: None

    # ------------------------------------------------------------ submit

    def skipped(self, planned: Sequence[PlannedTask], wish: Wish) -> frozenset[int]:
        """The places of the rows whose lessons are there already, as far as the wish leaves them out."""
        if not wish.skips_existing and wish.max_age is None:
            return frozenset()
        keys = [row.request.lesson.key for row in planned]
        updated = self.jobs.store.lessons.updated(keys)
        oldest = self.jobs.clock.now() - wish.max_age if wish.max_age is not None else None
        return frozenset(
            place for place, key in enumerate(keys) if key in updated and (oldest is None or updated[key] >= oldest)
        )

    def submit(
        self, planned: Sequence[PlannedTask], wish: Wish, *, writer: str, limit: SubmitLimit | None = None
    ) -> Submitted:
        """Take all rows in one transaction; once this returns they are on disk.

        Where the same rows are running already, and none are wanted again, nothing is taken: that batch is the answer.
        `writer` is the one that the estimates are for; `limit` takes the place of the settings' one, and what is over
        it starts later.
        """
        skipped = self.skipped(planned, wish)
        batch = Batch(
            batch_id=str(uuid.uuid4()),
            name=wish.name,
            fingerprint=_fingerprint(planned, wish.user),
            user=wish.user,
            tasks=len(planned) - len(skipped),
            skipped=len(skipped),
            fail_fast=wish.fail_fast,
            on_done=wish.on_done,
            webhook=wish.webhook,
            created_at=self.jobs.clock.now(),
        )
        if wish.again:
            batch = dataclasses.replace(batch, fingerprint=batch.batch_id)
        rows = self._rows(planned, skipped, batch, wish, writer)
        limit = dataclasses.replace(limit, defers=True) if limit else self.jobs.submit_limit(defer=True)
        running = self.jobs.store.batches.add(batch, rows, limit, now=batch.created_at, at=self.jobs.clock.boot_time())
        return Submitted(batch=self.get(running or batch.batch_id), is_new=running is None)

    def _rows(
        self, planned: Sequence[PlannedTask], skipped: frozenset[int], batch: Batch, wish: Wish, writer: str
    ) -> Iterator[BatchRow]:
        counts = self.jobs.store.tasks.counts(TaskFilter())
        before = sum(counts[status] for status in LIVE)
        kept = (place for place in range(len(planned)) if place not in skipped)
        places = {place: number for number, place in enumerate(kept)}
        estimates: dict[tuple[str | None, str, bool], Callable[[int], Estimate]] = {}
        for place, row in enumerate(planned):
            if place in skipped:
                continue
            kind = (row.request.model, row.request.level, row.request.batch_api)
            if kind not in estimates:
                estimates[kind] = self.jobs.estimates(row.request, writer)
            after = tuple(places[each] for each in row.after if each in places)
            yield BatchRow(
                task_id=str(uuid.uuid4()),
                submission=Submission(
                    request=row.request,
                    user=wish.user,
                    priority=row.priority,
                    batch_id=batch.batch_id,
                    max_attempts=self.jobs.policy.max_attempts,
                    estimate=estimates[kind](before + places[place]),
                    waits_for=len(after),
                ),
                after=after,
                run_anyway=wish.run_anyway,
            )

    # ------------------------------------------------------------ look

    @property
    def _ids(self) -> Ids[Batch]:
        return Ids(
            kept=self.jobs.store.batches,
            id_of=lambda batch: batch.batch_id,
            noun="batch",
            nouns="batches",
            first_hint="Submit one: lessongen batch submit FILE",
            list_hint="`lessongen batch list` lists them.",
        )

    def get(self, batch_id: str) -> Batch:
        """The batch of that whole id; raises `NotFound`."""
        return self._ids.get(batch_id)

    def find(self, text: str) -> Batch:
        """The batch that a person means, as `Ids.find` has it."""
        return self._ids.find(text)

    def standing(self, batch: Batch, *, names_judges: bool = True) -> Standing:
        """Where a batch stands now; from its summary once it is over. Who judged can be left out of many looks."""
        batch, store = self.get(batch.batch_id), self.jobs.store.batches
        provider = self.jobs.store.sent_batches.at_provider(batch.batch_id)
        if batch.summary is not None:
            summary = json.loads(batch.summary)
            counts = {status: summary["counts"][status] for status in Status}
            judges = summary.get("judges", {})  # batches of before have none
            spent = Spent(calls=summary["calls"], tokens=summary["tokens"], cost=summary["cost"])
        else:
            summary = None
            counts = store.counts(batch.batch_id)
            judges = store.judges(batch.batch_id) if names_judges else {}
            spent = store.cost(batch.batch_id)
        return Standing(batch=batch, counts=counts, spent=spent, summary=summary, provider=provider, judges=judges)

    # ------------------------------------------------------------ a person's decisions

    def cancel(self, batch: Batch) -> dict[str, Status]:
        """Cancel all that is not over; the status of each such task afterwards, by id."""
        live = self.jobs.store.batches.task_ids(batch.batch_id, LIVE)
        after = self.jobs.store.tasks.cancel(live, self.jobs.clock.now())
        self.close_ended()
        return after

    def retry(self, batch: Batch) -> Sequence[str]:
        """Make its failed and cancelled tasks pending again; their ids."""
        ended = self.jobs.store.batches.task_ids(batch.batch_id, (Status.FAILED, Status.CANCELLED))
        return list(self.jobs.store.tasks.retry(ended))

    # ------------------------------------------------------------ the end

    def close_ended(self) -> list[Batch]:
        """Sum up the batches that are over, and tell of each; those that were told of.

        Each is marked once it was told of: what a crash interrupts is told by the next process, at least once.
        """
        store = self.jobs.store.batches
        untold = store.untold()
        for batch in untold:
            if batch.summary is None:
                store.sum_up(batch.batch_id, json.dumps(self._summary(batch), ensure_ascii=False))
        release = self.hold() if untold else None
        if release is None:
            return []
        try:
            return [batch for batch in store.untold() if batch.summary is not None and self._told(batch, batch.summary)]
        finally:
            release()

    def _told(self, batch: Batch, summary: str) -> bool:
        self.tell(batch, json.loads(summary))
        return self.jobs.store.batches.told(batch.batch_id, self.jobs.clock.now())

    def _summary(self, batch: Batch) -> dict[str, Any]:
        store = self.jobs.store.batches
        counts = store.counts(batch.batch_id)
        spent = store.cost(batch.batch_id)
        failed = store.task_ids(batch.batch_id, (Status.FAILED, Status.CANCELLED))[:FAILURES_LISTED]
        return {
            **batch.head(),
            "counts": {str(status): count for status, count in counts.items()},
            "calls": spent.calls,
            "tokens": spent.tokens,
            "cost": spent.cost,
            "created_at": to_text(batch.created_at),
            "ended_at": to_text(batch.ended_at) if batch.ended_at else None,
            "seconds": _seconds(batch.created_at, batch.ended_at),
            "failed": [outcome(task) for each in failed if (task := self.jobs.store.tasks.get(each)) is not None],
            "alike": self._alike(batch),
            "judges": store.judges(batch.batch_id),
        }

    def _alike(self, batch: Batch) -> list[dict[str, str]]:
        from itertools import islice

        from lessongen.lesson.likeness import likenesses
        from lessongen.lesson.reading import lesson_of_json

        contents = islice(self.jobs.store.batches.contents(batch.batch_id), _LESSONS_COMPARED)
        named = ((name, lesson_of_json(content)) for name, content in contents)
        return [dataclasses.asdict(each) for each in likenesses(named)[:_LIKENESSES_LISTED]]


def _fingerprint(planned: Sequence[PlannedTask], user: str) -> str:
    """What two submissions of the same rows by the same user have in common."""
    digest = hashlib.sha256(user.encode())
    for row in planned:
        digest.update(repr((*vars(row.request).values(), int(row.priority), *row.after)).encode())
    return digest.hexdigest()


def outcome(task: Task) -> dict[str, Any]:
    """A task that failed or was cancelled, as batches list it."""
    failure = task.failure
    return {
        "task_id": task.task_id,
        "status": str(task.status),
        "subject": task.request.subject,
        "topic": task.request.topic,
        "code": failure.code if failure else str(task.status),
        "message": failure.message if failure else task.progress.message,
        "hint": failure.hint if failure else None,
    }


def _seconds(start: datetime, end: datetime | None) -> float | None:
    return round((end - start).total_seconds(), 1) if end else None
