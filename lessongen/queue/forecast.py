"""What a batch would make, from what, in what time and at what cost, before it is submitted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.lesson.attempt import ExpectedCost, Spent
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LIVE, Estimate, LessonRequest
from lessongen.queue.batches import Batches, PlannedTask, Wish
from lessongen.queue.json_views import named
from lessongen.system.levels import EASY
from lessongen.system.settings import Settings

Expects = Callable[[LessonRequest], ExpectedCost | None]


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a submission would do. `skipped` and `stored` are the places of rows: left out, and there already.

    `cost` is None where it is not known, `by` is what it is known by.
    """

    name: str
    rows: Sequence[PlannedTask]
    skipped: frozenset[int]
    stored: frozenset[int]
    estimate: Estimate
    cost: Spent | None
    by: str | None

    @property
    def made(self) -> list[PlannedTask]:
        """The rows that would become tasks."""
        return [row for place, row in enumerate(self.rows) if place not in self.skipped]

    def fate(self, place: int) -> str:
        """What would become of a row: new, another version, left out."""
        if place in self.skipped:
            return "left out"
        return "another version" if place in self.stored else "new"


def forecast(batches: Batches, rows: Sequence[PlannedTask], wish: Wish, expects: Expects) -> Forecast:
    """What the submission would do, with what `expects` says that a lesson of a request takes."""
    keys = [row.request.lesson.key for row in rows]
    there = batches.jobs.store.lessons.updated(keys)
    skipped = batches.skipped(rows, wish)
    kinds = _kinds([row.request for place, row in enumerate(rows) if place not in skipped])
    cost, by = _cost(expects, kinds)
    return Forecast(
        name=wish.name,
        rows=rows,
        skipped=skipped,
        stored=frozenset(place for place, key in enumerate(keys) if key in there),
        estimate=_estimate(batches, kinds),
        cost=cost,
        by=by,
    )


def _kinds(requests: Sequence[LessonRequest]) -> list[tuple[LessonRequest, int]]:
    """One request of each writer, model and level, with how many there are like it."""
    counts = Counter((each.writer, each.model, each.level, each.batch_api) for each in requests)
    examples = {(each.writer, each.model, each.level, each.batch_api): each for each in requests}
    return [(examples[kind], count) for kind, count in counts.items()]


def _estimate(batches: Batches, kinds: Sequence[tuple[LessonRequest, int]]) -> Estimate:
    """How long all would take, one kind after the other, behind what is in the queue already."""
    if not kinds:
        return Estimate(low_seconds=0, high_seconds=0)
    waiting = batches.jobs.store.tasks.counts(TaskFilter())
    before = sum(waiting[status] for status in LIVE)
    low = high = 0.0
    for request, count in kinds:
        last = batches.jobs.estimates(request, request.writer)(before + count - 1)
        low, high, before = low + last.low_seconds, high + last.high_seconds, 0
    return Estimate(low_seconds=low, high_seconds=high)


def _cost(expects: Expects, kinds: Sequence[tuple[LessonRequest, int]]) -> tuple[Spent | None, str | None]:
    total, sources = Spent(calls=0, tokens=0, cost=0.0), []
    for request, count in kinds:
        if request.writer != "openai":
            continue
        each = expects(request)
        if each is None:
            return None, None
        sources.append(each.source)
        total = Spent(
            calls=total.calls + each.spent.calls * count,
            tokens=total.tokens + each.spent.tokens * count,
            cost=total.cost + each.spent.cost * count,
        )
    return total, "price list" if "price list" in sources else sources[0] if sources else None


def as_json(forecast: Forecast, settings: Settings) -> dict[str, Any]:
    """What `batch submit --dry-run` answers."""
    cost = forecast.cost
    return {
        "name": forecast.name,
        "dry_run": True,
        "tasks": len(forecast.made),
        "skipped": len(forecast.skipped),
        "estimated_completion_time": forecast.estimate.words if forecast.made else None,
        "estimated_seconds": forecast.estimate.middle_seconds,
        "estimated_tokens": cost.tokens if cost else None,
        "estimated_cost": cost.cost if cost else None,
        "estimated_cost_by": forecast.by,
        "lessons": [
            {
                **named(row.request.lesson),
                "fate": forecast.fate(place),
                "writer": row.request.writer,
                "model": row.request.model,
                "minutes": row.request.minutes,
                "questions": row.request.questions,
                "focus": row.request.focus,
                "sources": list(sources_of(row.request, settings)),
                "after": list(row.after),
            }
            for place, row in enumerate(forecast.rows)
        ],
    }


def sources_of(request: LessonRequest, settings: Settings) -> Iterator[str]:
    """What would be asked for the text, the first that covers the topic being used."""
    if request.sources:
        yield "your own texts"
        return
    kept = ", as far as its pages are kept" if request.offline or settings.offline else ""
    if request.wikipedia and request.language == "en" and request.level in EASY and settings.has_simple:
        yield f"the encyclopedia in simple English{kept}"
    if settings.mediawiki_url and request.wikipedia:
        yield f"the wiki{kept}"
    elif settings.wikipedia and request.wikipedia:
        yield f"Wikipedia{kept}"
    if settings.zim:
        yield "the archive"
    yield "the offline encyclopedia"
