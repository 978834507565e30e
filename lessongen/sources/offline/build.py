"""Builds the index of the English pack: `python -m lessongen.sources.offline.build FILE`.

It runs in a process of its own, because reading the pack takes memory that a worker would never give back.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from pathlib import Path

from lessongen.sources.offline import facts as derived
from lessongen.sources.offline import neighbours
from lessongen.sources.offline.clean import clean
from lessongen.sources.offline.names import Kind, names_of, stem_key
from lessongen.sources.offline.pack import UNCATEGORIZED, Pack, PackArticle, find_pack
from lessongen.sources.offline.schema import INDEXES, TABLES
from lessongen.system.errors import ExitCode
from lessongen.system.leaving import raise_when_told
from lessongen.system.privacy import keep_private, make_private_folder
from lessongen.text.words import fold, head_noun, split_title


def build(path: Path, pack: Pack) -> None:
    """Write the index of a pack to `path`, whole or not at all."""
    make_private_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    half_written = Path(name)
    try:
        _write(half_written, pack)
        half_written.replace(path)
    finally:
        half_written.unlink(missing_ok=True)


def _write(path: Path, pack: Pack) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # Nobody sees the file before it is whole, so a journal would only cost time.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + TABLES + "BEGIN;")
        has_neighbours = _fill(connection, pack)
        connection.executescript(INDEXES)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [("has_neighbours", str(int(has_neighbours))), ("pages", str(pages))],
        )
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, pack: Pack) -> bool:
    facts = _facts(pack)
    table = derived.shipped_neighbours()
    rows = neighbours.decode(table, pack.sha256) if table else iter(())
    has_neighbours = False
    for number, article in enumerate(pack.articles(), start=1):
        row = next(rows, None)
        has_neighbours = has_neighbours or row is not None
        category = article.category
        if category == UNCATEGORIZED:
            category = facts.categories.get(number, category)
        text = clean(article.extract, article.category)
        connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                article.title,
                article.description,
                text,
                category,
                head_noun(article.description),
                number in facts.common_nouns,
                facts.popularity_of(number),
                facts.standings_of(number),
                neighbours.to_blob(row) if row else b"",
            ),
        )
        _name(connection, number, article, text, is_person=category == "People")
    for language, titles in facts.foreign.items():
        keys = ((f"{language}:{key}", "foreign", number) for key, number in titles.items())
        connection.executemany("INSERT INTO names VALUES (?, ?, ?)", keys)
    return has_neighbours


def _name(connection: sqlite3.Connection, number: int, article: PackArticle, text: str, *, is_person: bool) -> None:
    forms = {fold(article.title), fold(split_title(article.title)[0])}
    connection.executemany("INSERT INTO surfaces VALUES (?, ?)", [(form, number) for form in forms])
    names: dict[str, Kind] = {}
    for kind, key in names_of(article, text, is_person=is_person):
        names.setdefault(key, kind)
    connection.executemany("INSERT INTO names VALUES (?, ?, ?)", [(key, kind, number) for key, kind in names.items()])
    # Endings are evened out for titles alone: aliases are guesses enough.
    stems = [(stem_key(key), kind, number) for key, kind in names.items() if kind in ("title", "name")]
    connection.executemany("INSERT INTO stem_names VALUES (?, ?, ?)", stems)
    words = {(word, number) for key, _, _ in stems for word in key.split()}
    connection.executemany("INSERT INTO title_words VALUES (?, ?)", sorted(words))


def _facts(pack: Pack) -> derived.Facts:
    shipped = derived.shipped_facts()
    return derived.decode(shipped, pack.sha256) if shipped else derived.Facts()


if __name__ == "__main__":
    keep_private()
    raise_when_told()
    try:
        build(Path(sys.argv[1]), find_pack())
    except KeyboardInterrupt:  # whoever asked has ended too, and says so
        sys.exit(ExitCode.INTERRUPTED)
