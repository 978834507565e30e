"""What a printed expression comes to: a reader of arithmetic that checks keys and steps by what stands on paper.

Grammar: numbers ("12,500", "0.75", "3/4", "1 3/4", "20%"), the four operations with their usual
precedence, brackets, raised exponents, square roots, products without a sign ("3x", "2(x + 1)"), and letters given a
value. A slash without spaces around it writes a fraction, and binds like a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import isqrt

_TOKEN = re.compile(
    r"\s*(?:(?P<mixed>\d+ \d+/\d+)|(?P<fraction>\d+/\d+)|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<letter>[a-z])|(?P<sign>[-+\N{MINUS SIGN}\N{MULTIPLICATION SIGN}÷()√%]))"
)
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_MINUS = ("-", "\N{MINUS SIGN}")
_TIMES = "\N{MULTIPLICATION SIGN}"
_OPENS_FACTOR = frozenset({"mixed", "fraction", "number", "letter"})
_CHAIN = re.compile(
    r"(?<![\w.])[-\N{MINUS SIGN}+\N{MULTIPLICATION SIGN}÷√()/,.\d⁰¹²³⁴⁵⁶⁷⁸⁹⁻%: ]*"
    r"(?:=[-\N{MINUS SIGN}+\N{MULTIPLICATION SIGN}÷√()/,.\d⁰¹²³⁴⁵⁶⁷⁸⁹⁻%: ]*)+(?P<after>[^\W\d_]?)"
)


def value_of(text: str, letters: Mapping[str, Fraction] | None = None) -> Fraction:
    """What the expression comes to. Raises `ValueError` if it is none, and `ZeroDivisionError` for a division by 0."""
    return _Parser(text, letters or {}).whole()


def is_worth(text: str, value: Fraction) -> bool:
    """Whether the text is an expression of that value."""
    try:
        return value_of(text) == value
    except (ValueError, ZeroDivisionError):
        return False


def false_equalities(text: str) -> list[str]:
    """The chains "3 + 4 = 7 = 14 ÷ 2" of a text whose sides differ. Chains with letters or units are passed over."""
    found = []
    for chain in _CHAIN.finditer(text):
        shown = chain.group()[: len(chain.group()) - len(chain.group("after"))]
        sides = [side.strip(" ,.:") for side in shown.split("=")]
        if chain.group("after") and not shown.endswith(" "):
            continue  # "12 = 3x"
        if sides[0][:1] in ("+", _TIMES, "÷", *_MINUS) and not text[: chain.start()].strip() == "":
            continue  # what stood before has a letter in it
        try:
            values = {value_of(side) for side in sides}
        except ValueError:
            continue
        if len(values) > 1:
            found.append(shown.strip())
    return found


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str, letters: Mapping[str, Fraction]) -> None:
        self._letters = letters
        self._tokens: list[tuple[str, str]] = []
        place, text = 0, text.rstrip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise ValueError(f"no expression: {text!r}")
            kind = found.lastgroup or ""
            self._tokens.append((kind, found.group(kind)))
            place = found.end()
        self._at = 0

    def whole(self) -> Fraction:
        value = self._sum()
        if self._at < len(self._tokens):
            raise ValueError(f"something is left over: {self._tokens[self._at :]}")
        return value

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        if not token[0]:
            raise ValueError("the expression breaks off")
        self._at += 1
        return token

    def _sum(self) -> Fraction:
        value = self._product()
        while self._peek()[1] in ("+", *_MINUS):
            sign = self._take()[1]
            following = self._product()
            value = value + following if sign == "+" else value - following
        return value

    def _product(self) -> Fraction:
        value = self._signed()
        while True:
            kind, sign = self._peek()
            if sign == _TIMES:
                self._take()
                value *= self._signed()
            elif sign == "÷":
                self._take()
                value /= self._signed()
            elif kind in _OPENS_FACTOR or sign in ("(", "√"):
                value *= self._power()
            else:
                return value

    def _signed(self) -> Fraction:
        if self._peek()[1] in _MINUS:
            self._take()
            return -self._signed()
        return self._power()

    def _power(self) -> Fraction:
        value = self._atom()
        while True:
            kind, shown = self._peek()
            if kind == "raised":
                value = value ** int(self._take()[1].translate(_LOWERED))
            elif shown == "%":
                self._take()
                value /= 100
            else:
                return Fraction(value)

    def _atom(self) -> Fraction:
        kind, shown = self._take()
        if kind == "mixed":
            whole, part = shown.split(" ")
            return int(whole) + Fraction(part)
        if kind in ("number", "fraction"):
            return Fraction(shown.replace(",", ""))
        if kind == "letter" and shown in self._letters:
            return self._letters[shown]
        if shown == "(":
            value = self._sum()
            if self._take()[1] != ")":
                raise ValueError("a bracket stays open")
            return value
        if shown == "√":
            return _root(self._power())
        raise ValueError(f"not a number: {shown!r}")


def _root(value: Fraction) -> Fraction:
    if value < 0:
        raise ValueError("no real root")
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    if root * root != value:
        raise ValueError("the root is not rational")
    return root
