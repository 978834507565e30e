"""`db`: a backup while workers run, a check of what the database holds, its space given back."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from lessongen.commands.session import Run
from lessongen.system.errors import ExitCode
from lessongen.system.files import given_path
from lessongen.system.terminal import Output, byte_words

if TYPE_CHECKING:
    from lessongen.database.sqlite.upkeep import Say

_SILENT_SECONDS = 1.0

BackupPath = Annotated[str, typer.Argument(metavar="PATH", help="The file to write.")]


def backup(
    *,
    path: BackupPath,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    run: Run,
) -> None:
    """Write a copy of the database, while workers may run.

    The copy is the database at one moment. It is checked before it takes its name.
    """
    target = given_path(path, "the backup").absolute()
    session = run.existing()
    store = session.app.file_store
    with telling(session.output) as say:
        size = store.upkeep.back_up(target, replace=force, say=say)
    if run.as_json:
        session.output.json({"path": str(target), "bytes": size})
        return
    session.output.line(f"Backed up to {target}: {byte_words(size)}, checked.")
    session.output.line(f"  Look into it: lessongen lessons --db {shlex.quote(str(target))}")


def check(run: Run) -> None:
    """Check that the database holds what it should.

    The file itself, each completed task with its version, versions without a gap, the texts that they stand on, the
    tally and the search index. Exit code 74 if something is wrong.
    """
    session = run.existing()
    store = session.app.file_store
    with telling(session.output) as say:
        flaws = store.upkeep.check(say)
    output = session.output
    if run.as_json:
        output.json({"ok": not flaws, "flaws": [asdict(flaw) for flaw in flaws]})
    elif not flaws:
        output.line(f"{store.path} is sound.")
    else:
        for remedy in dict.fromkeys(flaw.remedy for flaw in flaws):
            for flaw in flaws:
                if flaw.remedy == remedy:
                    output.line(f"{flaw.code}: {flaw.detail}")
            output.line(f"  {remedy}")
    if flaws:
        raise typer.Exit(int(ExitCode.DATABASE))


def vacuum(run: Run) -> None:
    """Give unused space back to the disk.

    Workers wait meanwhile. The tally and the search index are put in order too.
    """
    session = run.existing()
    store = session.app.file_store
    with telling(session.output) as say:
        space = store.upkeep.vacuum(say)
    won = max(0, space.bytes_before - space.bytes_after)
    if run.as_json:
        session.output.json({**asdict(space), "bytes_won": won})
        return
    session.output.line(f"{byte_words(won)} given back; the database takes {byte_words(space.bytes_after)}.")
    if not space.is_all:
        session.output.note("Others still read the old state; the rest is given back when they have gone.")


# ---------------------------------------------------------------- progress


@contextmanager
def telling(output: Output) -> Iterator[Say]:
    """Tells on stderr how far a long piece of work is: a bar on a terminal, lines elsewhere."""
    if output.shows_progress:
        with _bar(output) as say:
            yield say
    else:
        yield _lines(output)


def _lines(output: Output) -> Say:
    """Lines at some distance, and none while the work may yet be short."""
    silent_until = time.monotonic() + _SILENT_SECONDS

    def say(what: str, part: float | None) -> None:
        nonlocal silent_until
        if time.monotonic() >= silent_until:
            silent_until = time.monotonic() + _SILENT_SECONDS
            output.note(what if part is None else f"{what}: {part:.0%}")

    return say


@contextmanager
def _bar(output: Output) -> Iterator[Say]:
    from rich.progress import BarColumn, TimeElapsedColumn

    with output.progress(BarColumn(bar_width=20), TimeElapsedColumn()) as progress:
        bar = progress.add_task("", total=None)

        def say(what: str, part: float | None) -> None:
            progress.update(bar, description=what, total=None if part is None else 1.0, completed=part or 0.0)

        yield say
