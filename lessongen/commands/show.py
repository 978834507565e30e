"""`show`: a lesson on the terminal, or as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lessongen.commands import completion
from lessongen.commands.naming import named_version
from lessongen.commands.provenance import approvals, facts, print_facts
from lessongen.commands.session import OneVersion, Run, Session, Which, output_option
from lessongen.exporters import known_formats, not_installed, told
from lessongen.lesson.versions import Version
from lessongen.system.errors import CannotWrite, UsageError
from lessongen.system.files import given_path, holds_other, make_folder, spare, write_whole
from lessongen.system.terminal import quoted

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience

_FORMATS = known_formats()
_ON_TERMINAL, _PLAIN, _IN_BROWSER = "rich", "md", "html"
_NOTES = [
    ", ".join((_ON_TERMINAL, *_FORMATS)),
    f"{_ON_TERMINAL} on a terminal, else {_PLAIN}",
    *(each.about for each in _FORMATS.values() if each.about),
    *not_installed(_FORMATS.values()),
]
_STDOUT = "-"


def show(
    *,
    version: OneVersion = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="; ".join(_NOTES) + ".",
            autocompletion=completion.formats_shown,
        ),
    ] = None,
    student: Annotated[bool, typer.Option("--student/--teacher", help="Without the answers, or with them.")] = False,
    output: Annotated[str | None, output_option("Write to this file; - is standard output.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    which: Which,
    run: Run,
) -> None:
    """Show a lesson, or write it to a file.

    With --output the format follows the file's name unless --format says otherwise. A format that is no text goes to a
    file here that is named after subject and topic. A file that is there and differs is left alone unless --force is
    given. What a format can't carry is said.
    """
    session = run.existing(as_json=form == "json")
    audience: Audience = "student" if student else "teacher"
    chosen = _format(form, audience, as_json=run.as_json, output=output, open_it=open_it)
    to_file = output not in (None, _STDOUT)
    target = given_path(output or "", "the output") if to_file else None
    found = named_version(session, which, version)
    if output is None and not open_it and (made := _FORMATS.get(chosen or "")) and made.is_binary:
        target, to_file = Path(f"{made.stem(found.lesson.name, audience)}.{made.ending}"), True
    if target is None and not open_it:
        _print(session, found, chosen, audience)
        return
    if target is None:
        ending = _FORMATS[chosen or _IN_BROWSER].ending
        target = session.app.settings.cache_folder / f"lesson-{found.lesson.id}-{found.text}.{ending}"
        make_folder(target.parent, private=True, hint="Give --output PATH.")
    spare(target, session.app.settings.database)
    data = _bytes(session, found, chosen or _IN_BROWSER, audience)
    if to_file and not force and holds_other(target, data):
        raise CannotWrite(
            f"{target} is there already, with other content.",
            hint="Choose another file with --output, or replace it with --force.",
        )
    write_whole(target, data, private=not to_file)
    session.output.note(f"Written to {target}")
    if open_it:
        typer.launch(target.absolute().as_uri())


def _format(form: str | None, audience: Audience, *, as_json: bool, output: str | None, open_it: bool) -> str | None:
    """The format asked for, or that the file's name or a browser asks for; None to let the terminal decide."""
    if form not in (None, _ON_TERMINAL, *_FORMATS):
        given = ", ".join((_ON_TERMINAL, *map(told, _FORMATS.values())))
        raise UsageError(f"There is no format {quoted(form or '')}.", hint=f"Give one of {given}.")
    chosen = _chosen(form, as_json=as_json, output=output, open_it=open_it)
    made = _FORMATS.get(chosen or "")
    if made is not None:
        made.require(audience)
    if output == _STDOUT and made is not None and made.is_binary:
        raise _no_text(made.name)
    return chosen


def _chosen(form: str | None, *, as_json: bool, output: str | None, open_it: bool) -> str | None:
    if as_json and form not in (None, "json"):
        raise UsageError(f"--json and --format {form} exclude each other.", hint="Give one of them.")
    to_file = output is not None or open_it
    if to_file and form == _ON_TERMINAL:
        hint = f"Give --format {_alternatives(_FORMATS)}."
        raise UsageError(f"The format {_ON_TERMINAL} is for a terminal.", hint=hint)
    if output == _STDOUT and open_it:
        raise UsageError("--open needs a file.", hint="Leave out --output, or give it a path.")
    if form is not None or as_json:
        return form or "json"
    if output is None:
        return _IN_BROWSER if open_it else None
    if output == _STDOUT:
        return _PLAIN
    return _format_of(output)


def _format_of(path: str) -> str:
    """The format that a file's name asks for. Raises `UsageError` for a name that asks for another one."""
    suffix = Path(path).suffix[1:].lower()
    if not suffix:
        return _PLAIN
    asked = next((each.name for each in _FORMATS.values() if suffix in each.asked_by), None)
    if asked is None:
        named = [each for each in _FORMATS.values() if each.asked_by]
        raise UsageError(
            f"No format is known for a file that ends in {quoted('.' + suffix)}.",
            hint=f"Name it {_alternatives(f'.{each.ending}' for each in named)}; "
            f"or say what to write into it: --format {_alternatives(each.name for each in named)}.",
        )
    return asked


def _alternatives(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _print(session: Session, version: Version, form: str | None, audience: Audience) -> None:
    output = session.output
    form = form or (_ON_TERMINAL if output.is_terminal else _PLAIN)
    if form == "json":
        output.json(_shown(version, audience))
    elif form == _ON_TERMINAL:
        from lessongen.exporters.terminal import render
        from lessongen.generation.library import lesson_shown

        render(lesson_shown(version), _about(version), audience, output.console())
        if audience == "teacher":
            output.line()
            print_facts(output, [*facts(json.loads(version.content), has_sources=False), *approvals(version)])
    else:
        try:
            output.raw(_bytes(session, version, form, audience).decode())
        except UnicodeDecodeError as error:
            raise _no_text(form) from error


def _no_text(form: str) -> UsageError:
    return UsageError(f"The format {form} is no text.", hint="Write it to a file: --output PATH.")


def _bytes(session: Session, version: Version, form: str, audience: Audience) -> bytes:
    from lessongen.generation.library import shown_in_part

    lesson, lost = shown_in_part(version)
    image = session.app.library.image(version, lesson)
    paper = session.app.settings.printed_on
    exported = _FORMATS[form].write(lesson, audience=audience, about=_about(version), image=image, paper=paper)
    for loss in (*lost, *exported.losses):
        session.output.note(loss)
    return exported.data


def _shown(version: Version, audience: Audience) -> dict[str, Any]:
    from lessongen.generation.library import shown

    return shown(version, audience)


def _about(version: Version) -> dict[str, Any]:
    metadata: dict[str, Any] = _shown(version, "teacher")["metadata"]
    return metadata
