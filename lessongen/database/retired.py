"""Task ids that clients may still ask for without a row of the queue: every SQL statement on them.

A task that was purged leaves its id and its user. A stored lesson that was handed out instead of a new one has an id
of its own for as long as a completed task would be kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from lessongen.database.rows import record
from lessongen.lesson.records import Reuse
from lessongen.system.clock import to_text

if TYPE_CHECKING:
    from lessongen.database.port import Connection, Database

_RETIRE = "INSERT INTO expired_tasks (task_id, user, expired_at) VALUES (?, ?, ?)"
_USER_OF_EXPIRED = "SELECT user FROM expired_tasks WHERE task_id = ?"
_FORGET = "DELETE FROM expired_tasks WHERE expired_at < ?"
_ADD_REUSE = "INSERT INTO reuses (task_id, user, lesson, number, created_at) VALUES (?, ?, ?, ?, ?)"
_REUSE = "SELECT task_id, user, lesson, number, created_at FROM reuses WHERE task_id = ?"
_END_REUSES = "DELETE FROM reuses WHERE created_at < ? RETURNING task_id, user"


class Retired:
    """Ids of tasks that are not in the queue, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def user_of_expired(self, task_id: str) -> str | None:
        """Whose task it was that was purged; None where none of that id was."""
        rows = self._database.read(_USER_OF_EXPIRED, (task_id,))
        return str(rows[0][0]) if rows else None

    def add_reuse(self, reuse: Reuse) -> None:
        """Keep that a stored lesson was handed out."""
        row = (reuse.task_id, reuse.user, reuse.lesson_id, reuse.number, to_text(reuse.created_at))
        self._database.durable(lambda connection: connection.execute(_ADD_REUSE, row))

    def reuse(self, task_id: str) -> Reuse | None:
        """What was handed out under that id."""
        rows = self._database.read(_REUSE, (task_id,))
        return record(Reuse, rows[0], lesson_id=rows[0]["lesson"]) if rows else None

    def purge(self, *, reuses_before: datetime, expired_before: datetime, now: datetime) -> None:
        """Let reuses expire, and forget what has been expired for long."""

        def work(connection: Connection) -> None:
            gone = connection.execute(_END_REUSES, (to_text(reuses_before),)).fetchall()
            retire(connection, [(row[0], row[1]) for row in gone], now)
            connection.execute(_FORGET, (to_text(expired_before),))

        self._database.quick(work)


def retire(connection: Connection, tasks: Iterable[tuple[str, str]], now: datetime) -> None:
    """Keep ids, each with its user, of what is dropped inside a transaction of the caller's."""
    connection.executemany(_RETIRE, [(task_id, user, to_text(now)) for task_id, user in tasks])


def forget_user(connection: Connection, user: str) -> None:
    """Erase a person's ids inside a transaction of the caller's."""
    connection.execute("DELETE FROM expired_tasks WHERE user = ?", (user,))
    connection.execute("DELETE FROM reuses WHERE user = ?", (user,))
