"""Which workers are alive, on all hosts: a row each, kept as long as its worker has a connection to show for it.

A worker's connection holds an advisory lock, which the server gives up when the worker dies, and listens for wake-ups.
One is dead when its lock is free and it has said nothing for a while: a connection that broke is opened anew by a
living one before that.
"""

from __future__ import annotations

import hashlib
import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from lessongen.database.postgres.connection import Connection
from lessongen.database.postgres.failures import translate

if TYPE_CHECKING:
    from lessongen.database.postgres.database import Database

log = logging.getLogger("lessongen.database.postgres")

_CHANNEL = "lessongen"
_LOCKS_OF_WORKERS, _LOCKS_OF_TASKS = 0x4C47, 0x4C48
_BEAT_SECONDS = 1.0
_SILENT_SECONDS = 3.0
_HANGING_SECONDS = 15.0
_LONGEST_PAUSE_SECONDS = 1.0
_BOOT_SECONDS = 6.0  # a server that came up just now has not heard of all who are alive

_NOW = "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"
_SIGN_IN = f"""
INSERT INTO workers (worker_id, host, pid, started_at, concurrency, is_detached, seen)
VALUES (:worker_id, :host, :pid, :started_at, :concurrency, :is_detached, {_NOW})
ON CONFLICT (worker_id) DO UPDATE SET seen = {_NOW} RETURNING lock, stops_asked"""
_TAKE_LOCK = "SELECT pg_try_advisory_lock(CAST(:kind AS integer), CAST(:lock AS integer))"
_WORKERS = f"""
SELECT worker_id, host, pid, started_at, concurrency, is_detached, is_leaving, {_NOW} - seen AS silent_seconds,
    {_NOW} - seen > {_SILENT_SECONDS} AND NOT EXISTS (
        SELECT 1 FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 2 AND classid = {_LOCKS_OF_WORKERS} AND objid = workers.lock
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    AND clock_timestamp() - pg_postmaster_start_time() > interval '{_BOOT_SECONDS} seconds' AS is_dead
FROM workers ORDER BY lock"""
_BURY = "DELETE FROM workers WHERE worker_id = ? RETURNING worker_id"
_LEAVING = "UPDATE workers SET is_leaving = TRUE WHERE worker_id = ? RETURNING worker_id"
_ASK_TO_STOP = "UPDATE workers SET stops_asked = stops_asked + 1 WHERE worker_id = ? RETURNING worker_id"
_WAKE = f"SELECT pg_notify('{_CHANNEL}', '')"
# Of who is there, whatever they do: it changes as one comes or goes.
_MODIFIED = "SELECT coalesce(sum(hashtext(worker_id)), 0) FROM workers"


@dataclass(frozen=True, kw_only=True)
class WorkerRow:
    """A worker as its row shows it."""

    worker_id: str
    host: str
    pid: int
    started_at: str
    concurrency: int
    is_detached: bool
    is_leaving: bool
    silent_seconds: float
    is_dead: bool


