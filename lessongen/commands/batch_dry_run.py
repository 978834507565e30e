"""`batch submit --dry-run`: what would be made, from what, in what time and at what cost; nothing is written."""

from __future__ import annotations

import dataclasses
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lessongen.app import App
from lessongen.commands.batch_plan import Plan
from lessongen.commands.expected_cost import expected
from lessongen.commands.provenance import print_facts
from lessongen.commands.session import Session
from lessongen.lesson.attempt import Spent
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LIVE, Estimate, LessonRequest
from lessongen.queue.batches import PlannedTask, Wish
from lessongen.system.settings import Settings
from lessongen.system.terminal import counted, dollars

_ROWS_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a submission would do. `skipped` and `stored` are the places of rows: left out, and there already.

    `cost` is None where it is not known, `by` is what it is known by.
    """

    plan: Plan
    skipped: frozenset[int]
    stored: frozenset[int]
    estimate: Estimate
    cost: Spent | None
    by: str | None

    @property
    def made(self) -> list[PlannedTask]:
        """The rows that would become tasks."""
        return [row for place, row in enumerate(self.plan.rows) if place not in self.skipped]

    def fate(self, place: int) -> str:
        """What would become of a row: new, another version, left out."""
        if place in self.skipped:
            return "left out"
        return "another version" if place in self.stored else "new"


def dry_run(session: Session, plan: Plan, wish: Wish) -> None:
    """Print what the submission would do."""
    if session.app.has_database():
        forecast = _forecast(session.app, plan, wish)
    else:
        with tempfile.TemporaryDirectory(prefix="lessongen-") as folder:
            settings = dataclasses.replace(session.app.settings, database=Path(folder) / "lessons.db")
            app = App(settings)
            forecast = _forecast(app, plan, wish)
            app.close()
    if session.output.as_json:
        session.output.json(_as_json(forecast, session.app.settings))
    else:
        _print(session, forecast)


def _forecast(app: App, plan: Plan, wish: Wish) -> Forecast:
    keys = [row.request.lesson.key for row in plan.rows]
    there = app.store.lessons.updated(keys)
    skipped = app.batches.skipped(plan.rows, wish)
    kinds = _kinds([row.request for place, row in enumerate(plan.rows) if place not in skipped])
    cost, by = _cost(app, kinds)
    return Forecast(
        plan=plan,
        skipped=skipped,
        stored=frozenset(place for place, key in enumerate(keys) if key in there),
        estimate=_estimate(app, kinds),
        cost=cost,
        by=by,
    )


def _kinds(requests: Sequence[LessonRequest]) -> list[tuple[LessonRequest, int]]:
    """One request of each writer, model and level, with how many there are like it."""
    counts = Counter((each.writer, each.model, each.level, each.batch_api) for each in requests)
    examples = {(each.writer, each.model, each.level, each.batch_api): each for each in requests}
    return [(examples[kind], count) for kind, count in counts.items()]


def _estimate(app: App, kinds: Sequence[tuple[LessonRequest, int]]) -> Estimate:
    """How long all would take, one kind after the other, behind what is in the queue already."""
    if not kinds:
        return Estimate(low_seconds=0, high_seconds=0)
    waiting = app.store.tasks.counts(TaskFilter())
    before = sum(waiting[status] for status in LIVE)
    low = high = 0.0
    for request, count in kinds:
        last = app.jobs.estimates(request, request.writer)(before + count - 1)
        low, high, before = low + last.low_seconds, high + last.high_seconds, 0
    return Estimate(low_seconds=low, high_seconds=high)


def _cost(app: App, kinds: Sequence[tuple[LessonRequest, int]]) -> tuple[Spent | None, str | None]:
    total, sources = Spent(calls=0, tokens=0, cost=0.0), []
    for request, count in kinds:
        if request.writer != "openai":
            continue
        each = expected(app, request)
        if each is None:
            return None, None
        sources.append(each.source)
        total = Spent(
            calls=total.calls + each.spent.calls * count,
            tokens=total.tokens + each.spent.tokens * count,
            cost=total.cost + each.spent.cost * count,
        )
    return total, "price list" if "price list" in sources else sources[0] if sources else None


# ---------------------------------------------------------------- shown


def _as_json(forecast: Forecast, settings: Settings) -> dict[str, Any]:
    from lessongen.queue.json_views import named

    cost = forecast.cost
    return {
        "name": forecast.plan.name,
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
                "sources": list(sources_of(row.request, settings)),
                "after": list(row.after),
            }
            for place, row in enumerate(forecast.plan.rows)
        ],
    }


def _print(session: Session, forecast: Forecast) -> None:
    output, made = session.output, forecast.made
    output.line(f"{forecast.plan.name}: {counted(len(made), 'task')} would be submitted; none was.")
    print_facts(output, list(_facts(forecast, session.app.settings)))
    shown = list(enumerate(forecast.plan.rows))[:_ROWS_SHOWN]
    rows = [[row.request.lesson.titled, forecast.fate(place)] for place, row in shown]
    output.table(["lesson", ""], rows)
    if len(forecast.plan.rows) > _ROWS_SHOWN:
        output.line(f"  and {len(forecast.plan.rows) - _ROWS_SHOWN:,} more; --json lists all.")


def _facts(forecast: Forecast, settings: Settings) -> Iterator[tuple[str, str]]:
    made = forecast.made
    new = sum(forecast.fate(place) == "new" for place in range(len(forecast.plan.rows)))
    yield "lessons", f"{new:,} new, {len(made) - new:,} as another version, {len(forecast.skipped):,} left out"
    if not made:
        return
    yield "writer", _shares([_writer(row.request) for row in made])
    yield "source", _shares([", then ".join(sources_of(row.request, settings)) for row in made])
    yield "time", f"about {forecast.estimate.words}, behind what waits already"
    if forecast.cost is None:
        yield "cost", "known when the first lesson by that model is stored"
    elif forecast.by is None:
        yield "cost", "none: no model is asked"
    else:
        words = "by the last lessons" if forecast.by == "last lessons" else "or less by the price list, a guess"
        yield "cost", f"about {dollars(forecast.cost.cost)} {words}"


def _shares(words: Sequence[str]) -> str:
    counts = Counter(words)
    if len(counts) == 1:
        return words[0]
    return "; ".join(f"{word}: {count:,}" for word, count in counts.most_common())


def _writer(request: LessonRequest) -> str:
    return f"{request.writer} writer" + (f" with {request.model}" if request.model else "")


def sources_of(request: LessonRequest, settings: Settings) -> Iterator[str]:
    """What would be asked for the text, the first that covers the topic being used."""
    if request.sources:
        yield "your own texts"
        return
    kept = ", as far as its pages are kept" if request.offline or settings.offline else ""
    if settings.mediawiki_url and request.wikipedia:
        yield f"the wiki{kept}"
    elif settings.wikipedia and request.wikipedia:
        yield f"Wikipedia{kept}"
    if settings.zim:
        yield "the archive"
    yield "the offline encyclopedia"
