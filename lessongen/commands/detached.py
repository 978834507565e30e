"""The process of the detached worker, and the work of any other.

It knows nothing of Typer, which would cost an idle worker a tenth of its memory.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lessongen.app import App
from lessongen.system.addresses import is_address
from lessongen.system.settings import load

if TYPE_CHECKING:
    from lessongen.system.terminal import Output

_STEPPING_ASIDE_SECONDS = 20.0


def run(database: str, output: Output) -> None:
    """Be the one detached worker of this database; leave if another one is, and takes tasks."""
    from lessongen.queue.daemon import log_to

    # An address stands on the command line for people alone: the whole one, with its password, is in the environment.
    app = App(load(output.environment, {} if is_address(database) else {"database": database}))
    try:
        log_to(app.settings.log_file)
        deadline = time.monotonic() + _STEPPING_ASIDE_SECONDS
        while time.monotonic() < deadline:
            with app.roster.only_detached() as is_only_one:
                if is_only_one or app.roster.has_frozen():
                    work(app, drain=False, idle_seconds=None, is_detached=True)
                    return
            if app.roster.has_taker():
                return
            # The other one has been told to stop and takes no more tasks: its place is free in a moment.
            time.sleep(0.05)
    finally:
        app.close()


def work(app: App, *, drain: bool, idle_seconds: float | None, is_detached: bool) -> None:
    """Run a worker in this process until it is told to leave, has nothing left to drain, or was idle for so long."""
    from lessongen.queue.worker import Worker

    plan = app.plan(drain=drain, idle_seconds=idle_seconds, is_detached=is_detached)
    Worker(
        jobs=app.jobs,
        generate=app.generator(),
        roster=app.roster,
        plan=plan,
        batches=app.batches,
        provider_batches=app.provider_batches,
    ).run()
