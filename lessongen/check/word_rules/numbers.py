"""Numbers in English text, in digits and in words, and whether a sentence's numbers are those of its quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lessongen.check.word_rules.passage import Passage, Word
from lessongen.check.word_rules.vocabulary import AMBIGUOUS_MONTHS, MONTHS, UNITS, word_set

Kind = Literal["count", "ordinal", "decade", "century", "fraction", "share", "multiple", "month"]

_ONES = {
    name: value
    for value, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    name: 10 * value for value, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_MAGNITUDES = {
    "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "mn": 10**6,
    "bn": 10**9, "hundreds": 100, "thousands": 1_000, "millions": 10**6, "billions": 10**9,
}  # fmt: skip
_ORDINALS = {
    name: value
    for value, name in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "sixth": 6,
    "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
}  # fmt: skip
_MULTIPLES = {
    "twice": 2, "double": 2, "doubled": 2, "doubles": 2, "thrice": 3, "triple": 3, "tripled": 3, "dozen": 12,
    "pair": 2, "couple": 2, "both": 2, "twin": 2, "twins": 2,
}  # fmt: skip
_DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
}  # fmt: skip
# "1,200", "3.5", "19th", "1990s".
_DIGITS = re.compile(r"(\d+(?:[.,]\d+)*)(st|nd|rd|th|s)?")
# "1,200" is 1200, "1,2" is not.
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_FIRST = word_set("firsts")
_SIGNS = ("$", "£", "€", "¥")
_ERAS = ("bc", "ad")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number at a place in a passage: `index` and `end` are the first word and the one after the last."""

    value: float
    kind: Kind
    unit: str
    index: int
    end: int


@lru_cache(maxsize=1_024)
def numbers_of(passage: Passage) -> tuple[Number, ...]:
    """All numbers of a passage in order; a month counts as a number of its own kind."""
    found: list[Number] = []
    index = 0
    while index < len(passage.words):
        number = _number_at(passage.words, index)
        if number is not None:
            found.append(number)
        index = number.end if number is not None else index + 1
    return tuple(found)


def _number_at(words: tuple[Word, ...], index: int) -> Number | None:
    word = words[index].lower
    digits = _DIGITS.fullmatch(word)
    if digits:
        return _with_unit(words, index, *_in_digits(words, index, digits))
    if word in _ONES or word in _TENS:
        return _with_unit(words, index, *_in_words(words, index))
    previous = words[index - 1].lower if index else ""
    if word in _MAGNITUDES and previous in ("a", "several", "few", "every", "each", "per"):
        return _with_unit(words, index, _MAGNITUDES[word], "count", index + 1)
    following = words[index + 1].lower if index + 1 < len(words) else ""
    if word in ("half", "halves", "quarter", "quarters") and (
        following in ("a", "an", "of", "the", "its", "as", "hour", "million", "billion", "century") or previous == "a"
    ):
        return _with_unit(words, index, 1 / _PARTS[word], "fraction", index + 1)
    if word in _ORDINALS:
        if previous in ("a", "one") and following == "of":
            return _with_unit(words, index, 1 / _ORDINALS[word], "fraction", index + 1)
        return _with_unit(words, index, _ORDINALS[word], "ordinal", index + 1)
    if word.endswith("fold") and word.removesuffix("fold") in _ONES:
        return Number(value=_ONES[word.removesuffix("fold")], kind="multiple", unit="", index=index, end=index + 1)
    if word in _MULTIPLES:
        return Number(value=_MULTIPLES[word], kind="multiple", unit="", index=index, end=index + 1)
    if word in _DECADES and previous != "in":
        return Number(value=_DECADES[word], kind="decade", unit="", index=index, end=index + 1)
    if word in MONTHS and _is_month(words, index):
        return Number(value=MONTHS[word], kind="month", unit="", index=index, end=index + 1)
    return None


def _is_month(words: tuple[Word, ...], index: int) -> bool:
    word = words[index]
    if not word.is_capital:
        return False
    if word.lower not in AMBIGUOUS_MONTHS:
        return True
    previous = words[index - 1].lower if index else ""
    following = words[index + 1].lower if index + 1 < len(words) else ""
    if previous[:1].isdigit() or following[:1].isdigit():
        return True
    return index > 0 and previous in ("in", "on", "of", "since", "until", "by", "from", "to", "during", "and")


