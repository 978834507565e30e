"""Which rows come before which: names looked up, circles found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lessongen.lesson.task import CORE, MADE_OF_CORE, LessonRequest


class Names:
    """The rows of a batch by the names that other rows may call them: a key, a topic, a subject/topic.

    `keys` are compared as lessons' names are, as are `topics` and `subjects`, which are in the order of the rows.
    """

    def __init__(self, keys: Mapping[str, int], subjects: Sequence[str], topics: Sequence[str]) -> None:
        self._keys = keys
        self._rows: dict[str, list[int]] = {}
        for place, (subject, topic) in enumerate(zip(subjects, topics, strict=True)):
            self._rows.setdefault(topic, []).append(place)
            self._rows.setdefault(f"{subject}/{topic}", []).append(place)

    def rows(self, name: str) -> Sequence[int]:
        """The rows that a name, as it is compared, means: none, one, or several where it says too little."""
        return [self._keys[name]] if name in self._keys else self._rows.get(name, ())

    def all(self) -> Sequence[str]:
        """Each name."""
        return [*self._keys, *self._rows]


def with_cores_first(
    before: Mapping[int, tuple[int, ...]], requests: Sequence[LessonRequest]
) -> Mapping[int, tuple[int, ...]]:
    """The same, and each support and extend variant after the core lesson that the batch makes of it.

    A variant that the core itself comes after stays where it is.
    """
    made_of_core = [at for at, each in enumerate(requests) if each.variant.casefold() in MADE_OF_CORE]
    if not made_of_core:
        return before
    cores = {each.lesson.key: at for at, each in enumerate(requests) if each.variant.casefold() == CORE}
    ordered = dict(before)
    for row in made_of_core:
        core = cores.get(replace(requests[row].lesson, variant=CORE).key)
        if core is not None and core not in ordered.get(row, ()) and not _comes_after(core, row, ordered):
            ordered[row] = (*ordered.get(row, ()), core)
    return ordered


def _comes_after(row: int, other: int, before: Mapping[int, Sequence[int]]) -> bool:
    """Whether a row has to wait for another one, through whichever rows."""
    seen, waiting = {row}, [row]
    while waiting:
        for each in before.get(waiting.pop(), ()):
            if each == other:
                return True
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return False


def circles(before: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """Rows that wait for each other, one circle for each group of them: each row comes after the next, the last after
    the first. `before` are the rows that each row comes after.
    """
    if all(each < row for row, others in before.items() for each in others):
        return []
    stuck = _stuck(before)
    seen: set[int] = set()
    found = []
    for start in sorted(stuck):
        path: dict[int, int] = {}
        row = start
        while row not in seen:
            seen.add(row)
            path[row] = len(path)
            # Each row that is stuck waits for another one that is.
            row = next(each for each in before[row] if each in stuck)
        if row in path:
            found.append(list(path)[path[row] :])
    return found


def _stuck(before: Mapping[int, Sequence[int]]) -> set[int]:
    """The rows that never get their turn: Kahn's algorithm; what it leaves over."""
    waits = {row: len(set(others)) for row, others in before.items() if others}
    after: dict[int, list[int]] = {}
    for row, others in before.items():
        for each in set(others):
            after.setdefault(each, []).append(row)
    free = [row for row in after if row not in waits]
    while free:
        for row in after.get(free.pop(), ()):
            waits[row] -= 1
            if waits[row] == 0:
                del waits[row]
                free.append(row)
    return set(waits)
