"""Keys of computed exercises against libraries that know the subject: each printed question is worked out by them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from itertools import product

import inflect
import pint
import pytest
import sympy

from lessongen.writers.computed.conjugation import SUBJECTS, all_verbs
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.registry import all_skills, modules_for

SEEDS = 200
Oracle = Callable[[re.Match[str], str], bool]
INFLECT = inflect.engine()
UNITS: pint.UnitRegistry[float] = pint.UnitRegistry()
_N = r"(-?[\d,.]+(?<![,.]))"


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))


def _numbers(text: str) -> list[Fraction]:
    plain = text.replace("\N{MINUS SIGN}", "-")
    return [_number(each) for each in re.findall(r"-?\d+(?:,\d{3})*(?:\.\d+)?(?:/\d+)?", plain)]


def _is(value: object, answer: str) -> bool:
    """Whether the answer's number is the value."""
    told = re.match(r"[\N{MINUS SIGN}\d,./]+", answer)
    return told is not None and sympy.Rational(str(_number(told.group().rstrip(".,")))) == value


# ---------------------------------------------------------------- geometry


@cache
def _solved(equation: sympy.Expr) -> sympy.Expr:
    x = sympy.Symbol("x", positive=True)
    return sympy.solve(equation.subs(sympy.Symbol("x"), x), x)[0]


def _length(answer: str) -> sympy.Expr | None:
    told = answer.removesuffix(" cm").removesuffix(" km").removesuffix(" m")
    found = re.fullmatch(r"(√?)(\d+)", told)
    return None if found is None else (sympy.sqrt(int(found[2])) if found[1] else sympy.Integer(found[2]))


def _hypotenuse(found: re.Match[str], answer: str) -> bool:
    a, b = map(int, _numbers(found.group()))
    return bool(_length(answer) == sympy.Point(a, 0).distance(sympy.Point(0, b)))


def _leg(found: re.Match[str], answer: str) -> bool:
    known = sorted(map(int, _numbers(found.group())))
    x = sympy.Symbol("x")
    return bool(_length(answer) == _solved(x**2 + known[0] ** 2 - known[1] ** 2))


def _right_triangle(found: re.Match[str], answer: str) -> bool:
    a, b, c = map(int, _numbers(answer))
    return bool(sympy.acos(sympy.Rational(a**2 + b**2 - c**2, 2 * a * b)) == sympy.pi / 2)


def _distance(found: re.Match[str], answer: str) -> bool:
    x, y, u, v = map(int, _numbers(found.group()))
    return bool(_length(answer) == sympy.Point(x, y).distance(sympy.Point(u, v)))


def _last_angle(whole: int, *, twice: bool = False, base: bool = False) -> Oracle:
    def judge(found: re.Match[str], answer: str) -> bool:
        known = [int(each) for each in re.findall(r"(\d+)°", found.group())]
        x = sympy.Symbol("x")
        equation = 2 * x + known[0] - whole if base else x + sum(known) * (2 if twice else 1) - whole
        return _is(_solved(equation), answer)

    return judge


def _exterior(found: re.Match[str], answer: str) -> bool:
    one, other = (int(each) for each in re.findall(r"(\d+)°", found.group()))
    inner, outer = sympy.symbols("inner outer")
    solved = sympy.solve([one + other + inner - 180, inner + outer - 180], [inner, outer])
    return _is(solved[outer], answer)


def _at_lines(found: re.Match[str], answer: str) -> bool:
    """The angle itself, or what is left of a half turn."""
    known, told = int(found[1]), int(answer.removesuffix("°"))
    is_same = any(word in found.group() for word in ("opposite", "corresponding", "alternate"))
    return told < 180 and bool(sympy.Mod(told - known if is_same else told + known, 180) == 0)


# ---------------------------------------------------------------- numbers


def _to_decimal(found: re.Match[str], answer: str) -> bool:
    return _is(int(found[1], 2), answer)


def _to_binary(found: re.Match[str], answer: str) -> bool:
    return f"{int(found[1]):b}" == answer


def _digit(found: re.Match[str], answer: str) -> bool:
    return answer in "01" and int(found[1].replace("?", answer), 2) == int(found[2])


def _after(found: re.Match[str], answer: str) -> bool:
    return f"{int(found[1], 2) + 1:b}" == answer


def _sum_of_bits(found: re.Match[str], answer: str) -> bool:
    return f"{int(found[1], 2) + int(found[2], 2):b}" == answer


