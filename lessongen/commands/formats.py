"""`formats`: the formats that lessons are exported in, and what each can't carry of a lesson."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from lessongen.commands.export_site import SITE
from lessongen.commands.naming import named_version
from lessongen.commands.session import Edition, Run, words_argument
from lessongen.exporters import Format, known_formats

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

_SITE_ABOUT = "site is a page for each lesson with an index to search"


def formats(
    *,
    words: Annotated[
        list[str] | None,
        words_argument("[SUBJECT TOPIC...|TASK]", "A lesson, to be told what each format can't carry of it."),
    ] = None,
    edition: Edition,
    run: Run,
) -> None:
    """List the formats that `show` and `export` know, for whom they are and what they need.

    With a lesson, what each format leaves out or changes of it is told before anything is written.
    """
    lesson: Lesson | None = None
    if words:
        from lessongen.generation.library import lesson_shown

        session = run.existing()
        output = session.output
        lesson = lesson_shown(named_version(session, edition.of(words)))
    else:
        output = run.output()
    shapes = [*(_shape(each, lesson) for each in known_formats().values()), *_site(lesson)]
    if output.as_json:
        output.json({"formats": shapes})
        return
    if lesson is None:
        rows = [[each["format"], each["ending"], " and ".join(each["for"]), _more(each)] for each in shapes]
        output.table(("Format", "Ending", "For", "More"), rows, narrow=(0, 2))
        return
    for each in shapes:
        output.line(each["format"] + ("" if each["losses"] else ": all of it"))
        for loss in each["losses"]:
            output.line(f"  {loss}", hang=4)


def _shape(form: Format, lesson: Lesson | None) -> dict[str, Any]:
    audiences: tuple[Audience, ...] = ("teacher",) if form.has_keys else ("teacher", "student")
    shape = {
        "format": form.name,
        "ending": form.ending,
        "media_type": form.media_type,
        "for": [f"{each}s" for each in audiences],
        "about": form.about,
        "available": form.is_available,
        "extra": form.extra,
    }
    return shape if lesson is None else {**shape, "losses": list(dict.fromkeys(form.losses(lesson, "teacher")))}


def _site(lesson: Lesson | None) -> Iterator[dict[str, Any]]:
    """A site, which `export` alone makes, of pages as `html` has them."""
    yield {**_shape(known_formats()["html"], lesson), "format": SITE, "about": _SITE_ABOUT}


def _more(shape: dict[str, Any]) -> str:
    needs = "" if shape["available"] else f"needs the extra {shape['extra']}"
    return "; ".join(filter(None, (shape["about"], needs)))
