"""Which workers are alive, and how to wake them.

Each worker keeps a card, a small file in a folder beside the database, and holds a lock beside it that ends with the
process. Whoever finds a card without a held lock knows that its worker is dead. The card names a datagram socket; one
byte sent there wakes the worker. A datagram may be lost: it is a hint, and workers look into the database by themselves
as well. Where there are no Unix sockets workers look more often instead.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lessongen.system.errors import DatabaseError
from lessongen.system.files import read_input
from lessongen.system.locks import Release, locks
from lessongen.system.privacy import make_private_folder

if TYPE_CHECKING:  # looking who is alive, which most commands do, needs no sockets
    import socket

    from lessongen.system.addresses import DatabaseAddress

_ACTIVE, _LEAVING, _LOCK = ".card", ".leaving", ".lock"
_MOST_BYTES = 65_536
FROZEN_AFTER_SECONDS = 20.0
_LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes on Linux, 103 on macOS


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a worker says of itself; `socket` is empty where there are none."""

    worker_id: str
    pid: int
    socket: str
    started_at: str
    concurrency: int
    is_detached: bool
    host: str = ""  # where a worker may run on another


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A worker as others see it.

    One that `is_leaving` takes no more tasks; one that `is_frozen` has not been heard of for a while: it was stopped,
    or hangs.
    """

    card: Card
    is_leaving: bool
    is_frozen: bool


class Roster:
    """The folder of cards that belongs to one database.

    `portable` does without Unix sockets and `flock`, for systems and file systems that lack them.
    """

    def __init__(self, database: Path, *, portable: bool = False) -> None:
        file = database.resolve()
        self.database: Path | DatabaseAddress = file
        self._file = file
        self.folder = file.with_name(file.name + "-workers")
        self.has_sockets = not portable and sys.platform != "win32"
        self._locks = locks(portable=portable)

    # ------------------------------------------------------------ from outside

    def alive(self) -> list[Peer]:
        """The workers that hold their locks."""
        peers: dict[str, Peer] = {}
        for listed in self._cards():
            for path in dict.fromkeys((listed, listed.with_suffix(_LEAVING))):  # renamed since it was listed
                card = _read(path)
                if card is not None and self._is_alive(path):
                    peers[path.stem] = Peer(card=card, is_leaving=path.suffix == _LEAVING, is_frozen=_is_frozen(path))
        return list(peers.values())

    def has_taker(self) -> bool:
        """Whether a worker is alive that takes tasks."""
        cards = (path for path in self._cards() if path.suffix == _ACTIVE)
        return any(not _is_frozen(path) and self._is_alive(path) for path in cards)

    def has_frozen(self) -> bool:
        """Whether a worker is alive, as it seems, that does nothing."""
        return any(peer.is_frozen for peer in self.alive())

    def others(self, worker_id: str) -> list[str]:
        """The ids of all workers that have a card, but this one."""
        return [path.stem for path in self._cards() if path.stem != worker_id]

    def dead(self) -> list[str]:
        """The ids of workers that died and whose tasks nobody has taken back yet."""
        return [path.stem for path in self._cards() if not self._is_alive(path)]

    def rescue(self, take_back: Callable[[str], Sequence[str]]) -> list[str]:
        """Have the tasks of each dead worker taken back, then forget it; their ids. Several may do it at once."""
        rescued: list[str] = []
        for worker_id in self.dead():
            rescued += take_back(worker_id)
            self.bury(worker_id)
        return rescued

    def bury(self, worker_id: str) -> None:
        """Forget a dead worker, once its tasks are taken back."""
        for suffix in (_ACTIVE, _LEAVING):
            path = self.folder / (worker_id + suffix)
            card = _read(path)
            if card is not None:
                _remove_socket(card.socket)
            _remove(path)
        _remove(self._lock_of(worker_id))

    def wake(self) -> None:
        """Tell all workers that there may be something to do."""
        if not self.has_sockets:
            return
        import socket

        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            for path in self._cards():
                card = _read(path)
                if card is not None:
                    with contextlib.suppress(OSError):  # full, or its worker has just died: it looks by itself
                        sender.sendto(b"!", card.socket)

    def ask_to_stop(self, card: Card) -> None:
        """Ask a worker to leave; once more, and it hurries."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(card.pid, signal.SIGTERM)

    def wait_for_death(self, worker_id: str) -> None:
        """Return when that worker is dead (at once, if there is none)."""
        self._locks.wait_until_free(self._lock_of(worker_id))

    def modified(self) -> int:
        """A number that changes when a worker comes or goes."""
        try:
            return self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def _cards(self) -> list[Path]:
        try:
            names = sorted(os.listdir(self.folder))
        except (FileNotFoundError, NotADirectoryError):  # no worker can have signed in
            return []
        return [self.folder / name for name in names if name.endswith((_ACTIVE, _LEAVING))]

    def _lock_of(self, worker_id: str) -> Path:
        return self.folder / (worker_id + _LOCK)

    def _is_alive(self, card: Path) -> bool:
        return self._locks.is_held(self._lock_of(card.stem))

    # ------------------------------------------------------------ a worker's own

    @contextlib.contextmanager
    def signed_in(self, *, started_at: str, concurrency: int, is_detached: bool) -> Iterator[Presence]:
        """Keep a card and a socket while the block runs. Raises `DatabaseError` if the folder can't be written."""
        worker_id = f"{os.getpid()}-{os.urandom(4).hex()}"
        try:
            make_private_folder(self.folder)
            address, listener = self._listen(worker_id)
            card = Card(
                worker_id=worker_id,
                pid=os.getpid(),
                socket=address,
                started_at=started_at,
                concurrency=concurrency,
                is_detached=is_detached,
            )
            release = self._show(card)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            yield _CardPresence(card, listener, self.folder / (worker_id + _ACTIVE), self._file)
        finally:
            if listener is not None:
                listener.close()
            self.bury(worker_id)
            release()

    def _listen(self, worker_id: str) -> tuple[str, socket.socket | None]:
        if not self.has_sockets:
            return "", None
        import socket

        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.setblocking(False)
        address = _socket_path(self.folder, worker_id)
        listener.bind(address)
        return address, listener

    def _show(self, card: Card) -> Release:
        """Show a card whose lock is held before others can see it; what releases the lock."""
        release = self._locks.hold(self._lock_of(card.worker_id))
        if release is None:
            raise FileExistsError(None, "another worker has the same name", str(self._lock_of(card.worker_id)))
        hidden = self.folder / (card.worker_id + ".new")
        hidden.write_text(json.dumps(dataclasses.asdict(card)), encoding="utf-8")
        hidden.rename(self.folder / (card.worker_id + _ACTIVE))
        return release

    @contextlib.contextmanager
    def only_detached(self) -> Iterator[bool]:
        """Whether this process is the one detached worker; keeps others from being it while the block runs."""
        release = self.hold("detached")
        try:
            yield release is not None
        finally:
            if release is not None:
                release()

    def hold(self, task: str) -> Release | None:
        """Be the one process that has this to do, until the release is called or the process ends; None if another is.

        Raises `DatabaseError` if the folder can't be written.
        """
        try:
            make_private_folder(self.folder)
            return self._locks.hold(self.folder / f"{task}{_LOCK}")
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> DatabaseError:
        return DatabaseError(
            f"A worker needs to write beside the database, in {self.folder}: {error.strerror}.",
            hint="Change the folder's permissions, or choose another database with --db PATH.",
        )


