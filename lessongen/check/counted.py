"""Computed questions whose answer is counted, or checked by its own numbers: chances, atoms, clocks, squares."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import gcd

from lessongen.check.reckoned import Judge, Reckon, judge_by
from lessongen.check.sums import worth
from lessongen.lesson.questions.base import Verdict
from lessongen.text.passages import GAP

_A = r"(?P<answer>.+?)"
_NEVER = r"(?!)"
_BAG = r"(?P<bag>\d+ .+) balls"
_TIME = r"\d{1,2}:\d\d"
_LONG = r"(?P<long>(?:\d+ hours?)?(?: and )?(?:\d+ minutes)?)"
_COUNTED = r"(?P<count>\d+) (?P<formula>\S+)"


# ---------------------------------------------------------------- numbers told of an answer


def _neighbours(found: re.Match[str], answer: str) -> Verdict:
    low, _, high = answer.partition(" and ")
    if not (low.isdigit() and high.isdigit()):
        return None
    return int(high) == int(low) + 1 and int(low) ** 2 < int(found["square"]) < int(high) ** 2


def _right_angle(found: re.Match[str], answer: str) -> Verdict:
    sides = sorted(map(int, re.findall(r"\d+", answer)))
    return len(sides) == 3 and sides[2] == int(found["longest"]) and sides[0] ** 2 + sides[1] ** 2 == sides[2] ** 2


def _rounds_to(found: re.Match[str], answer: str) -> Verdict:
    value, shown, step = (worth(each) for each in (answer, found["shown"], {"ten": "10"}.get(found["to"], "100")))
    if value is None or shown is None or step is None:
        return None
    return (value + step / 2) // step * step == shown


def _circle(found: re.Match[str], answer: str) -> Verdict:
    told = re.fullmatch(r"([\d.,]+)π .+", answer)
    radius = Fraction(found["size"]) / (2 if found["by"] == "diameter" else 1)
    return None if told is None else worth(told[1]) == (radius**2 if found["of"] == "area" else 2 * radius)


# ---------------------------------------------------------------- chances


def _bag(found: re.Match[str], answer: str) -> Verdict:
    balls = {colour: int(count) for count, colour in re.findall(r"(\d+) (\w+)", found["bag"])}
    return worth(answer) == Fraction(balls[found["colour"]], sum(balls.values()))


_EVENTS: Mapping[str, Callable[[int, int], bool]] = {
    r"an even number": lambda face, _: face % 2 == 0,
    r"a number above (\d)": lambda face, limit: face > limit,
    r"a number below (\d)": lambda face, limit: face < limit,
    r"a multiple of (\d)": lambda face, of: face % of == 0,
    r"a prime number": lambda face, _: face in (2, 3, 5),
    r"a (\d)": lambda face, wanted: face == wanted,
    r"a number that is not (\d)": lambda face, other: face != other,
}


def _die(found: re.Match[str], answer: str) -> Verdict:
    for pattern, is_meant in _EVENTS.items():
        event = re.fullmatch(pattern, found["event"])
        if event:
            limit = int(event[1]) if event.groups() else 0
            return worth(answer) == Fraction(sum(is_meant(face, limit) for face in range(1, 7)), 6)
    return None


def _coins(found: re.Match[str], answer: str) -> Verdict:
    meant = {"two heads": 1, "one head and one tail": 2, "at least one head": 3}.get(found["event"])
    return None if meant is None else worth(answer) == Fraction(meant, 4)


def _two_dice(total: Fraction) -> Fraction:
    return Fraction(sum(one + other == total for one in range(1, 7) for other in range(1, 7)), 36)


# ---------------------------------------------------------------- atoms

_LOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _atoms(formula: str) -> Counter[str]:
    """How many atoms of each element it has, its brackets written out."""
    flat = re.sub(r"\(([^()]*)\)(\d*)", lambda group: group[1] * int(group[2] or 1), formula.translate(_LOW))
    total: Counter[str] = Counter()
    for element, count in re.findall(r"([A-Z][a-z]?)(\d*)", flat):
        total[element] += int(count or 1)
    return total


def _terms(side: str) -> list[tuple[int, str]]:
    shown = (re.fullmatch(r"(?:(\d+) )?(\S+)", term) for term in side.split(" + "))
    return [(int(term[1] or 1), term[2]) for term in shown if term]


def _balances(equation: str) -> bool:
    sides = [_terms(side) for side in equation.split(" → ")]
    sums = [Counter[str](), Counter[str]()]
    for side, total in zip(sides, sums, strict=False):
        for count, formula in side:
            total.update({element: count * each for element, each in _atoms(formula).items()})
    return len(sides) == 2 and sums[0] == sums[1]


def _balanced(found: re.Match[str], answer: str) -> Verdict:
    """Balanced by numbers in front alone, and by the smallest."""
    told = [term for side in answer.split(" → ") for term in _terms(side)]
    asked = [formula for side in found["bare"].split(" → ") for _, formula in _terms(side)]
    return [formula for _, formula in told] == asked and _balances(answer) and gcd(*(count for count, _ in told)) == 1


def _fills(found: re.Match[str], answer: str) -> Verdict:
    return _balances(found["equation"].replace(GAP, answer))


def _of_element(found: re.Match[str], answer: str) -> Verdict:
    return answer == str(int(found["count"]) * _atoms(found["formula"])[found["element"]])


# ---------------------------------------------------------------- clocks

_HOURS = "twelve one two three four five six seven eight nine ten eleven".split()
_MINUTES = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}
_HALF_DAY = 720


def _at(text: str) -> int | None:
    """Minutes since twelve, of digits or of words."""
    digits = re.fullmatch(r"(\d{1,2}):(\d\d)", text)
    if digits and int(digits[2]) < 60:
        return (int(digits[1]) * 60 + int(digits[2])) % _HALF_DAY
    words = re.fullmatch(r"(?:([\w-]+) (past|to) )?(\w+?)(?: o'clock)?", text.lower())
    if digits or words is None or words[3] not in _HOURS or (words[1] and words[1] not in _MINUTES):
        return None
    by = _MINUTES[words[1]] if words[1] else 0
    return (_HOURS.index(words[3]) * 60 + (by if words[2] == "past" else -by)) % _HALF_DAY


def _same_time(found: re.Match[str], answer: str) -> Verdict:
    shown, said = _at(found["shown"]), _at(answer)
    return None if shown is None else said == shown


def _hands(found: re.Match[str], answer: str) -> Verdict:
    return _at(answer) == int(found["hour"]) % 12 * 60 + int(found["long_hand"]) % 12 * 5


def _length(text: str) -> int:
    hours, minutes = re.search(r"(\d+) hour", text), re.search(r"(\d+) minute", text)
    return (int(hours[1]) * 60 if hours else 0) + (int(minutes[1]) if minutes else 0)


def _moved(found: re.Match[str], answer: str) -> Verdict:
    start, by = _at(found["shown"]), _length(found["long"])
    if start is None or not by:
        return None
    return _at(answer) == (start + (by if found["way"] == "after" else -by)) % _HALF_DAY


def _how_long(found: re.Match[str], answer: str) -> Verdict:
    (hour, minute), (later, ended) = (map(int, found[name].split(":")) for name in ("start", "end"))
    return _length(f"{answer} minutes" if answer.isdigit() else answer) == (later - hour) * 60 + ended - minute


def _full_day(found: re.Match[str], answer: str) -> Verdict:
    at = _at(found["shown"])
    if at is None:
        return None
    at += _HALF_DAY if found["half"] == "p.m." else 0
    return answer == f"{at // 60:02d}:{at % 60:02d}"


# ---------------------------------------------------------------- how it is asked, stated, and listed

_HANDS = (
    r"the hour hand (?:points to|is between) (?P<hour>\d+)(?: and \d+)?"
    r" and the minute hand points to (?P<long_hand>\d+)"
)
_CIRCLE = r"(?P<of>area|circumference), as a multiple of π, of a circle with (?P<by>radius|diameter) (?P<size>\d+) \w+"
_BALANCE = r"(?:Balance the equation with the smallest whole numbers:|Which of these is the balanced equation of)"

# As a question, as a statement, and as the item of a list.
_TOLD: list[tuple[str, str, str, Judge]] = [
    (
        r"Between which two neighbouring whole numbers does √(?P<square>\d+) lie\?",
        rf"√(?P<square>\d+) lies between {_A}\.",
        _NEVER,
        _neighbours,
    ),
    (
        r"Which of these triples of sides, the longest of (?P<longest>\d+) cm, makes a right triangle\?",
        _NEVER,
        _NEVER,
        _right_angle,
    ),
    (
        r"Which of these numbers is (?P<shown>\S+) when it is rounded to the nearest (?P<to>ten|hundred)\?",
        _NEVER,
        _NEVER,
        _rounds_to,
    ),
    (rf"What is the {_CIRCLE}\?", rf"The {_CIRCLE} is {_A}\.", _NEVER, _circle),
    (
        rf"A bag holds {_BAG}\. One is drawn without looking\. What is the probability that it is (?P<colour>\w+)\?",
        rf"From a bag of {_BAG} a (?P<colour>\w+) one is drawn with a probability of {_A}\.",
        rf"(?P<colour>\w+), from {_BAG}",
        _bag,
    ),
    (
        r"A fair die with the numbers 1 to 6 is thrown\. What is the probability of (?P<event>.+)\?",
        rf"On a fair die the probability of (?P<event>.+) is {_A}\.",
        r"(?P<event>an? (?:even number|number .*|multiple .*|prime number|\d))",
        _die,
    ),
    (
        r"Two fair coins are thrown\. What is the probability of (?P<event>.+)\?",
        rf"With two fair coins the probability of (?P<event>.+) is {_A}\.",
        _NEVER,
        _coins,
    ),
    (
        rf"How many atoms of (?P<element>\w+) are there in {_COUNTED}\?",
        rf"In {_COUNTED} there are {_A} atoms of (?P<element>\w+)\.",
        rf"(?P<element>[A-Z][a-z]?) in {_COUNTED}",
        _of_element,
    ),
    (
        r"Which number belongs in the gap, so that the equation is balanced: (?P<equation>.+)",
        _NEVER,
        _NEVER,
        _fills,
    ),
    (rf"{_BALANCE} (?P<bare>.+?)\??", _NEVER, _NEVER, _balanced),
    (
        rf"On a clock {_HANDS}\. What time is it, in digits\?",
        rf"When on a clock {_HANDS}, it is {_A}\.",
        _NEVER,
        _hands,
    ),
    (
        rf"How do you say (?P<shown>{_TIME}) in words, .*\?",
        rf"With “past”, “to” or “o'clock”, (?P<shown>{_TIME}) is said as “{_A}”\.",
        _NEVER,
        _same_time,
    ),
    (r"Write “(?P<shown>[\w' -]+)” in digits\.", rf"In digits, “(?P<shown>[\w' -]+)” is {_A}\.", _NEVER, _same_time),
    (
        rf"What time is it {_LONG} (?P<way>after|before) (?P<shown>{_TIME}), on a clock of twelve hours\?",
        rf"{_LONG} (?P<way>after|before) (?P<shown>{_TIME}) it is {_A}\.",
        rf"{_LONG} (?P<way>after|before) (?P<shown>{_TIME})",
        _moved,
    ),
    (
        rf".* begins at (?P<start>{_TIME}) and ends at (?P<end>{_TIME})\. How many minutes does it take\?",
        rf"From (?P<start>{_TIME}) to (?P<end>{_TIME}) it is {_A}\.",
        rf"from (?P<start>{_TIME}) to (?P<end>{_TIME})",
        _how_long,
    ),
    (
        rf"Write (?P<shown>{_TIME}) (?P<half>[ap]\.m\.) on the 24-hour clock\.",
        rf"On the 24-hour clock (?P<shown>{_TIME}) (?P<half>[ap]\.m\.) is {_A}\.",
        rf"(?P<shown>{_TIME}) (?P<half>[ap]\.m\.)",
        _full_day,
    ),
]

_PAPER = r"on squared paper"
_EACH = r"Each square is 1 cm² large\."
_CM2 = r"squares of 1 cm²"


def _sum(*numbers: Fraction) -> Fraction:
    return sum(numbers, start=Fraction())


def _leaves_out_side(reckon: Reckon) -> Reckon:
    """Without the 1 of "each square is 1 cm² large"."""
    return lambda *numbers: reckon(*numbers[:-1])


_FROM_NUMBERS: list[tuple[str, str, str, Reckon]] = [
    (
        r"A spinner has \d+ equal sectors, numbered from 1\. What is the probability of \d+ or more\?",
        rf"On a spinner with the numbers 1 to \d+ the probability of \d+ or more is {_A}\.",
        _NEVER,
        lambda one, other, least: (max(one, other) - least + 1) / max(one, other),
    ),
    (
        r"The probability that .* is \S+\. What is the probability that this does not happen\?",
        rf"If the probability that .* is \S+, the probability of the opposite is {_A}\.",
        r"happens: \S+",
        lambda chance: 1 - chance,
    ),
    (
        r"A spinner shows a star with a probability of \S+\. In \d+ spins, how many stars are expected\?",
        rf"With a probability of \S+ a star is expected {_A} times in \d+ spins\.",
        r"\S+ in \d+ spins",
        lambda chance, times: chance * times,
    ),
    (
        r"A bag holds \d+ balls\. A \w+ ball is drawn with a probability of \S+\. How many \w+ balls are in the bag\?",
        rf"Of \d+ balls, from which a \w+ one is drawn with a probability of \S+, {_A} are \w+\.",
        _NEVER,
        lambda whole, chance: whole * chance,
    ),
    (
        r"Two fair dice are thrown\. What is the probability that the numbers add up to \d+\?",
        rf"With two fair dice the probability of a sum of \d+ is {_A}\.",
        r"a sum of \d+",
        _two_dice,
    ),
    (
        r"On a map at 1 : \S+ two towns are \d+ cm apart\. How many kilometres is that\?",
        rf"At 1 : \S+, \d+ cm on the map are {_A}\.",
        _NEVER,
        lambda one, scale, long: scale / one * long / 100_000,
    ),
    (_NEVER, _NEVER, r"rows of .* squares", _sum),
    (
        rf"A shape {_PAPER} has rows of .* whole squares\. {_EACH} What is its area\?",
        rf"A shape with rows of .* {_CM2} has an area of {_A}\.",
        _NEVER,
        _leaves_out_side(_sum),
    ),
    (
        rf"A rectangle {_PAPER} covers .* squares\. {_EACH} What is its area\?",
        rf"A rectangle of \d+ rows of \d+ {_CM2} has an area of {_A}\.",
        r"\d+ rows of \d+ squares",
        lambda rows, each, *_: rows * each,
    ),
    (
        rf"A shape {_PAPER} covers .* half squares\. {_EACH} What is its area\?",
        rf"A shape of \d+ whole and \d+ half {_CM2} has an area of {_A}\.",
        r"\d+ whole and \d+ half squares",
        lambda whole, halves, *_: whole + halves / 2,
    ),
    (
        r"A shape covers \d+ squares with sides of \d+ cm\. What is its area\?",
        rf"A shape of \d+ squares with sides of \d+ cm has an area of {_A}\.",
        r"\d+ squares with sides of \d+ cm",
        lambda count, side: count * side * side,
    ),
    (
        rf"A frame {_PAPER} is .* without a hole of .* squares\. {_EACH} What is its area\?",
        _NEVER,
        r"\d+ rows of \d+ squares without \d+ by \d+",
        lambda rows, each, high, wide, *_: rows * each - high * wide,
    ),
    (
        rf"The outline of .* holds \d+ whole squares and cuts \d+ others\. {_EACH} About how large is its area, .*\?",
        rf"With cut squares as halves, \d+ whole and \d+ cut {_CM2} are about {_A}\.",
        r"\d+ whole and \d+ cut squares",
        lambda whole, cut, *_: whole + cut / 2,
    ),
    (
        rf"A rectangle {_PAPER} has an area of \d+ cm², with \d+ squares in each row\. {_EACH} How many rows .*\?",
        rf"A rectangle of \d+ cm² with \d+ {_CM2} in each row has {_A} rows\.",
        r"\d+ cm² in rows of \d+",
        lambda area, each, *_: area / each,
    ),
]

_ALL = [*_TOLD, *((asked, stated, listed, judge_by(reckon)) for asked, stated, listed, reckon in _FROM_NUMBERS)]
ASKED: Mapping[str, Judge] = {asked: judge for asked, _, _, judge in _ALL if asked != _NEVER}
STATED: Mapping[str, Judge] = {stated: judge for _, stated, _, judge in _ALL if stated != _NEVER}
LISTED: Mapping[str, Judge] = {listed: judge for _, _, listed, judge in _ALL if listed != _NEVER}
"""What the item of a list is answered with."""
