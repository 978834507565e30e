"""The tables of the index."""

from __future__ import annotations

# Raise it with every change of the tables below, of `clean` or of the keys: it is part of the index's file name.
SCHEMA = 7

TABLES = """
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    text TEXT NOT NULL,
    category TEXT NOT NULL,
    head TEXT NOT NULL,
    is_common_noun INTEGER NOT NULL,
    popularity INTEGER NOT NULL,
    standings TEXT NOT NULL,
    neighbours BLOB NOT NULL
);
CREATE TABLE surfaces (form TEXT NOT NULL, entry_id INTEGER NOT NULL, PRIMARY KEY (form, entry_id)) WITHOUT ROWID;
CREATE TABLE names (key TEXT NOT NULL, kind TEXT NOT NULL, entry_id INTEGER NOT NULL);
CREATE TABLE stem_names (key TEXT NOT NULL, kind TEXT NOT NULL, entry_id INTEGER NOT NULL);
CREATE TABLE title_words (word TEXT NOT NULL, entry_id INTEGER NOT NULL, PRIMARY KEY (word, entry_id)) WITHOUT ROWID;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
    title, description, text, content='entries', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
"""
INDEXES = """
CREATE INDEX entries_by_kind ON entries (category, head, popularity DESC, id);
CREATE INDEX entries_by_title ON entries (title);
CREATE INDEX names_by_key ON names (key, kind, entry_id);
CREATE INDEX stem_names_by_key ON stem_names (key, kind, entry_id);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab('words', 'row');
INSERT INTO words (words) VALUES ('rebuild');
"""
