"""From a request on the wire to one that the queue takes: what can't work, or may not be asked here, is refused."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from lessongen.app import App
from lessongen.jobs import validate
from lessongen.lesson.task import LessonRequest, Priority
from lessongen.queue.writer_choice import Choice
from lessongen.system.errors import DataError, Unavailable, UsageError
from lessongen.system.hosts import is_allowed, public_address
from lessongen.system.levels import level_of
from lessongen.system.names import base_language
from lessongen.system.settings import Settings
from lessongen.web.problems import Refusal
from lessongen.web.wire import CreateLessonRequest

_ADDRESS = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#]\S*)?", re.IGNORECASE)


def requested(app: App, asked: CreateLessonRequest) -> LessonRequest:
    """The request as a worker takes it. Raises `Refusal`, `UsageError`, `UnsupportedLanguage`."""
    settings = app.settings
    sources = _sources(settings, asked.sources)
    request = LessonRequest(
        subject=asked.subject,
        topic=asked.topic,
        language=base_language(asked.language or settings.language),
        level=level_of(asked.level) if asked.level else settings.level,
        variant=asked.variant or settings.variant,
        minutes=asked.minutes,
        questions=asked.questions,
        wikipedia=asked.include_wikipedia and (settings.wikipedia or bool(settings.mediawiki_url)),
        images=asked.include_images and settings.images,
        offline=asked.offline or settings.offline,
        sources=sources,
        source_hosts=settings.web_source_hosts if sources else (),
        article=asked.article,
        focus=asked.focus,
        writer=asked.writer or settings.writer,
        seed=asked.seed,
    )
    validate(request)
    return _settled(app, request, asked)


def priority_of(asked: CreateLessonRequest) -> Priority:
    """How urgent the request is."""
    return Priority.named(asked.priority)


def _settled(app: App, request: LessonRequest, asked: CreateLessonRequest) -> LessonRequest:
    writers = app.writer_choice
    limits = [each for each in (asked.max_cost, app.settings.max_cost) if each is not None]
    choice = writers.settle(
        Choice(
            language=request.language,
            writer=writers.known(request.writer),
            model=asked.model,
            template=asked.template,
            max_cost=min(limits) if limits else None,
        )
    )
    if choice.writer == "openai" and not (app.settings.api_key or app.settings.base_url):
        raise UsageError("This server has no model to write with.", hint="Ask for the extractive writer, or for none.")
    return dataclasses.replace(
        request, writer=choice.writer, model=choice.model, template=choice.template, max_cost=choice.max_cost
    )


def _sources(settings: Settings, given: Sequence[str]) -> tuple[str, ...]:
    """The addresses that may be fetched; they are checked once more, with what their names mean, when they are."""
    for source in given:
        if not _ADDRESS.fullmatch(source):
            raise Refusal(
                422,
                "A source over the web is an http or https address, without a name and password; paths are refused.",
                code="source_refused",
            )
        _require_public(source, settings.web_source_hosts)
    return tuple(dict.fromkeys(given))


def _require_public(source: str, allowed: Sequence[str]) -> None:
    """Raise `Refusal` for a host that is not on the list, or leads into a network of one's own."""
    try:
        parts = urlsplit(source)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError as error:
        raise Refusal(422, "A source is no address.", code="source_refused") from error
    if not is_allowed(host, allowed):
        raise Refusal(403, "This server does not fetch from that host.", code="source_refused")
    try:
        public_address(host, port)
    except DataError as error:
        raise Refusal(403, error.message, code="source_refused") from error
    except Unavailable:
        pass  # the worker tries again, and says so
