"""Exercises that are done by looking: each key comes out again where the SVG alone is read."""

from __future__ import annotations

import random
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from math import gcd

import pytest

from lessongen.check.gate import examine
from lessongen.lesson.drawings.base import stands_in
from lessongen.lesson.edition import student_lesson, student_view
from lessongen.lesson.model import Lesson
from lessongen.writers.computed.exercise import Disagreement, Task, confirm
from lessongen.writers.computed.kinds import short
from lessongen.writers.computed.registry import all_skills
from tests.lesson import seen_in_svg as seen
from tests.lessons import texts
from tests.writers.test_computed import merged, practised

MINUS = "\N{MINUS SIGN}"
SEEDS = range(20)
GRADES = (2, 5, 9)
WITH_DRAWINGS = (
    *("fractions", "percentages", "linear-equations", "quadratic-equations", "shapes", "samples", "ratios"),
    *("pythagoras", "angles", "ohms-law", "telling-time", "counting-squares"),
)


def _printed(value: int) -> str:
    return str(value).replace("-", MINUS)


def _bar(svg: str) -> str:
    return "{}/{}".format(*seen.shaded_of_bar(svg))


def _rest_of_bar(svg: str) -> str:
    shaded, parts = seen.shaded_of_bar(svg)
    return f"{parts - shaded}/{parts}"


def _percent_of_bar(svg: str) -> str:
    share = Fraction(*seen.shaded_of_bar(svg)) * 100
    return f"{share}%"


def _ratio_of_bar(svg: str) -> str:
    shaded, parts = seen.shaded_of_bar(svg)
    assert gcd(shaded, parts - shaded) == 1
    return f"{shaded} : {parts - shaded}"


def _point_on_line(svg: str) -> str:
    return str(Fraction(seen.at_point(svg, "A")).limit_denominator(12))


def _coordinates(svg: str) -> str:
    return "({}, {})".format(*map(_printed, seen.coordinates(svg, "P")))


def _crossing(svg: str) -> str:
    (a, b), (c, d) = (seen.slope_and_height(each) for each in seen.graphs(svg))
    x = (d - b) / (a - c)
    return f"x = {_printed(seen.whole(x))}, y = {_printed(seen.whole(a * x + b))}"


def _roots(svg: str) -> str:
    (curve,) = seen.graphs(svg)
    return " or ".join(f"x = {_printed(seen.whole(each))}" for each in seen.roots(curve))


def _of_dots(measure: Callable[[list[int]], int]) -> Callable[[str], str]:
    return lambda svg: str(measure(seen.values_of_dots(svg)))


def _mean_of_chart(svg: str) -> str:
    return str(seen.whole(statistics.mean(map(seen.whole, seen.columns(svg).values()))))


def _time(svg: str) -> str:
    return "{}:{:02d}".format(*seen.time_of_hands(svg))


