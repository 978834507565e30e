"""`lessons`: list, search, delete, rename."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from lessongen.commands.naming import named_lesson
from lessongen.commands.session import FIRST_LESSON, Run, Session, Which, Yes, confirm, no_database, whole_number
from lessongen.jobs import validate
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.versions import LessonName, StoredLesson
from lessongen.queue.json_views import lesson_row
from lessongen.system.errors import UsageError
from lessongen.system.levels import level_of
from lessongen.system.names import base_language
from lessongen.system.terminal import ago, counted

_MOST_LESSONS = 1_000_000

Limit = Annotated[int, typer.Option(metavar="N", parser=whole_number(1, _MOST_LESSONS), help="At most so many.")]


def list_all(*, limit: Limit = 1_000, run: Run) -> None:
    """List stored lessons."""
    session = run.session()
    _list(session, limit)


def search(
    *,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT...]", help="Words, all of which occur.")] = None,
    limit: Limit = 1_000,
    run: Run,
) -> None:
    """List the lessons that hold all of some words; all lessons, if no word is given."""
    session = run.session()
    if text is None or not session.app.has_database():
        _list(session, limit)
        return
    found = session.app.library.search(" ".join(text), limit)
    if run.as_json:
        approved = session.app.library.approved() if found else {}
        told = [{**lesson_row(each, approved.get(each.id, ())), "snippet": snippet} for each, snippet in found]
        session.output.json({"lessons": told})
    elif not found:
        session.output.line("No lesson holds all of these words.")
        session.output.line(f"  All lessons: {session.app.command('lessons')}")
    else:
        approved = session.app.library.approved()
        rows = [[*_cells(session, lesson, approved)[:4], " ".join(snippet.split())] for lesson, snippet in found]
        session.output.table(["subject", "topic", "version", "edition", "found"], rows, narrow=(0, 1, 2))


def _list(session: Session, limit: int) -> None:
    has_database = session.app.has_database()
    lessons = session.app.library.all(limit) if has_database else []
    if session.output.as_json:
        approved = session.app.library.approved() if lessons else {}
        session.output.json({"lessons": [lesson_row(lesson, approved.get(lesson.id, ())) for lesson in lessons]})
    elif not lessons:
        session.output.line("There are no lessons." if has_database else no_database(session, "lessons"))
        session.output.line(f"  Ask for one: {session.app.command(*FIRST_LESSON)}")
    else:
        approved = session.app.library.approved()
        rows = [_cells(session, lesson, approved) for lesson in lessons]
        session.output.table(["subject", "topic", "version", "edition", "updated"], rows, narrow=(0, 1, 2))


def _cells(session: Session, lesson: StoredLesson, approved: Mapping[int, Sequence[str]]) -> list[str]:
    name = lesson.name
    harder = (lesson.harder,) if lesson.harder else ()
    sheet = ("fact sheet",) if lesson.is_fact_sheet else ()
    edition = ", ".join((name.language, name.level, name.variant, *sheet, *harder))
    approvers = approved.get(lesson.id, ())
    version = f"{lesson.latest}, approved by {', '.join(approvers)}" if approvers else lesson.latest
    return [name.subject, name.topic, version, edition, ago(lesson.updated_at, session.app.clock.now())]


def delete(
    *,
    which: Which,
    yes: Yes = False,
    run: Run,
) -> None:
    """Delete a lesson with all its versions. It does not come back."""
    session = run.existing()
    lesson = named_lesson(session, which)
    what = lesson.name.titled
    confirm(session.output, f"Delete {what} with its {counted(lesson.versions, 'version')}?", yes=yes)
    session.app.library.delete(lesson)
    if run.as_json:
        session.output.json({"deleted": lesson_row(lesson)})
    else:
        session.output.line(f"Deleted {what}.")


def rename(
    *,
    subject: Annotated[str | None, typer.Option("--to-subject", metavar="SUBJECT", help="The new subject.")] = None,
    topic: Annotated[str | None, typer.Option("--to-topic", metavar="TOPIC", help="The new topic.")] = None,
    to_language: Annotated[str | None, typer.Option(metavar="LANG", help="The new language.")] = None,
    to_level: Annotated[str | None, typer.Option(metavar="LEVEL", help="The new level.")] = None,
    to_variant: Annotated[str | None, typer.Option(metavar="NAME", help="The new variant.")] = None,
    which: Which,
    yes: Yes = False,
    run: Run,
) -> None:
    """Give a lesson another name. What is not given stays as it is."""
    session = run.existing()
    lesson = named_lesson(session, which)
    old = lesson.name
    new = LessonName(
        subject=_given(subject, old.subject),
        topic=_given(topic, old.topic),
        language=old.language if to_language is None else base_language(to_language),
        level=old.level if to_level is None else level_of(to_level),
        variant=_given(to_variant, old.variant),
    )
    if new == old:
        raise UsageError("That is its name already.", hint="Give --to-subject or --to-topic.")
    validate(
        LessonRequest(subject=new.subject, topic=new.topic, language=new.language, level=new.level, variant=new.variant)
    )
    confirm(session.output, f"Rename {old.titled} to {new.titled}?", yes=yes)
    renamed = session.app.library.rename(lesson, new)
    if run.as_json:
        session.output.json({"renamed": lesson_row(renamed)})
    else:
        session.output.line(f"It is now {new.titled}.")


def _given(value: str | None, old: str) -> str:
    return old if value is None else value