def _in_digits(words: tuple[Word, ...], index: int, digits: re.Match[str]) -> tuple[float, Kind, int]:
    written, ending = digits.groups()
    if not _THOUSANDS.fullmatch(written) and written.count(",") == 1 and "." not in written:
        written = written.replace(",", ".")
    written = written.replace(",", "")
    whole, _, rest = written.partition(".")
    value = float(f"{whole[:300]}.{rest.replace('.', '') or '0'}")
    kind: Kind = "ordinal" if ending and ending != "s" else "count"
    if ending == "s" and value % 10 == 0:
        kind = "decade"
    end = index + 1
    while end < len(words) and words[end].lower in _MAGNITUDES and value < 1e30:
        value *= _MAGNITUDES[words[end].lower]
        end += 1
    return value, kind, end


def _in_words(words: tuple[Word, ...], index: int) -> tuple[float, Kind, int]:
    total, current, at = 0.0, 0.0, index
    kind: Kind = "count"
    while at < len(words):
        word = words[at].lower
        following = words[at + 1].lower if at + 1 < len(words) else ""
        if at > index and words[at].gap not in (" ", "-"):
            break
        if word in _ONES:
            # "two five" is no number; "twenty five" and "a hundred five" are.
            if at > index and words[at - 1].lower in _ONES:
                break
            current += _ONES[word]
        elif word in _TENS:
            if at > index and words[at - 1].lower in _TENS | _ONES:
                break
            current += _TENS[word]
        elif word in _MAGNITUDES and current < 1e30:
            current = (current or 1) * _MAGNITUDES[word]
            if _MAGNITUDES[word] >= 1_000:
                total, current = total + current, 0.0
        elif word in _PARTS and at > index and (word.endswith("s") or (current == 1 and following == "of")):
            return (total + current) / _PARTS[word], "fraction", at + 1
        elif word in _ORDINALS and at > index and current >= 20 and current % 10 == 0:
            return total + current + _ORDINALS[word], "ordinal", at + 1
        elif not (word == "and" and at > index and words[at - 1].lower in _MAGNITUDES and following in _ONES | _TENS):
            break
        at += 1
    return total + current, kind, at


def _with_unit(words: tuple[Word, ...], index: int, value: float, kind: Kind, end: int) -> Number:
    after = [word.lower for word in words[end : end + 3]] + ["", "", ""]
    unit = ""
    if after[0] in UNITS and not (after[0] == "in" and words[end].gap != ""):
        unit = UNITS[after[0]]
    elif after[0] in ("square", "sq", "cubic", "degrees", "degree", "per"):
        unit = "%" if after[:2] == ["per", "cent"] else UNITS.get(after[1], "")
    elif index and words[index - 1].lower in (*_SIGNS, "ad"):
        unit = UNITS[words[index - 1].lower]
    if unit == "century" and kind == "ordinal":
        kind = "century"
    return Number(value=value, kind=kind, unit=unit, index=index, end=end)


