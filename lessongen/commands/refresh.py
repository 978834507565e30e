"""`refresh`: a lesson's sources looked at again, and the lesson on them as they are now."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from lessongen.commands.naming import lesson_command, newest_version
from lessongen.commands.session import Run, Session, Which
from lessongen.generation.library import lesson_of
from lessongen.generation.merge import kept_keys
from lessongen.generation.refresh import Moved, Refreshed, moved
from lessongen.generation.regenerate import with_questions
from lessongen.generation.repair import repaired
from lessongen.lesson.draft import Draft
from lessongen.lesson.material import Document
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.versions import LessonName, Version
from lessongen.queue.json_views import named
from lessongen.queue.null_attempt import NullAttempt
from lessongen.sources import is_of_simple
from lessongen.system.errors import TooThin, Uncovered
from lessongen.system.files import given_path
from lessongen.system.levels import EASY, GENERAL
from lessongen.system.terminal import counted

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson, Source

_FILE = "sha256:"  # before the revision of a user's own text
_PRIMER = "lessongen "  # before that of a text of lessongen's own


def refresh(
    *,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH|URL", help="Where a text of your own is now."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what has changed.")] = False,
    which: Which,
    run: Run,
) -> None:
    """Look at a lesson's sources again, and follow them where they have moved.

    Each article is fetched anew. What cites a passage that still stands is left as it is; a reworded one is quoted in
    its new words, and what cites one that is gone goes, with other questions in place of those on it. What is locked
    stays.
    """
    session = run.existing(flags={"sources.page_max_age": "0s"})
    newest = newest_version(session, which)
    lesson = lesson_of(newest)
    found, unknown = _looked_up(session, newest.lesson.name, lesson, source or ())
    moves = [move for each, document in found if (move := moved(each, document)) is not None]
    stored = None
    if moves and not dry_run:
        stored = _follow(session, newest, lesson, moves)
    _tell(session, newest, stored, moves, unknown)


# ---------------------------------------------------------------- sources as they are now


def _looked_up(
    session: Session, name: LessonName, lesson: Lesson, given: Sequence[str]
) -> tuple[list[tuple[Source, Document]], list[str]]:
    """Each source beside its document of now, and why others could not be looked at."""
    gather = session.app.source_chain()
    attempt = NullAttempt(seed=0)
    own = [str(given_path(each, "a source").absolute()) if "://" not in each else each for each in given]
    of_user: list[Document] = []
    if own:
        request = LessonRequest(subject=name.subject, topic=name.topic, language=name.language, sources=tuple(own))
        material = gather(request, attempt)
        of_user = [material.article, *material.others]
    found: list[tuple[Source, Document]] = []
    unknown: list[str] = []
    for each in lesson.sources:
        revision = each.revision or ""
        if revision.startswith(_PRIMER):
            continue
        if revision.startswith(_FILE):
            document = next((one for one in of_user if one.title == each.title), None)
            document = document or (of_user[0] if len(of_user) == 1 else None)
            if document is None and each.url is None:
                unknown.append(f"“{each.title}” is a text of yours: say where it is now with --source.")
                continue
        else:
            document = None
        try:
            found.append((each, document or _fetched(session, name, each, attempt)))
        except Uncovered as error:
            unknown.append(f"“{each.title}” is not there any more: {error.message}")
    return found, unknown


def _is_revision(text: str | None) -> bool:
    """Whether it is a wiki's number of a revision."""
    return text is not None and text.isascii() and text.isdigit()


def _fetched(session: Session, name: LessonName, source: Source, attempt: NullAttempt) -> Document:
    """The article of a source, from where it came from. Raises `Uncovered`, `Unavailable`."""
    session.output.note(f"Looking at “{source.title}”")
    is_wiki = _is_revision(source.revision)
    is_page = (source.revision or "").startswith(_FILE)
    request = LessonRequest(
        subject=name.subject,
        topic=name.topic,
        language=name.language,
        level=EASY[0] if is_of_simple(session.app.settings, source.url) else GENERAL,
        article=None if is_page else source.title,
        wikipedia=is_wiki,
        images=False,
        sources=(source.url,) if is_page and source.url else (),
    )
    article = session.app.source_chain()(request, attempt).article
    has_moved_house = is_wiki and not _is_revision(article.revision)
    if has_moved_house:
        raise Uncovered("the wiki that it came from could not be asked.", hint="Try again later.")
    return article


# ---------------------------------------------------------------- the lesson on them


def _follow(session: Session, newest: Version, lesson: Lesson, moves: Sequence[Moved]) -> Version:
    """Store the lesson on its sources as they are now. Raises `TooThin` where they don't bear it."""
    library, name = session.app.library, newest.lesson.name
    kept = kept_keys(lesson, (part.key for part in library.locked(newest)))
    before = Draft(lesson=lesson, texts=library.texts(newest))
    refreshed = Refreshed(before, moves, kept, session.app.clock.now())
    draft = refreshed.draft
    if refreshed.stale:
        draft = _with_other_questions(session, name, lesson, refreshed)
    draft, report = repaired(draft, kept)
    if not report.passed:
        again = lesson_command(session, "create", name)
        problem = report.problems[0]
        raise TooThin(
            f"Too little of the lesson is left on its sources ({problem.where} {problem.message}). Nothing was saved.",
            hint=f"Write it again: {again}",
        )
    quotes = [quote for move in moves for quote in move.quotes]
    reason = f"refreshed: {counted(len(moves), 'source')} moved, {counted(len(quotes), 'cited quote')} with them"
    return library.change(newest, draft.lesson.model_dump_json(), draft.texts, reason, session.app.clock.now())


def _with_other_questions(session: Session, name: LessonName, lesson: Lesson, refreshed: Refreshed) -> Draft:
    """The lesson with verbatim questions in the places of the stale ones; without these where there are no others."""
    request = LessonRequest(subject=name.subject, topic=name.topic, language=name.language)
    writer = session.app.writers()["extractive"]()
    try:
        made = writer.anew(
            refreshed.draft, "quiz", request, NullAttempt(seed=int.from_bytes(os.urandom(4)), earlier=(lesson,))
        )
        return with_questions(refreshed.draft, refreshed.stale, made)[0]
    except TooThin:
        return refreshed.draft


def _tell(
    session: Session, newest: Version, stored: Version | None, moves: Sequence[Moved], unknown: Sequence[str]
) -> None:
    output, name = session.output, newest.lesson.name
    if output.as_json:
        answer = {**named(name), "version": (stored or newest).text, "is_new": stored is not None}
        output.json({**answer, "moved": [each.as_json() for each in moves], "not_looked_at": list(unknown)})
        return
    for reason in unknown:
        output.note(reason)
    if not moves:
        which = "no source that was looked at has moved" if unknown else "no source has moved"
        output.line(f"{name.titled} {newest.text}: {which}. Nothing was saved.")
        return
    for move in moves:
        output.line(f"“{move.source.title}” has moved: {move.source.revision} → {move.document.revision}")
        if not move.quotes:
            output.line("  Every passage that the lesson cites still stands.")
        for quote in move.quotes:
            output.line(f"  - {quote.before}", hang=4)
            output.line(f"  + {quote.after}" if quote.after else "    is gone", hang=4)
    if stored is None:
        again = lesson_command(session, "refresh", name)
        output.line(f"  Nothing was saved. To follow it: {again}")
    else:
        output.line(f"Version {stored.text} stands on them as they are now.")
        output.line(f"  What changed: {lesson_command(session, 'diff', name)}")
