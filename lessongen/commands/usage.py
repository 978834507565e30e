"""`usage`: what calls to models took, by user, model or day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer

from lessongen.commands.session import FIRST_LESSON, Run, Session, no_database, valid_text
from lessongen.lesson.records import UsageLine
from lessongen.queue.json_views import moment, usage_line
from lessongen.system.errors import UsageError
from lessongen.system.terminal import counted, dollars, quoted
from lessongen.system.values import seconds

_BY = ("user", "model", "day")
_NOBODY = "(no name)"


def usage(
    *,
    by: Annotated[str, typer.Option("--by", metavar="|".join(_BY), help="What each line is about.")] = "model",
    since: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Only of the last 7d, 24h, …; all of it if none."),
    ] = None,
    user: Annotated[str | None, typer.Option(metavar="NAME", help="Only this user's.")] = None,
    run: Run,
) -> None:
    """Show the calls, tokens and dollars that models took, and how many lessons came of them.

    Failed tasks are counted too. A call whose model has no known price costs nothing here, and is named.
    """
    session = run.session()
    if by not in _BY:
        raise UsageError(f"Usage can't be told by {quoted(by)}.", hint=f"Give one of {', '.join(_BY)}.")
    start, name = _start(session, since), valid_text(user)
    lines = _lines(session, by, start, name)
    # A task may have called several models, on two days; it has one user.
    total = _total(lines if by == "user" else _lines(session, "user", start, name))
    if run.as_json:
        shown = [usage_line(line) for line in lines]
        rest = {key: value for key, value in usage_line(total).items() if key != "key"}
        session.output.json({"by": by, "since": moment(start), "user": name, "lines": shown, "total": rest})
        return
    if not lines:
        _say_nothing(session, is_limited=since is not None or user is not None)
        return
    heads = [by, "lessons", "calls", "tokens in", "tokens out", "cost"]
    session.output.table(heads, [_cells(line) for line in [*lines, total]], narrow=(0, 1, 5))
    if total.unpriced:
        session.output.line(
            f"The price of {counted(total.unpriced, 'call')} is not known, or nothing: a server of one's own."
        )


def _start(session: Session, since: str | None) -> datetime | None:
    if since is None:
        return None
    try:
        return session.app.clock.now() - timedelta(seconds=seconds(since))
    except ValueError as error:
        raise UsageError(f"--since can't be {quoted(since)}.", hint=f"Give {error}.") from error


def _lines(session: Session, by: str, since: datetime | None, user: str | None) -> Sequence[UsageLine]:
    return session.app.store.usage.lines(by, since, user) if session.app.has_database() else ()


def _total(lines: Sequence[UsageLine]) -> UsageLine:
    return UsageLine(
        key="all",
        calls=sum(line.calls for line in lines),
        input_tokens=sum(line.input_tokens for line in lines),
        output_tokens=sum(line.output_tokens for line in lines),
        cost=sum((line.cost for line in lines), 0.0),
        unpriced=sum(line.unpriced for line in lines),
        lessons=sum(line.lessons for line in lines),
    )


def _cells(line: UsageLine) -> list[str]:
    numbers = (line.lessons, line.calls, line.input_tokens, line.output_tokens)
    return [line.key or _NOBODY, *(f"{number:,}" for number in numbers), _cost(line)]


def _cost(line: UsageLine) -> str:
    if not line.unpriced:
        return dollars(line.cost)
    return "unknown" if line.unpriced == line.calls else f"{dollars(line.cost)} and {line.unpriced:,} unknown"


def _say_nothing(session: Session, *, is_limited: bool) -> None:
    app, output = session.app, session.output
    if not app.has_database():
        output.line(no_database(session, "calls to models"))
    elif is_limited:
        output.line("No call to a model is like that.")
        return
    else:
        output.line("No model was called: lessons by the extractive writer cost nothing.")
    if app.writer_for("auto") == "openai":
        output.line(f"  Ask for a lesson: {app.command(*FIRST_LESSON)}")
    else:
        output.line(
            "  To write with a model, set OPENAI_API_KEY or OPENAI_BASE_URL; `lessongen models` tells if it works."
        )
