"""Options that are numbers or dates: which they are, and in what order they belong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lessongen.check.word_rules.numbers import Number, numbers_of
from lessongen.check.word_rules.passage import Passage, Word, read
from lessongen.check.word_rules.vocabulary import FUNCTION_WORDS, UNITS

# What may stand before a number that an option is.
_LEADS = frozenset(
    "about around nearly almost over under roughly exactly some in on at by before after from since to until between "
    "and or the a an more less than up just only approximately circa year years minus per".split()
)
_ERAS = frozenset(["bc", "ad"])
_NONE = frozenset("no none neither nobody nothing".split())
_LESS = frozenset("less fewer lower smaller shorter below under minus".split())
_MOST_OTHER_WORDS = 2
_PLAIN = re.compile(r"(?:(?<![\w)] )[\N{MINUS SIGN}-])?\d+(?:,\d{3})*(?:\.\d+|/[1-9]\d*)?")
_WORD = re.compile(r"(?!or\b|and\b|min\b)[^\W\d_]{3,}")
_LAST_DAY = 31


@dataclass(frozen=True)
class Quantity:
    """What an option that is a number or a date comes to, and in which unit: only those of one unit are compared."""

    value: tuple[float, ...]
    unit: str


def quantity(option: str) -> Quantity | None:
    """The option as a number or a date: "about 300 BC", "3 cm", "twelve beads"; None for all else."""
    passage = read(option)
    numbers = numbers_of(passage)
    if not numbers or not _is_nothing_else(passage, numbers):
        return None
    units = {number.unit for number in numbers} - {"", "century", *_ERAS}
    return Quantity(_value(passage, numbers), " ".join(sorted(units)))


def in_sequence(options: Sequence[str]) -> list[str] | None:
    """The options from the least to the most, where they can be told apart by numbers alone; else None.

    They are numbers or dates of one unit, or numbers in one frame ("x = 4", "8:20"), or have one number each in the
    same place: "no hole", "one hole"; "it is 5% more", "it is 6% less".
    """
    values = _values(options) or _values_in_a_frame(options) or _values_in_one_place(options)
    if not values or len(set(values)) < len(values):
        return None
    return [option for _, option in sorted(zip(values, options, strict=True), key=lambda pair: pair[0])]


def _values(options: Sequence[str]) -> list[tuple[float, ...]]:
    """What each option comes to; none where one is no number or date, or has another unit."""
    known = [each for each in map(quantity, options) if each is not None]
    is_one_kind = len(known) == len(options) and len({each.unit for each in known}) == 1
    return [each.value for each in known] if is_one_kind else []


def _values_in_one_place(options: Sequence[str]) -> list[tuple[float, ...]]:
    """The one number of each option; none where one has several, or has it elsewhere or in another unit."""
    found: list[tuple[float, int, str]] = []
    for option in options:
        passage = read(option)
        numbers = [each for each in numbers_of(passage) if each.kind != "month"]
        words = [word.lower for word in passage.words]
        if not numbers and words and words[0] in _NONE:
            found.append((0.0, 0, ""))
        elif len(numbers) == 1 and not _names(passage, numbers[0]):
            sign = -1 if _LESS.intersection(words) else 1
            found.append((sign * numbers[0].value, numbers[0].index, numbers[0].unit))
    places = {place for _, place, _ in found}
    units = {unit for value, _, unit in found if value} - {""}
    return [(value,) for value, _, _ in found] if len(found) == len(options) and len(places) == 1 >= len(units) else []


def _names(passage: Passage, number: Number) -> bool:
    """Whether a number is part of a name: "Apollo 11", "2-propanol"."""
    words, at = passage.words, number.index
    follows = words[number.end].gap if number.end < len(words) else " "
    return (at > 1 and words[at - 1].is_capital) or (at == 1 and len(words) == number.end) or follows.startswith("-")


def _values_in_a_frame(options: Sequence[str]) -> list[tuple[float, ...]]:
    """The numbers of each option; none where something else than numbers differs."""
    frames = set(map(_frame, options))
    return [_numbers(option) for option in options] if len(frames) == 1 and "" not in frames else []


def _frame(option: str) -> str:
    """What stands around the numbers of "x = 4", "8:20", "35 km/h", "7 : 12"; empty where that has words."""
    rest = _PLAIN.sub("#", option)
    return rest if "#" in rest and not _WORD.search(rest) else ""


def _numbers(option: str) -> tuple[float, ...]:
    numbers = (each.replace(",", "").replace("\N{MINUS SIGN}", "-") for each in _PLAIN.findall(option))
    return tuple(float(Fraction(each)) for each in numbers)


def _is_nothing_else(passage: Passage, numbers: Sequence[Number]) -> bool:
    """Whether an option is its numbers, what leads up to them, units, and at most a thing that is counted."""
    in_numbers = {at for number in numbers for at in range(number.index, number.end)}
    others = [
        (at, word)
        for at, word in enumerate(passage.words)
        if at not in in_numbers and word.lower not in _LEADS and word.lower not in UNITS
    ]
    # "Apollo 11", "one who rows", "2-methylpropane", "12 Downing Street" are names and words.
    return len(others) <= _MOST_OTHER_WORDS and all(
        at > numbers[0].index and not word.is_capital and word.lower not in FUNCTION_WORDS and _is_apart(word)
        for at, word in others
    )


def _is_apart(word: Word) -> bool:
    return word.gap == " "


def _value(passage: Passage, numbers: Sequence[Number]) -> tuple[float, ...]:
    months = [number.value for number in numbers if number.kind == "month"]
    counted = [number for number in numbers if number.kind != "month"]
    words = {word.lower for word in passage.words}
    is_before = "bc" in words or "bce" in words
    if months:
        years = [number.value for number in counted if number.value > _LAST_DAY]
        days = [number.value for number in counted if number.value <= _LAST_DAY]
        year = years[0] if years else 0.0
        return (-year if is_before else year, months[0], days[0] if days else 0.0)
    first = counted[0]
    if first.kind == "ordinal" and first.index and passage.words[first.index - 1].lower in ("a", "one"):
        return (1 / first.value,)
    if len(counted) > 1 and passage.words[counted[1].index].gap == "/" and counted[1].value:
        return (first.value / counted[1].value,)
    values = [number.value * (100 if number.kind == "century" else 1) for number in counted]
    is_minus = passage.words[first.index].gap.endswith("-") or passage.words[0].lower == "minus"
    if is_before or (is_minus and first.index <= 1):
        values[0] = -values[0]
    is_range = len(counted) > 1 and passage.words[counted[1].index].gap.strip() == "-"
    return tuple(values[:1] if is_range else values)
