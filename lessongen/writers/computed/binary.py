"""Binary numbers: to decimal and back, counting on, adding, how many there are."""

from __future__ import annotations

import random

from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import ALL_BUT_ORDER, Task
from lessongen.writers.computed.measuring import asked, measured
from lessongen.writers.computed.writing import MINUS, TIMES

_PLACES = "First Second Third Fourth Fifth Sixth Seventh Eighth".split()


def _highest(grade: int) -> int:
    return 15 if grade < 6 else 63 if grade < 9 else 255


def _binary(value: int) -> str:
    """By halving: the remainders from the last to the first."""
    digits = ""
    while value:
        value, rest = divmod(value, 2)
        digits = f"{rest}{digits}"
    return digits or "0"


def _worth(digits: str) -> int:
    """By doubling from the left."""
    value = 0
    for digit in digits:
        value = 2 * value + int(digit)
    return value


def _places(value: int) -> list[int]:
    """The powers of two that it is the sum of, the largest first."""
    return [1 << place for place in reversed(range(value.bit_length())) if value >> place & 1]


def _is_binary(text: str, value: int) -> bool:
    return not set(text) - {"0", "1"} and text[:1] != "0" and _worth(text) == value


def _summed(value: int) -> str:
    return " + ".join(map(str, _places(value)))


def _to_decimal(rng: random.Random, grade: int) -> Task | None:
    value = rng.randint(5, _highest(grade))
    digits, parts = _binary(value), _places(value)
    if len(parts) < 2:
        return None
    columns = ", ".join(str(1 << place) for place in reversed(range(len(digits))))
    task = asked(
        f"{digits} to decimal",
        f"Write the binary number {digits} as a decimal number.",
        (
            f"From left to right the digits of {digits} stand for {columns}.",
            f"Add those whose digit is a 1: {_summed(value)} = {value}.",
        ),
        label=f"binary {digits}",
        says=f"The binary number {digits} is the decimal number {{}}.",
        match_stem="Match each binary number to its decimal number.",
    )
    # Read from the wrong end; the first column taken for 2; all columns counted; the ones counted.
    slips = (_worth(digits[::-1]), 2 * value, (1 << len(digits)) - 1, len(parts))
    return measured(task, value, "", slips=slips, fits=lambda x: x == _worth(digits))


def _to_binary(rng: random.Random, grade: int) -> Task | None:
    value = rng.randint(5, _highest(grade))
    digits = _binary(value)
    wrong = (digits[::-1], digits.replace("0", ""), f"{digits}0")
    columns = ", ".join(str(1 << place) for place in reversed(range(len(digits))))
    left, steps = value, []
    for part in _places(value):
        steps.append(f"{left} {MINUS} {part} = {left - part}")
        left -= part
    return Task(
        term=f"{value} to binary",
        ask=f"Write the decimal number {value} as a binary number.",
        answer=digits,
        wrong=tuple(each for each in dict.fromkeys(wrong) if each != digits and each[0] == "1"),
        why=(
            f"Take away the largest power of two that fits, again and again: {', '.join(steps)}.",
            f"So {value} = {_summed(value)}. The places are {columns}: write 1 for each in the sum, else 0.",
        ),
        holds=lambda text: _is_binary(text, value),
        label=f"decimal {value}",
        says=f"The decimal number {value} is the binary number {{}}.",
        match_stem="Match each decimal number to its binary number.",
        kinds=ALL_BUT_ORDER,
    )


def _missing_digit(rng: random.Random, grade: int) -> Task | None:
    """From the value back to a digit."""
    value = rng.randint(9, _highest(grade))
    digits = _binary(value)
    at = rng.randrange(1, len(digits))
    column = 1 << (len(digits) - 1 - at)
    shown, others = f"{digits[:at]}?{digits[at + 1 :]}", value - column * int(digits[at])
    has = f"{value} {MINUS} {others} = {value - others}, so the digit is a {digits[at]}."
    return Task(
        term=f"digit {at} of {digits}",
        ask=f"One digit of the binary number {shown} can't be read. In decimal it is {value}. Which digit is missing?",
        answer=digits[at],
        wrong=(),
        why=(
            f"Without that digit the number is {_summed(others)} = {others}.",
            f"Its place is worth {column}, and {has}",
        ),
        holds=lambda text: text in ("0", "1") and _worth(shown.replace("?", text)) == value,
        says=f"In the binary number {shown}, which is {value} in decimal, the digit that can't be read is {{}}.",
        kinds=("short", "cloze"),
        bloom="analyze",
    )


