"""`check`: the quality gate once more on what is stored, one lesson or all, and a report of their figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from lessongen.commands.naming import named_version
from lessongen.commands.progress import progress
from lessongen.commands.session import FIRST_LESSON, Edition, OneVersion, Run, Session, output_option, words_argument
from lessongen.generation.inspection import Inspected, count_of, inspect, stored
from lessongen.system.errors import ExitCode, UsageError
from lessongen.system.files import given_path, spare, write_whole
from lessongen.system.terminal import counted, quoted, to_json

_REPORTS = ("html", "json")
_STDOUT = "-"


def check(
    *,
    words: Annotated[
        list[str] | None,
        words_argument(
            "[SUBJECT TOPIC...|TASK]", "The lesson's subject and topic, or the task that made it; all lessons if none."
        ),
    ] = None,
    version: OneVersion = None,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as failures.")] = False,
    all_versions: Annotated[
        bool, typer.Option("--all-versions", help="Every version of all lessons, not the newest of each.")
    ] = False,
    report: Annotated[
        str | None,
        typer.Option("--report", metavar="|".join(_REPORTS), help="Write the figures of each lesson."),
    ] = None,
    output: Annotated[str | None, output_option("Write the report to this file, not to stdout.")] = None,
    edition: Edition,
    run: Run,
) -> None:
    """Run the quality gate on a stored lesson, or on all, against the kept texts of their sources.

    The exit code is 65 where one falls short; with --strict also where it only has a warning.
    """
    form = _form(report, as_json=run.as_json, output=output)
    _no_contradiction(words, version, all_versions, edition)
    session = run.existing(as_json=report == "json")
    target = None if output in (None, _STDOUT) else given_path(output or "", "the report")
    if words:
        chosen = named_version(session, edition.of(words), version)
        found = [inspect(chosen, session.app.library)]
    else:
        found = list(_all(session, all_versions=all_versions))
    failed = [each for each in found if each.falls_short(strict=strict)]
    _tell(session, found, form, target, is_one=bool(words), strict=strict)
    if failed:
        raise typer.Exit(int(ExitCode.DATA))


def _form(report: str | None, *, as_json: bool, output: str | None) -> str | None:
    if report is not None and report not in _REPORTS:
        raise UsageError(f"There is no report {quoted(report)}.", hint=f"Give one of {', '.join(_REPORTS)}.")
    if as_json and report == "html":
        raise UsageError("--json and --report html exclude each other.", hint="Give one of them.")
    if output is not None and report is None and not as_json:
        raise UsageError("--output needs a report to write.", hint="Add --report html, or --report json.")
    return "json" if as_json else report


def _no_contradiction(words: list[str] | None, version: str | None, all_versions: bool, edition: Edition) -> None:
    if words and all_versions:
        raise UsageError("--all-versions is for all lessons.", hint="Leave out the lesson, or give --version.")
    if not words and (version is not None or any((edition.language, edition.level, edition.variant))):
        raise UsageError("Say which lesson.", hint="Give its subject and topic, or leave these options out.")


def _all(session: Session, *, all_versions: bool) -> Iterator[Inspected]:
    """All that is stored, one after the other; says on stderr how far it is where a person watches."""
    library = session.app.library
    with progress(session.output, count_of(library, all_versions=all_versions)) as advance:
        for version in stored(library, all_versions=all_versions):
            yield inspect(version, library)
            advance(version.lesson.name.titled)


# ---------------------------------------------------------------- output


def _tell(
    session: Session, found: Sequence[Inspected], form: str | None, target: Path | None, *, is_one: bool, strict: bool
) -> None:
    if form is None:
        _print(session, found, is_one=is_one, strict=strict)
        return
    shape = found[0].as_json() if is_one else _shape(found, strict=strict)
    if form == "json" and target is None:
        session.output.json(shape)
        return
    data = (to_json(shape, indent=2) + "\n").encode() if form == "json" else _html(session, found, strict=strict)
    if target is None:
        session.output.raw(data.decode())
    else:
        spare(target, session.app.settings.database)
        write_whole(target, data)
        session.output.note(f"Written to {target}")
        _note_failures(session, found, strict=strict)


def _shape(found: Sequence[Inspected], *, strict: bool) -> dict[str, Any]:
    failed = sum(each.falls_short(strict=strict) for each in found)
    return {
        "passed": not failed,
        "strict": strict,
        "checked": len(found),
        "failed": failed,
        "lessons": [each.as_json() for each in found],
    }


def _html(session: Session, found: Sequence[Inspected], *, strict: bool) -> bytes:
    from lessongen.exporters.report import export_report

    return export_report(_shape(found, strict=strict), session.app.clock.now())


def _print(session: Session, found: Sequence[Inspected], *, is_one: bool, strict: bool) -> None:
    line = session.output.line
    for each in found:
        if is_one or each.problems or each.warnings:
            line(f"{_named(each)} {_verdict(each)}")
            _print_problems(session, each)
    if not is_one and not found:
        line("There are no lessons.")
        line(f"  Ask for one: {session.app.command(*FIRST_LESSON)}")
    elif not is_one:
        line(_summary(found, strict=strict))


def _named(each: Inspected) -> str:
    return f"{each.name.titled} {each.version}"


def _verdict(each: Inspected) -> str:
    warned = f"; {counted(len(each.warnings), 'warning')}" if each.warnings else ""
    if each.passed:
        return f"passes {each.rules} rules{warned}."
    return f"has {counted(len(each.problems), 'problem')} by {each.rules} rules{warned}."


def _print_problems(session: Session, each: Inspected) -> None:
    for problem in each.problems:
        session.output.line(f"  {problem.rule} at {problem.where}: {problem.message}")
    for warning in each.warnings:
        session.output.line(f"  warning {warning.rule} at {warning.where}: {warning.message}")


def _summary(found: Sequence[Inspected], *, strict: bool) -> str:
    failed = sum(each.falls_short(strict=strict) for each in found)
    warned = sum(bool(each.warnings) for each in found)
    verdict = "all pass" if not failed else f"{failed} fall short" if failed > 1 else "1 falls short"
    # Several versions of one lesson are no lessons.
    noun = "lesson" if len({each.name.key for each in found}) == len(found) else "version"
    told = f"; {counted(warned, noun)} with a warning" if warned and not strict else ""
    return f"{counted(len(found), noun)} checked: {verdict}{told}."


def _note_failures(session: Session, found: Sequence[Inspected], *, strict: bool) -> None:
    """Which fall short, beside a report that goes to a file."""
    for each in found:
        if each.falls_short(strict=strict):
            session.output.note(f"{_named(each)} {_verdict(each)}")
    session.output.note(_summary(found, strict=strict))
