"""Arithmetic: the four operations, the order of operations, division with a remainder, long division."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from lessongen.lesson.drawings.number_line import Jump, NumberLine
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import ALL, Task, Worked
from lessongen.writers.computed.expressions import is_worth, value_of
from lessongen.writers.computed.skill import Form
from lessongen.writers.computed.writing import DIVIDED, MINUS, TIMES, bracketed, number

_ASKS = ("Work out {}.", "Calculate {}.", "What is {}?")


def _task(
    rng: random.Random,
    expression: str,
    answer: int,
    wrong: list[int | Fraction],
    why: list[str],
    *,
    story: str = "",
    illustration: NumberLine | None = None,
) -> Task:
    """A task on a printed expression, which the second computation evaluates."""
    value = value_of(expression)
    near = [answer + step for step in (10, -10, 100)]
    slips = [each for each in (*wrong, *near) if each >= 0 or answer < 0]
    return Task(
        term=expression,
        ask=story or rng.choice(_ASKS).format(expression),
        answer=number(answer),
        wrong=tuple(dict.fromkeys(number(each) for each in slips if each != answer)),
        why=tuple(why),
        holds=lambda text: is_worth(text, value),
        label=expression,
        says=f"{expression} = {{}}",
        kinds=("short", "cloze") if story else ALL,
        match_stem="Match each calculation to its result.",
        illustration=illustration,
        size=value_of,
    )


def _span(grade: int) -> tuple[int, int]:
    """The size of a sum's parts in a grade."""
    spans = {1: (2, 9), 2: (11, 49), 3: (103, 480), 4: (210, 4_900)}
    return spans.get(grade, (1_040, 29_000) if grade < 7 else (1_200, 48_000))


def _split(value: int) -> list[int]:
    """The parts of a number by place: 347 gives 300, 40, 7."""
    digits = str(value)
    return [int(digit) * 10 ** (len(digits) - 1 - at) for at, digit in enumerate(digits) if digit != "0"]


def _without_carrying(first: int, second: int) -> int:
    """The sum where nothing is carried: 47 + 38 gives 75."""
    total, place = 0, 1
    while first or second:
        total += (first % 10 + second % 10) % 10 * place
        first, second, place = first // 10, second // 10, place * 10
    return total


def _smaller_from_larger(first: int, second: int) -> int:
    """The difference where in each place the smaller digit is taken from the larger: 52 - 38 gives 26."""
    total, place = 0, 1
    while first or second:
        total += abs(first % 10 - second % 10) * place
        first, second, place = first // 10, second // 10, place * 10
    return total


def _add(rng: random.Random, grade: int) -> Task | None:
    low, high = _span(grade)
    first, second = rng.randint(low, high), rng.randint(low, high)
    slip = _without_carrying(first, second)
    if first == second or (grade > 1 and slip == first + second) or first % 10 == 0 or second % 10 == 0:
        return None
    expression, why = f"{number(first)} + {number(second)}", _why_sum(first, second)
    return _task(rng, expression, first + second, [slip], why, illustration=_hops(first, second))


def _hops(first: int, second: int) -> NumberLine | None:
    """The sum as steps along a number line, over the next ten where it goes over one; None for large numbers."""
    total = first + second
    if total > 20 or second > 10:
        return None
    stops = [first, 10, total] if first < 10 < total else [first, total]
    jumps = [
        Jump(start=str(one), end=str(other), label=f"+ {other - one}" if other - one > 1 else "")
        for one, other in pairwise(stops)
    ]
    return NumberLine(low=0, high=20, jumps=jumps)


def _why_sum(first: int, second: int) -> list[str]:
    steps, total = [], first
    parts = _split(second)
    if len(parts) == 1:
        to_ten = 10 - first
        if 0 < to_ten < second:
            return [f"{first} + {to_ten} = 10.", f"10 + {second - to_ten} = {first + second}."]
        counted = ", ".join(str(first + each) for each in range(1, second + 1))
        return [f"Start at {first} and count on {second}: {counted}.", f"{first} + {second} = {first + second}."]
    for part in parts:
        steps.append(f"{number(total)} + {number(part)} = {number(total + part)}.")
        total += part
    return [f"Add {number(second)} place by place.", *steps]


def _subtract(rng: random.Random, grade: int) -> Task | None:
    low, high = _span(grade)
    first, second = sorted((rng.randint(low, high + low), rng.randint(low, high)), reverse=True)
    slip = _smaller_from_larger(first, second)
    if first - second < 2 or (grade > 1 and slip == first - second) or second % 10 == 0:
        return None
    return _task(
        rng,
        f"{number(first)} {MINUS} {number(second)}",
        first - second,
        [slip, first - second + 10],
        _why_difference(first, second),
    )


def _why_difference(first: int, second: int) -> list[str]:
    steps, rest = [], first
    for part in _split(second):
        steps.append(f"{number(rest)} {MINUS} {number(part)} = {number(rest - part)}.")
        rest -= part
    check = f"The sum checks it: {number(first - second)} + {number(second)} = {number(first)}."
    return [*steps, check]


