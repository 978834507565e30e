"""Workers killed, and workers stopped past their lease and woken, at random: what is lost, doubled or stuck then.

`python -m bench.kills [TASKS] [FAULTS] [SEED]`: two workers with four threads each over 1,000 tasks, 20 faults to a
random one of them, each when a random number of tasks is done; a killed worker is followed by a new one. First SIGKILL,
then SIGSTOP and, once the lease has run out, SIGCONT. A task that has met five kills has failed by then with that as
its reason; that is no loss, and it is shown. Exit code 1 where anything that should be 0 is not.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.table import print_table
from lessongen.jobs import Jobs
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LessonRequest, Priority, Status
from lessongen.store import SqliteStore
from lessongen.system.clock import SystemClock
from tests.faults.soundness import Soundness, inspect
from tests.forked import Forked
from tests.processes import start_worker

WORKERS, THREADS = 2, 4
LEASE_SECONDS = 1.0
PATIENCE_SECONDS = 120.0  # for a queue that makes no progress

Workers = list[Forked]
Fault = Callable[[Path, Workers, int], None]


def launch(folder: Path) -> Forked:
    """A worker that leaves when all is done."""
    return start_worker(folder, "--drain", "--threads", str(THREADS), "--lease", str(LEASE_SECONDS))


def kill(folder: Path, workers: Workers, victim: int) -> None:
    """SIGKILL, and a new worker in its place."""
    workers[victim].kill()
    workers[victim].wait()
    workers[victim] = launch(folder)


def stop_past_lease(folder: Path, workers: Workers, victim: int) -> None:
    """SIGSTOP, and SIGCONT when others have had the time to take over."""
    workers[victim].send_signal(signal.SIGSTOP)
    time.sleep(1.5 * LEASE_SECONDS)
    workers[victim].send_signal(signal.SIGCONT)


def submitted(folder: Path, tasks: int, dice: random.Random) -> Jobs:
    """A queue of short tasks, some of several steps, for a tenth as many lessons."""
    jobs = Jobs(store=SqliteStore(folder / "lessons.db"), clock=SystemClock())
    topics = [
        f"{dice.choice(['sleep:0.02', 'sleep:0.1', 'steps:2'])}#{number % (tasks // 10)}" for number in range(tasks)
    ]
    requests = [LessonRequest(subject="bench", topic=topic) for topic in topics]
    jobs.submit(requests, user="", priority=Priority.NORMAL, writer="extractive")
    return jobs


def finished(jobs: Jobs) -> int:
    """How many tasks are over."""
    return sum(count for status, count in jobs.store.tasks.counts(TaskFilter()).items() if status.is_finished)


def wait_until(condition: Callable[[], bool]) -> bool:
    """Whether the condition held in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def taken_over(folder: Path) -> int:
    """How many attempts of a worker were ended by another's."""
    connection = sqlite3.connect(folder / "lessons.db")
    attempts: int = connection.execute("SELECT sum(attempt - 1) FROM tasks").fetchone()[0]
    connection.close()
    return attempts


def run(fault: Fault, tasks: int, faults: int, seed: int) -> tuple[Soundness, list[str]]:
    """What is wrong after so many faults; and the attempts taken over, the tasks that failed, the time it took."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs = submitted(folder, tasks, dice)
        started = time.monotonic()
        workers = [launch(folder) for _ in range(WORKERS)]
        try:
            for moment in sorted(dice.sample(range(tasks - WORKERS * THREADS), faults)):
                wait_until(lambda moment=moment: finished(jobs) >= moment)  # type: ignore[misc]
                time.sleep(dice.uniform(0.0, 0.02))
                fault(folder, workers, dice.randrange(WORKERS))
            wait_until(lambda: all(worker.poll() is not None for worker in workers))
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
        seconds = time.monotonic() - started
        failed = jobs.store.tasks.counts(TaskFilter())[Status.FAILED]
        jobs.store.close()
        return inspect(folder, accepted=tasks), [str(taken_over(folder)), str(failed), f"{seconds:.1f} s"]


def main() -> int:
    """Print the table."""
    tasks, faults, seed = (int(given) for given in (*sys.argv[1:], *("1000", "20", "1")[len(sys.argv) - 1 :]))
    kinds: dict[str, Fault] = {"SIGKILL": kill, "SIGSTOP past the lease, SIGCONT": stop_past_lease}
    rows, is_perfect = [], True
    for name, fault in kinds.items():
        sound, notes = run(fault, tasks, faults, seed)
        is_perfect = is_perfect and sound.is_perfect
        counts = (sound.lost, sound.doubled, sound.stuck, sound.gaps, sound.miscounted)
        integrity = "ok" if sound.problems == 0 else f"{sound.problems} problems"
        rows.append([name, str(faults), f"{tasks:,}", *map(str, counts), integrity, *notes])
    head = ["fault", "times", "tasks", "lost", "doubled", "stuck", "gaps", "miscounted", "integrity"]
    print_table([*head, "taken over", "gave up", "took"], rows)
    print("target: nothing lost, doubled or stuck, and the database sound:", "reached" if is_perfect else "MISSED")
    return 0 if is_perfect else 1


if __name__ == "__main__":
    sys.exit(main())
