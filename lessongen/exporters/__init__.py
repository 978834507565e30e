"""A lesson as a file: each format by its name, told of and made by one module of `lessongen.exporters.formats`.

To add one: a module there with a `FORMAT`. Commands, the web API and their help follow.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lessongen.system.filenames import file_stem

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience, Exporter
    from lessongen.lesson.model import Lesson
    from lessongen.lesson.versions import LessonName


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format of files. `ending` is that of its files' names, without the dot.

    A file that is named to end in one of `asked_by` is written in it, if nothing else is said. `about` is what the help
    says of it, `place` where it stands in lists. The `export` of one that `holds_image` takes `image` too, the file
    of the lesson's picture in base64.
    """

    name: str
    ending: str
    media_type: str
    export: Exporter
    asked_by: tuple[str, ...] = ()
    about: str = ""
    place: int = 100
    holds_image: bool = False

    def write(self, lesson: Lesson, *, audience: Audience, about: Mapping[str, Any], image: str) -> bytes:
        """The lesson as a file's bytes, with its picture, in base64, where the format holds it."""
        export: Callable[..., bytes] = self.export
        more = {"image": image} if self.holds_image else {}
        return export(lesson, audience=audience, about=about, **more)

    def stem(self, lesson: LessonName, audience: Audience) -> str:
        """The name, without its ending, of a lesson's file for teachers or students.

        A format that no ending asks for is named in it: its files would be called as another one's.
        """
        marks = [*([] if self.asked_by else [self.name]), *(["student"] if audience == "student" else [])]
        return file_stem([lesson.subject, lesson.topic, *lesson.qualifiers.values(), *marks])


def known_formats() -> Mapping[str, Format]:
    """Each format by its name, in the order of their places.

    Their modules load what they lay a lesson out with when they are asked for one: the command line's help needs none.
    """
    folder = importlib.import_module("lessongen.exporters.formats")
    modules = (
        importlib.import_module(f"{folder.__name__}.{each.name}") for each in pkgutil.iter_modules(folder.__path__)
    )
    found: list[Format] = sorted((each.FORMAT for each in modules), key=lambda each: (each.place, each.name))
    return {each.name: each for each in found}


def exporter(form: str) -> Exporter:
    """What makes a lesson's file in a format."""
    return known_formats()[form].export
