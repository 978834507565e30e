"""`export`: lessons as files in a folder, or as a site: one lesson, a subject, a batch or all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from lessongen.commands import completion
from lessongen.commands.export_choice import Chosen, called_together, chosen_lessons, is_subject
from lessongen.commands.export_single import Single, require_joining
from lessongen.commands.export_site import SITE, Site
from lessongen.commands.export_telling import Outcome, tell, tell_before, tell_before_together
from lessongen.commands.export_writing import Files, Product, Writing
from lessongen.commands.session import Edition, Run, Session, version_option, words_argument
from lessongen.exporters import Format, known_formats, not_installed, told
from lessongen.system.errors import ExitCode, UsageError
from lessongen.system.files import given_path
from lessongen.system.terminal import quoted

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience

_DEFAULT = "html"
_HERE = "."


def export(
    *,
    words: Annotated[
        list[str] | None,
        words_argument(
            "[SUBJECT [TOPIC...]|TASK]", "A lesson, or all of a subject; the folder of a site of all lessons."
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All lessons.")] = False,
    batch: Annotated[
        str | None,
        typer.Option("--batch", metavar="BATCH", help="The lessons that a batch made."),
    ] = None,
    forms: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="; ".join(
                (
                    f"{', '.join(known_formats())}",
                    f"{_DEFAULT} if none; may be repeated",
                    f"{SITE} is a page for each lesson with an index to search",
                    *not_installed(known_formats().values()),
                )
            )
            + ".",
            autocompletion=completion.formats_exported,
        ),
    ] = None,
    folder: Annotated[
        str | None,
        typer.Option(
            "--into",
            "-o",
            metavar="FOLDER",
            help=f"Where to; made if it is not there. The one where you are if none, of a {SITE} `{SITE}` in it.",
        ),
    ] = None,
    student: Annotated[bool, typer.Option("--student/--teacher", help="Without the answers, or with them.")] = False,
    single: Annotated[
        bool, typer.Option("--single", help="All of them in one file of each format, named after what is exported.")
    ] = False,
    both: Annotated[bool, typer.Option("--both", help="Without the answers and with them, a file each.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what the formats can't carry of the lessons, and write nothing.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    version: Annotated[str | None, version_option("Of one lesson: 1.0, 1.1, …; the latest if none.")] = None,
    edition: Edition,
    run: Run,
) -> None:
    """Write lessons to files in a folder, one a lesson and format, named after subject and topic; or as a site.

    With --single they are one file of each format: a page or book with contents, a document, a deck, a bank of
    questions. Lessons with a quiz on a learning platform are one package.

    A file that is there and differs is left alone, and nothing is written at all, unless --force is given. A lesson
    that can't be read is left out and named. Each file names its sources and their licences. One lesson is read at a
    time; what Ctrl-C stops goes on with the same command.

    `--format site FOLDER` is short for all lessons as a site in that folder. With --force the folder becomes this site:
    pages of an earlier one that are not in it are removed, unless you changed them.
    """
    audiences: tuple[Audience, ...] = ("student", "teacher") if both else ("student",) if student else ("teacher",)
    names = list(dict.fromkeys(forms or [_DEFAULT]))
    if single:
        require_joining(names)
    chosen = _formats([name for name in names if name != SITE], audiences)
    if SITE not in names:
        _require_one_choice(words, everything, batch)
    session = run.existing()
    if SITE in names and folder is None and words and _is_folder(session, words, everything=everything, batch=batch):
        folder, words, everything = words[0], None, batch is None
    _require_one_choice(words, everything, batch)
    target = given_path(_HERE if folder is None else folder, "the folder")
    lessons = chosen_lessons(session, words, batch=batch, version=version, edition=edition)
    if single:
        _export_together(
            Single(
                session=session,
                lessons=lessons,
                together=called_together(session, lessons, words, batch=batch, edition=edition),
                folder=target,
                forms=chosen,
                audiences=audiences,
                paper=session.app.settings.printed_on,
            ),
            dry_run=dry_run,
            force=force,
        )
        return
    site = Site(folder=target / SITE if folder is None else target, audiences=audiences) if SITE in names else None
    files = Files(folder=target, forms=chosen, audiences=audiences, paper=session.app.settings.printed_on)
    if dry_run:
        tell_before(session, lessons, files, site)
        return
    outcome = _written(session, lessons, [*([files] if chosen else []), *([site] if site else [])], site, force=force)
    tell(session, site.folder if site and not chosen else target, outcome)
    if outcome.left_out and not any(each.name for each in outcome.files):
        raise typer.Exit(int(ExitCode.DATA))


def _export_together(single: Single, *, dry_run: bool, force: bool) -> None:
    if dry_run:
        tell_before_together(single)
        return
    files = single.write(force=force)
    left_out = [(chosen.lesson.name, why) for chosen, why in single.left_out.items()]
    tell(single.session, single.folder, Outcome(files=files, left_out=left_out))
    if left_out and not files:
        raise typer.Exit(int(ExitCode.DATA))


def _written(
    session: Session, lessons: Sequence[Chosen], products: Sequence[Product], site: Site | None, *, force: bool
) -> Outcome:
    earlier = site.earlier() if site else {}
    writing = Writing(session, lessons, products, force=force)
    files = writing.run(products[0].folder)
    removed, stays = site.clear(earlier, force=force) if site else ([], [])
    left_out = [(chosen.lesson.name, why) for chosen, why in writing.left_out.items()]
    return Outcome(files=files, left_out=left_out, removed=removed, stays=stays)


def _is_folder(session: Session, words: Sequence[str], *, everything: bool, batch: str | None) -> bool:
    """Whether the one word after `--format site` is where it is to go."""
    return len(words) == 1 and (everything or batch is not None or not is_subject(session, words[0]))


def _formats(names: Sequence[str], audiences: Sequence[Audience]) -> list[Format]:
    known = known_formats()
    for name in names:
        if name not in known:
            given = ", ".join(map(told, known.values()))
            raise UsageError(f"There is no format {quoted(name)}.", hint=f"Give {SITE}, or one of {given}.")
        known[name].require(audiences[-1])
    return [known[name] for name in names]


def _require_one_choice(words: Sequence[str] | None, everything: bool, batch: str | None) -> None:
    if sum((bool(words), everything, batch is not None)) != 1:
        raise UsageError(
            "Say what to export.", hint="Give SUBJECT TOPIC, a SUBJECT, --batch BATCH, or --all: one of them."
        )
