"""From a person's options to a request: what can't work is refused now, not by a task in the background."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lessongen.app import App
from lessongen.commands.provenance import KEPT_TEXT
from lessongen.commands.session import Session
from lessongen.jobs import validate
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.versions import LessonName
from lessongen.system.errors import ConfigurationError, DataError, NotFound, UnsupportedLanguage, UsageError
from lessongen.system.files import given_path
from lessongen.system.settings import Settings
from lessongen.system.terminal import byte_words, quoted
from lessongen.writers import WRITERS

STDIN = "-"
MOST_BYTES = 20_000_000  # of standard input

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class ModelWishes:
    """The options that only a model's writer takes."""

    model: str | None
    template: str | None


@dataclass(frozen=True, kw_only=True)
class Wishes(ModelWishes):
    """The options that a request is made of, beside those that `settings` has resolved."""

    subject: str
    topic: str
    minutes: int | None
    questions: int | None
    article: str | None
    focus: str | None
    seed: int | None
    sources: Sequence[str]


def asked(session: Session, wishes: Wishes) -> LessonRequest:
    """The request as it was meant, `auto` and all; standard input is named, and not yet read.

    Raises `UsageError`, `NotFound` for a source that is not there, `UnsupportedLanguage`.
    """
    settings = session.app.settings
    request = LessonRequest(
        subject=wishes.subject,
        topic=wishes.topic,
        language=settings.language,
        level=settings.level,
        variant=settings.variant,
        minutes=wishes.minutes,
        questions=wishes.questions,
        wikipedia=_asks_a_wiki(settings),
        images=settings.images,
        offline=settings.offline,
        sources=tuple(dict.fromkeys(_source(each, offline=settings.offline) for each in wishes.sources)),
        article=wishes.article,
        focus=wishes.focus,
        writer=_known_writer(settings.writer),
        model=wishes.model,
        seed=wishes.seed,
    )
    validate(request)
    _require_language(request, session.app)
    return request


def asked_anew(session: Session, lesson: LessonName, part: str, *, seed: int | None) -> LessonRequest:
    """The request for one part, by its key, of a stored lesson. Raises `UsageError`, `UnsupportedLanguage`."""
    request = LessonRequest(
        subject=lesson.subject,
        topic=lesson.topic,
        language=lesson.language,
        level=lesson.level,
        variant=lesson.variant,
        writer=_known_writer(session.app.settings.writer),
        seed=seed,
        part=part,
    )
    validate(request)
    _require_language(request, session.app)
    return request


def resolved(session: Session, request: LessonRequest, wishes: ModelWishes, *, starts_worker: bool) -> LessonRequest:
    """The request with what depends on the model server: the writer that is meant, its model, template and budget.

    Raises `ConfigurationError` where a model is meant and nothing says where one is, `UsageError` for a model or a
    template of a writer that has none.
    """
    app = session.app
    writer = app.writer_for(request.writer)
    if writer != "openai":
        _refuse_model_options(request, wishes)
        return dataclasses.replace(request, writer=writer)
    _require_server(session, starts_worker=starts_worker)
    return dataclasses.replace(
        request,
        judge=_known_judge(app),
        writer=writer,
        model=app.model_for(wishes.model) or None,
        template=_known_template(app),
        max_cost=app.settings.max_cost,
    )


def standard_input(session: Session, stream: BinaryIO | None) -> str:
    """Keep the text on standard input; the source that names it. Raises `DataError` for what is no text."""
    import hashlib

    if stream is None:
        raise UsageError("Standard input is closed.", hint="Pipe a text into it, or name a file: --source PATH.")
    if stream.isatty():
        session.output.note("Reading the text from the terminal; Ctrl-D ends it.")
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise DataError(
            f"Standard input is larger than {byte_words(MOST_BYTES)}.", hint="Give the part that the lesson is about."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            "Standard input is not text in UTF-8.",
            hint="A PDF or another document is given as a file: --source PATH.",
        ) from error
    if not text.strip():
        raise DataError("Standard input holds no text.", hint="Pipe the text into it, as in: … --source - < notes.txt")
    digest = hashlib.sha256(text.encode()).hexdigest()
    session.app.store.pages.keep_text(digest, text, session.app.clock.now())
    return f"{KEPT_TEXT}{digest}"


# ---------------------------------------------------------------- sources


def _asks_a_wiki(settings: Settings) -> bool:
    """A wiki in Wikipedia's place is asked unless this request says no."""
    return settings.wikipedia or (bool(settings.mediawiki_url) and settings.origins["sources.wikipedia"] != "flag")


