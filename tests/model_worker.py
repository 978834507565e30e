"""A worker process with the real sources and writers that can be killed at a barrier: `python -m tests.model_worker`.

`--die-at N` kills it at its barrier of that number. All else comes from the environment, as for any worker.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from lessongen.app import App
from lessongen.queue.worker import Worker
from lessongen.store import SqliteStore
from lessongen.system.settings import load
from tests.faults.barriers import Barriers


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--die-at", type=int)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    app = App(load(os.environ))
    barriers = Barriers(given.folder, given.die_at)
    app.file_store = SqliteStore(Path(str(app.settings.database)), factory=barriers.connection())
    plan = app.plan(drain=True, is_detached=False, concurrency=1)
    Worker(jobs=app.jobs, generate=app.generator(), roster=app.roster, plan=plan).run()


if __name__ == "__main__":
    main()
