"""From a batch file and a person's options to checked rows: what can't work is refused before anything is taken."""

from __future__ import annotations

import contextlib
import difflib
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from lessongen.commands.session import Session
from lessongen.lesson.task import Priority
from lessongen.queue.batches import PlannedTask
from lessongen.queue.batchfile import BadRows, Defaults, Format, Writers, read_batch
from lessongen.system.errors import ConfigurationError, NotFound, UsageError
from lessongen.system.files import NoFile, given_path, is_descriptor, open_input
from lessongen.system.terminal import quoted
from lessongen.writers import WRITERS

STDIN = "-"
_STANDARD_INPUT = "standard input"
_PROBLEMS_SHOWN = 100
_SHELL = frozenset(("|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1"))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The rows of a batch file, all of them good, and what the file is called."""

    name: str
    rows: Sequence[PlannedTask]

    @property
    def writer(self) -> str:
        """What writes the first of them."""
        return self.rows[0].request.writer


@dataclass(frozen=True, kw_only=True)
class Common:
    """What holds for each row that says nothing else, beside what `settings` has resolved."""

    minutes: int | None
    questions: int | None
    seed: int | None
    model: str | None
    template: str | None
    priority: Priority


def read_plan(session: Session, file: str, form: Format | None, common: Common, *, starts_worker: bool) -> Plan:
    """The rows of a file, or of standard input. The problems of bad ones are told, one a line, before `BadRows`.

    Raises `NotFound`, `UsageError`, and `ConfigurationError` where a model is to write and none is known.
    """
    with _opened(session, file) as (stream, name, folder):
        try:
            rows = read_batch(stream, format=form, name=name, defaults=_defaults(session, common, folder))
        except BadRows as error:
            _tell(session, error)
            raise
        except OSError as error:
            raise UsageError(f"{quoted(name)} can't be read: {error.strerror}.") from error
    if any(row.request.writer == "openai" for row in rows):
        _require_server(session, starts_worker=starts_worker)
    return Plan(name=name.encode("utf-8", "replace").decode(), rows=rows)


def _defaults(session: Session, common: Common, folder: Path) -> Defaults:
    app, settings = session.app, session.app.settings
    writers = Writers(
        automatic=app.writer_for("auto"),
        languages={name: entry.languages for name, entry in WRITERS.items()},
        model_for=app.model_for,
        templates=app.templates,
        template=settings.template,
    )
    asks_own_wiki = bool(settings.mediawiki_url) and settings.origins["sources.wikipedia"] != "flag"
    return Defaults(
        folder=folder,
        writers=writers,
        language=settings.language,
        level=settings.level,
        variant=settings.variant,
        minutes=common.minutes,
        questions=common.questions,
        wikipedia=settings.wikipedia or asks_own_wiki,
        offline=settings.offline,
        writer=writers.known(settings.writer),
        model=common.model,
        template=common.template,
        seed=common.seed,
        max_cost=settings.max_cost,
        priority=common.priority,
    )


def _tell(session: Session, error: BadRows) -> None:
    for problem in error.problems[:_PROBLEMS_SHOWN]:
        session.output.note(problem.text(error.name))
    more = error.count - min(len(error.problems), _PROBLEMS_SHOWN)
    if more > 0:
        session.output.note(f"{error.name}: and {more:,} more.")


def _require_server(session: Session, *, starts_worker: bool) -> None:
    """A worker of one's own would know no more than this process; one that runs already may."""
    settings = session.app.settings
    if settings.api_key or settings.base_url or not starts_worker or session.app.roster.has_taker():
        return
    raise ConfigurationError(
        "No model server is set, and the openai writer needs one.",
        hint="Set OPENAI_API_KEY, or for a server of your own OPENAI_BASE_URL; cron knows only what its crontab sets.",
    )


# ---------------------------------------------------------------- the file


@contextlib.contextmanager
def _opened(session: Session, file: str) -> Iterator[tuple[BinaryIO, str, Path]]:
    """The bytes of the file, what it is called, and the folder that its rows' paths are taken from."""
    if file == STDIN:
        yield _standard_input(session), _STANDARD_INPUT, _here()
        return
    path = existing_file(file)
    try:
        stream = open_input(path, takes_pipes=True)
    except NoFile as error:
        raise UsageError(
            f"{quoted(file)} can't be read: {error.strerror}.",
            hint=f"What comes out of a pipe is given as -, as in: cat {shlex.quote(file)} | lessongen batch submit -",
        ) from error
    except OSError as error:
        raise UsageError(f"{quoted(file)} can't be read: {error.strerror}.", hint="Change its permissions.") from error
    with stream:
        yield stream, file, _here() if is_descriptor(path) else path.parent


def existing_file(file: str) -> Path:
    """The absolute path of a batch file that is there. Raises `NotFound`, `UsageError`."""
    path = Path(os.path.abspath(given_path(file, "the batch file")))
    try:
        is_there, is_folder = path.exists(), path.is_dir()
    except OSError as error:
        raise UsageError(f"{quoted(file)} can't be read: {error.strerror}.", hint="Change its permissions.") from error
    if not is_there:
        raise NotFound(f"There is no file {quoted(file)}.", hint=_near(path))
    if is_folder:
        raise UsageError(f"{quoted(file)} is a folder.", hint="Give a file of CSV, JSON Lines or YAML.")
    return path


def _near(path: Path) -> str:
    try:
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=1)
    except OSError:
        near = []
    return f"Did you mean {near[0]}?" if near else f"It is looked for as {path}; cron starts in the home folder."


def _standard_input(session: Session) -> BinaryIO:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None or stream.closed:
        raise UsageError("Standard input is closed.", hint="Pipe the rows into it, or name a file.")
    if stream.isatty():
        session.output.note("Reading the rows from the terminal; Ctrl-D ends them.")
    found: BinaryIO = stream
    return found


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was deleted
        return Path(os.sep)


# ---------------------------------------------------------------- what is told at the end


def command_at_end(text: str | None) -> str | None:
    """The command, as a worker in another folder finds it. Raises `UsageError` for one that is not there."""
    if text is None:
        return None
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"--on-done {quoted(text)} can't be understood: {error}.", hint="Mind the quotes.") from error
    if not words:
        raise UsageError("--on-done is empty.", hint="Give a command; it gets the batch's summary as JSON.")
    program = shutil.which(os.path.expanduser(words[0]))
    if program is None:
        raise UsageError(
            f"--on-done: there is no command {quoted(words[0])}.", hint="Give the path of an executable file."
        )
    if not _SHELL.isdisjoint(words):
        raise UsageError("--on-done is run without a shell.", hint=f"Give sh -c {shlex.quote(text)}.")
    return shlex.join([os.path.abspath(program), *words[1:]])


def address_at_end(text: str | None) -> str | None:
    """The address to post to. Raises `UsageError` for one that nothing can be posted to."""
    if text is None:
        return None
    hint = "Give one such as https://example.org/done, without a space, and without a name and password."
    try:
        parts = urlsplit(text)
        is_address = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        is_address = False
    if not is_address or any(character.isspace() or not character.isprintable() for character in text):
        raise UsageError("--webhook is no address that can be asked.", hint=hint)
    if parts.scheme not in ("http", "https"):
        raise UsageError(f"--webhook can't be asked by {quoted(parts.scheme)}.", hint=hint)
    if not text.isascii():
        raise UsageError("--webhook holds characters that an address can't.", hint="Write them percent-encoded.")
    return text
