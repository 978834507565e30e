"""How `export` writes: one lesson in memory at a time, whole files alone, and nothing over what is there.

What is there already is looked at before anything is written. So each lesson is laid out once in a run, whether its
files are new or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lessongen.commands.export_choice import Chosen
from lessongen.commands.progress import progress
from lessongen.exporters import Exported, Format
from lessongen.system.errors import CannotWrite, DataError, Interrupted, NotFound
from lessongen.system.filenames import unlike
from lessongen.system.files import holds_other, make_folder, write_whole
from lessongen.system.terminal import counted

if TYPE_CHECKING:
    from lessongen.commands.session import Session
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson
    from lessongen.lesson.versions import LessonName, Version
    from lessongen.system.paper import Paper

NOTHING = "nothing was written"
"""What is said of a file that would be replaced before any was."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A lesson with what its files say of it; `lost` is what of it can't be read."""

    chosen: Chosen
    version: Version
    lesson: Lesson
    about: Mapping[str, Any]
    image: str
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file that is there now as it is to be; `is_new` where this run wrote it.

    It has the version of the lesson that is called so; or those that are in it `together`, in their order.
    """

    path: Path
    form: str
    is_new: bool
    losses: tuple[str, ...] = ()
    audience: Audience | None = None
    name: LessonName | None = None
    version: str = ""
    together: tuple[tuple[LessonName, str], ...] = ()


class Product(Protocol):
    """Something to be made of lessons: files in a format, or a site."""

    @property
    def folder(self) -> Path:
        """Where it goes."""

    def paths(self, chosen: Chosen) -> Sequence[Path]:
        """Where a lesson's files go; the same at each call."""

    def make(self, loaded: Loaded, path: Path) -> tuple[Exported, str, Audience]:
        """One of these files, its format and for whom it is."""

    @property
    def is_begun(self) -> bool:
        """Whether there is already what stands on all lessons, so that all are to be made before one is written."""

    def closing(self) -> Iterator[tuple[Path, bytes]]:
        """What stands on all lessons, after the last one."""


@dataclass(kw_only=True)
class Files:
    """Files in some formats, for teachers, students, or both."""

    folder: Path
    forms: Sequence[Format]
    audiences: Sequence[Audience]
    paper: Paper
    is_begun: bool = False
    _named: dict[Chosen, dict[Path, tuple[Format, Audience]]] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def paths(self, chosen: Chosen) -> Sequence[Path]:
        """One file a format and edition, named after subject and topic."""
        if chosen not in self._named:
            self._named[chosen] = dict(self._names(chosen))
        return list(self._named[chosen])

    def _names(self, chosen: Chosen) -> Iterator[tuple[Path, tuple[Format, Audience]]]:
        for audience in self.audiences:
            for form in (each for each in self.forms if not (each.has_keys and audience == "student")):
                stem = form.stem(chosen.lesson.name, audience, chosen.number)
                name = unlike(stem, f".{form.ending}", self._taken)
                self._taken.add(name.casefold())
                yield self.folder / name, (form, audience)

    def form_of(self, chosen: Chosen, path: Path) -> tuple[Format, Audience]:
        """The format of one of a lesson's files, and for whom it is."""
        return self._named[chosen][path]

    def make(self, loaded: Loaded, path: Path) -> tuple[Exported, str, Audience]:
        """The lesson in the format of that file."""
        form, audience = self.form_of(loaded.chosen, path)
        made = form.write(loaded.lesson, audience=audience, about=loaded.about, image=loaded.image, paper=self.paper)
        return made, form.name, audience

    def closing(self) -> Iterator[tuple[Path, bytes]]:
        """Nothing: each file stands by itself."""
        return iter(())


