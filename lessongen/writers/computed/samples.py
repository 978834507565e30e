"""Statistics of small samples: mean, median, mode, range, and quartiles by the method of halves without the median."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Sequence
from fractions import Fraction

from lessongen.lesson.drawings.bar_chart import BarChart, Column
from lessongen.lesson.drawings.dot_plot import DotPlot
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.expressions import value_of
from lessongen.writers.computed.looking import read_off
from lessongen.writers.computed.writing import DIVIDED, MINUS, TIMES, decimal_places, number

_METHOD = "the median is left out of both halves where the count is odd"


def _sample(rng: random.Random, grade: int, size: int | None = None) -> list[int]:
    count = size or rng.randint(5, 6 if grade < 7 else 8)
    low = rng.randint(1, 30)
    return [low + rng.randint(0, 12 if grade < 7 else 24) for _ in range(count)]


def _shown(sample: Sequence[int]) -> str:
    return ", ".join(map(str, sample))


def _task(
    *,
    name: str,
    sample: Sequence[int],
    answer: Fraction,
    slips: Sequence[Fraction | int],
    why: Sequence[str],
    second: Callable[[Sequence[int]], object],
    asked: str = "",
    illustration: DotPlot | None = None,
    way: str = "",
) -> Task | None:
    places = decimal_places(answer)
    if places is None or places > 1 or len(set(sample)) < 4:
        return None
    shown = _shown(sample)
    # Read again from what is printed.
    expected = Fraction(str(second([int(each) for each in shown.split(", ")])))
    exact = [Fraction(each) for each in slips]
    wrong = [number(each) for each in exact if each != answer and each >= 0 and (decimal_places(each) or 0) <= 1]
    return Task(
        term=f"{name} of {shown}",
        ask=f"What is the {asked or name} of {shown}?",
        answer=number(answer),
        wrong=tuple(dict.fromkeys(each for each in wrong if "/" not in each)),
        why=tuple(why),
        holds=lambda text: value_of(text) == expected,
        label=shown,
        says=f"The {asked or name} of {shown} is {{}}.",
        match_stem=f"Match each sample to its {asked or name}.",
        illustration=illustration,
        way=way,
    )


def _dots(sample: Sequence[int]) -> DotPlot | None:
    """The sample as dots; None where they would have no room."""
    drawing = DotPlot(values=list(sample))
    return None if any(drawing.faults()) else drawing


def _seen(rng: random.Random, grade: int, name: str) -> Task | None:
    """A measure of a sample to be read off its dots."""
    count = rng.choice((7, 9, 11))
    low = rng.randint(0, 12)
    sample = [low + min(rng.randint(0, 9), rng.randint(0, 9)) for _ in range(count)]
    ordered = sorted(sample)
    counts = sorted((sample.count(each) for each in set(sample)), reverse=True)
    if len(counts) < 4 or counts[0] == counts[1]:
        return None
    mode = statistics.mode(sample)
    why = {
        "mode": f"The most dots, {counts[0]}, are above {mode}.",
        "median": _why_middle(ordered, "the median"),
        "range": f"The last dot is above {ordered[-1]}, the first above {ordered[0]}: "
        f"{ordered[-1]} {MINUS} {ordered[0]} = {ordered[-1] - ordered[0]}.",
    }
    slips = [counts[0], ordered[-1], (ordered[0] + ordered[-1]) // 2, len(set(sample)), count, ordered[0]]
    read = [int(each) for each in _shown(sample).split(", ")]
    return read_off(
        DotPlot(values=sample, what=rng.choice(_OF_EACH)),
        f"What is the {name} of the values in the dot plot?",
        term=f"{name} of the dots at {_shown(ordered)}",
        wrong=map(str, slips),
        why=(_in_order(sample), why[name]),
        # The middle by cutting both ends off; the others by counting and by comparing each two.
        holds=lambda text: text == str(_measured(name, read)),
    )


def _measured(name: str, read: Sequence[int]) -> int:
    """A measure in another way: by cutting off both ends, by counting, by comparing each two."""
    if name == "median":
        left = sorted(read)
        while len(left) > 1:
            left = left[1:-1]
        return left[0]
    if name == "mode":
        return max(set(read), key=list(read).count)
    return max(abs(one - other) for one in read for other in read)


def _seen_mode(rng: random.Random, grade: int) -> Task | None:
    return _seen(rng, grade, "mode")


def _seen_median(rng: random.Random, grade: int) -> Task | None:
    return _seen(rng, grade, "median")


def _seen_range(rng: random.Random, grade: int) -> Task | None:
    return _seen(rng, grade, "range")


# What has a mean for each day.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday")
_COUNTED = ("books lent", "tickets sold", "hours of sun", "pages read")
_OF_EACH = ("points in a game", "right answers in a test", "books read in a year", "minutes on the way to school")


def _charted(rng: random.Random, grade: int) -> Task | None:
    """The mean of what a bar chart shows."""
    days = _DAYS[: 3 if grade < 6 else 4]
    step = 1 if grade < 6 else 2
    values = [rng.randint(1, 10) * step for _ in days]
    total, count = sum(values), len(values)
    if total % count or len(set(values)) < count:
        return None
    bars = [Column(label=day, value=str(value)) for day, value in zip(days, values, strict=True)]
    drawing = BarChart(bars=bars, step=step, what=rng.choice(_COUNTED))
    mean = total // count
    slips = (total, max(values), max(values) - min(values), total // (count - 1))
    return read_off(
        drawing,
        "What is the mean of the values in the bar chart?",
        term=f"mean of the bars {_shown(values)}",
        wrong=(str(each) for each in slips),
        why=(
            f"The bars show {' + '.join(map(str, values))} = {total}.",
            f"There are {count} bars: {total} {DIVIDED} {count} = {mean}.",
        ),
        holds=lambda text: statistics.mean(values) == value_of(text),
        bloom="apply",
    )


def _in_order(sample: Sequence[int]) -> str:
    return f"In order: {_shown(sorted(sample))}."


def _middle(ordered: Sequence[int]) -> Fraction:
    half = len(ordered) // 2
    return Fraction(ordered[half]) if len(ordered) % 2 else Fraction(ordered[half - 1] + ordered[half], 2)


def _why_middle(ordered: Sequence[int], what: str) -> str:
    half = len(ordered) // 2
    if len(ordered) % 2:
        return f"Of {len(ordered)} numbers the one in the middle is number {half + 1}: {what} is {ordered[half]}."
    two = f"({ordered[half - 1]} + {ordered[half]}) {DIVIDED} 2 = {number(_middle(ordered))}"
    return f"Of {len(ordered)} numbers two are in the middle, and {what} is halfway: {two}."


def _mean(rng: random.Random, grade: int) -> Task | None:
    sample = _sample(rng, grade)
    total, count = sum(sample), len(sample)
    answer = Fraction(total, count)
    if answer.denominator > (1 if grade < 7 else 2):
        return None
    return _task(
        name="mean",
        sample=sample,
        answer=answer,
        slips=[
            _middle(sorted(sample)),
            Fraction(total, count - 1),
            Fraction(total, count + 1),
            Fraction(max(sample) + min(sample), 2),
        ],
        why=[
            f"The sum is {' + '.join(map(str, sample))} = {total}.",
            f"There are {count} numbers: {total} {DIVIDED} {count} = {number(answer)}.",
        ],
        second=lambda read: statistics.mean(map(Fraction, read)),
    )


def _median(rng: random.Random, grade: int) -> Task | None:
    sample = _sample(rng, grade)
    ordered = sorted(sample)
    unsorted = _middle(sample)
    answer = _middle(ordered)
    if sample == ordered or unsorted == answer:
        return None
    slips: list[Fraction | int] = [
        unsorted,
        Fraction(round(Fraction(sum(sample), len(sample)))),
        ordered[len(ordered) // 2 - 1],
        ordered[len(ordered) // 2],
    ]
    return _task(
        name="median",
        sample=sample,
        answer=answer,
        slips=slips,
        why=[_in_order(sample), _why_middle(ordered, "the median")],
        second=lambda read: statistics.median(map(Fraction, read)),
        illustration=_dots(sample),
        way="odd" if len(sample) % 2 else "even",
    )


def _mode(rng: random.Random, grade: int) -> Task | None:
    sample = _sample(rng, grade, size=rng.randint(7, 9))
    counts = {each: sample.count(each) for each in sample}
    most = max(counts.values())
    if most == 1 or sum(count == most for count in counts.values()) > 1:
        return None
    answer = next(each for each, count in counts.items() if count == most)
    others = sorted(set(sample) - {answer}, key=lambda each: -sample.count(each))
    return _task(
        name="mode",
        sample=sample,
        answer=Fraction(answer),
        slips=[most, max(sample), *others],
        why=[_in_order(sample), f"{answer} comes {most} times, more often than any other number."],
        second=statistics.mode,
        illustration=_dots(sample),
    )


def _range(rng: random.Random, grade: int) -> Task | None:
    sample = _sample(rng, grade)
    low, high = min(sample), max(sample)
    return _task(
        name="range",
        sample=sample,
        answer=Fraction(high - low),
        slips=[abs(sample[-1] - sample[0]), high, high + low, low],
        why=[
            f"The largest number is {high}, the smallest {low}.",
            f"{high} {MINUS} {low} = {high - low}.",
        ],
        second=lambda read: max(abs(one - other) for one in read for other in read),
    )


def _halves(ordered: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
    half = len(ordered) // 2
    return ordered[:half], ordered[len(ordered) - half :]


def _by_counting(read: Sequence[int], upper: bool) -> Fraction:
    """A quartile by cutting the ends off pair by pair: knows nothing of indexes of halves."""
    ordered = sorted(read, reverse=upper)
    left = list(ordered)
    half = []
    while len(left) > 1:
        half.append(left.pop(0))
        left.pop()
    while len(half) > 2:
        half = half[1:-1]
    return Fraction(sum(half), len(half))


def _quartile(rng: random.Random, grade: int) -> Task | None:
    sample = _sample(rng, grade, size=rng.randint(7, 9))
    ordered = sorted(sample)
    upper = rng.random() < 0.5
    lower_half, upper_half = _halves(ordered)
    half = upper_half if upper else lower_half
    other = lower_half if upper else upper_half
    name = "upper quartile" if upper else "lower quartile"
    slips: list[Fraction | int] = [
        _middle(other),
        _middle(ordered),
        half[0],
        half[-1],
        max(sample) if upper else min(sample),
    ]
    return _task(
        name=name,
        sample=sample,
        answer=_middle(half),
        slips=slips,
        why=[
            _in_order(sample),
            f"The {'upper' if upper else 'lower'} half is {_shown(half)}.",
            _why_middle(half, f"the {name}"),
        ],
        second=lambda read: _by_counting(read, upper),
        asked=f"{name} ({_METHOD})",
        way=name,
    )


def _spread(rng: random.Random, grade: int) -> Task | None:
    sample = _sample(rng, grade, size=rng.randint(7, 9))
    lower, upper = (_middle(half) for half in _halves(sorted(sample)))
    return _task(
        name="interquartile range",
        sample=sample,
        answer=upper - lower,
        slips=[Fraction(max(sample) - min(sample)), upper, lower, (upper + lower) / 2],
        why=[
            _in_order(sample),
            f"The quartiles are {number(lower)} and {number(upper)}.",
            f"{number(upper)} {MINUS} {number(lower)} = {number(upper - lower)}.",
        ],
        second=lambda read: _by_counting(read, True) - _by_counting(read, False),
        asked=f"interquartile range ({_METHOD})",
    )


def _missing(rng: random.Random, grade: int) -> Task | None:
    sample = _sample(rng, grade, size=5)
    total = sum(sample)
    if total % 5 or len(set(sample)) < 4:
        return None
    mean, answer = total // 5, sample[-1]
    rest = sum(sample[:-1])
    shown = _shown(sample[:-1])

    def holds(text: str) -> bool:
        return statistics.mean([*(int(each) for each in shown.split(", ")), int(text)]) == mean

    return Task(
        term=f"fifth number to {shown} with mean {mean}",
        ask=f"Five numbers have the mean {mean}. Four of them are {shown}. What is the fifth?",
        answer=str(answer),
        wrong=tuple(
            str(each)
            for each in dict.fromkeys((mean, rest // 4, abs(rest - mean), answer + 5, answer + 1))
            if each != answer
        ),
        why=(f"All five add up to 5 {TIMES} {mean} = {total}.", f"{total} {MINUS} {rest} = {answer}."),
        holds=holds,
        kinds=("short", "choice"),
        bloom="analyze",
    )


SKILL = described(
    "samples",
    _mean,
    _median,
    _mode,
    _range,
    _charted,
    _seen_median,
    _seen_mode,
    _seen_range,
    _missing,
    _quartile,
    _spread,
)
