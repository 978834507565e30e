"""Whether a database holds what it should: SQLite's own checks, and the promises that no constraint can hold.

All is read in one transaction, so that workers may write meanwhile; only the look into the search index takes the
write lock, for as long as it lasts.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lessongen.database.rows import AFTER_OTHERS
from lessongen.database.sqlite.database import Database

_FLAWS_SHOWN = 20
_RESTORE = "Stop the workers and put a backup in the database's place."
_REBUILD = "`lessongen db vacuum` builds it anew."
_WRITE_AGAIN = "Put a backup in the database's place, or write it again: `lessongen create`."


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """Something that is wrong with a database, and what to do about it."""

    code: str
    detail: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class _Rule(Flaw):
    """A flaw that must not be found: `sql` gives one row for each, whose columns fill `detail`."""

    sql: str


_INTEGRITY = f"PRAGMA integrity_check({_FLAWS_SHOWN + 1})"

_RULES = (
    _Rule(
        code="dangling_reference",
        sql='SELECT "table", "rowid", parent FROM pragma_foreign_key_check',
        detail="A row of {0} ({1}) belongs to one of {2} that is not there.",
        remedy=_RESTORE,
    ),
    _Rule(
        code="wrong_tally",
        sql="""
        WITH held (status, tasks) AS (
            SELECT 'completed', (SELECT count(*) FROM tasks WHERE status = 'completed')
            UNION ALL SELECT 'failed', (SELECT count(*) FROM tasks WHERE status = 'failed')
            UNION ALL SELECT 'cancelled', (SELECT count(*) FROM tasks WHERE status = 'cancelled'))
        SELECT coalesce(tally.tasks, 'none'), status, held.tasks FROM held LEFT JOIN tally USING (status)
        WHERE held.tasks IS NOT tally.tasks""",
        detail="The tally says {0} {1} tasks, and there are {2}.",
        remedy=_REBUILD,
    ),
    # A lesson that a person deleted leaves its tasks behind until these are past their retention.
    _Rule(
        code="completed_without_version",
        sql="""
        SELECT tasks.task_id FROM tasks LEFT JOIN versions ON versions.task_id = tasks.task_id
        WHERE status = 'completed' AND (
            lesson_id IS NULL OR version IS NULL
            OR versions.lesson IS NULL AND EXISTS (SELECT 1 FROM lessons WHERE id = lesson_id)
            OR versions.lesson != lesson_id OR versions.number != version)""",
        detail="Task {0} is completed without the version that it made.",
        remedy=_WRITE_AGAIN,
    ),
    _Rule(
        code="version_of_unfinished_task",
        sql="SELECT task_id, status FROM versions JOIN tasks USING (task_id) WHERE status != 'completed'",
        detail="Task {0} has made a version and is {1}.",
        remedy=_RESTORE,
    ),
    _Rule(
        code="waits_for_nothing",
        sql="""
        SELECT tasks.task_id, tasks.waits_for, count(before.id) FROM tasks
        LEFT JOIN prerequisites ON task = tasks.id
        LEFT JOIN tasks AS before ON before.id = needs AND before.status IN ('pending', 'in_progress')
        WHERE tasks.waits_for > 0 AND tasks.status = 'pending'
        GROUP BY tasks.id HAVING tasks.waits_for != count(before.id)""",
        detail="Task {0} waits for {1} tasks of its batch, and {2} are not over.",
        remedy="Cancel and retry it: `lessongen cancel TASK`, then `lessongen retry TASK`.",
    ),
    _Rule(
        code="waits_for_no_answer",
        sql=f"""
        SELECT task_id FROM tasks WHERE status = 'pending' AND run_at = '{AFTER_OTHERS}' AND waits_for = 0
        AND NOT EXISTS (SELECT 1 FROM batched_calls WHERE task = tasks.id AND batched_calls.status IS NULL)""",
        detail="Task {0} waits for a provider's answer, and no call of it is on its way.",
        remedy="Cancel and retry it: `lessongen cancel TASK`, then `lessongen retry TASK`.",
    ),
    _Rule(
        code="endless_batch",
        sql="""
        SELECT batch_id, CASE WHEN ended_at IS NULL THEN 'open' ELSE 'over' END, (
            SELECT count(*) FROM tasks WHERE tasks.batch_id = batches.batch_id
            AND status IN ('pending', 'in_progress')) AS live
        FROM batches WHERE (ended_at IS NULL) != (live > 0)""",
        detail="Batch {0} is {1}, with {2} tasks that are not.",
        remedy=_RESTORE,
    ),
    _Rule(
        code="missing_version",
        sql="""
        SELECT subject, topic, lessons.versions, count(number), first
        FROM lessons LEFT JOIN versions ON lesson = lessons.id
        GROUP BY lessons.id
        HAVING count(number) != lessons.versions OR min(number) IS NOT first
            OR max(number) IS NOT first + lessons.versions - 1""",
        detail="{0} / {1} should have the versions 1.{4} to 1.x without a gap, {2} in all; there are {3}.",
        remedy=_RESTORE,
    ),
    _Rule(
        code="unreadable_version",
        sql="""
        SELECT subject, topic, number FROM versions JOIN lessons ON lessons.id = lesson
        WHERE NOT json_valid(content)""",
        detail="{0} / {1}, version 1.{2}, can't be read.",
        remedy=_WRITE_AGAIN,
    ),
    _Rule(
        code="missing_text",
        sql="""
        SELECT subject, topic, number, json_extract(source.value, '$.text_sha256')
        FROM versions JOIN lessons ON lessons.id = lesson,
            json_each(CASE WHEN json_valid(content) THEN content ELSE '{}' END, '$.sources') AS source
        WHERE json_extract(source.value, '$.text_sha256') IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM version_texts JOIN texts USING (sha256)
            WHERE version_texts.lesson = versions.lesson AND version_texts.number = versions.number
                AND sha256 = json_extract(source.value, '$.text_sha256'))""",
        detail="{0} / {1}, version 1.{2}, lacks a text that it stands on: {3}.",
        remedy=_WRITE_AGAIN,
    ),
    _Rule(
        code="lock_of_nothing",
        sql="""
        SELECT subject, topic, part FROM locks JOIN lessons ON lessons.id = locks.lesson
        JOIN versions ON versions.lesson = lessons.id AND number = first + lessons.versions - 1
        WHERE part LIKE 'section:%' AND NOT EXISTS (
            SELECT 1 FROM json_each(CASE WHEN json_valid(content) THEN content ELSE '{}' END, '$.sections') AS section
            WHERE 'section:' || json_extract(section.value, '$.id') = part)
        OR part LIKE 'question:%' AND NOT EXISTS (
            SELECT 1 FROM json_each(CASE WHEN json_valid(content) THEN content ELSE '{}' END, '$.questions') AS asked
            WHERE 'question:' || json_extract(asked.value, '$.id') = part)""",
        detail="{0} / {1} has a lock on a part that its newest version has not: {2}.",
        remedy="Unlock it: `lessongen unlock SUBJECT TOPIC --all`.",
    ),
    _Rule(
        code="unreadable_approval",
        sql="""
        SELECT subject, topic, number, reviewer FROM approvals JOIN lessons ON lessons.id = lesson
        WHERE NOT json_valid(marks)""",
        detail="The approval of {0} / {1}, version 1.{2}, by {3} can't be read.",
        remedy="Give it again: `lessongen approve SUBJECT TOPIC`.",
    ),
    _Rule(
        code="not_searchable",
        sql="""
        SELECT subject, topic FROM lessons
        WHERE NOT EXISTS (SELECT 1 FROM lesson_texts WHERE lesson_texts.lesson = lessons.id)""",
        detail="{0} / {1} can't be found by its words.",
        remedy=_WRITE_AGAIN,
    ),
)

_TEXTS = "SELECT sha256, text FROM texts"

# Rank 1 compares the index with the texts that it is of, not with itself alone.
_CHECK_INDEX = "INSERT INTO lesson_texts_fts (lesson_texts_fts, rank) VALUES ('integrity-check', 1)"


def flaws(database: Database, say: Callable[[str], None]) -> list[Flaw]:
    """What is wrong with the database, at most some of each kind; `say` hears what is being looked at.

    Raises `DatabaseError` if the file is too damaged to be looked into, `DatabaseBusy` if others won't let it.
    """
    with database.apart() as connection:
        connection.execute("BEGIN")
        say("Checking the file")
        found = _damage(connection)
        if found:
            return found  # what a damaged file says of its rows means nothing
        say("Checking tasks and versions")
        for rule in _RULES:
            found += _broken(connection, rule)
        say("Checking the kept texts")
        found += _first(_altered_texts(connection))
        connection.execute("ROLLBACK")
        say("Checking the search index")
        if not index_is_sound(connection):
            found.append(
                Flaw(code="search_index", detail="The search index is not that of the lessons.", remedy=_REBUILD)
            )
        return found


def index_is_sound(connection: sqlite3.Connection) -> bool:
    """Whether the search index is that of the lessons; called outside a transaction, it locks others out meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_CHECK_INDEX)
    except sqlite3.DatabaseError as error:
        if not _is_corrupt(error):
            raise
        return False
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return True


