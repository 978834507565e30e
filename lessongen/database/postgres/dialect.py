"""What the nouns' SQL is in PostgreSQL's words.

They are written once, as SQLite has them. Most of it is the same; what differs is listed here, whole.
"""

from __future__ import annotations

import re
from functools import cache

from lessongen.database.lessons import LISTED, SEARCH

# FTS5 against PostgreSQL's own search. The words come quoted, so that each is a phrase in both.
_STATEMENTS = {
    SEARCH: f"""
SELECT {LISTED}, ts_headline('lesson_words', body, query,
    'StartSel="", StopSel="", MaxWords=12, MinWords=6, ShortWord=0') AS snippet
FROM lesson_texts JOIN lessons ON lessons.id = lesson_texts.lesson,
    websearch_to_tsquery('lesson_words', folded(:words)) AS query
WHERE words @@ query ORDER BY ts_rank('{{0, 0, 0.25, 1}}', words, query) DESC, lessons.id LIMIT :limit"""
}

_WORDS = (
    (re.compile(r"INDEXED BY \w+"), ""),  # a hint that only SQLite takes
    (re.compile(r"\bIS NOT (?=:)"), "IS DISTINCT FROM "),
    (re.compile(r"json_each\((\?|:\w+)\)"), r"json_array_elements_text(CAST(\1 AS json)) AS value"),
    (re.compile(r"length\(CAST\((\S+) AS BLOB\)\)"), r"octet_length(\1)"),
    (re.compile(r"(?<![\w.:\"])user(?![\w\"])"), '"user"'),  # else it is the role that is logged in
    (re.compile(r"%"), "%%"),
    (re.compile(r"\?"), "%s"),
    (re.compile(r"(?<!:):([a-z]\w*)"), r"%(\1)s"),
)


@cache
def spoken(sql: str) -> bytes:
    """A statement of the nouns, as psycopg takes it."""
    said = _STATEMENTS.get(sql, sql)
    for pattern, words in _WORDS:
        said = pattern.sub(words, said)
    return said.encode()
