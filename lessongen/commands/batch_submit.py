"""`batch submit`: take a file of lessons as one batch, see to it that a worker takes it, and follow it if asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lessongen.commands import completion
from lessongen.commands.batch import NoStart, Quiet, Timeout, duration, left
from lessongen.commands.session import Run, Session, whole_number
from lessongen.lesson.task import Priority
from lessongen.system.errors import UsageError
from lessongen.system.terminal import counted, quoted

if TYPE_CHECKING:
    from lessongen.queue.batches import Submitted
    from lessongen.queue.batchfile import Format

_MINUTES, _QUESTIONS, _SEED = whole_number(5, 240), whole_number(5, 12), whole_number(0, 2**63 - 1)


def submit(
    *,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE|-", help="CSV, JSON Lines or YAML; - is standard input.", show_default=False),
    ],
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="csv|jsonl|yaml", help="Where its name does not say.", show_default=False),
    ] = None,
    skip_existing: Annotated[
        bool, typer.Option("--skip-existing", help="Leave out lessons that are stored already.")
    ] = False,
    max_age: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Leave out lessons younger than this, 7d.", show_default=False),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Submit it even if the same batch is running.")] = False,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Cancel the rest at the first failure.")] = False,
    after_failed: Annotated[
        str, typer.Option(metavar="run|fail", help="What becomes of lessons that come after a failed one.")
    ] = "fail",
    on_done: Annotated[
        str | None,
        typer.Option(
            metavar="CMD", help="Run this at the end, with the summary as JSON on its input.", show_default=False
        ),
    ] = None,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="Post the summary there at the end.", show_default=False)
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be made, how long and at what cost; submit nothing.")
    ] = False,
    batch_api: Annotated[
        bool,
        typer.Option("--batch-api", help="Ask the model by its provider's Batch API: half the price, hours to wait."),
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the batch to its end.")] = False,
    timeout: Timeout = None,
    no_start: NoStart = False,
    quiet: Quiet = False,
    user: Annotated[str | None, typer.Option(metavar="NAME", help="Whose tasks they are.", show_default=False)] = None,
    priority: Annotated[str, typer.Option(metavar="low|normal|high", help="Which tasks go first.")] = "normal",
    language: Annotated[str | None, typer.Option(metavar="LANG", help="As a code: en.", show_default=False)] = None,
    level: Annotated[str | None, typer.Option(metavar="LEVEL", help="For whom.", show_default=False)] = None,
    variant: Annotated[str | None, typer.Option(metavar="NAME", help="A name of your own.", show_default=False)] = None,
    minutes: Annotated[
        int | None, typer.Option(metavar="N", parser=_MINUTES, help="How long, 5 to 240.", show_default=False)
    ] = None,
    questions: Annotated[
        int | None, typer.Option(metavar="N", parser=_QUESTIONS, help="How many, 5 to 12.", show_default=False)
    ] = None,
    wikipedia: Annotated[
        bool | None,
        typer.Option("--wikipedia/--no-wikipedia", help="Ask Wikipedia where it can be reached.", show_default=False),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nothing on the network for text.")] = False,
    writer: Annotated[
        str | None, typer.Option(metavar="auto|extractive|openai", help="What writes them.", show_default=False)
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which of the server's models.", show_default=False)
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Whose prompts a model gets.",
            show_default=False,
            autocompletion=completion.templates,
        ),
    ] = None,
    max_cost: Annotated[
        str | None, typer.Option(metavar="USD", help="How much each may cost.", show_default=False)
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", parser=_SEED, help="Repeats the same choices.", show_default=False)
    ] = None,
    run: Run,
) -> None:
    """Submit a file of lessons: one row a lesson, all or none.

    Columns are named as the options of `create`; subject and topic are needed. `after` names rows that come before.
    Options from --priority on hold for rows that say nothing else. The same file, submitted while it runs, is
    recognised. Without a terminal only the batch's id is printed; with --wait nothing but what failed, and the exit
    code is 1 then.
    """
    from lessongen.commands.batch_plan import Common, address_at_end, command_at_end, read_plan
    from lessongen.queue.batches import Wish

    flags = {
        "defaults.language": language,
        "defaults.level": level,
        "defaults.variant": variant,
        "user": user,
        "writer": writer,
        "openai.max_cost": max_cost,
        "openai.template": template,
        "sources.wikipedia": None if wikipedia is None else "yes" if wikipedia else "no",
        "sources.offline": "yes" if offline else None,
    }
    session = run.session(flags=flags)
    timeout_seconds = duration("--timeout", timeout)
    if timeout is not None and not wait:
        raise UsageError("--timeout says how long to wait, and nothing is waited for.", hint="Add --wait.")
    common = Common(
        minutes=minutes,
        questions=questions,
        seed=seed,
        model=model,
        template=template,
        priority=Priority[_one_of("--priority", priority, [each.word for each in Priority]).upper()],
    )
    youngest = duration("--max-age", max_age)
    run_anyway = _one_of("--after-failed", after_failed, ["run", "fail"]) == "run"
    command, address = command_at_end(on_done), address_at_end(webhook)
    plan = read_plan(session, file, _format(form), common, starts_worker=not (no_start or dry_run))
    if batch_api:
        from lessongen.commands.batch_api import by_batch_api

        plan = by_batch_api(session.app, plan)
    wish = Wish(
        name=plan.name,
        user=session.app.settings.user,
        again=again,
        skips_existing=skip_existing,
        max_age=None if youngest is None else timedelta(seconds=youngest),
        fail_fast=fail_fast,
        run_anyway=run_anyway,
        on_done=command,
        webhook=address,
    )
    if dry_run:
        from lessongen.commands.batch_dry_run import dry_run as show_plan

        show_plan(session, plan, wish)
        return
    submitted = session.app.batches.submit(plan.rows, wish, writer=plan.writer)
    try:
        _set_going(session, submitted, start=not no_start, wait=wait, is_quiet=quiet)
        session.app.require_worker()
        if wait:
            from lessongen.commands.batch_follow import follow_to_end

            follow_to_end(
                session, submitted.batch, timeout_seconds=timeout_seconds, keeps_worker=not no_start, is_quiet=quiet
            )
    except KeyboardInterrupt as error:
        raise left(session, submitted.batch) from error


def _one_of(option: str, word: str, words: list[str]) -> str:
    if word not in words:
        raise UsageError(f"{option} can't be {quoted(word)}.", hint=f"Give one of {', '.join(words)}.")
    return word


def _format(word: str | None) -> Format | None:
    known: Mapping[str, Format] = {"csv": "csv", "jsonl": "jsonl", "yaml": "yaml"}
    return None if word is None else known[_one_of("--format", word, list(known))]


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
        from lessongen.commands.follow import no_worker

        output.note(no_worker(app))


def _message(submitted: Submitted) -> str:
    batch = submitted.batch
    if not submitted.is_new:
        return f"{batch.name} is running already: nothing was submitted; --again submits it once more"
    left_out = f", {batch.skipped:,} left out: stored already" if batch.skipped else ""
    return f"{counted(batch.tasks, 'task')} of {batch.name}{left_out}"


def _accepted(session: Session, submitted: Submitted, message: str, following: str) -> dict[str, Any]:
    from lessongen.queue.json_views import batch_row

    standing = session.app.batches.standing(submitted.batch)
    return {**batch_row(standing), "is_new": submitted.is_new, "message": message, "next": following}
