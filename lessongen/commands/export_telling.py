"""What `export` says: before, what formats can't carry; after, which files there are and what is lost."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lessongen.commands.export_choice import Chosen
from lessongen.commands.export_writing import Files, Written
from lessongen.exporters import known_formats
from lessongen.queue.json_views import named
from lessongen.system.errors import DataError
from lessongen.system.terminal import counted

if TYPE_CHECKING:
    from lessongen.commands.export_single import Single
    from lessongen.commands.export_site import Site
    from lessongen.commands.session import Session
    from lessongen.lesson.versions import LessonName


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The files that are there now, the lessons left out with why, and what is there of an earlier site."""

    files: Sequence[Written]
    left_out: Sequence[tuple[LessonName, str]] = ()
    removed: Sequence[Path] = ()
    stays: Sequence[Path] = ()


def tell(session: Session, folder: Path, outcome: Outcome) -> None:
    """Say what became of it."""
    new = [each for each in outcome.files if each.is_new]
    if session.output.as_json:
        session.output.json(_shape(folder, outcome))
        return
    for each in outcome.files:
        session.output.line(f"{each.path}" + ("" if each.is_new else " (there already)"))
    _tell_losses(session, [(each.path.name, each.form, loss) for each in outcome.files for loss in each.losses])
    for name, why in outcome.left_out:
        session.output.note(f"Left out {name.titled}: {why}")
    for path in outcome.removed:
        session.output.note(f"Removed {path}: it is not in this site.")
    for path in outcome.stays:
        session.output.note(f"{path} stays, and is not in the index of this site.")
    session.output.note(f"{counted(len(new), 'file')} written to {folder}.")


def _tell_losses(session: Session, losses: Iterable[tuple[str, str, str]]) -> None:
    """Each loss with its file; one that several files have is said once."""
    told = list(losses)
    met = Counter((form, loss) for _, form, loss in told)
    several = {each: count for each, count in met.items() if count > 1}
    for name, form, loss in told:
        if (form, loss) not in several:
            session.output.note(f"{name}: {loss}")
    for (form, loss), count in several.items():
        session.output.note(f"{form}, {count} files: {loss}")


def _shape(folder: Path, outcome: Outcome) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "files": [
            {
                "file": str(each.path),
                "format": each.form,
                "written": each.is_new,
                "losses": list(each.losses),
                **({"audience": each.audience} if each.audience else {}),
                **({**named(each.name), "version": each.version} if each.name else {}),
                **({"lessons": _held(each)} if each.together else {}),
            }
            for each in outcome.files
        ],
        "left_out": [{**dataclasses.asdict(name), "reason": why} for name, why in outcome.left_out],
        "removed": list(map(str, outcome.removed)),
        "stays": list(map(str, outcome.stays)),
    }


def _held(file: Written) -> list[dict[str, Any]]:
    return [{**named(name), "version": version} for name, version in file.together]


# ---------------------------------------------------------------- before anything is written


def tell_before(session: Session, lessons: Sequence[Chosen], files: Files, site: Site | None) -> None:
    """Say which files there would be, and what their formats can't carry."""
    from lessongen.generation.library import shown_in_part

    would: list[dict[str, Any]] = []
    left_out: list[tuple[LessonName, str]] = []
    for chosen in lessons:
        try:
            lesson, lost = shown_in_part(session.app.library.version(chosen.lesson, chosen.version))
        except DataError as error:
            left_out.append((chosen.lesson.name, error.message))
            continue
        targets = [(path, *files.form_of(chosen, path)) for path in files.paths(chosen)]
        if site:
            html = known_formats()["html"]
            targets += [
                (path, html, audience) for path, audience in zip(site.paths(chosen), site.audiences, strict=True)
            ]
        for path, form, audience in targets:
            losses = list(dict.fromkeys((*lost, *form.losses(lesson, audience))))
            told = {"file": str(path), "format": form.name, "audience": audience, "losses": losses}
            would.append({**told, **named(chosen.lesson.name)})
    _tell_would(session, would, left_out)


def tell_before_together(single: Single) -> None:
    """The same of all lessons in one file of each format."""
    would = [
        {"file": str(path), "format": form.name, "audience": audience, "losses": list(losses)}
        for path, form, audience, losses in single.would_lose()
    ]
    left_out = [(chosen.lesson.name, why) for chosen, why in single.left_out.items()]
    _tell_would(single.session, would, left_out)


def _tell_would(
    session: Session, would: Sequence[Mapping[str, Any]], left_out: Sequence[tuple[LessonName, str]]
) -> None:
    if session.output.as_json:
        shape = {"would_write": would, "left_out": [{**dataclasses.asdict(n), "reason": why} for n, why in left_out]}
        session.output.json(shape)
        return
    for each in would:
        session.output.line(each["file"])
    _tell_losses(
        session, [(Path(each["file"]).name, each["format"], loss) for each in would for loss in each["losses"]]
    )
    for name, why in left_out:
        session.output.note(f"Would leave out {name.titled}: {why}")
    session.output.note(f"{counted(len(would), 'file')} would be written. Nothing was.")
