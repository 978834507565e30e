"""A process that has 300 sentences judged for a task: `python -m tests.judging_many FOLDER ADDRESS WORKER`.

The tasks of other workers are taken back before. It says on stdout how many sentences stand.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from lessongen.queue.attempt import LeasedAttempt
from tests.judging import claim, model_judge
from tests.queues import open_jobs

MANY = [
    claim(f"Keeper {number} lit {number} lamps.", f"Keeper {number} lit {number} lamps a night.")
    for number in range(300)
]


@dataclass(frozen=True)
class Address:
    base_url: str


def main() -> None:
    folder, address, worker = sys.argv[1:]
    jobs = open_jobs(Path(folder))
    jobs.reclaim_from("first")
    (lease,) = jobs.claim(worker, 1)
    verdicts = model_judge(Address(address)).judge(MANY, LeasedAttempt(jobs, lease))
    sys.stdout.write(f"{sum(each.stands for each in verdicts)}\n")
    jobs.store.close()


if __name__ == "__main__":
    main()
