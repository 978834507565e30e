"""`approve`: a reviewer's name under one version of a lesson, with a note and marks on single questions."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Annotated, cast

import typer

from lessongen.commands.edit import signer
from lessongen.commands.naming import lesson_command, named_with
from lessongen.commands.provenance import approvals, print_facts
from lessongen.commands.session import OneVersion, Run, Session, Which
from lessongen.generation.library import lesson_of
from lessongen.lesson.parts import part_named
from lessongen.lesson.versions import Approval, Mark, Verdict, Version
from lessongen.queue.json_views import named
from lessongen.system.errors import NotFound, UsageError
from lessongen.system.names import require_text
from lessongen.system.terminal import quoted

_MARK = re.compile(r"\s*(?P<question>[^=\s]+)\s*=\s*(?P<verdict>ok|reject)\s*(?:[:,]?\s+(?P<note>.*))?", re.DOTALL)
_LONGEST_NOTE = 2_000


def approve(
    *,
    reviewer: Annotated[
        str | None,
        typer.Option("--by", "--reviewer", metavar="NAME", help="Who approves it; your user name if none."),
    ] = None,
    note: Annotated[str, typer.Option(metavar="TEXT", help="What there is to say of it.")] = "",
    mark: Annotated[
        list[str] | None,
        typer.Option(
            metavar="q3=ok|reject",
            help='What you say of one question, with a reason behind it: "q3=reject two answers fit".',
        ),
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take your approval back.")] = False,
    version: OneVersion = None,
    which: Which,
    run: Run,
) -> None:
    """Mark a version of a lesson as reviewed, with your name.

    It holds for this version alone: a later one is not approved. To approve again replaces what you said before.
    """
    session = run.existing()
    marks = list(mark or ())
    newest, reasons = named_with(session, which, lambda _: bool(marks))
    found = session.app.library.version(newest.lesson, version)
    name = signer(session, reviewer, "--by")
    if withdraw:
        if note or marks:
            raise UsageError("--withdraw takes an approval back whole.", hint="Leave out --note and --mark.")
        _withdraw(session, found, name)
        return
    if note:
        require_text("note", note, longest=_LONGEST_NOTE)
    approval = Approval(
        reviewer=name,
        note=note.strip(),
        marks=tuple(_marks(found, _with_reasons(marks, reasons))),
        created_at=session.app.clock.now(),
    )
    _tell(session, session.app.library.approve(found, approval), done="Approved")


def _with_reasons(marks: Sequence[str], reasons: Sequence[str]) -> list[str]:
    """The marks, each with its reason where these stand apart: `--mark q3=reject "why"`."""
    bare = [at for at, text in enumerate(marks) if (found := _MARK.fullmatch(text)) and not found["note"]]
    if len(reasons) > len(bare):
        raise UsageError(
            f"{quoted(reasons[-1])} belongs to no mark.", hint='Give a reason with its mark: --mark "q3=reject why".'
        )
    told = list(marks)
    for at, reason in zip(bare, reasons, strict=False):
        told[at] = f"{marks[at]} {reason}"
    return told


def _marks(version: Version, texts: Sequence[str]) -> list[Mark]:
    """The marks on questions of the version. Raises `UsageError`, `NotFound`."""
    lesson = lesson_of(version)
    found: dict[str, Mark] = {}
    for text in texts:
        read = _MARK.fullmatch(text)
        if read is None:
            raise UsageError(f"A mark can't be {quoted(text)}.", hint='As in: --mark q3=ok, --mark "q4=reject why".')
        part = part_named(lesson, read["question"])
        if not part.is_question:
            raise UsageError(f"A mark is on a question, not on {part.name}.", hint="As in: --mark q3=ok")
        if part.id in found:
            raise UsageError(f"{part.name} is marked twice.", hint="Mark it once.")
        reason = (read["note"] or "").strip()
        if reason:
            require_text("reason", reason, longest=_LONGEST_NOTE)
        found[part.id] = Mark(question=part.id, verdict=cast(Verdict, read["verdict"]), note=reason)
    return list(found.values())


def _withdraw(session: Session, version: Version, reviewer: str) -> None:
    library = session.app.library
    if not library.withdraw(version, reviewer):
        others = ", ".join(each.reviewer for each in version.approvals)
        hint = f"Approved by {others}: name whose to take back with --by." if others else "Nobody has approved it."
        raise NotFound(f"{reviewer} has not approved version {version.text}.", hint=hint)
    _tell(session, library.version(version.lesson, version.text), done="Withdrawn")


def _tell(session: Session, version: Version, *, done: str) -> None:
    from lessongen.generation.library import approval_shown

    output, name = session.output, version.lesson.name
    content = json.loads(version.content)
    told = [approval_shown(content, each) for each in version.approvals]
    if output.as_json:
        output.json({**named(name), "version": version.text, "approvals": told})
        return
    output.line(f"{done}: {name.titled}, version {version.text}.")
    print_facts(output, approvals(version))
    rejected = [mark["question"] for each in told for mark in each["marks"] if mark["verdict"] == "reject"]
    if rejected and version.number == version.lesson.newest:
        anew = lesson_command(session, "regenerate", name, "--section", rejected[0])
        output.line(f"  Make a rejected question anew: {anew}")
