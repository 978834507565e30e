"""Cron expressions: five fields that say at which minutes something is to run, read, and told to systemd.

As crontab(5) of Vixie cron has it, which Debian's cron and cronie follow: what only some crons know is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from lessongen.system.errors import UsageError

NICKNAMES: Mapping[str, str] = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}

_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# 29 February on a given weekday comes again after 28 years at most, or 40 where a century is no leap year.
_SEARCHED_DAYS = 41 * 366


@dataclass(frozen=True)
class _Field:
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _WEEKDAYS),
)
_ORDER = "They are: minute, hour, day of the month, month, day of the week; as in “0 5 * * 1”, Mondays at 5:00."


@dataclass(frozen=True, kw_only=True)
class Cron:
    """When something runs, in local time. Weekdays count from Sunday, 0.

    Where `days_add_up`, a day of the month or a day of the week is enough; otherwise both have to be right.
    """

    text: str
    minutes: Sequence[int]
    hours: Sequence[int]
    days: Sequence[int]
    months: Sequence[int]
    weekdays: Sequence[int]
    days_add_up: bool

    def first_after(self, moment: datetime) -> datetime:
        """The next minute at which it runs, by the wall clock: both moments are naive and local."""
        day = moment.date()
        for _ in range(_SEARCHED_DAYS):
            if self._is_day(day.day, day.month, day.isoweekday() % 7):
                for hour in self.hours:
                    for minute in self.minutes:
                        found = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - local
                        if found > moment:
                            return found
            day += timedelta(days=1)
        raise AssertionError("an expression that never comes is refused by `parse`")

    def _is_day(self, day: int, month: int, weekday: int) -> bool:
        of_month, of_week = day in self.days, weekday in self.weekdays
        return month in self.months and (of_month or of_week if self.days_add_up else of_month and of_week)

    def calendar(self) -> list[str]:
        """The same moments as systemd's `OnCalendar=` has them, one or two values; see systemd.time(7).

        systemd wants both days right, always: where one is enough, there is a value for each.
        """
        every_day, every_weekday = tuple(range(1, 32)), tuple(range(7))
        if not self.days_add_up:
            return [self._calendar(self.days, self.weekdays)]
        if len(self.weekdays) == 7 or len(self.days) == 31:
            return [self._calendar(every_day, every_weekday)]
        of_month = [self._calendar(self.days, every_weekday)] if _comes(self.days, self.months) else []
        return [*of_month, self._calendar(every_day, self.weekdays)]

    def _calendar(self, days: Sequence[int], weekdays: Sequence[int]) -> str:
        from_monday = [(each - 1) % 7 for each in weekdays]
        names = [_WEEKDAYS[(each + 1) % 7].capitalize() for each in range(7)]
        week = "" if len(weekdays) == 7 else _ranges(sorted(from_monday), names) + " "
        month, day = _numbers(self.months, 1, 12), _numbers(days, 1, 31)
        return f"{week}*-{month}-{day} {_numbers(self.hours, 0, 23)}:{_numbers(self.minutes, 0, 59)}:00"


def parse(text: str) -> Cron:
    """The expression that a person wrote. Raises `UsageError` saying which field is wrong, and how."""
    written = NICKNAMES.get(text.strip().lower(), text)
    if written.strip().startswith("@"):
        raise UsageError(
            f"There is no cron time {_shown(text)}.", hint=f"Give five fields, or one of {', '.join(NICKNAMES)}."
        )
    fields = written.split()
    if len(fields) != len(_FIELDS):
        raise UsageError(f"A cron time has five fields; {_shown(text)} has {len(fields)}.", hint=_ORDER)
    values = [_values(field, given) for field, given in zip(_FIELDS, fields, strict=True)]
    minutes, hours, days, months, weekdays = values
    # A field that begins with a star asks nothing of the day, says crontab(5), even if it has a step.
    days_add_up = not fields[2].startswith("*") and not fields[4].startswith("*")
    if not _comes(days, months) and not days_add_up:
        raise UsageError(
            f"The time {_shown(text)} never comes: no month that it names has such a day.",
            hint="Change the day of the month, or the month.",
        )
    return Cron(
        text=" ".join(fields),
        minutes=minutes,
        hours=hours,
        days=days,
        months=months,
        weekdays=tuple(sorted({each % 7 for each in weekdays})),
        days_add_up=days_add_up,
    )


def _values(field: _Field, text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        low, high = _span(field, text, span)
        size = _step(field, text, step) if slash else 1
        if slash and span != "*" and "-" not in span:
            raise _wrong(field, text, "a step goes with a range", f"Write {span}-{field.high}/{step}.")
        found.update(range(low, high + 1, size))
    return tuple(sorted(found))


def _span(field: _Field, text: str, span: str) -> tuple[int, int]:
    if span == "*":
        return field.low, 6 if field.names == _WEEKDAYS else field.high
    first, dash, last = span.partition("-")
    low = _number(field, text, first)
    high = _number(field, text, last) if dash else low
    if low > high:
        wrap = f"{span.partition('-')[0]}-{field.high},{field.low}-{span.partition('-')[2]}"
        hint = "Write the smaller one first." if field.names else f"Write the smaller one first, or {wrap}."
        raise _wrong(field, text, f"{span} runs backwards", hint)
    return low, high


def _number(field: _Field, text: str, word: str) -> int:
    if word.lower() in field.names:
        return field.names.index(word.lower()) + field.low
    if not re.fullmatch(r"[0-9]{1,4}", word):
        raise _wrong(
            field, text, f"{_shown(word)} is no {'number or name' if field.names else 'number'}", _takes(field)
        )
    if not field.low <= int(word) <= field.high:
        raise _wrong(field, text, f"{int(word)} is out of range", _takes(field))
    return int(word)


def _step(field: _Field, text: str, step: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", step) or int(step) == 0:
        raise _wrong(field, text, f"{_shown(step)} is no step", "Give a whole number from 1 after the slash.")
    if int(step) > field.high:
        raise _wrong(
            field, text, f"the step {int(step)} is longer than the whole field", "Name the values instead, with commas."
        )
    return int(step)


def _takes(field: _Field) -> str:
    names = f", or {field.names[0]} to {field.names[-1]}" if field.names else ""
    return f"It takes numbers from {field.low} to {field.high}{names}; *, ranges, lists and steps of them."


def _wrong(field: _Field, text: str, what: str, hint: str) -> UsageError:
    return UsageError(f"The {field.name} of a cron time can't be {_shown(text)}: {what}.", hint=hint)


def _shown(text: str) -> str:
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"


def _comes(days: Sequence[int], months: Sequence[int]) -> bool:
    """Whether one of the months ever has one of the days."""
    return min(days) <= max(_DAYS_OF_MONTH[month - 1] for month in months)


# ---------------------------------------------------------------- as systemd writes numbers


def _numbers(values: Sequence[int], low: int, high: int) -> str:
    if len(values) == high - low + 1:
        return "*"
    steps = {after - before for before, after in pairwise(values)}
    if len(values) > 2 and len(steps) == 1 and (step := steps.pop()) > 1 and values[-1] + step > high:
        return f"{values[0]:02}/{step}"
    return _ranges(values, [f"{each:02}" for each in range(high + 1)])


def _ranges(values: Sequence[int], names: Sequence[str]) -> str:
    """Values by their names, three and more in a row as a range."""
    runs: list[list[int]] = []
    for value in values:
        if runs and runs[-1][-1] + 1 == value:
            runs[-1].append(value)
        else:
            runs.append([value])
    parts = []
    for run in runs:
        if len(run) > 2:
            parts.append(f"{names[run[0]]}..{names[run[-1]]}")
        else:
            parts += [names[each] for each in run]
    return ",".join(parts)
