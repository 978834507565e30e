"""Calls that go by a provider's Batch API, and what they are sent in: every SQL statement on them.

A call waits (no sent batch, no status), is sent (a sent batch, no status), or is answered (a status). A task that waits
for an answer is pending with the same `run_at` as one that comes after others; the transaction that keeps the answer
makes it due, so that no crash leaves it waiting for what has come.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lessongen.database.chains import tasks_ended
from lessongen.database.leases import FORGET_CALL, HAND_BACK
from lessongen.database.rows import AFTER_OTHERS, TASK_COLUMNS, failure_row, read_task, record
from lessongen.database.usage import add_usages
from lessongen.lesson.attempt import BatchedAnswer, BatchedCall, Usage
from lessongen.lesson.sent_batches import Answered, AtProvider, ProviderBatch, SentBatch, Waiting
from lessongen.lesson.task import Failure, Lease, Status, Task
from lessongen.system.clock import to_text

if TYPE_CHECKING:
    from lessongen.database.port import Connection, Database, Row

_AWAITS = "Waiting for the provider's Batch API"

_ADD_CALL = """
INSERT INTO batched_calls (task, batch_id, key, inputs_sha256, custom_id, model, body, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (task, key, inputs_sha256) DO NOTHING"""
_ANSWER = """
SELECT status, answer, body FROM batched_calls
WHERE task = ? AND key = ? AND inputs_sha256 = ? AND status IS NOT NULL"""
_MAKE_DUE = f"""
UPDATE tasks SET run_at = NULL, message = 'Waiting for a worker'
WHERE id = ? AND status = 'pending' AND run_at = '{AFTER_OTHERS}' AND waits_for = 0"""

_HAS_ANY = """
SELECT EXISTS (SELECT 1 FROM sent_batches WHERE ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM batched_calls WHERE sent_batch IS NULL AND status IS NULL)"""
_HAS_WAITING = "SELECT EXISTS (SELECT 1 FROM batched_calls WHERE sent_batch IS NULL AND status IS NULL)"
_SWEEP = """
DELETE FROM batched_calls WHERE sent_batch IS NULL AND status IS NULL
AND task IN (SELECT id FROM tasks WHERE status NOT IN ('pending', 'in_progress'))"""
_WAITING = f"""
SELECT c.batch_id, c.model, count(*) AS calls, min(c.created_at) AS since, EXISTS (
    SELECT 1 FROM tasks t INDEXED BY tasks_live_of_batch
    WHERE t.batch_id = c.batch_id AND t.status IN ('pending', 'in_progress') AND t.run_at IS NULL) AS may_grow
FROM batched_calls c JOIN tasks ON tasks.id = c.task
WHERE c.sent_batch IS NULL AND c.status IS NULL AND tasks.status = 'pending' AND tasks.run_at = '{AFTER_OTHERS}'
GROUP BY c.batch_id, c.model ORDER BY min(c.id)"""
_WAITING_CALLS = f"""
SELECT c.id, length(CAST(c.body AS BLOB)) FROM batched_calls c JOIN tasks ON tasks.id = c.task
WHERE c.sent_batch IS NULL AND c.status IS NULL AND c.batch_id = ? AND c.model = ?
    AND tasks.status = 'pending' AND tasks.run_at = '{AFTER_OTHERS}' ORDER BY c.id LIMIT ?"""
_ADD_SENT_BATCH = """
INSERT INTO sent_batches (sent_batch_id, batch_id, model, address, calls, created_at) VALUES (?, ?, ?, ?, ?, ?)"""
_PACK = """
UPDATE batched_calls SET sends = sends + 1, sent_batch = (SELECT id FROM sent_batches WHERE sent_batch_id = ?)
WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
_UNPACK = "UPDATE batched_calls SET sent_batch = NULL, sends = sends - 1 WHERE sent_batch = ? AND status IS NULL"
_SENT_BATCH = """
SELECT sent_batches.*, EXISTS (
    SELECT 1 FROM batched_calls c JOIN tasks ON tasks.id = c.task
    WHERE c.sent_batch = sent_batches.id AND c.status IS NULL AND tasks.status IN ('pending', 'in_progress')
) AS is_wanted
FROM sent_batches WHERE ended_at IS NULL"""
_UNWANTED = """
SELECT sent_batch_id FROM sent_batches
WHERE ended_at IS NULL AND provider_id IS NOT NULL AND NOT is_cancelled AND NOT EXISTS (
    SELECT 1 FROM batched_calls c JOIN tasks ON tasks.id = c.task
    WHERE c.sent_batch = sent_batches.id AND c.status IS NULL AND tasks.status IN ('pending', 'in_progress'))"""
_LINES = "SELECT custom_id, body FROM batched_calls WHERE sent_batch = ? AND id > ? ORDER BY id LIMIT 200"
_LAST_OF_LINES = (
    "SELECT max(id) FROM (SELECT id FROM batched_calls WHERE sent_batch = ? AND id > ? ORDER BY id LIMIT 200) AS few"
)

_FILED = "UPDATE sent_batches SET file_id = ?, sent_at = ? WHERE id = ?"
_SEEN = """
UPDATE sent_batches SET provider_id = ?, status = ?, answered = ?, failed = ?, missing = 0, trouble = NULL
WHERE id = ?"""
_MISSED = "UPDATE sent_batches SET missing = missing + 1 WHERE id = ? RETURNING missing"
_CANCELLED = "UPDATE sent_batches SET is_cancelled = TRUE WHERE id = ?"
_TROUBLE = "UPDATE sent_batches SET trouble = ? WHERE id = ?"
_END = "UPDATE sent_batches SET ended_at = ?, trouble = NULL WHERE id = ?"

# Each once: an answer that comes a second time, after a crash, finds no call without a status.
_TAKE = """
UPDATE batched_calls SET status = ?, answer = ?, body = CASE WHEN ? = 200 THEN NULL ELSE body END
WHERE sent_batch = ? AND custom_id = ? AND status IS NULL RETURNING task, key"""
_TASK = f"SELECT {TASK_COLUMNS} FROM tasks WHERE id = ?"
# What is answered after a batch was summed up, because it was cancelled, is paid all the same.
_SUMMARY = "SELECT summary FROM batches WHERE batch_id = ? AND summary IS NOT NULL"
_SUM_UP_AGAIN = "UPDATE batches SET summary = ? WHERE batch_id = ?"
_SEND_AGAIN = "UPDATE batched_calls SET sent_batch = NULL WHERE sent_batch = ? AND status IS NULL AND sends < ?"
_FAIL_TASKS = f"""
UPDATE tasks SET status = 'failed', completed_at = :now, run_at = NULL, message = :error_message,
    error_code = :code, error_message = :error_message, error_hint = :hint, error_exit_code = :exit_code
WHERE status = 'pending' AND run_at = '{AFTER_OTHERS}' AND id IN (
    SELECT task FROM batched_calls WHERE sent_batch = :sent_batch AND status IS NULL) RETURNING id, batch_id"""
_FORGET_UNANSWERED = "DELETE FROM batched_calls WHERE sent_batch = ? AND status IS NULL"

_CALLS_OF_BATCH = f"""
SELECT count(*) - count(c.sent_batch), count(*) FROM batched_calls c JOIN tasks ON tasks.id = c.task
WHERE c.batch_id = ? AND c.status IS NULL AND (c.sent_batch IS NOT NULL
    OR tasks.status = 'pending' AND tasks.run_at = '{AFTER_OTHERS}')"""


class SentBatches:
    """SentBatches in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ------------------------------------------------------------ an attempt's side

    def hand_in(self, lease: Lease, calls: Sequence[BatchedCall], *, now: datetime) -> bool:
        """Keep calls and end the attempt that makes them; the task waits for an answer. False if the lease was lost.

        A call that is there already is not kept a second time.
        """
        task = lease.task
        parameters = {
            "id": task.id,
            "token": lease.token,
            "now": to_text(now),
            "message": _AWAITS,
            "attempts_given_back": 1,
            "run_at": AFTER_OTHERS,
            "due_boot": None,
            "due_seconds": None,
            **failure_row(None),
        }
        keeping = [
            (
                task.id,
                task.batch_id,
                call.key,
                call.inputs_sha256,
                custom_id(task.task_id, call.key, call.inputs_sha256),
                call.model,
                json.dumps(call.body, ensure_ascii=False, separators=(",", ":")),
                to_text(now),
            )
            for call in calls
        ]

        def work(connection: Connection) -> bool:
            rows = connection.execute(HAND_BACK, parameters).fetchall()
            if rows and rows[0][0] == Status.CANCELLED:
                tasks_ended(connection, [(task.id, task.batch_id, Status.CANCELLED)], now)
            elif rows:
                connection.executemany(_ADD_CALL, keeping)
                if any(
                    connection.execute(_ANSWER, (task.id, call.key, call.inputs_sha256)).fetchone() for call in calls
                ):
                    connection.execute(_MAKE_DUE, (task.id,))  # it came in the meantime
            return bool(rows)

        return self._database.durable(work)

    def answer(self, task: Task, key: str, inputs_sha256: str) -> BatchedAnswer | None:
        """What the provider answered to a step's call; None where nothing has come."""
        rows = self._database.read(_ANSWER, (task.id, key, inputs_sha256))
        if not rows:
            return None
        status, body, request = rows[0]
        return BatchedAnswer(status=status, body=json.loads(body), request=json.loads(request) if request else None)

    def discard(self, task: Task, key: str, inputs_sha256: str) -> None:
        """Forget an answer that is of no use."""
        self._database.durable(lambda connection: connection.execute(FORGET_CALL, (task.id, key, inputs_sha256)))

    # ------------------------------------------------------------ sending

    def has_any(self) -> bool:
        """Whether a call waits, or a sent batch is on its way."""
        return bool(self._database.read(_HAS_ANY)[0][0])

    def sweep(self) -> None:
        """Forget the calls that wait for tasks which are over; one that is retried makes its call again."""
        self._write(_SWEEP, ())

    def has_waiting(self) -> bool:
        """Whether a call waits to be sent."""
        return bool(self._database.read(_HAS_WAITING)[0][0])

    def waiting(self) -> list[Waiting]:
        """The calls that wait, by batch and model, the longest waiting first."""
        return [record(Waiting, row) for row in self._database.read(_WAITING)]

    def open(self) -> list[SentBatch]:
        """The sent batches that are not over, the oldest first."""
        return [_sent_batch(row) for row in self._database.read(_SENT_BATCH + " ORDER BY id")]

    def unwanted(self) -> list[str]:
        """The ids of sent batches at the provider whose answers nobody waits for, and that are not cancelled yet."""
        return [row[0] for row in self._database.read(_UNWANTED)]

    def pack(
        self, waiting: Waiting, sent_batch_id: str, address: str, *, most_calls: int, most_bytes: int, now: datetime
    ) -> SentBatch | None:
        """Put calls that wait into a new sent batch, durably, before anything is sent; None if none wait any more."""

        def work(connection: Connection) -> None:
            chosen: list[int] = []
            size = 0
            for call, length in connection.execute(_WAITING_CALLS, (waiting.batch_id, waiting.model, most_calls)):
                size += length
                if chosen and size > most_bytes:
                    break
                chosen.append(call)
            if chosen:
                row = (sent_batch_id, waiting.batch_id, waiting.model, address, len(chosen), to_text(now))
                connection.execute(_ADD_SENT_BATCH, row)
                connection.execute(_PACK, (sent_batch_id, json.dumps(chosen)))

        self._database.durable(work)
        rows = self._database.read(_SENT_BATCH + " AND sent_batch_id = ?", (sent_batch_id,))
        return _sent_batch(rows[0]) if rows else None

    def unpack(self, sent_batch: SentBatch, now: datetime) -> None:
        """End a sent batch that the provider did not take: its calls wait as if they had not been sent."""

        def work(connection: Connection) -> None:
            connection.execute(_UNPACK, (sent_batch.id,))
            connection.execute(_END, (to_text(now), sent_batch.id))

        self._database.durable(work)

    def lines(self, sent_batch: SentBatch) -> Iterator[tuple[str, str]]:
        """The id and the body of each of its calls, in a fixed order."""
        last = 0
        while rows := self._database.read(_LINES, (sent_batch.id, last)):
            ending = self._database.read(_LAST_OF_LINES, (sent_batch.id, last))[0][0]
            yield from ((row[0], row[1]) for row in rows)
            last = ending

    def filed(self, sent_batch: SentBatch, file_id: str | None, now: datetime) -> None:
        """Record the provider's file; None where it is not to be used any more."""
        self._write(_FILED, (file_id, to_text(now) if file_id else None, sent_batch.id))

    # ------------------------------------------------------------ looking

    def seen(self, sent_batch: SentBatch, batch: ProviderBatch) -> None:
        """Record what the provider tells of it."""
        self._write(_SEEN, (batch.id, batch.status, batch.answered, batch.failed, sent_batch.id))

    def missed(self, sent_batch: SentBatch) -> int:
        """Record that the provider does not know it; for how many looks in a row."""

        def work(connection: Connection) -> int:
            missing: int = connection.execute(_MISSED, (sent_batch.id,)).fetchall()[0][0]
            return missing

        return self._database.durable(work)

    def asked_to_cancel(self, sent_batch: SentBatch) -> None:
        """Record that the provider was asked to cancel it."""
        self._write(_CANCELLED, (sent_batch.id,))

    def in_trouble(self, sent_batch: SentBatch, trouble: str | None) -> None:
        """Record what went wrong with it, for people."""
        self._write(_TROUBLE, (trouble, sent_batch.id))

    # ------------------------------------------------------------ taking apart

    def take(self, sent_batch: SentBatch, answers: Sequence[Answered], now: datetime) -> int:
        """Keep answers with what they took and make their tasks due, each once; how many were new."""

        def work(connection: Connection) -> int:
            return sum(_take(connection, sent_batch, each, now) for each in answers)

        return self._database.durable(work)

    def end(self, sent_batch: SentBatch, *, most_sends: int, failure: Failure, now: datetime) -> tuple[int, int]:
        """End a sent batch: what it brought no answer to is sent again.

        What was sent so often already fails its task. How many are sent again, and how many tasks failed.
        """

        def work(connection: Connection) -> tuple[int, int]:
            again = connection.execute(_SEND_AGAIN, (sent_batch.id, most_sends)).rowcount
            return again, _give_up(connection, sent_batch, failure, now)

        return self._database.durable(work)

    def give_up(self, sent_batch: SentBatch, failure: Failure, now: datetime) -> int:
        """End a sent batch: the tasks whose calls have no answer fail; how many."""
        return self._database.durable(lambda connection: _give_up(connection, sent_batch, failure, now))

    # ------------------------------------------------------------ for people

    def at_provider(self, batch_id: str) -> AtProvider | None:
        """Where the calls of a batch stand; None where there are none."""
        waiting, unanswered = self._database.read(_CALLS_OF_BATCH, (batch_id,))[0]
        sent_batches = [
            _sent_batch(row) for row in self._database.read(_SENT_BATCH + " AND batch_id = ? ORDER BY id", (batch_id,))
        ]
        if not unanswered and not sent_batches:
            return None
        return AtProvider(
            waiting=waiting,
            sent=sum(each.calls for each in sent_batches),
            answered=sum(each.answered + each.failed for each in sent_batches),
            sent_batches=sent_batches,
        )

    def _write(self, sql: str, parameters: Sequence[object]) -> None:
        self._database.durable(lambda connection: connection.execute(sql, tuple(parameters)))


def custom_id(task_id: str, key: str, inputs_sha256: str) -> str:
    """What ties an answer to a task, a step and the hash of its inputs: at most 64 letters, digits, dashes and dots."""
    return f"{task_id}.{inputs_sha256[:12]}.{key}"[:64]


def _take(connection: Connection, sent_batch: SentBatch, answered: Answered, now: datetime) -> bool:
    answer = answered.answer
    body = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    row = (answer.status, body, answer.status, sent_batch.id, answered.custom_id)
    found = connection.execute(_TAKE, row).fetchall()
    if not found:
        return False
    task_row, key = found[0]
    task = read_task(connection.execute(_TASK, (task_row,)).fetchone())
    usage = answered.usage(key)
    if usage is not None:
        add_usages(connection, task, [usage], now)
        _add_to_summary(connection, task, usage)
    connection.execute(_MAKE_DUE, (task_row,))
    return True


def _add_to_summary(connection: Connection, task: Task, usage: Usage) -> None:
    row = connection.execute(_SUMMARY, (task.batch_id,)).fetchone()
    if row is None:
        return
    summary = json.loads(row[0])
    summary["calls"] += 1
    summary["tokens"] += usage.input_tokens + usage.output_tokens
    summary["cost"] += usage.cost or 0.0
    connection.execute(_SUM_UP_AGAIN, (json.dumps(summary, ensure_ascii=False), task.batch_id))


def _give_up(connection: Connection, sent_batch: SentBatch, failure: Failure, now: datetime) -> int:
    parameters = {"now": to_text(now), "sent_batch": sent_batch.id, **failure_row(failure)}
    failed = connection.execute(_FAIL_TASKS, parameters).fetchall()
    tasks_ended(connection, [(row[0], row[1], Status.FAILED) for row in failed], now)
    connection.execute(_FORGET_UNANSWERED, (sent_batch.id,))
    connection.execute(_END, (to_text(now), sent_batch.id))
    return len(failed)


def _sent_batch(row: Row) -> SentBatch:
    return record(SentBatch, row)
