"""Balancing chemical equations: counting atoms, finding coefficients."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import gcd

from lessongen.text.wordlists import word_lists
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.measuring import asked, measured
from lessongen.writers.computed.writing import GAP, TIMES, listed

_ARROW = "→"
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_UP = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_HARD_FROM = 9
_PART = re.compile(r"(?P<open>\()|\)(?P<close>\d*)|(?P<element>[A-Z][a-z]?)(?P<count>\d*)")


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """An equation: the coefficients and formulas of both sides."""

    left: tuple[tuple[int, str], ...]
    right: tuple[tuple[int, str], ...]

    @property
    def all(self) -> tuple[tuple[int, str], ...]:
        """Both sides one after the other."""
        return self.left + self.right

    def shown(self, coefficients: Sequence[int | str] | None = None) -> str:
        """As it is printed; a coefficient of 1 is left out."""
        told = list(coefficients if coefficients is not None else [count for count, _ in self.all])
        terms = [
            f"{'' if count in (1, '1') else f'{count} '}{formula.translate(_LOW)}"
            for count, (_, formula) in zip(told, self.all, strict=True)
        ]
        return f"{' + '.join(terms[: len(self.left)])} {_ARROW} {' + '.join(terms[len(self.left) :])}"


@cache
def _known(is_hard: bool) -> tuple[Reaction, ...]:
    rows = word_lists(__file__, "reactions").lines("hard" if is_hard else "easy")
    return tuple(_read(row) for row in rows)


def _read(row: str) -> Reaction:
    sides = [tuple(_term(each) for each in side.split(" + ")) for side in row.split(" -> ")]
    return Reaction(left=sides[0], right=sides[1])


def _term(text: str) -> tuple[int, str]:
    count, _, formula = text.strip().rpartition(" ")
    return int(count or 1), formula


def atoms(formula: str) -> Counter[str]:
    """How many atoms of each element a printed formula has: "Ca(OH)₂"."""
    groups: list[Counter[str]] = [Counter()]
    for part in _PART.finditer(formula.translate(_UP)):
        if part["open"]:
            groups.append(Counter())
        elif part["element"]:
            groups[-1][part["element"]] += int(part["count"] or 1)
        else:
            inner, times = groups.pop(), int(part["close"] or 1)
            groups[-1].update({element: count * times for element, count in inner.items()})
    return groups[0]


def is_balanced(equation: str) -> bool:
    """Whether a printed equation has as many atoms of each element on both sides, in the smallest whole numbers."""
    sides, coefficients = [], []
    for side in equation.split(f" {_ARROW} "):
        total: Counter[str] = Counter()
        for term in side.split(" + "):
            count, formula = _term(term)
            coefficients.append(count)
            total.update({element: count * each for element, each in atoms(formula).items()})
        sides.append(total)
    return len(sides) == 2 and sides[0] == sides[1] and gcd(*coefficients) == 1


def _drawn(rng: random.Random, grade: int) -> Reaction:
    return rng.choice(_known(grade >= _HARD_FROM and rng.random() < 0.7))


def _counted(side: Sequence[tuple[int, str]], *, bare: bool = False) -> str:
    """The atoms of a side in words, with its coefficients or, `bare`, without."""
    total: Counter[str] = Counter()
    for count, formula in side:
        total.update({element: (1 if bare else count) * each for element, each in atoms(formula).items()})
    return listed([f"{count} {element}" for element, count in total.items()])


def _how_many_atoms(rng: random.Random, grade: int) -> Task | None:
    count, formula = rng.choice(_drawn(rng, grade).all)
    count = count if count > 1 else rng.randint(2, 5)
    inside = atoms(formula)
    if len(inside) < 2:
        return None
    element = rng.choice(list(inside))
    shown, one = f"{count} {formula.translate(_LOW)}", inside[element]
    task = asked(
        f"{element} in {shown}",
        f"How many atoms of {element} are there in {shown}?",
        (
            f"One {formula.translate(_LOW)} has {one} of {element}: the small number counts within it.",
            f"The number in front counts all of it: {count} {TIMES} {one} = {count * one}.",
        ),
        label=f"{element} in {shown}",
        says=f"In {shown} there are {{}} atoms of {element}.",
        match_stem="Match each amount to its number of atoms.",
    )
    slips = (one, count, count + one, count * sum(inside.values()))
    return measured(task, count * one, "", slips=slips, fits=lambda x: x == sum([atoms(formula)[element]] * count))


def _missing_coefficient(rng: random.Random, grade: int) -> Task | None:
    reaction = _drawn(rng, grade)
    at = rng.randrange(len(reaction.all))
    if reaction.all[at][0] == 1:
        return None  # a coefficient of 1 is not written
    answer, formula = reaction.all[at]
    coefficients: list[int | str] = [count for count, _ in reaction.all]
    with_gap = reaction.shown([*coefficients[:at], GAP, *coefficients[at + 1 :]])
    inside = atoms(formula)
    element = max(inside, key=lambda each: sum(each in atoms(other) for _, other in reaction.all) == 2)
    beyond = reaction.right if at < len(reaction.left) else reaction.left
    needed = sum(count * atoms(other)[element] for count, other in beyond)
    there = needed - answer * inside[element]
    others = f", {there} of them in the other formulas" if there else ""
    task = asked(
        f"coefficient {at + 1} of {reaction.shown()}",
        f"Which number belongs in the gap, so that the equation is balanced: {with_gap}",
        (
            f"On the other side there are {needed} atoms of {element}, so there have to be {needed} here, too{others}.",
            f"Each {formula.translate(_LOW)} has {inside[element]} of {element}: "
            f"{answer} {TIMES} {inside[element]} = {answer * inside[element]}.",
        ),
    )

    def fits(value: object) -> bool:
        return is_balanced(reaction.shown([*coefficients[:at], str(value), *coefficients[at + 1 :]]))

    return measured(task, answer, "", slips=(needed, inside[element], answer + 1, answer * 2), fits=fits)


def _balance(rng: random.Random, grade: int) -> Task | None:
    reaction = _drawn(rng, grade)
    answer = reaction.shown()
    counts = [count for count, _ in reaction.all]
    bare = reaction.shown([1] * len(counts))
    last = reaction.right[-1][1]
    # The formula of a substance changed instead of its number: another substance.
    more = int(last[-1]) + 1 if last[-1].isdigit() else 2
    changed = bare.removesuffix(last.translate(_LOW)) + f"{last.rstrip('0123456789')}{more}".translate(_LOW)
    doubled = reaction.shown([2 * count for count in counts])

    def holds(text: str) -> bool:
        same = re.sub(r"(^|[+→] )\d+ ", r"\1", text)
        return same == bare and is_balanced(text)

    return Task(
        term=f"balance {bare}",
        ask=f"Balance the equation with the smallest whole numbers: {bare}",
        answer=answer,
        wrong=tuple(each for each in dict.fromkeys((doubled, changed, bare)) if each != answer),
        why=(
            f"As it stands there are {_counted(reaction.left, bare=True)} on the left, and "
            f"{_counted(reaction.right, bare=True)} on the right. Only the numbers in front may change.",
            *_element_by_element(reaction),
            f"Now each side has {_counted(reaction.left)}: {answer}",
        ),
        holds=holds,
        kinds=("short", "choice"),
    )


def _element_by_element(reaction: Reaction) -> Iterator[str]:
    """How the numbers are found: first by what stands in one formula on each side, then by the rest."""
    elements = dict.fromkeys(element for _, formula in reaction.left for element in atoms(formula))
    holding = {
        element: [[each for each in side if element in atoms(each[1])] for side in (reaction.left, reaction.right)]
        for element in elements
    }
    for element, (left, right) in sorted(holding.items(), key=lambda each: sum(map(len, each[1]))):
        if len(left) == len(right) == 1:
            (before, one), (after, other) = left[0], right[0]
            common = gcd(before, after)
            yield (
                f"{element} stands in one formula on each side: {one.translate(_LOW)} has {atoms(one)[element]} and "
                f"{other.translate(_LOW)} has {atoms(other)[element]}, so {before // common} {one.translate(_LOW)} on "
                f"the left needs {after // common} {other.translate(_LOW)} on the right."
            )
        else:
            total = sum(count * atoms(formula)[element] for count, formula in left)
            yield f"{element} comes after that: with the smallest whole numbers that fit, each side has {total} of it."


SKILL = described("balancing-equations", _how_many_atoms, _missing_coefficient, _balance)