def _of_bits(found: re.Match[str], answer: str) -> bool:
    return _is(len(list(product("01", repeat=int(found[1])))), answer)


def _bits_for(found: re.Match[str], answer: str) -> bool:
    return _is(sympy.ceiling(sympy.log(int(found[1]), 2)), answer)


_STEPS = {"ten": "1E1", "hundred": "1E2", "thousand": "1E3", "whole number": "1", "tenth": "0.1", "hundredth": "0.01"}


def _nearest(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)


def _rounded(found: re.Match[str], answer: str) -> bool:
    return _nearest(Decimal(found[1].replace(",", "")), _STEPS[found[2]]) == Decimal(answer.replace(",", ""))


def _significant(found: re.Match[str], answer: str) -> bool:
    count = {"one": 1, "two": 2, "three": 3}[found[2]]
    value = Decimal(found[1].replace(",", ""))
    return _nearest(value, f"1E{value.adjusted() - count + 1}") == Decimal(answer.replace(",", ""))


def _outermost(found: re.Match[str], answer: str) -> bool:
    shown, step = Decimal(found[1].replace(",", "")), _STEPS[found[2]]
    near = range(int(shown) - 1000, int(shown) + 1001)
    fitting = [each for each in near if _nearest(Decimal(each), step) == shown]
    return {"smallest": fitting[0], "largest": fitting[-1]}[found[3]] == int(answer.replace(",", ""))


def _rounds_to(found: re.Match[str], answer: str) -> bool:
    return _nearest(Decimal(answer.replace(",", "")), _STEPS[found[2]]) == Decimal(found[1].replace(",", ""))


def _estimated(found: re.Match[str], answer: str) -> bool:
    return _nearest(Decimal(found[1]), "1E1") * _nearest(Decimal(found[2]), "1E1") == Decimal(answer.replace(",", ""))


def _journey(of: str) -> Oracle:
    """Speed, distance or time with units."""

    def judge(found: re.Match[str], answer: str) -> bool:
        amounts = [
            UNITS.Quantity(float(amount), unit.replace("minutes", "min"))
            for amount, unit in re.findall(r"(\d+) (km/h|m/s|km|minutes|m|h|s)\b", found.group())
        ]
        told, _, unit = answer.partition(" ")
        if of == "speed":
            ways = [each for each in amounts if each.check("[length]")]
            times = [each for each in amounts if each.check("[time]")]
            right = sum(ways[1:], ways[0]) / sum(times[1:], times[0])
        elif of == "distance":
            right = amounts[0] * amounts[1]
        else:
            speed, way = sorted(amounts, key=lambda each: bool(each.check("[length]")))
            right = way / speed
        return bool(abs(right.to(unit).magnitude - float(_number(told))) < 1e-6)

    return judge


# ---------------------------------------------------------------- chance


def _share(outcomes: Sequence[bool], answer: str) -> bool:
    return _is(sympy.Rational(sum(outcomes), len(outcomes)), answer)


def _drawn(found: re.Match[str], answer: str) -> bool:
    bag = [colour for count, colour in re.findall(r"(\d+) (\w+)", found[1]) for _ in range(int(count))]
    return _share([each == found[2] for each in bag], answer)


_EVENTS: Mapping[str, Callable[[int], bool]] = {
    "an even number": lambda face: face % 2 == 0,
    "a number above 4": lambda face: face > 4,
    "a number below 5": lambda face: face < 5,
    "a multiple of 3": lambda face: face % 3 == 0,
    "a prime number": sympy.isprime,
    "a 6": lambda face: face == 6,
    "a number that is not 1": lambda face: face != 1,
    "two heads": lambda heads: heads == 2,
    "one head and one tail": lambda heads: heads == 1,
    "at least one head": lambda heads: heads >= 1,
}


def _thrown(found: re.Match[str], answer: str) -> bool:
    return _share([_EVENTS[found[1]](face) for face in range(1, 7)], answer)


def _spun(found: re.Match[str], answer: str) -> bool:
    return _share([face >= int(found[2]) for face in range(1, int(found[1]) + 1)], answer)


def _coins(found: re.Match[str], answer: str) -> bool:
    return _share([_EVENTS[found[1]](pair.count("head")) for pair in product(("head", "tail"), repeat=2)], answer)


def _two_dice(found: re.Match[str], answer: str) -> bool:
    return _share([sum(pair) == int(found[1]) for pair in product(range(1, 7), repeat=2)], answer)


def _opposite(found: re.Match[str], answer: str) -> bool:
    return _is(1 - sympy.Rational(found[1]), answer)


