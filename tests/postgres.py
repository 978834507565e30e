"""A PostgreSQL server of the tests' own: one for each process of a run, started when a test first needs it.

It loses what it has when it is killed (no fsync): for speed, not for figures.
"""

from __future__ import annotations

import getpass
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lessongen.store import PostgresStore
from lessongen.system.addresses import DatabaseAddress, database_address

_START_SECONDS = 60.0
_TEMPLATE = "lessons"
_OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "on",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
}
_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
_EMPTY = """
DO $$ BEGIN
    EXECUTE (SELECT 'TRUNCATE ' || string_agg('lessongen.' || tablename, ', ') || ' RESTART IDENTITY'
             FROM pg_tables WHERE schemaname = 'lessongen' AND tablename <> 'schema_steps');
    INSERT INTO lessongen.tally (status, tasks) VALUES ('completed', 0), ('failed', 0), ('cancelled', 0);
    INSERT INTO lessongen.changes (number) VALUES (0);
    DELETE FROM lessongen.schema_steps WHERE number = 999;
END $$"""


class Unavailable(Exception):
    """PostgreSQL can't be started here; why, and what to do."""


@dataclass
class Server:
    """A running server, whose databases are copies of one that has the schema, and used again."""

    port: int
    folder: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _made: set[str] = field(default_factory=set)
    _free: list[str] = field(default_factory=list)

    def address(self, name: str) -> DatabaseAddress:
        """The address of its database of that name."""
        return database_address(f"postgresql://postgres@127.0.0.1:{self.port}/{name}")

    @contextmanager
    def database(self) -> Iterator[DatabaseAddress]:
        """A database with the schema and nothing else; when the block ends whoever is in it is thrown out."""
        name = self._free.pop() if self._free else f"test_{next(self._numbers)}"
        if name not in self._made:
            self.say(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
            self._made.add(name)
        yield self.address(name)
        # Three times as fast as a new one. A database that a test has spoilt, by failing, is not used again.
        self.end_connections(name)
        self.say(_EMPTY, database=name)
        self._free.append(name)

    @contextmanager
    def bare_database(self) -> Iterator[DatabaseAddress]:
        """A database in which nothing is yet."""
        name = f"bare_{next(self._numbers)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE template0")
        yield self.address(name)
        self.say(f"DROP DATABASE {name} WITH (FORCE)")

    def end_connections(self, name: str) -> None:
        """End all connections to a database, as when the server is restarted."""
        self.say(_END.format(name=name))

    def say(self, sql: str, *, database: str = "postgres") -> None:
        """Run a statement as the server's owner."""
        import psycopg

        with closing(psycopg.connect(self.address(database).url, autocommit=True)) as connection:
            connection.execute(sql.encode())


def server_or_skip(request: pytest.FixtureRequest) -> Server:
    """The session's server. Where none can be started the test is skipped and says why; in CI it fails."""
    found: Server | Unavailable = request.getfixturevalue("postgres_or_why_not")
    if isinstance(found, Server):
        return found
    if IS_CI:
        pytest.fail(f"PostgreSQL is needed in CI: {found}", pytrace=False)
    pytest.skip(f"PostgreSQL: {found}")


IS_CI = os.environ.get("CI", "").lower() == "true"  # before a test's own environment is scrubbed


@contextmanager
def serving() -> Iterator[Server]:
    """A server that runs while the block does. Raises `Unavailable`."""
    try:
        import psycopg  # noqa: F401 - without it nothing here is of use
    except ImportError as error:
        raise Unavailable("psycopg is not installed: pip install 'lessongen[postgres]'") from error
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="lessongen-pg-"))
    try:
        as_owner = _as_owner(folder)
        data = folder / "data"
        initdb = ["-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([*as_owner, str(programs / "initdb"), *initdb])
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        options = [f"-c{name}={value}" for name, value in _OPTIONS.items()]
        options += [f"-cunix_socket_directories={folder}", "-p", str(port)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*as_owner, str(programs / "postgres"), "-D", str(data), *options], stdout=log, stderr=log, cwd="/"
            )
        try:
            server = Server(port=port, folder=folder)
            _wait_until_up(server, process)
            server.say(f"CREATE DATABASE {_TEMPLATE}")
            PostgresStore(server.address(_TEMPLATE)).close()
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # it does not wait for clients that are still there
            process.wait(_START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _found() -> list[Path]:
    """The folders of its programs, the newest version last; one on the PATH goes before all."""
    on_path = shutil.which("initdb")
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted((each.parent for each in versions), key=lambda path: int(path.parent.name))
    return [*found, *([Path(on_path).resolve().parent] if on_path else [])]


def _programs() -> Path:
    found = _found()
    if not found:
        raise Unavailable("it is not installed; on Debian: apt-get install --no-install-recommends postgresql")
    return found[-1]


def _as_owner(folder: Path) -> list[str]:
    """What goes before a command of the server's: it refuses to run as root, and ends with the tests."""
    dies_with_us = ["setpriv", "--pdeathsig", "INT"]
    if shutil.which("setpriv") is None:
        dies_with_us = []
    if os.geteuid() != 0:
        return dies_with_us
    if not dies_with_us:
        raise Unavailable("it does not run as root, and setpriv is not there to run it as another user")
    try:
        shutil.chown(folder, "postgres", "postgres")
    except LookupError as error:
        raise Unavailable(f"{getpass.getuser()} can't run it, and there is no user postgres") from error
    return [*dies_with_us, "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise Unavailable(f"{' '.join(command[:6])} ended with {done.returncode}: {done.stderr.strip()[-500:]}")


def _wait_until_up(server: Server, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            return server.say("SELECT 1")
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                said = (server.folder / "log").read_text(errors="replace")[-500:]
                raise Unavailable(f"it does not come up: {said}") from error
        time.sleep(0.02)
