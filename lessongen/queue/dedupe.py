"""What the lessons of a batch that are being written at once ask, so that no two of them ask the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from lessongen.lesson.task import Task

Pair = tuple[str, str]  # a quote's SHA-256 and the folded term


@dataclass(frozen=True)
class DistinctQuestions:
    """The (quote, asked term) pairs that one worker's attempts mean to ask, by batch and task; for several threads."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pairs: dict[str, dict[str, frozenset[Pair]]] = field(default_factory=dict)

    def beside(self, task: Task) -> set[Pair]:
        """What other tasks of the same batch mean to ask."""
        with self._lock:
            return self._beside(task)

    def take(self, task: Task, pairs: Collection[Pair], stored: Callable[[], Collection[Pair]]) -> bool:
        """Reserve the pairs unless another task of the batch means to ask one, or has `stored` one by now."""
        if task.batch_id is None:
            return True
        with self._lock:
            wanted = frozenset(pairs)
            if not wanted.isdisjoint(self._beside(task)) or not wanted.isdisjoint(stored()):
                return False
            self._pairs.setdefault(task.batch_id, {})[task.task_id] = wanted
            return True

    def release(self, task: Task) -> None:
        """Forget what the task reserved: it is stored now, or won't be."""
        with self._lock:
            of_batch = self._pairs.get(task.batch_id or "", {})
            of_batch.pop(task.task_id, None)
            if not of_batch:
                self._pairs.pop(task.batch_id or "", None)

    def _beside(self, task: Task) -> set[Pair]:
        of_batch = self._pairs.get(task.batch_id or "", {})
        return {pair for task_id, pairs in of_batch.items() if task_id != task.task_id for pair in pairs}
