"""`lock` and `unlock`: which parts of a lesson later versions keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from lessongen.commands import completion
from lessongen.commands.naming import lesson_command, named_with
from lessongen.commands.session import Run, Session, Which
from lessongen.generation.library import lesson_of
from lessongen.lesson.parts import Part, is_name, part_named
from lessongen.lesson.versions import Version
from lessongen.queue.json_views import locks_shown, named
from lessongen.system.errors import NotFound, UsageError

Sections = Annotated[
    list[str] | None,
    typer.Option(
        "--section",
        "--part",
        metavar="PART",
        help="title, summary, key-terms, s2, quiz, q3, …; may be given several times, or behind the topic.",
        autocompletion=completion.parts,
    ),
]


def lock(
    *,
    section: Sections = None,
    which: Which,
    run: Run,
) -> None:
    """Keep a part of a lesson in all later versions, whatever writes them.

    A section is kept with the questions that it asks. Without a part, what is locked is listed.
    """
    session = run.existing()
    newest, parts = named_parts(session, which, section)
    library, settings = session.app.library, session.app.settings
    library.lock(newest.lesson, parts, user=settings.user, now=session.app.clock.now())
    _tell(session, newest, parts, done="Locked")


def unlock(
    *,
    section: Sections = None,
    everything: Annotated[bool, typer.Option("--all", help="Unlock every part.")] = False,
    which: Which,
    run: Run,
) -> None:
    """Let later versions have a part of a lesson anew."""
    session = run.existing()
    newest, parts = named_parts(session, which, section)
    library = session.app.library
    locked = library.locked(newest)
    if everything:
        parts = locked
        library.unlock(newest.lesson)
    elif not parts:
        told = ", ".join(part.name for part in locked) or "no part"
        raise UsageError(f"Say which part to unlock; {told} of it is locked.", hint="Give --section PART, or --all.")
    else:
        open_already = [part.name for part in parts if part not in locked]
        if open_already:
            there_is = f"Locked are: {', '.join(part.name for part in locked)}." if locked else "No part of it is."
            raise NotFound(f"Not locked: {', '.join(open_already)}.", hint=there_is)
        library.unlock(newest.lesson, [part.key for part in parts])
    _tell(session, newest, parts, done="Unlocked")


def named_parts(session: Session, which: Which, section: Sequence[str] | None) -> tuple[Version, list[Part]]:
    """The newest version of the lesson that is meant, and the parts of it: from the option or behind the topic."""
    newest, more = named_with(session, which, is_name)
    lesson = lesson_of(newest)
    return newest, list(dict.fromkeys(part_named(lesson, text) for text in (*(section or ()), *more)))


def _tell(session: Session, newest: Version, changed: Sequence[Part], *, done: str) -> None:
    """What was locked or unlocked, and what is locked now."""
    output, name = session.output, newest.lesson.name
    locked = session.app.library.locked(newest)
    if output.as_json:
        told = [part.name for part in changed]
        output.json({**named(name), "version": newest.text, done.lower(): told, "locks": locks_shown(locked)})
        return
    for part in changed:
        output.line(f"{done} {part.name}: {part.title}.")
    if not changed:
        output.line(f"{name.titled}: {len(locked) or 'no'} locked part{'' if len(locked) == 1 else 's'}")
        for part in locked:
            output.line(f"  {part.name}: {part.title}")
    if not locked:
        again = lesson_command(session, "lock", name, "--section", "s2")
        output.line(f"  Later versions keep nothing of it. Keep a part: {again}")
    else:
        again = lesson_command(session, "create", name)
        output.line(f"  Later versions keep {', '.join(part.name for part in locked)}: {again}")