def _times(chance: int, count: int) -> Oracle:
    def judge(found: re.Match[str], answer: str) -> bool:
        return _is(sympy.Rational(found[chance]) * int(found[count]), answer)

    return judge


# ---------------------------------------------------------------- circuits


def _circuit(found: re.Match[str], answer: str) -> bool:
    """Ohm's law with units: what is asked for is what has the answer's unit."""
    given = [UNITS.Quantity(Decimal(amount), unit) for amount, unit in re.findall(r"([\d.]+) (V|A|Ω)", found.group())]
    ohms = [each for each in given if each.check("[resistance]")]
    volts = [each for each in given if each.check("[resistance] * [current]")]
    amperes = [each for each in given if each.check("[current]")]
    count = next(
        (times for word, times in (("Two", 2), ("Three", 3), ("Four", 4)) if f"{word} resist" in found.group()), 1
    )
    if "parallel" in found.group():
        ways = ohms * count
        right = 1 / sum((1 / each for each in ways[1:]), 1 / ways[0])
    elif "Two lamps" in found.group():
        right = volts[0] - volts[1]
    elif "total resistance" in found.group():
        right = sum(ohms[1:], ohms[0])
    elif volts:
        right = volts[0] / (sum(ohms[1:], ohms[0]) if ohms else amperes[0])
    else:
        right = amperes[0] * ohms[0]
    told, _, unit = answer.partition(" ")
    return abs(float(right.to(unit).magnitude) - float(_number(told))) < 1e-9


# ---------------------------------------------------------------- reactions


def _composition(formula: str) -> dict[str, int]:
    """Brackets multiplied out, and then summed up by sympy as a polynomial of the elements."""
    text = formula.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    text = re.sub(r"\)(\d*)", lambda end: f")*{end[1] or 1}+", text)
    text = re.sub(r"([A-Z][a-z]?)(\d*)", lambda atom: f"{atom[1]}_*{atom[2] or 1}+", text.replace("(", "("))
    text = re.sub(r"\+(?=\)|$)", "", text)
    total = sympy.expand(
        sympy.sympify(text, locals={name: sympy.Symbol(name) for name in re.findall(r"[A-Z][a-z]?_", text)})
    )
    return {str(symbol).rstrip("_"): int(count) for symbol, count in total.as_coefficients_dict().items()}


@cache
def _coefficients(left: tuple[str, ...], right: tuple[str, ...]) -> list[int]:
    """The smallest whole numbers in the null space of the matrix of elements."""
    sides = [*(_composition(each) for each in left), *(_composition(each) for each in right)]
    elements = sorted({element for side in sides for element in side})
    rows = [
        [side.get(element, 0) * (1 if at < len(left) else -1) for at, side in enumerate(sides)] for element in elements
    ]
    (space,) = sympy.Matrix(rows).nullspace()
    whole = space * sympy.ilcm(*(each.q for each in space))
    return [int(each / sympy.igcd(*whole)) for each in whole]


def _terms(equation: str) -> tuple[list[str], list[str], list[str]]:
    """What stands in front, and the formulas of both sides."""
    sides = [[term.rpartition(" ") for term in side.split(" + ")] for side in equation.split(" → ")]
    left, right = ([each[2] for each in side] for side in sides)
    return [front or "1" for side in sides for front, _, _ in side], left, right


def _balanced(found: re.Match[str], answer: str) -> bool:
    fronts, left, right = _terms(answer)
    _, *asked = _terms(found[1])
    return [left, right] == asked and [int(each) for each in fronts] == _coefficients(tuple(left), tuple(right))


def _in_gap(found: re.Match[str], answer: str) -> bool:
    fronts, left, right = _terms(found[1])
    return _is(_coefficients(tuple(left), tuple(right))[fronts.index("_____")], answer)


def _atoms_in(found: re.Match[str], answer: str) -> bool:
    return _is(int(found[2]) * _composition(found[3])[found[1]], answer)


# ---------------------------------------------------------------- time


def _parsed(text: str, form: str) -> datetime:
    return datetime.strptime(text, form).replace(tzinfo=UTC)


def _clock(text: str) -> datetime | None:
    return _parsed(text, "%I:%M") if re.fullmatch(r"(?:1[0-2]|[1-9]):[0-5]\d", text) else None


