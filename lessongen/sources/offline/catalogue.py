"""Looking articles up by name, for the cascade: candidates with what is needed to choose between them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.sources.offline.index import Index
from lessongen.sources.offline.names import Kind
from lessongen.text.nouns import plural
from lessongen.text.subjects import recognise, subjects
from lessongen.text.words import split_title, stem, tokens

# An article that the pack itself puts into the subject stands nearer by this much, and at least at twice this.
_WITHIN = 2
_BEGINNING = 5
_MAY_BELONG = 4

_COLUMNS = "entries.id, title, category, is_common_noun, popularity, standings"
_NAMED = f"SELECT kind, {_COLUMNS} FROM names JOIN entries ON entries.id = entry_id WHERE key = ? ORDER BY entry_id"  # noqa: S608 our own columns
_STEMMED = (
    f"SELECT kind, {_COLUMNS} FROM stem_names JOIN entries ON entries.id = entry_id WHERE key = ? ORDER BY entry_id"  # noqa: S608 our own columns
)
# Ids of the titles that hold all the stems of a JSON array.
_HOLDING = f"""
SELECT 'title', {_COLUMNS} FROM entries WHERE entries.id IN (
    SELECT entry_id FROM title_words WHERE word IN (SELECT value FROM json_each(?1))
    GROUP BY entry_id HAVING count(*) = json_array_length(?1)
) ORDER BY entries.id
"""  # noqa: S608
_KEYS_NEAR = """
SELECT DISTINCT key FROM names
WHERE key >= ?1 AND key < ?2 AND length(key) BETWEEN ?3 AND ?4 AND kind IN ('title', 'name', 'alias', 'part')
"""
_TEXT = "SELECT title || ' ' || description || ' ' || text FROM entries WHERE id = ?"
_TEXTS_WITH_WORD = "SELECT doc FROM vocabulary WHERE term = ?"
_DESCRIBED = f"""
SELECT 'title', {_COLUMNS}, entries.description FROM (
    SELECT rowid AS hit, bm25(words, 0, 1, 0) AS distance FROM words WHERE words MATCH ?
    ORDER BY distance, rowid LIMIT ?
) JOIN entries ON entries.id = hit ORDER BY distance, entries.id
"""  # noqa: S608
_MOST_DESCRIBED = 40


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An article that a topic may mean.

    `standing` is how near it is to the asked subject, 0-9, or None where that is no subject we know. `names_subject` is
    True if its disambiguation is that subject, as in "Cell (biology)", False if it is another subject, else None.
    """

    id: int
    kind: Kind
    title: str
    category: str
    is_common_noun: bool
    popularity: int
    standing: int | None
    names_subject: bool | None


class Catalogue:
    """The articles as seen from one subject."""

    def __init__(self, index: Index, subjects: Sequence[int]) -> None:
        self._index = index
        self._subjects = frozenset(subjects)

    def named(self, key: str) -> list[Candidate]:
        """The articles with this light key."""
        return self._candidates(self._index.rows(_NAMED, key)) if key else []

    def stemmed(self, key: str) -> list[Candidate]:
        """The articles whose title has this stem key."""
        return self._candidates(self._index.rows(_STEMMED, key)) if key else []

    def holding(self, stems: Sequence[str]) -> list[Candidate]:
        """The articles whose title holds all of these stems."""
        return self._candidates(self._index.rows(_HOLDING, json.dumps(sorted(set(stems))))) if stems else []

    def keys_near(self, key: str, edits: int) -> list[str]:
        """The keys that open with the same letter and are nearly as long: where a typo's correction must be."""
        first = key[0]
        rows = self._index.rows(_KEYS_NEAR, first, chr(ord(first) + 1), len(key) - edits, len(key) + edits)
        return [row[0] for row in rows]

    def is_word(self, word: str) -> bool:
        """Whether at least two articles use the word as it is."""
        rows = self._index.rows(_TEXTS_WITH_WORD, word)
        return bool(rows) and rows[0][0] >= 2

    def stems_of_text(self, entry_id: int) -> frozenset[str]:
        """The stems of an article's title, description and text."""
        return frozenset(stem(word) for word in tokens(self._index.rows(_TEXT, entry_id)[0][0]))

    def is_related_to_subject(self, word: str) -> bool:
        """Whether a word is the subject's name with another ending: "chemical" in chemistry, "musical" in music."""
        beginning = word[:_BEGINNING]
        return len(beginning) == _BEGINNING and any(
            name.startswith(beginning) for subject in self._subjects for name in subjects()[subject].names
        )

    def articles_with(self, word: str) -> int:
        """In how many articles the word stands, as it is or in the plural."""
        counts = [self._index.rows(_TEXTS_WITH_WORD, form) for form in {word, plural(word)}]
        return sum(rows[0][0] for rows in counts if rows)

    def described_with(self, words: Sequence[str]) -> list[tuple[Candidate, str]]:
        """The articles whose short description has all these words, in singular or plural, with that description."""
        if not words:
            return []
        query = " AND ".join(f'("{word}" OR "{plural(word)}")' for word in words)
        rows = self._index.rows(_DESCRIBED, f"description : ({query})", _MOST_DESCRIBED)
        return list(zip(self._candidates(row[:-1] for row in rows), (row[-1] for row in rows), strict=True))

    @property
    def has_no_subject(self) -> bool:
        """Whether it is seen from no subject that we know: "general"."""
        return not self._subjects

    @property
    def is_undecided(self) -> bool:
        """Whether its subject can't tell articles of one name apart: none, or one as wide as "science"."""
        return all(subjects()[subject].is_wide for subject in self._subjects)

    def may_belong(self, candidate: Candidate) -> bool:
        """Whether the subject, if there is one, does not rule the article out."""
        return candidate.standing is None or candidate.standing >= _MAY_BELONG

    def _candidates(self, rows: Iterable[tuple[Any, ...]]) -> list[Candidate]:
        return [
            Candidate(
                id=entry_id,
                kind=kind,
                title=title,
                category=category,
                is_common_noun=bool(is_common_noun),
                popularity=popularity,
                standing=self._standing(standings, category),
                names_subject=self._names_subject(split_title(title)[1]),
            )
            for kind, entry_id, title, category, is_common_noun, popularity, standings in rows
        ]

    def _names_subject(self, disambiguation: str) -> bool | None:
        named = recognise(disambiguation)
        return not self._subjects.isdisjoint(named) if named and self._subjects else None

    def _standing(self, standings: str, category: str) -> int | None:
        if not self._subjects or not standings:
            return None
        is_within = any(category in subjects()[subject].categories for subject in self._subjects)
        standing = max(int(standings[subject]) for subject in self._subjects)
        return max(standing, _WITHIN) + _WITHIN if is_within else standing
