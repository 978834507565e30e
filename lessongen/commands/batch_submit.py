"""`batch submit`: take a file of lessons as one batch, see to it that a worker takes it, and follow it if asked."""

from __future__ import annotations

import dataclasses
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from lessongen.app import App
from lessongen.commands.batch_follow import Following, follow_to_end, left
from lessongen.commands.follow import no_worker
from lessongen.commands.groups import Group
from lessongen.commands.provenance import print_facts
from lessongen.commands.request import require_server, usual
from lessongen.commands.session import Run, Session
from lessongen.commands.wishes import By, Shape, Turn, duration, timeout_of
from lessongen.lesson.task import LessonRequest
from lessongen.queue.batches import PlannedTask, Submitted, Wish
from lessongen.queue.batchfile import BadRows, Defaults, Format, read_batch
from lessongen.queue.batchfile.opened import opened
from lessongen.queue.forecast import Forecast, as_json, forecast, sources_of
from lessongen.queue.json_views import batch_row
from lessongen.queue.notify import address_at_end, command_at_end
from lessongen.system.errors import ConfigurationError, Unavailable, UsageError
from lessongen.system.settings import Settings
from lessongen.system.terminal import counted, dollars, quoted

_ROWS_SHOWN = 50
_PROBLEMS_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Rules(Group):
    """What holds for a batch as a whole."""

    skip_existing: Annotated[
        bool, typer.Option("--skip-existing", help="Leave out lessons that are stored already.")
    ] = False
    max_age: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Leave out lessons younger than this, 7d."),
    ] = None
    again: Annotated[bool, typer.Option("--again", help="Submit it even if the same batch is running.")] = False
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Cancel the rest at the first failure.")] = False
    after_failed: Annotated[
        str, typer.Option(metavar="run|fail", help="What becomes of lessons that come after a failed one.")
    ] = "fail"
    on_done: Annotated[
        str | None,
        typer.Option(metavar="CMD", help="Run this at the end, with the summary as JSON on its input."),
    ] = None
    webhook: Annotated[str | None, typer.Option(metavar="URL", help="Post the summary there at the end.")] = None

    def wish(self, user: str) -> Wish:
        """The same as the queue takes it, for a batch that has no name yet. Raises `UsageError`."""
        youngest = duration("--max-age", self.max_age)
        return Wish(
            name="",
            user=user,
            again=self.again,
            skips_existing=self.skip_existing,
            max_age=None if youngest is None else timedelta(seconds=youngest),
            fail_fast=self.fail_fast,
            run_anyway=_one_of("--after-failed", self.after_failed, ["run", "fail"]) == "run",
            on_done=command_at_end(self.on_done),
            webhook=address_at_end(self.webhook),
        )


def submit(
    *,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE|-", help="CSV, JSON Lines or YAML; - is standard input."),
    ],
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="csv|jsonl|yaml", help="Where its name does not say."),
    ] = None,
    rules: Rules,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be made, how long and at what cost; submit nothing.")
    ] = False,
    batch_api: Annotated[
        bool,
        typer.Option("--batch-api", help="Ask the model by its provider's Batch API: half the price, hours to wait."),
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the batch to its end.")] = False,
    following: Following,
    turn: Turn,
    shape: Shape,
    by: By,
    run: Run,
) -> None:
    """Submit a file of lessons: one row a lesson, all or none.

    Columns are named as the options of `create`; subject and topic are needed. `after` names rows that come before.
    Options from --priority on hold for rows that say nothing else. The same file, submitted while it runs, is
    recognised. Without a terminal only the batch's id is printed; with --wait nothing but what failed, and the exit
    code is 1 then.
    """
    session = run.session(flags={**turn.flags, **shape.flags, **by.flags})
    timeout_seconds = timeout_of(following.timeout, wait=wait)
    wish = rules.wish(session.app.settings.user)
    defaults = Defaults(
        folder=Path(),
        writers=session.app.writer_choice,
        usual=dataclasses.replace(
            usual(session, shape, by), template=by.template, max_cost=session.app.settings.max_cost
        ),
        priority=turn.urgency,
    )
    starts_worker = not (following.no_start or dry_run)
    plan = _read_plan(session, file, _format(form), defaults, starts_worker=starts_worker)
    if batch_api:
        plan = _by_batch_api(session.app, plan)
    wish = dataclasses.replace(wish, name=plan.name)
    if dry_run:
        _dry_run(session, plan, wish)
        return
    submitted = session.app.batches.submit(plan.rows, wish, writer=plan.writer)
    try:
        _set_going(session, submitted, start=not following.no_start, wait=wait, is_quiet=following.quiet)
        if wait:
            session.app.require_worker()
            follow_to_end(session, submitted.batch, following, timeout_seconds)
        else:
            session.app.glance_at_worker()
    except KeyboardInterrupt as error:
        raise left(session, submitted.batch) from error


def _one_of(option: str, word: str, words: list[str]) -> str:
    if word not in words:
        raise UsageError(f"{option} can't be {quoted(word)}.", hint=f"Give one of {', '.join(words)}.")
    return word


def _format(word: str | None) -> Format | None:
    known: Mapping[str, Format] = {"csv": "csv", "jsonl": "jsonl", "yaml": "yaml"}
    return None if word is None else known[_one_of("--format", word, list(known))]


