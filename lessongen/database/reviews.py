"""What people decide about a lesson beside its versions: which parts are locked, who approved which version."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from lessongen.database.rows import record
from lessongen.lesson.records import Expected
from lessongen.lesson.versions import Approval, LessonName, Lock, Mark, version_text
from lessongen.system.clock import to_text
from lessongen.system.errors import Superseded

if TYPE_CHECKING:
    from lessongen.database.port import Connection, Database, Row

_LOCKS = "SELECT part, user, created_at FROM locks WHERE lesson = ? ORDER BY created_at, part"
_LOCK = "INSERT INTO locks (lesson, part, user, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (lesson, part) DO NOTHING"
_UNLOCK = "DELETE FROM locks WHERE lesson = ? AND part IN (SELECT value FROM json_each(?))"
_STANDING = "SELECT id, first + versions FROM lessons WHERE key = ?"
_LOCKED = "SELECT part FROM locks WHERE lesson = ?"

_APPROVALS = """
SELECT number, reviewer, note, marks, created_at FROM approvals
WHERE lesson = ? ORDER BY number, created_at, reviewer"""
_APPROVED = """
SELECT lessons.id, reviewer FROM approvals JOIN lessons ON lessons.id = lesson AND number = first + versions - 1
ORDER BY approvals.created_at, reviewer"""
_APPROVE = """
INSERT INTO approvals (lesson, number, reviewer, note, marks, created_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (lesson, number, reviewer)
DO UPDATE SET note = excluded.note, marks = excluded.marks, created_at = excluded.created_at"""
_WITHDRAW = "DELETE FROM approvals WHERE lesson = ? AND number = ? AND (reviewer = ? OR CAST(? AS TEXT) IS NULL)"


class Reviews:
    """Locks and approvals of the lessons of one database."""

    def __init__(self, database: Database) -> None:
        self._reviewed = database

    def locks(self, lesson_id: int) -> list[Lock]:
        """Which parts later versions keep, those locked first first."""
        rows = self._reviewed.read(_LOCKS, (lesson_id,))
        return [record(Lock, row) for row in rows]

    def lock(self, lesson_id: int, locks: Iterable[Lock]) -> None:
        """Have later versions keep these parts; a lock that is there already stays as it is."""
        rows = [(lesson_id, lock.part, lock.user, to_text(lock.created_at)) for lock in locks]

        def work(connection: Connection) -> None:
            connection.executemany(_LOCK, rows)

        self._reviewed.durable(work)

    def unlock(self, lesson_id: int, parts: Iterable[str]) -> None:
        """Have later versions keep these parts no longer."""
        keys = list(parts)
        self._reviewed.durable(lambda connection: drop_locks(connection, lesson_id, keys))

    def approvals(self, lesson_id: int) -> dict[int, list[Approval]]:
        """The approvals of each version that has any, by its number, earliest first."""
        found: dict[int, list[Approval]] = {}
        for row in self._reviewed.read(_APPROVALS, (lesson_id,)):
            found.setdefault(row["number"], []).append(_approval(row))
        return found

    def approved(self) -> dict[int, list[str]]:
        """Who has approved the newest version, by the id of each lesson of which someone has."""
        found: dict[int, list[str]] = {}
        for lesson, reviewer in self._reviewed.read(_APPROVED):
            found.setdefault(lesson, []).append(reviewer)
        return found

    def approve(self, lesson_id: int, number: int, approval: Approval) -> None:
        """Record an approval of a version, in place of one that the same reviewer gave it before."""
        marks = [vars(each) for each in approval.marks]
        moment: datetime = approval.created_at
        row = (lesson_id, number, approval.reviewer, approval.note, json.dumps(marks), to_text(moment))

        def work(connection: Connection) -> None:
            connection.execute(_APPROVE, row)

        self._reviewed.durable(work)

    def withdraw(self, lesson_id: int, number: int, reviewer: str | None) -> int:
        """Take back a reviewer's approval of a version, or all of them; how many there were."""

        def work(connection: Connection) -> int:
            return connection.execute(_WITHDRAW, (lesson_id, number, reviewer, reviewer)).rowcount

        return self._reviewed.durable(work)


def require_expected(connection: Connection, name: LessonName, expected: Expected) -> None:
    """Raise `Superseded` unless the lesson is as a new version expects it, inside a transaction of the caller's."""
    row = connection.execute(_STANDING, (name.key,)).fetchone()
    following = row[1] if row else 0
    locks = {lock[0] for lock in connection.execute(_LOCKED, (row[0],))} if row else set()
    if expected.next_number is not None and following != expected.next_number:
        newest = f"there is a version {version_text(following - 1)} now" if following else "it has been deleted"
        raise Superseded(f"The lesson has changed meanwhile: {newest}.")
    if locks != expected.locks:
        raise Superseded("Parts of the lesson were locked or unlocked meanwhile.")


def drop_locks(connection: Connection, lesson_id: int, parts: Iterable[str]) -> None:
    """Unlock parts inside a transaction of the caller's."""
    connection.execute(_UNLOCK, (lesson_id, json.dumps(list(parts))))


def _approval(row: Row) -> Approval:
    return record(Approval, row, marks=tuple(Mark(**mark) for mark in json.loads(row["marks"])))
