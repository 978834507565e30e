"""Probability of simple events: bags, dice and spinners, the event that does not happen, two things at once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.expressions import is_worth
from lessongen.writers.computed.measuring import asked, measured
from lessongen.writers.computed.writing import DIVIDED, MINUS, TIMES, fraction, listed

_COLOURS = ("red", "blue", "green", "yellow")
_ON_A_DIE: Sequence[tuple[str, frozenset[int]]] = (
    ("an even number", frozenset({2, 4, 6})),
    ("a number above 4", frozenset({5, 6})),
    ("a number below 5", frozenset({1, 2, 3, 4})),
    ("a multiple of 3", frozenset({3, 6})),
    ("a prime number", frozenset({2, 3, 5})),
    ("a 6", frozenset({6})),
    ("a number that is not 1", frozenset({2, 3, 4, 5, 6})),
)
_RULE = "The probability is the number of outcomes that are meant, divided by the number of all outcomes."


def _chance(
    task: Task, meant: int, whole: int, slips: Sequence[Fraction | str], by_listing: Sequence[bool] = ()
) -> Task:
    """The task with a probability as the answer, counted a second time over a list of all outcomes."""
    answer = Fraction(meant, whole)
    outcomes = by_listing or [True] * meant + [False] * (whole - meant)
    usual = (1 - answer, Fraction(1, whole), f"{meant}/{whole - meant}" if whole > meant else "")
    said = [each if isinstance(each, str) else fraction(each) for each in (*slips, *usual) if each]
    made = measured(task, answer, "", slips=(), fits=lambda x: x * len(outcomes) == sum(outcomes))
    wrong = dict.fromkeys(each for each in (*said, "1/2") if Fraction(each) < 1 and not is_worth(each, answer))
    return replace(made, answer=fraction(answer), wrong=tuple(wrong))


def _reduced(meant: int, whole: int) -> str:
    plain = f"{meant}/{whole}"
    return plain if plain == fraction(Fraction(meant, whole)) else f"{plain} = {fraction(Fraction(meant, whole))}"


def _counts(rng: random.Random, grade: int, colours: int) -> dict[str, int]:
    return {colour: rng.randint(1, 6 if grade < 7 else 12) for colour in rng.sample(_COLOURS, colours)}


def _of_each(counts: dict[str, int]) -> str:
    return listed([f"{count} {colour}" for colour, count in counts.items()])


def _bag(rng: random.Random, grade: int) -> Task | None:
    counts = _counts(rng, grade, 2 if grade < 6 else 3)
    colour, meant = next(iter(counts.items()))
    whole = sum(counts.values())
    if whole == 2 * meant:
        return None
    bag = f"{_of_each(counts)} balls"
    task = asked(
        f"{colour} of {bag}",
        f"A bag holds {bag}. One is drawn without looking. What is the probability that it is {colour}?",
        (
            f"There are {' + '.join(map(str, counts.values()))} = {whole} balls, and {meant} of them "
            f"{'is' if meant == 1 else 'are'} {colour}.",
            f"So the probability is {_reduced(meant, whole)}.",
        ),
        label=f"{colour}, from {bag}",
        says=f"From a bag of {bag} a {colour} one is drawn with a probability of {{}}.",
        match_stem="Match each draw from a bag to its probability.",
    )
    listing = [each == colour for each, count in counts.items() for _ in range(count)]
    return _chance(task, meant, whole, [Fraction(1, len(counts))], listing)


def _die(rng: random.Random, grade: int) -> Task | None:
    event, faces = rng.choice(_ON_A_DIE)
    task = asked(
        f"die: {event}",
        f"A fair die with the numbers 1 to 6 is thrown. What is the probability of {event}?",
        (
            f"{_RULE}",
            f"{listed([str(face) for face in sorted(faces)])} {'is' if len(faces) == 1 else 'are'} meant, "
            f"{len(faces)} of 6 numbers, so it is {_reduced(len(faces), 6)}.",
        ),
        label=event,
        says=f"On a fair die the probability of {event} is {{}}.",
        match_stem="A fair die is thrown. Match each event to its probability.",
    )
    return _chance(
        task, len(faces), 6, [Fraction(1, max(faces)), Fraction(1, 6)], [face in faces for face in range(1, 7)]
    )


def _spinner(rng: random.Random, grade: int) -> Task | None:
    sectors = rng.choice((5, 8, 10, 12, 20))
    least = rng.randint(2, sectors - 1)
    meant = sectors - least + 1
    task = asked(
        f"at least {least} of {sectors}",
        f"A spinner has {sectors} equal sectors, numbered from 1. What is the probability of {least} or more?",
        (
            f"The numbers from {least} to {sectors} are meant, {least} itself as well: "
            f"{sectors} {MINUS} {least - 1} = {meant} of {sectors}.",
            f"So the probability is {_reduced(meant, sectors)}.",
        ),
        label=f"{least} or more of {sectors}",
        says=f"On a spinner with the numbers 1 to {sectors} the probability of {least} or more is {{}}.",
        match_stem="Spinners have equal sectors, numbered from 1. Match each event to its probability.",
    )
    listing = [face >= least for face in range(1, sectors + 1)]
    return _chance(task, meant, sectors, [Fraction(sectors - least, sectors), Fraction(least, sectors)], listing)


def _not(rng: random.Random, grade: int) -> Task | None:
    """From the probability of an event to that of its not happening."""
    whole = rng.choice((5, 7, 8, 9, 10, 12, 20))
    meant = rng.randint(1, whole - 1)
    chance = Fraction(meant, whole)
    if chance == Fraction(1, 2) or chance.denominator != whole:
        return None
    event = rng.choice(("it rains", "the bus is late", "the home team wins", "a seed comes up"))
    task = asked(
        f"not {fraction(chance)}: {event}",
        f"The probability that {event} is {fraction(chance)}. What is the probability that this does not happen?",
        (
            "Something happens or does not happen, so both probabilities add up to 1.",
            f"1 {MINUS} {fraction(chance)} = {fraction(1 - chance)}.",
        ),
        label=f"happens: {fraction(chance)}",
        says=f"If the probability that {event} is {fraction(chance)}, the probability of the opposite is {{}}.",
        match_stem="Match the probability of each event to that of its not happening.",
    )
    slips: list[Fraction | str] = [chance, f"{whole}/{meant}", Fraction(1, whole)]
    return _chance(task, whole - meant, whole, slips)


def _expected(rng: random.Random, grade: int) -> Task | None:
    """From a probability to how often."""
    whole = rng.choice((2, 3, 4, 5, 6, 8, 10))
    meant = rng.randint(1, whole - 1)
    times = whole * rng.choice((5, 10, 12, 20, 30))
    chance = Fraction(meant, whole)
    if chance.denominator != whole:
        return None
    answer = times // whole * meant
    task = asked(
        f"{fraction(chance)} in {times}",
        f"A spinner shows a star with a probability of {fraction(chance)}. "
        f"In {times} spins, how many stars are expected?",
        (
            f"A star is expected in {fraction(chance)} of the spins.",
            f"{times} {DIVIDED} {whole} {TIMES} {meant} = {answer}.",
        ),
        label=f"{fraction(chance)} in {times} spins",
        says=f"With a probability of {fraction(chance)} a star is expected {{}} times in {times} spins.",
        match_stem="Match each probability and number of spins to how often a star is expected.",
    )
    slips = (times // whole, times - answer, times * whole // meant, times - whole)
    return measured(task, answer, "", slips=slips, fits=lambda x: x / times == chance)


def _how_many(rng: random.Random, grade: int) -> Task | None:
    """From the answer back to the bag."""
    whole, colour = rng.randint(3, 8), rng.choice(_COLOURS)
    meant, by = rng.randint(1, whole - 1), rng.randint(2, 6)
    chance = Fraction(meant, whole)
    if chance.denominator != whole or 2 * meant == whole:
        return None
    task = asked(
        f"{fraction(chance)} of {whole * by} balls",
        f"A bag holds {whole * by} balls. A {colour} ball is drawn with a probability of {fraction(chance)}. "
        f"How many {colour} balls are in the bag?",
        (
            f"{fraction(chance)} of the balls are {colour}.",
            f"{whole * by} {DIVIDED} {whole} {TIMES} {meant} = {meant * by}.",
        ),
        says=f"Of {whole * by} balls, from which a {colour} one is drawn with a probability of {fraction(chance)}, "
        f"{{}} are {colour}.",
        bloom="analyze",
    )
    slips = (meant, by, (whole - meant) * by, whole * by - meant)
    return measured(task, meant * by, "", slips=slips, fits=lambda x: x / (whole * by) == chance)


def _two(rng: random.Random, grade: int) -> Task | None:
    """Two coins or dice, counted on the list of all pairs."""
    wanted = rng.randint(2, 12)
    pairs = [(one, other) for one in range(1, 7) for other in range(1, 7)]
    meant = [f"{one} and {other}" for one, other in pairs if one + other == wanted]
    if len(meant) == len(pairs) or 36 % len(meant):
        return None
    if rng.random() < 0.35:
        event, count = rng.choice((("two heads", 1), ("one head and one tail", 2), ("at least one head", 3)))
        task = asked(
            f"two coins: {event}",
            f"Two fair coins are thrown. What is the probability of {event}?",
            (
                "There are four outcomes: head head, head tail, tail head and tail tail.",
                f"{count} of 4 {'is' if count == 1 else 'are'} meant, so it is {_reduced(count, 4)}.",
            ),
            says=f"With two fair coins the probability of {event} is {{}}.",
        )
        return _chance(task, count, 4, [Fraction(1, 3), Fraction(2, 3), Fraction(1, 4), Fraction(3, 4)])
    task = asked(
        f"two dice: {wanted}",
        f"Two fair dice are thrown. What is the probability that the numbers add up to {wanted}?",
        (
            f"There are 6 {TIMES} 6 = 36 pairs of numbers.",
            f"Those that add up to {wanted} are {listed(meant)}: {len(meant)}, so it is {_reduced(len(meant), 36)}.",
        ),
        label=f"a sum of {wanted}",
        says=f"With two fair dice the probability of a sum of {wanted} is {{}}.",
        match_stem="Two fair dice are thrown. Match each sum to its probability.",
    )
    slips = [Fraction(1, 11), Fraction((len(meant) + 1) // 2, 21), Fraction(wanted, 36), Fraction(wanted, 12)]
    return _chance(task, len(meant), 36, slips, [one + other == wanted for one, other in pairs])


SKILL = described("probability", _bag, _die, _spinner, _not, _how_many, _expected, _two)
