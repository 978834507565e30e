"""Every test runs in a scrubbed environment with a home folder of its own, and leaves no worker behind."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from lessongen.cli import main
from lessongen.queue.daemon import stop
from lessongen.queue.presence import Roster
from lessongen.sources.offline import OfflineEncyclopedia, open_encyclopedia
from lessongen.sources.offline.index import index_path
from lessongen.sources.offline.pack import find_pack
from lessongen.store import SqliteStore
from tests.forked import start_command_line
from tests.postgres import Server, Unavailable, serving

# What the tests decide is decided by the code alone: not by how busy the machine is, and not by what was drawn today.
# `--hypothesis-profile default` draws anew.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("steady")

_REPOSITORY = Path(__file__).parent.parent
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "COVERAGE_PROCESS_START", "LESSONGEN_QUEUE_PORTABLE")
_PATIENCE_SECONDS = 60.0
_IGNORED_IN_THE_BACKGROUND = ("SIGINT", "SIGQUIT", "SIGHUP")  # by `&` in a script, and by nohup


def pytest_configure() -> None:
    """Let programs under test hear the usual signals, though the tests run in the background or under nohup.

    A process inherits which signals are ignored, but not a handler: so pytest stays as deaf as it was.
    """
    for name in _IGNORED_IN_THE_BACKGROUND:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _not_heard)


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: three workers for two cores, because a third of the time tests wait for others and for deadlines."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + cores // 2


def _not_heard(_number: int, _frame: FrameType | None) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What came of one run of the command line."""

    code: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        """The one object on stdout."""
        return json.loads(self.stdout)

    def error(self) -> dict[str, Any]:
        """The error object on stderr."""
        error: dict[str, Any] = json.loads(self.stderr)["error"]
        return error


CommandLine = Callable[..., Ended]


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The encyclopedia's index, one for all processes of the run: the first that opens it builds it."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return index_path(run / "index", find_pack())


@pytest.fixture(scope="session")
def postgres_or_why_not() -> Iterator[Server | Unavailable]:
    """A PostgreSQL server, or why there is none; tests ask by `server_or_skip`."""
    with contextlib.ExitStack() as stack:
        found: Server | Unavailable
        try:
            found = stack.enter_context(serving())
        except Unavailable as error:
            found = error
        yield found


@pytest.fixture(scope="session")
def encyclopedia(index: Path) -> Iterator[OfflineEncyclopedia]:
    """The installed encyclopedia, open."""
    opened = open_encyclopedia(index.parent)
    yield opened
    opened.close()


def give_index(home: Path, index: Path) -> None:
    """Have a home, whose cache is else its own, build the encyclopedia's index where all others have it."""
    cache = home / "cache"
    cache.mkdir(mode=0o700)
    (cache / index.name).symlink_to(index)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The test's LESSONGEN_HOME; nothing of the caller's environment is left but what Python needs to run."""
    folder = tmp_path / "home"
    folder.mkdir()
    give_index(folder, index)
    for name in list(os.environ):
        if name not in _KEPT:
            monkeypatch.delenv(name)
    monkeypatch.setenv("LESSONGEN_HOME", str(folder))
    monkeypatch.setenv("PYTHONPATH", str(_REPOSITORY))
    monkeypatch.setenv("LESSONGEN_SOURCES_WIKIPEDIA", "no")  # no test asks the network
    monkeypatch.setenv("LESSONGEN_JUDGE_NAME", "rules")  # a model judges where a test is about that
    yield folder
    logging.getLogger("lessongen").handlers.clear()
    for above, folders, _ in os.walk(tmp_path):  # unlike rglob, it takes no harm from folders that go meanwhile
        for name in folders:
            if name.endswith("-workers"):
                stop(Roster(Path(above) / name.removesuffix("-workers")), timeout_seconds=120)


def run_cli(
    *arguments: str | bytes,
    stdin: str = "",
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    umask: int = -1,
) -> Ended:
    """Run the real command line in a process of its own, with pipes as its streams, until all have left these."""
    (read, told), (out, say), (err, complain) = (os.pipe() for _ in range(3))
    process = start_command_line(
        [os.fsdecode(each) for each in arguments],
        (read, say, complain),
        environment=environment,
        cwd=cwd,
        umask=umask,
    )
    for number in (read, say, complain):
        os.close(number)
    with ThreadPoolExecutor(3) as pool:
        pool.submit(_write_all, told, stdin.encode())
        said, complained = pool.submit(_read_all, out), pool.submit(_read_all, err)
        try:
            code = process.wait(_PATIENCE_SECONDS)
        finally:
            process.kill()
        streams = said.result(_PATIENCE_SECONDS), complained.result(_PATIENCE_SECONDS)
    return Ended(code=code, stdout=streams[0].decode(), stderr=streams[1].decode())


def _write_all(number: int, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), open(number, "wb") as stream:
        stream.write(data)


def _read_all(number: int) -> bytes:
    with open(number, "rb") as stream:
        return stream.read()


def call_cli(*arguments: str) -> Ended:
    """Run the command line in this process, with streams of its own; far faster than a process."""
    stdout, stderr = io.StringIO(), io.StringIO()
    code = main(arguments, stdout=stdout, stderr=stderr)
    return Ended(code=code, stdout=stdout.getvalue(), stderr=stderr.getvalue())


@pytest.fixture
def cli() -> CommandLine:
    """The command line in this process."""
    return call_cli


@pytest.fixture
def shell() -> CommandLine:
    """The command line in a process of its own."""
    return run_cli


_Making = tuple[tuple[str, ...], frozenset[tuple[str, str]]]
_MADE: dict[_Making, tuple[str, bytes]] = {}  # a task's id and the database, by what was asked for under which settings


def made(cli: CommandLine, subject: str = "english", topic: str = "verbs", *options: str) -> str:
    """Have one lesson made by a worker; its task's id.

    In a home where nothing is yet, what was made in an earlier one in the same way is put there.
    """
    home = Path(os.environ["LESSONGEN_HOME"])
    database = home / "lessons.db"
    is_first = not database.exists() and [path.name for path in home.iterdir()] == ["cache"]
    settings = {
        (name, value)
        for name, value in os.environ.items()
        if name.startswith(("LESSONGEN", "OPENAI")) and value != str(home)
    }
    making: _Making = (*options, subject, topic), frozenset(settings)
    if is_first and making in _MADE:
        first_task, stored = _MADE[making]
        database.write_bytes(stored)
        SqliteStore(database).close()  # as one that was in use
        return first_task
    task_id: str = cli("create", "--no-start", "--json", *options, subject, topic).json()["task_id"]
    assert cli("worker", "--drain").code == 0
    if is_first:
        with closing(sqlite3.connect(database)) as connection:
            _MADE[making] = task_id, connection.serialize()
    return task_id
