"""`export`: lessons as files in a folder: one lesson, a subject, a batch or all."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lessongen.commands import completion
from lessongen.commands.naming import named_version
from lessongen.commands.session import Edition, Run, Session, version_option, words_argument
from lessongen.exporters import Exported, Format, known_formats, not_installed, told
from lessongen.lesson.task import Status
from lessongen.lesson.versions import Version, comparable
from lessongen.queue.json_views import named
from lessongen.system.errors import CannotWrite, DataError, ExitCode, NotFound, UsageError
from lessongen.system.filenames import unlike
from lessongen.system.files import given_path, holds_other, make_folder, write_whole
from lessongen.system.terminal import counted, quoted

if TYPE_CHECKING:
    from lessongen.generation.library import Library
    from lessongen.lesson.material import Audience
    from lessongen.system.paper import Paper

_ALL = 1_000_000
_DEFAULT = "html"


@dataclass(frozen=True, kw_only=True)
class _File:
    """A file to be written."""

    path: Path
    made: Exported
    form: str
    version: Version


def export(
    *,
    words: Annotated[
        list[str] | None,
        words_argument("[SUBJECT [TOPIC...]|TASK]", "A lesson, or all lessons of a subject."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All lessons.")] = False,
    batch: Annotated[
        str | None,
        typer.Option("--batch", metavar="BATCH", help="The lessons that a batch made."),
    ] = None,
    forms: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="; ".join(
                (
                    f"{', '.join(known_formats())}",
                    f"{_DEFAULT} if none; may be repeated",
                    *not_installed(known_formats().values()),
                )
            )
            + ".",
            autocompletion=completion.formats,
        ),
    ] = None,
    folder: Annotated[
        str, typer.Option("--into", "-o", metavar="FOLDER", help="Where to; made if it is not there.")
    ] = ".",
    student: Annotated[bool, typer.Option("--student/--teacher", help="Without the answers, or with them.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    version: Annotated[str | None, version_option("Of one lesson: 1.0, 1.1, …; the latest if none.")] = None,
    edition: Edition,
    run: Run,
) -> None:
    """Write lessons to files in a folder, one a lesson and format, named after subject and topic.

    A file that is there and differs is left alone, and nothing is written at all, unless --force is given. A lesson
    that can't be read is left out and named. Each file names its sources and their licences.
    """
    audience: Audience = "student" if student else "teacher"
    chosen = _formats(forms or [_DEFAULT], audience)
    _require_one_choice(words, everything, batch)
    target = given_path(folder, "the folder")
    session = run.existing()
    versions = list(_versions(session, words, batch=batch, version=version, edition=edition))
    if not versions:
        raise NotFound("There is no such lesson to export.", hint="`lessongen lessons` lists those there are.")
    files, left_out = _files(session.app.library, versions, chosen, audience, target, session.app.settings.printed_on)
    new = _to_write(files, force=force)
    make_folder(target, hint="Choose another.")
    for each in new:
        write_whole(each.path, each.made.data)
    _tell(session, target, files, new, left_out)
    if left_out and not files:
        raise typer.Exit(int(ExitCode.DATA))


def _formats(names: Sequence[str], audience: Audience) -> list[Format]:
    known = known_formats()
    for name in names:
        if name not in known:
            given = ", ".join(map(told, known.values()))
            raise UsageError(f"There is no format {quoted(name)}.", hint=f"Give one of {given}.")
        known[name].require(audience)
    return [known[name] for name in dict.fromkeys(names)]


def _require_one_choice(words: Sequence[str] | None, everything: bool, batch: str | None) -> None:
    if sum((bool(words), everything, batch is not None)) != 1:
        raise UsageError(
            "Say what to export.", hint="Give SUBJECT TOPIC, a SUBJECT, --batch BATCH, or --all: one of them."
        )


# ---------------------------------------------------------------- which lessons


def _versions(
    session: Session,
    words: Sequence[str] | None,
    *,
    batch: str | None,
    version: str | None,
    edition: Edition,
) -> Iterator[Version]:
    library = session.app.library
    if batch is not None:
        yield from _of_batch(session, batch)
    elif words and not (len(words) == 1 and _is_subject(session, words[0])):
        yield named_version(session, edition.of(words), version)
    else:
        wanted = {part: comparable(value) for part, value in vars(edition).items() if value is not None}
        wanted |= {"subject": comparable(words[0])} if words else {}
        for lesson in library.all(_ALL):
            if all(comparable(getattr(lesson.name, part)) == value for part, value in wanted.items()):
                yield library.version(lesson)


def _is_subject(session: Session, word: str) -> bool:
    return comparable(word) in {comparable(subject) for subject in session.app.library.subjects()}


def _of_batch(session: Session, text: str) -> Iterator[Version]:
    found = session.app.batches.find(text)
    made = session.app.store.batches.task_ids(found.batch_id, (Status.COMPLETED,))
    if not made:
        raise NotFound(
            "This batch has no lesson, or its tasks are past their retention.",
            hint="`lessongen lessons` lists the lessons; export them by subject.",
        )
    for task_id in made:
        version = session.app.library.version_of_task(task_id)
        if version is not None:
            yield version


# ---------------------------------------------------------------- which files


def _files(
    library: Library,
    versions: Iterable[Version],
    forms: Sequence[Format],
    audience: Audience,
    folder: Path,
    paper: Paper,
) -> tuple[list[_File], list[tuple[Version, str]]]:
    """The files, and the versions that can't be read with why."""
    from lessongen.generation.library import lesson_shown, shown

    files: list[_File] = []
    left_out: list[tuple[Version, str]] = []
    taken: set[str] = set()
    for version in versions:
        try:
            lesson = lesson_shown(version)
        except DataError as error:
            left_out.append((version, error.message))
            continue
        about, image = shown(version, "teacher")["metadata"], library.image(version, lesson)
        for form in forms:
            name = unlike(form.stem(version.lesson.name, audience), f".{form.ending}", taken)
            taken.add(name.casefold())
            made = form.write(lesson, audience=audience, about=about, image=image, paper=paper)
            files.append(_File(path=folder / name, made=made, form=form.name, version=version))
    return files, left_out


