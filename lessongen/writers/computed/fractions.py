"""Fractions: the four operations, simplifying, comparing, and fractions as decimals."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm

from lessongen.lesson.drawings.bars import Bar, Bars
from lessongen.lesson.drawings.number_line import Mark, NumberLine
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import ALL, Task
from lessongen.writers.computed.expressions import is_worth, value_of
from lessongen.writers.computed.looking import read_off
from lessongen.writers.computed.writing import DIVIDED, MINUS, TIMES, decimal_places, fraction, number

_MOST_PARTS = 24


def _proper(rng: random.Random, grade: int) -> Fraction:
    below = rng.choice((2, 3, 4, 5, 6, 8, 10) if grade < 7 else (3, 4, 5, 6, 7, 8, 9, 10, 12, 15))
    return Fraction(rng.randint(1, below - 1), below)


def _is_lowest(text: str) -> bool:
    """Whether a printed fraction can't be simplified, by trying every divisor."""
    above, _, below = text.lstrip(MINUS).partition("/")
    if not below:
        return above.isdigit()
    return all(int(above) % by or int(below) % by for by in range(2, int(below) + 1)) and int(below) > 1


def _operation(
    first: Fraction,
    second: Fraction,
    sign: str,
    answer: Fraction,
    slips: list[tuple[int, int]],
    why: list[str],
    illustration: Bars | None = None,
) -> Task:
    expression = f"{fraction(first)} {sign} {fraction(second)}"
    value = value_of(expression)
    wrong = [fraction(Fraction(*slip)) for slip in slips if slip[0] > 0 and slip[1] > 0]
    return Task(
        term=expression,
        ask=f"Work out {expression}. Give the answer in lowest terms.",
        answer=fraction(answer),
        wrong=tuple(dict.fromkeys(wrong)),
        why=tuple(why),
        holds=lambda text: is_worth(text, value) and _is_lowest(text),
        label=expression,
        says=f"{expression} = {{}}",
        kinds=ALL,
        match_stem="Match each calculation to its result in lowest terms.",
        illustration=illustration,
        size=value_of,
    )


def _bars(*shaded: tuple[int, int]) -> Bars | None:
    """Bars with so many of so many parts shaded; None where they would be too fine to count, or more than a whole."""
    if any(above > below or below > _MOST_PARTS for above, below in shaded):
        return None
    return Bars(bars=[Bar(parts=below, shaded=above, label=f"{above}/{below}") for above, below in shaded])


