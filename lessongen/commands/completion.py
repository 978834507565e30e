"""What a shell completes: task ids, subjects and topics of the database; nothing where there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

import typer

from lessongen.app import App
from lessongen.system.addresses import DatabaseAddress
from lessongen.system.errors import LessongenError
from lessongen.system.settings import load

_MOST = 50


def task_ids(context: typer.Context, incomplete: str) -> list[str]:
    """Ids that begin so; recent ones where nothing is typed yet; `last`."""
    from lessongen.lesson.records import TaskFilter

    def look(app: App) -> Iterable[str]:
        tasks = app.store.tasks
        found = tasks.starting_with(incomplete.lower(), _MOST) if incomplete else tasks.select(TaskFilter(), _MOST)
        return ["last", *(task.task_id for task in found)] if found else ["last"]

    return _complete(context, incomplete, look)


def subject(context: typer.Context, incomplete: str) -> list[str]:
    """Subjects that there are lessons in."""
    return _complete(context, incomplete, lambda app: app.library.subjects())


def topic(context: typer.Context, incomplete: str) -> list[str]:
    """Topics that there are lessons on, in the subject that stands before."""
    return _complete(context, incomplete, lambda app: app.library.topics(context.params.get("subject") or ""))


def lesson_words(context: typer.Context, incomplete: str) -> list[str]:
    """A subject first, then a topic of it."""
    words = context.params.get("words") or []
    return _complete(context, incomplete, lambda app: app.library.topics(words[0]) if words else app.library.subjects())


def statuses(incomplete: str) -> list[str]:
    """The statuses of a task."""
    from lessongen.lesson.task import Status

    return [status for status in Status if status.startswith(incomplete)]


def settings(incomplete: str) -> list[str]:
    """The settings that can be kept in config.toml."""
    from lessongen.system.settings import KEYS

    return [key for key in KEYS if key.startswith(incomplete)]


def templates(context: typer.Context, incomplete: str) -> list[str]:
    """The templates that there are."""
    try:
        names = App(load(os.environ)).templates.names()
    except LessongenError:
        return []
    return [name for name in names if name.startswith(incomplete)]


def formats(incomplete: str) -> list[tuple[str, str]]:
    """The formats of files, each with what it needs that is not installed."""
    from lessongen.exporters import known_formats

    return [
        (each.name, "" if each.is_available else f"needs the extra {each.extra}")
        for each in known_formats().values()
        if each.name.startswith(incomplete)
    ]


def formats_shown(incomplete: str) -> list[tuple[str, str]]:
    """The formats that a lesson can be shown in."""
    return [*((name, "") for name in ("rich",) if name.startswith(incomplete)), *formats(incomplete)]


def formats_exported(incomplete: str) -> list[tuple[str, str]]:
    """The formats that lessons can be exported in."""
    return [*formats(incomplete), *((name, "") for name in ("site",) if name.startswith(incomplete))]


def versions(context: typer.Context, incomplete: str) -> list[str]:
    """The versions of the lesson that stands before."""
    words = context.params.get("words") or context.args  # there while the option has no value yet

    def look(app: App) -> Iterable[str]:
        lesson = app.library.find(words[0], " ".join(words[1:])) if len(words) > 1 else None
        return [each.text for each in app.library.history(lesson)] if lesson else []

    return _complete(context, incomplete, look)


def parts(context: typer.Context, incomplete: str) -> list[str]:
    """The names of the parts of the lesson that stands before."""
    words = context.params.get("words") or context.args

    def look(app: App) -> Iterable[str]:
        from lessongen.generation.library import lesson_of
        from lessongen.lesson.parts import parts_of

        if len(words) < 2:
            return []
        newest = app.library.version(app.library.find(words[0], " ".join(words[1:])))
        return [part.name for part in parts_of(lesson_of(newest))]

    return _complete(context, incomplete, look)


def _complete(context: typer.Context, incomplete: str, look: Callable[[App], Iterable[str]]) -> list[str]:
    """What `look` finds that begins so; completing must neither create a database nor complain."""
    try:
        app = App(load(os.environ, {"database": context.params.get("db")}))
        database = app.settings.database
        if isinstance(database, DatabaseAddress) or not os.path.isfile(database):
            return []  # whoever presses Tab does not wait for a server
        found = [name for name in look(app) if name.lower().startswith(incomplete.lower())]
        app.store.close()
    except LessongenError:
        return []
    return found[:_MOST]
