"""Whether claim, `status` and `tasks` cost the same however much history there is.

`python -m bench.history [ROUNDS [FINISHED [DUE]]]`

The store's own queries, timed in process: at 10 finished tasks and at 1,000,000, and the claim behind one user's 10 and
200,000 due tasks, where no other numbers are given. Medians; exit code 1 where any takes more than 2 times as long as
at 10.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.table import print_table
from lessongen.jobs import Jobs
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LessonRequest, Priority, Task
from lessongen.store import SqliteStore
from lessongen.system.clock import SystemClock

FEW, FINISHED, DUE, MOST = 10, 1_000_000, 200_000, 2.0

_FINISHED_ROWS = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
INSERT INTO tasks (task_id, request, subject, topic, status, user, priority, max_attempts, attempt, created_at,
    admitted_at, started_at, completed_at, message)
SELECT printf('%08x-0000-4000-8000-%012x', i * 2654435761 % 4294967296, i), (SELECT request FROM tasks LIMIT 1),
    'english', 'topic ' || i, CASE i % 10 WHEN 0 THEN 'failed' ELSE 'completed' END, 'user ' || i % 50, 1, 5, 1,
    strftime('%Y-%m-%dT%H:%M:%f000Z', 1700000000 + i, 'unixepoch'),
    strftime('%Y-%m-%dT%H:%M:%f000Z', 1700000000 + i, 'unixepoch'),
    strftime('%Y-%m-%dT%H:%M:%f000Z', 1700000001 + i, 'unixepoch'),
    strftime('%Y-%m-%dT%H:%M:%f000Z', 1700000009 + i, 'unixepoch'), 'Done'
FROM n"""
_TALLY = "UPDATE tally SET tasks = (SELECT count(*) FROM tasks WHERE tasks.status = tally.status)"


def queue(folder: Path, *, finished: int) -> Jobs:
    """A queue with so many finished tasks and ten due ones of ten users."""
    jobs = Jobs(store=SqliteStore(folder / "lessons.db"), clock=SystemClock())
    for number in range(10):
        submit(jobs, f"due {number}", f"user {number}")
    connection = sqlite3.connect(folder / "lessons.db")
    connection.execute(_FINISHED_ROWS.format(count=finished))
    connection.execute(_TALLY)
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return jobs


def submit(jobs: Jobs, topic: str, user: str, count: int = 1) -> list[Task]:
    """Tasks of one user."""
    requests = [LessonRequest(subject="english", topic=topic)] * count
    return jobs.submit(requests, user=user, priority=Priority.NORMAL, writer="extractive")


def milliseconds(action: Callable[[], object], rounds: int) -> float:
    """The median time of an action."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1_000)
    return statistics.median(times)


def claim_milliseconds(jobs: Jobs, rounds: int) -> float:
    """The median time of a claim alone; the task is handed back so that the next one finds the same queue."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        (lease,) = jobs.claim("worker", 1)
        times.append((time.perf_counter() - started) * 1_000)
        jobs.hand_back(lease)
    return statistics.median(times)


def main() -> int:
    """Print the table."""
    defaults = ("300", str(FINISHED), str(DUE))
    rounds, many_finished, many_due = map(int, (*sys.argv[1:], *defaults[len(sys.argv) - 1 :]))
    root = Path(tempfile.mkdtemp())
    try:
        times: dict[str, dict[int, float]] = {}
        for finished in (FEW, many_finished):
            folder = root / str(finished)
            folder.mkdir()
            jobs = queue(folder, finished=finished)
            tasks = jobs.store.tasks
            some = tasks.select(TaskFilter(), 30)[-1].task_id
            times.setdefault("claim", {})[finished] = claim_milliseconds(jobs, rounds)
            actions: dict[str, Callable[[], object]] = {
                "status: by id": partial(tasks.get, some),
                "status: by prefix": partial(jobs.find, some[:13]),
                "tasks: the list": partial(tasks.select, TaskFilter(), 20),
                "tasks: the counts": partial(tasks.counts, TaskFilter()),
            }
            for name, action in actions.items():
                action()
                times.setdefault(name, {})[finished] = milliseconds(action, rounds)
        for due in (FEW, many_due):
            folder = root / f"due {due}"
            folder.mkdir()
            jobs = Jobs(store=SqliteStore(folder / "lessons.db"), clock=SystemClock())
            submit(jobs, "hot", "hot", due)
            submit(jobs, "other", "other")
            times.setdefault("claim behind one user's due tasks", {})[due] = claim_milliseconds(jobs, rounds)
    finally:
        shutil.rmtree(root)
    rows, missed = [], False
    for name, by_size in times.items():
        (few, least), (many, most) = by_size.items()
        missed = missed or most > MOST * least
        rows.append([name, f"{least:.3f} ms at {few}", f"{most:.3f} ms at {many:,}", f"{most / least:.2f}", f"{MOST}"])
    print_table(["", "few", "many", "ratio", "at most"], rows)
    print("targets:", "MISSED" if missed else "reached")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
