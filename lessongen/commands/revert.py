"""`revert`: go back to an older version, by a new one."""

from __future__ import annotations

from typing import Annotated

from lessongen.commands.naming import lesson_command, looks_like_version, named_with
from lessongen.commands.session import Run, Which, version_option
from lessongen.queue.json_views import named
from lessongen.system.errors import UsageError


def revert(
    *,
    version: Annotated[str | None, version_option("1.0, 1.1, …; it may stand behind the topic too.")] = None,
    which: Which,
    run: Run,
) -> None:
    """Go back to an older version of a lesson: its content becomes the newest version.

    Nothing is lost: the versions between stay, and one can go back to them too.
    """
    session = run.existing()
    newest, more = named_with(session, which, looks_like_version)
    given = [*([version] if version is not None else []), *more]
    if len(given) != 1:
        problem = "Say which version to go back to" if not given else "Name one version to go back to"
        history = lesson_command(session, "history", newest.lesson.name)
        raise UsageError(f"{problem}.", hint=f"{history} lists them.")
    library, output, name = session.app.library, session.output, newest.lesson.name
    old = library.version(newest.lesson, given[0])
    locked = {part.key for part in library.locked(newest)}
    stored = library.revert(old, session.app.clock.now())
    reverted = stored or newest
    kept = {part.key for part in library.locked(reverted)}
    if run.as_json:
        answer = {**named(name), "version": reverted.text, "reverted_to": old.text, "is_new": stored is not None}
        output.json({**answer, "locks_dropped": len(locked - kept)})
        return
    if stored is None:
        output.line(f"Version {newest.text} has the content of {old.text} already; nothing was saved.")
        return
    output.line(f"{name.titled}: version {stored.text} has the content of {old.text}.")
    if locked - kept:
        output.line(f"  It lacks {len(locked - kept)} of the locked parts: their locks are gone.")
    output.line(f"  What changed: {lesson_command(session, 'diff', name)}")
