"""A lesson as a file: each format by its name, told of and made by one module of `lessongen.exporters.formats`.

To add one: a module there with a `FORMAT`, whose `export` makes an `Order` into a file's bytes. Commands, the web API
and their help follow.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any

from lessongen.system.errors import UsageError
from lessongen.system.filenames import file_stem
from lessongen.system.libraries import are_installed, require_extra
from lessongen.system.paper import A4, Paper

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson
    from lessongen.lesson.versions import LessonName


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A lesson's file, and in plain sentences what of the lesson is not in it or is changed there."""

    data: bytes
    losses: tuple[str, ...] = ()


def not_told(loss: str) -> None:
    """Of an order from whom nobody asks what is not in the file."""


@dataclass(frozen=True)
class Order:
    """What a file is made from: a lesson, for whom, and what is known of that version.

    `image` is the file of the lesson's picture in base64. A format that prints does so on `paper`. What turns out to be
    bad only as the file is written, as a figure that can't be drawn, is left out and the rest is written: `leave_out`
    is called with a sentence that says so. A format passes over what it has no use for.
    """

    lesson: Lesson
    audience: Audience
    about: Mapping[str, Any] = field(default_factory=dict)
    _: KW_ONLY
    image: str = ""
    paper: Paper = A4
    leave_out: Callable[[str], None] = not_told


def nothing_more() -> None:
    """Of a format that needs nothing but its libraries."""


def nothing_lost(lesson: Lesson, audience: Audience) -> Iterable[str]:
    """Of a format that can hold all that a lesson has."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format of files. `ending` is that of its files' names, without the dot; its name where none is given.

    A file that is named to end in one of `asked_by` is written in it, if nothing else is said; where none are given,
    that is the ending of a format that is called like it. `about` is what the help says of it, `place` where it stands
    in lists.

    `export` makes the file's bytes from an order and nothing else; a student's file holds no answer. `join` makes one
    file of several orders, which come once and one at a time, with the title that the lessons have together; a format
    that can't has none. Such a file ends in `joined_ending`, that of one lesson's where none is given. `losses` says
    before anything is written what of a lesson this format can't carry: "GIFT has no ordering: 2 questions become
    matching ones.", a sentence each.

    One that `has_keys` in any case is for teachers alone. One that `is_binary` goes to files alone. One that needs
    libraries names the `extra` of ours that has them, and what is imported of them as `libraries`; `needs_more` raises
    `ConfigurationError` where the machine lacks something else.
    """

    name: str
    ending: str = ""
    media_type: str
    export: Callable[[Order], bytes]
    join: Callable[[str, Iterable[Order]], bytes] | None = None
    joined_ending: str = ""
    asked_by: tuple[str, ...] = ()
    about: str = ""
    place: int = 100
    losses: Callable[[Lesson, Audience], Iterable[str]] = nothing_lost
    has_keys: bool = False
    is_binary: bool = False
    extra: str = ""
    libraries: tuple[str, ...] = ()
    needs_more: Callable[[], object] = nothing_more

    def __post_init__(self) -> None:
        ending = self.ending or self.name
        object.__setattr__(self, "ending", ending)
        object.__setattr__(self, "joined_ending", self.joined_ending or ending)
        object.__setattr__(self, "asked_by", self.asked_by or ((ending,) if ending == self.name else ()))

    @property
    def is_available(self) -> bool:
        """Whether what it needs is installed."""
        return are_installed(self.libraries)

    def require(self, audience: Audience) -> None:
        """Raise `UsageError` for students where it has keys, `ConfigurationError` where what it needs is not installed.

        To be asked before any work is done.
        """
        if self.has_keys and audience == "student":
            raise UsageError(
                f"A {self.name} file has the keys of its questions in it, so there is none for students.",
                hint="Make the teacher's: a learning platform keeps the keys from those whom it asks.",
            )
        require_extra(self.extra, self.libraries, f"The format {self.name}")
        self.needs_more()

    def write(
        self, lesson: Lesson, *, audience: Audience, about: Mapping[str, Any], image: str, paper: Paper = A4
    ) -> Exported:
        """The lesson as a file's bytes, with its picture, in base64, where the format holds it.

        Raises what `require` does.
        """
        self.require(audience)
        losses = list(self.losses(lesson, audience))
        data = self.export(Order(lesson, audience, about, image=image, paper=paper, leave_out=losses.append))
        return Exported(data=data, losses=tuple(dict.fromkeys(losses)))

    def write_together(self, title: str, orders: Iterable[Order]) -> bytes:
        """Several lessons as one file's bytes, as `join` makes it; the title may be a stranger's."""
        from lessongen.exporters.markup import sound
        from lessongen.system.printable import printable

        if self.join is None:
            raise UsageError(f"The format {self.name} can't hold several lessons in one file.")
        return self.join(sound(printable(title)), orders)

    def stem(self, lesson: LessonName, audience: Audience, number: int = 1) -> str:
        """The name, without its ending, of a lesson's file for teachers or students.

        A format that no ending asks for is named in it, however long the lesson's name: its files would be called as
        another one's. A `number` above 1 tells the lesson from others whose files would be called alike.
        """
        return self.stem_of(named_in_files(lesson), audience, number)

    def stem_of(self, names: Sequence[str], audience: Audience, number: int = 1) -> str:
        """The same of a file that is named after something else."""
        marks = [
            *([] if self.asked_by else [self.name.removesuffix(f"-{self.ending}")]),
            *(["student"] if audience == "student" else []),
            *([str(number)] if number > 1 else []),
        ]
        return file_stem(names, marks)


def named_in_files(lesson: LessonName) -> list[str]:
    """What of a lesson its files are named after."""
    return [lesson.subject, lesson.topic, *lesson.qualifiers.values()]


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


def told(form: Format) -> str:
    """A format's name in a list, with what it lacks here."""
    return form.name if form.is_available else f"{form.name} (needs the extra {form.extra})"


def not_installed(formats: Iterable[Format]) -> Iterable[str]:
    """What a help says of those that can't be had here, if any."""
    lacking = [each.name for each in formats if not each.is_available]
    if lacking:
        yield f"not installed here: {', '.join(lacking)}: pip install 'lessongen[formats]'"
