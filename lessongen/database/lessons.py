"""Lessons, versions and the texts that they stand on: every SQL statement on them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from lessongen.database.leases import finish, holds, take
from lessongen.database.reviews import Reviews, drop_locks, require_expected
from lessongen.database.rows import record
from lessongen.lesson.reached import above_level, above_level_of
from lessongen.lesson.records import Claim, Completion, NewVersion
from lessongen.lesson.task import Lease, Status
from lessongen.lesson.versions import LessonName, StoredLesson, Version, is_fact_sheet, version_text
from lessongen.system.clock import from_text, to_text
from lessongen.system.errors import UsageError

if TYPE_CHECKING:
    from lessongen.database.port import Connection, Database, Row

_LESSON = "lessons.id, subject, topic, language, level, variant, versions, first, lessons.created_at, updated_at"
_VERSION = f"{_LESSON}, number, writer, reason, task_id, versions.created_at AS version_created_at"

_NEWEST = "FROM versions WHERE versions.lesson = lessons.id AND number = first + versions - 1"
LISTED = f"""{_LESSON},
    (SELECT CASE WHEN json_valid(content) THEN json_extract(content, '$.provenance.legibility') END {_NEWEST})
    AS legibility,
    (SELECT instr(substr(content, 1, 2000), '"kind":"fact_sheet"') > 0 {_NEWEST}) AS is_fact_sheet"""
_FIND = f"SELECT {_LESSON} FROM lessons WHERE key = ?"
_ALIKE = f"""
SELECT {_LESSON} FROM lessons WHERE key >= :prefix AND key < :end ORDER BY key LIMIT 100"""
_LIST = f"SELECT {LISTED} FROM lessons ORDER BY subject, topic, language, level, variant LIMIT ?"
SEARCH = f"""
SELECT {LISTED}, snippet(lesson_texts_fts, 1, '', '', '…', 12) AS snippet
FROM lesson_texts_fts JOIN lessons ON lessons.id = lesson_texts_fts.rowid
WHERE lesson_texts_fts MATCH :words ORDER BY bm25(lesson_texts_fts, 4.0, 1.0) LIMIT :limit"""
_UPDATED = "SELECT key, updated_at FROM lessons WHERE key IN (SELECT value FROM json_each(?))"
_KEYS_AT_ONCE = 5_000
_SUBJECTS = "SELECT DISTINCT subject FROM lessons ORDER BY subject"

ADD_LESSON = """
INSERT INTO lessons (key, subject, topic, language, level, variant, versions, first, created_at, updated_at)
VALUES (:key, :subject, :topic, :language, :level, :variant, 1,
    coalesce((SELECT next FROM given_numbers WHERE key = :key), 0), :now, :now)
