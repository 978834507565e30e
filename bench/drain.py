"""How fast no-op tasks are drained, each storing a version: beside huey and beside a bare sqlite3 loop, in one run.

`python -m bench.drain [TASKS] [ROUNDS]`. All three store the same version with the same durability: the commit that
stores it is synced to disk (synchronous=FULL, WAL). Ours takes the next task in that same commit; the bare loop
claims in a commit of its own with synchronous=NORMAL; huey has one setting for all its commits, and its own default
(NORMAL) is left. The bare loop runs our own statements, one task after the other, in one thread, with rows prepared
beforehand and no other Python. Each contender runs in a process of its own; Procrastinate takes part where
BENCH_POSTGRES_URL names a PostgreSQL. Exit code 1 where a target is missed: at least as fast as huey, at least 0.7 of
the bare loop.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.table import print_table
from lessongen.database import leases, lessons, turns
from lessongen.jobs import WORKER_GONE, Jobs
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import LessonRequest, Priority, Status
from lessongen.queue.presence import Roster
from lessongen.queue.worker import Plan, Worker
from lessongen.store import SqliteStore
from lessongen.system.clock import SystemClock, to_text

THREADS = 4
POSTGRES = "BENCH_POSTGRES_URL"
CONTENT = '{"title": "' + "x" * 2_000 + '"}'


def request(number: int) -> LessonRequest:
    """One of as many lessons as there are tasks."""
    return LessonRequest(subject="bench", topic=f"topic {number}")


def version(asked: LessonRequest) -> NewVersion:
    """What the no-op handlers of all three store."""
    return NewVersion(
        name=asked.lesson,
        content=CONTENT,
        body="a verb is a word",
        texts={"0" * 64: "a verb is a word"},
        writer="extractive",
        model="",
        reason="created",
    )


def submitted(folder: Path, tasks: int) -> Jobs:
    """A queue with so many tasks in it."""
    jobs = Jobs(store=SqliteStore(folder / "lessons.db"), clock=SystemClock())
    jobs.submit([request(number) for number in range(tasks)], user="", priority=Priority.NORMAL, writer="extractive")
    return jobs


def ours(folder: Path, tasks: int) -> float:
    """Tasks a second, by one worker with four threads."""
    jobs = submitted(folder, tasks)

    def generate(asked: LessonRequest, attempt: Attempt) -> NewVersion:
        return version(asked)

    worker = Worker(
        jobs=jobs,
        generate=generate,
        roster=Roster(folder / "lessons.db"),
        plan=Plan(concurrency=THREADS, drain=True),
    )
    started = time.perf_counter()
    worker.run()
    seconds = time.perf_counter() - started
    jobs.store.close()
    return tasks / seconds


def bare(folder: Path, tasks: int) -> float:
    """Cycles a second of our own transactions in a loop of plain sqlite3."""
    submitted(folder, tasks).store.close()
    path = folder / "lessons.db"
    quick, durable = (sqlite3.connect(path, isolation_level=None) for _ in range(2))
    quick.execute("PRAGMA synchronous = NORMAL")
    durable.execute("PRAGMA synchronous = FULL")
    for connection in (quick, durable):
        connection.execute("PRAGMA foreign_keys = ON")
    now = to_text(datetime.now(UTC))
    gone = {"code": WORKER_GONE.code, "message": "", "hint": "", "exit_code": 75, "now": now}
    lapsed = leases.RECLAIM.format(which=leases.LAPSED)
    prepared = [request(number).lesson for number in range(tasks)]
    started = time.perf_counter()
    for number, name in enumerate(prepared):
        quick.execute("BEGIN IMMEDIATE")
        quick.execute(leases.MAKE_DUE, {"now": now, "boot": "x", "seconds": 0.0})
        quick.execute(lapsed, {**gone, "boot": "x", "seconds": 0.0}).fetchall()
        priority = quick.execute(turns.HIGHEST_DUE).fetchone()[0]
        last = quick.execute(turns.LAST_SERVED, (priority,)).fetchone()
        turn = None
        if last is not None:
            turn = quick.execute(turns.NEXT_TURN, {"priority": priority, "user": last[0]}).fetchone()
        if turn is None:
            turn = quick.execute(turns.FIRST_TURN, {"priority": priority}).fetchone()
        quick.execute(turns.SERVED, (priority, turn[1]))
        claim = {"id": turn[0], "token": "t", "worker_id": "w", "boot": "x", "until": 9e9, "now": now}
        quick.execute(leases.CLAIM, claim).fetchall()
        quick.execute("COMMIT")
        durable.execute("BEGIN IMMEDIATE")
        durable.execute(leases.HOLDS, (turn[0], "t")).fetchone()
        row = durable.execute(lessons.ADD_LESSON, {**lessons.name_row(name), "now": now}).fetchall()[0]
        stored = (row[0], row[6] - 1)
        durable.execute(lessons.ADD_VERSION, (*stored, CONTENT, "extractive", "created", str(number), now))
        durable.execute(lessons.ADD_TEXT, ("0" * 64, "a verb is a word"))
        durable.execute(lessons.ADD_VERSION_TEXT, (*stored, "0" * 64))
        durable.execute(lessons.INDEX, (row[0], f"bench {number}", "a verb is a word"))
        end = {"id": turn[0], "token": "t", "status": Status.COMPLETED, "now": now, "percent": 100, "message": "Done"}
        end |= {"lesson_id": stored[0], "version": stored[1]}
        end |= {"code": None, "error_message": None, "hint": None, "exit_code": None}
        durable.execute(leases.FINISH, end)
        durable.execute(leases.FORGET_STEPS, (turn[0],))
        durable.execute(lessons.ADD_DURATION, ("extractive", "", "general", 0.1, 0.1, None, None, now))
        durable.execute("COMMIT")
    seconds = time.perf_counter() - started
    quick.close()
    durable.close()
    return tasks / seconds


def hueys(folder: Path, tasks: int) -> float:
    """Tasks a second of huey with four threads, whose handler stores the same version with the same durability."""
    from huey import SqliteHuey

    logging.getLogger("huey").setLevel(logging.ERROR)
    queue = SqliteHuey(filename=str(folder / "huey.db"), results=False)
    store = SqliteStore(folder / "lessons.db")
    database = store._database
    done = threading.Semaphore(0)

    def handler(number: int) -> None:
        new = version(request(number))
        database.durable(partial(lessons.add_version, new=new, task_id=str(number), now=datetime.now(UTC)))
        done.release()

    task = queue.task()(handler)
    for number in range(tasks):
        task(number)
    consumer = queue.create_consumer(workers=THREADS, worker_type="thread", initial_delay=0.001, max_delay=0.01)
    started = time.perf_counter()
    consumer.start()
    for _ in range(tasks):
        done.acquire()
    seconds = time.perf_counter() - started
    consumer.stop(graceful=True)
    store.close()
    return tasks / seconds


def litequeues(folder: Path, tasks: int) -> float:
    """Tasks a second of litequeue in a loop of one thread, which is how it is used, storing the same version."""
    from litequeue import LiteQueue

    queue = LiteQueue(str(folder / "litequeue.db"))
    store = SqliteStore(folder / "lessons.db")
    database = store._database
    for number in range(tasks):
        queue.put(str(number))
    started = time.perf_counter()
    while (message := queue.pop()) is not None:
        new = version(request(int(message.data)))
        name = message.data
        database.durable(partial(lessons.add_version, new=new, task_id=name, now=datetime.now(UTC)))
        queue.done(message.message_id)
    seconds = time.perf_counter() - started
    store.close()
    return tasks / seconds


def procrastinates(folder: Path, tasks: int) -> float:
    """Tasks a second of Procrastinate with a concurrency of four, over the PostgreSQL that POSTGRES names."""
    import asyncio

    from procrastinate import App, PsycopgConnector
    from procrastinate.types import JSONDict

    app = App(connector=PsycopgConnector(conninfo=os.environ[POSTGRES]))
    store = SqliteStore(folder / "lessons.db")
    database = store._database

    def handler(number: int) -> None:
        new = version(request(number))
        database.durable(partial(lessons.add_version, new=new, task_id=str(number), now=datetime.now(UTC)))

    task = app.task(queue=folder.name)(handler)

    async def run() -> float:
        async with app.open_async():
            if not await app.check_connection_async():
                await app.schema_manager.apply_schema_async()
            rows: list[JSONDict] = [{"number": number} for number in range(tasks)]
            await task.batch_defer_async(*rows)
            started = time.perf_counter()
            await app.run_worker_async(
                queues=[folder.name], concurrency=THREADS, wait=False, install_signal_handlers=False
            )
            return time.perf_counter() - started

    seconds = asyncio.run(run())
    store.close()
    return tasks / seconds


CONTENDERS: dict[str, Callable[[Path, int], float]] = {
    "lessongen": ours,
    "huey": hueys,
    "litequeue": litequeues,
    "bare sqlite3": bare,
}
PEERS = ["huey", "litequeue"]
if POSTGRES in os.environ:
    CONTENDERS["Procrastinate"] = procrastinates
    PEERS.append("procrastinate")


def in_a_process(name: str, tasks: int) -> float:
    """The rate of one contender, alone in a new process and a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [sys.executable, "-m", "bench.drain", "--one", name, folder, str(tasks)]
        return float(subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main() -> int:
    """Print the table."""
    if sys.argv[1:2] == ["--one"]:
        _, _, name, folder, count = sys.argv
        print(CONTENDERS[name](Path(folder), int(count)))
        return 0
    missing = [name for name in PEERS if importlib.util.find_spec(name) is None]
    if missing:
        print(
            f"{', '.join(missing)}: not installed. The peers are in an extra: pip install -e '.[bench]'",
            file=sys.stderr,
        )
        return 2
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    rates: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name in CONTENDERS:
            rates[name].append(in_a_process(name, tasks))
    medians = {name: statistics.median(rate) for name, rate in rates.items()}
    mine = medians["lessongen"]
    print_table(
        ["", "tasks/s (median)", "of the rounds", "lessongen is"],
        [
            [name, f"{median:,.0f}", f"{min(rates[name]):,.0f}-{max(rates[name]):,.0f}", f"{mine / median:.2f} of it"]
            for name, median in medians.items()
        ],
    )
    reached = mine >= medians["huey"] and mine >= 0.7 * medians["bare sqlite3"]
    print("targets: at least as fast as huey, at least 0.7 of the bare loop:", "reached" if reached else "MISSED")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
