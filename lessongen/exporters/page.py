"""Pages of HTML for screen and paper, that ask nothing of the network and run no script."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lessongen.exporters.shapes import Sheet
from lessongen.exporters.sheet import LICENCE_NOTE, SAFETY_NOTE, WORD_FOR_WORD, split_at_gaps

if TYPE_CHECKING:
    from jinja2 import Environment, Template

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"))


def page(name: str, sheet: Sheet, **more: object) -> bytes:
    """A template of ours filled in with a sheet."""
    direction = "rtl" if is_right_to_left(sheet.language) else "ltr"
    notes = {"licence_note": LICENCE_NOTE, "safety_note": SAFETY_NOTE, "word_for_word": WORD_FOR_WORD}
    return template(name).render(sheet=sheet, direction=direction, **notes, **more).encode()


def is_right_to_left(language: str) -> bool:
    """Whether a language, by its code, is written from right to left."""
    return language.partition("-")[0].lower() in _RIGHT_TO_LEFT


@cache
def template(name: str) -> Template:
    """A template that escapes all that is put into it."""
    environment = templates("lessongen.exporters")
    environment.filters["split_at_gaps"] = split_at_gaps
    return environment.get_template(name)


def templates(package: str) -> Environment:
    """The templates of a package of ours. They escape all that is put into them, and fail where something is not."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
