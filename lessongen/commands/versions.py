"""`history`, `diff`, `cite`: a lesson's versions, and what they stand on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from lessongen.commands.naming import lesson_command, looks_like_version, named_lesson, named_version, named_with
from lessongen.commands.provenance import approvals, facts, print_facts
from lessongen.commands.session import OneVersion, Run, Session, Which
from lessongen.lesson.versions import Version, version_text
from lessongen.queue.json_views import locks_shown, named, version_row
from lessongen.system.errors import NotFound, UsageError
from lessongen.system.terminal import ago


def history(
    which: Which,
    run: Run,
) -> None:
    """List the versions of a lesson."""
    session = run.existing()
    lesson = named_lesson(session, which)
    versions = session.app.library.history(lesson)
    if run.as_json:
        session.output.json({**named(lesson.name), "versions": [version_row(each) for each in versions]})
        return
    now = session.app.clock.now()
    rows = [
        [each.text, ago(each.created_at, now), each.writer, _approvers(each), each.reason, each.task_id or ""]
        for each in versions
    ]
    heads = ["version", "when", "writer", "approved by", "reason", "task"]
    if not any(row[3] for row in rows):
        heads, rows = [*heads[:3], *heads[4:]], [[*row[:3], *row[4:]] for row in rows]
    session.output.table(heads, rows, narrow=(0, 1, 3))


def _approvers(version: Version) -> str:
    return ", ".join(each.reviewer for each in version.approvals)


def diff(
    *,
    old: Annotated[
        str | None,
        typer.Option("--from", metavar="VERSION", help="The older one; both may stand behind the topic too."),
    ] = None,
    new: Annotated[
        str | None,
        typer.Option("--to", metavar="VERSION", help="The newer one; the latest if none."),
    ] = None,
    which: Which,
    run: Run,
) -> None:
    """Show what changed between two versions of a lesson; the last two unless told otherwise."""
    from lessongen.generation.library import lesson_of
    from lessongen.lesson.difference import compare

    session = run.existing()
    newest, more = named_with(session, which, looks_like_version)
    if more:
        old, new = _behind_topic(more, given=old or new)
    lesson, library = newest.lesson, session.app.library
    newer = library.version(lesson, new)
    older = library.version(lesson, old if old is not None else _before(session, newer))
    difference = compare(lesson_of(older), lesson_of(newer))
    locked = library.locked(library.version(lesson))
    if run.as_json:
        answer = {**named(lesson.name), "from": older.text, "to": newer.text, **difference.as_json()}
        session.output.json({**answer, "locks": locks_shown(locked)})
        return
    from lessongen.exporters.terminal import render_difference

    session.output.line(f"{lesson.name.titled}: {older.text} → {newer.text}")
    render_difference(difference, session.output.console())
    if locked:
        session.output.line(f"Later versions keep {', '.join(part.name for part in locked)}.")


def _behind_topic(more: list[str], *, given: str | None) -> tuple[str, str | None]:
    """The older version and the newer one, of those that stand behind the topic."""
    if given is not None or len(more) > 2:
        raise UsageError("Name two versions to compare.", hint="As in: lessongen diff english verbs 1.0 1.2")
    return more[0], more[1] if len(more) == 2 else None


def _before(session: Session, version: Version) -> str:
    if version.number == 0:
        again = lesson_command(session, "create", version.lesson.name)
        raise NotFound(f"There is no version before {version.text} to compare it with.", hint=f"Write another: {again}")
    return version_text(version.number - 1)


def cite(
    *,
    version: OneVersion = None,
    which: Which,
    run: Run,
) -> None:
    """Show each claim beside the passage that bears it, with source, revision and licence, or the reasoning."""
    from lessongen.generation.library import approval_shown, lesson_of
    from lessongen.lesson.claims import cites

    session = run.existing()
    found = named_version(session, which, version)
    content = json.loads(found.content)
    claims = cites(lesson_of(found))
    if run.as_json:
        made = content["provenance"]
        told = [approval_shown(content, each) for each in found.approvals]
        answer = {**named(found.lesson.name), "version": found.text, "claims": claims, "provenance": made}
        session.output.json({**answer, "approvals": told})
        return
    for number, claim in enumerate(claims, start=1):
        _print_claim(session, number, claim)
    session.output.line()
    print_facts(session.output, [*facts(content, has_sources=False), *approvals(found)])


def _print_claim(session: Session, number: int, claim: Mapping[str, Any]) -> None:
    """A claim, where it stands, and under it each passage that bears it."""
    line = session.output.line
    line(f"{number}. {claim['claim']}", hang=3)
    role = "" if claim["role"] == "fact" else f"{claim['role']}, "
    by = f" by {claim['by']}" if claim["by"] else ""
    line(f"   {', '.join(claim['where'])}; {role}{claim['origin']}{by}", hang=3)
    for step in claim["reasoning"]:
        line(f"   · {step}", hang=5)
    for quote in claim["quotes"]:
        line(f"   > {quote['text']}", hang=5)
        section = f", “{quote['section']}”" if quote["section"] else ""
        facts = (quote["url"], quote["revision"], quote["licence"])
        line(f"     {quote['source']}{section}; {', '.join(fact for fact in facts if fact)}", hang=5)
