"""Computed questions whose answer follows from the numbers in them: a table of what to do with these."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lessongen.check.sums import worth
from lessongen.lesson.questions.base import Verdict

_NUMBER = re.compile(r"\N{MINUS SIGN}?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+)?")
_TOLD = re.compile(r"[√\N{MINUS SIGN}\d.,/]*[\d]")
_A = r"(?P<answer>.+?)"
_NEVER = r"(?!)"
_LINES = r"(?:Two straight lines cross|A line crosses two parallel lines)\. .*"
_SAME = "(?:opposite|corresponding to|alternate to)"

Reckon = Callable[..., Fraction | None]
Judge = Callable[[re.Match[str], str], Verdict]


def _root(value: Fraction) -> Fraction | None:
    return worth(f"√{value.numerator}") if value.denominator == 1 else None


def _rest(whole: int) -> Reckon:
    return lambda *known: Fraction(whole - sum(known))


def _nearest(step: str) -> Callable[[Fraction], Fraction]:
    def rounded(value: Fraction) -> Fraction:
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return Fraction((exact / Decimal(step)).quantize(Decimal(1), rounding=ROUND_HALF_UP) * Decimal(step))

    return rounded


def _hypotenuse(a: Fraction, b: Fraction) -> Fraction | None:
    return _root(a * a + b * b)


def _leg(c: Fraction, a: Fraction) -> Fraction | None:
    return _root(abs(c * c - a * a))


def _in_parts(way: Fraction, time: Fraction, other: Fraction, rest: Fraction) -> Fraction:
    return (way + other) / (time + rest)


def _of_binary(digits: Fraction) -> int:
    return int(str(digits), 2)


def _as_binary(value: Fraction | int) -> Fraction:
    """The number whose decimal digits are those of the binary number."""
    return Fraction(f"{int(value):b}")


def _significant(count: int) -> Reckon:
    return lambda value: _nearest(f"1E{(Decimal(value.numerator) / value.denominator).adjusted() - count + 1}")(value)


_TO: Mapping[str, Reckon] = {
    **{f"{count} significant figures?": _significant(at) for at, count in enumerate(("one", "two", "three"), 1)},
} | {
    f"the nearest {name}": _nearest(step)
    for name, step in {
        **{"ten": "10", "hundred": "100", "thousand": "1000"},
        **{"whole number": "1", "tenth": "0.1", "hundredth": "0.01"},
    }.items()
}

# How it is asked, how it is stated, and what the numbers in it come to.
_TABLE: list[tuple[str, str, Reckon]] = [
    (
        r"The legs of a right triangle are .* How long is its hypotenuse\?",
        rf"A right triangle with legs of .* has a hypotenuse of {_A}\.",
        _hypotenuse,
    ),
    (
        r"The hypotenuse of a right triangle is .* one leg .* How long is the other leg\?",
        rf"In a right triangle with a hypotenuse of .* the other leg is {_A} long\.",
        _leg,
    ),
    (
        r"How far is the point .* from the point .*\?",
        rf"The distance from .* to .* is {_A}\.",
        lambda x, y, u, v: _root((x - u) ** 2 + (y - v) ** 2),
    ),
    (r"(?:A ladder|A kite|The screen) .*\?", _NEVER, _leg),
    (r"(?:A rectangular field|A ship|A mast) .*\?", _NEVER, _hypotenuse),
    (
        r"Write the binary number [01]+ as a decimal number\.",
        rf"The binary number [01]+ is the decimal number {_A}\.",
        lambda digits: Fraction(_of_binary(digits)),
    ),
    (
        r"Write the decimal number \d+ as a binary number\.",
        rf"The decimal number \d+ is the binary number {_A}\.",
        _as_binary,
    ),
    (
        r"Which binary number comes right after [01]+\?",
        rf"Right after the binary number [01]+ comes {_A}\.",
        lambda digits: _as_binary(_of_binary(digits) + 1),
    ),
    (
        r"Add the binary numbers [01]+ and [01]+\. .*",
        rf"The sum of the binary numbers [01]+ and [01]+ is {_A}\.",
        lambda one, other: _as_binary(_of_binary(one) + _of_binary(other)),
    ),
    (
        r"How many different values can \d+ bits have\?",
        rf"With \d+ bits there are {_A} different values\.",
        lambda bits: Fraction(2) ** int(bits),
    ),
    (
        r"[A-Z][\w ]+ covers \S+ km in \S+ h and then .* mean speed\?",
        rf"Over .* km in .* h the mean speed is {_A}\.",
        _in_parts,
    ),
    (
        r"[A-Z][\w ]+ covers \S+ km in \d+ minutes\. What is the mean speed in km/h\?",
        rf"Covering \S+ km in \d+ minutes is a mean speed of {_A}\.",
        lambda way, minutes: way * 60 / minutes,
    ),
    (
        r"[A-Z][\w ]+ covers \S+ k?m in \S+ (?:h|s)\. What is the mean speed\?",
        rf"Covering \S+ k?m in \S+ (?:h|s) is a mean speed of {_A}\.",
        lambda way, time: way / time,
    ),
    (
        r"[A-Z][\w ]+ moves at .* for .*\. What distance is that\?",
        rf"At \S+ (?:km/h|m/s) for .* the distance is {_A}\.",
        lambda speed, time: speed * time,
    ),
    (
        r"[A-Z][\w ]+ moves at .* How long does a way of .* take\?",
        rf"At \S+ (?:km/h|m/s) a way of .* takes {_A}\.",
        lambda speed, way: way / speed,
    ),
    (
        r"(?:Two|Three) angles lie side by side on a straight line\. .* How large is the (?:last|other) one\?",
        rf"(?:Two|Three) angles lie side by side on a straight line\. .* The (?:last|other) one has {_A}\.",
        _rest(180),
    ),
    (
        r"Two angles of a triangle have .*\. How large is the last one\?",
        rf"Two angles of a triangle have .*\. The last one has {_A}\.",
        _rest(180),
    ),
    (
        r"(?:\w+ angles lie around a point|Three angles of a quadrilateral) .* How large is the last one\?",
        rf"(?:\w+ angles lie around a point|Three angles of a quadrilateral) .* The last one has {_A}\.",
        _rest(360),
    ),
    (
        rf"{_LINES} {_SAME} it\?",
        rf"{_LINES} {_SAME} it has {_A}\.",
        lambda known: known,
    ),
    (
        rf"{_LINES} (?:next to it|parallel lines)\?",
        rf"{_LINES} (?:next to it|parallel lines) has {_A}\.",
        _rest(180),
    ),
    (
        r"The two equal sides of an isosceles triangle meet at .*\?",
        rf"Where the equal sides of an isosceles triangle meet at .* has {_A}\.",
        lambda top: (180 - top) / 2,
    ),
    (
        r"Each of the two equal angles of an isosceles triangle has .*\?",
        rf"An isosceles triangle with two angles of .* has a third angle of {_A}\.",
        lambda base: 180 - 2 * base,
    ),
    (
        r"Two angles of a triangle have .* exterior angle at the third corner\?",
        rf"Beside two angles of .* a triangle has a third exterior angle of {_A}\.",
        lambda one, other: one + other,
    ),
    (
        r"Estimate .*: round both numbers to the nearest ten first\.",
        rf"With both numbers rounded to the nearest ten, .* is about {_A}\.",
        lambda one, other: _nearest("10")(one) * _nearest("10")(other),
    ),
    (
        r"Two lamps are connected in series to .*\?",
        rf"Of two lamps in series at .* the other has {_A}\.",
        lambda whole, one: whole - one,
    ),
    (
        r"Resistors of .* are connected in series to .* What is the current through them\?",
        _NEVER,
        lambda one, other, voltage: voltage / (one + other),
    ),
    (
        _NEVER,
        rf"At \S+ V the current through .* in series is {_A}\.",
        lambda voltage, one, other: voltage / (one + other),
    ),
    (
        r"A current of .* flows through .* What is the voltage across it\?",
        rf"A current of .* flows through .* The voltage across it is {_A}\.",
        lambda current, resistance: current * resistance,
    ),
    (
        r"A \w+ of .* is connected to .* What is the current through it\?",
        rf"A \w+ of .* is connected to .* The current through it is {_A}\.",
        lambda resistance, voltage: voltage / resistance,
    ),
    (
        r"At .* a current of .* flows through .* What is its resistance\?",
        rf"At .* a current of .* flows through .* Its resistance is {_A}\.",
        lambda voltage, current: voltage / current,
    ),
    (
        r"Resistors of .* are connected in series\. What is their total resistance\?",
        rf"Resistors of .* in series have a total resistance of {_A}\.",
        lambda *parts: sum(parts, start=Fraction()),
    ),
    *((rf"Round \S+ to {to}\.", rf"Rounded to {to}, .* is {_A}\.", reckon) for to, reckon in _TO.items()),
]


def judge_by(reckon: Reckon) -> Judge:
    """Judges an answer by what the numbers of its question come to."""

    def judge(found: re.Match[str], answer: str) -> Verdict:
        start, end = found.span("answer") if "answer" in found.groupdict() else (0, 0)
        asked = found.string[:start] + found.string[end:] if end else found.string
        numbers = [Fraction(each.replace(",", "").replace("\N{MINUS SIGN}", "-")) for each in _NUMBER.findall(asked)]
        told = _TOLD.match(answer)
        said = worth(told.group()) if told else None
        try:
            value = reckon(*numbers)
        except (TypeError, ValueError, ZeroDivisionError):
            return None  # other numbers than the question has
        return None if value is None or said is None else said == value

    return judge


ASKED: Mapping[str, Judge] = {asked: judge_by(reckon) for asked, _, reckon in _TABLE if asked != _NEVER}
STATED: Mapping[str, Judge] = {stated: judge_by(reckon) for _, stated, reckon in _TABLE if stated != _NEVER}
