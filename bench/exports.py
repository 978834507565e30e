"""Whether exporting many lessons stays as fast and as small as exporting few: `python -m bench.exports [LESSONS]`.

One lesson of the tests' size is stored under so many topics, 1,000 if nothing is said. A tenth of them and all of them
are exported to md, docx (where its extra is installed) and site, each in a process of its own as `lessongen export`
does it. The table has, for each: processor time a lesson over the first and the last tenth of the whole run, read as
their files are put in place, and the peak memory (RSS) of the two runs.

Exit code 1 where the last tenth takes more than 1.4 times as long a lesson as the first (of a run of one pace, tenths
differ by up to a quarter on a busy machine), or where the whole run takes
more memory than the tenth by over 20 MB, which is 25 kB for each lesson more: an index of names, but no lessons.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.table import print_table
from lessongen.app import App
from lessongen.exporters import known_formats
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import LessonRequest, Priority
from lessongen.system.settings import load

LESSONS, SHARE = 1_000, 10
MOST_TIMES, MOST_MEGABYTES = 1.4, 20.0
FORMATS = ("md", "docx", "site")
_MODULE, _EXPORT = "bench.exports", "--export"


def main() -> int:
    """Print the table."""
    if sys.argv[1:2] == [_EXPORT]:
        return _export(*sys.argv[2:])
    lessons = int(sys.argv[1]) if len(sys.argv) > 1 else LESSONS
    forms = [each for each in FORMATS if each not in known_formats() or known_formats()[each].is_available]
    rows, is_flat = [], True
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder, "few"), Path(folder, "many")
        fill(few, lessons // SHARE)
        fill(many, lessons)
        for form in forms:
            small, _ = _exported(few, form, Path(folder, f"few-{form}"))
            large, (first, last) = _exported(many, form, Path(folder, f"many-{form}"))
            rows.append([form, f"{1000 * first:.1f} ms", f"{1000 * last:.1f} ms", f"{small:.0f} MB", f"{large:.0f} MB"])
            is_flat = is_flat and last <= MOST_TIMES * first and large - small <= MOST_MEGABYTES
    tenth = lessons // SHARE
    head = ["format", f"a lesson, first {tenth}", f"last {tenth}", f"peak, {tenth}", f"peak, {lessons:,}"]
    print_table(head, rows)
    print("flat" if is_flat else f"NOT flat: at most {MOST_TIMES} times as long, {MOST_MEGABYTES:g} MB more")
    return 0 if is_flat else 1


def fill(home: Path, lessons: int) -> None:
    """A home with one small lesson under so many topics."""
    home.mkdir(parents=True)
    app = App(load({**os.environ, "LESSONGEN_HOME": str(home)}))
    content = json.loads(Path(__file__).with_name("data").joinpath("export_lesson.json").read_text(encoding="utf-8"))
    for number in range(1, lessons + 1):
        request = LessonRequest(subject=f"subject {number % 7}", topic=f"topic {number:05}")
        app.jobs.submit([request], user="", priority=Priority.NORMAL, writer="extractive")
        (lease,) = app.jobs.claim("bench", 1)
        new = NewVersion(
            name=request.lesson,
            content=json.dumps({**content, "topic": request.topic, "subject": request.subject}),
            body=content["title"],
            texts={},
            writer="extractive",
            model="",
            reason="created",
        )
        app.jobs.complete(lease, new)
    app.close()


def _exported(home: Path, form: str, target: Path) -> tuple[float, tuple[float, float]]:
    """A process that exports all lessons of a home: its peak memory in MB, its paces at the beginning and the end."""
    command = [sys.executable, "-m", _MODULE, _EXPORT, form, str(target)]
    environment = {**os.environ, "LESSONGEN_HOME": str(home)}
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
    if done.returncode:
        sys.exit(done.stderr)
    told = json.loads(done.stderr.splitlines()[-1])
    written = told["written"]
    tenth = max(len(written) // SHARE, 1)
    return told["peak"], ((written[tenth] - written[0]) / tenth, (written[-1] - written[-1 - tenth]) / tenth)


def _export(form: str, target: str) -> int:
    """What such a process does; it says on stderr when each lesson's file was put in place, and its peak memory."""
    from lessongen.cli import main as lessongen

    written: list[float] = []

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event == "os.rename" and str(arguments[1]).endswith((".md", ".docx", ".html")):
            written.append(time.process_time())

    sys.addaudithook(hear)
    code = lessongen(["export", "--all", "--format", form, "--into", target])
    # In kilobytes on Linux, in bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1_000)
    print(json.dumps({"written": written[: -1 if form == "site" else None], "peak": peak}), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
