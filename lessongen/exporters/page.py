"""Pages of HTML for screen and paper. They ask nothing of the network, and run no script but our own."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from lessongen.exporters.direction import kept_on_a_page
from lessongen.exporters.shapes import Drawing, Sheet
from lessongen.exporters.sheet import LICENCE_NOTE, SAFETY_NOTE, split_at_gaps

if TYPE_CHECKING:
    from jinja2 import Environment, Template


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"))


def page(name: str, sheet: Sheet, **more: object) -> bytes:
    """A template of ours filled in with a sheet."""
    direction = "rtl" if is_right_to_left(sheet.language) else "ltr"
    notes = {"licence_note": LICENCE_NOTE, "safety_note": SAFETY_NOTE}
    own: dict[str, object] = {
        "forms": {},
        "runs": "",
        "trail": (),
        "has_contents": False,
        "sheet": sheet,
        "language": code_of(sheet.language),
        "direction": direction,
    }
    made = template(name).render(**{**own, **notes, **more})
    return (kept_on_a_page(made) if direction == "rtl" else made).encode()


def not_shown(sheet: Sheet) -> Iterator[str]:
    """Which pictures a page tells in words, and why."""
    for block in (block for phase in sheet.phases for block in phase.blocks):
        if isinstance(block, Drawing) and not block.picture.svg:
            yield f"The figure “{block.title}” is told in words: it is not safe to be shown."
    if sheet.image and not sheet.image.data:
        yield f"The image “{sheet.image.title}” is told in words: its file is not at hand."


@cache
def script(name: str) -> str:
    """A script of ours."""
    return files("lessongen.exporters").joinpath(f"templates/{name}").read_text(encoding="utf-8")


def digest(code: str) -> str:
    """By what a policy lets this script run, and no other one."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def in_script(value: object) -> str:
    """A value as JSON that may stand in a script: no text in it can end that, or begin a comment."""
    text = json.dumps(value, ensure_ascii=False)
    for character in "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def code_of(language: str) -> str:
    """The language as programs know it; that it is not known, where it is no code."""
    return language if _LANGUAGE.fullmatch(language) else "und"


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
