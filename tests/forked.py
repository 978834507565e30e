"""Starts the tests' worker programs and command lines by forking a process that has imported what they need.

They are processes as any others, to be signalled, killed and waited for; what a start costs, most of it imports, is
paid once. How Python itself is started, and what is imported then, is tested elsewhere.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from multiprocessing import connection, reduction
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent

_COMPUTED = ROOT / "lessongen" / "writers" / "computed"

FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(
    [
        "tests.batched_work",
        "tests.model_worker",
        "tests.worker_program",
        # What these import when they first need it.
        "httpcore2",
        "jsonschema",
        "lessongen.check.gate",
        *(f"lessongen.commands.{file.stem}" for file in (ROOT / "lessongen" / "commands").glob("[a-z]*.py")),
        "lessongen.exporters.drawing",
        "lessongen.exporters.sheet",
        "lessongen.generation.generate",
        "lessongen.generation.source_chain",
        "lessongen.sources.offline",
        "lessongen.sources.wikipedia",
        "lessongen.database.sqlite.migrations",
        *(f"lessongen.writers.computed.{file.stem}" for file in _COMPUTED.glob("[a-z]*.py")),
        "lessongen.writers.extractive",
        "lessongen.writers.openai.judge",
        "lessongen.writers.openai.review",
        "lessongen.writers.openai.writer",
        "openai.resources.files",
        "pytest",
        "truststore",
        "typer.main",
    ]
)
# Of `multiprocessing`: it looks after all its processes whenever it starts one, whichever thread waits for them.
_ONE_AT_A_TIME = threading.RLock()


class Forked:
    """A process, with what `subprocess.Popen` tells of one."""

    def __init__(self, process: ForkServerProcess) -> None:
        assert process.pid is not None
        self._process = process
        self.pid = process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, or minus the signal that ended it; None while it runs."""
        with _ONE_AT_A_TIME:
            return self._process.exitcode

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended. Raises `subprocess.TimeoutExpired`."""
        connection.wait([self._process.sentinel], timeout)
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


class Descriptor:
    """An open file of this process that a forked one is given as its own."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Callable[[Any], Descriptor], tuple[Any]]:
        return _received, (reduction.DupFd(self.number),)


def _received(given: Any) -> Descriptor:
    return Descriptor(given.detach())


def _fork(name: str, target: Callable[..., None], *given: object) -> Forked:
    with _ONE_AT_A_TIME:
        process = FORKSERVER.Process(target=target, args=given, name=name)
        process.start()
    return Forked(process)


def start(program: str, log: Path, *arguments: str) -> Forked:
    """Run `main` of a module as `python -m` does, in the environment of now; what it says goes to the end of `log`."""
    return _fork(program, _run, program, arguments, dict(os.environ), log)


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


def start_command_line(
    arguments: Sequence[str],
    streams: Sequence[int],
    *,
    environment: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
    umask: int = -1,
) -> Forked:
    """Run lessongen's own command line there, with these descriptors as its standard streams."""
    given = dict(os.environ if environment is None else environment)
    kept = [Descriptor(number) for number in streams]
    return _fork("lessongen", _run_command_line, list(arguments), kept, given, str(cwd or Path.cwd()), umask)


def _run_command_line(
    arguments: list[str], streams: list[Descriptor], environment: dict[str, str], cwd: str, umask: int
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    if umask >= 0:
        os.umask(umask)
    for standard, stream in enumerate(streams):
        os.dup2(stream.number, standard)
        os.close(stream.number)
    # As Python opens them where no locale is set.
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    sys.argv = ["lessongen", *arguments]
    sys.path.insert(0, cwd)  # as `python -m` does; the command line is to forget it
    from lessongen.cli import run

    run()
