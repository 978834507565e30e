"""Mean speed: speed, distance and time, a journey in parts."""

from __future__ import annotations

import random
from fractions import Fraction

from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.measuring import asked, measured
from lessongen.writers.computed.writing import DIVIDED, TIMES, number

_MOVERS = (
    # who, slowest and fastest in km/h
    ("A cyclist", 12, 24),
    ("A bus", 30, 60),
    ("A car", 50, 110),
    ("A train", 60, 160),
)
_RUNNERS = (("A runner", 3, 8), ("A swimmer", 1, 2), ("A drone", 6, 15), ("A skater", 4, 11))
_PARTS_OF_AN_HOUR = {15: Fraction(1, 4), 30: Fraction(1, 2), 45: Fraction(3, 4), 20: Fraction(1, 3), 12: Fraction(1, 5)}
_RULE = "Speed is distance divided by time."


def _journey(rng: random.Random, grade: int) -> tuple[str, int, int, int, str, str]:
    """Who, speed, time and distance, with the units of distance and time."""
    if grade >= 7 and rng.random() < 0.4:
        who, slow, fast = rng.choice(_RUNNERS)
        speed, time = rng.randint(slow, fast), rng.choice((8, 12, 15, 20, 25, 30, 40, 50))
        return who, speed, time, speed * time, "m", "s"
    who, slow, fast = rng.choice(_MOVERS)
    speed, time = rng.randint(slow, fast), rng.randint(2, 5)
    speed -= speed % 5 if grade < 8 else 0
    return who, speed, time, speed * time, "km", "h"


def _speed(rng: random.Random, grade: int) -> Task | None:
    who, speed, time, way, length, unit = _journey(rng, grade)
    task = asked(
        f"speed for {way} {length} in {time} {unit}",
        f"{who} covers {way} {length} in {time} {unit}. What is the mean speed?",
        (_RULE, f"{way} {DIVIDED} {time} = {speed}, in {length}/{unit}."),
        label=f"{way} {length} in {time} {unit}",
        says=f"Covering {way} {length} in {time} {unit} is a mean speed of {{}}.",
        match_stem="Match each journey to its mean speed.",
    )
    slips = (Fraction(time, way), way - time, way * time, speed + time)
    return measured(task, speed, f" {length}/{unit}", slips=slips, fits=lambda v: v * time == way)


def _distance(rng: random.Random, grade: int) -> Task | None:
    who, speed, time, way, length, unit = _journey(rng, grade)
    task = asked(
        f"way at {speed} {length}/{unit} in {time} {unit}",
        f"{who} moves at {speed} {length}/{unit} for {time} {unit}. What distance is that?",
        ("Distance is speed multiplied by time.", f"{speed} {TIMES} {time} = {way}, in {length}."),
        label=f"{speed} {length}/{unit} for {time} {unit}",
        says=f"At {speed} {length}/{unit} for {time} {unit} the distance is {{}}.",
        match_stem="Match each journey to its distance.",
    )
    slips = (Fraction(speed, time), speed + time, way + speed, way - speed)
    return measured(task, way, f" {length}", slips=slips, fits=lambda x: x / time == speed)


def _time(rng: random.Random, grade: int) -> Task | None:
    who, speed, time, way, length, unit = _journey(rng, grade)
    task = asked(
        f"time for {way} {length} at {speed} {length}/{unit}",
        f"{who} moves at {speed} {length}/{unit}. How long does a way of {way} {length} take?",
        ("Time is distance divided by speed.", f"{way} {DIVIDED} {speed} = {time}, in {unit}."),
        label=f"{way} {length} at {speed} {length}/{unit}",
        says=f"At {speed} {length}/{unit} a way of {way} {length} takes {{}}.",
        match_stem="Match each journey to the time that it takes.",
    )
    slips = (Fraction(speed, way), way - speed, speed * way, Fraction(time, 2))
    return measured(task, time, f" {unit}", slips=slips, fits=lambda t: sum([speed] * int(t)) == way and t == int(t))


def _in_minutes(rng: random.Random, grade: int) -> Task | None:
    """A time in minutes, a speed in kilometres per hour."""
    who, slow, fast = rng.choice(_MOVERS)
    minutes, part = rng.choice(list(_PARTS_OF_AN_HOUR.items()))
    speed = rng.randint(slow // part.denominator, fast // part.denominator) * part.denominator
    way = speed * part
    task = asked(
        f"speed for {way} km in {minutes} min",
        f"{who} covers {way} km in {minutes} minutes. What is the mean speed in km/h?",
        (
            f"{minutes} minutes are {number(part)} of an hour, for an hour has 60 minutes.",
            f"{way} {DIVIDED} {number(part)} = {speed}, in km/h.",
        ),
        label=f"{way} km in {minutes} min",
        says=f"Covering {way} km in {minutes} minutes is a mean speed of {{}}.",
        match_stem="Match each journey to its mean speed.",
    )
    slips = (way / minutes, way * minutes, way * part, way * 2 if part != Fraction(1, 2) else way)
    return measured(task, speed, " km/h", slips=slips, fits=lambda v: v * minutes == way * 60)


def _in_parts(rng: random.Random, grade: int) -> Task | None:
    """The mean of two speeds is not the mean speed where the times differ."""
    who, slow, fast = rng.choice(_MOVERS)
    first, second = rng.randint(slow, fast), rng.randint(slow, fast)
    hours = rng.choice(((1, 2), (1, 3), (2, 1), (3, 1), (2, 3), (3, 2)))
    ways = first * hours[0], second * hours[1]
    whole, time = sum(ways), sum(hours)
    if first == second or whole % time:
        return None
    mean = whole // time
    task = asked(
        f"speed of {ways[0]} km in {hours[0]} h and {ways[1]} km in {hours[1]} h",
        f"{who} covers {ways[0]} km in {hours[0]} h and then {ways[1]} km in {hours[1]} h. What is the mean speed?",
        (
            f"The whole distance is {ways[0]} + {ways[1]} = {whole}, in km.",
            f"The whole time is {hours[0]} + {hours[1]} = {time}, in h.",
            f"{whole} {DIVIDED} {time} = {mean}, in km/h.",
        ),
        says=f"Over {ways[0]} km in {hours[0]} h and {ways[1]} km in {hours[1]} h the mean speed is {{}}.",
        bloom="analyze",
    )
    slips = (Fraction(first + second, 2), first + second, whole, max(first, second))
    # What is gained on one part is lost on the other.
    fits = lambda v: (first - v) * hours[0] + (second - v) * hours[1] == 0  # noqa: E731
    return measured(task, mean, " km/h", slips=slips, fits=fits)


SKILL = described("mean-speed", _speed, _distance, _time, _in_minutes, _in_parts)
