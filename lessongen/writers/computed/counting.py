"""Area by counting squares: whole ones, halves, rows, squares of another size, back to the rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from lessongen.lesson.drawings.rectangle import Squares
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.looking import read_off
from lessongen.writers.computed.measuring import asked, measured
from lessongen.writers.computed.writing import DIVIDED, MINUS, TIMES, listed

_MATCH = "Match what each shape covers to its area. Each square is 1 cm² large."
_SQUARE = "Each square is 1 cm² large."


def _size(rng: random.Random, grade: int) -> int:
    return rng.randint(2, 6 if grade < 4 else 9 if grade < 7 else 14)


def _shaded(rows: Sequence[int]) -> Squares:
    """Rows of squares from the left."""
    wide = max(rows)
    return Squares(rows=["#" * each + "." * (wide - each) for each in rows], unit="1 cm")


def _look(rng: random.Random, grade: int) -> Task | None:
    """Squares to be counted by looking."""
    wide, high = rng.randint(4, 7), rng.randint(3, 5)
    starts = [rng.randint(0, wide - 2) for _ in range(high)]
    rows = [rng.randint(1, wide - start) for start in starts]
    drawing = Squares(
        rows=["." * start + "#" * each + "." * (wide - start - each) for start, each in zip(starts, rows, strict=True)]
    )
    total = drawing.shaded
    return read_off(
        drawing,
        "How many squares are shaded?",
        term=f"shaded: {' '.join(drawing.rows)}",
        wrong=[str(each) for each in (wide * high, total + 1, wide * high - total, total - 1, total + 2) if each > 0],
        why=("Count the shaded squares row by row.", f"{' + '.join(map(str, rows))} = {sum(rows)}."),
        holds=lambda text: int(text) == sum(rows),
    )


def _rows(rng: random.Random, grade: int) -> Task | None:
    rows = [_size(rng, grade) for _ in range(rng.randint(2, 3 if grade < 4 else 5))]
    total = sum(rows)
    if len(set(rows)) == 1:
        return None
    shown = listed(list(map(str, rows)))
    task = asked(
        f"rows of {shown}",
        f"A shape on squared paper has rows of {shown} whole squares. {_SQUARE} What is its area?",
        (
            "The area is the number of squares that the shape covers.",
            f"{' + '.join(map(str, rows))} = {total}, in cm².",
        ),
        label=f"rows of {shown} squares",
        drawing=_shaded(rows),
        says=f"A shape with rows of {shown} squares of 1 cm² has an area of {{}}.",
        match_stem=_MATCH,
    )
    slips = (len(rows) * max(rows), total - rows[-1], 2 * (len(rows) + max(rows)), total - 1)
    return measured(task, total, " cm²", slips=slips, fits=lambda x: x == len([1 for row in rows for _ in range(row)]))


def _rectangle(rng: random.Random, grade: int) -> Task | None:
    rows, each = _size(rng, grade), _size(rng, grade)
    if rows == each:
        return None
    task = asked(
        f"{rows} rows of {each}",
        f"A rectangle on squared paper covers {rows} rows of {each} squares. {_SQUARE} What is its area?",
        (
            "Each row has the same number of squares, so one multiplies.",
            f"{rows} {TIMES} {each} = {rows * each}, in cm².",
        ),
        label=f"{rows} rows of {each} squares",
        drawing=_shaded([each] * rows),
        says=f"A rectangle of {rows} rows of {each} squares of 1 cm² has an area of {{}}.",
        match_stem=_MATCH,
    )
    slips = (rows + each, 2 * (rows + each), rows * each - each, 2 * (rows + each) - 4)
    return measured(task, rows * each, " cm²", slips=slips, fits=lambda x: x == sum([each] * rows))


def _halves(rng: random.Random, grade: int) -> Task | None:
    whole, halves = rng.randint(4, 12 if grade < 5 else 30), 2 * rng.randint(1, 4 if grade < 5 else 8)
    if grade > 6 and rng.random() < 0.5:
        halves += 1
    total = whole + Fraction(halves, 2)
    task = asked(
        f"{whole} and {halves} halves",
        f"A shape on squared paper covers {whole} whole squares and {halves} half squares. {_SQUARE} What is its area?",
        (
            f"Two halves make a whole square: {halves} {DIVIDED} 2 = {_plain(Fraction(halves, 2))}.",
            f"{whole} + {_plain(Fraction(halves, 2))} = {_plain(total)}, in cm².",
        ),
        label=f"{whole} whole and {halves} half squares",
        says=f"A shape of {whole} whole and {halves} half squares of 1 cm² has an area of {{}}.",
        match_stem=_MATCH,
    )
    slips = (whole + halves, whole, whole + 2 * halves, Fraction(whole + halves, 2))
    return measured(task, total, " cm²", slips=slips, fits=lambda x: 2 * x == whole + whole + halves)


def _plain(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"{float(value):g}"


def _framed(whole: tuple[int, int], hole: tuple[int, int]) -> Squares:
    full, cut = "#" * whole[1], "#" + "." * hole[1] + "#" * (whole[1] - hole[1] - 1)
    return Squares(rows=[full, *[cut] * hole[0], *[full] * (whole[0] - hole[0] - 1)], unit="1 cm")


def _hole(rng: random.Random, grade: int) -> Task | None:
    rows, each = rng.randint(4, 9), rng.randint(4, 9)
    high, wide = rng.randint(1, rows - 2), rng.randint(1, each - 2)
    total = rows * each - high * wide
    if high * wide == 1:
        return None
    task = asked(
        f"{rows} by {each} without {high} by {wide}",
        f"A frame on squared paper is {rows} rows of {each} squares, without a hole of {high} by {wide} squares. "
        f"{_SQUARE} What is its area?",
        (
            f"With the hole it would be {rows} {TIMES} {each} = {rows * each} squares.",
            f"The hole is {high} {TIMES} {wide} = {high * wide} squares.",
            f"{rows * each} {MINUS} {high * wide} = {total}, in cm².",
        ),
        label=f"{rows} rows of {each} squares without {high} by {wide}",
        drawing=_framed((rows, each), (high, wide)),
        says=f"A frame of {rows} rows of {each} squares of 1 cm² with a hole of {high} by {wide} has an area of {{}}.",
        match_stem=_MATCH,
    )
    covered = [(x, y) for x in range(rows) for y in range(each) if not (1 <= x <= high and 1 <= y <= wide)]
    slips = (rows * each, rows * each + high * wide, rows * each - high - wide, (rows - high) * (each - wide))
    return measured(task, total, " cm²", slips=slips, fits=lambda x: x == len(covered))


def _larger_squares(rng: random.Random, grade: int) -> Task | None:
    count, side = rng.randint(5, 30), rng.randint(2, 5)
    one = side * side
    task = asked(
        f"{count} squares of side {side}",
        f"A shape covers {count} squares with sides of {side} cm. What is its area?",
        (
            f"One square has {side} {TIMES} {side} = {one} cm².",
            f"{count} {TIMES} {one} = {count * one}, in cm².",
        ),
        label=f"{count} squares with sides of {side} cm",
        says=f"A shape of {count} squares with sides of {side} cm has an area of {{}}.",
        match_stem="Match what each shape covers to its area.",
    )
    slips = (count * side, count, count * 4 * side, count + one)
    return measured(task, count * one, " cm²", slips=slips, fits=lambda x: x / side == sum([side] * count))


def _estimate(rng: random.Random, grade: int) -> Task | None:
    whole, part = rng.randint(8, 40), 2 * rng.randint(3, 14)
    total = whole + part // 2
    what = rng.choice(("a leaf", "a puddle", "a hand", "an island on a map"))
    task = asked(
        f"about {whole} and {part} in part",
        f"The outline of {what} on squared paper holds {whole} whole squares and cuts {part} others. {_SQUARE} "
        "About how large is its area, if each cut square counts as half a one?",
        (
            "Some of the cut squares are more than half inside, and some are less, so they count as halves.",
            f"{part} {DIVIDED} 2 = {part // 2}.",
            f"{whole} + {part // 2} = {total}, in cm².",
        ),
        label=f"{whole} whole and {part} cut squares",
        says=f"If cut squares count as halves, {whole} whole and {part} cut squares of 1 cm² cover about {{}}.",
        match_stem=f"{_MATCH} A cut square counts as half a one.",
    )
    slips = (whole + part, whole, part, total + part)
    return measured(task, total, " cm²", slips=slips, fits=lambda x: (x - whole) * 2 == part)


def _how_many_rows(rng: random.Random, grade: int) -> Task | None:
    """From the area back to the rows."""
    rows, each = _size(rng, grade), _size(rng, grade)
    if rows == each:
        return None
    area = rows * each
    task = asked(
        f"rows of {each} for {area}",
        f"A rectangle on squared paper has an area of {area} cm², with {each} squares in each row. {_SQUARE} "
        "How many rows does it have?",
        (
            f"{area} cm² are {area} squares, which are shared out into rows of {each}.",
            f"{area} {DIVIDED} {each} = {rows}.",
        ),
        label=f"{area} cm² in rows of {each}",
        says=f"A rectangle of {area} cm² with {each} squares of 1 cm² in each row has {{}} rows.",
        match_stem="Each square is 1 cm² large. Match each rectangle to its number of rows.",
        bloom="analyze",
    )
    slips = (area - each, area * each, rows + 1, area - 2 * each)
    return measured(task, rows, "", slips=slips, fits=lambda x: x == len(range(0, area, each)))


SKILL = described(
    "counting-squares", _look, _rows, _rectangle, _halves, _how_many_rows, _estimate, _hole, _larger_squares
)
