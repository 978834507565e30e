"""Sixteen lessons at once by a model that takes a second a call: how long, beside the longest chain of calls.

`python -m bench.model [LESSONS] [SECONDS]`. A scripted server on a socket answers each call well after so many
seconds; one worker process with as many threads as there are lessons, which has written one before, writes them.
A judge sits its exam with the lesson before, and judges all of them.
Printed are the time from the first claim to the last completed task, beside the longest chain of one lesson's calls,
in which calls that run side by side count once; the CPU time and the peak memory of the worker. Exit code 1 where a
target is missed: at most 12 calls a lesson, 8 in its chain, 1.25 of the longest chain's seconds, under 200 MB.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path

from bench.table import print_table
from lessongen.app import App
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LessonRequest, Priority, Status, Task
from lessongen.system.settings import load
from tests.good_model import answer as good_answer
from tests.scripted_model import ScriptedModel

TOPICS = (
    *("verbs", "nouns", "photosynthesis", "volcanoes", "gravity", "democracy", "inflation", "mountains"),
    *("jazz", "atoms", "bacteria", "earthquakes", "poetry", "algebra", "oxygen", "rivers"),
)
SUBJECTS = (
    *("english", "english", "biology", "geography", "physics", "politics", "economics", "geography"),
    *("music", "chemistry", "biology", "geography", "english", "mathematics", "chemistry", "geography"),
)


_MOST_CALLS, _LONGEST_CHAIN = 12, 8


def environment(home: Path, base_url: str, lessons: int) -> dict[str, str]:
    """What the worker process sees."""
    return {
        **os.environ,
        "LESSONGEN_HOME": str(home),
        "LESSONGEN_SOURCES_WIKIPEDIA": "no",
        "LESSONGEN_WORKER_CONCURRENCY": str(lessons),
        "OPENAI_BASE_URL": base_url,
        "OPENAI_API_KEY": "sk-bench",
        "LESSONGEN_JUDGE_NAME": "auto",
    }


def wait_for(app: App, tasks: Sequence[Task]) -> None:
    """Return when all of these are over."""
    while not all(app.jobs.get(task.task_id).status.is_finished for task in tasks):
        time.sleep(0.05)


def cpu_seconds(process: int) -> float:
    """The CPU time that a process has taken so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(process: int) -> float:
    """The most memory that a process has had resident."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def longest_chain(database: Path, tasks: Sequence[Task]) -> int:
    """The most calls of one of these lessons that are made one after the other."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT task_id, step FROM usage ORDER BY id").fetchall()
    steps: dict[str, list[str]] = {task.task_id: [] for task in tasks}
    for task, step in rows:
        if task in steps:
            steps[task].append(step)
    return max(len(list(groupby(each, key=_stage_of))) for each in steps.values())


def _stage_of(step: str) -> str:
    """What runs side by side with it has the same: a draft is judged while its questions are answered."""
    return "weighed" if step.startswith(("judge", "answers")) else step


def main() -> int:
    """Print the table."""
    lessons = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    with tempfile.TemporaryDirectory() as folder, ScriptedModel(good_answer, delay_seconds=seconds) as server:
        home = Path(folder)
        variables = environment(home, server.base_url, lessons)
        app = App(load(variables))
        with subprocess.Popen([sys.executable, "-m", "lessongen", "worker"], env=variables) as worker:
            first = LessonRequest(subject="english", topic="adjectives", writer="openai")
            wait_for(app, app.jobs.submit([first], user="", priority=Priority.NORMAL, writer="openai"))
            before = cpu_seconds(worker.pid)
            requests = [
                LessonRequest(subject=SUBJECTS[each % 16], topic=TOPICS[each % 16], writer="openai", variant=f"v{each}")
                for each in range(lessons)
            ]
            submitted = app.jobs.submit(requests, user="", priority=Priority.NORMAL, writer="openai")
            app.roster.wake()
            wait_for(app, submitted)
            cpu = cpu_seconds(worker.pid) - before
            memory = peak_megabytes(worker.pid)
            worker.terminate()
        tasks = [task for task in app.store.tasks.select(TaskFilter(), 1_000) if task.request.variant != "core"]
        done = [task for task in tasks if task.status is Status.COMPLETED]
        for task in tasks:
            if task.failure is not None:
                print(f"{task.request.topic}: {task.failure.message}")
        if not done:
            return 1
        started = min(task.started_at for task in done if task.started_at)
        ended = max(task.completed_at for task in done if task.completed_at)
        calls = Counter({task.task_id: app.store.leases.spent(task).calls for task in tasks})
        links = longest_chain(app.file_store.path, tasks)
        chain = links * seconds
        took = (ended - started).total_seconds()
        app.close()
    print_table(
        ["", "measured", "at most"],
        [
            ["lessons made", f"{len(done)} of {lessons}", ""],
            ["calls, of one lesson", str(max(calls.values())), str(_MOST_CALLS)],
            ["calls, of the longest chain", str(links), str(_LONGEST_CHAIN)],
            ["all lessons, seconds", f"{took:.1f}", f"{1.25 * chain:.1f}"],
            ["of the longest chain", f"{took / chain:.2f}", "1.25"],
            ["CPU seconds of the worker", f"{cpu:.1f}", ""],
            ["peak memory", f"{memory:.0f} MB", "200 MB"],
        ],
    )
    is_short = max(calls.values()) <= _MOST_CALLS and links <= _LONGEST_CHAIN
    reached = len(done) == lessons and is_short and took <= 1.25 * chain and memory < 200
    print("targets:", "reached" if reached else "MISSED")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
