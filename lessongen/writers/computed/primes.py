"""Primes and factorisation: telling primes, prime factors, greatest common divisor, least common multiple."""

from __future__ import annotations

import random
from math import gcd, isqrt, lcm, prod

from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.expressions import value_of
from lessongen.writers.computed.writing import TIMES, listed, power

_SMALL = (2, 3, 5, 7, 11, 13, 17, 19)


def _factors(value: int) -> list[int]:
    """The prime factors in rising order, by trial division."""
    found, divisor = [], 2
    while value > 1:
        while value % divisor == 0:
            found.append(divisor)
            value //= divisor
        divisor += 1
    return found


def _product(factors: list[int]) -> str:
    """The factors as powers: "2³ x 3", with a sign of multiplication."""
    counted = {factor: factors.count(factor) for factor in factors}
    return f" {TIMES} ".join(power(base, count) if count > 1 else str(base) for base, count in counted.items())


def _sieve(limit: int) -> set[int]:
    """The primes up to a limit (sieve of Eratosthenes): knows nothing of factors."""
    left = set(range(2, limit + 1))
    for each in range(2, isqrt(limit) + 1):
        left -= set(range(each * each, limit + 1, each))
    return left


def _limit(grade: int) -> int:
    return 50 if grade < 6 else 120 if grade < 9 else 300


def _which_is_prime(rng: random.Random, grade: int) -> Task | None:
    limit = _limit(grade)
    low = 10 if grade < 6 else 20
    found = rng.randint(low, limit)
    others = [rng.randint(low, limit) for _ in range(20)]
    # What looks prime: no even number, and none that ends in 5.
    looks = list(dict.fromkeys(each for each in others if len(_factors(each)) > 1 and each % 2 and each % 5))[:3]
    if len(_factors(found)) != 1 or len(looks) < 3:
        return None
    primes = _sieve(limit)
    tried = [each for each in _SMALL if each * each <= found]
    return Task(
        term=f"prime among {', '.join(map(str, sorted((found, *looks))))}",
        ask="Which of these numbers is prime: " + ", ".join(map(str, sorted((found, *looks)))) + "?",
        answer=str(found),
        wrong=tuple(map(str, looks)),
        why=(
            *(f"{_product(_factors(each))} = {each}." for each in looks),
            f"{found} is prime: it can't be divided by {listed([str(each) for each in tried], 'or')}, "
            f"and the square of the next prime is above {found}.",
        ),
        holds=lambda text: int(text) in primes,
        kinds=("choice",),
        bloom="analyze",
    )