def _source(text: str, *, offline: bool) -> str:
    """A source as a worker in another folder understands it."""
    if text == STDIN:
        return STDIN
    scheme = _SCHEME.match(text)
    return _path(text) if scheme is None else _address(text, scheme[1], offline=offline)


def _address(text: str, scheme: str, *, offline: bool) -> str:
    if scheme.lower() not in ("http", "https"):
        raise UsageError(f"A source can't be fetched by {quoted(scheme)}.", hint="Give an http or https address.")
    if not _ADDRESS.fullmatch(text):
        raise UsageError(
            "The source is no address that can be fetched.",
            hint="Give one such as https://example.org/page, without a space, and without a name and password.",
        )
    if offline:
        raise UsageError(
            f"{quoted(text)} is on the network, which --offline leaves alone.", hint="Give a file, or leave one out."
        )
    return scheme.lower() + text[len(scheme) :]


def _path(text: str) -> str:
    path = given_path(text, "a source").absolute()
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
        is_there = is_folder or is_file or path.exists()
    except OSError as error:
        raise UsageError(f"{quoted(text)} can't be read: {error.strerror}.", hint="Change its permissions.") from error
    if not is_there:
        raise NotFound(f"There is no file or folder {quoted(text)}.", hint=_missing_hint(path))
    if not (is_folder or is_file):
        raise UsageError(
            f"{quoted(text)} is neither a file nor a folder.", hint="What comes out of a pipe is given as --source -"
        )
    if not os.access(path, os.R_OK | (os.X_OK if is_folder else 0)):
        raise UsageError(f"{quoted(text)} can't be read: permission denied.", hint="Change its permissions.")
    if is_file:
        from lessongen.system.libraries import require_library

        require_library(path)
    return str(path)


def _missing_hint(path: Path) -> str:
    import difflib

    try:
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=1)
    except OSError:
        return "Check the path; it is taken from the folder that you are in."
    return f"Did you mean {near[0]}?" if near else "Check the path; it is taken from the folder that you are in."


# ---------------------------------------------------------------- writers


def _known_writer(name: str) -> str:
    if name not in ("auto", *WRITERS):
        raise UsageError(f"There is no writer {quoted(name)}.", hint=f"The writers are: auto, {', '.join(WRITERS)}.")
    return name


def _require_language(request: LessonRequest, app: App) -> None:
    """Raise `UnsupportedLanguage` now rather than in a task that is bound to fail."""
    name = app.writer_for(request.writer)
    spoken = WRITERS[name].languages
    if request.language not in spoken:
        raise UnsupportedLanguage(
            f"The {name} writer has no rules for the language {quoted(request.language)}.",
            hint=f"It writes: {', '.join(sorted(spoken))}. Give --language {min(spoken)}.",
        )


def _refuse_model_options(request: LessonRequest, wishes: ModelWishes) -> None:
    for option, value in (("--model", wishes.model), ("--template", wishes.template)):
        if value is None:
            continue
        if request.writer == "auto":
            raise ConfigurationError(
                f"{option} is for a model, and no model server is set.",
                hint="Set OPENAI_API_KEY, or for a server of your own OPENAI_BASE_URL; or leave the option out.",
            )
        raise UsageError(
            f"{option} is for a model, and the {request.writer} writer has none.",
            hint="Leave it out, or give --writer openai.",
        )


def _require_server(session: Session, *, starts_worker: bool) -> None:
    """A worker of one's own would know no more than this process; one that runs already may."""
    settings = session.app.settings
    if settings.api_key or settings.base_url:
        return
    hint = "Set OPENAI_API_KEY, or for a server of your own OPENAI_BASE_URL."
    if starts_worker and not session.app.roster.has_taker():
        raise ConfigurationError("No model server is set, and the openai writer needs one.", hint=hint)
    session.output.note(f"No model server is set here; the worker that takes the task must know one. {hint}")


def _known_judge(app: App) -> str | None:
    """The judge that is named; None where the worker's settings say it, as for the model's server."""
    from lessongen.lesson.judgement import JUDGES

    name = app.settings.judge
    if name not in ("auto", *JUDGES):
        raise UsageError(f"There is no judge {quoted(name)}.", hint=f"There are: auto, {', '.join(JUDGES)}.")
    return None if name == "auto" else name


def _known_template(app: App) -> str:
    name = app.settings.template
    if name == "default":
        return name
    import difflib

    names = app.templates.names()
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        raise UsageError(
            f"There is no template {quoted(name)}.",
            hint=f"Did you mean {near[0]}?" if near else "`lessongen template new NAME` makes one.",
        )
    app.templates.load(name)  # a mistake in one of its files is told now
    return name
