"""HTML: one file for screen and paper, that asks nothing of the network and runs no script."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from lessongen.exporters.sheet import LICENCE_NOTE, Sheet, lay_out, split_at_gaps

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"))


def export(lesson: Lesson, *, audience: Audience, about: Mapping[str, Any]) -> bytes:
    """The lesson as a page; a teacher's answer key prints on a page of its own."""
    return page("lesson.html", lay_out(lesson, audience, about))


def page(name: str, sheet: Sheet, **more: object) -> bytes:
    """A template of ours filled in with a sheet."""
    direction = "rtl" if sheet.language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    return template(name).render(sheet=sheet, direction=direction, licence_note=LICENCE_NOTE, **more).encode()


@cache
def template(name: str) -> Template:
    """A template that escapes all that is put into it."""
    environment = Environment(
        loader=PackageLoader("lessongen.exporters", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["split_at_gaps"] = split_at_gaps
    return environment.get_template(name)
