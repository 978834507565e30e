"""A database file with rows in every table, and each kind of value that its columns take."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from lessongen.database.copying import TABLES
from lessongen.store import SqliteStore

_TEXTS = ("plain", "", "“ä”\t\n\\N \\. ;,\"'", "\U0001f9ea\u0301 שלום", '{"a": [1, null]}', "a\ufffdb")
_NUMBERS = (0, 1, 7, 2**31 - 1)
_FLOATS = (0.1, -1.5e-300, 1 / 3, 12345678901.25)
# A row's own value: what refers to other rows does so by the number of its own.
_STATUSES = ("pending", "in_progress", "completed", "failed", "cancelled")


def fill(path: Path, *, rows: int = 6, more_usage: int = 0) -> Path:
    """Make a database there, with so many rows a table and more rows of usage."""
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM tally")
        for table in TABLES:
            columns = connection.execute(
                f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')"  # noqa: S608 - ours
            ).fetchall()
            for number in range(1, _rows_of(table, rows) + 1):
                row = [_value(table, number, *column) for column in columns]
                places = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {table} VALUES ({places})", row)  # noqa: S608 - ours
        connection.execute("UPDATE sqlite_sequence SET seq = 1000 WHERE name IN ('tasks', 'lessons')")
        connection.executemany(
            "INSERT INTO usage (task_id, user, step, writer, model, input_tokens, output_tokens, created_at) "
            "VALUES (?, 'ann', 'outline', 'openai', 'small', 1, 2, '2026-01-31T09:00:00Z')",
            [(f"task-{number}",) for number in range(more_usage)],
        )
    return path


def _rows_of(table: str, rows: int) -> int:
    return 3 if table == "tally" else rows


def _value(table: str, number: int, column: str, kind: str, is_needed: int, in_key: int) -> Any:
    if column == "status" and kind == "TEXT" and table in ("tasks", "tally"):
        return _STATUSES[number + 1] if table == "tally" else _STATUSES[(number - 1) % len(_STATUSES)]
    if column == "lease_token":
        return "token" if (number - 1) % len(_STATUSES) == 1 else None
    if column in ("id", "lesson", "number", "task", "needs", "sent_batch", "lesson_id"):
        return number
    if column in ("sha256", "task_id", "batch_id") or (in_key and kind == "TEXT"):
        return f"{column}-{number}"
    if in_key:
        return number
    if column.startswith(("is_", "run_anyway", "fail_fast", "cancel_requested")):
        return number % 2
    if not is_needed and number % 3 == 0:
        return None
    if kind == "REAL":
        return _FLOATS[number % len(_FLOATS)]
    if kind == "INTEGER":
        return _NUMBERS[number % len(_NUMBERS)]
    if column.endswith("_at"):
        return f"2026-01-31T09:00:{number:02}.000000Z"
    return f"{_TEXTS[number % len(_TEXTS)]}{number if column in ('key', 'custom_id', 'fingerprint') else ''}"
