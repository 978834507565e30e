"""The rule that works out computed keys once more: from the printed question alone.

What it can read are calculations, equations, percentages, ratios, measures of samples, units, divisors, rectangles
and boxes, by `reckoned` right triangles, angles, journeys, circuits, rounding and binary numbers, and by `counted`
chances, atoms and equations of reactions, clocks and squared paper. What it can't read it leaves to
`lessongen.writers.computed`, which has confirmed each key by two computations.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import gcd, lcm

from lessongen.check import counted, reckoned
from lessongen.check.reading import Reading
from lessongen.check.report import Findings
from lessongen.check.sums import is_solved, roots_of, solves_both, worth
from lessongen.lesson.drawings.base import Drawing
from lessongen.lesson.questions.base import Question, Sums, Verdict

Judge = Callable[[re.Match[str], str], Verdict]

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_LIST = rf"(?P<list>{_N}(?:, {_N})+)"
_ROOTS = {"no real root": 0, "one real root": 1, "two real roots": 2}


def computed_key_agrees(reading: Reading) -> Findings:
    """The key of a computed question comes out again where it is worked out from the printed question alone."""
    for where, question in reading.questions:
        if question.origin == "computed" and any(verdict is False for verdict in _verdicts(reading, question)):
            yield where, f"its key does not come out when “{question.stem[:60]}” is worked out again"
    for where, example in reading.examples:
        answered = _sums_with(example.drawing).answered
        if example.origin == "computed" and answered(example.problem, example.answer) is False:
            yield where, f"its answer does not come out when “{example.problem[:60]}” is worked out again"


def is_read(reading: Reading, question: Question) -> bool:
    """Whether the rule can tell anything of the question."""
    return any(verdict is not None for verdict in _verdicts(reading, question))


def _verdicts(reading: Reading, question: Question) -> Iterator[Verdict]:
    """For each thing that the key says, whether that is so."""
    return question.worked_out(_sums_with(question.drawing), reading.passage_of(question))


def _sums_with(drawing: Drawing | None) -> Sums:
    """What works an exercise out: of what is printed, and of what is drawn beside it."""
    if drawing is None:
        return _SUMS
    readable = drawing.readable

    def answered(asked: str, answer: str) -> Verdict:
        read = drawing.answer_to(asked)
        return _judged(asked, answer) if read is None else read == answer

    def stated(statement: str) -> Verdict:
        for each in readable:
            before, _, after = each.says.partition("{}")
            if before and statement.startswith(before) and statement.rstrip(".").endswith(after.rstrip(".")):
                return statement.rstrip(".") == each.says.format(each.answer).rstrip(".")
        return _stated(statement)

    return replace(_SUMS, answered=answered, stated=stated)


def _judged(asked: str, answer: str) -> Verdict:
    """Whether the answer is right for a question."""
    for pattern, judge in _ASKED.items():
        found = re.fullmatch(pattern, asked)
        if found:
            return judge(found, answer)
    return None


def _stated(statement: str) -> Verdict:
    """Whether a statement is true."""
    for pattern, judge in _STATED.items():
        found = re.fullmatch(pattern, statement)
        if found:
            return judge(found, found["answer"])
    return None


def _paired(stem: str, left: str, right: str) -> Verdict:
    """Whether two items of a match belong together."""
    sample = re.fullmatch(r"Match each sample to its (mean|median|mode|range)\.", stem)
    if sample:
        return _stated(f"The {sample[1]} of {left} is {right}.")
    if right.startswith("x = "):
        return is_solved(left, right)
    if re.fullmatch(rf"{_N}% of {_N}", left):
        return _stated(f"{left} is {right}.")
    changed = re.fullmatch(rf"({_N}), {_CHANGED}", left)
    if changed:
        return _stated(f"A price of {changed[1]} that is {changed['way']} by {changed['rate']}% becomes {right}.")
    to = re.fullmatch(rf"{_N} (\S+)", right)
    if to and stem.startswith("Match each amount"):
        return _stated(f"Converted to {to[1]}: {left} = {right}")
    if "remainder" in stem:
        return _is(_remainder_of(left), right)
    for pattern, judge in counted.LISTED.items():
        listed = re.fullmatch(pattern, left)
        if listed:
            return judge(listed, right)
    return _is(worth(left.replace(" of ", " \N{DIVISION SIGN} ")), right)


def _remainder_of(division: str) -> Fraction | None:
    whole, by = (worth(each) for each in (*division.split(" \N{DIVISION SIGN} "), "")[:2])
    return whole % by if whole is not None and by else None


# ---------------------------------------------------------------- what an answer has to be


def _is(value: Fraction | None, answer: str) -> Verdict:
    said = worth(answer)
    return None if value is None or said is None else said == value


def _same(found: re.Match[str], answer: str) -> Verdict:
    return _is(worth(found["sum"]), answer)


def _lowest(found: re.Match[str], answer: str) -> Verdict:
    value, shown = worth(found["sum"]), re.fullmatch(r"(\d+)(?:/(\d+))?", answer)
    if value is None or shown is None:
        return None
    return worth(answer) == value and gcd(int(shown[1]), int(shown[2] or 1)) == 1


def _number(found: re.Match[str], name: str) -> Fraction:
    return Fraction(found[name].replace(",", ""))


def _comes_to(reckon: Callable[[Callable[[str], Fraction]], Fraction]) -> Judge:
    """Judges an answer by what the numbers of its question, which the function takes by their names, come to."""

    def judge(found: re.Match[str], answer: str) -> Verdict:
        return _is(reckon(partial(_number, found)), answer.removeprefix("x = "))

    return judge


_part = _comes_to(lambda of: of("whole") * of("rate") / 100)
_whole = _comes_to(lambda of: of("part") * 100 / of("rate"))
_remainder = _comes_to(lambda of: of("whole") % of("by"))
_quotient = _comes_to(lambda of: of("whole") / of("by"))
_product = _comes_to(lambda of: of("first") * of("second"))
_thought = _comes_to(lambda of: (of("result") - of("added")) / of("times"))
_fourth = _comes_to(lambda of: of("second") * of("third") / of("first"))
_larger_share = _comes_to(lambda of: of("whole") * max(of("first"), of("second")) / (of("first") + of("second")))


def _rate(found: re.Match[str], answer: str) -> Verdict:
    return _is(_number(found, "part") / _number(found, "whole"), answer) if answer.endswith("%") else None


def _change(found: re.Match[str], answer: str) -> Verdict:
    rate = _number(found, "rate") / 100
    return _is(_number(found, "whole") * (1 + rate if found["way"] == "increased" else 1 - rate), answer)


def _solved(found: re.Match[str], answer: str) -> Verdict:
    if found["equation"].count(" = ") == 2:
        first, _, second = found["equation"].partition(" and ")
        return solves_both(first, second, answer)
    return is_solved(found["equation"], answer)


def _roots(found: re.Match[str], answer: str) -> Verdict:
    count = roots_of(found["equation"])
    return None if count is None or answer not in _ROOTS else _ROOTS[answer] == count


def _measure(found: re.Match[str], answer: str) -> Verdict:
    values = [Fraction(each.replace(",", "")) for each in found["list"].split(", ")]
    measures: Mapping[str, Callable[[list[Fraction]], Fraction]] = {
        "mean": statistics.mean,
        "median": statistics.median,
        "mode": statistics.mode,
        "range": lambda each: max(each) - min(each),
    }
    return _is(measures[found["measure"]](values), answer)


def _common(found: re.Match[str], answer: str) -> Verdict:
    first, second = int(_number(found, "first")), int(_number(found, "second"))
    return _is(Fraction((gcd if "divisor" in found["which"] else lcm)(first, second)), answer)


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


def _prime(found: re.Match[str], answer: str) -> Verdict:
    return _is_prime(int(answer)) if re.fullmatch("[0-9]{1,9}", answer) else None


def _kind(found: re.Match[str], answer: str) -> Verdict:
    return _is_prime(int(_number(found, "number"))) is (answer == "prime")


def _primes(found: re.Match[str], answer: str) -> Verdict:
    shown = re.findall("[0-9]+", answer)
    if any(len(each) > 9 for each in shown):
        return None
    factors = [int(each) for each in shown]
    return all(map(_is_prime, factors)) and worth(answer) == _number(found, "number")


def _cubed(found: re.Match[str], answer: str) -> Verdict:
    root = worth(answer)
    return None if root is None else root**3 == _number(found, "number")


def _triangle(found: re.Match[str], answer: str) -> Verdict:
    shown = re.fullmatch(rf"({_N}) {found['unit']}²", answer)
    return None if shown is None else worth(shown[1]) == _number(found, "long") * _number(found, "high") / 2


def _divisors(found: re.Match[str], answer: str) -> Verdict:
    number = int(_number(found, "number"))
    return _is(Fraction(sum(number % each == 0 for each in range(1, number + 1))), answer)


def _largest(found: re.Match[str], answer: str) -> Verdict:
    values = [worth(each) for each in found["items"].split(", ")]
    known = [value for value in values if value is not None]
    return _is(max(known), answer) if len(known) == len(values) else None


def _rectangle(found: re.Match[str], answer: str) -> Verdict:
    long, wide, unit = _number(found, "long"), _number(found, "wide"), found["unit"]
    shown = re.fullmatch(rf"({_N}) {unit}(²?)", answer)
    if shown is None:
        return None
    is_area = found["of"] == "area"
    return (shown[2] == "²") is is_area and worth(shown[1]) == (long * wide if is_area else 2 * (long + wide))


def _box(found: re.Match[str], answer: str) -> Verdict:
    shown = re.fullmatch(rf"({_N}) {found['unit']}³", answer)
    volume = _number(found, "long") * _number(found, "wide") * _number(found, "high")
    return None if shown is None else worth(shown[1]) == volume


def _simplest(found: re.Match[str], answer: str) -> Verdict:
    shown = re.fullmatch("([0-9]{1,15}) : ([1-9][0-9]{0,14})", answer)
    if shown is None:
        return None
    first, second = int(shown[1]), int(shown[2])
    return Fraction(first, second) == _number(found, "first") / _number(found, "second") and gcd(first, second) == 1


_UNITS: Mapping[str, tuple[str, Fraction]] = {
    unit: (kind, Fraction(size))
    for kind, sizes in {
        "length": "mm 1 cm 10 m 1000 km 1000000",
        "mass": "mg 1 g 1000 kg 1000000 t 1000000000",
        "volume": "ml 1 cl 10 l 1000",
        "time": "seconds 1 minutes 60 hours 3600 days 86400",
        "area": "mm² 1 cm² 100 m² 1000000 ha 10000000000 km² 1000000000000",
        "speed": "km/h 5/18 m/s 1",
    }.items()
    for unit, size in zip(sizes.split()[::2], sizes.split()[1::2], strict=True)
}


def _converted(found: re.Match[str], answer: str) -> Verdict:
    shown = re.fullmatch(rf"({_N}) (\S+)", answer)
    if shown is None or shown[2] != found["to"] or {found["to"], found["from"]} - set(_UNITS):
        return None
    (kind, size), (other, new) = _UNITS[found["from"]], _UNITS[found["to"]]
    return kind == other and worth(shown[1]) == _number(found, "amount") * size / new


# ---------------------------------------------------------------- how it is asked and stated

_SUM = r"(?P<sum>[-\N{MINUS SIGN}+\N{MULTIPLICATION SIGN}÷√()/,.\d⁰¹²³⁴⁵⁶⁷⁸⁹⁻ ]*?\d[²³⁴⁵⁶⁷⁸⁹⁰¹⁻)]*)"
_EQUATION = r"(?P<equation>.*[xy].* = .+?|.+ = .*[xy].*?)"
_AMOUNT = rf"(?P<amount>{_N}) (?P<from>\S+)"
_OF_SAMPLE = rf"(?P<measure>mean|median|mode|range) of {_LIST}"
_OF_BOTH = rf"(?P<which>greatest common divisor|least common multiple) of (?P<first>{_N}) and (?P<second>{_N})"
_OF_RECTANGLE = rf"(?P<of>area|perimeter) of a rectangle (?P<long>{_N}) (?P<unit>\w+) long and (?P<wide>{_N}) \w+ wide"
_OF_BOX = rf"volume of a box (?P<long>{_N}) (?P<unit>\w+) long, (?P<wide>{_N}) \w+ wide and (?P<high>{_N}) \w+ high"
_OF_TRIANGLE = rf"area of a triangle with base (?P<long>{_N}) (?P<unit>\w+) and height (?P<high>{_N}) \w+"
_RATIO = rf"(?P<first>{_N}) : (?P<second>{_N})"
_CHANGED = rf"(?P<way>increased|decreased) by (?P<rate>{_N})%"
_A = r"(?P<answer>.+?)"

_ASKED: Mapping[str, Judge] = {
    rf"(?:Work out|Calculate|What is) {_SUM}[.?]": _same,
    rf"Work out {_SUM}\. Give the answer in lowest terms\.": _lowest,
    rf"Write {_SUM} in lowest terms\.": _lowest,
    rf"Write {_SUM} as a (?:decimal|percentage)\.": _same,
    rf"(?:What is|Calculate|Work out) (?P<rate>{_N})% of (?P<whole>{_N})[.?]": _part,
    rf"(?P<rate>{_N})% of a number is (?P<part>{_N})\. What is the number\?": _whole,
    rf"What percentage of (?P<whole>{_N}) is (?P<part>{_N})\?": _rate,
    rf"A price of (?P<whole>{_N}) is {_CHANGED}\. What is the new price\?": _change,
    rf"What is the remainder when (?P<whole>{_N}) is divided by (?P<by>{_N})\?": _remainder,
    rf"(?:Find x:|For which x is|Solve the equation|Solve the pair of equations|Solve|Find the roots of) {_EQUATION}"
    r"(?: with the quadratic formula)?[.?]": _solved,
    rf"How many real roots has {_EQUATION}\?": _roots,
    rf"What is the {_OF_SAMPLE}\?": _measure,
    rf"What is the {_OF_BOTH}\?": _common,
    rf"Which of these numbers is prime: {_LIST}\?": _prime,
    rf"How many divisors has (?P<number>{_N}), .*\?": _divisors,
    r"Which is the largest: (?P<items>.+)\?": _largest,
    rf"What is the {_OF_RECTANGLE}\?": _rectangle,
    rf"What is the {_OF_BOX}\?": _box,
    rf"What is the {_OF_TRIANGLE}\?": _triangle,
    rf"What is the cube root of (?P<number>{_N})\?": _cubed,
    rf"Write (?P<number>{_N}) as a product of primes\.": _primes,
    rf"(?P<whole>{_N}) \w+ are shared out evenly into (?P<by>{_N}) \w+\. .*\?": _quotient,
    rf"There are (?P<first>{_N}) \w+ of (?P<second>{_N}) \w+\. .*\?": _product,
    rf"I think of a number, multiply it by (?P<times>{_N}) and add (?P<added>{_N})\. "
    rf"The result is (?P<result>{_N})\. .*": _thought,
    rf"Write the ratio {_RATIO} in its simplest form\.": _simplest,
    rf"The ratio {_RATIO} is the same as (?P<third>{_N}) : x\. What is x\?": _fourth,
    rf"(?P<whole>{_N}) is shared in the ratio {_RATIO}\. How much is the larger share\?": _larger_share,
    rf"(?P<first>{_N}) [\w ]+ cost (?P<second>{_N}) coins\. How many coins do (?P<third>{_N}) .* cost\?": _fourth,
    rf"Convert {_AMOUNT} to (?P<to>\S+)\.": _converted,
    rf"Write {_AMOUNT} in (?P<to>\S+)\.": _converted,
    rf"How many (?P<to>\S+) are {_AMOUNT}\?": _converted,
    **reckoned.ASKED,
    **counted.ASKED,
}
_STATED: Mapping[str, Judge] = {
    rf"{_SUM} = {_A}\.?": _same,
    rf"In lowest terms {_SUM} is {_A}\.": _lowest,
    rf"(?P<rate>{_N})% of (?P<whole>{_N}) is {_A}\.": _part,
    rf"(?P<part>{_N}) is (?P<rate>{_N})% of {_A}\.": _whole,
    rf"A price of (?P<whole>{_N}) that is {_CHANGED} becomes {_A}\.": _change,
    rf"When (?P<whole>{_N}) is divided by (?P<by>{_N}), the remainder is {_A}\.": _remainder,
    rf"The solution of {_EQUATION} is {_A}\.": _solved,
    rf"The equation {_EQUATION} is solved by {_A}\.": _solved,
    rf"The equation {_EQUATION} has {_A}\.": _roots,
    rf"The {_OF_SAMPLE} is {_A}\.": _measure,
    rf"The {_OF_BOTH} is {_A}\.": _common,
    rf"The number (?P<number>{_N}) is (?P<answer>prime|composite)\.": _kind,
    rf"The {_OF_RECTANGLE} is {_A}\.": _rectangle,
    rf"The {_OF_BOX} is {_A}\.": _box,
    rf"The {_OF_TRIANGLE} is {_A}\.": _triangle,
    rf"The cube root of (?P<number>{_N}) is {_A}\.": _cubed,
    rf"As a product of primes (?P<number>{_N}) is {_A}\.": _primes,
    rf"The number (?P<number>{_N}) has {_A} divisors\.": _divisors,
    rf"In its simplest form the ratio {_RATIO} is {_A}\.": _simplest,
    rf"{_RATIO} is the same as (?P<third>{_N}) : {_A}\.": _fourth,
    rf"If (?P<whole>{_N}) is shared in the ratio {_RATIO}, the larger share is {_A}\.": _larger_share,
    rf"Converted to (?P<to>\S+): {_AMOUNT} = {_A}": _converted,
    **reckoned.STATED,
    **counted.STATED,
}

_SUMS = Sums(answered=_judged, stated=_stated, paired=_paired, worth=worth)
