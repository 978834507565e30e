"""Starts the tests' worker programs by forking a process that has imported them: what they import takes a second each.

They are processes as any others, to be signalled, killed and waited for.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from importlib import import_module
from multiprocessing.context import ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).parent.parent

FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(
    [
        "tests.batched_work",
        "tests.model_worker",
        "tests.worker_program",
        # What these import when they first need it.
        "cefrpy",
        "httpcore2",
        "jsonschema",
        "lessongen.check.gate",
        "lessongen.generation.generate",
        "lessongen.sources.offline",
        "lessongen.sources.wikipedia",
        "lessongen.writers.computed",
        "lessongen.writers.extractive",
        "lessongen.writers.openai.judge",
        "lessongen.writers.openai.review",
        "lessongen.writers.openai.writer",
        "openai.resources.files",
        "pytest",
        "truststore",
    ]
)


class Forked:
    """A process, with what `subprocess.Popen` tells of one."""

    def __init__(self, process: ForkServerProcess) -> None:
        assert process.pid is not None
        self._process = process
        self.pid = process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, or minus the signal that ended it; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended. Raises `subprocess.TimeoutExpired`."""
        self._process.join(timeout)
        code = self.returncode
        if code is None:
            assert timeout is not None
            raise subprocess.TimeoutExpired(self._process.name, timeout)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send it SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send it SIGKILL."""
        self.send_signal(signal.SIGKILL)


def start(program: str, log: Path, *arguments: str) -> Forked:
    """Run `main` of a module as `python -m` does, in the environment of now; what it says goes to the end of `log`."""
    given = (program, arguments, dict(os.environ), log)
    process = FORKSERVER.Process(target=_run, args=given, name=program)
    process.start()
    return Forked(process)


def _run(program: str, arguments: tuple[str, ...], environment: dict[str, str], log: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    for standard in (1, 2):
        os.dup2(descriptor, standard)
    os.close(descriptor)
    sys.argv = [program, *arguments]
    import_module(program).main()
