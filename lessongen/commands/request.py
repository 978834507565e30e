"""From a person's options to a request: what can't work is refused now, not by a task in the background."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import BinaryIO

from lessongen.app import App
from lessongen.commands.provenance import KEPT_TEXT
from lessongen.commands.session import Session
from lessongen.commands.wishes import By, Shape
from lessongen.jobs import validate
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.versions import LessonName
from lessongen.queue.given_source import GivenSources
from lessongen.system.errors import ConfigurationError, DataError, UnsupportedLanguage, UsageError
from lessongen.system.settings import Settings
from lessongen.system.terminal import byte_words, quoted

STDIN = "-"
MOST_BYTES = 20_000_000  # of standard input
_SERVER = "Set OPENAI_API_KEY, or for a server of your own OPENAI_BASE_URL"

_SOURCES = GivenSources(
    folder=Path(),
    called="the folder that you are in",
    leaves_network="--offline",
    offline_hint="Give a file, or leave one out.",
    pipe_hint="What comes out of a pipe is given as --source -",
)


def usual(session: Session, shape: Shape, by: By) -> LessonRequest:
    """What lessons are asked for by these options and by the settings: a request that says all but what it is about.

    Raises `UsageError`.
    """
    app, settings = session.app, session.app.settings
    return LessonRequest(
        subject="",
        topic="",
        language=settings.language,
        level=settings.level,
        variant=settings.variant,
        minutes=shape.minutes,
        questions=shape.questions,
        wikipedia=_asks_a_wiki(settings),
        images=settings.images,
        offline=settings.offline,
        writer=app.writer_choice.known(settings.writer),
        model=by.model,
        seed=by.seed,
    )


def asked(session: Session, request: LessonRequest) -> LessonRequest:
    """The request as it was meant, `auto` and all; standard input is named, and not yet read.

    Raises `UsageError`, `NotFound` for a source that is not there, `UnsupportedLanguage`.
    """
    sources = (each if each == STDIN else _SOURCES.known(each, offline=request.offline) for each in request.sources)
    request = dataclasses.replace(request, sources=tuple(dict.fromkeys(sources)))
    validate(request)
    _require_language(request, session.app)
    return request


def asked_anew(session: Session, lesson: LessonName, part: str, *, seed: int | None) -> LessonRequest:
    """The request for one part, by its key, of a stored lesson. Raises `UsageError`, `UnsupportedLanguage`."""
    request = LessonRequest(
        **vars(lesson),
        writer=session.app.writer_choice.known(session.app.settings.writer),
        seed=seed,
        part=part,
    )
    validate(request)
    _require_language(request, session.app)
    return request


def resolved(session: Session, request: LessonRequest, by: By, *, starts_worker: bool) -> LessonRequest:
    """The request with what depends on the model server: the writer that is meant, its model, template and budget.

    Raises `ConfigurationError` where a model is meant and nothing says where one is, `UsageError` for a model or a
    template of a writer that has none.
    """
    app = session.app
    writer = app.writer_for(request.writer)
    if writer != "openai":
        _refuse_model_options(request, by)
        return dataclasses.replace(request, writer=writer)
    if not require_server(session, starts_worker=starts_worker):
        session.output.note(f"No model server is set here; the worker that takes the task must know one. {_SERVER}.")
    return dataclasses.replace(
        request,
        judge=_known_judge(app),
        writer=writer,
        model=app.model_for(by.model) or None,
        template=app.writer_choice.known_template(),
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


# ---------------------------------------------------------------- writers


def _require_language(request: LessonRequest, app: App) -> None:
    """Raise `UnsupportedLanguage` now rather than in a task that is bound to fail."""
    name = app.writer_for(request.writer)
    spoken = app.writer_choice.languages[name]
    if request.language not in spoken:
        raise UnsupportedLanguage(
            f"The {name} writer has no rules for the language {quoted(request.language)}.",
            hint=f"It writes: {', '.join(sorted(spoken))}. Give --language {min(spoken)}.",
        )


def _refuse_model_options(request: LessonRequest, by: By) -> None:
    for option, value in (("--model", by.model), ("--template", by.template)):
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


def require_server(session: Session, *, starts_worker: bool, hint: str = "") -> bool:
    """Whether a model server is set here. Raises `ConfigurationError` where none is, and none can be elsewhere.

    A worker of one's own would know no more than this process; one that runs already may.
    """
    settings = session.app.settings
    if not settings.api_key and not settings.base_url and starts_worker and not session.app.roster.has_taker():
        raise ConfigurationError("No model server is set, and the openai writer needs one.", hint=f"{_SERVER}{hint}.")
    return bool(settings.api_key or settings.base_url)


def _known_judge(app: App) -> str | None:
    """The judge that is named; None where the worker's settings say it, as for the model's server."""
    from lessongen.lesson.judgement import JUDGES

    name = app.settings.judge
    if name not in ("auto", *JUDGES):
        raise UsageError(f"There is no judge {quoted(name)}.", hint=f"There are: auto, {', '.join(JUDGES)}.")
    return None if name == "auto" else name
