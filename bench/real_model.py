"""Twelve lessons by a real model: how many pass all checks and are saved, and why the others are not.

`OPENAI_BASE_URL=… OPENAI_API_KEY=… python -m bench.real_model HOME [TEMPLATE] [MODEL]`. The lessons are asked for in
the database under HOME, from the offline encyclopedia, and one real worker writes two at a time. Started again, what
failed is tried again from its last finished step, so that a program that was changed in between pays for what changed
alone. Every saved lesson is then verified by `scripts/verify_lessons.py`. Exit code 1 where fewer than three are saved
or one does not verify.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.table import print_table
from lessongen.app import App
from lessongen.ports.store import TaskFilter
from lessongen.settings import load
from lessongen.task import LessonRequest, Priority, Status, Task

TOPICS = (
    ("biology", "photosynthesis"),
    ("geography", "volcanoes"),
    ("english", "verbs"),
    ("mathematics", "triangles"),
    ("history", "French Revolution"),
    ("music", "Ludwig van Beethoven"),
    ("geography", "Brazil"),
    ("physics", "gravity"),
    ("english", "novels"),
    ("biology", "snakes"),
    ("economics", "inflation"),
    ("chemistry", "water"),
)
SAVED_AT_LEAST = 3


def asked_for(app: App, template: str, model: str) -> list[Task]:
    """The tasks, submitted where they are not there yet; what failed is to be tried again."""
    there = {(task.request.subject, task.request.topic): task for task in app.jobs.store.tasks.select(TaskFilter(), 99)}
    missing = [
        LessonRequest(subject=subject, topic=topic, writer="openai", model=model, template=template, seed=1)
        for subject, topic in TOPICS
        if (subject, topic) not in there
    ]
    if missing:
        app.jobs.submit(missing, user="", priority=Priority.NORMAL, writer="openai")
    app.jobs.store.tasks.retry([task.task_id for task in there.values() if task.status is Status.FAILED])
    return app.jobs.store.tasks.select(TaskFilter(), 99)


def outcome(task: Task) -> str:
    """What became of it, in a few words."""
    return task.failure.message[:160] if task.failure else ""


def main() -> int:
    """Write, print, verify."""
    home = Path(sys.argv[1])
    template, model = (sys.argv[2:] + ["small", ""][len(sys.argv) - 2 :])[:2]
    environment = {
        **os.environ,
        "LESSONGEN_HOME": str(home),
        "LESSONGEN_SOURCES_WIKIPEDIA": "no",
        "LESSONGEN_TASKS_KEEP_COMPLETED": "30d",
    }
    app = App(load(environment))
    asked_for(app, template, app.model_for(model or None))
    arguments = [sys.executable, "-m", "lessongen", "worker", "--drain", "--concurrency", "2"]
    subprocess.run(arguments, env=environment, check=True)
    tasks = sorted(app.jobs.store.tasks.select(TaskFilter(), 99), key=lambda task: task.created_at)
    rows = [(f"{task.request.subject} / {task.request.topic}", task.status.value, outcome(task)) for task in tasks]
    print_table(("lesson", "status", "why"), rows)
    saved = sum(task.status is Status.COMPLETED for task in tasks)
    print(f"{saved} of {len(tasks)} saved")
    script = Path(__file__).parent.parent / "scripts" / "verify_lessons.py"
    verified = subprocess.run([sys.executable, str(script), str(app.settings.database)], check=False)
    return 0 if saved >= SAVED_AT_LEAST and verified.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
