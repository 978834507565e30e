"""`edit`: a lesson as Markdown in an editor, and back as a new version."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lessongen.commands.naming import lesson_command, newest_version
from lessongen.commands.session import Run, Session, Which, output_option
from lessongen.lesson.versions import Version, version_number
from lessongen.queue.json_views import named
from lessongen.system.errors import CannotWrite, DataError, NotFound, UsageError
from lessongen.system.files import NoFile, given_path, make_folder, open_input, write_whole
from lessongen.system.privacy import close_to_others, users_umask
from lessongen.system.terminal import byte_words, counted, quoted

if TYPE_CHECKING:
    from lessongen.generation.editable.change import Change
    from lessongen.generation.editable.read import Mistake

_STDIO = "-"
_MISTAKES_SHOWN = 20
_MOST_BYTES = 2_000_000


def edit(
    *,
    file: Annotated[
        str | None,
        typer.Option("--file", metavar="PATH", help="Take this edited file, and open no editor; - is standard input."),
    ] = None,
    output: Annotated[
        str | None, output_option("Write the Markdown there and open no editor; - is standard output.")
    ] = None,
    author: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who signs what is changed; your user name if none."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Take the file though there is a newer version than it was made from.")
    ] = False,
    which: Which,
    run: Run,
) -> None:
    """Change a lesson by hand, as Markdown in your editor ($VISUAL or $EDITOR).

    What you change or add bears your name, and needs no quote; what you leave keeps its quotes. The quality gate must
    pass; if it does not, the file is kept, and can be taken again with --file.
    """
    session = run.existing()
    newest = newest_version(session, which)
    if file is not None and output is not None:
        raise UsageError("--file and --output exclude each other.", hint="Give one of them.")
    if output is not None:
        _write_out(session, newest, output)
        return
    name = signer(session, author, "--author")
    path = _edited(session, newest) if file is None else None if file == _STDIO else given_path(file, "the edited file")
    text = _read_stdin() if path is None else _text_of(path, takes_pipes=file is not None)
    _save(session, newest, text, name, path, force=force)
    if file is None and path is not None:
        path.unlink(missing_ok=True)


class Refused(DataError):
    """An edited lesson that can't be saved as it is."""

    def __init__(self, message: str, mistakes: Sequence[Mistake], *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self._mistakes = mistakes

    def as_json(self) -> dict[str, Any]:
        """The error, with `problems`: `[{"line", "message", "hint"}]`."""
        told = [{"line": each.line, "message": each.message, "hint": each.remedy} for each in self._mistakes]
        return {**super().as_json(), "problems": told}


# ---------------------------------------------------------------- out


def _markdown(version: Version) -> str:
    from lessongen.generation.editable.render import as_markdown
    from lessongen.generation.library import lesson_of

    return as_markdown(lesson_of(version), version.text)


def _write_out(session: Session, newest: Version, output: str) -> None:
    text = _markdown(newest)
    if output == _STDIO:
        session.output.raw(text)
        return
    target = given_path(output, "the output")
    write_whole(target, text.encode())
    name = newest.lesson.name
    take = lesson_command(session, "edit", name, "--file", str(target))
    if session.output.as_json:
        session.output.json({**named(name), "version": newest.text, "path": str(target), "next": take})
    else:
        session.output.line(f"Written to {target}")
        session.output.line(f"  When you have changed it: {take}")


def _edited(session: Session, newest: Version) -> Path:
    """The file as the editor left it. Raises `UsageError` where there is no editor, or it did not end well."""
    environment = session.output.environment
    editor = (environment.get("VISUAL") or environment.get("EDITOR") or "").strip()
    name = newest.lesson.name
    if not editor:
        apart = lesson_command(session, "edit", name, "--output", "lesson.md")
        raise UsageError("No editor is set.", hint=f"Set VISUAL or EDITOR; or edit it as a file: {apart}")
    folder = session.app.settings.cache_folder / "edits"
    make_folder(folder, private=True, hint="Give --output PATH.")
    path, before = _new_file(folder, f"lesson-{newest.lesson.id}-{newest.text}-"), _markdown(newest).encode()
    write_whole(path, before, private=True)
    command = shlex.split(editor)
    # To a terminal of its own where standard output is a pipe: the answer must stay clean.
    output = None if sys.stdout.isatty() else 2
    try:
        code = subprocess.run([*command, str(path)], check=False, stdout=output, umask=users_umask()).returncode  # noqa: S603 - the person's own editor
    except OSError as error:
        path.unlink(missing_ok=True)
        raise UsageError(
            f"The editor {quoted(command[0])} can't be started: {error.strerror}.", hint="Set VISUAL or EDITOR."
        ) from error
    except KeyboardInterrupt:
        if _is_still(path, before):  # what the person has changed is kept
            path.unlink(missing_ok=True)
        raise
    finally:
        close_to_others(path)
    if code != 0:
        take = lesson_command(session, "edit", name, "--file", str(path))
        raise UsageError(f"The editor ended with {code}; nothing was saved.", hint=f"To take the file: {take}")
    return path


def _new_file(folder: Path, prefix: str) -> Path:
    """An empty file whose name nobody has: an earlier one may be kept with what a person has changed."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=prefix, suffix=".md", dir=folder)
    except OSError as error:
        raise CannotWrite(f"{folder} can't be written: {error.strerror}.", hint="Give --output PATH.") from error
    os.close(descriptor)
    return Path(name)


def _is_still(path: Path, data: bytes) -> bool:
    try:
        with open_input(path) as file:
            return file.read(len(data) + 1) == data
    except OSError:
        return False


# ---------------------------------------------------------------- back


def _read_stdin() -> str:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise UsageError("Standard input is closed.", hint="Pipe the edited file into it.")
    return _decoded(stream.read(_MOST_BYTES + 1), "Standard input")


def _text_of(path: Path, *, takes_pipes: bool) -> str:
    try:
        with open_input(path, takes_pipes=takes_pipes) as file:
            return _decoded(file.read(_MOST_BYTES + 1), str(path))
    except NoFile as error:
        if not takes_pipes and not path.is_dir():  # an editor has left it, and there is no work in it
            path.unlink(missing_ok=True)
        raise DataError(
            f"{path} can't be read: {error.strerror}.", hint="Save the lesson as a file; - is standard input."
        ) from error
    except OSError as error:
        raise NotFound(f"{path} can't be read: {error.strerror}.", hint="Check the path.") from error


def _decoded(data: bytes, what: str) -> str:
    if len(data) > _MOST_BYTES:
        raise DataError(f"{what} is longer than {byte_words(_MOST_BYTES)}.", hint="A lesson is far shorter.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{what} is not text in UTF-8.", hint="Save it as UTF-8.") from error
    if "\0" in text:
        raise DataError(f"{what} holds a NUL character: it is no text.", hint="Save it as plain text in UTF-8.")
    return text


def signer(session: Session, given: str | None, option: str) -> str:
    """Whose name stands under it: the one given with the option, or else the user's."""
    import getpass

    from lessongen.system.names import require_name

    if given is None:
        try:
            given = session.app.settings.user or getpass.getuser()
        except (OSError, KeyError) as error:
            raise UsageError("Whose name to sign with is not known.", hint=f"Give {option} NAME.") from error
    require_name("name", given)
    return given


def _save(session: Session, newest: Version, text: str, author: str, path: Path | None, *, force: bool) -> None:
    """Store what the author made of the lesson; or say that nothing was changed, or what is wrong and where."""
    from lessongen.generation.editable.change import Change
    from lessongen.generation.library import lesson_of

    library = session.app.library
    base = _made_from(session, newest, text, path, force=force)
    change = Change(lesson_of(base).model_dump(mode="json"), library.texts(base), text, author)
    if change.mistakes:
        raise _refused(session, newest, change, path)
    if change.draft is None:
        _say(session, newest, base, author, change, is_new=False)
    else:
        content, texts = change.draft.lesson.model_dump_json(), change.draft.texts
        stored = library.change(newest, content, texts, f"edited by {author}", session.app.clock.now())
        _say(session, stored, base, author, change, is_new=True)


def _made_from(session: Session, newest: Version, text: str, path: Path | None, *, force: bool) -> Version:
    """The version that an edited file was made from. Raises `DataError` where that is not the newest one."""
    from lessongen.generation.editable.read import version_of

    if not text.strip():
        raise DataError("The edited file is empty; nothing was saved.", hint=_again(session, newest, path))
    made_from = version_of(text)
    if made_from in (None, newest.text):
        return newest
    if version_number(made_from or "") is None:
        raise DataError("The first line names no version.", hint="Put back “<!-- version 1.0 -->”.")
    if not force:
        raise DataError(
            f"The file was made from version {made_from}, and there is {newest.text} by now.",
            hint=_stale(session, newest, made_from or "", path),
        )
    return session.app.library.version(newest.lesson, made_from)


def _say(session: Session, version: Version, base: Version, author: str, change: Change, *, is_new: bool) -> None:
    output, name, signed = session.output, version.lesson.name, len(change.signed)
    if output.as_json:
        told = {"version": version.text, "is_new": is_new, "author": author}
        output.json({**named(name), **told, "signed": signed, "to_check": change.to_check})
    elif not is_new:
        output.line(f"Nothing was changed in version {base.text}; nothing was saved.")
    else:
        output.line(f"{name.titled}: version {version.text}, edited by {author}.")
        output.line(
            f"  {counted(signed, 'text')} of it bear that name now."
            if signed != 1
            else "  One text bears that name now."
        )
        for question in change.to_check:
            output.note(f"Question {question} asks something else now, and its answer is as it was: is it still right?")
        output.line(f"  What changed: {lesson_command(session, 'diff', name)}")


def _refused(session: Session, newest: Version, change: Change, path: Path | None) -> DataError:
    """What is wrong with an edited file, line by line, and where the file is."""
    mistakes = sorted(change.mistakes, key=lambda each: each.line)
    told = [f"line {each.line}: {each.message}. {each.remedy}" for each in mistakes[:_MISTAKES_SHOWN]]
    more = len(mistakes) - len(told)
    told += [f"and {more} more"] if more > 0 else []
    return Refused(
        f"The edited lesson can't be saved: {counted(len(mistakes), 'mistake')}.\n  " + "\n  ".join(told),
        mistakes,
        hint=_again(session, newest, path),
    )


def _stale(session: Session, newest: Version, made_from: str, path: Path | None) -> str:
    """How to see what came between, and how the file is taken all the same."""
    name = newest.lesson.name
    take = lesson_command(session, "edit", name, "--file", "-" if path is None else str(path), "--force")
    return (
        f"What changed since: {lesson_command(session, 'diff', name, '--from', made_from)}\n  To take it anyway: {take}"
    )


def _again(session: Session, newest: Version, path: Path | None) -> str:
    """Where the file is, and how it is taken once it is mended."""
    name = newest.lesson.name
    if path is None:
        return "Mend it and pipe it in again."
    return f"The file is kept. Mend it, then: {lesson_command(session, 'edit', name, '--file', str(path))}"
