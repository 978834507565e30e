"""Whether a number follows from cited ones: difference, sum, product, ratio, rounding, per cent, and the time between.

It says what a plain reader could work out, not that the sentence does it rightly: that is for a judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from lessongen.check.word_rules.numbers import Number, numbers_of
from lessongen.check.word_rules.passage import Passage

_ABOUT = frozenset("about around roughly approximately some nearly almost circa close near".split())
_ABOVE = frozenset("over more least than exceeding above".split())
_BELOW = frozenset("under less fewer below most up almost nearly within".split())
_REACH = 3  # words before a number in which "about" and the like belong to it
_ABOUT_SHARE, _BEYOND_SHARE, _SHARE_OFF, _YEARS_OFF = 0.06, 0.4, 0.025, 5
_SIZES = (
    {"second": 1.0, "minute": 60.0, "hour": 3_600.0, "day": 86_400.0, "week": 7 * 86_400.0, "month": 30.4369 * 86_400.0,
     "year": 365.2425 * 86_400.0, "decade": 3_652.425 * 86_400.0, "century": 36_524.25 * 86_400.0,
     "millennium": 365_242.5 * 86_400.0},
    {"mm": 0.001, "cm": 0.01, "in": 0.0254, "ft": 0.3048, "yd": 0.9144, "metre": 1.0, "km": 1_000.0, "mi": 1_609.344},
    {"mg": 1e-6, "gram": 0.001, "oz": 0.028349523125, "lb": 0.45359237, "kg": 1.0, "ton": 1_000.0},
    {"ha": 1.0, "acre": 0.40468564224},
    {"watt": 1.0, "kw": 1e3, "mw": 1e6},
    {"hz": 1.0, "khz": 1e3, "mhz": 1e6, "ghz": 1e9},
    {"mph": 1.609344, "kmh": 1.0},
)  # fmt: skip
"""Units of one kind by their size: a Gregorian year has 365.2425 days; yard and pound are those of 1959, in metres and
kilograms."""
_RATES = {"month": (12.0,), "week": (7.0, 52.0), "day": (24.0, 365.0), "hour": (60.0, 24.0), "minute": (60.0,)}
_MORE = frozenset("other others more further besides additional another including counting rest remaining".split())
_FIRST_OF_YEARS = 100  # a number below it is hardly a year
_MOST_SUMMED = 6
_MOST_KNOWN = 14  # numbers beyond which nearly everything would follow
_OUT_OF = frozenset(
    ("out of", "out of every", "out of each", "in", "in every", "in each", "of every", "of each", "per")
)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """A value that the quotes have, its unit, and what it is: a year, an order, a century, a count, a word."""

    value: float
    kind: str
    unit: str = ""


def follows(number: Number, sentence: Passage, quotes: Passage) -> bool:
    """Whether a number of the sentence follows from numbers of the quotes by arithmetic, or is one of them rounded."""
    value = number.value * (0.01 if number.unit == "%" else 1.0)
    known = list(_known(quotes))
    if not known or number.kind == "month":
        return False
    lead = _lead(number, sentence)
    behind = {word.lower for word in sentence.words[number.end : number.end + _REACH]}
    meets = _Meeting(value=value, lead=lead, behind=behind)
    if number.kind in ("ordinal", "century"):
        return False  # no sum is a place in an order
    is_other_unit = number.unit and any(
        each.value == number.value and each.unit not in ("", number.unit) for each in known
    )
    alike = [each for each in known if not number.unit or each.unit in ("", number.unit)]
    if any(meets.rounds(each) for each in alike):
        return True
    others = bool(_MORE & (quotes.lowers | sentence.lowers))
    if is_other_unit:
        return any(meets.is_met_by(each) for each in _converted(known, number, sentence))
    found = [
        *_derived(known[:_MOST_KNOWN], others=others),
        *_converted(known[:_MOST_KNOWN], number, sentence),
        *_multiplied(known[:_MOST_KNOWN], sentence),
    ]
    if value < 1 or number.unit == "%":
        found += _shares(known[:_MOST_KNOWN])
    if number.kind == "share":
        found += [each.value for each in known]
        return any(abs(each - value) <= _SHARE_OFF * each for each in found)
    return any(meets.is_met_by(each) for each in found)


def shares_in_words(passage: Passage) -> Iterator[Number]:
    """The shares that are told as two numbers, in per cent: "four out of five", "15 of every thousand"."""
    found = numbers_of(passage)
    for part, whole in pairwise(found):
        between = " ".join(word.lower for word in passage.words[part.end : whole.index])
        if (
            part.kind == whole.kind == "count"
            and between.removesuffix(" a") in _OUT_OF
            and 0 < part.value < whole.value
        ):
            share = 100 * part.value / whole.value
            yield Number(value=share, kind="share", unit="%", index=part.index, end=whole.end)


def is_rougher(number: Number, sentence: Passage, other: Number, quotes: Passage) -> bool:
    """Whether the sentence tells a number roughly, and the quotes do not so tell the other: "nearly 40" and "38"."""
    own = _lead(number, sentence) - _lead(other, quotes)
    return bool(own & (_ABOUT | _ABOVE | _BELOW))


def _lead(number: Number, passage: Passage) -> set[str]:
    return {word.lower for word in passage.words[max(0, number.index - _REACH) : number.index]}


@dataclass(frozen=True, kw_only=True)
class _Meeting:
    """A number with the words around it, which say how near another must be."""

    value: float
    lead: set[str]
    behind: set[str]

    def is_met_by(self, found: float) -> bool:
        """Whether what was worked out is this number, as exactly as it is told."""
        if found <= 0:
            return False
        is_equal = abs(found - self.value) <= 1e-6 * max(1.0, self.value)
        return is_equal or (_is_rounder(self.value, found) and (self._is_near(found) or self._is_rounded(found)))

    def rounds(self, known: _Known) -> bool:
        """Whether it is a number of the quotes, told roughly: "about 400" for 395, "around 1600" for 1599."""
        found = known.value
        if known.kind == "year":
            return bool(self.lead & _ABOUT) and self.value % 10 == 0 and abs(found - self.value) <= _YEARS_OFF
        return found > 0 and _is_rounder(self.value, found) and (self._is_near(found) or self._is_rounded(found))

    def _is_near(self, found: float) -> bool:
        is_above, is_below, is_rough = (bool(self.lead & words) for words in (_ABOVE, _BELOW, _ABOUT))
        if is_above and self.value <= found <= (1 + _BEYOND_SHARE) * self.value:
            return True
        if is_below and (1 - _BEYOND_SHARE) * self.value <= found <= self.value:
            return True
        is_rough = is_rough or "so" in self.behind
        return is_rough and abs(found - self.value) <= max(_ABOUT_SHARE * found, 0.5 if found >= 5 else 0.0)

    def _is_rounded(self, found: float) -> bool:
        """Whether it is found, rounded to fewer digits: 30,000 for 30,212; 44 for 44.4."""
        if self.value != int(self.value):
            return abs(found - self.value) <= 0.05 * abs(self.value)
        digits = str(int(self.value))
        step: int = 10 ** (len(digits) - len(digits.rstrip("0")))
        if step == 1:
            return abs(found - self.value) <= 0.5 and self.value >= 10
        return step >= 100 and abs(found - self.value) <= min(step / 2, 0.05 * found)


def _is_rounder(value: float, found: float) -> bool:
    """Whether a number has fewer digits that count than the one that it tells roughly."""
    return _digits(value) < _digits(found)


def _digits(value: float) -> int:
    return len(f"{value:.10g}".partition("e")[0].replace(".", "").strip("0"))


def _known(quotes: Passage) -> Iterator[_Known]:
    found = [each for each in numbers_of(quotes) if each.kind not in ("month", "decade")]
    yield from (_Known(value=each.value * 0.01, kind="count", unit="%") for each in shares_in_words(quotes))
    for each, following in zip(found, [*found[1:], None], strict=False):
        kind = {"ordinal": "order", "century": "century"}.get(each.kind, "count")
        is_bare = quotes.words[each.index].text.isdigit() and each.end == each.index + 1 and not each.unit
        if kind == "count" and is_bare and 1_000 <= each.value <= 2_100:
            kind = "year"
        value = each.value * (0.01 if each.unit == "%" else 1.0)
        yield _Known(value=value, kind=kind, unit=each.unit)
        if each.kind == "ordinal" and not {"century", "centuries"}.isdisjoint(quotes.lowers):
            yield _Known(value=value, kind="century")
        # "294.1-271 million": the magnitude belongs to both.
        if following is not None and following.value >= 1_000_000 > each.value and following.index - each.end <= 1:
            power = 10.0 ** (3 * int((len(str(int(following.value))) - 1) // 3))
            yield _Known(value=each.value * power, kind=kind)


def _derived(known: Sequence[_Known], *, others: bool) -> Iterator[float]:
    """What the known numbers come to by one step of arithmetic, or by a sum of several that are of one unit."""
    for each in known:
        if each.kind == "order":
            yield each.value - 1
            yield each.value
        elif each.kind == "count":
            if others and each.value < 1_000:
                yield each.value + 1
                yield each.value - 1
    for one, other in combinations(known, 2):
        yield from _of_two(one, other)
    for unit in {each.unit for each in known}:
        counts = [each.value for each in known if each.kind == "count" and each.unit == unit][:_MOST_SUMMED]
        yield from (sum(some) for count in range(3, len(counts) + 1) for some in combinations(counts, count))


def _converted(known: Sequence[_Known], number: Number, sentence: Passage) -> Iterator[float]:
    """The known numbers in this one's unit, and counts told for another stretch of time that the sentence names."""
    for sizes in _SIZES:
        if number.unit in sizes:
            yield from (
                each.value * sizes[each.unit] / sizes[number.unit]
                for each in known
                if each.unit in sizes and each.unit != number.unit
            )
    counts = [each.value for each in known if each.kind == "count"]
    for unit, values in _RATES.items():
        if {unit, f"{unit}s"} & sentence.lowers:
            yield from (count * times for count in counts for times in values)
            yield from (count / times for count in counts for times in values)