ON CONFLICT (key) DO UPDATE SET versions = lessons.versions + 1, updated_at = excluded.updated_at
RETURNING id, subject, topic, language, level, variant, versions, first, created_at, updated_at"""
ADD_VERSION = """
INSERT INTO versions (lesson, number, content, writer, reason, task_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)"""
ADD_TEXT = "INSERT INTO texts (sha256, text) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING"
ADD_VERSION_TEXT = "INSERT INTO version_texts (lesson, number, sha256) VALUES (?, ?, ?)"
INDEX = """
INSERT INTO lesson_texts (lesson, name, body) VALUES (?, ?, ?)
ON CONFLICT (lesson) DO UPDATE SET name = excluded.name, body = excluded.body"""
ADD_DURATION = """
INSERT INTO durations
    (writer, model, level, seconds, seconds_since_submitted, estimate_low, estimate_high, completed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_DURATIONS = """
SELECT seconds FROM durations WHERE writer = ? AND model = ? AND level = ? ORDER BY id DESC LIMIT ?"""

_ESTIMATES_HELD = """
SELECT count(*), count(CASE WHEN seconds_since_submitted BETWEEN estimate_low AND estimate_high THEN 1 END) FROM (
    SELECT seconds_since_submitted, estimate_low, estimate_high FROM durations
    WHERE estimate_low IS NOT NULL ORDER BY id DESC LIMIT ?) AS last"""

_VERSION_OF = f"""
SELECT {_VERSION}, content FROM versions JOIN lessons ON lessons.id = lesson WHERE lesson = ? AND number = ?"""
_VERSION_BY_TASK = f"""
SELECT {_VERSION}, content FROM versions JOIN lessons ON lessons.id = lesson WHERE task_id = ?"""
_VERSIONS = f"""
SELECT {_VERSION}, '' AS content FROM versions JOIN lessons ON lessons.id = lesson WHERE lesson = ? ORDER BY number"""
_CONTENTS = "SELECT content FROM versions WHERE lesson = ? ORDER BY number"
_TEXTS = """
SELECT texts.sha256, text FROM version_texts JOIN texts USING (sha256) WHERE lesson = ? AND number = ?"""

# The numbers that were given under a name are kept when its lesson leaves it. A lesson that comes back finds its own.
_KEEP_NUMBERS = """
INSERT INTO given_numbers (key, next, lesson) SELECT key, first + versions, id FROM lessons WHERE id = ?
ON CONFLICT (key) DO UPDATE SET lesson = excluded.lesson,
    next = CASE WHEN excluded.next > given_numbers.next THEN excluded.next ELSE given_numbers.next END"""
_GIVEN_BY_ANOTHER = "SELECT next FROM given_numbers WHERE key = :key AND lesson != :id"
_DELETE = "DELETE FROM lessons WHERE id = ?"
_DELETE_LOOSE_TEXTS = "DELETE FROM texts WHERE NOT EXISTS (SELECT 1 FROM version_texts v WHERE v.sha256 = texts.sha256)"
_RENAME = """
UPDATE lessons SET key = :key, subject = :subject, topic = :topic, language = :language, level = :level,
    variant = :variant
WHERE id = :id"""
_RENAME_TEXT = "UPDATE lesson_texts SET name = ? WHERE lesson = ?"


class Lessons(Reviews):
    """Lessons in one database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    def complete(self, lease: Lease, new: NewVersion, now: datetime, then: Claim | None) -> Completion:
        """Store a lesson's next version, complete its task, and take the next one, in one durable transaction.

        Nothing is stored if the attempt has lost its lease. No task is taken without `then`.
        """
        is_sheet, harder = is_fact_sheet(new.content), above_level_of(new.content)
        done = "; ".join(filter(None, ["Done: a fact sheet, for want of material" if is_sheet else "Done", harder]))

        def work(connection: Connection) -> Completion:
            version = None
            if holds(connection, lease):
                version = add_version(connection, new, lease.task.task_id, now)
                made = (version.lesson.id, version.number)
                finish(connection, lease, Status.COMPLETED, now, version=made, done=done)
                # A part takes less than the lessons that estimates are for, and the Batch API's time is the provider's.
                if lease.task.request.part is None and not lease.task.request.batch_api:
                    connection.execute(ADD_DURATION, _duration_row(lease, new, now))
            following = take(connection, then) if then else []
            return Completion(version=version, following=following[0] if following else None)

        return self._database.durable(work)

    def add(self, new: NewVersion, now: datetime) -> Version:
        """Store a lesson's next version that no task has made. Raises `Superseded`."""
        return self._database.durable(lambda connection: add_version(connection, new, None, now))

    def find(self, name: LessonName) -> StoredLesson | None:
        """The lesson of that name, compared by its key."""
        rows = self._database.read(_FIND, (name.key,))
        return _lesson(rows[0]) if rows else None

    def alike(self, subject_and_topic_key: str) -> list[StoredLesson]:
        """All lessons of one subject and topic, whatever their language, level and variant."""
        prefix = subject_and_topic_key + "\x1f"
        return [_lesson(row) for row in self._database.read(_ALIKE, {"prefix": prefix, "end": prefix + "\U0010ffff"})]

    def all(self, limit: int) -> list[StoredLesson]:
        """Stored lessons by name."""
        return [_lesson(row) for row in self._database.read(_LIST, (limit,))]

    def search(self, words: str, limit: int) -> list[tuple[StoredLesson, str]]:
        """Lessons whose newest version holds all the words, best first, each with a snippet of its text."""
        quoted = " ".join('"' + word.replace('"', '""') + '"' for word in words.split())
        if not quoted:
            return []
        return [
            (_lesson(row), row["snippet"]) for row in self._database.read(SEARCH, {"words": quoted, "limit": limit})
        ]

    def subjects(self) -> list[str]:
        """The subjects that there are lessons in."""
        return [row[0] for row in self._database.read(_SUBJECTS)]

    def updated(self, keys: Iterable[str]) -> dict[str, datetime]:
        """When the lessons of these keys got their last version; those that there are none of are left out."""
        wanted = list(keys)
        found: dict[str, datetime] = {}
        for start in range(0, len(wanted), _KEYS_AT_ONCE):
            some = json.dumps(wanted[start : start + _KEYS_AT_ONCE])
            found |= {row[0]: from_text(row[1]) for row in self._database.read(_UPDATED, (some,))}
        return found

    def version(self, lesson_id: int, number: int) -> Version | None:
        """One version with its content."""
        rows = self._database.read(_VERSION_OF, (lesson_id, number))
        return _version(rows[0]) if rows else None

    def version_of_task(self, task_id: str) -> Version | None:
        """The version that a task made, with its content; it outlives the task."""
        rows = self._database.read(_VERSION_BY_TASK, (task_id,))
        return _version(rows[0]) if rows else None

    def versions(self, lesson_id: int) -> list[Version]:
        """All versions of a lesson, oldest first, without their content."""
        return [_version(row) for row in self._database.read(_VERSIONS, (lesson_id,))]

    def contents(self, lesson_id: int) -> list[str]:
        """The content of all versions, oldest first, as JSON."""
        return [row[0] for row in self._database.read(_CONTENTS, (lesson_id,))]

    def texts(self, lesson_id: int, number: int) -> dict[str, str]:
        """The source texts that a version stands on, by SHA-256."""
        return {row[0]: row[1] for row in self._database.read(_TEXTS, (lesson_id, number))}

    def delete(self, lesson_id: int) -> bool:
        """Delete a lesson with all its versions, and the texts that no other lesson stands on.

        The numbers of its versions are not given again under its name.
        """

        def work(connection: Connection) -> bool:
            connection.execute(_KEEP_NUMBERS, (lesson_id,))
            deleted = connection.execute(_DELETE, (lesson_id,)).rowcount == 1
            connection.execute(_DELETE_LOOSE_TEXTS)
            return deleted

        return self._database.durable(work)

    def rename(self, lesson_id: int, name: LessonName) -> bool:
        """Give a lesson another name; False, and nothing changed, if another lesson has it.

        Raises `UsageError` where another one had it: their versions would go by the same numbers.
        """

        def work(connection: Connection) -> bool:
            taken = connection.execute(_FIND, (name.key,)).fetchone()
            if taken is not None and taken[0] != lesson_id:
                return False
            given = connection.execute(_GIVEN_BY_ANOTHER, {"key": name.key, "id": lesson_id}).fetchone()
            if given is not None:
                raise _numbers_given(name, given[0])
            if taken is None:
                connection.execute(_KEEP_NUMBERS, (lesson_id,))
            connection.execute(_RENAME, {"id": lesson_id, **name_row(name)})
            connection.execute(_RENAME_TEXT, (_searchable(name), lesson_id))
            return True

        return self._database.durable(work)

    def estimates_held(self, limit: int) -> tuple[int, int]:
        """Of how many of the last lessons the time was estimated, and for how many of these the estimate held."""
        row = self._database.read(_ESTIMATES_HELD, (limit,))[0]
        return row[0], row[1]

    def durations(self, writer: str, model: str, level: str, limit: int) -> list[float]:
        """How many seconds the last lessons of that kind took to write, latest first."""
        return [row[0] for row in self._database.read(_DURATIONS, (writer, model, level, limit))]


def add_version(connection: Connection, new: NewVersion, task_id: str | None, now: datetime) -> Version:
    """Add a lesson's next version inside a transaction of the caller's. Raises `Superseded`."""
    if new.expects is not None:
        require_expected(connection, new.name, new.expects)
    row = connection.execute(ADD_LESSON, {**name_row(new.name), "now": to_text(now)}).fetchall()[0]
    lesson = _lesson(row)
    number = lesson.newest
    connection.execute(ADD_VERSION, (lesson.id, number, new.content, new.writer, new.reason, task_id, to_text(now)))
    _add_texts(connection, lesson.id, number, new.texts)
    if new.unlocks:
        drop_locks(connection, lesson.id, new.unlocks)
    connection.execute(INDEX, (lesson.id, _searchable(new.name), new.body))
    return Version(
        lesson=lesson,
        number=number,
        writer=new.writer,
        reason=new.reason,
        task_id=task_id,
        created_at=now,
        content=new.content,
    )


def _add_texts(connection: Connection, lesson: int, number: int, texts: Mapping[str, str]) -> None:
    for digest, text in texts.items():
        connection.execute(ADD_TEXT, (digest, text))
        connection.execute(ADD_VERSION_TEXT, (lesson, number, digest))


def _duration_row(lease: Lease, new: NewVersion, now: datetime) -> tuple[object, ...]:
    task = lease.task
    started = task.started_at or now
    return (
        new.writer,
        new.model,
        new.name.level,
        (now - started).total_seconds(),
        (now - task.created_at).total_seconds(),
        task.estimate.low_seconds if task.estimate else None,
        task.estimate.high_seconds if task.estimate else None,
        to_text(now),
    )


def name_row(name: LessonName) -> dict[str, str]:
    """The values of a lesson's row that its name gives."""
    return {"key": name.key, **vars(name)}


def _searchable(name: LessonName) -> str:
    return f"{name.subject} {name.topic}"


def _lesson(row: Row) -> StoredLesson:
    is_sheet = "is_fact_sheet" in row.keys() and bool(row["is_fact_sheet"])
    return record(StoredLesson, row, name=record(LessonName, row), harder=_harder(row), is_fact_sheet=is_sheet)


def _numbers_given(name: LessonName, following: int) -> UsageError:
    had = "version 1.0" if following == 1 else f"versions up to {version_text(following - 1)}"
    return UsageError(
        f"{name.titled} had {had}, of a lesson that was deleted or renamed: this one's would be taken for them.",
        hint="Choose another name; or tell it apart by its variant: --to-variant.",
    )


def _version(row: Row) -> Version:
    made = from_text(row["version_created_at"])
    return record(Version, row, lesson=_lesson(row), created_at=made, approvals=())


def _harder(row: Row) -> str:
    found = row["legibility"] if "legibility" in row.keys() else None
    read = json.loads(found) if found else None
    return above_level(row["level"], float(read["grade"]), str(read["cefr"])) if read else ""