READ: dict[str, Callable[[str], str]] = {
    "What fraction of the bar is shaded?": _bar,
    "What fraction of the bar is not shaded?": _rest_of_bar,
    "What percentage of the bar is shaded?": _percent_of_bar,
    "What is the ratio of the shaded parts of the bar to the others?": _ratio_of_bar,
    "Which number is at point A on the number line?": _point_on_line,
    "What are the coordinates of P?": _coordinates,
    "Where do the two lines cross?": _crossing,
    "Where does the parabola cross the x-axis?": _roots,
    "What is the mode of the values in the dot plot?": _of_dots(statistics.mode),
    "What is the median of the values in the dot plot?": _of_dots(lambda values: values[len(values) // 2]),
    "What is the range of the values in the dot plot?": _of_dots(lambda values: values[-1] - values[0]),
    "What is the mean of the values in the bar chart?": _mean_of_chart,
    "What time does the clock show?": _time,
    "How many squares are shaded?": lambda svg: str(seen.filled_squares(svg)),
}


def _tasks() -> Iterator[Task]:
    """What each form of each skill draws, over grades and seeds."""
    for skill in (each for each in all_skills() if each.name in WITH_DRAWINGS):
        for form in skill.forms:
            for grade in GRADES:
                for seed in SEEDS:
                    task = form.draw(random.Random(seed), grade)
                    if task is not None:
                        yield task


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    return [task for task in _tasks() if task.drawing or task.illustration]


def test_each_key_is_read_off_the_drawing_alone(tasks: list[Task]) -> None:
    asked = Counter[str]()
    for task in tasks:
        if task.drawing and not task.label:
            assert READ[task.ask](task.drawing.svg()) == task.answer, task.term
            asked[task.ask] += 1
    assert set(asked) == set(READ)
    assert min(asked.values()) >= 5
    assert asked.total() >= 300


def test_a_shape_is_drawn_as_long_and_as_high_as_it_is_marked_and_has_the_area_of_its_key(tasks: list[Task]) -> None:
    measured = Counter[str]()
    for task in tasks:
        if task.drawing is None or not re.match("What is the (area|perimeter) of", task.ask):
            continue
        svg = task.drawing.svg()
        labels = [word.text for word in seen.Seen(svg).words]
        first, second = (int(re.sub("[^0-9]", "", each)) for each in labels)
        if task.drawing.kind == "rectangle":
            ((_, _, across, down, _),) = seen.Seen(svg).boxes
            assert across / down == pytest.approx(first / second, rel=0.02)
            value = 2 * (first + second) if "perimeter" in task.ask else first * second
        else:
            corners = seen.Seen(svg).polygon
            long = max(x for x, _ in corners) - min(x for x, _ in corners)
            high = max(y for _, y in corners) - min(y for _, y in corners)
            base, height = (first, second) if "base" in task.ask and f"base {first} " in task.ask else (second, first)
            assert long / high == pytest.approx(base / height, rel=0.02)
            value = first * second // 2
        assert task.answer.split(" ")[0] == str(value)
        measured[task.drawing.kind] += 1
    assert min(measured[each] for each in ("rectangle", "triangle")) >= 20


def test_what_is_drawn_is_sound_and_says_nothing_that_the_exercise_does_not(tasks: list[Task]) -> None:
    for task in tasks:
        for drawing in (task.drawing, task.illustration):
            if drawing:
                text = "\n".join([task.ask, *task.why, task.answer])
                assert list(drawing.faults()) == []
                assert all(any(stands_in(each, text) for each in ways) for ways in drawing.shown), (text, drawing)


def test_an_exercise_whose_drawing_can_not_be_drawn_is_a_disagreement(tasks: list[Task]) -> None:
    task = next(each for each in tasks if each.ask == "What fraction of the bar is shaded?")
    assert task.drawing is not None
    broken = task.drawing.model_copy(update={"bars": [task.drawing.bars[0].model_copy(update={"shaded": 24})]})  # type: ignore[attr-defined]
    confirm(short(task))
    with pytest.raises(Disagreement, match="can't be drawn"):
        confirm(short(replace(task, drawing=broken)))


# ---------------------------------------------------------------- in a lesson


def _lessons(name: str) -> Iterator[Lesson]:
    for seed in range(10):
        yield merged(practised(name, seed, "grade-8" if "equations" in name else "grade-5"))


@pytest.mark.parametrize("name", WITH_DRAWINGS)
def test_a_skill_has_drawings_among_its_exercises_or_examples(name: str) -> None:
    made = list(_lessons(name))
    assert any(each.drawing for lesson in made for each in lesson.questions)
    examples = [b for lesson in made for section in lesson.sections for b in section.blocks if b.kind == "example"]
    assert any(each.drawing for each in examples)


@pytest.mark.parametrize("name", WITH_DRAWINGS)
def test_an_altered_drawing_is_refused_by_name(name: str) -> None:
    refused = 0
    for lesson in _lessons(name):
        for at, question in enumerate(lesson.questions):
            if question.drawing is None:
                continue
            content = lesson.model_dump(mode="json")
            if not _alter(content["questions"][at]["drawing"]):
                continue
            rules = {each.rule for each in examine(Lesson.model_validate(content), texts()).problems}
            assert rules & {"drawing-agrees", "drawing-sound", "computed-key-agrees"}, question
            assert rules <= {"drawing-agrees", "drawing-sound", "computed-key-agrees", "question-distinct"}
            refused += 1
    assert refused >= 3


def _alter(drawing: dict[str, object]) -> bool:
    """Change one number in the data of a drawing."""
    parts = [drawing]
    for each in parts:
        for key, value in each.items():
            if key in ("battery", "current") and str(value)[:1].isdigit():
                each[key] = f"97{value}"
                return True
            if key == "rows" and isinstance(value, list):
                value[0] = ("." if value[0][0] == "#" else "#") + value[0][1:]
                return True
            if key == "hour" and isinstance(value, int):
                each[key] = value % 12 + 1
                return True
            if key in ("shaded", "at", "x", "value", "long", "base", "degrees"):
                changed = value + 1 if isinstance(value, int) else _another(str(value))
                each[key] = changed
                return True
            if key == "coefficients" and isinstance(value, list):
                value[-1] = _another(value[-1])
                return True
            if key == "values" and isinstance(value, list):
                value[0] += 1
                return True
            if isinstance(value, list):
                parts += [inner for inner in value if isinstance(inner, dict)]
    return False


def _another(number: str) -> str:
    top, slash, bottom = number.partition("/")
    return f"{3 * int(top) + 7}{slash}{bottom}"


@pytest.mark.parametrize("name", WITH_DRAWINGS)
def test_students_see_each_drawing_and_no_key_beside_it(name: str) -> None:
    for lesson in _lessons(name):
        view = student_view(lesson)
        bare = student_lesson(lesson)
        drawn = [each.drawing for each in lesson.questions if each.drawing]
        assert sorted(each.alternative for each in drawn) == sorted(
            q.drawing.alternative for q in bare.questions if q.drawing
        )
        for shown in view["questions"]:
            assert "answer" not in shown
            if "drawing" in shown:
                assert not set(shown["drawing"]) & {"readable", "answer"}