def _multiplied(known: Sequence[_Known], sentence: Passage) -> Iterator[float]:
    """The counts as often as a word of the sentence says: "a pair of them", "both together", "a dozen such"."""
    times = {each.value for each in numbers_of(sentence) if each.kind == "multiple" or each.value == 2}
    yield from (each.value * factor for each in known if each.kind == "count" for factor in times)


def _of_two(one: _Known, other: _Known) -> Iterator[float]:
    kinds = {one.kind, other.kind}
    larger, smaller = max(one.value, other.value), min(one.value, other.value)
    if kinds == {"year"} or kinds == {"century"} or kinds == {"order"}:
        yield larger - smaller
        yield larger - smaller + 1  # both counted
        yield larger - smaller - 1  # whose birthday was still to come, or what lies between
        if kinds == {"century"}:
            yield 100 * (larger - smaller)
        if kinds == {"year"}:
            yield (larger - smaller) / 10
            yield (larger - smaller) / 100
        return
    if kinds == {"year", "century"}:
        yield from (larger - 100 * smaller, larger - 100 * smaller + 100)
    if kinds == {"year", "count"}:
        if "year" in (one.unit, other.unit):
            yield larger + smaller
            yield larger - smaller
        elif smaller >= _FIRST_OF_YEARS:
            yield larger - smaller  # "987 … 1328"
    if kinds != {"count"}:
        return
    for sizes in _SIZES:
        if one.unit in sizes and other.unit in sizes and one.value and other.value:
            ratio = one.value * sizes[one.unit] / (other.value * sizes[other.unit])
            yield max(ratio, 1 / ratio)
    if smaller > 0:
        yield larger / smaller
        yield larger * smaller
    if one.unit and other.unit and one.unit != other.unit:
        return
    yield larger - smaller
    yield larger + smaller


def _shares(known: Sequence[_Known]) -> Iterator[float]:
    """What share one number is of another, by what share it is more or less, and what a share leaves of the whole."""
    counts = [each.value for each in known if each.kind == "count" and each.value > 0]
    yield from (1 - value for value in counts if value < 1)
    for one, other in combinations(counts, 2):
        larger, smaller = max(one, other), min(one, other)
        yield from (smaller / larger, (larger - smaller) / smaller, (larger - smaller) / larger)
        yield from (smaller / (larger + smaller), larger / (larger + smaller))
