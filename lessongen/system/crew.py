"""Threads that work side by side, and are kept for the next work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")
_Order = tuple[Callable[[], Any], "Future[Any]"]


class Crew:
    """As many threads as there is work at once; one that is done waits for more.

    They are kept because a thread has things of its own that would be left behind, such as a connection to the
    database. None of them keeps a process from ending.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[_Order]] = []
        self._hired = 0

    def start(self, work: Callable[[], Result]) -> Future[Result]:
        """Have a thread do the work; what comes of it, or what it raises, is in the future."""
        future: Future[Result] = Future()
        with self._lock:
            orders = self._idle.pop() if self._idle else self._hire()
        orders.put((work, future))
        return future

    def _hire(self) -> SimpleQueue[_Order]:
        orders: SimpleQueue[_Order] = SimpleQueue()
        self._hired += 1
        threading.Thread(target=self._serve, args=(orders,), name=f"beside-{self._hired}", daemon=True).start()
        return orders

    def _serve(self, orders: SimpleQueue[_Order]) -> None:
        while True:
            work, future = orders.get()
            try:
                tell = partial(future.set_result, work())
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                tell = partial(future.set_exception, error)
            with self._lock:  # before it is told, so that whoever hears it finds the thread idle
                self._idle.append(orders)
            del work
            tell()
            del tell, future