def _next(rng: random.Random, grade: int) -> Task | None:
    value = rng.randint(3, _highest(grade))
    digits, answer = _binary(value), _binary(value + 1)
    wrong = (str(int(digits) + 1), f"{digits}1", f"{digits}0")
    carried = "The last digit is 0, so it becomes 1." if value % 2 == 0 else (
        "The last digit is 1: it becomes 0 and one is carried, past each further 1, to the first 0 from the right."
    )  # fmt: skip
    return Task(
        term=f"after {digits}",
        ask=f"Which binary number comes right after {digits}?",
        answer=answer,
        wrong=tuple(each for each in dict.fromkeys(wrong) if each != answer),
        why=(carried, f"After {digits} comes {answer}."),
        holds=lambda text: not set(text) - {"0", "1"} and _worth(text) == _worth(digits) + 1,
        says=f"Right after the binary number {digits} comes {{}}.",
        kinds=("short", "choice", "cloze"),
    )


def _add(rng: random.Random, grade: int) -> Task | None:
    first, second = (rng.randint(3, _highest(grade) // 2) for _ in range(2))
    if first & second == 0:
        return None
    one, other, answer = _binary(first), _binary(second), _binary(first + second)
    # Added as decimal numbers are; carries forgotten; one too few.
    wrong = (str(int(one) + int(other)), _binary(first ^ second), _binary(first + second - 1), _binary(first | second))
    return Task(
        term=f"{one} plus {other}",
        ask=f"Add the binary numbers {one} and {other}. Give the sum in binary.",
        answer=answer,
        wrong=tuple(each for each in dict.fromkeys((*wrong, f"{answer}0")) if each != answer),
        why=(
            "Add column by column from the right, and carry a 1 wherever a column comes to more than 1.",
            *_columns(first, second),
            f"That gives {answer}. Check in decimal: {first} + {second} = {first + second}.",
        ),
        holds=lambda text: not set(text) - {"0", "1"} and _worth(text) == _worth(one) + _worth(other),
        label=f"{one} and {other}",
        says=f"The sum of the binary numbers {one} and {other} is {{}}.",
        match_stem="Match each pair of binary numbers to its sum in binary.",
        kinds=ALL_BUT_ORDER,
    )


def _columns(first: int, second: int) -> tuple[str, ...]:
    """The columns that carry, from the right, as one says them."""
    told, carry = [], 0
    for place in range(max(first, second).bit_length()):
        ones = [first >> place & 1, second >> place & 1, carry]
        carry = sum(ones) // 2
        if carry:
            shown = " and ".join(["1"] * sum(ones))
            sums = f"{shown} are {_binary(sum(ones))}, so write {sum(ones) % 2} and carry 1."
            told.append(f"{_PLACES[place]} column: {sums}")
    return tuple(told)


def _how_many(rng: random.Random, grade: int) -> Task | None:
    count = rng.randint(2, 12)
    whole = 1 << count
    task = asked(
        f"numbers of {count} bits",
        f"How many different values can {count} bits have?",
        (
            "Each bit is 0 or 1, so each further bit doubles the number of values.",
            f"{' '.join([f'2 {TIMES}'] * (count - 1))} 2 = {whole}.",
        ),
        label=f"{count} bits",
        says=f"With {count} bits there are {{}} different values.",
        match_stem="Match each number of bits to how many values they can have.",
    )
    slips = (2 * count, whole - 1, whole // 2, count * count)
    return measured(task, whole, "", slips=slips, fits=lambda x: x == 1 + sum(1 << place for place in range(count)))


def _bits_for(rng: random.Random, grade: int) -> Task | None:
    """From the number of values back to the bits."""
    count = rng.randint(3, 10)
    things = rng.randint((1 << (count - 1)) + 1, 1 << count)
    what = rng.choice(("colours", "seats", "rooms", "players"))
    task = asked(
        f"bits for {things}",
        f"How many bits are needed at least to give each of {things} {what} a number of its own?",
        (
            f"With {count - 1} bits there are {1 << (count - 1)} values, which is too few.",
            f"With {count} bits there are {1 << count} values, which is enough.",
        ),
        says=f"To give each of {things} {what} a number of its own takes at least {{}} bits.",
        bloom="analyze",
    )
    slips = (count - 1, count + 1, things // 2, things)
    return measured(task, count, "", slips=slips, fits=lambda x: len(_binary(things - 1)) == x)


SKILL = described("binary-numbers", _to_decimal, _to_binary, _next, _missing_digit, _add, _how_many, _bits_for)