def _add_or_subtract(rng: random.Random, grade: int, sign: str) -> Task | None:
    first, second = _proper(rng, grade), _proper(rng, grade)
    same = grade <= 4
    if same:
        below = rng.choice((5, 6, 7, 8, 9, 10, 12))
        drawn = rng.sample(range(1, below), 2)
        tops = (max(drawn), min(drawn))
        if any(gcd(top, below) > 1 for top in tops):
            return None
        first, second = Fraction(tops[0], below), Fraction(tops[1], below)
    if sign == MINUS and first < second:
        first, second = second, first
    bottoms = (first.denominator, second.denominator)
    if first == second or (bottoms[0] == bottoms[1]) is not same or max(lcm(*bottoms), 1) > 90:
        return None
    below = lcm(*bottoms)
    tops = (first.numerator * below // bottoms[0], second.numerator * below // bottoms[1])
    answer = first + second if sign == "+" else first - second
    total = tops[0] + tops[1] if sign == "+" else tops[0] - tops[1]
    why = []
    if not same:
        why.append(f"The least common denominator of {bottoms[0]} and {bottoms[1]} is {below}.")
        why.append(f"{fraction(first)} = {tops[0]}/{below} and {fraction(second)} = {tops[1]}/{below}.")
    why.append(
        f"{'Add' if sign == '+' else 'Subtract'} the numerators: {tops[0]} {sign} {tops[1]} = {total}, "
        f"which gives {total}/{below}."
    )
    why += _simplified(total, below)
    above = (first.numerator, second.numerator)
    top = above[0] + above[1] if sign == "+" else abs(above[0] - above[1])
    bottom = bottoms[0] + bottoms[1] if sign == "+" else abs(bottoms[0] - bottoms[1])
    # Across both parts; the new denominator under the old numerators; the product of the denominators alone.
    slips = [(top, bottom), (top, below), (top, max(bottoms)), (total, bottoms[0] + bottoms[1]), (total + 1, below)]
    bars = _bars(first.as_integer_ratio(), second.as_integer_ratio(), (total, below))
    return _operation(first, second, sign, answer, slips, why, bars)


def _simplified(above: int, below: int) -> list[str]:
    by = gcd(above, below)
    if by == 1:
        return []
    return [f"Divide both by {by}: {above}/{below} = {fraction(Fraction(above, below))}."]


def _add(rng: random.Random, grade: int) -> Task | None:
    return _add_or_subtract(rng, grade, "+")


def _subtract(rng: random.Random, grade: int) -> Task | None:
    return _add_or_subtract(rng, grade, MINUS)


def _multiply(rng: random.Random, grade: int) -> Task | None:
    first, second = _proper(rng, grade), _proper(rng, grade)
    if first == second or first.numerator == second.numerator == 1:
        return None
    tops, bottoms = (first.numerator, second.numerator), (first.denominator, second.denominator)
    above, below = tops[0] * tops[1], bottoms[0] * bottoms[1]
    why = [
        f"Multiply the numerators: {tops[0]} {TIMES} {tops[1]} = {above}.",
        f"Multiply the denominators: {bottoms[0]} {TIMES} {bottoms[1]} = {below}.",
        *(_simplified(above, below) or [f"The result is {above}/{below}."]),
    ]
    # One fraction turned over as in a division; a common denominator kept; numerators added.
    slips = [
        (tops[0] * bottoms[1], bottoms[0] * tops[1]),
        (above, max(bottoms)),
        (tops[0] + tops[1], below),
        (above, bottoms[0] + bottoms[1]),
    ]
    return _operation(first, second, TIMES, first * second, slips, why)


def _divide(rng: random.Random, grade: int) -> Task | None:
    first, second = _proper(rng, grade), _proper(rng, grade)
    if first == second or second.numerator == 1 == first.numerator:
        return None
    answer = first / second
    turned = Fraction(second.denominator, second.numerator)
    above, below = first.numerator * second.denominator, first.denominator * second.numerator
    shown = f"{second.denominator}/{second.numerator}"
    why = [
        f"Turn the second fraction over: {fraction(second)} becomes {shown}.",
        f"{fraction(first)} {TIMES} {shown} = {above}/{below}.",
        *_simplified(above, below),
    ]
    product = first * second
    back = 1 / answer
    slips = [
        (product.numerator, product.denominator),  # not turned over
        (back.numerator, back.denominator),  # the first turned over
        (first.numerator * second.numerator, max(first.denominator, second.denominator)),
    ]
    return _operation(first, second, DIVIDED, first * turned, slips, why)


def _simplify(rng: random.Random, grade: int) -> Task | None:
    lowest = _proper(rng, grade)
    by = rng.randint(2, 6 if grade < 6 else 12)
    above, below = lowest.numerator * by, lowest.denominator * by
    shown = f"{above}/{below}"
    halfway = next((each for each in range(2, by) if by % each == 0), None)
    wrong = [f"{above // halfway}/{below // halfway}"] if halfway else []
    # One of both numbers is divided, or what they differ by is taken for a part.
    wrong += [f"{above}/{lowest.denominator}", f"{lowest.numerator}/{below}"]
    wrong += [fraction(1 - lowest), fraction(Fraction(lowest.denominator, lowest.denominator + lowest.numerator))]
    value = value_of(shown)
    return Task(
        term=f"simplify {shown}",
        ask=f"Write {shown} in lowest terms.",
        answer=fraction(lowest),
        wrong=tuple(wrong),
        why=(f"The greatest common divisor of {above} and {below} is {by}.", *_simplified(above, below)),
        holds=lambda text: is_worth(text, value) and _is_lowest(text),
        label=shown,
        says=f"In lowest terms {shown} is {{}}.",
        match_stem="Match each fraction to its lowest terms.",
        illustration=_bars((above, below), lowest.as_integer_ratio()),
    )


def _shaded(rng: random.Random, grade: int) -> Task | None:
    """A fraction to be read off a bar."""
    below = rng.randint(3, 8 if grade < 4 else 12)
    above = rng.randint(1, below - 1)
    if gcd(above, below) > 1:
        return None
    is_rest = grade > 2 and rng.random() < 0.4
    drawing = Bars(bars=[Bar(parts=below, shaded=above)])
    ask = f"What fraction of the bar is {'not ' if is_rest else ''}shaded?"
    rest = below - above
    counted = f"The bar has {below} equal parts, and {above} of them {'is' if above == 1 else 'are'} shaded: "
    why = [f"{counted}{above}/{below}."]
    if not is_rest:
        why.insert(0, "The number of all equal parts stands below the line, the number of those that are meant above.")
    if is_rest:
        why.append(f"{below} {MINUS} {above} = {rest}, so {rest}/{below} of it is not shaded.")
    top = rest if is_rest else above
    slips = [(below - top, below), (above, rest), (rest, above), (below, top)]

    def holds(text: str) -> bool:
        # By counting parts one after the other.
        parts = ["shaded" if at < above else "not" for at in range(below)]
        return text == f"{parts.count('not' if is_rest else 'shaded')}/{len(parts)}"

    return read_off(
        drawing,
        ask,
        term=f"{'rest' if is_rest else 'part'} of a bar: {above}/{below}",
        wrong=(f"{one}/{two}" for one, two in slips if one > 0),
        why=why,
        holds=holds,
        way="rest" if is_rest else "part",
    )


def _on_line(rng: random.Random, grade: int) -> Task | None:
    """A fraction to be read off a number line."""
    below, wholes = rng.randint(2, 6 if grade < 5 else 10), rng.choice((1, 2) if grade < 5 else (1, 2, 3))
    above = rng.randint(1, below * wholes - 1)
    if gcd(above, below) > 1 or below * wholes > _MOST_PARTS:
        return None
    shown = f"{above}/{below}"
    drawing = NumberLine(low=0, high=wholes, divided=below, marks=[Mark(at=shown, name="A")])
    slips = [
        (above, below * wholes),
        (above + 1, below + 1),
        (above, below - 1),
        (below * wholes - above, below),
    ]

    def holds(text: str) -> bool:
        # By stepping along the line, one part after the other.
        top, _, bottom = text.partition("/")
        return bottom.isdigit() and int(bottom) == below and sum(1 for _ in range(above)) == int(top)

    return read_off(
        drawing,
        "Which number is at point A on the number line?",
        term=f"point at {shown}",
        wrong=(f"{one}/{two}" for one, two in slips if one > 0 and two > 1),
        why=(
            f"Between 0 and 1 there are {below} equal parts, so each of them is 1/{below}.",
            f"Point A is {above} {'part' if above == 1 else 'parts'} away from 0: {shown}.",
        ),
        holds=holds,
    )


def _compare(rng: random.Random, grade: int) -> Task | None:
    found = _proper(rng, max(grade, 3))
    value = found
    others = sorted({_proper(rng, max(grade, 3)) for _ in range(6)} - {found})
    lower = [each for each in others if each < found][-3:]
    if len(lower) < 3 or len({each.denominator for each in (*lower, found)}) < 3:
        return None
    shown = [fraction(each) for each in (*lower, found)]
    below = lcm(*(each.denominator for each in (*lower, found)))
    if below > 360:
        return None
    rng.shuffle(shown)

    def holds(text: str) -> bool:
        # By decimals, not by a common denominator.
        return text in shown and all(float(value_of(text)) >= float(value_of(each)) for each in shown)

    why = [f"{fraction(each)} = {each.numerator * below // each.denominator}/{below}." for each in (*lower, found)]
    return Task(
        term=f"largest of {', '.join(sorted(shown))}",
        ask=f"Which is the largest: {', '.join(shown)}?",
        answer=fraction(value),
        # A larger denominator looks larger.
        wrong=tuple(fraction(each) for each in sorted(lower, key=lambda each: -each.denominator)),
        why=(f"With the common denominator {below} they can be compared.", *why),
        holds=holds,
        kinds=("choice",),
        bloom="analyze",
    )


def _in_order(rng: random.Random, grade: int) -> Task | None:
    found = _proper(rng, max(grade, 3))
    shown = fraction(found)
    return Task(
        term=f"size of {shown}",
        ask="",
        answer=f"about {float(found):.3f}" if decimal_places(found) is None else number(found),
        wrong=(),
        why=(),
        holds=lambda text: text == shown,
        label=shown,
        kinds=("order",),
        size=lambda text: float(value_of(text)),
    )


def _as_decimal(rng: random.Random, grade: int) -> Task | None:
    below = rng.choice((4, 5, 8, 20, 25) if grade < 8 else (8, 16, 20, 25, 40))
    found = Fraction(rng.randint(1, below - 1), below)
    if found.denominator in (1, 2) or found.denominator != below:
        return None
    power = next(10**places for places in range(1, 5) if 10**places % below == 0)
    above = found.numerator * power // below
    shown = fraction(found)
    slips = [Fraction(f"{found.numerator}.{below}"), found / 10, Fraction(below, 100)]
    return Task(
        term=f"decimal of {shown}",
        ask=f"Write {shown} as a decimal.",
        answer=number(found),
        wrong=tuple(number(each) for each in slips),
        why=(f"{below} {TIMES} {power // below} = {power}.", f"So {shown} = {above}/{power} = {number(found)}."),
        holds=lambda text: "." in text and Decimal(text) * found.denominator == found.numerator,
        label=shown,
        says=f"{shown} = {{}}",
        match_stem="Match each fraction to its decimal.",
    )


SKILL = described(
    "fractions", _shaded, _on_line, _add, _subtract, _multiply, _divide, _simplify, _compare, _in_order, _as_decimal
)
