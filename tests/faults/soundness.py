"""What must be true of a database whatever has befallen it, counted from its rows alone."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

_LOST = "SELECT ? - count(*) FROM tasks"
_WITHOUT_VERSION = """
SELECT count(*) FROM tasks WHERE status = 'completed'
    AND NOT EXISTS (SELECT 1 FROM versions WHERE versions.task_id = tasks.task_id)"""
_DOUBLED = """
SELECT (SELECT count(*) - count(DISTINCT task_id) FROM versions)
    + (SELECT count(*) FROM versions JOIN tasks USING (task_id) WHERE status != 'completed')"""
_LIVE = "SELECT count(*) FROM tasks WHERE status IN ('pending', 'in_progress')"
_GAPS = "SELECT coalesce(sum(gap), 0) FROM (SELECT max(number) + 1 - count(*) AS gap FROM versions GROUP BY lesson)"
_MISCOUNTED = """
SELECT coalesce(sum(abs(tally.tasks - (SELECT count(*) FROM tasks WHERE tasks.status = tally.status))), 0) FROM tally"""


@dataclass(frozen=True, kw_only=True)
class Soundness:
    """What is wrong with a database in which so many tasks were accepted and should all be finished: 0 of each."""

    lost: int  # accepted but not there, or completed without a version
    doubled: int  # versions too many
    stuck: int  # tasks that are still live
    gaps: int  # numbers that no version has
    miscounted: int  # by the tally
    problems: int  # that SQLite's integrity check finds

    @property
    def is_perfect(self) -> bool:
        """Whether nothing is wrong."""
        return self == Soundness(lost=0, doubled=0, stuck=0, gaps=0, miscounted=0, problems=0)


def inspect(folder: Path, *, accepted: int) -> Soundness:
    """Look at the database in a folder."""
    connection = sqlite3.connect(folder / "lessons.db")
    try:
        integrity = [row[0] for row in connection.execute("PRAGMA integrity_check")]

        def count(sql: str, *parameters: int) -> int:
            found: int = connection.execute(sql, parameters).fetchone()[0]
            return found

        return Soundness(
            lost=count(_LOST, accepted) + count(_WITHOUT_VERSION),
            doubled=count(_DOUBLED),
            stuck=count(_LIVE),
            gaps=count(_GAPS),
            miscounted=count(_MISCOUNTED),
            problems=len([line for line in integrity if line != "ok"]),
        )
    finally:
        connection.close()


def verify(folder: Path, *, tasks: int) -> None:
    """Each of so many tasks is completed, with exactly one version, and the database is sound."""
    soundness = inspect(folder, accepted=tasks)
    assert soundness.is_perfect, soundness
    connection = sqlite3.connect(folder / "lessons.db")
    statuses = connection.execute("SELECT status, count(*) FROM tasks GROUP BY status").fetchall()
    connection.close()
    assert statuses == [("completed", tasks)]