def foreign_numbers(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """Numbers, months and units of the sentence that the quotes do not have, as the sentence writes them.

    A decade or century is met by a year inside it, a share by its percentage, "first" by words like "inaugural".
    """
    known = numbers_of(quotes)
    counts = [each for each in known if each.kind != "month"]
    for number in numbers_of(sentence):
        written = " ".join(word.text for word in sentence.words[number.index : number.end])
        if number.kind == "month":
            met = any(each.kind == "month" and each.value == number.value for each in known)
        elif number.kind == "multiple" and written.lower() in quotes.lowers:
            met = True
        else:
            met = _is_met(number, counts, quotes) or _is_implied(sentence, number, quotes)
        if not met:
            yield written
        elif number.unit and not _unit_is_met(number, counts):
            yield f"{written} {number.unit}"


def _is_met(number: Number, known: list[Number], quotes: Passage) -> bool:
    value = number.value
    if number.kind == "decade":
        return _decade_is_met(value, known)
    if number.kind == "century":
        years = any((value - 1) * 100 <= each.value <= value * 100 and each.value > 100 for each in known)
        return years or any(each.kind in ("century", "ordinal") and each.value == value for each in known)
    if number.kind == "ordinal" and value == 1:
        return not _FIRST.isdisjoint(quotes.lowers)
    if any(_equal(each.value, value) for each in known):
        return True
    if number.unit == "year" and value == 10 and "decade" in quotes.lowers:
        return True
    if number.unit == "decade" and any(_equal(each.value, value * 10) for each in known):
        return True
    if number.unit == "%" and any(each.kind == "fraction" and abs(each.value - value / 100) < 0.02 for each in known):
        return True
    if number.kind == "fraction":
        return any(abs(each.value / 100 - value) < 0.02 for each in known)
    return number.kind == "ordinal" and value == 2 and not {"second", "later", "another"}.isdisjoint(quotes.lowers)


def _is_implied(sentence: Passage, number: Number, quotes: Passage) -> bool:
    """Whether a small number of things is how many the quotes list, or no number at all."""
    first, value = sentence.words[number.index], number.value
    if value <= 1 and number.kind == "count":
        return first.text.isalpha()  # "one" is a pronoun as a rule, and "zero" a wording of "no"
    following = sentence.words[number.end] if number.end < len(sentence.words) else None
    if number.kind not in ("count", "multiple") or following is None or not following.text[0].isalpha():
        return False
    if value == 2:
        return bool({"and", "both", "pair", "two", "double", "twin", "other", "or"} & quotes.lowers)
    return value in (3, 4) and _lists_so_many(quotes, int(value))


def _lists_so_many(quotes: Passage, count: int) -> bool:
    """Whether a list of so many things stands in the quotes: commas and one "and" part them."""
    return any(
        sentence.count(",") >= count - 2 and " and " in sentence for sentence in re.split(r"[.;]\s", quotes.text)
    )


def _decade_is_met(value: float, known: list[Number]) -> bool:
    if value < 100:
        return any(
            each.value == value or (each.value >= 100 and value <= each.value % 100 < value + 10) for each in known
        )
    span = 100 if value % 100 == 0 else 10
    return any(value <= each.value < value + span for each in known) or any(
        each.kind == "century" and (each.value - 1) * 100 == value for each in known
    )


def _unit_is_met(number: Number, known: list[Number]) -> bool:
    same = [each for each in known if _equal(each.value, number.value)]
    units = {each.unit for each in same if each.unit}
    if not units or number.unit in units or number.unit == "ad" or units <= {"ad"}:
        return True
    return any(not each.unit for each in same) and number.unit not in _ERAS


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, abs(one))


def misplaced_numbers(sentence: Passage, quotes: Passage) -> Iterator[tuple[str, str]]:
    """Numbers that the quotes have, but beside other words: a pair of the number and the word it was put beside.

    The nearest content words on both sides are its context. A number is misplaced where the quotes set another number
    right beside that context, and this number never.
    """
    known = [each for each in numbers_of(quotes) if each.kind not in ("multiple", "fraction")]
    beside: dict[str, set[float]] = {}
    for each in known:
        for _, key in _contexts(quotes, each):
            beside.setdefault(key, set()).add(_valued(each))
    if not beside:
        return
    for number in numbers_of(sentence):
        if number.kind in ("multiple", "fraction") or number.value <= 1:
            continue
        value = _valued(number)
        for word, key in _contexts(sentence, number):
            if key in beside and not any(_equal(value, each) for each in beside[key]):
                yield sentence.words[number.index].text, word.text
                break


def _valued(number: Number) -> float:
    return number.value + 1e9 if number.kind == "month" else number.value


def _contexts(passage: Passage, number: Number) -> Iterator[tuple[Word, str]]:
    """The words that a number belongs to: a month beside it, a content word right before it, the next one after it."""
    words = passage.words
    for at in (number.index - 1, number.end):
        if number.kind != "month" and 0 <= at < len(words) and words[at].lower in MONTHS and words[at].is_capital:
            yield words[at], f"{'day' if number.value <= 31 else 'year'} of {MONTHS[words[at].lower]}"
    if number.kind == "month":
        return
    if number.index and _is_counted(words[number.index - 1]):
        yield words[number.index - 1], "after " + words[number.index - 1].token
    if 1000 <= number.value <= 2100 and not number.unit:
        return
    for word in words[number.end : number.end + 2]:
        if word.clause != words[number.index].clause:
            return
        if _is_counted(word):
            yield word, "before " + word.token
            return
        if word.lower not in ("new", "other", "different"):
            return


def _is_counted(word: Word) -> bool:
    return word.is_content and word.lower not in UNITS and word.lower not in _MAGNITUDES
