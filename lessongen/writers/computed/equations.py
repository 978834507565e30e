"""Linear equations in one unknown, from one step to brackets, and pairs of them in two."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

from lessongen.lesson.drawings.plane import Graph, Plane, Spot
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.expressions import value_of
from lessongen.writers.computed.looking import read_off
from lessongen.writers.computed.writing import DIVIDED, MINUS, TIMES, bracketed, number, polynomial


def _solves(equation: str, text: str) -> bool:
    """Whether both sides come to the same with the printed solution put in for x."""
    letter, _, shown = text.partition(" = ")
    if letter != "x" or not shown:
        return False
    left, _, right = equation.partition(" = ")
    letters = {"x": value_of(shown)}
    return value_of(left, letters) == value_of(right, letters)


def _solution(value: int | Fraction) -> str:
    return f"x = {number(value)}"


def _task(rng: random.Random, equation: str, answer: int, slips: list[int | Fraction], why: list[str]) -> Task | None:
    usable = [each for each in slips if Fraction(each).denominator == 1]
    check = f"Check: put {number(answer)} in for x, and both sides of {equation} are the same."
    return Task(
        term=equation,
        ask=rng.choice(("Solve the equation {}.", "Find x: {}.", "For which x is {}?")).format(equation),
        answer=_solution(answer),
        wrong=tuple(dict.fromkeys(_solution(each) for each in usable)),
        why=(*why, check),
        holds=lambda text: _solves(equation, text),
        label=equation,
        says=f"The solution of {equation} is {{}}.",
        match_stem="Match each equation to its solution.",
    )


def _number_for(rng: random.Random, grade: int) -> int:
    value = rng.randint(2, 9 if grade < 6 else 14)
    return -value if grade >= 7 and rng.random() < 0.35 else value


def _one_step(rng: random.Random, grade: int) -> Task | None:
    x, a = _number_for(rng, grade), rng.randint(3, 12 if grade < 6 else 19)
    if x == a:
        return None
    pattern = rng.choice(("add", "subtract", "multiply"))
    if pattern == "add":
        return _task(
            rng,
            f"x + {a} = {number(x + a)}",
            x,
            [x + 2 * a],
            [f"Subtract {a} from both sides: x = {number(x + a)} {MINUS} {a} = {number(x)}."],
        )
    if pattern == "subtract":
        return _task(
            rng,
            f"x {MINUS} {a} = {number(x - a)}",
            x,
            [x - 2 * a],
            [f"Add {a} to both sides: x = {number(x - a)} + {a} = {number(x)}."],
        )
    return _task(
        rng,
        f"{a}x = {number(a * x)}",
        x,
        [a * x - a, a * x * a],
        [f"Divide both sides by {a}: x = {number(a * x)} {DIVIDED} {a} = {number(x)}."],
    )


def _two_steps(rng: random.Random, grade: int) -> Task | None:
    x, a, b = _number_for(rng, grade), rng.randint(2, 9), rng.choice((-1, 1)) * rng.randint(2, 15)
    total = a * x + b
    if total == 0 or abs(b) == a:
        return None
    move = "Subtract" if b > 0 else "Add"
    side = "from" if b > 0 else "to"
    sign = MINUS if b > 0 else "+"
    return _task(
        rng,
        f"{polynomial((a, b))} = {number(total)}",
        x,
        # The number moved over with its old sign; the factor taken away instead of divided by.
        [Fraction(total + b, a), total - b - a, a * x],
        [
            f"{move} {abs(b)} {side} both sides: {a}x = {number(total)} {sign} {abs(b)} = {number(a * x)}.",
            f"Divide both sides by {a}: x = {number(a * x)} {DIVIDED} {a} = {number(x)}.",
        ],
    )


def _both_sides(rng: random.Random, grade: int) -> Task | None:
    x, a, c = _number_for(rng, grade), rng.randint(4, 9), rng.randint(2, 6)
    b = rng.choice((-1, 1)) * rng.randint(2, 15)
    if a - c < 2:
        return None
    d = (a - c) * x + b
    if d in (0, b):
        return None
    rest = (a - c) * x
    return _task(
        rng,
        f"{polynomial((a, b))} = {polynomial((c, d))}",
        x,
        [Fraction(d - b, a + c), Fraction(d + b, a - c), Fraction(d + b, a + c)],
        [
            f"Subtract {c}x from both sides: {polynomial((a - c, b))} = {number(d)}.",
            f"Bring {number(b)} to the other side: {a - c}x = {number(d)} {MINUS} {bracketed(b)} = {number(rest)}.",
            f"Divide both sides by {a - c}: x = {number(rest)} {DIVIDED} {a - c} = {number(x)}.",
        ],
    )


def _brackets(rng: random.Random, grade: int) -> Task | None:
    x, a, b = _number_for(rng, grade), rng.randint(2, 7), rng.choice((-1, 1)) * rng.randint(2, 9)
    c = rng.choice((0, rng.randint(1, 9)))
    if x + b == 0:
        return None
    inside = polynomial((1, b))
    total = a * (x + b) + c
    left = f"{a}({inside})" + (f" + {c}" if c else "")
    opened = polynomial((a, a * b + c))
    if a * b + c == 0:
        return None
    return _task(
        rng,
        f"{left} = {number(total)}",
        x,
        [Fraction(total - c - b, a), Fraction(total - c + a * b, a), Fraction(total + c, a) - b],
        [
            f"Multiply out: {a} {TIMES} x is {a}x, and {a} {TIMES} {bracketed(b)} = {number(a * b)}.",
            f"That gives {opened} = {number(total)}.",
            f"Then {a}x = {number(total)} {MINUS} {bracketed(a * b + c)} = {number(a * x)}.",
            f"Divide both sides by {a}: x = {number(a * x)} {DIVIDED} {a} = {number(x)}.",
        ],
    )


def _story(rng: random.Random, grade: int) -> Task | None:
    x, a, b = rng.randint(3, 15), rng.randint(2, 6), rng.randint(3, 20)
    total = a * x + b
    ask = (
        f"I think of a number, multiply it by {a} and add {b}. The result is {total}. What is the number? "
        "Write it as x = …"
    )
    equation = f"{polynomial((a, b))} = {total}"
    return Task(
        term=f"{equation} in words",
        ask=ask.replace("x = …", "“x = …”"),
        answer=_solution(x),
        wrong=(),
        why=(
            f"The equation is {equation}.",
            f"{a}x = {total} {MINUS} {b} = {a * x}.",
            f"x = {a * x} {DIVIDED} {a} = {x}.",
        ),
        holds=lambda text: _solves(equation, text),
        kinds=("short",),
    )


def _pair(rng: random.Random, grade: int) -> Task | None:
    x, y = rng.randint(1, 9), rng.randint(1, 9)
    a, b = rng.randint(2, 5), rng.randint(2, 5)
    if x == y or a == b:
        return None
    first, second = f"x + y = {x + y}", f"{a}x + {b}y = {a * x + b * y}"
    rest = a * x + b * y - b * (x + y)

    def holds(text: str) -> bool:
        # By trying every pair of small whole numbers.
        solutions = [
            (u, v) for u in range(-30, 31) for v in range(-30, 31) if u + v == x + y and a * u + b * v == a * x + b * y
        ]
        return [f"x = {number(u)}, y = {number(v)}" for u, v in solutions] == [text]

    wrong = [(y, x), (x + 1, y - 1), (x - 1, y + 1), (x + 2, y - 2)]
    return Task(
        term=f"{first} with {second}",
        ask=f"Solve the pair of equations {first} and {second}.",
        answer=f"x = {x}, y = {y}",
        wrong=tuple(f"x = {number(u)}, y = {number(v)}" for u, v in wrong),
        why=(
            f"From the first, y is {x + y} {MINUS} x.",
            f"In the second: {a}x + {b * (x + y)} {MINUS} {b}x is {a * x + b * y}, so {polynomial((a - b, 0))} "
            f"is {number(rest)}.",
            f"That gives x = {x}, and y = {x + y} {MINUS} {x} = {y}.",
        ),
        holds=holds,
        says=f"The solution of {first} and {second} is {{}}.",
        kinds=("short", "choice"),
    )


def _falling(total: int, name: str) -> Graph:
    """The line of x + y = total."""
    return Graph(coefficients=["-1", str(total)], equation=f"y = {polynomial((-1, total))}", name=name)


def _crossing(rng: random.Random, grade: int) -> Task | None:
    """A pair of equations solved by looking at where their lines cross."""
    x, y, slope = rng.randint(1, 8), rng.randint(1, 8), rng.choice((1, 2, 3) if grade < 10 else (2, 3, 4))
    height = y - slope * x
    if x == y or not -9 <= height <= 9:
        return None
    rising = f"y = {polynomial((slope, height))}"
    falling = _falling(x + y, "g")
    if x + y > 12 or falling.equation == rising:
        return None
    drawing = Plane(
        left=0,
        right=12,
        bottom=0 if height >= 0 else -10,
        top=12,
        graphs=[falling, Graph(coefficients=[str(slope), str(height)], equation=rising, name="h")],
    )

    def holds(text: str) -> bool:
        # By putting each point of the grid into both equations.
        left, right = (each.equation.removeprefix("y = ") for each in drawing.graphs)
        grid = ((Fraction(u), Fraction(v)) for u in range(13) for v in range(-10, 13))
        found = [(u, v) for u, v in grid if value_of(left, {"x": u}) == v == value_of(right, {"x": u})]
        return [f"x = {number(u)}, y = {number(v)}" for u, v in found] == [text]

    return read_off(
        drawing,
        "Where do the two lines cross?",
        term=f"crossing of {falling.equation} and {rising}",
        wrong=(f"x = {number(u)}, y = {number(v)}" for u, v in ((y, x), (x + 1, y - 1), (x - 1, y + 1), (x, y + 1))),
        why=(
            f"Go from the point where they cross straight to the axes: x is {x} and y is {y}.",
            f"Line g is {falling.equation}, and with x = {x} that is {y}.",
            f"Line h is {rising}, and with x = {x} that is {y} as well.",
        ),
        holds=holds,
        kinds=("short", "choice"),
    )


def _spot(rng: random.Random, grade: int) -> Task | None:
    """The coordinates of a point to be read off a plane."""
    x, y = rng.randint(-5, 5), rng.randint(-5, 5)
    if abs(x) == abs(y) or 0 in (x, y):
        return None
    drawing = Plane(spots=[Spot(name="P", x=str(x), y=str(y))])

    def holds(text: str) -> bool:
        # By walking from the origin, first along x, then along y.
        along = sum(1 if x > 0 else -1 for _ in range(abs(x)))
        up = sum(1 if y > 0 else -1 for _ in range(abs(y)))
        return text == f"({number(along)}, {number(up)})"

    return read_off(
        drawing,
        "What are the coordinates of P?",
        term=f"point ({number(x)}, {number(y)})",
        wrong=(f"({number(u)}, {number(v)})" for u, v in ((y, x), (-x, y), (x, -y), (-y, -x))),
        why=(
            f"From the origin P is {abs(x)} to the {'right' if x > 0 else 'left'}, so x is {number(x)}.",
            f"It is {abs(y)} {'up' if y > 0 else 'down'}, so y is {number(y)}, and P is ({number(x)}, {number(y)}).",
        ),
        holds=holds,
        kinds=("short", "choice"),
    )


def _on_plane(rng: random.Random, grade: int) -> Task | None:
    """Something to be read off a plane: rather where lines cross, for younger ones a point too."""
    is_spot = grade < 10 and rng.random() < 0.4
    task = _spot(rng, grade) if is_spot else _crossing(rng, grade)
    return task and replace(task, way="spot" if is_spot else "crossing")


SKILL = described("linear-equations", _one_step, _two_steps, _both_sides, _brackets, _story, _pair, _on_plane)
