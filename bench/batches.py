"""A batch on its way into the queue: `python -m bench.batches [ROWS]`, 100,000 of them where nothing is said.

Prints how many rows a second of CSV and of JSON Lines are read and checked. Then how fast the rows are submitted, in
one durable transaction, beside a bare `executemany` of prebuilt rows into the same tables with the same indexes and the
same durability; and the peak memory of a process that reads and submits the CSV. Each runs in a process of its own; of
the times, the middle of three that alternate. Exit code 1 where a target is missed: half of the bare insert's speed,
300 MB, and for reading 30,000 rows a second.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from bench.table import print_table
from lessongen.jobs import Jobs
from lessongen.lesson.task import LessonRequest
from lessongen.queue.batches import Batches, PlannedTask, Wish
from lessongen.queue.batchfile import Defaults, Format, read_batch
from lessongen.queue.writer_choice import Writers
from lessongen.store import SqliteStore
from lessongen.system.clock import SystemClock
from lessongen.writers import WRITERS
from lessongen.writers.templates import Templates

ROWS, ROUNDS = 100_000, 3
LEAST_SHARE, LEAST_ROWS_A_SECOND, MOST_MEGABYTES = 0.5, 30_000, 300
_UNIT = 10  # lessons, each after the one before


def write_files(folder: Path, rows: int) -> None:
    """The same plan as CSV and as JSON Lines: units of ten lessons that come after each other."""
    columns = ("subject", "topic", "level", "minutes", "questions", "priority", "key", "after")
    with (folder / "plan.csv").open("w") as csv, (folder / "plan.jsonl").open("w") as lines:
        csv.write(",".join(columns) + "\n")
        for number in range(rows):
            values = (
                f"subject {number % 12}",
                f"Topic number {number}",
                f"grade-{number % 12 + 1}",
                45,
                5 + number % 8,
                ("low", "normal", "high")[number % 3],
                f"lesson-{number}",
                f"lesson-{number - 1}" if number % _UNIT else None,
            )
            csv.write(",".join("" if value is None else str(value) for value in values) + "\n")
            lines.write(json.dumps(dict(zip(columns, values, strict=True))) + "\n")


def read(folder: Path, format: Format) -> Sequence[PlannedTask]:
    """The plan, read and checked."""
    writers = Writers(
        automatic="extractive",
        languages={name: entry.languages for name, entry in WRITERS.items()},
        model_for=lambda name: name or "",
        templates=lambda: Templates(folder),
    )
    name = f"plan.{format}"
    with (folder / name).open("rb") as stream:
        defaults = Defaults(folder=folder, writers=writers, usual=LessonRequest(subject="", topic=""))
        return read_batch(stream, format=format, name=name, defaults=defaults)


def submit(planned: Sequence[PlannedTask], store: SqliteStore) -> None:
    """Submit the plan as a batch of its own."""
    batches = Batches(jobs=Jobs(store=store, clock=SystemClock()))
    assert batches.submit(planned, Wish(name="plan.csv", again=True), writer="extractive").is_new


# ---------------------------------------------------------------- each in a process of its own


def reading(folder: Path, format: Format) -> float:
    """Seconds to read and check the file."""
    start = time.perf_counter()
    read(folder, format)
    return time.perf_counter() - start


def submitting(folder: Path) -> float:
    """Seconds to submit the plan that was read before."""
    planned = read(folder, "csv")
    store = SqliteStore(folder / "ours.db")
    start = time.perf_counter()
    submit(planned, store)
    seconds = time.perf_counter() - start
    store.close()
    return seconds


def inserting(folder: Path) -> float:
    """Seconds of a bare insert: rows as our own submission left them, prebuilt, into the tables of a fresh database."""
    ours = sqlite3.connect(folder / "ours.db")
    tables = {}
    for table in ("batches", "tasks", "prerequisites"):
        columns = [row[1] for row in ours.execute(f"PRAGMA table_info({table})")]
        rows = ours.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()  # noqa: S608
        insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
        tables[table] = (insert, rows)
    ours.close()
    SqliteStore(folder / "bare.db").close()
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.execute("PRAGMA synchronous = FULL")
    start = time.perf_counter()
    bare.execute("BEGIN IMMEDIATE")
    for insert, rows in tables.values():
        bare.executemany(insert, rows)
    bare.execute("COMMIT")
    seconds = time.perf_counter() - start
    bare.close()
    return seconds


def remembering(folder: Path) -> float:
    """The greatest memory of this process, in megabytes, once it has read and submitted the CSV."""
    store = SqliteStore(folder / "memory.db")
    submit(read(folder, "csv"), store)
    store.close()
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1_000_000 if sys.platform == "darwin" else 1_000)


MEASURES: dict[str, Callable[[Path], float]] = {
    "csv": lambda folder: reading(folder, "csv"),
    "jsonl": lambda folder: reading(folder, "jsonl"),
    "ours": submitting,
    "bare": inserting,
    "memory": remembering,
}


def apart(what: str, folder: Path) -> float:
    """One measure, taken in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.batches", what, str(folder)], stdout=subprocess.PIPE, text=True, check=True
    )
    return float(done.stdout)


def main(arguments: Sequence[str]) -> int:
    """Run all of it, or one measure; the exit code."""
    if arguments and arguments[0] in MEASURES:
        print(MEASURES[arguments[0]](Path(arguments[1])))
        return 0
    rows = int(arguments[0]) if arguments else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder, rows)
        seconds: dict[str, list[float]] = {"csv": [], "jsonl": [], "ours": [], "bare": []}
        for _ in range(ROUNDS):
            for what, taken in seconds.items():
                for database in folder.glob("bare.db*" if what == "bare" else "ours.db*" if what == "ours" else "-"):
                    database.unlink()
                taken.append(apart(what, folder))
        megabytes = apart("memory", folder)
    middle = {what: median(taken) for what, taken in seconds.items()}
    share = middle["bare"] / middle["ours"]
    print_table(
        (f"{rows:,} rows", "seconds", "rows a second", "target"),
        [
            ("CSV read and checked", *_speed(rows, middle["csv"]), f"{LEAST_ROWS_A_SECOND:,}"),
            ("JSON Lines read and checked", *_speed(rows, middle["jsonl"]), f"{LEAST_ROWS_A_SECOND:,}"),
            ("submitted, in one transaction", *_speed(rows, middle["ours"]), f"{LEAST_SHARE:.0%} of the bare insert"),
            ("a bare insert of prebuilt rows", *_speed(rows, middle["bare"]), ""),
        ],
    )
    print(f"share of the bare insert: {share:.0%}; peak memory of reading and submitting: {megabytes:,.0f} MB")
    is_fast = min(rows / middle["csv"], rows / middle["jsonl"]) >= LEAST_ROWS_A_SECOND
    return 0 if share >= LEAST_SHARE and megabytes < MOST_MEGABYTES and is_fast else 1


def _speed(rows: int, seconds: float) -> tuple[str, str]:
    return f"{seconds:.2f}", f"{rows / seconds:,.0f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