def _hands(found: re.Match[str], answer: str) -> bool:
    told = _clock(answer)
    if told is None:
        return False
    hour_hand, minute_hand = (told.hour % 12) + told.minute / 60, told.minute / 5
    first, second = int(found[1]) % 12, int(found[2] or found[1]) % 12
    at_hour = hour_hand == first if found[2] is None else first < hour_hand < first + 1 and second == (first + 1) % 12
    return at_hour and minute_hand == int(found[3]) % 12


_NUMBERS = "twelve one two three four five six seven eight nine ten eleven".split()
_AMOUNTS = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}


def _spoken(words: str) -> datetime | None:
    found = re.fullmatch(r"(?:(\S+) (past|to) )?(\w+)(?: o'clock)?", words)
    if found is None or found[3] not in _NUMBERS:
        return None
    by = timedelta(minutes=_AMOUNTS[found[1]] if found[1] else 0)
    full = datetime(2000, 1, 2, tzinfo=UTC) + timedelta(hours=_NUMBERS.index(found[3]))
    return full - by if found[2] == "to" else full + by


def _same_time(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and (one - other).total_seconds() % (12 * 3600) == 0


def _said(found: re.Match[str], answer: str) -> bool:
    return _same_time(_clock(found[1]), _spoken(answer))


def _written(found: re.Match[str], answer: str) -> bool:
    return _same_time(_spoken(found[1]), _clock(answer))


def _moved(found: re.Match[str], answer: str) -> bool:
    by = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))
    start = _clock(found[4])
    assert start is not None
    return _same_time(start + by if found[3] == "after" else start - by, _clock(answer))


