"""`export --single`: all lessons in one file of each format, named after what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from lessongen.commands.export_choice import Chosen, Together
from lessongen.commands.export_site import SITE
from lessongen.commands.export_writing import NOTHING, Written, loaded, put, refuse_other
from lessongen.commands.progress import progress
from lessongen.exporters import Format, Order, known_formats
from lessongen.system.errors import DataError, Interrupted, NotFound, UsageError
from lessongen.system.files import make_folder
from lessongen.system.terminal import counted, quoted

if TYPE_CHECKING:
    from lessongen.commands.session import Session
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson
    from lessongen.lesson.versions import LessonName
    from lessongen.system.paper import Paper


def require_joining(names: Sequence[str]) -> None:
    """Raise `UsageError` where one of these can't hold several lessons in one file."""
    known = known_formats()
    for name in names:
        if name == SITE or (name in known and known[name].join is None):
            those = ", ".join(each.name for each in known.values() if each.join is not None)
            raise UsageError(
                f"The format {quoted(name)} can't hold several lessons in one file.",
                hint=f"Give one of {those}, or leave out --single.",
            )


@dataclass(kw_only=True)
class Single:
    """The file of each format and edition. One lesson is in memory at a time, beside the file that is being made."""

    session: Session
    lessons: Sequence[Chosen]
    together: Together
    folder: Path
    forms: Sequence[Format]
    audiences: Sequence[Audience]
    paper: Paper
    left_out: dict[Chosen, str] = field(default_factory=dict)

    def targets(self) -> Iterator[tuple[Path, Format, Audience]]:
        """Where each file goes, and what it is."""
        for audience in self.audiences:
            for form in (each for each in self.forms if not (each.has_keys and audience == "student")):
                stem = form.stem_of(self.together.names, audience)
                yield self.folder / f"{stem}.{form.joined_ending}", form, audience

    def write(self, *, force: bool) -> list[Written]:
        """Write all that is not there. Raises `CannotWrite` before anything is written where a file would be replaced.

        Ctrl-C raises `Interrupted`, and leaves each file as it was, or whole.
        """
        there: dict[Path, Written] = {}
        targets = list(self.targets())
        with progress(self.session.output, len(self.lessons) * len(targets)) as advance:
            try:
                for path, form, audience in () if force else targets:
                    if path.exists():
                        made = self._made(path, form, audience, advance)
                        if made:
                            refuse_other(path, made[0], NOTHING)
                            there[path] = made[1]
                make_folder(self.folder, hint="Choose another.")
                return [each for target in targets for each in self._written(target, there, advance, force=force)]
            except KeyboardInterrupt:
                raise Interrupted(
                    f"Stopped: a file of {counted(len(self.lessons), 'lesson')} is written when all of them are in it.",
                    hint="The same command begins again.",
                ) from None

    def would_lose(self) -> list[tuple[Path, Format, Audience, tuple[str, ...]]]:
        """Each file that there would be, with what its format can't carry of the lessons."""
        told = []
        for path, form, audience in self.targets():
            losses = _Losses()
            for name, lesson, lost in self._read():
                losses.add(name, [*lost, *form.losses(lesson, audience)])
            told.append((path, form, audience, losses.told))
        return told

    def _read(self) -> Iterator[tuple[LessonName, Lesson, tuple[str, ...]]]:
        from lessongen.generation.library import shown_in_part

        library = self.session.app.library
        for chosen in self.lessons:
            try:
                lesson, lost = shown_in_part(library.version(chosen.lesson, chosen.version))
            except (DataError, NotFound) as error:
                self.left_out[chosen] = error.message
                continue
            yield chosen.lesson.name, lesson, tuple(lost)

    def _written(
        self,
        target: tuple[Path, Format, Audience],
        there: dict[Path, Written],
        advance: Callable[[str], None],
        *,
        force: bool,
    ) -> Iterator[Written]:
        path, form, audience = target
        if path in there:
            yield there[path]
        elif made := self._made(path, form, audience, advance):
            data, told = made
            yield replace(told, is_new=put(path, data, force=force))

    def _made(
        self, path: Path, form: Format, audience: Audience, advance: Callable[[str], None]
    ) -> tuple[bytes, Written] | None:
        """A file's content with what is told of it; nothing where no lesson can be read."""
        losses = _Losses()
        held: list[tuple[LessonName, str]] = []

        def orders() -> Iterator[Order]:
            for chosen in self.lessons:
                advance(chosen.lesson.name.titled)
                try:
                    each = loaded(self.session, chosen)
                except (DataError, NotFound) as error:
                    self.left_out[chosen] = error.message
                    continue
                name, found = chosen.lesson.name, [*each.lost, *form.losses(each.lesson, audience)]
                order = Order(
                    each.lesson, audience, each.about, image=each.image, paper=self.paper, leave_out=found.append
                )
                held.append((name, each.version.text))
                yield order
                losses.add(name, found)

        given = orders()
        first = next(given, None)
        if first is None:
            return None
        data = form.write_together(self.together.title, chain([first], given))
        return data, Written(
            path=path, form=form.name, is_new=False, losses=losses.told, audience=audience, together=tuple(held)
        )


class _Losses:
    """What is lost of several lessons in one file."""

    def __init__(self) -> None:
        self._of: dict[str, list[str]] = {}
        self._lessons = 0

    def add(self, name: LessonName, losses: Iterable[str]) -> None:
        """What is lost of one more lesson."""
        self._lessons += 1
        for each in dict.fromkeys(losses):
            self._of.setdefault(each, []).append(name.titled)

    @property
    def told(self) -> tuple[str, ...]:
        """A sentence each; with the lesson where one of several loses it, or how many do."""
        if self._lessons == 1:
            return tuple(self._of)
        return tuple(
            f"{names[0] if len(names) == 1 else f'{len(names)} lessons'}: {loss}" for loss, names in self._of.items()
        )
