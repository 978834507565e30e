"""Ratios: simplest form, sharing in a ratio, proportion, scale."""

from __future__ import annotations

import random
from fractions import Fraction
from math import gcd

from lessongen.lesson.drawings.bars import Bar, Bars
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.expressions import is_worth
from lessongen.writers.computed.looking import read_off
from lessongen.writers.computed.writing import DIVIDED, TIMES, number

_WHOLES = (
    ("boys", "girls", "class", "children"),
    ("red beads", "blue beads", "box", "beads"),
    ("oaks", "beeches", "wood", "trees"),
    ("cats", "dogs", "shelter", "animals"),
)


def _coprime(rng: random.Random, highest: int) -> tuple[int, int] | None:
    first, second = rng.randint(1, highest), rng.randint(1, highest)
    return (first, second) if first != second and gcd(first, second) == 1 else None


def _simplify(rng: random.Random, grade: int) -> Task | None:
    parts = _coprime(rng, 7 if grade < 8 else 12)
    if parts is None:
        return None
    by = rng.randint(3, 9 if grade < 8 else 15)
    first, second = parts[0] * by, parts[1] * by
    answer = f"{parts[0]} : {parts[1]}"
    halfway = next((each for each in range(2, by) if by % each == 0), None)
    wrong = [f"{parts[1]} : {parts[0]}", f"{parts[0]} : {parts[0] + parts[1]}"]
    if halfway:
        wrong.append(f"{first // halfway} : {second // halfway}")
    wrong += [f"{first} : {parts[1]}", f"{parts[0]} : {second}"]

    def holds(text: str) -> bool:
        left, right = (int(each) for each in text.split(" : "))
        crosswise = left * second == right * first
        return crosswise and all(left % each or right % each for each in range(2, max(left, right) + 1))

    return Task(
        term=f"simplify {first} : {second}",
        ask=f"Write the ratio {first} : {second} in its simplest form.",
        answer=answer,
        wrong=tuple(wrong),
        why=(
            f"Both can be divided by {by}.",
            f"{first} {DIVIDED} {by} = {parts[0]} and {second} {DIVIDED} {by} = {parts[1]}, so it is {answer}.",
        ),
        holds=holds,
        label=f"{first} : {second}",
        says=f"In its simplest form the ratio {first} : {second} is {{}}.",
        match_stem="Match each ratio to its simplest form.",
    )


def _share(rng: random.Random, grade: int) -> Task | None:
    parts = _coprime(rng, 7)
    if parts is None:
        return None
    part = rng.randint(3, 15) if grade < 8 else rng.randint(6, 40)
    first, second = parts[0] * part, parts[1] * part
    total = first + second
    larger = max(first, second)
    ratio = f"{parts[0]} : {parts[1]}"
    wrong: list[int | Fraction] = [
        Fraction(total, max(parts)),
        Fraction(total, 2),
        Fraction(total, min(parts)),
        part,
        min(first, second),
    ]

    def holds(text: str) -> bool:
        share = int(text)
        small, large = min(parts), max(parts)
        return share * small == (total - share) * large

    return Task(
        term=f"share {total} as {ratio}",
        ask=f"{total} is shared in the ratio {ratio}. How much is the larger share?",
        answer=str(larger),
        wrong=tuple(
            dict.fromkeys(number(each) for each in wrong if Fraction(each).denominator == 1 and each != larger)
        ),
        why=(
            f"There are {parts[0]} + {parts[1]} = {sum(parts)} equal parts.",
            f"One part is {total} {DIVIDED} {sum(parts)} = {part}.",
            f"The larger share is {max(parts)} {TIMES} {part} = {larger}.",
        ),
        holds=holds,
        label=f"{total} as {ratio}",
        says=f"If {total} is shared in the ratio {ratio}, the larger share is {{}}.",
        match_stem="Match each sharing to the larger share.",
        illustration=Bars(bars=[Bar(parts=sum(parts), shaded=parts[0], label=ratio, whole=str(total))]),
    )


def _shaded(rng: random.Random, grade: int) -> Task | None:
    """A ratio to be read off a bar."""
    parts = _coprime(rng, 7)
    if parts is None:
        return None
    first, second = parts
    ratio = f"{first} : {second}"

    def holds(text: str) -> bool:
        # By laying the parts side by side.
        bar = ["shaded"] * first + ["other"] * second
        return text == f"{bar.count('shaded')} : {len(bar) - bar.count('shaded')}"

    return read_off(
        Bars(bars=[Bar(parts=first + second, shaded=first)]),
        "What is the ratio of the shaded parts of the bar to the others?",
        term=f"ratio of a bar: {ratio}",
        wrong=(
            f"{one} : {other}"
            for one, other in (
                (second, first),
                (first, first + second),
                (second, first + second),
                (first + second, first),
            )
        ),
        why=(
            f"{first} of the {first + second} equal parts {'is' if first == 1 else 'are'} shaded, "
            f"and {second} {'is' if second == 1 else 'are'} not.",
            f"So the ratio is {ratio}.",
        ),
        holds=holds,
    )


