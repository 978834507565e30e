"""Whether a number follows from cited ones: difference, sum, product, ratio, rounding, per cent, and the time between.

It says what a plain reader could work out, not that the sentence does it rightly: that is for a judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from lessongen.check.word_rules.numbers import Number, numbers_of
from lessongen.check.word_rules.passage import Passage

_ABOUT = frozenset("about around roughly approximately some nearly almost circa close near".split())
_ABOVE = frozenset("over more least than exceeding above".split())
_BELOW = frozenset("under less fewer below most up almost nearly within".split())
_REACH = 3  # words before a number in which "about" and the like belong to it
_ABOUT_SHARE, _BEYOND_SHARE, _YEARS_OFF = 0.06, 0.25, 5
_CALENDAR = {"month": (12.0,), "week": (7.0, 52.0), "day": (24.0, 365.0), "hour": (60.0, 24.0), "minute": (60.0,)}
_PREFIXES = (
    ("trio", 3), ("trilog", 3), ("triang", 3), ("tripl", 3), ("tripod", 3), ("quadru", 4), ("quadri", 4),
    ("quartet", 4), ("tetra", 4), ("penta", 5), ("quint", 5), ("hexa", 6), ("hepta", 7), ("octag", 8), ("octop", 8),
)  # fmt: skip
_MORE = frozenset("other others more further besides additional another including counting rest remaining".split())
_FIRST_OF_YEARS = 100  # a number below it is hardly a year
_MOST_KNOWN = 14  # numbers beyond which nearly everything would follow
_RANGE = re.compile(r"\b(\d+)(?:st|nd|rd|th)(?: century)?(?: to | ?- ?| through | and )(?:the )?(\d+)(?:st|nd|rd|th)\b")
_BEFORE_CHRIST = re.compile(r"\b(\d+)(?:st|nd|rd|th) century bce?\b|\b(\d+) bce?\b", re.IGNORECASE)
_PRESENT = (2_000, 2_035)


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
    if _is_in_a_span(number, quotes) or _is_in_a_century(number, known):
        return True
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
        return any(meets.is_met_by(each) for each in _converted(known, sentence))
    found = [*_derived(known[:_MOST_KNOWN], sentence, others=others), *_ages(quotes, behind)]
    if value < 1 or number.unit == "%":
        found += _shares(known[:_MOST_KNOWN])
    return any(meets.is_met_by(each) for each in found)


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
    for word in quotes.words:
        for prefix, value in _PREFIXES:
            if word.is_content and word.lower.startswith(prefix) and len(word.lower) >= len(prefix) + 2:
                yield _Known(value=float(value), kind="word")


def _derived(known: Sequence[_Known], sentence: Passage, *, others: bool) -> Iterator[float]:
    """What the known numbers come to by one step of arithmetic."""
    yield from _converted(known, sentence)
    counts = [each.value for each in known if each.kind == "count"]
    for each in known:
        if each.kind == "word":
            yield each.value
        elif each.kind == "order":
            yield each.value - 1
            yield each.value
        elif each.kind == "count":
            if others and each.value < 1_000:
                yield each.value + 1
                yield each.value - 1
    for one, other in combinations(known, 2):
        yield from _of_two(one, other)
    if 3 <= len(counts) <= 8:
        yield sum(counts)


def _converted(known: Sequence[_Known], sentence: Passage) -> Iterator[float]:
    """The counts told in another unit of time, where the sentence names one."""
    for unit, values in _CALENDAR.items():
        if {unit, f"{unit}s"} & sentence.lowers:
            for each in known:
                if each.kind == "count":
                    yield from (each.value * times for times in values)
                    yield from (each.value / times for times in values)


def _of_two(one: _Known, other: _Known) -> Iterator[float]:
    kinds = {one.kind, other.kind}
    larger, smaller = max(one.value, other.value), min(one.value, other.value)
    if kinds == {"year"} or kinds == {"century"} or kinds == {"order"}:
        yield larger - smaller
        yield larger - smaller + 1  # both counted
        if kinds == {"century"}:
            yield 100 * (larger - smaller)
        if kinds == {"year"}:
            yield (larger - smaller) / 10
            yield (larger - smaller) / 100
        return
    if kinds == {"year", "count"}:
        if "year" in (one.unit, other.unit):
            yield larger + smaller
            yield larger - smaller
        elif smaller >= _FIRST_OF_YEARS:
            yield larger - smaller  # "987 … 1328"
    if kinds != {"count"}:
        return
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


def _ages(quotes: Passage, behind: set[str]) -> Iterator[float]:
    """How long ago it was that the quotes date, for "2,000 years old" and "ago"."""
    if not {"old", "ago"} & behind:
        return
    for found in _BEFORE_CHRIST.finditer(quotes.text):
        year = 100 * int(found[1]) if found[1] else int(found[2])
        yield from (present + year for present in _PRESENT)
    for each in _known(quotes):
        if each.kind in ("year", "century"):
            year_then = each.value if each.kind == "year" else 100 * each.value
            yield from (present - year_then for present in _PRESENT)


def _is_in_a_span(number: Number, quotes: Passage) -> bool:
    """Whether an ordinal lies between two that the quotes name as a span: the 6th, of "from the 5th to the 8th"."""
    if number.kind not in ("ordinal", "century"):
        return False
    return any(int(found[1]) <= number.value <= int(found[2]) for found in _RANGE.finditer(quotes.text))


def _is_in_a_century(number: Number, known: Sequence[_Known]) -> bool:
    """Whether a year lies in a century that the quotes name."""
    if number.kind != "count" or number.unit or not 1_000 <= number.value <= 2_100:
        return False
    return any(each.kind == "century" and 100 * (each.value - 1) < number.value <= 100 * each.value for each in known)
