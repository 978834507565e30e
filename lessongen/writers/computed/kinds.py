"""The kinds of exercise that tasks are made into.

A kind of question that is no subject of its own here can ask any task as it stands, if it says so: `asks_tasks`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, takewhile
from typing import Any

from lessongen.check.items import by_majority
from lessongen.lesson.questions import KINDS
from lessongen.writers.computed.exercise import Exercise, Task
from lessongen.writers.computed.writing import GAP

EVERYWHERE = tuple(name for name, kind in KINDS.items() if kind.asks_tasks)
"""What any task may be asked as, besides what it names itself."""

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_PAIRS = 4
_OPTIONS_WRONG = 3
_FEWEST_WRONG = 2
_MOST_SLIPS = 6


def choice(task: Task) -> Exercise | None:
    """One right answer among wrong ones; None if too few wrong ones are left that are told apart."""
    wrong = _distractors(task)
    if len(wrong) < _FEWEST_WRONG:
        return None
    return _as_it_stands(task, "choice", wrong)


def _distractors(task: Task) -> list[str]:
    """The likeliest slips among which the answer is neither the longest nor put together of parts of the others."""
    usable = [each for each in dict.fromkeys(task.wrong) if each != task.answer and not task.holds(each)]
    several = [
        list(wrong)
        for count in (_OPTIONS_WRONG, _FEWEST_WRONG)
        for wrong in combinations(usable[:_MOST_SLIPS], count)
        if not by_majority(task.answer, wrong)
    ]
    is_told = [wrong for wrong in several if len(task.answer) <= max(map(len, wrong))]
    return next(iter(is_told or several), [])


def short(task: Task) -> Exercise:
    """A question whose answer is written down."""
    return _as_it_stands(task, "short")


def _as_it_stands(task: Task, kind: str, wrong: Sequence[str] = ()) -> Exercise:
    return Exercise(
        kind=kind,
        bloom=task.bloom,
        stem=task.ask,
        covers=(task.term,),
        why=task.why,
        holds=task.holds,
        answer=task.answer,
        wrong=tuple(wrong),
        drawing=task.drawing,
        way=task.way,
    )


def cloze(task: Task) -> Exercise | None:
    """The statement of the answer with a gap in its place."""
    if not task.says:
        return None
    return Exercise(
        kind="cloze",
        bloom=task.bloom,
        stem=f"{_fill_in(task)} {_set_off(task.says.format(GAP))}",
        covers=(task.term,),
        why=task.why,
        holds=task.holds,
        answer=task.answer,
        drawing=task.drawing,
        way=task.way,
    )


def _fill_in(task: Task) -> str:
    return f"Fill in the gap with {task.form}:" if task.form else "Fill in the gap:"


def _set_off(statement: str) -> str:
    """In quotation marks, unless it has some of its own."""
    return statement if "“" in statement else f"“{statement}”"


def match(tasks: Sequence[Task], rng: random.Random) -> Exercise | None:
    """Tasks and their answers, to be brought together; None unless each answer fits one task alone."""
    judges = {task.label: task.holds for task in tasks}
    pairs = [(task.label, task.answer) for task in tasks]
    is_clear = len(judges) == len({right for _, right in pairs}) == len(tasks) and all(
        judges[left](right) is (right == partner) for left, partner in pairs for _, right in pairs
    )
    if not is_clear or _is_given_away(pairs):
        return None
    rng.shuffle(pairs)
    # Students get the right side in alphabetical order: that must not be the order of the left one.
    if [right for _, right in pairs] == sorted(right for _, right in pairs):
        pairs.reverse()

    def holds(left: str, right: str) -> bool:
        return judges[left](right)

    return Exercise(
        kind="match",
        bloom=tasks[0].bloom,
        stem=tasks[0].match_stem,
        covers=tuple(sorted(task.term for task in tasks)),
        why=tuple(f"{left} goes with {right}." for left, right in pairs),
        holds=holds,
        pairs=tuple(pairs),
        way=tasks[0].way,
    )


def _is_given_away(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether half of the pairs can be told by how they begin, "89.46" and "89.5" among 30 and 13; or all by size."""
    if _rise_together(pairs):
        return True

    def alike(left: str, right: str) -> int:
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))

    told = sum(
        alike(left, partner) > max(1, *(alike(left, right) for _, right in pairs if right != partner))
        for left, partner in pairs
    )
    return 2 * told >= len(pairs)


def _rise_together(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether the larger number of one side always goes with the larger one of the other: 5 bits and 32, 6 and 64."""
    numbers = [[_NUMBER.findall(side) for side in pair] for pair in pairs]
    if any(len(found) != 1 for pair in numbers for found in pair):
        return False
    sizes = sorted(tuple(float(found[0].replace(",", "")) for found in pair) for pair in numbers)
    return [right for _, right in sizes] == sorted(right for _, right in sizes)


def order(tasks: Sequence[Task], stem: str) -> Exercise | None:
    """The tasks' labels by the size of what they come to; None if that is also their alphabetical order."""
    measure = tasks[0].size
    if measure is None:
        return None
    by_size: Callable[[str], Any] = measure
    answers = {task.label: task.answer for task in tasks}
    items = sorted(answers, key=by_size)
    sizes = {by_size(item) for item in items}
    if len(sizes) < len(tasks) or items == sorted(items, key=str.casefold):
        return None

    def holds(first: str, second: str) -> bool:
        return bool(by_size(first) < by_size(second))

    return Exercise(
        kind="order",
        bloom="analyze",
        stem=stem,
        covers=tuple(sorted(task.term for task in tasks)),
        why=tuple(f"{item} is {answers[item]}." if answers[item] != item else f"Next is {item}." for item in items),
        holds=holds,
        items=tuple(items),
        way=tasks[0].way,
    )


# ---------------------------------------------------------------- by name


def made(
    kind: str, task: Task, draw: Callable[[], Task | None], rng: random.Random, *, order_stem: str
) -> Exercise | None:
    """The task as an exercise of that kind, with others that `draw` gives if it takes several; None if it can't be."""
    if kind not in _OF_SEVERAL:
        return _OF_ONE[kind](task) if kind in _OF_ONE else _as_it_stands(task, kind, _distractors(task))
    others = [other for other in (draw() for _ in range(4 * _PAIRS)) if _is_alike(task, other)]
    alike = {_told_by(each): each for each in reversed((task, *(other for other in others if other)))}
    together = list(reversed(alike.values()))[:_PAIRS]
    return _OF_SEVERAL[kind](together, rng, order_stem) if len(together) == _PAIRS else None


def _told_by(task: Task) -> frozenset[str] | str:
    """What one has only once in a list: the numbers of a calculation, or a term."""
    numbers = frozenset(_NUMBER.findall(f"{task.label} {task.answer}"))
    return numbers if len(numbers) > 1 else task.term


def weight(kind: str) -> float:
    """Lists come less than half as often as what has a number for an answer."""
    return 2.5 if kind in _OF_SEVERAL else 1.0


def _is_alike(task: Task, other: Task | None) -> bool:
    """Whether both can stand in one list."""
    if other is None or (other.match_stem, other.kinds, other.way) != (task.match_stem, task.kinds, task.way):
        return False
    return bool(other.label)


_OF_ONE: Mapping[str, Callable[[Task], Exercise | None]] = {"choice": choice, "cloze": cloze, "short": short}
_OF_SEVERAL: Mapping[str, Callable[[Sequence[Task], random.Random, str], Exercise | None]] = {
    "match": lambda tasks, rng, _: match(tasks, rng),
    "order": lambda tasks, _, stem: order(tasks, stem),
}
