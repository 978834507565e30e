"""What the server does beside answering: sees to it that a worker takes tasks, rescues tasks, drops old ones."""

from __future__ import annotations

import contextlib
import logging
import threading
import time

from lessongen.app import App
from lessongen.system.errors import LessongenError

_LOG = logging.getLogger("lessongen.web")
_START_AGAIN_SECONDS = 5.0  # a worker that was started needs a while until it is seen
_LOOK_EVERY_SECONDS = 15.0
_FILES_EVERY_SECONDS = 1.0  # who else opens the database waits a few seconds for files that are gone to be let go of


class Starter:
    """A thread for what no request should wait for. `starts` says whether it may start a worker."""

    def __init__(self, app: App, *, starts: bool) -> None:
        self._app = app
        self.starts = starts
        self._kicked = threading.Event()
        self._stopped = False
        self._started_at = float("-inf")
        self._thread = threading.Thread(target=self._run, name="starter", daemon=True)

    def start(self) -> None:
        """Begin; tasks that wait already get their worker."""
        self._kicked.set()
        self._thread.start()

    def kick(self) -> None:
        """There may be a task: wake or start a worker, soon."""
        self._kicked.set()

    def stop(self) -> None:
        """End, and wait until it has."""
        self._stopped = True
        self._kicked.set()
        self._thread.join()

    def _run(self) -> None:
        purge_every = self._app.settings.purge_every.total_seconds()
        purged_at = time.monotonic()
        while not self._stopped:
            self._wait(min(_LOOK_EVERY_SECONDS, max(1.0, purge_every)))
            self._kicked.clear()
            try:
                self._see_to_a_worker()
                if time.monotonic() - purged_at >= purge_every:
                    purged_at = time.monotonic()
                    self._app.jobs.purge()
            except LessongenError as error:  # a busy database, a full disk: the next round tries again
                _LOG.warning("Beside answering: %s", error.message)

    def _wait(self, seconds: float) -> None:
        """Until there may be a task, at most so long; the database's files are looked after meanwhile."""
        deadline = time.monotonic() + seconds
        while not self._kicked.wait(min(_FILES_EVERY_SECONDS, max(0.0, deadline - time.monotonic()))):
            with contextlib.suppress(LessongenError):  # the next request is told
                self._app.store.changed()
            if time.monotonic() >= deadline:
                return

    def _see_to_a_worker(self) -> None:
        app = self._app
        if self._stopped:
            return
        app.rescue()
        if app.roster.has_taker():
            app.roster.wake()
        elif self.starts and app.jobs.has_due() and time.monotonic() - self._started_at > _START_AGAIN_SECONDS:
            self._started_at = time.monotonic()
            app.start_worker()