def _factorise(rng: random.Random, grade: int) -> Task | None:
    value = rng.randint(12, 60) if grade < 6 else rng.randint(40, 400)
    factors = _factors(value)
    if not 3 <= len(factors) <= 7 or factors[-1] > 19 or len(set(factors)) == 1:
        return None
    answer = _product(factors)
    steps, rest = [], value
    for factor in factors[:-1]:
        steps.append(f"{factor} {TIMES} {rest // factor} = {rest}.")
        rest //= factor
    first, last = factors[0], factors[-1]
    swapped = [*factors[:-1], last + 2 if last + 2 in _SMALL else 3 if last == 2 else 2]
    halfway = f"{first} {TIMES} {value // first}"
    more = [_product(sorted([*factors, first])), _product(sorted(swapped)), _product(factors[1:]), halfway]
    primes = _sieve(value)

    def holds(text: str) -> bool:
        bases = [int(part.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹")) for part in text.split(f" {TIMES} ")]
        return value_of(text) == value and all(base in primes for base in bases)

    return Task(
        term=f"prime factors of {value}",
        ask=f"Write {value} as a product of primes.",
        answer=answer,
        wrong=tuple(each for each in dict.fromkeys([halfway, *more]) if each != answer),
        why=(*steps, f"All factors are prime: {answer} = {value}."),
        holds=holds,
        label=str(value),
        says=f"As a product of primes {value} is {{}}.",
        match_stem="Match each number to its prime factors.",
    )


def _two(rng: random.Random, grade: int) -> tuple[int, int] | None:
    """Two numbers that share a factor, and neither divides the other."""
    shared = rng.randint(2, 6 if grade < 7 else 18)
    first, second = rng.sample(range(2, 7 if grade < 7 else 10), 2)
    if gcd(first, second) > 1:
        return None
    low, high = sorted((shared * first, shared * second))
    return (low, high) if low > 3 else None


def _gcd(rng: random.Random, grade: int) -> Task | None:
    drawn = _two(rng, grade)
    if drawn is None:
        return None
    low, high = drawn
    answer = gcd(low, high)
    smaller = next((each for each in range(answer - 1, 1, -1) if answer % each == 0), 1)
    steps: list[str] = []
    pair = (high, low)
    while pair[1]:
        quotient, rest = divmod(pair[0], pair[1])
        steps.append(f"{quotient} {TIMES} {pair[1]} + {rest} = {pair[0]}.")
        pair = (pair[1], rest)
    wrong = (smaller, lcm(low, high), high - low, low)
    return Task(
        term=f"gcd of {low} and {high}",
        ask=f"What is the greatest common divisor of {low} and {high}?",
        answer=str(answer),
        wrong=tuple(str(each) for each in dict.fromkeys(wrong) if each != answer),
        why=("Divide with a remainder until nothing is left over.", *steps, f"The last divisor is {answer}."),
        holds=lambda text: _greatest_by_search(low, high) == int(text),
        label=f"{low} and {high}",
        says=f"The greatest common divisor of {low} and {high} is {{}}.",
        match_stem="Match each pair to its greatest common divisor.",
    )


def _greatest_by_search(low: int, high: int) -> int:
    return max(each for each in range(1, low + 1) if low % each == 0 and high % each == 0)


def _lcm(rng: random.Random, grade: int) -> Task | None:
    drawn = _two(rng, min(grade, 8))
    if drawn is None:
        return None
    low, high = drawn
    answer = lcm(low, high)
    if answer == low * high:
        return None
    multiples = [high * each for each in range(1, answer // high + 1)]
    wrong = (low * high, gcd(low, high), answer * 2, answer - low, answer + high)
    return Task(
        term=f"lcm of {low} and {high}",
        ask=f"What is the least common multiple of {low} and {high}?",
        answer=str(answer),
        wrong=tuple(str(each) for each in dict.fromkeys(wrong) if each != answer),
        why=(
            f"Multiples of {high}: {', '.join(map(str, multiples))}.",
            f"{answer // low} {TIMES} {low} = {answer}, and no multiple of {high} before it can be divided by {low}.",
        ),
        holds=lambda text: (
            int(text) == min(set(range(low, low * high + 1, low)) & set(range(high, low * high + 1, high)))
        ),
        label=f"{low} and {high}",
        says=f"The least common multiple of {low} and {high} is {{}}.",
        match_stem="Match each pair to its least common multiple.",
    )


def _divisors(rng: random.Random, grade: int) -> Task | None:
    value = rng.randint(12, 60 if grade < 7 else 200)
    factors = _factors(value)
    if len(factors) < 2:
        return None
    counts = {factor: factors.count(factor) for factor in factors}
    answer = prod(count + 1 for count in counts.values())
    ways = f" {TIMES} ".join(f"({count} + 1)" for count in counts.values())
    wrong = [len(factors), answer - 2, len(counts), prod(counts.values())]
    return Task(
        term=f"number of divisors of {value}",
        ask=f"How many divisors has {value}, 1 and {value} among them?",
        answer=str(answer),
        wrong=tuple(str(each) for each in dict.fromkeys(wrong) if each != answer and each > 0),
        why=(f"{_product(factors)} = {value}.", f"Each exponent is raised by 1: {ways} = {answer}."),
        holds=lambda text: int(text) == sum(value % each == 0 for each in range(1, value + 1)),
        label=str(value),
        says=f"The number {value} has {{}} divisors.",
        match_stem="Match each number to how many divisors it has.",
        kinds=("short", "choice", "cloze"),
    )


SKILL = described("primes", _which_is_prime, _factorise, _gcd, _lcm, _divisors)
