"""The installed encyclopedia, as `Encyclopedia` asks for it: articles, their neighbours, kin and mentions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lessongen.lesson.encyclopedia import Entry, Mention
from lessongen.lesson.material import Document, Part
from lessongen.sources.offline.index import Index, open_index
from lessongen.sources.offline.mentions import Sense, find_mentions
from lessongen.sources.offline.neighbours import from_blob
from lessongen.sources.offline.pack import Pack, find_pack
from lessongen.text.nouns import plural, singular
from lessongen.text.words import fold, split_title

_ENTRY = "SELECT id, title, description, text, category, is_common_noun, popularity FROM entries "
_BY_ID = "WHERE id = ?"
_BY_TITLE = "WHERE title = ?"
_BY_FOLDED_TITLE = "WHERE id IN (SELECT entry_id FROM surfaces WHERE form = ?) ORDER BY popularity DESC, id"
_SIBLINGS = (
    "WHERE category = ?1 AND head = (SELECT head FROM entries WHERE id = ?2) AND head <> '' AND id <> ?2 "
    "ORDER BY popularity DESC, id LIMIT ?3"
)
# bm25's weights: title, description, text. A description that names the title is the surest sign of kinship.
_NAMING = (
    "JOIN (SELECT rowid, bm25(words, 4, 4, 1) AS distance FROM words WHERE words MATCH ?1) AS hit ON id = hit.rowid "
    "WHERE id <> ?2 ORDER BY hit.distance, id LIMIT ?3"
)
_NEIGHBOURS = "SELECT neighbours FROM entries WHERE id = ?"
_HAS_NEIGHBOURS = "SELECT value FROM meta WHERE name = 'has_neighbours'"
_SENSES = (
    "SELECT surfaces.form, entries.id, entries.title, category, is_common_noun, popularity FROM json_each(?) "
    "JOIN surfaces ON surfaces.form = json_each.value JOIN entries ON entries.id = surfaces.entry_id ORDER BY 1, 2"
)


def open_encyclopedia(folder: Path) -> OfflineEncyclopedia:
    """The installed encyclopedia, with its index in `folder`; the first call there builds that (about two seconds).

    Raises `ConfigurationError` if the pack is not installed or the index can't be built.
    """
    pack = find_pack()
    return OfflineEncyclopedia(open_index(folder, pack), pack)


class OfflineEncyclopedia:
    """The English leads of the installed pack; implements `Encyclopedia`, for any number of threads at once."""

    def __init__(self, index: Index, pack: Pack) -> None:
        self.index = index
        self.pack = pack

    @property
    def has_neighbours(self) -> bool:
        """Whether the shipped neighbour table fits the installed pack; without it `neighbours` is empty."""
        return self.index.rows(_HAS_NEIGHBOURS) == [("1",)]

    def entry(self, entry_id: int) -> Entry:
        return self._entries(_BY_ID, entry_id)[0]

    def entry_titled(self, title: str) -> Entry | None:
        """The article of exactly that title; failing that, of that title but for case and accents."""
        folded = fold(title.replace("_", " ")).strip()
        candidates = self._entries(_BY_TITLE, title) or self._entries(_BY_FOLDED_TITLE, folded)
        return next((entry for entry in candidates if fold(entry.title) == folded), None)

    def neighbours(self, entry: Entry) -> Mapping[int, float]:
        return from_blob(self.index.rows(_NEIGHBOURS, entry.id)[0][0])

    def siblings(self, entry: Entry, limit: int = 300) -> Sequence[Entry]:
        return self._entries(_SIBLINGS, entry.category, entry.id, limit)

    def naming(self, entry: Entry, limit: int = 60) -> Sequence[Entry]:
        """Articles whose text names this one's title; those near in meaning first, then by BM25."""
        name = fold(split_title(entry.title)[0]).replace('"', " ")
        phrases = f'"{name}" OR "{plural(name)}" OR "{singular(name)}"'
        near = self.neighbours(entry)
        found = self._entries(_NAMING, phrases, entry.id, 3 * limit)
        return sorted(found, key=lambda other: -near.get(other.id, 0.0))[:limit]

    def mentions(self, text: str, about: Entry) -> Sequence[Mention]:
        return find_mentions(text, about, self.neighbours(about), self._senses)

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def _senses(self, forms_as_json: str) -> Iterable[Sense]:
        for form, entry_id, title, category, is_common_noun, popularity in self.index.rows(_SENSES, forms_as_json):
            yield Sense(
                form=form,
                entry_id=entry_id,
                title=title,
                category=category,
                is_common_noun=bool(is_common_noun),
                popularity=popularity,
            )

    def _entries(self, condition: str, *values: Any) -> list[Entry]:
        return [self._entry(row) for row in self.index.rows(_ENTRY + condition, *values)]

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        entry_id, title, description, text, category, is_common_noun, popularity = row
        document = Document(
            title=title,
            text=text,
            language=self.pack.language,
            url=_address(title),
            revision=self.pack.revision,
            retrieved=self.pack.retrieved,
            licence="CC BY-SA 4.0",
            attribution=f"Wikipedia contributors, “{title}”, Wikipedia, the free encyclopedia",
            description=description,
            parts=(Part(heading="", start=0, end=len(text)),),
        )
        return Entry(
            id=entry_id,
            document=document,
            category=category,
            is_common_noun=bool(is_common_noun),
            popularity=popularity,
        )


def _address(title: str) -> str:
    return "https://en.wikipedia.org/wiki/" + quote(title.replace(" ", "_"), safe="/:,()!'*@;$~")