def _to_write(files: Sequence[_File], *, force: bool) -> list[_File]:
    """Those that are not there as they would be written. Raises `CannotWrite` where one is there and differs."""
    for each in files:
        if each.path.exists() and not each.path.is_file():
            raise CannotWrite(f"{each.path} is there already, and no file.", hint="Choose another folder with --into.")
        if not force and holds_other(each.path, each.made.data):
            raise CannotWrite(
                f"{each.path} is there already, with other content; nothing was written.",
                hint="Choose another folder with --into, or replace what is there with --force.",
            )
    return [each for each in files if not each.path.is_file() or holds_other(each.path, each.made.data)]


# ---------------------------------------------------------------- output


def _tell(
    session: Session,
    folder: Path,
    files: Sequence[_File],
    new: Sequence[_File],
    left_out: Sequence[tuple[Version, str]],
) -> None:
    if session.output.as_json:
        session.output.json(_shape(folder, files, new, left_out))
        return
    for each in files:
        session.output.line(f"{each.path}" + ("" if each in new else " (there already)"))
        for loss in each.made.losses:
            session.output.note(f"{each.path.name}: {loss}")
    for version, why in left_out:
        session.output.note(f"Left out {version.lesson.name.titled}: {why}")
    session.output.note(f"{counted(len(new), 'file')} written to {folder}.")


def _shape(
    folder: Path, files: Sequence[_File], new: Sequence[_File], left_out: Sequence[tuple[Version, str]]
) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "files": [
            {
                "file": str(each.path),
                "format": each.form,
                "written": each in new,
                "losses": list(each.made.losses),
                **named(each.version.lesson.name),
                "version": each.version.text,
            }
            for each in files
        ],
        "left_out": [{**dataclasses.asdict(version.lesson.name), "reason": why} for version, why in left_out],
    }