def _lasts(found: re.Match[str], answer: str) -> bool:
    start, end = (_parsed(each, "%H:%M") for each in (found[1], found[2]))
    return _is(int((end - start).total_seconds()) // 60, answer)


def _of_24(found: re.Match[str], answer: str) -> bool:
    return _parsed(found[1].replace(".", ""), "%I:%M %p").strftime("%H:%M") == answer


# ---------------------------------------------------------------- squares


@cache
def _area(wide: int, high: int) -> sympy.Expr:
    return abs(sympy.Polygon((0, 0), (wide, 0), (wide, high), (0, high)).area)


def _covered(found: re.Match[str], answer: str) -> bool:
    """The area of the shape as a polygon in a grid, its rows one under the other."""
    if not answer.endswith(" cm²"):
        return False
    rows = [int(each) for each in re.findall(r"\d+", found[1])]
    return _is(sum(_area(row, 1) for row in rows), answer)


def _oblong(found: re.Match[str], answer: str) -> bool:
    high, wide = int(found[1]), int(found[2])
    return _is(_area(wide, high), answer)


def _frame(found: re.Match[str], answer: str) -> bool:
    high, wide, down, across = (int(each) for each in found.groups())
    return _is(_area(wide, high) - _area(across, down), answer)


def _halved(found: re.Match[str], answer: str) -> bool:
    return _is(int(found[1]) + sympy.Rational(int(found[2]), 2), answer)


def _larger(found: re.Match[str], answer: str) -> bool:
    one = UNITS.Quantity(int(found[2]), "cm") ** 2
    told, _, unit = answer.partition(" ")
    return bool((one * int(found[1])).to(unit.replace("²", "**2")).magnitude == float(_number(told)))


def _rows_of(found: re.Match[str], answer: str) -> bool:
    return _is(sympy.Rational(int(found[1]), int(found[2])), answer)


# ---------------------------------------------------------------- English


def _with_s(verb: str) -> str:
    """A verb takes its ending as a noun takes that of the plural."""
    return "has" if verb == "have" else str(INFLECT.plural_noun(verb))


def _third_person(found: re.Match[str], answer: str) -> bool:
    return answer == _with_s(found[1])


_MANY = ("I", "You", "We", "They", "The children", "Anna and Tom")


def _agrees(found: re.Match[str], answer: str) -> bool:
    return answer == (found[1] if found[2] in _MANY else _with_s(found[1]))


def _verb_of(found: re.Match[str], answer: str) -> bool:
    return answer in all_verbs() and _with_s(answer) == found[1]


def _changes_alike(found: re.Match[str], answer: str) -> bool:
    def ending(verb: str) -> str:
        form = _with_s(verb)
        return form.removeprefix(verb) if form.startswith(verb) else form[-3:]

    return ending(answer) == ending(found[1])


def _of_be(found: re.Match[str], answer: str) -> bool:
    return answer == ("am" if found[1] == "I" else "are" if found[1] in _MANY else "is")


_FULL = {"t": "not", "m": "am", "re": "are", "s": "is", "ve": "have", "ll": "will"}


def _long_form(short: str) -> str:
    before, _, ending = short.partition("'")
    if ending == "t":
        before = {"wo": "will", "ca": "can"}.get(before[:-1], before[:-1])
    return f"{before} {_FULL.get(ending, '')}".replace("can not", "cannot")


def _shortened(found: re.Match[str], answer: str) -> bool:
    return "'" in answer and _long_form(answer) == found[1]


def _lengthened(found: re.Match[str], answer: str) -> bool:
    return _long_form(found[1]) == answer


def _owner(found: re.Match[str], answer: str) -> bool:
    thing, owner = found[1], found[2]
    is_several = INFLECT.singular_noun(owner) is not False
    return answer == f"the {owner}{chr(39)}{'' if is_several and owner.endswith('s') else 's'} {thing}"


def _who_owns(found: re.Match[str], answer: str) -> bool:
    owner = (
        found[1].split()[1].rstrip("s").rstrip("'") if found[1].split()[1].endswith("'s") else found[1].split()[1][:-1]
    )
    is_several = INFLECT.singular_noun(owner) is not False
    return answer == (f"several {owner}" if is_several else f"one {owner}")


def _many(found: re.Match[str], answer: str) -> bool:
    return answer == INFLECT.plural_noun(found[1])


_AFTER_TWO_WORDS = set("raining a broken too late well the ready waiting twins hungry coming there? singing at".split())


def _one_or_two_words(found: re.Match[str], answer: str) -> bool:
    owner, short, sentence = found.groups()
    following = sentence.partition("_____ ")[2].split()[0]
    bare = following.rstrip(".,") in _AFTER_TWO_WORDS or following in _AFTER_TWO_WORDS
    return answer.lower() == (short if bare else owner)


def _parsed_sentence(text: str) -> tuple[str, str, str, str]:
    """Auxiliary, subject, verb with what follows, and kind of a question, a negative or a statement."""
    subjects = "|".join(
        each if each in ("Anna and Tom",) else f"[{each[0]}{each[0].lower()}]{each[1:]}" for each in SUBJECTS
    )
    if text.endswith("?"):
        found = re.fullmatch(rf"(\w+) ({subjects}) (.*)\?", text)
        return (found[1].lower(), found[2].lower(), found[3], "question") if found else ("", "", "", "")
    found = re.fullmatch(rf"({subjects})(?: (\w+) not)? (.*)\.", text)
    return (found[2] or "", found[1].lower(), found[3], "negative" if found[2] else "statement") if found else ("",) * 4


_AUXILIARIES = {"do", "does", "did", "is", "are", "was", "were", "have", "has"}


def _inflected(said: str) -> tuple[str, str, str] | None:
    """Auxiliary, verb and rest of what a statement says."""
    first, _, rest = said.partition(" ")
    if first in _AUXILIARIES - {"do", "does", "did"} and rest.split()[0] not in ("the", "a", "an", "home"):
        return first, *rest.partition(" ")[::2]
    return "", first, rest


def _turned(kind: str) -> Oracle:
    """Whether what is asked about, turned into that kind, is the answer: by inflect and the list of verbs."""

    def judge(found: re.Match[str], answer: str) -> bool:
        given, told = _parsed_sentence(found[1]), _parsed_sentence(answer)
        if told[3] != kind or told[1] != given[1]:
            return False
        statement, other = (given, told) if given[3] == "statement" else (told, given)
        parts, is_third = _inflected(statement[2]), given[1] not in {each.lower() for each in _MANY}
        assert parts is not None
        auxiliary, verb, rest = parts
        if auxiliary:
            return (other[0], other[2]) == (auxiliary, f"{verb} {rest}".strip())
        base, _, after = other[2].partition(" ")
        past = {each.base: each.past for each in all_verbs().values()}.get(base)
        expected = {"did": past, "does": _with_s(base), "do": base}.get(other[0])
        agrees = other[0] == "did" or (other[0] == "does") is is_third
        return agrees and (verb, rest) == (expected, after)

    return judge


_SET = {"present simple": {"do", "does"}, "past simple": {"did"}, "present continuous": {"is", "are"}}
_SETS = {**_SET, "past continuous": {"was", "were"}, "present perfect": {"have", "has"}}


def _fits_gap(found: re.Match[str], answer: str) -> bool:
    is_many = any(found[2].startswith(f"{each[:1].lower()}{each[1:]} ") for each in _MANY) or "Anna" in found[2]
    singular = {"does", "did", "is", "was", "has"}
    wanted = {"do", "did", "are", "were", "have"} if is_many else singular
    return answer.lower() in _SETS[found[1]] & wanted


def _replied(found: re.Match[str], answer: str) -> bool:
    auxiliary, subject, _, _ = _parsed_sentence(found[2])
    pronoun = {"she": "she", "my sister": "she", "he": "he"}.get(subject, "they")
    said = f"{found[1].capitalize()}, {pronoun} {auxiliary}"
    return answer == (f"{said}." if found[1] == "yes" else f"{said} not.")


# ---------------------------------------------------------------- all of them


ORACLES: Mapping[str, Mapping[str, Oracle]] = {
    "pythagoras": {
        r"The legs of a right triangle are .*": _hypotenuse,
        r"The hypotenuse of a right triangle is .* other leg\?": _leg,
        r"(?:A ladder|A kite|The screen) .*": _leg,
        r"(?:A rectangular field|A ship|A mast) .*": _hypotenuse,
        r"Which of these triples .*": _right_triangle,
        r"How far is the point .*": _distance,
    },
    "binary-numbers": {
        r"Write the binary number ([01]+) as a decimal number\.": _to_decimal,
        r"Write the decimal number (\d+) as a binary number\.": _to_binary,
        r"One digit of the binary number ([01?]+) .* decimal it is (\d+)\. .*": _digit,
        r"Which binary number comes right after ([01]+)\?": _after,
        r"Add the binary numbers ([01]+) and ([01]+)\. .*": _sum_of_bits,
        r"How many different values can (\d+) bits have\?": _of_bits,
        r"How many bits are needed at least .* each of (\d+) .*": _bits_for,
    },
    "mean-speed": {
        r".* mean speed(?: in km/h)?\?": _journey("speed"),
        r".* What distance is that\?": _journey("distance"),
        r".* How long does a way of .*": _journey("time"),
    },
    "rounding": {
        rf"Round {_N} to the nearest ([a-z ]+)\.": _rounded,
        rf"Round {_N} to (one|two|three) significant figures?\.": _significant,
        rf"A whole number is {_N} when it is rounded to the nearest (\w+)\. What is the (\w+) .*": _outermost,
        rf"Which of these numbers is {_N} when it is rounded to the nearest (\w+)\?": _rounds_to,
        rf"Estimate {_N} \S {_N}: .*": _estimated,
    },
    "angles": {
        r".* angles lie side by side on a straight line\. .*": _last_angle(180),
        r".* angles lie around a point\. .*": _last_angle(360),
        r"Two angles of a triangle have [^.]*\. How large is the last one\?": _last_angle(180),
        r"Three angles of a quadrilateral .*": _last_angle(360),
        r"The two equal sides of an isosceles .*": _last_angle(180, base=True),
        r"Each of the two equal angles .*": _last_angle(180, twice=True),
        r"Two angles of a triangle have .* exterior .*": _exterior,
        r"(?:Two straight lines cross|A line crosses two parallel lines)\. One angle has (\d+)°\. .*": _at_lines,
    },
    "probability": {
        r"A bag holds (.*) balls\. One is drawn .* it is (\w+)\?": _drawn,
        r"A fair die .* probability of (.*)\?": _thrown,
        r"A spinner has (\d+) equal .* probability of (\d+) or more\?": _spun,
        r"The probability that .* is (\S+)\. What is .* does not happen\?": _opposite,
        r"A spinner shows a star with a probability of (\S+)\. In (\d+) .*": _times(1, 2),
        r"A bag holds (\d+) balls\. A .* with a probability of (\S+)\. How many .*": _times(2, 1),
        r"Two fair coins .* probability of (.*)\?": _coins,
        r"Two fair dice .* add up to (\d+)\?": _two_dice,
    },
    "ohms-law": {r".*(?:voltage|current|resistance).*": _circuit},
    "balancing-equations": {
        r"How many atoms of (\w+) are there in (\d+) (\S+)\?": _atoms_in,
        r"Which number belongs in the gap.*: (.*)": _in_gap,
        r"Which of these is the balanced equation of (.*)\?": _balanced,
        r"Balance the equation .*: (.*)": _balanced,
    },
    "telling-time": {
        r"On a clock the hour hand (?:points to|is between) (\d+)(?: and (\d+))? and .* points to (\d+)\..*": _hands,
        r"How do you say (\S+) in words.*": _said,
        r"Write “(.*)” in digits\.": _written,
        r"What time is it (?:(\d) hours?)?(?: and )?(?:(\d+) minutes)? (after|before) (\S+), .*": _moved,
        r".* begins at (\S+) and ends at (\S+)\. How many minutes .*": _lasts,
        r"Write (.*) on the 24-hour clock\.": _of_24,
    },
    "counting-squares": {
        r"A shape on squared paper has rows of (.*) whole squares\..*": _covered,
        r"A rectangle on squared paper covers (\d+) rows of (\d+) squares\..*": _oblong,
        r"A shape on squared paper covers (\d+) whole squares and (\d+) half squares\..*": _halved,
        r".* holds (\d+) whole squares and cuts (\d+) others\..*": _halved,
        r"A frame .* is (\d+) rows of (\d+) squares, without a hole of (\d+) by (\d+) squares\..*": _frame,
        r"A shape covers (\d+) squares with sides of (\d+) cm\..*": _larger,
        r".* an area of (\d+) cm², with (\d+) squares in each row\..*": _rows_of,
    },
    "apostrophes": {
        r"Write “(.*)” as one short word with an apostrophe\.": _shortened,
        r"What is “(.*)” short for\?": _lengthened,
        r"Write with an apostrophe: the (\w+) of the (\w+)\.": _owner,
        r"Complete with the plural of “(\w+)”: .*": _many,
        r"Who owns something in “(.*)”: .*": _who_owns,
        r"Complete with “(\w+)” or “(.*)”: (.*)": _one_or_two_words,
    },
    "simple-present": {
        r"Write the form of “(\w+)” that follows .*": _third_person,
        r"Complete with the simple present of “(\w+)”: (.*) _____ .*": _agrees,
        r"Which verb does “(\w+)” come from, .*": _verb_of,
        r"Which verb changes after “she” in the same way as “(\w+), .*": _changes_alike,
        r"Complete with “am”, “is” or “are”: (.*) _____ .*": _of_be,
    },
    "questions-negatives": {
        r"Turn the statement into a question: (.*)": _turned("question"),
        r"Make the statement negative, with “not”: (.*)": _turned("negative"),
        r"Turn the question into a statement: (.*)": _turned("statement"),
        r"Complete the question in the ([a-z ]+): _____ (.*)": _fits_gap,
        r"Give the short answer with “(yes|no)”: (.*)": _replied,
    },
}


def _tasks(name: str) -> list[Task]:
    """What the forms of a skill draw for all grades, from so many seeds."""
    (skill,) = [each for each in all_skills() if each.name == name]
    tasks = []
    for seed in range(SEEDS):
        rng = random.Random(seed)
        form = skill.forms[seed % len(skill.forms)]
        grade = rng.randint(form.lowest, form.highest)
        drawn = (form.draw(rng, grade) for _ in range(400))
        tasks.append(next(task for task in drawn if task is not None))
    # What can be read off a drawing alone is read off it in tests/writers/test_looking.py.
    return [task for task in tasks if task.label or not task.drawing]


@pytest.mark.parametrize("name", ORACLES)
def test_a_library_finds_each_key_and_no_wrong_option(name: str) -> None:
    seen = set()
    for task in _tasks(name):
        found = [(judge, match) for rule, judge in ORACLES[name].items() if (match := re.fullmatch(rule, task.ask))]
        assert len(found) == 1, task.ask
        ((judge, match),) = found
        assert judge(match, task.answer), (task.ask, task.answer)
        for option in task.wrong:
            assert not judge(match, option), (task.ask, option)
        seen.add(judge)
    assert seen == set(ORACLES[name].values())


# ---------------------------------------------------------------- topics


@pytest.mark.parametrize(
    ("subject", "topic", "name"),
    [
        ("mathematics", "Pythagorean theorem", "pythagoras"),
        ("maths", "pythagoras' theorem", "pythagoras"),
        ("maths", "Pythagoras: finding a missing leg", "pythagoras"),
        ("geometry", "right triangles: Pythagoras", "pythagoras"),
        ("mathematics", "the theorem of Pythagoras", "pythagoras"),
        ("grade 8 math", "Pythagorean triples", "pythagoras"),
        ("mathematics", "binary numbers", "binary-numbers"),
        ("computer science", "converting binary to decimal", "binary-numbers"),
        ("computing", "binary", "binary-numbers"),
        ("mathematics", "the binary number system", "binary-numbers"),
        ("computer science", "binary addition", "binary-numbers"),
        ("physics", "average speed", "mean-speed"),
        ("mathematics", "mean speed", "mean-speed"),
        ("maths", "speed, distance and time", "mean-speed"),
        ("science", "calculating speed", "mean-speed"),
        ("mathematics", "rounding decimals", "rounding"),
        ("mathematics", "rounding to the nearest ten", "rounding"),
        ("math", "significant figures", "rounding"),
        ("chemistry", "significant figures", "rounding"),
        ("mathematics", "rounding numbers", "rounding"),
        ("mathematics", "angles", "angles"),
        ("geometry", "angles in a triangle", "angles"),
        ("mathematics", "angles on a straight line", "angles"),
        ("mathematics", "angles and parallel lines", "angles"),
        ("mathematics", "vertically opposite angles", "angles"),
        ("maths", "missing angles in triangles", "angles"),
        ("mathematics", "probability", "probability"),
        ("statistics", "probability of simple events", "probability"),
        ("maths", "simple probability with dice and coins", "probability"),
        ("physics", "Ohm's law", "ohms-law"),
        ("science", "simple circuits", "ohms-law"),
        ("physics", "series and parallel circuits", "ohms-law"),
        ("physics", "voltage, current and resistance", "ohms-law"),
        ("electrical engineering", "Ohm's law", "ohms-law"),
        ("chemistry", "balancing chemical equations", "balancing-equations"),
        ("science", "balancing equations", "balancing-equations"),
        ("chemistry", "how to balance chemical equations", "balancing-equations"),
        ("mathematics", "telling time", "telling-time"),
        ("maths", "telling the time", "telling-time"),
        ("english", "telling the time", "telling-time"),
        ("math", "reading an analog clock", "telling-time"),
        ("mathematics", "elapsed time", "telling-time"),
        ("mathematics", "the 24-hour clock", "telling-time"),
        ("mathematics", "area by counting squares", "counting-squares"),
        ("maths", "counting squares to find area", "counting-squares"),
        ("mathematics", "unit squares", "counting-squares"),
        ("english", "apostrophes", "apostrophes"),
        ("English", "possessive apostrophes", "apostrophes"),
        ("english", "contractions", "apostrophes"),
        ("grammar", "its and it's", "apostrophes"),
        ("english", "present simple", "simple-present"),
        ("English", "simple present", "simple-present"),
        ("ESL", "present simple: third person s", "simple-present"),
        ("english", "simple present with its spellings", "simple-present"),
        ("english", "questions and negatives", "questions-negatives"),
        ("english", "negative sentences", "questions-negatives"),
        ("grammar", "yes/no questions", "questions-negatives"),
        ("english", "questions in the past simple", "questions-negatives"),
        ("English", "present simple tense", "simple-present"),
        ("math", "round off to the nearest 10", "rounding"),
        ("technology", "binary numbers", "binary-numbers"),
        ("math", "area on a grid", "counting-squares"),
    ],
)
def test_many_ways_to_ask_find_the_skill(subject: str, topic: str, name: str) -> None:
    assert [module.name for module in modules_for(subject, topic)] == [name]


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("history", "Pythagoras"),
        ("mathematics", "life of Pythagoras"),
        ("mathematics", "Pythagorean tuning"),
        ("philosophy", "Pythagoras"),
        ("astronomy", "binary star"),
        ("physics", "binary star"),
        ("chemistry", "binary compounds"),
        ("mathematics", "binary trees"),
        ("physics", "speed of light"),
        ("physics", "speed of sound"),
        ("music", "speed"),
        ("mathematics", "probability theory history"),
        ("mathematics", "probability distributions"),
        ("mathematics", "conditional probability"),
        ("physics", "angle of incidence"),
        ("mathematics", "angle bisectors"),
        ("fishing", "angles"),
        ("biology", "rounding"),
        ("mathematics", "rounding error analysis"),
        ("mathematics", "balancing equations"),
        ("biology", "circuits"),
        ("physics", "integrated circuits"),
        ("history", "Georg Ohm"),
        ("physics", "Kirchhoff's laws"),
        ("chemistry", "reaction rates"),
        ("biology", "biological clock"),
        ("physics", "time dilation"),
        ("history", "history of the clock"),
        ("mathematics", "magic squares"),
        ("medicine", "contractions"),
        ("spanish", "simple present"),
        ("history", "questions"),
        ("english", "essay questions"),
        ("english", "question words"),
        ("photography", "negatives"),
        ("english", "poetry"),
        ("mathematics", "least squares"),
    ],
)
def test_near_topics_find_none(subject: str, topic: str) -> None:
    assert modules_for(subject, topic) == ()
