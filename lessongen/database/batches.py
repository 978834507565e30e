"""Batches: every SQL statement that submits tasks together, looks at them, and keeps what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lessongen.database.rows import record, submission_row
from lessongen.database.tasks import ADD, add_in_turn
from lessongen.lesson.attempt import Spent
from lessongen.lesson.records import Batch, BatchRow, SubmitLimit
from lessongen.lesson.task import Status, Submission, Task
from lessongen.system.clock import BootTime, to_text

if TYPE_CHECKING:
    from lessongen.database.port import Connection, Database, Row

_COLUMNS = """
batch_id, name, fingerprint, user, tasks, skipped, fail_fast, on_done, webhook, created_at, ended_at, summary"""

_ADD_BATCH = f"""
INSERT INTO batches ({_COLUMNS}) VALUES (
    :batch_id, :name, :fingerprint, :user, :tasks, :skipped, :fail_fast, :on_done, :webhook, :created_at, :ended_at,
    NULL
)"""
_RUNNING = "SELECT batch_id FROM batches WHERE fingerprint = ? AND ended_at IS NULL"
_IN_ORDER = "SELECT id FROM tasks WHERE batch_id = ? ORDER BY id"
ADD_PREREQUISITE = "INSERT INTO prerequisites (needs, task, run_anyway) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"

_GET = f"SELECT {_COLUMNS} FROM batches WHERE batch_id = ?"
_BY_PREFIX = f"""
SELECT {_COLUMNS} FROM batches WHERE batch_id >= :prefix AND batch_id < :end ORDER BY batch_id LIMIT :limit"""
_LAST = f"SELECT {_COLUMNS} FROM batches ORDER BY id DESC LIMIT 1"
_ALL = f"SELECT {_COLUMNS} FROM batches ORDER BY id DESC LIMIT ?"
_COUNTS = "SELECT status, count(*) FROM tasks WHERE batch_id = ? GROUP BY status"
_TASK_IDS = """
SELECT task_id FROM tasks WHERE batch_id = ? AND status IN (SELECT value FROM json_each(?)) ORDER BY id"""
_CONTENTS = """
SELECT tasks.subject || ' / ' || tasks.topic, content FROM tasks JOIN versions USING (task_id)
WHERE batch_id = ? ORDER BY tasks.id"""
_CONTENTS_BESIDE = """
SELECT content FROM tasks JOIN versions USING (task_id) WHERE batch_id = ? AND tasks.id <> ?
ORDER BY tasks.completed_at DESC LIMIT ?"""
_COST = """
SELECT count(*), coalesce(sum(input_tokens + output_tokens), 0), coalesce(sum(cost), 0.0)
FROM usage WHERE task_id IN (SELECT task_id FROM tasks WHERE batch_id = ?)"""
_JUDGES = """
SELECT judge, count(*) FROM (
    SELECT json_extract(content, '$.provenance.judge') AS judge FROM tasks JOIN versions USING (task_id)
    WHERE batch_id = ?) AS judged
