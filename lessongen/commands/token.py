"""`token`: who may use the web API. A token is shown once; what is kept is its hash."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

import typer

from lessongen.commands.session import Run, Session, no_database, whole_number
from lessongen.lesson.records import SubmitLimit, Token
from lessongen.queue.json_views import moment
from lessongen.system.bearer import new_token, token_hash
from lessongen.system.errors import NotFound, UsageError
from lessongen.system.names import require_name
from lessongen.system.terminal import ago, quoted

_PERIODS = {"m": "minutes", "min": "minutes", "h": "hours", "hour": "hours", "d": "days", "day": "days"}
_LIMIT = re.compile(r"(\d{1,7})\s*/\s*(\d{0,3})\s*([a-z]+)", re.ASCII)
_LONGEST_PERIOD = timedelta(days=31)


def create(
    *,
    user: Annotated[str, typer.Option(metavar="NAME", help="Whose token it is.")],
    limit: Annotated[
        str | None,
        typer.Option(metavar="N/PERIOD", help="How many lessons it may ask for: 20/h, 100/d."),
    ] = None,
    run: Run,
) -> None:
    """Make a token for a user.

    It is printed once and can't be shown again. Requests send it as `Authorization: Bearer TOKEN`.
    """
    session = run.session()
    require_name("user", user)
    app, token = session.app, new_token()
    kept = app.store.tokens.add(token_hash(token), user.strip(), _limit(limit), app.clock.now())
    if run.as_json:
        session.output.json({"token": token, **_row(kept)})
        return
    session.output.line(token)
    session.output.note(f"Token {kept.number} of {kept.user}: keep it, it is not shown again.")


def list_all(run: Run) -> None:
    """List the tokens; what they are is known to their owners alone."""
    session = run.session()
    tokens = session.app.store.tokens.all() if session.app.has_database() else []
    if run.as_json:
        session.output.json({"tokens": [_row(token) for token in tokens]})
    elif tokens:
        now = session.app.clock.now()
        rows = [
            [
                str(token.number),
                token.user,
                token.limit.words if token.limit else "",
                ago(token.created_at, now),
                f"revoked {ago(token.revoked_at, now)}" if token.revoked_at else "valid",
            ]
            for token in tokens
        ]
        session.output.table(["token", "user", "limit", "made", "state"], rows, narrow=(0, 3, 4))
    else:
        _say_none(session)


def revoke(
    numbers: Annotated[
        list[int],
        typer.Argument(metavar="TOKEN...", parser=whole_number(1, 2**31), help="Their numbers, as listed."),
    ],
    run: Run,
) -> None:
    """Make tokens worthless, at once and for good."""
    session = run.session()
    revoked = session.app.store.tokens.revoke(numbers, session.app.clock.now()) if session.app.has_database() else []
    if not revoked:
        raise NotFound(
            f"There is no valid token {', '.join(map(str, numbers))}.",
            hint=f"These there are: {session.app.command('token', 'list')}",
        )
    if run.as_json:
        session.output.json({"revoked": list(revoked)})
    else:
        session.output.line(f"Revoked: {', '.join(map(str, revoked))}")


def _limit(text: str | None) -> SubmitLimit | None:
    if text is None:
        return None
    found = _LIMIT.fullmatch(text.strip().lower())
    if found is not None and found[3] in _PERIODS and int(found[1]) > 0 and found[2] != "0":
        period = timedelta(**{_PERIODS[found[3]]: int(found[2] or 1)})
        if timedelta() < period <= _LONGEST_PERIOD:
            return SubmitLimit(tasks=int(found[1]), period=period, defers=False)
    raise UsageError(f"--limit can't be {quoted(text)}.", hint="Give a number of lessons a time: 20/h, 5/30m or 100/d.")


def _row(token: Token) -> dict[str, Any]:
    limit = token.limit
    return {
        "number": token.number,
        "user": token.user,
        "limit": {"tasks": limit.tasks, "seconds": int(limit.period.total_seconds())} if limit else None,
        "created_at": moment(token.created_at),
        "revoked_at": moment(token.revoked_at),
    }


def _say_none(session: Session) -> None:
    app, output = session.app, session.output
    if not app.has_database():
        output.line(no_database(session, "tokens"))
    else:
        output.line("There are no tokens: on the loopback none is needed.")
    output.line(f"  Make one: {app.command('token', 'create', '--user', 'NAME')}")
