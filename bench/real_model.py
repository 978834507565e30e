"""Lessons by a real model: how many pass all checks and are saved, and why the others are not.

`OPENAI_BASE_URL=… OPENAI_API_KEY=… python -m bench.real_model HOME [--template NAME] [--model NAME]` asks for twelve
lessons from the offline encyclopedia, in the database under HOME, and one real worker writes two at a time. `--full 8`
asks for lessons on the first eight full articles of the Wikipedia sample instead, `--versions 2` for two of each, the
second after all first ones. Started again, what failed is tried again from its last finished step, so that a program
that was changed in between pays for what changed alone. Every saved lesson is then verified by
`scripts/verify_lessons.py`. Exit code 1 where fewer than a quarter are saved or one does not verify.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.full_articles import full_articles
from bench.table import print_table
from lessongen.app import App
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LessonRequest, Priority, Status, Task
from lessongen.system.settings import load

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
SAVED_AT_LEAST = 0.25
SUBJECT = "articles"


def full_topics(home: Path, count: int) -> Iterator[LessonRequest]:
    """Requests for lessons on full articles, each kept as a file under the home folder."""
    folder = home / "articles"
    folder.mkdir(parents=True, exist_ok=True)
    for document in full_articles()[:count]:
        path = folder / f"{document.title}.md"
        lines = [f"# {document.title}"]
        for part in document.parts:
            lines += [f"## {part.heading}"] if part.heading else []
            lines.append(document.text[part.start : part.end].strip())
        path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
        yield LessonRequest(subject=SUBJECT, topic=document.title, sources=(str(path),))


def asked_for(app: App, wanted: Sequence[LessonRequest], version: int) -> list[Task]:
    """The tasks for a version of each, submitted where they are not there yet; what failed is to be tried again."""
    store = app.jobs.store.tasks
    there = {(task.request.subject, task.request.topic, task.request.seed) for task in store.select(TaskFilter(), 999)}
    missing = [
        dataclasses.replace(each, seed=version) for each in wanted if (each.subject, each.topic, version) not in there
    ]
    if missing:
        app.jobs.submit(missing, user="", priority=Priority.NORMAL, writer="openai")
    failed = [task.task_id for task in store.select(TaskFilter(), 999) if task.status is Status.FAILED]
    store.retry(failed)
    return store.select(TaskFilter(), 999)


def outcome(task: Task) -> str:
    """What became of it, in a few words."""
    return task.failure.message[:160] if task.failure else ""


def main() -> int:
    """Write, print, verify."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--template", default="small")
    parser.add_argument("--model")
    parser.add_argument("--full", type=int, default=0)
    parser.add_argument("--versions", type=int, default=1)
    asked = parser.parse_args()
    environment = {
        **os.environ,
        "LESSONGEN_HOME": str(asked.home),
        "LESSONGEN_SOURCES_WIKIPEDIA": "no",
        "LESSONGEN_TASKS_KEEP_COMPLETED": "30d",
    }
    app = App(load(environment))
    topics = [LessonRequest(subject=subject, topic=topic) for subject, topic in TOPICS]
    by_model = {"writer": "openai", "model": app.model_for(asked.model), "template": asked.template}
    wanted = [
        dataclasses.replace(each, **by_model)
        for each in (full_topics(asked.home.absolute(), asked.full) if asked.full else topics)
    ]
    for version in range(1, asked.versions + 1):
        asked_for(app, wanted, version)
        arguments = [sys.executable, "-m", "lessongen", "worker", "--drain", "--concurrency", "2"]
        subprocess.run(arguments, env=environment, check=True)
    tasks = sorted(app.jobs.store.tasks.select(TaskFilter(), 999), key=lambda task: task.created_at)
    rows = [(f"{task.request.subject} / {task.request.topic}", task.status.value, outcome(task)) for task in tasks]
    print_table(("lesson", "status", "why"), rows)
    saved = sum(task.status is Status.COMPLETED for task in tasks)
    print(f"{saved} of {len(tasks)} saved")
    script = Path(__file__).parent.parent / "scripts" / "verify_lessons.py"
    verified = subprocess.run([sys.executable, str(script), str(app.settings.database)], check=False)
    return 0 if saved >= SAVED_AT_LEAST * len(tasks) and verified.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
