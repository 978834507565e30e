"""What printed arithmetic comes to, read by Python's own grammar: it shares no code with what computed it."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isqrt

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{MULTIPLICATION SIGN}": "*", "\N{DIVISION SIGN}": "//"})
_POWER = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)")
_LONGEST = 120  # characters
_HIGHEST_POWER = 40

_OPERATIONS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,  # of a fraction
    ast.FloorDiv: operator.truediv,  # the sign of division
}


def worth(text: str, **letters: Fraction) -> Fraction | None:
    """The value of an expression; None where it can't be read, or has none."""
    if len(text) > _LONGEST or not text.strip():
        return None
    try:
        return _value(ast.parse(_as_python(text.strip()), mode="eval").body, letters)
    except (SyntaxError, ValueError, ZeroDivisionError):
        return None


def _as_python(text: str) -> str:
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", text)
    text = re.sub(r"\b(\d+) (\d+)/(\d+)", r"(\1+\2/\3)", text)
    text = re.sub(r"(?<![\w/.])(\d+/\d+)(?![\w/.])", r"(\1)", text)
    text = _POWER.sub(lambda found: f"**({found[1].translate(_RAISED)})", text)
    text = re.sub(r"√(\d+(?:\.\d+)?|\()", lambda found: f"root({found[1].strip('(')}" + ")" * (found[1] != "("), text)
    text = re.sub(r"(?<=[\dxy)])\s*(?=[xy(])(?<!root)", "*", text)
    return text.translate(_SIGNS)


def _value(node: ast.expr, letters: Mapping[str, Fraction]) -> Fraction:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Fraction(str(node.value))
    if isinstance(node, ast.Name) and node.id in letters:
        return letters[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, letters)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "root" and node.args:
        return _root(_value(node.args[0], letters))
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, letters), _value(node.right, letters)
        if isinstance(node.op, ast.Pow):
            return _power(left, right)
        if type(node.op) in _OPERATIONS:
            return _OPERATIONS[type(node.op)](left, right)
    raise ValueError("not arithmetic")


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > _HIGHEST_POWER:
        raise ValueError("no whole exponent that is small enough")
    return Fraction(base**exponent.numerator)


def _root(value: Fraction) -> Fraction:
    if value < 0:
        raise ValueError("no real root")
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    if root**2 != value:
        raise ValueError("no rational root")
    return root


# ---------------------------------------------------------------- equations


def is_solved(equation: str, solution: str) -> bool | None:
    """Whether "x = 2 or x = 3" are the roots of the equation, all of them; None where either can't be read."""
    roots = [worth(part.strip().removeprefix("x = ")) for part in solution.split(" or ")]
    shape = _coefficients(equation)
    if shape is None or None in roots or "x = " not in solution:
        return None
    a, b, c = shape
    found = {root for root in roots if root is not None}
    return len(found) == len(roots) == _count(a, b, c) and all(a * root**2 + b * root + c == 0 for root in found)


def roots_of(equation: str) -> int | None:
    """How many real roots an equation has that is at most quadratic; None where it can't be read."""
    shape = _coefficients(equation)
    return None if shape is None else _count(*shape)


def _coefficients(equation: str) -> tuple[Fraction, Fraction, Fraction] | None:
    """a, b and c of ax² + bx + c = 0, from what the sides differ by at 0, 1 and -1; None if 2 and 5 gainsay them."""
    left, equals, right = equation.partition(" = ")
    values: dict[int, Fraction] = {}
    for at in (0, 1, -1, 2, 5):
        sides = worth(left, x=Fraction(at)), worth(right, x=Fraction(at))
        if not equals or sides[0] is None or sides[1] is None:
            return None
        values[at] = sides[0] - sides[1]
    c = values[0]
    a, b = (values[1] + values[-1]) / 2 - c, (values[1] - values[-1]) / 2
    fits = all(a * at**2 + b * at + c == values[at] for at in (2, 5))
    return (a, b, c) if fits and (a or b) else None


def _count(a: Fraction, b: Fraction, c: Fraction) -> int:
    if a == 0:
        return 1
    discriminant = b**2 - 4 * a * c
    return 2 if discriminant > 0 else int(discriminant == 0)


def solves_both(first: str, second: str, solution: str) -> bool | None:
    """Whether "x = 2, y = 6" makes both equations true; None where something can't be read."""
    found = re.fullmatch(r"x = (.+), y = (.+)", solution)
    x, y = (worth(found[1]), worth(found[2])) if found else (None, None)
    if x is None or y is None:
        return None
    for equation in (first, second):
        left, _, right = equation.partition(" = ")
        sides = worth(left, x=x, y=y), worth(right, x=x, y=y)
        if None in sides:
            return None
        if sides[0] != sides[1]:
            return False
    return True
