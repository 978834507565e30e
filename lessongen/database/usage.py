"""What calls to models took: every SQL statement on it. The rows outlive their tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lessongen.lesson.attempt import Spent, Usage
from lessongen.lesson.records import UsageLine
from lessongen.lesson.task import Task
from lessongen.system.clock import to_text

if TYPE_CHECKING:
    from lessongen.database.port import Connection, Database

_ADD = """
INSERT INTO usage (task_id, user, step, writer, model, input_tokens, output_tokens, cost, is_batched, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SPENT = """
SELECT count(*), coalesce(sum(input_tokens + output_tokens), 0), coalesce(sum(cost), 0.0)
FROM usage WHERE task_id = ?"""
_LINES = """
WITH used AS (
    SELECT {key} AS key, task_id, input_tokens, output_tokens, cost FROM usage
    WHERE created_at >= :since AND (CAST(:user AS TEXT) IS NULL OR user = :user))
SELECT key, count(*) AS calls, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
    coalesce(sum(cost), 0.0) AS cost, count(*) - count(cost) AS unpriced,
    (SELECT count(*) FROM versions WHERE versions.task_id IN (
        SELECT same.task_id FROM used same WHERE same.key = used.key)) AS lessons
FROM used GROUP BY key ORDER BY key"""
_KEYS = {
    "user": "usage.user",
    "model": "usage.model",
    "day": "substr(usage.created_at, 1, 10)",
}
# The median of the last lessons by that writer for which that model was asked, whatever name it answered under, with
# all calls of theirs; failed tasks are left out.
_TYPICAL = """
SELECT count(*), sum(input_tokens + output_tokens), sum(cost * CASE WHEN is_batched THEN 2 ELSE 1 END) FROM usage
WHERE writer = :writer AND task_id IN (SELECT task_id FROM versions) AND task_id IN (
    SELECT task_id FROM usage WHERE model = :model OR model LIKE :model || '-%')
GROUP BY task_id ORDER BY max(id) DESC LIMIT 20"""


class Usages:
    """What models took, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(self, by: str, since: datetime | None, user: str | None) -> list[UsageLine]:
        """Sums by user, day or model, since a moment, of one user or of all."""
        parameters = {"since": to_text(since) if since else "", "user": user}
        rows = self._database.read(_LINES.format(key=_KEYS[by]), parameters)
        return [UsageLine(**dict(row)) for row in rows]

    def typical(self, writer: str, model: str) -> Spent | None:
        """What a lesson took, as the median of the last twenty, at the full price; None without any."""
        import statistics

        rows = self._database.read(_TYPICAL, {"writer": writer, "model": model})
        if not rows:
            return None
        calls, tokens, costs = zip(*((row[0], row[1], row[2] or 0.0) for row in rows), strict=True)
        return Spent(
            calls=round(statistics.median(calls)),
            tokens=round(statistics.median(tokens)),
            cost=statistics.median(costs),
        )


def add_usages(connection: Connection, task: Task, usages: Sequence[Usage], now: datetime) -> None:
    """Record calls inside a transaction of the caller's."""
    rows = [
        (
            task.task_id,
            task.user,
            usage.step,
            task.request.writer,
            usage.model,
            usage.input_tokens,
            usage.output_tokens,
            usage.cost,
            usage.is_batched,
            to_text(now),
        )
        for usage in usages
    ]
    connection.executemany(_ADD, rows)


def spent(database: Database, task: Task) -> Spent:
    """What all calls for a task took."""
    row = database.read(_SPENT, (task.task_id,))[0]
    return Spent(calls=row[0], tokens=row[1], cost=row[2])
