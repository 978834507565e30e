"""`regenerate`: one part of a stored lesson made anew, in the background, all else as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lessongen.commands import completion
from lessongen.commands.create import Going, seconds_of, submit, urgency_of
from lessongen.commands.locks import Sections, named_parts
from lessongen.commands.naming import lesson_command
from lessongen.commands.request import ModelWishes, asked_anew, resolved
from lessongen.commands.session import (
    Context,
    Db,
    Json,
    Language,
    LessonWords,
    Level,
    Session,
    Variant,
    open_session,
    require_database,
    whole_number,
)
from lessongen.generation.lessons import lesson_of
from lessongen.generation.merge import kept_keys
from lessongen.lesson.parts import QUIZ, Part
from lessongen.lesson.versions import Version
from lessongen.system.errors import UsageError

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson

_SEED = whole_number(0, 2**63 - 1)


def regenerate(
    context: Context,
    words: LessonWords,
    section: Sections = None,
    user: Annotated[str | None, typer.Option(metavar="NAME", help="Whose task it is.", show_default=False)] = None,
    priority: Annotated[str, typer.Option(metavar="low|normal|high", help="Which task goes first.")] = "normal",
    writer: Annotated[
        str | None, typer.Option(metavar="auto|extractive|openai", help="What writes it.", show_default=False)
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which of the server's models writes it.", show_default=False)
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Whose prompts a model gets.", show_default=False, autocompletion=completion.templates
        ),
    ] = None,
    max_cost: Annotated[
        str | None,
        typer.Option(metavar="USD", help="Stop before it costs more dollars than this.", show_default=False),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", parser=_SEED, help="Repeats the same choices.", show_default=False)
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the task to its end.")] = False,
    timeout: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="With --wait: stop waiting after so long, 90s, 5m.", show_default=False),
    ] = None,
    defer: Annotated[bool, typer.Option("--defer", help="Over a limit: take it for later.")] = False,
    no_start: Annotated[bool, typer.Option("--no-start", help="Start no worker.")] = False,
    language: Language = None,
    level: Level = None,
    variant: Variant = None,
    as_json: Json = False,
    db: Db = None,
) -> None:
    """Make one part of a lesson anew: the quiz, one question of it, or a section.

    It is a task as that of `create`, and gives a new version in which all else is as it was. It is written from the
    texts that the lesson stands on, and asks what no earlier version asked where these bear it.
    """
    flags = {"user": user, "writer": writer, "openai.max_cost": max_cost, "openai.template": template}
    session = open_session(context, as_json=as_json, db=db, flags=flags)
    require_database(session)
    newest, parts = named_parts(session, words, section, language=language, level=level, variant=variant)
    part = _the_one(session, newest, parts)
    going = Going(
        urgency=urgency_of(priority),
        defer=defer,
        wait=wait,
        timeout_seconds=seconds_of(timeout, wait=wait),
        start=not no_start,
    )
    request = asked_anew(session, newest.lesson.name, part.key, seed=seed)
    request = resolved(session, request, ModelWishes(model=model, template=template), starts_worker=going.start)
    message = f"Making {part.name} of {request.subject}/{request.topic} anew"
    submit(session, request, going, message=message, then="diff")


def _the_one(session: Session, newest: Version, parts: list[Part]) -> Part:
    """The part that is meant, if it can be made anew. Raises `UsageError`."""
    name = newest.lesson.name
    if len(parts) != 1:
        problem = "Say which part to make anew" if not parts else "Name one part to make anew"
        example = lesson_command(session, "regenerate", name, "--section", "quiz")
        raise UsageError(f"{problem}.", hint=f"As in: {example}")
    (part,) = parts
    lesson = lesson_of(newest)
    locked = kept_keys(lesson, (each.key for each in session.app.shelf.locked(newest)))
    if part.key in locked:
        unlock = lesson_command(session, "unlock", name, part.name)
        raise UsageError(f"{part.name} is locked, by itself or with what it belongs to.", hint=f"First: {unlock}")
    if not (part.is_section or part.is_question or part.key == QUIZ):
        by_hand = lesson_command(session, "edit", name)
        raise UsageError(
            f"{part.title.capitalize()} can't be made anew apart from the lesson.", hint=f"Change it by hand: {by_hand}"
        )
    if part.is_section and _only_asks(lesson, part.id):
        raise UsageError(
            f"{part.name} only asks questions.",
            hint=f"Make these anew: {lesson_command(session, 'regenerate', name, '--section', 'quiz')}",
        )
    return part


def _only_asks(lesson: Lesson, name: str) -> bool:
    section = next(each for each in lesson.sections if each.id == name)
    return all(block.kind == "check" for block in section.blocks)
