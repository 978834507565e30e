"""`export --format site`: the lessons as a site in a folder, and what an earlier site left there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lessongen.commands.export_choice import Chosen
from lessongen.commands.export_writing import Loaded
from lessongen.exporters import Exported, Order, known_formats
from lessongen.exporters.site import INDEX, LIST, PAGES, WORDS, Entry, digest_of, index, listed, listing, page_of, words
from lessongen.system.filenames import unlike

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience

SITE = "site"


@dataclass(kw_only=True)
class Site:
    """A page a lesson and edition in the folder `lessons`, with the index beside it."""

    folder: Path
    audiences: Sequence[Audience]
    _named: dict[Chosen, dict[Audience, str]] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _entries: dict[Chosen, Entry] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)

    def paths(self, chosen: Chosen) -> Sequence[Path]:
        """The lesson's pages."""
        if chosen not in self._named:
            self._named[chosen] = {each: self._name(chosen, each) for each in self.audiences}
        return [self.folder / name for name in self._named[chosen].values()]

    def _name(self, chosen: Chosen, audience: Audience) -> str:
        stem = known_formats()["html"].stem(chosen.lesson.name, audience, chosen.number)
        name = unlike(stem, ".html", self._taken)
        self._taken.add(name.casefold())
        return f"{PAGES}/{name}"

    def make(self, loaded: Loaded, path: Path) -> tuple[Exported, str, Audience]:
        """One of its pages; the lesson is in the index from then on."""
        names = self._named[loaded.chosen]
        audience, name = next((each, name) for each, name in names.items() if self.folder / name == path)
        order = Order(loaded.lesson, audience, loaded.about, image=loaded.image)
        made, self._entries[loaded.chosen] = page_of(order, names)
        self._digests[name] = digest_of(made.data)
        return made, SITE, audience

    @property
    def is_begun(self) -> bool:
        """Whether a site is there already."""
        return any((self.folder / name).exists() for name in (INDEX, WORDS, LIST))

    def closing(self) -> Iterator[tuple[Path, bytes]]:
        """The index, what it is searched by, and the list of all files."""
        entries = list(self._entries.values())
        made = {INDEX: index(entries), WORDS: words(entries)}
        for name, data in made.items():
            yield self.folder / name, data
        files = self._digests | {name: digest_of(data) for name, data in made.items()}
        yield self.folder / LIST, listing(files)

    # ------------------------------------------------------------ what is there of an earlier one

    def earlier(self) -> dict[str, str]:
        """The pages of the site that is there, with their digests as they were written."""
        with contextlib.suppress(OSError):
            return dict(listed((self.folder / LIST).read_bytes()))
        return {}

    def clear(self, earlier: dict[str, str], *, force: bool) -> tuple[list[Path], list[Path]]:
        """Remove the pages of an earlier site that this one has no more, where forced: those removed, and what stays.

        A page that was changed since, or that no earlier site wrote, stays in any case.
        """
        removed: list[Path] = []
        stays: list[Path] = []
        pages = self.folder / PAGES
        for path in sorted(pages.glob("*")) if pages.is_dir() else ():
            name = f"{PAGES}/{path.name}"
            if name in self._digests:
                continue
            is_ours = path.is_file() and not path.is_symlink() and name in earlier
            if force and is_ours and digest_of(path.read_bytes()) == earlier[name]:
                path.unlink()
                removed.append(path)
            else:
                stays.append(path)
        return removed, stays
