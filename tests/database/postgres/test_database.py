"""Connections and transactions on a real server: what breaks is opened anew, and nothing is written in part."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing

import pytest

from lessongen.database.postgres.connection import Connection
from lessongen.database.postgres.database import Database
from lessongen.database.postgres.migrations import STEPS
from lessongen.jobs import Jobs
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import Status
from lessongen.store import PostgresStore
from lessongen.system.addresses import DatabaseAddress, database_address
from lessongen.system.errors import DatabaseBusy, DatabaseError
from tests.postgres import Server
from tests.queues import submit

SECRET = "hard-to-guess"  # noqa: S105 - of no account


def end_connections(server: Server, address: DatabaseAddress) -> None:
    """Have the server end all connections to the database, as when it is restarted."""
    server.end_connections(address.url.rpartition("/")[2])


def test_a_store_goes_on_after_its_connections_were_ended(
    server: Server, address: DatabaseAddress, opened: Callable[[], PostgresStore]
) -> None:
    store = opened()
    jobs = Jobs(store=store, clock=store.clock())
    submit(jobs, "before")
    end_connections(server, address)
    assert store.tasks.counts(TaskFilter())[Status.PENDING] == 1
    end_connections(server, address)
    submit(jobs, "after")
    assert len(jobs.claim("w1", 5)) == 2


def test_what_breaks_before_its_commit_is_run_again_whole(server: Server, address: DatabaseAddress) -> None:
    tries: list[int] = []
    with closing(Database(address)) as database:

        def work(connection: Connection) -> None:
            tries.append(1)
            connection.execute("INSERT INTO texts (sha256, text) VALUES (?, ?)", (str(len(tries)), "x"))
            if len(tries) == 1:
                end_connections(server, address)
            connection.execute("UPDATE texts SET text = 'y'")

        database.durable(work)
        assert len(tries) == 2
        assert [row[0] for row in database.read("SELECT sha256 FROM texts")] == ["2"]


def test_a_process_that_stood_still_in_a_transaction_holds_up_nobody_and_goes_on(address: DatabaseAddress) -> None:
    impatient = database_address(address.url + "?options=-cidle_in_transaction_session_timeout%3D50ms")
    stood_still = threading.Event()
    tries: list[int] = []
    with closing(Database(impatient)) as one, closing(Database(address)) as other:

        def work(connection: Connection) -> None:
            tries.append(1)
            connection.execute("INSERT INTO texts VALUES (?, 'x')", (str(len(tries)),))
            if len(tries) == 1:
                other.durable(lambda beside: beside.execute("INSERT INTO texts VALUES ('beside', 'x')"))
                stood_still.set()
            connection.execute("UPDATE texts SET text = 'y'")

        one.durable(work)
        assert stood_still.is_set()
        assert {row[0] for row in one.read("SELECT sha256 FROM texts")} == {"2", "beside"}


def test_of_what_breaks_at_its_commit_it_is_said_that_it_may_be_there(server: Server, address: DatabaseAddress) -> None:
    with closing(Database(address)) as database:

        def work(connection: Connection) -> None:
            connection.execute("INSERT INTO texts (sha256, text) VALUES ('a', 'x')")
            end_connections(server, address)

        with pytest.raises(DatabaseBusy, match="may be there or not"):
            database.durable(work)
        database.durable(lambda connection: connection.execute("INSERT INTO texts VALUES ('b', 'x')"))
        assert [row[0] for row in database.read("SELECT sha256 FROM texts")] == ["b"]


@pytest.mark.parametrize("kind", ["durable", "quick"])
def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(address: DatabaseAddress, kind: str) -> None:
    def fail(connection: Connection) -> None:
        connection.execute("INSERT INTO texts (sha256, text) VALUES ('a', 'x')")
        raise RuntimeError("no")

    with closing(Database(address)) as database:
        write = getattr(database, kind)
        with pytest.raises(RuntimeError):
            write(fail)
        write(lambda connection: connection.execute("INSERT INTO texts (sha256, text) VALUES ('b', 'x')"))
        assert [row[0] for row in database.read("SELECT sha256 FROM texts")] == ["b"]


def test_processes_that_open_an_empty_database_at_once_make_one_schema(server: Server) -> None:
    failed: list[BaseException] = []

    def open_it() -> None:
        try:
            PostgresStore(empty).close()
        except DatabaseError as error:
            failed.append(error)

    with server.bare_database() as empty:
        threads = [threading.Thread(target=open_it) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        with closing(Database(empty)) as database:
            assert [row[0] for row in database.read("SELECT number FROM schema_steps")] == [*range(1, len(STEPS) + 1)]


def test_a_database_of_a_newer_lessongen_is_refused(server: Server, address: DatabaseAddress) -> None:
    name = address.url.rpartition("/")[2]
    server.say("INSERT INTO lessongen.schema_steps (number) VALUES (999)", database=name)
    with pytest.raises(DatabaseError, match="newer lessongen"):
        PostgresStore(address)


def test_a_database_that_is_not_in_utf_8_is_refused(server: Server) -> None:
    server.say("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(DatabaseError, match="not encoded in UTF-8"):
        PostgresStore(server.address("latin"))


def test_a_server_that_takes_no_writes_is_said_to_be_so_for_now(server: Server, address: DatabaseAddress) -> None:
    read_only = database_address(address.url + "?options=-cdefault_transaction_read_only%3Don")
    with closing(PostgresStore(read_only)) as store, pytest.raises(DatabaseBusy, match="takes no writes"):
        submit(Jobs(store=store, clock=store.clock()))


def test_the_clock_is_the_servers(opened: Callable[[], PostgresStore]) -> None:
    one, other = opened().clock().boot_time(), opened().clock().boot_time()
    assert one.boot == other.boot == "postgresql"
    assert abs(one.seconds - other.seconds) < 1.0


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://postgres:{SECRET}@127.0.0.1:PORT/nowhere",
        f"postgresql://nobody:{SECRET}@127.0.0.1:PORT/lessons",
        f"postgresql://postgres:{SECRET}@127.0.0.1:PORT/lessons?pasword={SECRET}",
        f"postgresql://postgres:{SECRET}%zz@127.0.0.1:PORT/lessons",
        f"postgresql://postgres:{SECRET}@127.0.0.1:1/lessons?connect_timeout=2",
    ],
)
def test_no_error_shows_a_password(server: Server, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lessongen.database.postgres.database._PATIENCE_AT_FIRST_SECONDS", 0.0)
    address = database_address(url.replace("PORT", str(server.port)))
    with pytest.raises(DatabaseError) as refusal:
        PostgresStore(address)
    for shown in (str(refusal.value), refusal.value.message, refusal.value.hint, repr(address), str(address)):
        assert SECRET not in (shown or "")
