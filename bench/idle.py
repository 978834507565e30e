"""How fast a waiting worker starts a task, and what waiting costs it: `python -m bench.idle [TASKS] [SECONDS]`.

A real worker, started as `create` starts it, writes one extractive lesson first. Then tasks come one at a time, each
when the worker is idle: the time from the moment that the submission begins to the moment at which the worker claims
it, both as the database has them. Then nothing comes for some seconds: the worker's CPU time as a share of one core,
and its memory. Exit code 1 where a target is missed: p95 at most 5 ms, at most 0.1 % of a core, at most 60 MB.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.table import print_table
from lessongen.app import App
from lessongen.lesson.task import LessonRequest, Priority, Task
from lessongen.system.settings import load

MOST_MILLISECONDS, MOST_SHARE, MOST_MEGABYTES = 5.0, 0.001, 60.0


def submitted(app: App, topic: str) -> Task:
    """A task that workers were told of."""
    request = LessonRequest(subject="english", topic=topic)
    task = app.jobs.submit([request], user="", priority=Priority.NORMAL, writer="extractive")[0]
    app.start_worker()
    return task


def finished(app: App, task: Task) -> Task:
    """The task at its end."""
    while not (now := app.jobs.get(task.task_id)).status.is_finished:
        time.sleep(0.005)
    return now


def cpu_seconds(pid: int) -> float:
    """CPU time of a process's threads so far, to the nanosecond; `/proc/PID/stat` counts in ticks of 10 ms."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def megabytes(pid: int) -> float:
    """Memory of a process that is in use now."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> int:
    """Print the table."""
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
    with tempfile.TemporaryDirectory() as home:
        app = App(load({**os.environ, "LESSONGEN_HOME": home}))
        os.environ["LESSONGEN_HOME"] = home
        finished(app, submitted(app, "verbs"))
        waits = []
        for number in range(tasks):
            time.sleep(0.02)
            done = finished(app, submitted(app, f"zzgl brmpf {number}"))
            assert done.started_at is not None
            waits.append((done.started_at - done.created_at).total_seconds() * 1_000)
        pid = app.roster.alive()[0].card.pid
        before = cpu_seconds(pid)
        time.sleep(seconds)
        share = (cpu_seconds(pid) - before) / seconds
        memory = megabytes(pid)
        from lessongen.queue.daemon import stop

        stop(app.roster, timeout_seconds=20)
    p95 = statistics.quantiles(waits, n=20)[-1]
    print_table(
        ["", "measured", "at most"],
        [
            ["create→start, median", f"{statistics.median(waits):.2f} ms", ""],
            ["create→start, p95", f"{p95:.2f} ms", f"{MOST_MILLISECONDS} ms"],
            ["idle, of one core", f"{share:.3%}", f"{MOST_SHARE:.1%}"],
            ["memory", f"{memory:.1f} MB", f"{MOST_MEGABYTES} MB"],
        ],
    )
    reached = p95 <= MOST_MILLISECONDS and share <= MOST_SHARE and memory <= MOST_MEGABYTES
    print("targets:", "reached" if reached else "MISSED")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
