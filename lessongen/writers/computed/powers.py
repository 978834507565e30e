"""Powers and roots: values, the laws of exponents, negative exponents, square and cube roots."""

from __future__ import annotations

import random
from fractions import Fraction

from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import ALL, Task
from lessongen.writers.computed.expressions import is_worth, value_of
from lessongen.writers.computed.writing import DIVIDED, MINUS, ROOT, TIMES, number, power, raised

_ASKS = ("What is {}?", "Work out {}.", "Calculate {}.")


def _value(rng: random.Random, grade: int) -> Task | None:
    base, exponent = (rng.randint(2, 15), 2) if grade < 6 else (rng.randint(2, 9), rng.randint(2, 5))
    if grade >= 8 and rng.random() < 0.4:
        base = -base
    answer = base**exponent
    if abs(answer) > 4_000 or base**exponent == base * exponent:
        return None
    shown = power(base, exponent)
    factors = f" {TIMES} ".join([f"({number(base)})" if base < 0 else str(base)] * exponent)
    near = (answer * base, -answer)
    return Task(
        term=shown,
        ask=rng.choice(_ASKS).format(shown),
        answer=number(answer),
        wrong=tuple(
            dict.fromkeys(
                number(each) for each in (base * exponent, exponent ** abs(base) if abs(base) < 6 else 0, *near)
            )
        ),
        why=(f"{shown} means {exponent} factors of {number(base)}.", f"{factors} = {number(answer)}."),
        holds=lambda text: is_worth(text, value_of(factors)),
        label=shown,
        says=f"{shown} = {{}}",
        kinds=ALL,
        match_stem="Match each power to its value.",
        size=value_of,
    )


