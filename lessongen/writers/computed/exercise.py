"""An exercise with its computed key, and the second computation that has to agree before anyone sees it.

The key comes from how the exercise was made; what `holds` says comes from reading what is printed: an expression is
evaluated, a root put into its equation, a form looked up or derived in the other direction.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lessongen.lesson.drawings.base import Drawing
from lessongen.lesson.model import Bloom
from lessongen.writers.computed.expressions import false_equalities
from lessongen.writers.computed.writing import listed

ALL_BUT_ORDER = ("short", "choice", "cloze", "match")
ALL = (*ALL_BUT_ORDER, "order")


Numbers = frozenset[str]
"""What stands in a calculation: who has seen another one with the very same numbers knows how it comes out."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Disagreement(ArithmeticError):
    """The second computation does not confirm a key: a fault of the module, never of the request."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to work out, from which exercises of several kinds are made.

    `ask` is the whole question; `label` the same in short, as an item of a list; `says` the statement that an answer
    makes, with `{}` for the answer; `form` names what is asked for where that statement doesn't ("the past simple of
    “go”"). `wrong` are answers that a known slip leads to, the most usual first. `holds` tells of an answer's text
    whether it is right, by another way than `answer` was found. `size` gives a label's value where labels can be put
    in order. `drawing` stands under the stem wherever the task is asked; a task that can't be done without it has no
    `label`, and so is never an item of a list. `illustration` is drawn beside the worked example alone, because it
    shows the way to the answer. Where the tasks of one draw are done in several ways, `way` tells which: a practice
    asks one of them, and shows that one.
    """

    term: str
    ask: str
    answer: str
    wrong: tuple[str, ...]
    why: tuple[str, ...]
    holds: Callable[[str], bool]
    label: str = ""
    says: str = ""
    form: str = ""
    kinds: tuple[str, ...] = ALL_BUT_ORDER
    bloom: Bloom = "apply"
    match_stem: str = "Match each task to its result."
    drawing: Drawing | None = None
    illustration: Drawing | None = None
    size: Callable[[str], object] | None = None
    way: str = ""


@dataclass(frozen=True, kw_only=True)
class Worked:
    """A worked example: a problem, the steps to its answer, and what confirms the answer."""

    term: str
    problem: str
    steps: tuple[str, ...]
    answer: str
    holds: Callable[[str], bool]
    drawing: Drawing | None = None
    way: str = ""

    @property
    def numbers(self) -> frozenset[Numbers]:
        """The numbers that are asked and answered with, and those of the way."""
        return _numbers_of(f"{self.problem} {self.answer}", " ".join(self.steps))


def worked_from(task: Task | None) -> Worked | None:
    """The task as an example, its reasoning as the steps; None where that is less than two steps."""
    if task is None or len(task.why) < 2:
        return None
    options = sorted((task.answer, *task.wrong[:3])) if task.kinds == ("choice",) else ()
    is_listed = all(option in task.ask for option in options)
    return Worked(
        term=task.term,
        problem=task.ask if is_listed else f"{task.ask} Choose from {listed(options, 'or')}.",
        steps=task.why,
        answer=task.answer,
        holds=task.holds,
        drawing=task.drawing or task.illustration,
        way=task.way,
    )


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One exercise. `pairs` belong together; `items` stand in their right order.

    `holds` takes an answer; a left and a right item, where there are pairs; or two items, where there are items, and
    tells whether the first comes before the second.
    """

    kind: str
    bloom: Bloom
    stem: str
    covers: tuple[str, ...]
    why: tuple[str, ...]
    holds: Callable[..., bool]
    answer: str = ""
    wrong: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = field(default=())
    items: tuple[str, ...] = ()
    drawing: Drawing | None = None
    way: str = ""

    @property
    def numbers(self) -> frozenset[Numbers]:
        """The numbers that are asked and answered with, and those of the way; of pairs, those of each."""
        if self.pairs:
            return _numbers_of(*(f"{left} {right}" for left, right in self.pairs))
        return _numbers_of(f"{self.stem} {self.answer}", " ".join(self.why))


def _numbers_of(*texts: str) -> frozenset[Numbers]:
    found = (frozenset(_NUMBER.findall(text)) for text in texts)
    return frozenset(each for each in found if len(each) > 1)


def confirm(exercise: Exercise | Worked) -> None:
    """Compute the key a second time. Raises `Disagreement` where the two differ or a step is not true."""
    for fault in exercise.drawing.faults() if exercise.drawing else ():
        raise Disagreement(f"this can't be drawn: {fault}")
    steps = exercise.steps if isinstance(exercise, Worked) else exercise.why
    for step in steps:
        untrue = false_equalities(step)
        if untrue:
            raise Disagreement(f"this is not so: {untrue[0]}")
    if isinstance(exercise, Worked):
        _demand(exercise.holds(exercise.answer), exercise.problem, exercise.answer)
    elif exercise.pairs:
        for left, partner in exercise.pairs:
            for _, right in exercise.pairs:
                _demand(exercise.holds(left, right) is (right == partner), exercise.stem, f"{left}: {right}")
    elif exercise.items:
        for index, first in enumerate(exercise.items):
            for second in exercise.items[index + 1 :]:
                is_so = exercise.holds(first, second) and not exercise.holds(second, first)
                _demand(is_so, exercise.stem, f"{first} before {second}")
    else:
        _demand(exercise.holds(exercise.answer), exercise.stem, exercise.answer)
        for option in exercise.wrong:
            _demand(not exercise.holds(option), exercise.stem, f"not {option}")


def _demand(agrees: bool, problem: str, key: str) -> None:
    if not agrees:
        raise Disagreement(f"two computations differ on “{problem}”: {key}")
