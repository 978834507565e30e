"""`db copy`: all of a database into another one: from a file to a server, back, or between two of a kind."""

from __future__ import annotations

import os
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lessongen.app import App
from lessongen.commands.db import telling
from lessongen.commands.session import Json, Run, Session, require_database
from lessongen.system.errors import DatabaseError, Interrupted, TryLater, UsageError

if TYPE_CHECKING:
    from lessongen.database.copying import Copied

# What is named when it is told what came over; all else is counted.
_NAMED = ("lessons", "versions", "tasks", "batches")

From = Annotated[
    str, typer.Argument(metavar="FROM", help="The database to copy: a file, or the address of one on a server.")
]
To = Annotated[str, typer.Argument(metavar="TO", help="The database to copy into; a file is made if it is not there.")]


def copy(*, source: From, target: To, context: typer.Context, as_json: Json = False) -> None:
    """Copy all of a database into an empty one, of either kind.

    Lessons, their versions and reviews, tasks, batches, usage, tokens, and all else that is kept. All rows are read
    back and compared before the copy counts. Stop the workers of both first. Until all is there no other command takes
    TO; broken off, run it again: it begins anew.
    """
    old = Run(context=context, as_json=as_json, db=source).session()
    new = Run(context=context, as_json=as_json, db=target).session()
    output = new.output
    output.database = None  # there are two
    _refuse_the_same(old.app, new.app)
    require_database(old)
    _require_rest(old.app)
    new.app.forget_half_copy()
    store = new.app.store
    _require_rest(new.app)
    before = old.app.store.changed()
    store.side().mark()
    copied = _copied(old, new)
    has_moved_on = old.app.store.changed() != before
    if as_json:
        places = {"from": str(old.app.settings.database), "to": str(new.app.settings.database)}
        output.json({**places, **asdict(copied), "is_newest": not has_moved_on})
        return
    _tell(new, copied)
    if has_moved_on:
        output.note(
            f"{old.app.settings.database} was written to meanwhile: what came last is not in the copy. "
            "Stop what uses it, such as `lessongen serve`, and copy into another one if you need it."
        )


def _copied(old: Session, new: Session) -> Copied:
    from lessongen.database.copying import copy as copy_rows

    again = shlex.join(["lessongen", "db", "copy", *(str(each.app.settings.database) for each in (old, new))])
    half = f"{new.app.settings.database} is half a copy, which no other command takes."
    try:
        with telling(new.output) as say:
            return copy_rows(old.app.store.side(), new.app.store.side(), say)
    except KeyboardInterrupt as error:
        raise Interrupted(half, hint=f"Begin anew: {again}") from error
    except DatabaseError:
        new.output.note(f"{new.app.settings.database} is taken by no other command until a copy is whole: {again}")
        raise


def _refuse_the_same(old: App, new: App) -> None:
    """Raise `UsageError` where both are one database, as far as their names tell."""
    one, other = old.settings.database, new.settings.database
    if isinstance(one, Path) and isinstance(other, Path):
        is_same = os.path.realpath(one) == os.path.realpath(other) or (
            other.exists() and one.exists() and one.samefile(other)
        )
    else:
        is_same = one == other
    if is_same:
        raise UsageError(f"{one} can't be copied into itself.", hint="Give two databases: FROM and TO.")


def _require_rest(app: App) -> None:
    """Raise `TryLater` where a worker is alive: what it did meanwhile would be in one of the two only."""
    peers = app.roster.alive() if app.has_database() else []
    if peers:
        database = app.settings.database
        whose = ", ".join(f"{peer.card.pid}" + (f" on {peer.card.host}" if peer.card.host else "") for peer in peers)
        raise TryLater(
            f"Workers of {database} are alive: {whose}. What they do while it is copied would be lost.",
            hint=f"Let them leave first: {shlex.join(['lessongen', 'worker', 'stop', '--db', str(database)])}",
        )


def _tell(new: Session, copied: Copied) -> None:
    output, tables = new.output, copied.tables
    rows = sum(table.rows for table in tables.values())
    named = ", ".join(f"{tables[name].rows:,} {name}" for name in _NAMED)
    output.line(f"Copied to {new.app.settings.database}: {named}; {rows:,} rows in all.")
    output.line(f"  Read back and compared: the hash of each of the {len(tables)} tables is the same on both sides.")
    if copied.changed_texts:
        output.line(
            f"  {copied.changed_texts:,} texts held a NUL, which PostgreSQL can't keep: U+FFFD stands in its place."
        )
    then = shlex.join(["lessongen", "config", "set", "database", str(new.app.settings.database)])
    output.line(f"  Use it from now on: {then}")