def _damage(connection: sqlite3.Connection) -> list[Flaw]:
    """What SQLite finds wrong with the file; some damage stops its check."""
    try:
        said = [row[0] for row in connection.execute(_INTEGRITY).fetchall()]
    except sqlite3.DatabaseError as error:
        if not _is_corrupt(error):
            raise
        said = [str(error)]
    return _first(Flaw(code="damaged", detail=line, remedy=_RESTORE) for line in said if line != "ok")


def _is_corrupt(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT


def _broken(connection: sqlite3.Connection, rule: _Rule) -> list[Flaw]:
    rows = connection.execute(rule.sql)
    return _first(Flaw(code=rule.code, detail=rule.detail.format(*row), remedy=rule.remedy) for row in rows)


def _altered_texts(connection: sqlite3.Connection) -> Iterator[Flaw]:
    for digest, text in connection.execute(_TEXTS):
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            detail = f"The kept text {digest} is not what it was."
            yield Flaw(code="altered_text", detail=detail, remedy=_RESTORE)


def _first(found: Iterator[Flaw]) -> list[Flaw]:
    """The first flaws of a kind, and how many more there are."""
    shown: list[Flaw] = []
    more = 0
    for flaw in found:
        if len(shown) < _FLAWS_SHOWN:
            shown.append(flaw)
        else:
            more += 1
    if more:
        last = shown[-1]
        shown.append(Flaw(code=last.code, detail=f"… and {more:,} more like these.", remedy=last.remedy))
    return shown
