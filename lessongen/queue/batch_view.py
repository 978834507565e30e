"""A batch as it is looked at while it runs and afterwards: where it stands, its pace, what failed, what is alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.lesson.records import Batch, TaskFilter
from lessongen.lesson.task import LIVE, Status
from lessongen.queue.batches import FAILURES_LISTED, Batches, Standing, outcome
from lessongen.queue.pace import pace


@dataclass(frozen=True, kw_only=True)
class View:
    """A batch as it is shown: where it stands, how fast it goes, and how long it should go on at that pace.

    `failures` are those that are listed.
    """

    standing: Standing
    per_minute: float
    seconds_left: float | None
    failures: Sequence[Mapping[str, Any]]

    @property
    def batch(self) -> Batch:
        """The batch itself."""
        return self.standing.batch

    @property
    def live(self) -> int:
        """How many tasks wait or run."""
        return sum(self.standing.counts[status] for status in LIVE)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, summary and all."""
        return self.standing.summary is not None

    @property
    def missed(self) -> int:
        """How many tasks failed or were cancelled."""
        return self.standing.counts[Status.FAILED] + self.standing.counts[Status.CANCELLED]

    @property
    def alike(self) -> Sequence[Mapping[str, str]]:
        """Lessons and questions that are nearly the same; known once it has ended."""
        found: Sequence[Mapping[str, str]] = (self.standing.summary or {}).get("alike", ())
        return found


def view(batches: Batches, batch: Batch, *, lists_failures: bool = True) -> View:
    """The batch as it is now; without failures, and who judged so far, for those who look again and again."""
    standing = batches.standing(batch, names_judges=lists_failures)
    failures: Sequence[Mapping[str, Any]] = ()
    if standing.summary is not None:
        failures = standing.summary["failed"]
    elif lists_failures:
        failures = _failures(batches, batch)
    if standing.summary is not None:
        return View(standing=standing, per_minute=0.0, seconds_left=None, failures=failures)
    now = batches.jobs.clock.now()
    found = pace(batches.jobs.store.tasks, TaskFilter(batch_id=batch.batch_id), now)
    live = sum(standing.counts[status] for status in LIVE)
    return View(
        standing=standing,
        per_minute=found.per_minute(now),
        seconds_left=found.seconds_left(live, now),
        failures=failures,
    )


def _failures(batches: Batches, batch: Batch) -> Sequence[Mapping[str, Any]]:
    found = []
    for status in (Status.FAILED, Status.CANCELLED):
        wanted = TaskFilter(batch_id=batch.batch_id, status=status)
        found += [outcome(task) for task in batches.jobs.store.tasks.select(wanted, FAILURES_LISTED)]
    return found[:FAILURES_LISTED]
