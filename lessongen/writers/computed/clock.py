"""Telling time: hands, words and digits, later and earlier, how long something takes, the 24-hour clock."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from lessongen.lesson.drawings.clock import Clock
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import ALL_BUT_ORDER, Task
from lessongen.writers.computed.looking import read_off
from lessongen.writers.computed.measuring import asked, measured
from lessongen.writers.computed.writing import MINUS

_HOURS = "twelve one two three four five six seven eight nine ten eleven".split()
_ALONE = ("short", "choice", "cloze")  # in a list, the hour alone would tell which belong together
_WORDS = {5: "five", 10: "ten", 15: "quarter", 20: "twenty", 25: "twenty-five"}
_HALF_DAY, _DAY = 12 * 60, 24 * 60


def _digits(minutes: int) -> str:
    """Minutes after twelve as they stand on a clock of twelve hours."""
    return f"{(minutes // 60 - 1) % 12 + 1}:{minutes % 60:02d}"


def _minutes(text: str) -> int:
    hour, _, minute = text.partition(":")
    if not re.fullmatch(r"\d{1,2}:[0-5]\d", text):
        return -1
    return int(hour) * 60 + int(minute)


def _same(text: str, minutes: int) -> bool:
    told = _minutes(text)
    return 0 <= told and 0 < int(text.partition(":")[0]) <= 12 and (told - minutes) % _HALF_DAY == 0


def _in_words(minutes: int) -> str:
    hour, minute = minutes // 60 % 12, minutes % 60
    if minute == 0:
        return f"{_HOURS[hour]} o'clock"
    if minute == 30:
        return f"half past {_HOURS[hour]}"
    if minute < 30:
        return f"{_WORDS[minute]} past {_HOURS[hour]}"
    return f"{_WORDS[60 - minute]} to {_HOURS[(hour + 1) % 12]}"


def _from_words(text: str) -> int:
    """The other way, by reading; -1 for what is no time."""
    if text.endswith(" o'clock"):
        return _hour_of(text.removesuffix(" o'clock"))
    first, sign, hour = text.rpartition(" past ") if " past " in text else text.rpartition(" to ")
    amount = 30 if first == "half" else next((minute for minute, word in _WORDS.items() if word == first), 0)
    at = _hour_of(hour)
    return -1 if at < 0 or not amount else (at + (amount if sign == " past " else -amount)) % _HALF_DAY


def _hour_of(word: str) -> int:
    return _HOURS.index(word) * 60 if word in _HOURS else -1


def _step(grade: int) -> int:
    return 30 if grade < 2 else 15 if grade < 3 else 5


def _time(rng: random.Random, grade: int) -> int:
    return rng.randrange(0, _HALF_DAY, _step(grade))


def _wrong(times: Iterable[int | str], minutes: int) -> tuple[str, ...]:
    """The times in digits that are others than the right one."""
    shown = [each if isinstance(each, str) else _digits(each) for each in times]
    return tuple(dict.fromkeys(each for each in shown if not _same(each, minutes)))


def _look(rng: random.Random, grade: int) -> Task | None:
    minutes = _time(rng, grade)
    hour, minute = minutes // 60 or 12, minutes % 60
    hand = f"The long hand points to {minute // 5 or 12}, which is {minute or 'no'} minutes past the hour."
    passed = f"The short hand has passed {hour}" if minute else f"The short hand points to {hour}"
    return read_off(
        Clock(hour=hour, minute=minute),
        "What time does the clock show?",
        term=f"clock at {_digits(minutes)}",
        wrong=_wrong(
            (f"{hour}:{minute // 5 or 12:02d}", minutes + 60, minute // 5 * 60 + hour * 5 % 60, minutes + 30), minutes
        ),
        why=(f"{passed}, so the hour is {hour}.", hand, f"So it is {_digits(minutes)}."),
        holds=lambda text: _same(text, hour % 12 * 60 + minute),
    )


def _read(rng: random.Random, grade: int) -> Task | None:
    minutes = _time(rng, grade)
    hour, minute = minutes // 60 or 12, minutes % 60
    at, following = minute // 5 or 12, hour % 12 + 1
    where = f"points to {hour}" if minute == 0 else f"is between {hour} and {following}"
    hands = f"the hour hand {where} and the minute hand points to {at}"
    reads = f"The hour hand {where}, so the hour is {hour}."
    # The number at the minute hand taken for minutes; the next hour; the hands changed over; counted from the left.
    mirrored = hour * 60 + (60 - minute) % 60
    slips = (f"{hour}:{at:02d}", minutes + 60, at * 60 + hour * 5 % 60, mirrored, minutes + 5, minutes - 60)
    return Task(
        term=f"hands at {_digits(minutes)}",
        ask=f"On a clock {hands}. What time is it, in digits?",
        answer=_digits(minutes),
        wrong=_wrong(slips, minutes),
        why=(
            reads,
            f"From one number to the next it is five minutes, so {at} means {minute or 'no'} minutes past the hour.",
            f"So it is {_digits(minutes)}.",
        ),
        holds=lambda text: _same(text, hour % 12 * 60 + at % 12 * 5),
        says=f"When on a clock {hands}, it is {{}}.",
        kinds=_ALONE,
        illustration=Clock(hour=hour, minute=minute),
    )


def _say(rng: random.Random, grade: int) -> Task | None:
    minutes = _time(rng, grade)
    minute = minutes % 60
    answer, shown = _in_words(minutes), _digits(minutes)
    following = _HOURS[(minutes // 60 + 1) % 12]
    rule = "Up to half past, say how much has passed; after that, how much is missing to the next hour."
    if minute > 30:
        steps = (rule, f"At {shown} there are {60 - minute} minutes left to {following}: {answer}.")
    else:
        steps = (rule, f"At {shown} {minute or 'no'} minutes have passed since {_HOURS[minutes // 60]}: {answer}.")
    others = [minutes + 60, minutes - 60, minutes + 2 * (30 - minute), minutes + 30, _HALF_DAY - minutes]
    return Task(
        term=f"{shown} in words",
        ask=f"How do you say {shown} in words, with “past”, “to” or “o'clock”?",
        answer=answer,
        wrong=tuple(dict.fromkeys(_in_words(each % _HALF_DAY) for each in others if (each - minutes) % _HALF_DAY)),
        why=steps,
        holds=lambda text: _from_words(text) == _minutes(shown) % _HALF_DAY,
        says=f"With “past”, “to” or “o'clock”, {shown} is said as “{{}}”.",
        kinds=_ALONE,
    )


def _write(rng: random.Random, grade: int) -> Task | None:
    """From the words back to the digits."""
    minutes = _time(rng, grade)
    words, minute = _in_words(minutes), minutes % 60
    if minute == 0:
        return None
    counted = f"{minute} minutes after" if minute <= 30 else f"{60 - minute} minutes before"
    hour = _HOURS[minutes // 60 % 12 if minute <= 30 else (minutes // 60 + 1) % 12]
    slips = (minutes + 60, minutes - 60, minutes + 2 * (60 - minute), minutes - 2 * minute, minutes + 30)
    return Task(
        term=f"{words} in digits",
        ask=f"Write “{words}” in digits.",
        answer=_digits(minutes),
        wrong=_wrong(slips, minutes),
        why=(f"“{words.capitalize()}” is {counted} {hour}.", f"In digits that is {_digits(minutes)}."),
        holds=lambda text: _same(text, _from_words(words)),
        says=f"In digits, “{words}” is {{}}.",
        kinds=_ALONE,
    )


def _moved(rng: random.Random, grade: int, *, back: bool) -> Task | None:
    start, by = rng.randrange(60, _HALF_DAY, 5), rng.randrange(10, 60 if grade < 4 else 200, 5)
    end = start - by if back else start + by
    past = start % 60 - by % 60 if back else start % 60 + by % 60
    if 0 <= past < 60 or by % 60 == 0:
        return None  # the hour has to change
    long = _long(by)
    to_hour = start % 60 if back else 60 - start % 60
    between = start - to_hour if back else start + to_hour
    way, word = ("before", "back") if back else ("after", "on")
    steps: tuple[str, ...]
    if 0 < to_hour < by:
        steps = (
            f"From {_digits(start)} to the full hour {_digits(between)} it is {to_hour} minutes.",
            f"Of {long} that leaves {by} {MINUS} {to_hour} = {by - to_hour} minutes.",
            f"So one goes {word} to {_digits(end)}.",
        )
    else:
        steps = (
            f"Count {long} {word} from {_digits(start)}.",
            f"That is {_digits(end)}.",
        )
    ninety = start // 60 * 100 + start % 60 + (-1 if back else 1) * (by // 60 * 100 + by % 60)  # as if 100 made an hour
    sixty = f"{ninety // 100}:{ninety % 100:02d}"
    return Task(
        term=f"{long} {way} {_digits(start)}",
        ask=f"What time is it {long} {way} {_digits(start)}, on a clock of twelve hours?",
        answer=_digits(end),
        wrong=_wrong((sixty, end + 60, end - 60, 2 * start - end, end + 10), end),
        why=steps,
        holds=lambda text: _same(text, _minutes(_digits(start)) + (-by if back else by)),
        label=f"{long} {way} {_digits(start)}",
        says=f"{long.capitalize()} {way} {_digits(start)} it is {{}}.",
        match_stem="Match each start and length to the time, on a clock of twelve hours.",
        kinds=ALL_BUT_ORDER,
        bloom="analyze" if back else "apply",
    )


def _long(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    told = [f"{hours} hour{'s' * (hours > 1)}"] if hours else []
    return " and ".join([*told, *([f"{rest} minutes"] if rest else [])])


def _later(rng: random.Random, grade: int) -> Task | None:
    return _moved(rng, grade, back=False)


def _earlier(rng: random.Random, grade: int) -> Task | None:
    return _moved(rng, grade, back=True)


def _how_long(rng: random.Random, grade: int) -> Task | None:
    start, by = rng.randrange(7 * 60, 20 * 60, 5), rng.randrange(20, 60 if grade < 5 else 150, 5)
    end = start + by
    if start // 60 == end // 60 or start % 60 == 0 or end % 60 == 0:
        return None
    shown, until = (f"{each // 60}:{each % 60:02d}" for each in (start, end))
    what = rng.choice(("A lesson", "A film", "A match", "A train journey"))
    first, last = 60 - start % 60, end % 60
    full = end // 60 - start // 60 - 1
    parts = [first, *[60] * full, last]
    task = asked(
        f"from {shown} to {until}",
        f"{what} begins at {shown} and ends at {until}. How many minutes does it take?",
        (
            f"From {shown} to the next full hour it is {first} minutes, and {last} after the last full hour.",
            f"{' + '.join(map(str, parts))} = {by}, in minutes.",
        ),
        label=f"from {shown} to {until}",
        says=f"From {shown} to {until} it is {{}}.",
        match_stem="Match each beginning and end to how long it takes.",
    )
    by_hundreds = end // 60 * 100 + end % 60 - start // 60 * 100 - start % 60
    slips = (by_hundreds, by + 60, by - 60, by + 10, abs(end % 60 - start % 60))
    return measured(task, by, " minutes", slips=slips, fits=lambda x: (_minutes(shown) + x - _minutes(until)) == 0)


def _of_24(rng: random.Random, grade: int) -> Task | None:
    minutes = rng.randrange(0, _DAY, 5)
    half = "p.m." if minutes >= _HALF_DAY else "a.m."
    twelve, full = f"{_digits(minutes)} {half}", f"{minutes // 60:02d}:{minutes % 60:02d}"
    rule = "After noon 12 is added to the hour from 1 on; 12 at noon stays 12, and 12 at midnight is 00."
    hours = [minutes // 60 + by for by in (12, -12, 10, -10, -2, 2)]
    wrong = [f"{hour:02d}:{minutes % 60:02d}" for hour in hours if 0 <= hour < 24]

    def holds(text: str) -> bool:
        hour, minute = (int(each) for each in twelve.split(" ")[0].split(":"))
        return text == f"{hour % 12 + (12 if 'p' in twelve else 0):02d}:{minute:02d}"

    return Task(
        term=f"{twelve} of 24",
        ask=f"Write {twelve} on the 24-hour clock.",
        answer=full,
        wrong=tuple(wrong),
        why=(rule, f"So {twelve} is {full}."),
        holds=holds,
        label=twelve,
        says=f"On the 24-hour clock {twelve} is {{}}.",
        match_stem="Match each time to the 24-hour clock.",
        kinds=ALL_BUT_ORDER,
    )


SKILL = described("telling-time", _look, _read, _say, _write, _later, _how_long, _earlier, _of_24)
