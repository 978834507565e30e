"""Updates from the database to everyone who watches: one thread reads, however many do.

The thread asks SQLite a hundred times a second whether anyone has written, which costs microseconds; only then does it
read what is watched, once a topic. A watcher holds the newest state alone: one that is slow skips what came between.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lessongen.app import App
from lessongen.queue.presence import Peer
from lessongen.system.errors import LessongenError
from lessongen.web.answers import board_shown, status_of
from lessongen.web.callers import Caller
from lessongen.web.problems import Refusal

_LOG = logging.getLogger("lessongen.web")
_TICK_SECONDS = 0.01
_SHARE_OF_TIME = 4  # a look may take a fifth of the time
_WORKERS_EVERY_SECONDS = 1.0
_AFTER_A_FAULT_SECONDS = 1.0
_TOKENS_EVERY_SECONDS = 0.25
MOST_WATCHERS = 5_000
MOST_OF_A_USER = MOST_WATCHERS // 2


@dataclass(frozen=True, kw_only=True)
class TaskTopic:
    """One task, from its state to its end."""

    task_id: str


@dataclass(frozen=True, kw_only=True)
class BoardTopic:
    """The board as a user sees it; None for all tasks."""

    user: str | None


Topic = TaskTopic | BoardTopic


@dataclass(frozen=True, kw_only=True)
class Update:
    """The state of a topic as JSON; the id names that state, so that whoever has it needs it not again."""

    id: str
    kind: str
    data: str
    is_last: bool


class Watch:
    """One watcher's end: the newest update that it has not had.

    It is closed when the server leaves, when its place is given to a user who has fewer, and, with `is_revoked`, when
    the caller's token is worth nothing any more.
    """

    def __init__(self, hub: Hub, topic: Topic, last_id: str | None, caller: Caller) -> None:
        self._hub = hub
        self.topic = topic
        self.caller = caller
        self._had = last_id
        self._newest: Update | None = None
        self._has_news = asyncio.Event()
        self.is_closed = False
        self.is_revoked = False

    async def __aenter__(self) -> Watch:
        self._hub.add(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hub.remove(self)

    def offer(self, update: Update) -> None:
        """Take an update, in the loop's thread."""
        if update.id != self._had:
            self._newest = update
            self._has_news.set()

    def close(self) -> None:
        """No update comes any more, in the loop's thread."""
        self.is_closed = True
        self._has_news.set()

    async def next(self, timeout_seconds: float) -> Update | None:
        """The newest update that was not had; None after the timeout, or when it is closed."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._has_news.wait()
        except TimeoutError:
            return None
        update, self._newest = self._newest, None
        if not self.is_closed:
            self._has_news.clear()
        if update is not None:
            self._had = update.id
        return update


class Hub:
    """Who watches what, and the thread that reads for all of them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watches: dict[Topic, set[Watch]] = {}
        self._places: dict[str | None, dict[Watch, None]] = {}  # each user's, oldest first
        self._newest: dict[Topic, Update] = {}
        self._fresh: set[Topic] = set()
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._stopped = False
        self._peers: list[Peer] = []
        self._peers_at = float("-inf")
        self._tokens_at = float("-inf")
        self._tokens_seen: object = None
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self.reads = 0

    # ------------------------------------------------------------ in the loop's thread

    def start(self) -> None:
        """Begin, inside the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def close_watches(self) -> None:
        """End all watches, so that the server can leave."""
        self._stopped = True
        self._woken.set()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._close_all)

    def join(self) -> None:
        """Wait until the thread has ended."""
        self.close_watches()
        self._thread.join()

    @property
    def watchers(self) -> int:
        """How many watch."""
        with self._lock:
            return sum(map(len, self._places.values()))

    def has_ended(self, topic: TaskTopic, last_id: str) -> bool:
        """Whether the update of that id was the last one; asks the database."""
        update = self._read([topic])[topic]
        return update.is_last and update.id == last_id

    def add(self, watch: Watch) -> None:
        """Begin to watch; the present state is the first update. Raises `Refusal` where the user has no place.

        One user never has more than half of all places. When all are taken, whoever has the most gives the oldest of
        theirs to a user who would still have fewer.
        """
        given_up = None
        with self._lock:
            user = watch.caller.user
            own = len(self._places.get(user, ()))
            if self._stopped or own >= MOST_OF_A_USER:
                raise _no_place()
            if sum(map(len, self._places.values())) >= MOST_WATCHERS:
                largest = max(self._places.values(), key=len)
                if own + 1 >= len(largest):
                    raise _no_place()
                given_up = next(iter(largest))
                self._drop(given_up)
            self._watches.setdefault(watch.topic, set()).add(watch)
            self._places.setdefault(user, {})[watch] = None
            self._fresh.add(watch.topic)
            self._tokens_seen = None
        if given_up is not None:
            given_up.close()
        self._woken.set()

    def remove(self, watch: Watch) -> None:
        """Watch no more."""
        with self._lock:
            self._drop(watch)

    def _drop(self, watch: Watch) -> None:
        """Take a watch from its topic and its user, if it is there still."""
        watching = self._watches.get(watch.topic, set())
        watching.discard(watch)
        if not watching:
            self._watches.pop(watch.topic, None)
            self._newest.pop(watch.topic, None)
        places = self._places.get(watch.caller.user, {})
        places.pop(watch, None)
        if not places:
            self._places.pop(watch.caller.user, None)

    def _revoke(self, hashes: frozenset[str]) -> None:
        """End the watches of these tokens."""
        with self._lock:
            found = [each for places in self._places.values() for each in places if each.caller.sha256 in hashes]
            for watch in found:
                self._drop(watch)
        for watch in found:
            watch.is_revoked = True
            watch.close()

    def _deliver(self, updates: Mapping[Topic, Update]) -> None:
        for topic, update in updates.items():
            for watch in tuple(self._watches.get(topic, ())):
                watch.offer(update)

    def _close_all(self) -> None:
        for watching in tuple(self._watches.values()):
            for watch in watching:
                watch.close()

    # ------------------------------------------------------------ in the thread of its own

    def _run(self) -> None:
        seen = None
        while not self._stopped:
            if not self._watches:
                self._woken.wait()
            self._woken.clear()
            started = time.monotonic()
            try:
                seen = self._round(seen)
            except LessongenError as error:  # a busy database: the next round tries again
                _LOG.warning("Watching: %s", error.message)
                self._woken.wait(_AFTER_A_FAULT_SECONDS)
            self._woken.wait(max(_TICK_SECONDS, (time.monotonic() - started) * _SHARE_OF_TIME))

    def _round(self, seen: object) -> object:
        """Read what may have changed since `seen`, and hand it on; what is seen now."""
        with self._lock:
            topics, fresh = tuple(self._watches), tuple(self._fresh)
            self._fresh.clear()
        if any(isinstance(topic, BoardTopic) for topic in topics):
            self._look_for_workers()
        changed = self._app.store.changed()
        self._look_at_tokens(changed)
        state = (changed, [peer.card.worker_id for peer in self._peers])
        wanted = topics if state != seen else fresh
        if not wanted:
            return state
        self.reads += 1
        read = self._read(wanted)
        news = {topic: update for topic, update in read.items() if topic in fresh or self._is_new(topic, update)}
        with self._lock:
            self._newest.update({topic: update for topic, update in read.items() if topic in self._watches})
        if news and self._loop is not None and not self._stopped:
            self._loop.call_soon_threadsafe(self._deliver, news)
        return state

    def _is_new(self, topic: Topic, update: Update) -> bool:
        newest = self._newest.get(topic)
        return newest is None or newest.id != update.id

    def _look_at_tokens(self, changed: object) -> None:
        """End the watches whose tokens were revoked; asked only after a write, or when someone began to watch."""
        with self._lock:
            if self._tokens_seen == changed or time.monotonic() - self._tokens_at < _TOKENS_EVERY_SECONDS:
                return
            self._tokens_seen, self._tokens_at = changed, time.monotonic()
            given = {each.caller.sha256 for places in self._places.values() for each in places}
        hashes = {each for each in given if each is not None}
        try:
            revoked = frozenset(hashes - self._app.store.tokens.valid(hashes)) if hashes else frozenset()
        except LessongenError:
            self._tokens_seen = None  # the next round asks again
            raise
        if revoked and self._loop is not None and not self._stopped:
            self._loop.call_soon_threadsafe(self._revoke, revoked)

    def _look_for_workers(self) -> None:
        if time.monotonic() - self._peers_at >= _WORKERS_EVERY_SECONDS:
            self._peers = self._app.roster.alive()
            self._peers_at = time.monotonic()

    def _read(self, topics: Iterable[Topic]) -> dict[Topic, Update]:
        tasks = {topic.task_id: topic for topic in topics if isinstance(topic, TaskTopic)}
        boards = [topic for topic in topics if isinstance(topic, BoardTopic)]
        found: dict[Topic, Update] = {}
        for task in self._app.store.tasks.several(tasks) if tasks else ():
            state = status_of(task, None).model_dump(mode="json", exclude={"lesson"})
            found[tasks[task.task_id]] = _update("task", state, is_last=task.status.is_finished)
        for topic in tasks.values():
            if topic not in found:
                gone = {"task_id": topic.task_id, "status": "gone", "message": "The task is past its retention"}
                found[topic] = _update("gone", gone, is_last=True)
        for board in boards:
            state = board_shown(self._app, board.user, self._peers)
            found[board] = _update("board", state, is_last=False, changing=("at", "tasks_per_minute", "seconds_left"))
        return found


def _no_place() -> Refusal:
    return Refusal(503, "Too many watch already.", code="try_later", headers={"Retry-After": "5"})


def _update(kind: str, state: Mapping[str, object], *, is_last: bool, changing: Iterable[str] = ()) -> Update:
    """The update for a state; what is `changing` by itself makes no new one."""
    lasting = json.dumps({key: value for key, value in state.items() if key not in changing}, sort_keys=True)
    return Update(
        id=hashlib.sha256(lasting.encode()).hexdigest()[:16],
        kind=kind,
        data=json.dumps(state, ensure_ascii=True),
        is_last=is_last,
    )
