"""Which lesson, and which of its versions, a person's words mean."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from lessongen.commands.session import Session, Which
from lessongen.lesson.task import Status
from lessongen.lesson.versions import LessonName, StoredLesson, Version
from lessongen.system.errors import NotFound, TryLater, UsageError
from lessongen.system.levels import level_of
from lessongen.system.names import base_language
from lessongen.system.terminal import quoted


def named_version(session: Session, which: Which, version: str | None = None) -> Version:
    """The version that is meant: of the lesson SUBJECT TOPIC…, its latest unless told otherwise; or the one of a TASK.

    Raises `NotFound`, `UsageError` where several lessons are meant, or what the task's state says.
    """
    library = session.app.library
    words = which.words
    if len(words) > 1:
        spoken = None if which.language is None else _spoken(which.language)
        level = None if which.level is None else _stored_as(which.level)
        lesson = library.find(words[0], " ".join(words[1:]), language=spoken, level=level, variant=which.variant)
        return library.version(lesson, version)
    made = version_of_task(session, words[0])
    return made if version is None else library.version(made.lesson, version)


def named_with(session: Session, which: Which, is_more: Callable[[str], bool]) -> tuple[Version, list[str]]:
    """The lesson's newest version, and the words behind its topic that say more: `english verbs s2`.

    The topic has as many words as a stored lesson's; those behind it must be what `is_more` takes.
    """
    more: list[str] = []
    while True:
        words = which.words[: len(which.words) - len(more)]
        try:
            return newest_version(session, dataclasses.replace(which, words=words)), more
        except (NotFound, UsageError):
            last = words[-1]
            if len(words) < 2 or not is_more(last):
                raise
            more.insert(0, last)


def looks_like_version(text: str) -> bool:
    """Whether a word behind a topic can only be meant as a version, be there one of that number or not."""
    return re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,9}", text) is not None


def lesson_command(session: Session, verb: str, name: LessonName, *options: str) -> str:
    """The command line that does it to the lesson of that name, for a person to copy."""
    qualifiers = [word for part, value in name.qualifiers.items() for word in (f"--{part}", value)]
    if name.subject.startswith("-") or name.topic.startswith("-"):
        return session.app.command(verb, *qualifiers, *options, "--", name.subject, name.topic)
    return session.app.command(verb, *qualifiers, name.subject, name.topic, *options)


def _spoken(language: str) -> str:
    """The language as lessons are stored by it; what is no code is looked for as it is, and not found."""
    try:
        return base_language(language)
    except UsageError:
        return language


def _stored_as(level: str) -> str:
    """The level as lessons are stored by it; what is none is looked for as it is."""
    try:
        return level_of(level)
    except UsageError:
        return level


def named_lesson(session: Session, which: Which) -> StoredLesson:
    """The lesson that is meant."""
    return named_version(session, which).lesson


def newest_version(session: Session, which: Which) -> Version:
    """The newest version of the lesson that is meant, also where the words are the task of an older one."""
    return session.app.library.version(named_lesson(session, which))


def version_of_task(session: Session, text: str) -> Version:
    """The version that a task made, also after the task is gone. Raises what its state says if it made none."""
    jobs, library = session.app.jobs, session.app.library
    if not _can_be_task(text):
        raise UsageError(
            f"{quoted(text)} is neither a task nor a subject with a topic.",
            hint="Give both, as in `lessongen show english verbs`; or a task's id, or `last`.",
        )
    try:
        task = jobs.find(text)
    except NotFound:
        version = library.version_of_task(text.strip().lower())
        if version is None:
            raise
        return version
    version = library.version_of_task(task.task_id)
    if version is not None:
        return version
    if task.status is Status.COMPLETED:
        raise NotFound("The lesson of this task has been deleted.", hint="`lessongen lessons` lists those there are.")
    if not task.status.is_finished:
        raise TryLater(
            f"The task is {task.status.words}: its lesson is not written yet.",
            hint=f"Follow it: {session.app.command('status', task.task_id, '--watch')}",
        )
    from lessongen.commands.follow import outcome

    raise outcome(task) or NotFound()


def _can_be_task(text: str) -> bool:
    return text == "last" or (text.strip() != "" and set(text.strip().lower()) <= set("0123456789abcdef-"))
