"""Threads measure how alike words are at once, also where none of them has done so before."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import lessongen

THREADS = """
import threading
from lessongen.sources.fit import near
from lessongen.sources.offline import resolve

failed, barrier = [], threading.Barrier(4)

def run(number):
    barrier.wait()
    try:
        near("cell division", ["Mitosis"]) if number % 2 else __import__("lessongen.text.letters").text.letters.OSA
    except Exception as error:
        failed.append(error)

threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
raise SystemExit(str(failed[0]) if failed else 0)
"""


def test_threads_that_measure_first_at_once_do_not_meet_half_a_module() -> None:
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_one_file_alone_imports_what_measures() -> None:
    package = Path(lessongen.__file__).parent
    importing = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"^\s*(?:from|import) rapidfuzz", path.read_text(), re.MULTILINE)
    ]
    assert importing == ["text/letters.py"]
