"""Workers of several hosts in one database: who is there, who is dead, and how they are woken and stopped."""

from __future__ import annotations

import select
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from lessongen.queue.presence import Presence
from lessongen.queue.server_roster import ServerRoster
from lessongen.store import PostgresStore
from lessongen.system.addresses import DatabaseAddress
from tests.database.postgres.test_database import end_connections
from tests.postgres import Server
from tests.processes import eventually


def signed_in(roster: ServerRoster, stack: ExitStack) -> Presence:
    """A worker that is there until the stack is closed."""
    return stack.enter_context(roster.signed_in(started_at="2026-01-31T09:00:00Z", concurrency=4, is_detached=True))


def is_woken(presence: Presence, seconds: float) -> bool:
    """Whether a wake-up comes within that time."""
    assert presence.listener is not None
    return bool(select.select([presence.listener], [], [], seconds)[0])


def test_a_worker_is_there_for_all_hosts_until_it_signs_out(opened: Callable[[], PostgresStore]) -> None:
    here, elsewhere = ServerRoster(opened()), ServerRoster(opened())
    before = elsewhere.modified()
    with ExitStack() as stack:
        card = signed_in(here, stack).card
        assert [peer.card for peer in elsewhere.alive()] == [card]
        assert card.host
        assert elsewhere.has_taker()
        assert elsewhere.modified() != before
        assert elsewhere.others("another") == [card.worker_id]
    assert elsewhere.alive() == []
    assert elsewhere.modified() == before


def test_one_that_is_leaving_takes_no_more_tasks(opened: Callable[[], PostgresStore]) -> None:
    roster = ServerRoster(opened())
    with ExitStack() as stack:
        signed_in(roster, stack).leaving()
        assert [peer.is_leaving for peer in roster.alive()] == [True]
        assert not roster.has_taker()


def test_a_wake_up_reaches_the_workers_of_all_hosts(opened: Callable[[], PostgresStore]) -> None:
    here, elsewhere = ServerRoster(opened()), ServerRoster(opened())
    with ExitStack() as stack:
        workers = [signed_in(here, stack), signed_in(elsewhere, stack)]
        assert not is_woken(workers[0], 0)
        here.wake()
        assert all(is_woken(each, 10) for each in workers)
        for each in workers:
            each.drain_wakeups()
            assert not is_woken(each, 0)


def test_a_worker_is_asked_to_stop_through_the_database(opened: Callable[[], PostgresStore]) -> None:
    here, elsewhere = ServerRoster(opened()), ServerRoster(opened())
    with ExitStack() as stack:
        presence = signed_in(here, stack)
        for times in (1, 2):
            elsewhere.ask_to_stop(presence.card)
            eventually(partial(_was_asked, presence, times), seconds=20)


def test_a_worker_whose_connection_was_ended_comes_back_and_is_woken(
    server: Server, address: DatabaseAddress, opened: Callable[[], PostgresStore]
) -> None:
    roster = ServerRoster(opened())
    with ExitStack() as stack:
        presence = signed_in(roster, stack)
        end_connections(server, address)
        assert is_woken(presence, 20), "what was told meanwhile it did not hear"
        presence.drain_wakeups()
        roster.wake()
        assert is_woken(presence, 20)
        assert [peer.card for peer in roster.alive()] == [presence.card]
        assert roster.dead() == []


def test_what_one_process_does_no_other_one_does_at_once(opened: Callable[[], PostgresStore]) -> None:
    here, elsewhere = ServerRoster(opened()), ServerRoster(opened())
    release = here.hold("telling")
    assert release is not None
    assert elsewhere.hold("telling") is None
    other = elsewhere.hold("exam")
    assert other is not None
    other()
    release()
    eventually(lambda: _took(elsewhere), seconds=20)


def _was_asked(presence: Presence, times: int) -> bool:
    return presence.stops_asked == times


def _took(roster: ServerRoster) -> bool:
    release = roster.hold("telling")
    if release is not None:
        release()
    return release is not None
