"""Numbers, powers and terms of equations written the way a textbook prints them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
DIVIDED = "\N{DIVISION SIGN}"
ROOT = "\N{SQUARE ROOT}"
GAP = "_____"
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_FEWEST_TO_GROUP = 10_000


def number(value: int | Fraction) -> str:
    """A whole number or a finite decimal: "12,500", "-0.75"; any other value as a fraction."""
    value = Fraction(value)
    sign = MINUS if value < 0 else ""
    size = abs(value)
    if size.denominator == 1:
        return sign + (f"{size.numerator:,}" if size >= _FEWEST_TO_GROUP else str(size.numerator))
    places = decimal_places(size)
    if places is None:
        return fraction(value)
    whole, rest = divmod(size.numerator * 10**places // size.denominator, 10**places)
    return f"{sign}{number(whole)}.{rest:0{places}d}"


def decimal_places(value: Fraction) -> int | None:
    """How many decimal places write the value exactly; None if no number of them does."""
    rest, places = value.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, places = rest // prime, places + 1
    return places if rest == 1 else None


def fraction(value: int | Fraction) -> str:
    """The value in lowest terms: "7/4", "-2/3", "2"."""
    value = Fraction(value)
    sign = MINUS if value < 0 else ""
    below = f"/{value.denominator}" if value.denominator != 1 else ""
    return f"{sign}{abs(value.numerator)}{below}"


def raised(exponent: int) -> str:
    """A raised exponent: "³"."""
    return str(exponent).translate(_RAISED)


def power(base: int | str, exponent: int) -> str:
    """A power: "2³", and "(-2)³" for a negative base."""
    shown = f"({number(base)})" if isinstance(base, int) and base < 0 else str(base)
    return shown + raised(exponent)


def polynomial(coefficients: Sequence[int], variable: str = "x") -> str:
    """The terms by falling powers: (1, -5, 6) gives "x² - 5x + 6"."""
    shown = ""
    for index, coefficient in enumerate(coefficients):
        exponent = len(coefficients) - 1 - index
        if coefficient == 0:
            continue
        size = abs(coefficient)
        factor = "" if size == 1 and exponent else str(size)
        letter = {0: "", 1: variable}.get(exponent, variable + raised(exponent))
        if shown:
            shown += f" {'+' if coefficient > 0 else MINUS} {factor}{letter}"
        else:
            shown = f"{'' if coefficient > 0 else MINUS}{factor}{letter}"
    return shown or "0"


def bracketed(value: int | Fraction) -> str:
    """The number, in brackets if it is negative: what stands after a sign of operation."""
    return f"({number(value)})" if value < 0 else number(value)


def listed(items: Sequence[str], last: str = "and") -> str:
    """ "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"