def _missing(rng: random.Random, grade: int) -> Task | None:
    parts = _coprime(rng, 9)
    if parts is None or 1 in parts:
        return None
    by = rng.randint(3, 9 if grade < 8 else 16)
    first, answer = parts[0] * by, parts[1] * by
    shown = f"{parts[0]} : {parts[1]} is the same as {first} : {{}}."
    # The difference is kept instead of the ratio.
    wrong = [parts[1] + first - parts[0], first + parts[1], first * parts[1], parts[1] + by]
    return Task(
        term=f"{parts[0]} : {parts[1]} as {first} : x",
        ask=f"The ratio {parts[0]} : {parts[1]} is the same as {first} : x. What is x?",
        answer=str(answer),
        wrong=tuple(str(each) for each in dict.fromkeys(wrong) if each != answer),
        why=(
            f"{first} {DIVIDED} {parts[0]} = {by}, so both numbers were multiplied by {by}.",
            f"{parts[1]} {TIMES} {by} = {answer}.",
        ),
        holds=lambda text: is_worth(f"{text} {TIMES} {parts[0]}", Fraction(first * parts[1])),
        label=f"{parts[0]} : {parts[1]} and {first} : x",
        says=shown,
        match_stem="Match each pair of equal ratios to x.",
    )


def _proportion(rng: random.Random, grade: int) -> Task | None:
    count, other = rng.randint(3, 9), rng.randint(4, 25)
    each = rng.randint(2, 15)
    if count == other or other % count == 0:
        return None
    thing = rng.choice(("notebooks", "tickets", "metres of rope", "litres of paint"))
    cost, answer = count * each, other * each
    return Task(
        term=f"{count} for {cost}, {other} for x",
        ask=f"{count} {thing} cost {cost} coins. How many coins do {other} {thing} cost?",
        answer=str(answer),
        wrong=tuple(str(one) for one in dict.fromkeys((cost + other - count, cost * other, count * other))),
        why=(f"One costs {cost} {DIVIDED} {count} = {each}.", f"{other} cost {other} {TIMES} {each} = {answer}."),
        holds=lambda text: int(text) * count == cost * other,
        kinds=("short", "choice"),
    )


def _scale(rng: random.Random, grade: int) -> Task | None:
    scale = rng.choice((20_000, 25_000, 50_000, 100_000, 200_000))
    shown = rng.randint(3, 24)
    metres = Fraction(scale * shown, 100)
    kilometres = metres / 1000
    if kilometres == shown:
        return None
    slips = (kilometres * 10, kilometres / 10, kilometres * 100)
    return Task(
        term=f"{shown} cm at 1 : {scale}",
        ask=f"On a map at 1 : {number(scale)} two towns are {shown} cm apart. How many kilometres is that?",
        answer=f"{number(kilometres)} km",
        wrong=tuple(f"{number(each)} km" for each in slips),
        why=(
            f"{shown} {TIMES} {number(scale)} = {number(scale * shown)}, in centimetres.",
            f"A kilometre has 100,000 cm: {number(scale * shown)} {DIVIDED} 100,000 = {number(kilometres)}.",
        ),
        holds=lambda text: is_worth(f"{text.removesuffix(' km')} {TIMES} 100,000 {DIVIDED} {shown}", Fraction(scale)),
        says=f"At 1 : {number(scale)}, {shown} cm on the map are {{}}.",
        kinds=("short", "choice", "cloze"),
    )


def _of_things(rng: random.Random, grade: int) -> Task | None:
    parts = _coprime(rng, 7)
    if parts is None or 1 in parts:
        return None
    by = rng.randint(2, 8)
    one, other, whole, together = rng.choice(_WHOLES)
    first, second = parts[0] * by, parts[1] * by
    total = first + second
    answer = f"{parts[0]}/{sum(parts)}"
    wrong = (f"{parts[0]}/{parts[1]}", f"{parts[1]}/{sum(parts)}", f"{parts[1]}/{parts[0]}", f"1/{sum(parts)}")
    return Task(
        term=f"share of {first} to {second}",
        ask=f"The ratio of {one} to {other} in a {whole} is {parts[0]} : {parts[1]}. "
        f"What fraction of the {together} are {one}?",
        answer=answer,
        wrong=tuple(each for each in dict.fromkeys(wrong) if each != answer),
        why=(
            f"{parts[0]} parts are {one} and {parts[1]} are {other}: {parts[0]} + {parts[1]} = {sum(parts)} parts.",
            f"So {parts[0]} parts of {sum(parts)} are {one}, not {parts[0]} of {parts[1]}: {answer}.",
        ),
        holds=lambda text: is_worth(f"{text} {TIMES} {total}", Fraction(first)),
        kinds=("short", "choice"),
        illustration=Bars(bars=[Bar(parts=sum(parts), shaded=parts[0], label=f"{parts[0]} : {parts[1]}")]),
    )


SKILL = described("ratios", _simplify, _shaded, _missing, _of_things, _share, _proportion, _scale)
