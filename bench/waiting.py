"""Many threads that wait for a model, and one user behind another's thousands: `python -m bench.waiting [TASKS]`.

One worker with 32 threads drains tasks that each wait 2 s for an answer on a socket: the share of the ideal throughput.
Then a worker with 4 threads has 10,000 tasks of one user before it when another user submits one: how many of the first
user's tasks are started between its submission and its start. Exit code 1 where a target is missed: 95 %, and one.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.drain import version
from bench.table import print_table
from lessongen.jobs import Jobs
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.records import NewVersion, TaskFilter
from lessongen.lesson.task import LessonRequest, Priority, Status
from lessongen.queue.presence import Roster
from lessongen.queue.worker import Generate, Plan, Worker
from lessongen.store import SqliteStore
from lessongen.system.clock import SystemClock

THREADS, SECONDS, LEAST_SHARE = 32, 2.0, 0.95
BEFORE, MOST_BETWEEN = 10_000, 1


def slow_server() -> int:
    """The port of a server that answers each connection after two seconds."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)

    def answer(connection: socket.socket) -> None:
        with connection:
            connection.recv(64)
            time.sleep(SECONDS)
            connection.sendall(b"done")

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    port: int = listener.getsockname()[1]
    return port


def queue(folder: Path) -> Jobs:
    """An empty queue."""
    return Jobs(store=SqliteStore(folder / "lessons.db"), clock=SystemClock())


def submit(jobs: Jobs, user: str, count: int) -> None:
    """So many tasks of one user."""
    requests = [LessonRequest(subject="bench", topic=f"{user} {number}") for number in range(count)]
    jobs.submit(requests, user=user, priority=Priority.NORMAL, writer="extractive")


def worker(jobs: Jobs, generate: Generate, folder: Path, threads: int) -> Worker:
    """A worker that drains the queue."""
    plan = Plan(concurrency=threads, drain=True)
    return Worker(jobs=jobs, generate=generate, roster=Roster(folder / "lessons.db"), plan=plan)


def share_of_ideal(folder: Path, tasks: int) -> float:
    """How much of the throughput of threads that do nothing but wait is reached."""
    port = slow_server()

    def ask(request: LessonRequest, attempt: Attempt) -> NewVersion:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"?")
            connection.recv(64)
        return version(request)

    jobs = queue(folder)
    submit(jobs, "ann", tasks)
    started = time.perf_counter()
    worker(jobs, ask, folder, THREADS).run()
    return (tasks * SECONDS / THREADS) / (time.perf_counter() - started)


def started_between(folder: Path) -> int:
    """How many of the other user's tasks were started between a task's submission and its start."""

    def work(request: LessonRequest, attempt: Attempt) -> NewVersion:
        time.sleep(0.05)
        return version(request)

    jobs = queue(folder)
    submit(jobs, "many", BEFORE)
    runs = worker(jobs, work, folder, 4)
    thread = threading.Thread(target=runs.run)
    thread.start()
    while jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] < 20:
        time.sleep(0.01)
    submit(jobs, "one", 1)
    mine = jobs.find("last")
    while not (mine := jobs.get(mine.task_id)).status.is_finished:
        time.sleep(0.01)
    runs.stop()
    thread.join()
    assert mine.started_at is not None
    others = jobs.store.tasks.select(TaskFilter(user="many"), BEFORE)
    return sum(mine.created_at < each.started_at < mine.started_at for each in others if each.started_at)


def main() -> int:
    """Print the table."""
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 320
    with tempfile.TemporaryDirectory() as folder:
        share = share_of_ideal(Path(folder), tasks)
    with tempfile.TemporaryDirectory() as folder:
        between = started_between(Path(folder))
    print_table(
        ["", "measured", "target"],
        [
            [f"{THREADS} threads waiting {SECONDS:g} s, share of ideal", f"{share:.1%}", f"at least {LEAST_SHARE:.0%}"],
            [f"started before one task behind {BEFORE:,}", str(between), f"at most {MOST_BETWEEN}"],
        ],
    )
    reached = share >= LEAST_SHARE and between <= MOST_BETWEEN
    print("targets:", "reached" if reached else "MISSED")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
