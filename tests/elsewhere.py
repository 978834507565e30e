"""The command line as another Python imports it: a copy of the package, or with a file more in it.

One process runs all commands, one after the other, so that what it imports is imported once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import Ended

_LOOP = """
import io, json, os, sys
{first}
from lessongen.cli import main
told = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)
for line in sys.stdin:
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    code = main(json.loads(line), stdout=out, stderr=err)
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue().decode())
    print(json.dumps([code, *said]), file=told)
"""


class Elsewhere:
    """Runs command lines in the other process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, *arguments: str) -> Ended:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(arguments), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, f"the process ended with {self._process.wait(10)} at {arguments}"
        code, stdout, stderr = json.loads(answer)
        return Ended(code=code, stdout=stdout, stderr=stderr)


@contextmanager
def command_lines(environment: Mapping[str, str], cwd: Path, *, first: str = "") -> Iterator[Elsewhere]:
    """The process, as long as the block lasts; it runs `first` before it imports the command line."""
    process = subprocess.Popen(
        [sys.executable, "-c", _LOOP.format(first=first)],
        env=dict(environment),
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        try:
            yield Elsewhere(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
