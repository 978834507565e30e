"""`judge`: have the configured judge sit the exam, and tell who has passed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lessongen.app import App
from lessongen.commands.judge_figures import Figures, figures_of
from lessongen.commands.session import Run, Session, no_database
from lessongen.queue.null_attempt import NullAttempt
from lessongen.system.errors import ExitCode, NotFound, UsageError
from lessongen.system.terminal import Output, ago, counted, quoted

if TYPE_CHECKING:
    from lessongen.check.judges.exam import Exam
    from lessongen.check.judges.sitting import Sat
    from lessongen.lesson.judgement import ExamResult

Show = Callable[[int, str], None]
_ANY_SEED = 1


def exam(
    *,
    short: Annotated[
        bool, typer.Option("--short", help="About 80 of the pairs, as before a model's first lesson.")
    ] = False,
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="auto|model|rules", help="Which judge sits it."),
    ] = None,
    run: Run,
) -> None:
    """Have the judge sit the exam, and keep what came of it.

    The exam is pairs of a sentence and the quotes that it cites, half of them honest, half not. What it takes is said
    before. The exit code is 65 where the judge does not pass. Other models: judge.model, judge.base_url.
    """
    from lessongen.check.judges.sitting import expected, sit

    session = run.session(flags={"judge.name": judge})
    app, output, pairs = session.app, session.output, _exam()
    candidate = app.judge(exam=pairs)
    chosen = pairs.short() if short else pairs.pairs
    expects = expected(candidate, pairs, is_short=short)
    takes = f"about {expects.words}" if expects.calls else "no call to a model"
    output.note(f"{candidate.identity.name} sits {counted(len(chosen), 'pair')}; this takes {takes}.")
    with _shown(output) as show:
        sat = sit(candidate, pairs, _Watched(seed=_ANY_SEED, show=show), app.clock, is_short=short)
    number = app.store.exams.add(sat.result)
    figures = figures_of(sat.result, app.bar, pairs.name, number=number)
    if run.as_json:
        output.json({**figures.as_json(), "wrong": _wrong(sat)})
    else:
        _print(session, figures)
    if not figures.has_passed:
        raise typer.Exit(int(ExitCode.DATA))


def list_all(run: Run) -> None:
    """List the exams that judges sat here, the latest first."""
    from lessongen.check.judges.exam import exam_name

    session = run.session()
    app, output = session.app, session.output
    exam = exam_name()
    found = [figures_of(result, app.bar, exam, number=number) for number, result in _results(app).items()]
    if run.as_json:
        output.json({"exams": [each.as_json() for each in found]})
        return
    if not found:
        output.line("No judge has sat the exam." if app.has_database() else no_database(session, "exams"))
        output.line(f"  Have it sit one: {app.command('judge', 'exam')}")
        return
    now = app.clock.now()
    rows = [
        [
            str(each.number),
            each.result.identity.name,
            each.state,
            each.caught.percent,
            each.accepted.percent,
            "short" if each.result.is_short else "whole",
            ago(each.result.sat_at, now),
            each.result.identity.server,
        ]
        for each in found
    ]
    heads = ["exam", "judge", "state", "caught", "accepted", "pairs", "when", "server"]
    output.table(heads, rows, narrow=(0, 1, 2, 3, 4))


def show(
    *,
    number: Annotated[
        str, typer.Argument(metavar="[EXAM]", help="Its number, as listed; the last one if none.")
    ] = "last",
    run: Run,
) -> None:
    """Show what came of an exam, by kind."""
    from lessongen.check.judges.exam import exam_name

    session = run.session()
    results = _results(session.app)
    if number != "last" and not (number.isascii() and number.isdigit() and len(number) < 19):
        raise UsageError(f"{quoted(number)} is no number of an exam.", hint="`lessongen judge list` lists them.")
    chosen = next(iter(results), None) if number == "last" else int(number)
    if chosen is None or chosen not in results:
        what = f"There is no exam {number}." if results else "No judge has sat the exam."
        raise NotFound(what, hint=f"`lessongen judge {'list` lists them' if results else 'exam` has it sit one'}.")
    figures = figures_of(results[chosen], session.app.bar, exam_name(), number=chosen)
    if run.as_json:
        session.output.json(figures.as_json())
    else:
        _print(session, figures)


def _exam() -> Exam:
    from lessongen.check.judges.exam import load_exam

    return load_exam()


def _results(app: App) -> dict[int, ExamResult]:
    return app.store.exams.all() if app.has_database() else {}


def _wrong(sat: Sat) -> list[dict[str, Any]]:
    from lessongen.check.judges.exam import is_right_on

    return [
        {
            "id": pair.id,
            "kind": pair.kind,
            "is_honest": pair.is_honest,
            "ruling": verdict.ruling,
            "reason": verdict.reason,
        }
        for pair, verdict in sat.verdicts
        if not is_right_on(pair, verdict)
    ]


def _print(session: Session, figures: Figures) -> None:
    from lessongen.commands.judge_drawing import draw

    output, result, bar = session.output, figures.result, figures.bar
    where = f" on {result.identity.server}" if result.identity.server else ""
    output.line(f"{result.identity.name}{where}: exam {result.exam}{', short' if result.is_short else ''}")
    draw(output, figures)
    took = f"{counted(result.calls, 'call')}, {counted(result.tokens, 'token')}" if result.calls else "no calls"
    output.line(f"It took {figures.seconds}, {took}{figures.money}.")
    if result.unanswered:
        output.line(f"{counted(result.unanswered, 'pair')} without a usable answer; they count as wrong.")
    needed = f"{bar.caught:.0%} caught and {bar.accepted:.0%} accepted are needed".replace("%", " %")
    if figures.has_passed:
        output.line(f"Passed: {needed}.")
    else:
        output.line(f"Not passed: {needed}. Where no model has passed, the rules judge, strictly.")
        output.line("  Name an abler judge: lessongen config set judge.model NAME")
    if not figures.is_valid:
        output.line("It no longer counts: the exam or the judge's prompt has changed since.")


# ---------------------------------------------------------------- while it runs


@dataclass(kw_only=True)
class _Watched(NullAttempt):
    """An attempt outside the queue whose progress is shown."""

    show: Show

    def progress(self, step: str, percent: int, message: str) -> None:
        self.show(percent, message)


@contextlib.contextmanager
def _shown(output: Output) -> Iterator[Show]:
    """A bar on a terminal; a line a call elsewhere."""
    if output.shows_progress:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (BarColumn(bar_width=24), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        with Progress(*columns, console=output.error_console(), transient=True) as progress:
            bar = progress.add_task("", total=100)
            yield lambda percent, message: progress.update(bar, completed=percent, description=message)
        return
    said: set[str] = set()

    def say(percent: int, message: str) -> None:
        doing = message.partition(" · ")[0]
        if doing not in said:
            said.add(doing)
            output.note(doing)

    yield say