class Writing:
    """One run over some lessons."""

    def __init__(
        self, session: Session, lessons: Sequence[Chosen], products: Sequence[Product], *, force: bool
    ) -> None:
        self._session, self._lessons, self._products, self._force = session, lessons, products, force
        self._there: dict[Path, Written] = {}
        self.left_out: dict[Chosen, str] = {}
        self._done = 0

    def run(self, folder: Path) -> list[Written]:
        """Write all that is not there. Raises `CannotWrite` before anything is written where a file would be replaced.

        Ctrl-C raises `Interrupted`, which says how far it came.
        """
        for product in self._products:
            for each in self._lessons:
                product.paths(each)  # in the order of the lessons, whichever is made first
        if not self._force:
            self._look()
        make_folder(folder, hint="Choose another.")
        try:
            files = list(self._write())
            files += self._close()
        except KeyboardInterrupt:
            total = len(self._lessons)
            raise Interrupted(
                f"Stopped: {self._done} of {counted(total, 'lesson')} written to {folder}, each file of them whole.",
                hint="The same command goes on where it stopped.",
            ) from None
        return files

    # ------------------------------------------------------------ before

    def _look(self) -> None:
        """Compare what is there with what is to be there."""
        begun = [product for product in self._products if product.is_begun]
        concerned = [
            each
            for each in self._lessons
            if begun or any(path.exists() for product in self._products for path in product.paths(each))
        ]
        with progress(self._session.output, len(concerned)) as advance:
            for each in concerned:
                self._look_at(each, begun)
                advance(each.lesson.name.titled)
        for product in begun:
            for path, data in product.closing():
                refuse_other(path, data, NOTHING)

    def _look_at(self, chosen: Chosen, begun: Sequence[Product]) -> None:
        loaded = None
        for product in self._products:
            for path in product.paths(chosen):
                if product not in begun and not path.exists():
                    continue
                loaded = loaded or self._load(chosen)
                if loaded is None:
                    return
                exported, form, audience = product.make(loaded, path)
                if path.exists():
                    refuse_other(path, exported.data, NOTHING)
                    self._there[path] = _written(loaded, path, exported, form, audience, is_new=False)

    # ------------------------------------------------------------ writing

    def _write(self) -> Iterator[Written]:
        with progress(self._session.output, len(self._lessons)) as advance:
            for each in self._lessons:
                yield from self._files_of(each)
                self._done += each not in self.left_out
                advance(each.lesson.name.titled)

    def _files_of(self, chosen: Chosen) -> Iterator[Written]:
        if chosen in self.left_out:
            return
        loaded = None
        for product in self._products:
            for path in product.paths(chosen):
                if path in self._there:
                    yield self._there[path]
                    continue
                loaded = loaded or self._load(chosen)
                if loaded is None:
                    return
                exported, form, audience = product.make(loaded, path)
                is_new = put(path, exported.data, force=self._force)
                yield _written(loaded, path, exported, form, audience, is_new=is_new)

    def _close(self) -> Iterator[Written]:
        for product in self._products:
            for path, data in product.closing():
                is_new = put(path, data, force=self._force)
                yield Written(path=path, form="site", is_new=is_new)

    def _load(self, chosen: Chosen) -> Loaded | None:
        """The lesson, or None where it can't be read, which is kept to be told."""
        try:
            return loaded(self._session, chosen)
        except (DataError, NotFound) as error:
            self.left_out[chosen] = error.message
            return None


def loaded(session: Session, chosen: Chosen) -> Loaded:
    """A lesson that is to be exported. Raises `DataError`, `NotFound`."""
    from lessongen.generation.library import shown, shown_in_part

    library = session.app.library
    version = library.version(chosen.lesson, chosen.version)
    lesson, lost = shown_in_part(version)
    about, image = shown(version, "teacher")["metadata"], library.image(version, lesson)
    return Loaded(chosen=chosen, version=version, lesson=lesson, about=about, image=image, lost=lost)


def put(path: Path, data: bytes, *, force: bool) -> bool:
    """Whether it had to be written. Raises `CannotWrite` where something else is there, unless forced."""
    make_folder(path.parent, hint="Choose another.")
    _require_file(path)
    if path.is_file() and not holds_other(path, data):
        return False
    if not force:
        refuse_other(path, data)  # that was put there in the meantime
    write_whole(path, data)
    return True


def _written(loaded: Loaded, path: Path, exported: Exported, form: str, audience: Audience, *, is_new: bool) -> Written:
    return Written(
        path=path,
        form=form,
        is_new=is_new,
        losses=(*loaded.lost, *exported.losses),
        audience=audience,
        name=loaded.version.lesson.name,
        version=loaded.version.text,
    )


def refuse_other(path: Path, data: bytes, what: str = "it was left alone") -> None:
    """Raise `CannotWrite` where there is something else, saying what was done."""
    _require_file(path)
    if holds_other(path, data):
        raise CannotWrite(
            f"{path} is there already, with other content; {what}.",
            hint="Choose another folder with --into, or replace what is there with --force.",
        )


def _require_file(path: Path) -> None:
    if path.exists() and not path.is_file():
        raise CannotWrite(f"{path} is there already, and no file.", hint="Choose another folder with --into.")
