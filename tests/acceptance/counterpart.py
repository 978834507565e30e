"""A real server that tests talk to: how it is installed once, started on a free port, and ended with the tests."""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

HOST = "127.0.0.1"
_GUARD = Path(__file__).with_name("guard.py")
_LONGEST_INSTALLATION_SECONDS = 900.0
_LINES_OF_A_LOG = 15


class Unavailable(Exception):
    """This machine can't have the server; the message says why."""


def is_required() -> bool:
    """Whether the servers must start, so that a missing one is a failure: in CI, or if LESSONGEN_ACCEPTANCE is 1."""
    return os.environ.get("CI", "").lower() == "true" or os.environ.get("LESSONGEN_ACCEPTANCE") == "1"


def cache_folder() -> Path:
    """Where what was installed is kept for the next run: `LESSONGEN_TEST_CACHE`, or a folder in ~/.cache."""
    given = os.environ.get("LESSONGEN_TEST_CACHE")
    folder = Path(given) if given else Path.home() / ".cache" / "lessongen-tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def prepared(name: str, recipe: str, build: Callable[[Path], None]) -> Path:
    """The folder that `build` fills, once for each recipe; others that want it meanwhile wait.

    It is built in place, as what is in it may know its own path. Raises what `build` raises.
    """
    digest = hashlib.sha256(recipe.encode()).hexdigest()[:12]
    folder = cache_folder() / f"{name}-{digest}"
    finished = folder / "finished"
    with FileLock(cache_folder() / f"{name}.lock"):
        if not finished.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            build(folder)
            finished.touch()
    return folder


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    stdin: str = "",
    more_environment: Mapping[str, str] | None = None,
) -> str:
    """Run a program to its end; what it printed. Raises `Unavailable` with its last lines if it fails."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            input=stdin,
            env={**os.environ, **(more_environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=_LONGEST_INSTALLATION_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{_shown(command)}: {error}") from error
    if done.returncode != 0:
        raise Unavailable(f"{_shown(command)} ended with {done.returncode}:\n{_end_of(done.stdout)}")
    return done.stdout


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    log: Path,
    answers: Callable[[], bool],
    patience_seconds: float,
    cwd: Path | None = None,
    more_environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Start a server and wait until it answers; end it with the block, or with this process, however that ends.

    Raises `RuntimeError` with the end of its log if it leaves or does not answer in time.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, _GUARD, *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**os.environ, **(more_environment or {})},
            start_new_session=True,  # Ctrl-C is for the tests alone
        )
    try:
        deadline = time.monotonic() + patience_seconds
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                log_end = _end_of(log.read_text(errors="replace"))
                raise RuntimeError(f"{_shown(command)} does not answer:\n{log_end}")
            time.sleep(0.05)
        yield
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(120)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def status_of(port: int, path: str) -> int | None:
    """The HTTP status that a server on this machine gives for a path; None where nothing answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _shown(command: Sequence[str | Path]) -> str:
    return " ".join(str(part) for part in command[:6])


def _end_of(text: str) -> str:
    return "\n".join(text.splitlines()[-_LINES_OF_A_LOG:])