WHERE judge IS NOT NULL GROUP BY judge ORDER BY count(*) DESC, judge"""
_UNTOLD = f"SELECT {_COLUMNS} FROM batches WHERE ended_at IS NOT NULL AND told_at IS NULL ORDER BY id"
_SUM_UP = "UPDATE batches SET summary = ? WHERE batch_id = ? AND ended_at IS NOT NULL AND summary IS NULL"
_TOLD = "UPDATE batches SET told_at = ? WHERE batch_id = ? AND told_at IS NULL AND summary IS NOT NULL"
_CONTENTS_BEFORE = """
SELECT content FROM prerequisites JOIN tasks ON tasks.id = needs JOIN versions ON versions.task_id = tasks.task_id
WHERE task = ? ORDER BY needs"""


class Batches:
    """Batches in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, batch: Batch, rows: Iterable[BatchRow], limit: SubmitLimit | None = None, *, now: datetime, at: BootTime
    ) -> str | None:
        """Add a batch with its tasks, all or none, durably.

        Where one with the same fingerprint is running nothing is added, and that one's id is the answer. Where a
        limit is passed, what is over it starts later.
        """
        prepared: list[tuple[object, ...]] = []
        links: list[tuple[int, int, bool]] = []
        limited: list[tuple[str, Submission]] = []
        for place, row in enumerate(rows):
            if limit is None:
                prepared.append(submission_row(row.task_id, row.submission, now, at))
            else:
                limited.append((row.task_id, row.submission))
            links += [(before, place, row.run_anyway) for before in row.after]

        def work(connection: Connection) -> str | None:
            running = connection.execute(_RUNNING, (batch.fingerprint,)).fetchone()
            if running is not None:
                return str(running[0])
            ended = None if prepared or limited else to_text(now)
            row = {**vars(batch), "created_at": to_text(batch.created_at), "ended_at": ended}
            connection.execute(_ADD_BATCH, row)
            connection.executemany(ADD, prepared)
            add_in_turn(connection, limited, limit, now, at)
            if links:
                ids = [row[0] for row in connection.execute(_IN_ORDER, (batch.batch_id,))]
                connection.executemany(
                    ADD_PREREQUISITE, ((ids[before], ids[place], anyway) for before, place, anyway in links)
                )
            return None

        return self._database.durable(work)

    def get(self, batch_id: str) -> Batch | None:
        """The batch of that whole id."""
        return _first(self._database.read(_GET, (batch_id,)))

    def starting_with(self, prefix: str, limit: int) -> list[Batch]:
        """Batches whose id starts so, at most `limit`."""
        rows = self._database.read(_BY_PREFIX, {"prefix": prefix, "end": prefix + "\U0010ffff", "limit": limit})
        return [_batch(row) for row in rows]

    def last(self) -> Batch | None:
        """The batch submitted last."""
        return _first(self._database.read(_LAST))

    def all(self, limit: int) -> list[Batch]:
        """Batches, latest first."""
        return [_batch(row) for row in self._database.read(_ALL, (limit,))]

    def counts(self, batch_id: str) -> dict[Status, int]:
        """How many of its tasks stand in each status; those that were dropped since are in its summary alone."""
        counts = dict.fromkeys(Status, 0)
        counts.update({Status(row[0]): row[1] for row in self._database.read(_COUNTS, (batch_id,))})
        return counts

    def task_ids(self, batch_id: str, statuses: Sequence[Status]) -> list[str]:
        """The ids of its tasks in these statuses, in the order of submission."""
        import json

        return [row[0] for row in self._database.read(_TASK_IDS, (batch_id, json.dumps(list(statuses))))]

    def contents(self, batch_id: str) -> Iterator[tuple[str, str]]:
        """The lessons that its tasks made: subject and topic as a name, and the content as JSON."""
        yield from ((row[0], row[1]) for row in self._database.read(_CONTENTS, (batch_id,)))

    def cost(self, batch_id: str) -> Spent:
        """What the calls for its tasks took so far."""
        row = self._database.read(_COST, (batch_id,))[0]
        return Spent(calls=row[0], tokens=row[1], cost=row[2])

    def judges(self, batch_id: str) -> dict[str, int]:
        """Who judged the written sentences of how many of its lessons, the busiest first."""
        return {row[0]: row[1] for row in self._database.read(_JUDGES, (batch_id,))}

    def untold(self) -> list[Batch]:
        """Batches that are over and whose end was not told yet."""
        return [_batch(row) for row in self._database.read(_UNTOLD)]

    def sum_up(self, batch_id: str, summary: str) -> bool:
        """Keep the summary of a batch that is over; False if it has one, or runs again."""
        return self._database.durable(lambda connection: connection.execute(_SUM_UP, (summary, batch_id)).rowcount == 1)

    def told(self, batch_id: str, now: datetime) -> bool:
        """Record that the batch's end was told; False if that was recorded before, or it runs again."""
        return self._database.durable(
            lambda connection: connection.execute(_TOLD, (to_text(now), batch_id)).rowcount == 1
        )

    def contents_beside(self, task: Task, limit: int) -> list[str]:
        """The content of the lessons that other tasks of its batch made, the latest ones, as JSON."""
        return [row[0] for row in self._database.read(_CONTENTS_BESIDE, (task.batch_id, task.id, limit))]

    def known_before(self, task: Task) -> list[str]:
        """The content of the lessons that come before a task in its batch, as JSON."""
        if task.batch_id is None:
            return []
        return [row[0] for row in self._database.read(_CONTENTS_BEFORE, (task.id,))]


def _batch(row: Row) -> Batch:
    return record(Batch, row)


def _first(rows: list[Row]) -> Batch | None:
    return _batch(rows[0]) if rows else None
