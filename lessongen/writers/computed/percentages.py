"""Percentages: a percentage of a number, what percentage, increase and decrease, the whole from a part, conversions."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

from lessongen.lesson.drawings.bars import Bar, Bars
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.expressions import is_worth, value_of
from lessongen.writers.computed.looking import read_off
from lessongen.writers.computed.writing import DIVIDED, MINUS, TIMES, fraction, number


def _rate_and_whole(rng: random.Random, grade: int) -> tuple[int, int] | None:
    """A percentage and a number of which it is a whole number."""
    rate = rng.choice(
        (10, 20, 25, 50, 75)
        if grade < 6
        else (5, 12, 15, 18, 20, 24, 30, 35, 36, 40, 45, 48, 55, 60, 65, 70, 80, 85, 95)
    )
    whole = rng.randint(2, 24 if grade < 6 else 45) * (20 if grade < 9 else 25)
    return (rate, whole) if rate * whole % 100 == 0 and rate * whole // 100 != rate and whole != 100 else None


def _numeric(
    *,
    term: str,
    ask: str,
    answer: Fraction | int,
    slips: list[Fraction | int],
    why: list[str],
    holds: Callable[[str], bool],
    says: str,
    label: str,
    match: str,
    unit: str = "",
    illustration: Bars | None = None,
) -> Task:
    near: list[Fraction | int] = [answer * 10]
    wrong = [number(each) + unit for each in dict.fromkeys((*slips, *near)) if each > 0 and _is_short(each)]
    return Task(
        term=term,
        ask=ask,
        answer=number(answer) + unit,
        wrong=tuple(dict.fromkeys(wrong)),
        why=tuple(why),
        holds=holds,
        label=label,
        says=says,
        match_stem=match,
        illustration=illustration,
    )


def _is_short(value: Fraction | int) -> bool:
    """Whether it is a number of two decimal places at most."""
    return (Fraction(value) * 100).denominator == 1


def _part(rng: random.Random, grade: int) -> Task | None:
    drawn = _rate_and_whole(rng, grade)
    if drawn is None:
        return None
    rate, whole = drawn
    answer = Fraction(rate * whole, 100)
    return _numeric(
        term=f"{rate}% of {whole}",
        ask=rng.choice(("What is {}?", "Work out {}.", "Calculate {}.")).format(f"{rate}% of {whole}"),
        answer=answer,
        slips=[Fraction(whole, rate), whole - answer, answer / 10, whole - rate],
        why=[
            f"1% of {whole} is {whole} {DIVIDED} 100 = {number(Fraction(whole, 100))}.",
            f"So {rate}% is {rate} {TIMES} {number(Fraction(whole, 100))} = {number(answer)}.",
        ],
        holds=lambda text: is_worth(text, value_of(f"{whole} {TIMES} {rate}%")),
        says=f"{rate}% of {whole} is {{}}.",
        label=f"{rate}% of {whole}",
        match="Match each percentage to what it comes to.",
        illustration=_bar(rate, whole),
    )


def _bar(rate: int, whole: int) -> Bars | None:
    """The whole with so many percent of it shaded; None where that is no whole number of its parts."""
    parts = next((each for each in (4, 10, 20) if rate * each % 100 == 0), None)
    if parts is None:
        return None
    return Bars(bars=[Bar(parts=parts, shaded=rate * parts // 100, label=f"{rate}%", whole=str(whole))])


def _shaded(rng: random.Random, grade: int) -> Task | None:
    """A percentage to be read off a bar."""
    parts = rng.choice((4, 5, 10) if grade < 7 else (5, 10, 20))
    shaded = rng.randint(1, parts - 1)
    rate, each = shaded * 100 // parts, 100 // parts
    slips = [100 - rate, shaded, shaded * 10, rate + each, rate - each, parts - shaded]

    def holds(text: str) -> bool:
        # By the value of what is printed, not by the size of a part.
        return text.endswith("%") and is_worth(text, value_of(f"{shaded}/{parts}"))

    return read_off(
        Bars(bars=[Bar(parts=parts, shaded=shaded)]),
        "What percentage of the bar is shaded?",
        term=f"shaded part of a bar: {shaded}/{parts} in percent",
        wrong=(f"{slip}%" for slip in slips if 0 < slip < 100),
        why=(
            f"The bar has {parts} equal parts, so each of them is 100% {DIVIDED} {parts} = {each}%.",
            f"Of these {shaded} {'is' if shaded == 1 else 'are'} shaded: {shaded} {TIMES} {each} = {rate}, in percent.",
            f"So {rate}% of the bar is shaded.",
        ),
        holds=holds,
    )


def _rate(rng: random.Random, grade: int) -> Task | None:
    drawn = _rate_and_whole(rng, grade)
    if drawn is None:
        return None
    rate, whole = drawn
    part = rate * whole // 100
    return _numeric(
        term=f"{part} as a percentage of {whole}",
        ask=f"What percentage of {whole} is {part}?",
        answer=rate,
        slips=[100 - rate, part, Fraction(whole * 100, part)],
        why=[
            f"{part}/{whole} = {fraction(Fraction(part, whole))}.",
            f"{fraction(Fraction(part, whole))} {TIMES} 100 = {rate}, so it is {rate}%.",
        ],
        holds=lambda text: text.endswith("%") and is_worth(f"{whole} {TIMES} {text}", Fraction(part)),
        says=f"{part} is {{}} of {whole}.",
        label=f"{part} of {whole}",
        match="Match each share to its percentage.",
        unit="%",
    )


def _changed(rng: random.Random, grade: int) -> Task | None:
    drawn = _rate_and_whole(rng, grade)
    if drawn is None:
        return None
    rate, whole = drawn
    rises = rng.random() < 0.5
    change = rate * whole // 100
    answer = whole + change if rises else whole - change
    sign = "+" if rises else MINUS
    word = "increased" if rises else "decreased"
    return _numeric(
        term=f"{whole} {word} by {rate}%",
        ask=f"A price of {whole} is {word} by {rate}%. What is the new price?",
        answer=answer,
        slips=[whole + rate if rises else whole - rate, change, whole - change if rises else whole + change],
        why=[
            f"{rate}% of {whole} is {whole} {TIMES} {rate}/100 = {change}.",
            f"The price is {word}: {whole} {sign} {change} = {answer}.",
        ],
        holds=lambda text: is_worth(text, value_of(f"{whole} {TIMES} (100% {sign} {rate}%)")),
        says=f"A price of {whole} that is {word} by {rate}% becomes {{}}.",
        label=f"{whole}, {word} by {rate}%",
        match="Match each change to the new price.",
    )


def _whole(rng: random.Random, grade: int) -> Task | None:
    drawn = _rate_and_whole(rng, grade)
    if drawn is None:
        return None
    rate, whole = drawn
    part = rate * whole // 100
    return _numeric(
        term=f"whole of which {rate}% is {part}",
        ask=f"{rate}% of a number is {part}. What is the number?",
        answer=whole,
        slips=[Fraction(part * rate, 100), part + rate, part * rate, whole - part],
        why=[
            f"1% of the number is {part} {DIVIDED} {rate} = {fraction(Fraction(part, rate))}.",
            f"100% is 100 {TIMES} {fraction(Fraction(part, rate))} = {number(whole)}.",
        ],
        holds=lambda text: is_worth(f"{text} {TIMES} {rate}%", Fraction(part)),
        says=f"{part} is {rate}% of {{}}.",
        label=f"{rate}% of it is {part}",
        match="Match each clue to the number.",
    )


def _converted(rng: random.Random, grade: int) -> Task | None:
    below = rng.choice((2, 4, 5, 10, 20, 25, 50))
    value = Fraction(rng.randint(1, below - 1), below)
    if value == Fraction(1, 2) and grade > 5:
        return None
    rate = value * 100
    shown = rng.choice((fraction(value), number(value)))
    slips: list[Fraction | int] = [Fraction(value.denominator), value * 10, 100 - rate]
    if "/" in shown:
        slips.insert(0, Fraction(value.numerator * 10 + value.denominator))
    return _numeric(
        term=f"{shown} as a percentage",
        ask=f"Write {shown} as a percentage.",
        answer=rate,
        slips=slips,
        why=[f"{shown} {TIMES} 100 = {number(rate)}.", f"So {shown} = {number(rate)}%."],
        holds=lambda text: text.endswith("%") and is_worth(text, value_of(shown)),
        says=f"{shown} = {{}}",
        label=shown,
        match="Match each number to its percentage.",
        unit="%",
    )


def _two_changes(rng: random.Random, grade: int) -> Task | None:
    first, second = rng.choice((10, 20, 25, 30, 40, 50)), rng.choice((10, 20, 25, 30, 40, 50))
    whole = 100 * rng.randint(2, 12)
    up = Fraction(whole * (100 + first), 100)
    answer = up * (100 - second) / 100
    if answer.denominator != 1 or answer == whole:
        return None
    return _numeric(
        term=f"{whole} raised by {first}% and cut by {second}%",
        ask=f"A price of {whole} is raised by {first}% and then cut by {second}%. What is it in the end?",
        answer=answer,
        slips=[Fraction(whole * (100 + first - second), 100), whole, up - second, up],
        why=[
            f"After the rise it is {whole} {TIMES} {100 + first}/100 = {number(up)}.",
            f"The cut is taken from that: {number(up)} {TIMES} {100 - second}/100 = {number(answer)}.",
        ],
        holds=lambda text: is_worth(text, value_of(f"{whole} {TIMES} {100 + first}% {TIMES} {100 - second}%")),
        says=f"A price of {whole} that is raised by {first}% and then cut by {second}% is {{}} in the end.",
        label=f"{whole}, up {first}%, down {second}%",
        match="Match each pair of changes to the last price.",
    )


SKILL = described("percentages", _shaded, _part, _rate, _changed, _whole, _two_changes, _converted)
