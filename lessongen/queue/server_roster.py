"""Which workers of a database on a server are alive, on all hosts, and how to wake them.

`presence` has the same for a database in a file.
"""

from __future__ import annotations

import contextlib
import os
import platform
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from lessongen.queue.presence import FROZEN_AFTER_SECONDS, Card, Peer, Presence, Roster
from lessongen.system.errors import DatabaseError

if TYPE_CHECKING:
    from lessongen.store import PostgresStore, SignedIn, WorkerRow

_LOOK_EVERY_SECONDS = 1.0


class ServerRoster(Roster):
    """The workers of one database, each with a row and a connection of its own."""

    def __init__(self, store: PostgresStore) -> None:
        self.database = store.address
        self.has_sockets = True
        self._workers = store.workers

    def alive(self) -> list[Peer]:
        """The workers that are not known to be dead."""
        return [_peer(row) for row in self._workers.all() if not row.is_dead]

    def has_taker(self) -> bool:
        """Whether a worker is alive, on any host, that takes tasks."""
        return any(not peer.is_frozen and not peer.is_leaving for peer in self.alive())

    def others(self, worker_id: str) -> list[str]:
        """The ids of all workers, but this one."""
        return [row.worker_id for row in self._workers.all() if row.worker_id != worker_id]

    def dead(self) -> list[str]:
        """The ids of workers that died and whose tasks nobody has taken back yet."""
        return [row.worker_id for row in self._workers.all() if row.is_dead]

    def bury(self, worker_id: str) -> None:
        """Forget a dead worker, once its tasks are taken back."""
        self._workers.bury(worker_id)

    def wake(self) -> None:
        """Tell all workers, on all hosts, that there may be something to do."""
        self._workers.wake()

    def ask_to_stop(self, card: Card) -> None:
        """Ask a worker to leave, wherever it runs."""
        self._workers.ask_to_stop(card.worker_id)

    def wait_for_death(self, worker_id: str) -> None:
        """Return when that worker is dead, or gone."""
        while any(row.worker_id == worker_id and not row.is_dead for row in self._workers.all()):
            time.sleep(_LOOK_EVERY_SECONDS)

    def modified(self) -> int:
        """A number that changes when a worker comes or goes."""
        return self._workers.modified()

    @contextlib.contextmanager
    def signed_in(self, *, started_at: str, concurrency: int, is_detached: bool) -> Iterator[Presence]:
        """Be shown as a worker while the block runs. Raises `DatabaseError` where the server can't be reached."""
        host = platform.node() or "localhost"
        card = Card(
            worker_id=f"{host}-{os.getpid()}-{os.urandom(4).hex()}",
            pid=os.getpid(),
            socket="",
            started_at=started_at,
            concurrency=concurrency,
            is_detached=is_detached,
            host=host,
        )
        signed = self._workers.sign_in({**vars(card)})
        try:
            yield ServerPresence(card, signed, partial(self._workers.leaving, card.worker_id))
        finally:
            signed.sign_out()
            with contextlib.suppress(DatabaseError):  # others find it dead
                self._workers.bury(card.worker_id)

    def hold(self, task: str) -> Callable[[], None] | None:
        """Be the one process, on all hosts, that has this to do, until it is released or ends; None if another is."""
        return self._workers.hold(task)


class ServerPresence(Presence):
    """A worker that is shown in its database."""

    def __init__(self, card: Card, signed: SignedIn, say_leaving: Callable[[], None]) -> None:
        self.card = card
        self.listener = signed.listener
        self._signed, self._say_leaving = signed, say_leaving

    @property
    def stops_asked(self) -> int:
        """How often it was asked to leave."""
        return self._signed.stops_asked

    def beat(self) -> bool:
        """Tell others that this worker is not frozen."""
        self._signed.beat()
        return True

    def leaving(self) -> None:
        """Say that this worker takes no more tasks."""
        with contextlib.suppress(DatabaseError):  # it is told by its signing out
            self._say_leaving()


def _peer(row: WorkerRow) -> Peer:
    card = Card(
        worker_id=row.worker_id,
        pid=row.pid,
        socket="",
        started_at=row.started_at,
        concurrency=row.concurrency,
        is_detached=row.is_detached,
        host=row.host,
    )
    return Peer(card=card, is_leaving=row.is_leaving, is_frozen=row.silent_seconds > FROZEN_AFTER_SECONDS)
