"""Where a batch stands, in words and as JSON: its counts, its pace, what failed and why, what is alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.app import App
from lessongen.commands.provenance import print_facts
from lessongen.lesson.parcels import AtProvider
from lessongen.lesson.records import Batch, TaskFilter
from lessongen.lesson.task import LIVE, Status
from lessongen.queue.batches import Standing
from lessongen.queue.json_views import batch_state, missed
from lessongen.queue.pace import pace
from lessongen.system.errors import ExitCode, TaskOutcome
from lessongen.system.terminal import Output, ago, counted, dollars, quoted, span_words

MOST_FAILURES = 1_000
_ALIKE_SHOWN = 10


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


def view(app: App, batch: Batch, *, lists_failures: bool = True) -> View:
    """The batch as it is now."""
    standing = app.batches.standing(batch)
    failures: Sequence[Mapping[str, Any]] = ()
    if standing.summary is not None:
        failures = standing.summary["failed"]
    elif lists_failures:
        failures = _failures(app, batch)
    if standing.summary is not None:
        return View(standing=standing, per_minute=0.0, seconds_left=None, failures=failures)
    now = app.clock.now()
    found = pace(app.store.tasks, TaskFilter(batch_id=batch.batch_id), now)
    live = sum(standing.counts[status] for status in LIVE)
    return View(
        standing=standing,
        per_minute=found.per_minute(now),
        seconds_left=found.seconds_left(live, now),
        failures=failures,
    )


def _failures(app: App, batch: Batch) -> Sequence[Mapping[str, Any]]:
    found = []
    for status in (Status.FAILED, Status.CANCELLED):
        wanted = TaskFilter(batch_id=batch.batch_id, status=status)
        found += [missed(task) for task in app.store.tasks.select(wanted, MOST_FAILURES)]
    return found[:MOST_FAILURES]


def failure_of(view: View, retry: str) -> TaskOutcome | None:
    """The error that a batch stands for that is over; None where nothing of it failed or was cancelled."""
    if not view.missed:
        return None
    return TaskOutcome(
        "batch_failed",
        ExitCode.BUG,
        f"Not made: {view.missed:,} of {counted(view.batch.tasks, 'lesson')} of {view.batch.name}.",
        hint=f"Try them again: {retry}",
    )


def state(shown: View) -> dict[str, Any]:
    """The object of `batch show`."""
    return batch_state(
        shown.standing, per_minute=shown.per_minute, seconds_left=shown.seconds_left, failed=shown.failures
    )


# ---------------------------------------------------------------- words


def counts_words(view: View) -> str:
    """What became of its tasks, counted: "38 completed, 2 failed"."""
    words = [f"{count:,} {status.words}" for status, count in view.standing.counts.items() if count]
    if view.batch.skipped:
        words.append(f"{view.batch.skipped:,} left out")
    return ", ".join(words) or "nothing to make"


def failure_words(failure: Mapping[str, Any]) -> str:
    """One line that names a lesson that was not made, and why."""
    parts = [f"{failure['subject']} / {failure['topic']}: {failure['message']}", failure["hint"] or ""]
    return " ".join(part for part in parts if part).replace("\n", " ")


def print_state(output: Output, app: App, shown: View) -> None:
    """All that is known of a batch, for a person."""
    batch = shown.batch
    output.line(f"{batch.batch_id}  {'over' if shown.is_over else 'ending' if batch.ended_at else 'running'}")
    print_facts(output, list(_facts(app, shown)))
    for failure in shown.failures:
        output.line(f"  {failure['status']:<9} {failure_words(failure)}", hang=12)
    print_alike(output, shown)


def _facts(app: App, shown: View) -> Iterator[tuple[str, str]]:
    batch, standing = shown.batch, shown.standing
    yield "file", batch.name
    yield "tasks", f"{batch.tasks:,}: {counts_words(shown)}"
    if standing.provider is not None:
        yield "provider", provider_words(standing.provider)
    yield "created", ago(batch.created_at, app.clock.now())
    if batch.ended_at:
        took = span_words((batch.ended_at - batch.created_at).total_seconds())
        yield "ended", f"{ago(batch.ended_at, app.clock.now())}, after {took}"
    elif shown.per_minute:
        left = shown.seconds_left
        yield "pace", f"{shown.per_minute:.1f} a minute" + (f", about {span_words(left)} left" if left else "")
    if standing.tokens:
        yield "spent", spent_words(standing)
    if batch.fail_fast:
        yield "ends", "at the first failure"
    if batch.on_done:
        yield "then runs", batch.on_done
    if batch.webhook:
        yield "then asks", batch.webhook.partition("?")[0]


def provider_words(found: AtProvider) -> str:
    """Where calls stand that go by the Batch API: "at the provider: 120 of 400 answered, 12 not sent yet"."""
    parts = []
    if found.sent:
        parts.append(f"at the provider: {found.answered:,} of {found.sent:,} answered")
    if found.waiting:
        parts.append(f"{counted(found.waiting, 'call')} not sent yet")
    parts += [f"{quoted(each.provider_id or 'not sent')}: {each.trouble}" for each in found.parcels if each.trouble]
    return ", ".join(parts) or "at the provider"


def spent_words(standing: Standing) -> str:
    """What models took for it so far: "$0.12 (7,900 tokens)"."""
    tokens = counted(standing.tokens, "token")
    return f"{dollars(standing.cost)} ({tokens})" if standing.cost else tokens


def print_alike(output: Output, shown: View) -> None:
    """Which lessons and questions are nearly the same: the first few."""
    for pair in shown.alike[:_ALIKE_SHOWN]:
        output.line(f"  alike     {pair['first']} and {pair['second']}: {pair['detail']}", hang=12)
    if len(shown.alike) > _ALIKE_SHOWN:
        output.line(f"  alike     and {len(shown.alike) - _ALIKE_SHOWN:,} more; --json lists all")