class Presence:
    """A signed-in worker's card and the socket that wakes it, where there is one."""

    card: Card
    listener: socket.socket | None

    @property
    def stops_asked(self) -> int:
        """How often it was asked to leave otherwise than by a signal."""
        return 0

    def beat(self) -> bool:
        """Tell others that this worker is not frozen; False if its card, or the database, was moved or deleted."""
        raise NotImplementedError

    def leaving(self) -> None:
        """Say that this worker takes no more tasks."""
        raise NotImplementedError

    def drain_wakeups(self) -> None:
        """Take all datagrams that have come in."""
        if self.listener is not None:
            with contextlib.suppress(BlockingIOError):
                while self.listener.recv(16):
                    pass


class _CardPresence(Presence):
    """A worker that shows a card beside its database."""

    def __init__(self, card: Card, listener: socket.socket | None, path: Path, database: Path) -> None:
        self.card, self.listener = card, listener
        self._path, self._database, self._file = path, database, _identity(database)

    def beat(self) -> bool:
        """Tell others that this worker is not frozen; False if its card, or the database, was moved or deleted."""
        shown = self._path if self._path.exists() else self._left
        try:
            os.utime(shown)
        except FileNotFoundError:
            return False
        except OSError:  # read-only since: others will take it for frozen, and that does no harm
            pass
        return _identity(self._database) == self._file

    def leaving(self) -> None:
        """Say that this worker takes no more tasks."""
        with contextlib.suppress(OSError):  # the folder is gone or read-only, then there is nothing to take either
            self._path.rename(self._left)

    @property
    def _left(self) -> Path:
        return self._path.with_suffix(_LEAVING)


def _is_frozen(card: Path) -> bool:
    try:
        return time.time() - card.stat().st_mtime > FROZEN_AFTER_SECONDS
    except OSError:
        return False


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another that takes its place; None if there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # gone meanwhile, or in a folder that can't be written: found dead again
        path.unlink()


def _read(path: Path) -> Card | None:
    try:
        card = Card(**json.loads(read_input(path, _MOST_BYTES)))
    except (OSError, ValueError, TypeError):  # gone meanwhile, cut by a full disk, or put there by someone else
        return None
    return card if isinstance(card.pid, int) and isinstance(card.socket, str) else None


def _socket_path(folder: Path, worker_id: str) -> str:
    beside = str(folder / (worker_id + ".sock"))
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET_PATH:
        return beside
    import tempfile

    return os.path.join(tempfile.mkdtemp(prefix="lessongen-"), "wake.sock")


def _remove_socket(address: str) -> None:
    if not address:
        return
    path = Path(address)
    _remove(path)
    if path.name == "wake.sock":
        import shutil

        shutil.rmtree(path.parent, ignore_errors=True)