class Workers:
    """The rows of one database's workers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[WorkerRow]:
        """All workers that have a row, dead ones too, in the order in which they came."""
        return [WorkerRow(**dict(row)) for row in self._database.read(_WORKERS)]

    def modified(self) -> int:
        """A number that changes when a worker comes or goes."""
        return int(self._database.read(_MODIFIED)[0][0])

    def bury(self, worker_id: str) -> None:
        """Forget a worker."""
        self._database.read(_BURY, (worker_id,))

    def leaving(self, worker_id: str) -> None:
        """Say that it takes no more tasks."""
        self._database.read(_LEAVING, (worker_id,))

    def ask_to_stop(self, worker_id: str) -> None:
        """Ask a worker, wherever it is, to leave; once more, and it hurries."""
        self._database.read(_ASK_TO_STOP, (worker_id,))
        self.wake()

    def wake(self) -> None:
        """Tell all workers that there may be something to do."""
        self._database.read(_WAKE)

    def hold(self, task: str) -> Callable[[], None] | None:
        """Be the one process, on all hosts, that has this to do; None if another is. What it gives ends it."""
        number = int.from_bytes(hashlib.sha256(task.encode()).digest()[:4], signed=True)
        connection = Connection(self._database.address.url)
        try:
            if connection.execute(_TAKE_LOCK, {"kind": _LOCKS_OF_TASKS, "lock": number}).fetchall()[0][0]:
                return connection.close
        except psycopg.Error as error:
            connection.close()
            raise translate(error, self._database.address) from error
        connection.close()
        return None

    def sign_in(self, row: dict[str, Any]) -> SignedIn:
        """Show a worker, until it signs out."""
        return SignedIn(self._database, row)


class SignedIn:
    """A worker's own connection, in a thread of its own: it keeps the row, and passes wake-ups on to `listener`."""

    def __init__(self, database: Database, row: dict[str, Any]) -> None:
        self._row = row
        self._address = database.address
        self._connection = Connection(database.address.url)
        self.stops_asked = 0
        self.listener, self._waker = socket.socketpair()
        self._ended, self._end = socket.socketpair()
        for each in (self.listener, self._waker, self._end):
            each.setblocking(False)
        self._lively_at = time.monotonic()
        try:
            self._sign()
        except psycopg.Error as error:
            self._close()
            raise translate(error, self._address) from error
        self._thread = threading.Thread(target=self._keep, name="signed-in", daemon=True)
        self._thread.start()

    def beat(self) -> None:
        """Say that the worker is not hanging."""
        self._lively_at = time.monotonic()

    def sign_out(self) -> None:
        """Give up the lock and the connection."""
        with suppress(OSError):
            self._end.send(b"!")
        self._thread.join()
        self._close()

    def _close(self) -> None:
        with suppress(psycopg.Error):
            self._connection.close()
        for each in (self.listener, self._waker, self._ended, self._end):
            each.close()

    def _sign(self) -> None:
        """Show the row and hold its lock; what another connection of this worker's held is given up by the server."""
        self._connection.renew()
        lock, self.stops_asked = self._connection.execute(_SIGN_IN, self._row).fetchall()[0]
        self._connection.execute(_TAKE_LOCK, {"kind": _LOCKS_OF_WORKERS, "lock": lock}).fetchall()
        self._connection.run(f"SET synchronous_commit TO off; LISTEN {_CHANNEL}")

    def _keep(self) -> None:
        pause = 0.0
        while not self._is_ended(pause):
            try:
                if self._connection.is_open:
                    self._listen_once()
                else:
                    self._sign()
                    self._wake()  # what was told meanwhile was not heard
                pause = 0.0
            except psycopg.Error as error:
                if not pause:
                    log.warning("%s", translate(error, self._address).message)
                with suppress(psycopg.Error):
                    self._connection.close()
                pause = min(2 * pause or 0.05, _LONGEST_PAUSE_SECONDS)

    def _is_ended(self, seconds: float) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self._ended, selectors.EVENT_READ)
            return bool(selector.select(seconds))

    def _listen_once(self) -> None:
        raw = self._connection.raw
        with selectors.DefaultSelector() as selector:
            selector.register(self._ended, selectors.EVENT_READ)
            selector.register(raw.fileno(), selectors.EVENT_READ)
            ready = selector.select(_BEAT_SECONDS)
        was_told = any(key.fd == raw.fileno() for key, _ in ready)
        told = list(raw.notifies(timeout=0)) if was_told else []
        if told or not ready:
            is_hanging = time.monotonic() - self._lively_at > _HANGING_SECONDS
            if not is_hanging:
                _, asked = self._connection.execute(_SIGN_IN, self._row).fetchall()[0]
                self.stops_asked = max(self.stops_asked, asked)
        if told:
            self._wake()

    def _wake(self) -> None:
        with suppress(BlockingIOError):
            self._waker.send(b"!")