def _factors(rng: random.Random, grade: int) -> tuple[int, int]:
    if grade <= 2:
        return rng.choice((2, 3, 4, 5)), rng.randint(3, 10)
    if grade == 3:
        return rng.randint(3, 9), rng.randint(3, 12)
    if grade == 4:
        return rng.randint(3, 9), rng.randint(13, 98)
    if grade <= 6:
        return rng.randint(12, 49), rng.randint(13, 98)
    return rng.randint(14, 79), rng.randint(104, 489)


def _multiply(rng: random.Random, grade: int) -> Task | None:
    first, second = _factors(rng, grade)
    if first == second or first % 10 == 0 or (second % 10 == 0 and grade > 3):
        return None
    wrong: list[int | Fraction] = [first * (second + 1), first * second - second, first + second]
    if first > 10:  # the tens of the second row not moved one place to the left
        wrong.insert(0, first // 10 * second + first % 10 * second)
    return _task(rng, f"{first} {TIMES} {second}", first * second, wrong, _why_product(first, second))


def _why_product(first: int, second: int) -> list[str]:
    small, large = sorted((first, second))
    parts = _split(large)
    if len(parts) == 1 and large > 10:
        ones = small * large // 10
        return [
            f"{small} {TIMES} {large // 10} = {ones}.",
            f"Ten times that is {small} {TIMES} {large} = {number(ones * 10)}.",
        ]
    if large <= 12:
        before = small * (large - 1)
        return [
            f"{large - 1} times {small} is {before}: {small} {TIMES} {large - 1} = {before}.",
            f"Add {small} once more: {before} + {small} = {small * large}.",
        ]
    steps = [f"{small} {TIMES} {part} = {number(small * part)}." for part in parts]
    together = " + ".join(number(small * part) for part in parts)
    return [f"Split {large} by place.", *steps, f"{together} = {number(small * large)}."]


def _divide(rng: random.Random, grade: int) -> Task | None:
    first, second = _factors(rng, min(grade, 6))
    if grade >= 5:
        first, second = rng.randint(3, 12 if grade == 5 else 24), rng.randint(23, 240)
    if first == second or first % 10 == 0:
        return None
    total = first * second
    return _task(
        rng,
        f"{number(total)} {DIVIDED} {first}",
        second,
        [total - first if total < 100 else second * 10],
        [
            f"{first} {TIMES} {second} = {number(total)}.",
            f"So {number(total)} {DIVIDED} {first} = {second}.",
        ],
    )


def _remainder(rng: random.Random, grade: int) -> Task | None:
    divisor = rng.randint(3, 9 if grade < 6 else 19)
    quotient = rng.randint(4, 11) if grade < 5 else rng.randint(13, 140)
    rest = rng.randint(1, divisor - 1)
    total = divisor * quotient + rest
    if divisor == 10:
        return None
    shown, multiple = number(total), number(divisor * quotient)

    def holds(text: str) -> bool:
        # By taking the divisor away until less than it is left.
        left = total
        while left >= divisor:
            left -= divisor
        return text == str(left)

    return Task(
        term=f"remainder of {shown} {DIVIDED} {divisor}",
        ask=f"What is the remainder when {shown} is divided by {divisor}?",
        answer=str(rest),
        wrong=tuple(str(each) for each in dict.fromkeys((divisor - rest, quotient, divisor)) if each >= 0),
        why=(
            f"{divisor} {TIMES} {quotient} = {multiple}.",
            f"{shown} {MINUS} {multiple} = {rest}, which is less than {divisor}.",
            f"So the remainder is {rest}.",
        ),
        holds=holds,
        label=f"{shown} {DIVIDED} {divisor}",
        says=f"When {shown} is divided by {divisor}, the remainder is {{}}.",
        match_stem="Match each division to its remainder.",
    )


def _order_of_operations(rng: random.Random, grade: int) -> Task | None:
    a, b, c, d = (rng.randint(2, 9) for _ in range(4))
    product = b * c
    patterns: list[tuple[str, int, list[int | Fraction], list[str]]] = [
        (
            f"{a} + {b} {TIMES} {c}",
            a + product,
            [(a + b) * c],
            [f"Multiply first: {b} {TIMES} {c} = {product}.", f"Then add: {a} + {product} = {a + product}."],
        ),
        (
            f"{product + a} {MINUS} {b} {TIMES} {c}",
            a,
            [(product + a - b) * c],
            [
                f"Multiply first: {b} {TIMES} {c} = {product}.",
                f"Then subtract: {product + a} {MINUS} {product} = {a}.",
            ],
        ),
    ]
    if grade >= 5:
        patterns += [
            (
                f"{a} {TIMES} ({b} + {c}) {MINUS} {d}",
                a * (b + c) - d,
                [a * b + c - d, a * (b + c - d)],
                [
                    f"Brackets first: {b} + {c} = {b + c}.",
                    f"Then multiply: {a} {TIMES} {b + c} = {a * (b + c)}.",
                    f"Then subtract: {a * (b + c)} {MINUS} {d} = {a * (b + c) - d}.",
                ],
            ),
            (
                f"{a} + {product} {DIVIDED} {b} {TIMES} {d}",
                a + c * d,
                [(a + c) * d, Fraction(a * b * d + product, b * d)],
                [
                    f"Multiply and divide from left to right: {product} {DIVIDED} {b} = {c} and "
                    f"{c} {TIMES} {d} = {c * d}.",
                    f"Then add: {a} + {c * d} = {a + c * d}.",
                ],
            ),
        ]
    if grade >= 7:
        patterns.append(
            (
                f"{a} {TIMES} {b}² {MINUS} {c} {TIMES} {bracketed(-d)}",
                a * b * b + c * d,
                [(a * b) ** 2 + c * d, a * b * b - c * d, 2 * a * b + c * d],
                [
                    f"The power first: {b}² = {b * b}.",
                    f"Then the products: {a} {TIMES} {b * b} = {a * b * b} and "
                    f"{c} {TIMES} {bracketed(-d)} = {number(-c * d)}.",
                    f"Then subtract: {a * b * b} {MINUS} {bracketed(-c * d)} = {a * b * b + c * d}.",
                ],
            )
        )
    expression, answer, wrong, why = rng.choice(patterns)
    whole = [each for each in wrong if Fraction(each).denominator == 1 and each != answer]
    if answer < 1 or not whole or len({b, c, d}) < 3:
        return None
    return _task(rng, expression, answer, whole, why)


def _story(rng: random.Random, grade: int) -> Task | None:
    each, count = _factors(rng, min(grade, 6))
    things, box = rng.choice((("pencils", "boxes"), ("chairs", "rows"), ("apples", "crates"), ("tiles", "packs")))
    if each < 2 or count < 3 or each == count:
        return None
    total = each * count
    if rng.random() < 0.5:
        story = f"There are {count} {box} of {each} {things}. How many {things} is that?"
        task = _task(rng, f"{count} {TIMES} {each}", total, [], _why_product(count, each), story=story)
        return replace(task, way=TIMES)
    story = f"{number(total)} {things} are shared out evenly into {count} {box}. How many go into each?"
    why = [f"{number(total)} {DIVIDED} {count} = {each}.", f"{count} {TIMES} {each} = {number(total)}."]
    return replace(_task(rng, f"{number(total)} {DIVIDED} {count}", each, [], why, story=story), way=DIVIDED)


# ---------------------------------------------------------------- worked examples


def _long_division(rng: random.Random, grade: int) -> Worked | None:
    divisor = rng.randint(3, 9) if grade < 6 else rng.choice((12, 13, 14, 15, 16, 18, 21, 23))
    total = rng.randint(230, 980) if grade < 5 else rng.randint(1_300, 9_800)
    quotient, rest = divmod(total, divisor)
    if rest == 0 or "0" in str(quotient):
        return None
    steps: list[str] = []
    carried = 0
    for digit in str(total):
        taken = carried * 10 + int(digit)
        times = taken // divisor
        if taken < divisor and not steps:
            carried = taken
            continue
        carried = taken - times * divisor
        begins = "Take" if not steps else f"Bring down the {digit} and take"
        steps.append(
            f"{begins} {taken}: {divisor} goes into it {times} time{'s' * (times != 1)}, "
            f"{times} {TIMES} {divisor} = {times * divisor}, and {taken} {MINUS} {times * divisor} = {carried} is left."
        )
    steps.append(f"Check: {quotient} {TIMES} {divisor} + {rest} = {number(total)}.")
    return Worked(
        term=f"remainder of {number(total)} {DIVIDED} {divisor}",
        problem=f"Divide {number(total)} by {divisor}.",
        steps=tuple(steps),
        answer=f"{quotient} remainder {rest}",
        holds=lambda text: _multiplies_back(text, total, divisor),
    )


def _multiplies_back(text: str, total: int, divisor: int) -> bool:
    quotient, _, rest = text.partition(" remainder ")
    return int(rest) < divisor and sum(int(quotient) for _ in range(divisor)) + int(rest) == total


SKILL = described(
    "arithmetic",
    forms=(
        Form(draw=_add, group="add"),
        Form(draw=_subtract, group="subtract"),
        Form(draw=_multiply, group="multiply", lowest=2),
        Form(draw=_divide, group="divide", lowest=3),
        Form(draw=_story, group="multiply", lowest=3),
        Form(draw=_remainder, group="remainder", lowest=3, highest=3),
        Form(draw=_remainder, group="remainder", lowest=4, show=_long_division),
        Form(draw=_order_of_operations, group="order", lowest=3),
    ),
)