def _root(rng: random.Random, grade: int) -> Task | None:
    root = rng.randint(2, 15 if grade < 7 else 25)
    shown = f"{ROOT}{root * root}"
    if root == 20:
        return None
    slips = [root * root // 2, root**4, root * 2]
    return Task(
        term=shown,
        ask=rng.choice(_ASKS).format(shown),
        answer=str(root),
        wrong=tuple(number(each) for each in slips if each != root),
        why=(f"{root} {TIMES} {root} = {root * root}.", f"So {shown} = {root}."),
        holds=lambda text: is_worth(f"{text}²", Fraction(root * root)) and not text.startswith(MINUS),
        label=shown,
        says=f"{shown} = {{}}",
        kinds=ALL,
        match_stem="Match each root to its value.",
        size=value_of,
    )


def _combined(rng: random.Random, grade: int) -> Task | None:
    """A sum, difference or product of a power and another power or root."""
    base, exponent, other = rng.randint(2, 10), rng.randint(2, 3), rng.randint(2, 12)
    is_root = rng.random() < 0.5
    second, shown_second = (other, f"{ROOT}{other * other}") if is_root else (other * other, power(other, 2))
    first, sign = base**exponent, rng.choice(("+", MINUS, TIMES))
    if base == other or (sign == MINUS and first <= second) or (sign == TIMES and first * second > 1_000):
        return None
    shown = f"{power(base, exponent)} {sign} {shown_second}"
    answer = {"+": first + second, MINUS: first - second, TIMES: first * second}[sign]
    slip, half = base * exponent, other * other // 2 if is_root else other * 2
    slips = [{"+": one + two, MINUS: one - two, TIMES: one * two}[sign] for one, two in ((slip, second), (first, half))]
    return Task(
        term=shown,
        ask=rng.choice(_ASKS).format(shown),
        answer=number(answer),
        wrong=tuple(dict.fromkeys(number(each) for each in slips if each != answer and each > 0)),
        why=(
            f"{power(base, exponent)} = {first} and {shown_second} = {second}.",
            f"{first} {sign} {second} = {number(answer)}.",
        ),
        holds=lambda text: is_worth(text, value_of(shown)),
        label=shown,
        says=f"{shown} = {{}}",
        kinds=ALL,
        match_stem="Match each calculation to its result.",
        size=value_of,
    )


def _cube_root(rng: random.Random, grade: int) -> Task | None:
    root = rng.randint(2, 12)
    cube = root**3
    return Task(
        term=f"cube root of {cube}",
        ask=f"What is the cube root of {cube}?",
        answer=str(root),
        wrong=tuple(str(each) for each in (cube // 3, root * root, root * 3)),
        why=(f"{root} {TIMES} {root} {TIMES} {root} = {number(cube)}.", f"So the cube root of {cube} is {root}."),
        holds=lambda text: is_worth(f"{text}³", Fraction(cube)),
        label=f"the cube root of {cube}",
        says=f"The cube root of {cube} is {{}}.",
        match_stem="Match each root to its value.",
    )


def _law(rng: random.Random, grade: int) -> Task | None:
    base, first, second = rng.randint(2, 9), rng.randint(2, 7), rng.randint(2, 5)
    law = rng.choice(("product", "quotient", "power"))
    if first == second or (law == "quotient" and first <= second + 1):
        return None
    if law == "product":
        shown, exponent = f"{power(base, first)} {TIMES} {power(base, second)}", first + second
        slips = [power(base, first * second), power(base * base, first + second)]
        rule = f"The exponents add up: {first} + {second} = {exponent}."
    elif law == "quotient":
        shown, exponent = f"{power(base, first)} {DIVIDED} {power(base, second)}", first - second
        slips = [power(base, first + second), power(base, first * second), f"1{raised(first - second)}"]
        rule = f"The exponents are subtracted: {first} {MINUS} {second} = {exponent}."
    else:
        shown, exponent = f"({power(base, first)}){raised(second)}", first * second
        slips = [power(base, first + second), power(base * second, first)]
        rule = f"The exponents are multiplied: {first} {TIMES} {second} = {exponent}."
    answer = power(base, exponent)
    value = value_of(shown)
    if exponent > 21:
        return None
    return Task(
        term=shown,
        ask=f"Write {shown} as one power of {base}.",
        answer=answer,
        wrong=tuple(dict.fromkeys(each for each in slips if not is_worth(each, value))),
        why=(rule, f"So {shown} = {answer}."),
        holds=lambda text: is_worth(text, value),
        label=shown,
        says=f"{shown} = {{}}",
        match_stem="Match each expression to one power.",
        way=law,
    )


def _negative(rng: random.Random, grade: int) -> Task | None:
    base, exponent = rng.randint(2, 10), rng.randint(1, 3)
    shown = power(base, -exponent)
    below = base**exponent
    steps = f"{shown} is 1 divided by {power(base, exponent)}." if exponent > 1 else f"{shown} is 1 divided by {base}."
    slips = [
        f"1/{base * exponent}",
        f"1/{below * base}",
        number(-below),
        number(below),
        f"{exponent}/{base}",
    ]
    return Task(
        term=shown,
        ask=f"Write {shown} as a fraction.",
        answer=f"1/{below}",
        wrong=tuple(dict.fromkeys(each for each in slips if each != f"1/{below}")),
        why=(steps, f"So {shown} = 1/{below}."),
        holds=lambda text: "/" in text and is_worth(f"{text} {TIMES} {power(base, exponent)}", Fraction(1)),
        label=shown,
        says=f"{shown} = {{}}",
        match_stem="Match each power to its fraction.",
    )


def _between(rng: random.Random, grade: int) -> Task | None:
    inside = rng.randint(5, 220)
    low = max(each for each in range(1, 16) if each * each <= inside)
    if low * low == inside:
        return None
    shown = f"{ROOT}{inside}"

    def said(lower: int) -> str:
        return f"{lower} and {lower + 1}"

    def holds(text: str) -> bool:
        lower, upper = (int(each) for each in text.split(" and "))
        return upper == lower + 1 and lower < inside**0.5 < upper

    return Task(
        term=f"{shown} between",
        ask=f"Between which two neighbouring whole numbers does {shown} lie?",
        answer=said(low),
        wrong=tuple(said(each) for each in (low + 1, low - 1, inside // 2) if each > 0 and each != low),
        why=(
            f"{low}² = {low * low} and {low + 1}² = {(low + 1) ** 2}.",
            f"{inside} lies between {low * low} and {(low + 1) ** 2}, so {shown} lies between {low} and {low + 1}.",
        ),
        holds=holds,
        says=f"{shown} lies between {{}}.",
        kinds=("choice", "cloze"),
        bloom="analyze",
    )


SKILL = described("powers", _value, _root, _between, _cube_root, _combined, _law, _negative)
