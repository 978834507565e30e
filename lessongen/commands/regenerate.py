"""`regenerate`: one part of a stored lesson made anew, in the background, all else as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lessongen.commands.create import Going, Pursuit, submit
from lessongen.commands.locks import Sections, named_parts
from lessongen.commands.naming import lesson_command
from lessongen.commands.request import asked_anew, resolved
from lessongen.commands.session import Run, Session, Which
from lessongen.commands.wishes import JudgedBy, Turn
from lessongen.generation.library import lesson_of
from lessongen.generation.merge import kept_keys
from lessongen.lesson.parts import QUIZ, Part
from lessongen.lesson.versions import Version
from lessongen.system.errors import UsageError

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson


def regenerate(
    *,
    section: Sections = None,
    turn: Turn,
    by: JudgedBy,
    pursuit: Pursuit,
    which: Which,
    run: Run,
) -> None:
    """Make one part of a lesson anew: the quiz, one question of it, or a section.

    It is a task as that of `create`, and gives a new version in which all else is as it was. It is written from the
    texts that the lesson stands on, and asks what no earlier version asked where these bear it.
    """
    session = run.existing(flags={**turn.flags, **by.flags})
    newest, parts = named_parts(session, which, section)
    part = _the_one(session, newest, parts)
    going = Going.of(turn, pursuit)
    request = asked_anew(session, newest.lesson.name, part.key, seed=by.seed)
    request = resolved(session, request, by, starts_worker=going.start)
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
    locked = kept_keys(lesson, (each.key for each in session.app.library.locked(newest)))
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