# ---------------------------------------------------------------- the rows


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The rows of a batch file, all of them good, and what the file is called."""

    name: str
    rows: Sequence[PlannedTask]

    @property
    def writer(self) -> str:
        """What writes the first of them."""
        return self.rows[0].request.writer


def _read_plan(session: Session, file: str, form: Format | None, defaults: Defaults, *, starts_worker: bool) -> Plan:
    """The rows of a file, or of standard input. The problems of bad ones are told, one a line, before `BadRows`.

    Raises `NotFound`, `UsageError`, and `ConfigurationError` where a model is to write and none is known.
    """
    with opened(file, session.output.note) as (stream, name, folder):
        try:
            defaults = dataclasses.replace(defaults, folder=folder)
            rows = read_batch(stream, format=form, name=name, defaults=defaults)
        except BadRows as error:
            _tell(session, error)
            raise
        except OSError as error:
            raise UsageError(f"{quoted(name)} can't be read: {error.strerror}.") from error
    if any(row.request.writer == "openai" for row in rows):
        require_server(session, starts_worker=starts_worker, hint="; cron knows only what its crontab sets")
    return Plan(name=name.encode("utf-8", "replace").decode(), rows=rows)


def _tell(session: Session, error: BadRows) -> None:
    for problem in error.problems[:_PROBLEMS_SHOWN]:
        session.output.note(problem.text(error.name))
    more = error.count - min(len(error.problems), _PROBLEMS_SHOWN)
    if more > 0:
        session.output.note(f"{error.name}: and {more:,} more.")


def _by_batch_api(app: App, plan: Plan) -> Plan:
    """The plan with the calls of its model's lessons going by the provider's Batch API.

    Raises `UsageError` where no model writes, `NoBatchApi` and `KeyRefused` where the provider says so. One that can't
    be reached now, or that only a running worker knows, is asked later.
    """
    if not any(row.request.writer == "openai" for row in plan.rows):
        raise UsageError(
            "--batch-api is for lessons that a model writes, and none of these is.",
            hint="Leave it out; or name the writer: --writer openai.",
        )
    try:
        provider = app.batch_provider()
        provider.probe()
        provider.close()
    except (Unavailable, ConfigurationError):
        pass
    rows = [
        dataclasses.replace(row, request=dataclasses.replace(row.request, batch_api=row.request.writer == "openai"))
        for row in plan.rows
    ]
    return dataclasses.replace(plan, rows=rows)


# ---------------------------------------------------------------- what would be made


def _dry_run(session: Session, plan: Plan, wish: Wish) -> None:
    """Print what the submission would do."""
    if session.app.has_database():
        found = forecast(session.app.batches, plan.rows, wish, session.app.expected_cost)
    else:
        with tempfile.TemporaryDirectory(prefix="lessongen-") as folder:
            settings = dataclasses.replace(session.app.settings, database=Path(folder) / "lessons.db")
            app = App(settings)
            found = forecast(app.batches, plan.rows, wish, app.expected_cost)
            app.close()
    if session.output.as_json:
        session.output.json(as_json(found, session.app.settings))
    else:
        _print_forecast(session, found)


def _print_forecast(session: Session, forecast: Forecast) -> None:
    output, made = session.output, forecast.made
    output.line(f"{forecast.name}: {counted(len(made), 'task')} would be submitted; none was.")
    print_facts(output, list(_forecast_facts(forecast, session.app.settings)))
    shown = list(enumerate(forecast.rows))[:_ROWS_SHOWN]
    rows = [[row.request.lesson.titled, forecast.fate(place)] for place, row in shown]
    output.table(["lesson", ""], rows)
    if len(forecast.rows) > _ROWS_SHOWN:
        output.line(f"  and {len(forecast.rows) - _ROWS_SHOWN:,} more; --json lists all.")


def _forecast_facts(forecast: Forecast, settings: Settings) -> Iterator[tuple[str, str]]:
    made = forecast.made
    new = sum(forecast.fate(place) == "new" for place in range(len(forecast.rows)))
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


# ---------------------------------------------------------------- what was submitted


def _set_going(session: Session, submitted: Submitted, *, start: bool, wait: bool, is_quiet: bool) -> None:
    """Wake or start a worker; say what was taken, unless the batch is followed and its end is the answer."""
    app, output, batch = session.app, session.output, submitted.batch
    if batch.ended_at is not None:  # nothing was left to make
        app.batches.close_ended()
    elif start:
        app.start_worker()
    else:
        app.roster.wake()
    message = _message(submitted)
    following = app.command("batch", "wait", batch.batch_id)
    if output.as_json:
        if not wait:
            output.json(_accepted(session, submitted, message, following))
        return
    if is_quiet:
        return
    if wait:
        if output.shows_progress:
            output.note(f"Batch {batch.batch_id}  {message}")
        return
    if output.is_terminal:
        output.line(f"Batch {batch.batch_id}  {message}")
        output.line(f"  Follow it: {following}")
    else:
        output.line(batch.batch_id)
        if not submitted.is_new:
            output.note(f"Batch {batch.batch_id}: {message}")
    if output.is_terminal and batch.ended_at is None and not start and not app.roster.has_taker():
        output.note(no_worker(app))


def _message(submitted: Submitted) -> str:
    batch = submitted.batch
    if not submitted.is_new:
        return f"{batch.name} is running already: nothing was submitted; --again submits it once more"
    left_out = f", {batch.skipped:,} left out: stored already" if batch.skipped else ""
    return f"{counted(batch.tasks, 'task')} of {batch.name}{left_out}"


def _accepted(session: Session, submitted: Submitted, message: str, following: str) -> dict[str, Any]:
    standing = session.app.batches.standing(submitted.batch)
    return {**batch_row(standing), "is_new": submitted.is_new, "message": message, "next": following}
