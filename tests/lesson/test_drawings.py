"""Drawings: each shows what its data say, read off the SVG alone; what one sees is told; none loads anything."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from fractions import Fraction
from math import hypot, radians, tan
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from lessongen.check.drawing import faults_of_svg
from lessongen.exporters.drawing import picture_of
from lessongen.lesson.drawings import AnyDrawing, kinds
from lessongen.lesson.drawings.angle import Angle, Opening, kind_of
from lessongen.lesson.drawings.bar_chart import BarChart, Column
from lessongen.lesson.drawings.bars import Bar, Bars
from lessongen.lesson.drawings.base import Drawing, exact, stands_in
from lessongen.lesson.drawings.canvas import LETTERS, WIDTH
from lessongen.lesson.drawings.circuit import Circuit
from lessongen.lesson.drawings.clock import Clock
from lessongen.lesson.drawings.dot_plot import DotPlot
from lessongen.lesson.drawings.number_line import Jump, Mark, NumberLine
from lessongen.lesson.drawings.plane import Graph, Plane, Spot
from lessongen.lesson.drawings.rectangle import Rectangle, Squares
from lessongen.lesson.drawings.triangle import Triangle
from lessongen.lesson.drawings.years import Moment, Years
from lessongen.text.sentences import is_whole, split_sentences
from tests.lesson import seen_in_svg as seen

SAMPLES: list[Drawing] = [
    Bars(bars=[Bar(parts=8, shaded=3)]),
    Bars(bars=[Bar(parts=2, shaded=1, label="1/2"), Bar(parts=3, shaded=1, label="1/3", whole="80 <kg>")]),
    NumberLine(low=-5, high=5, marks=[Mark(at="-3", name="A")], jumps=[Jump(start="-3", end="2", label="+ 5")]),
    NumberLine(low=0, high=2, divided=5, marks=[Mark(at="7/5", name="A")]),
    Plane(spots=[Spot(name="P", x="3", y="-2"), Spot(name="Q", x="0", y="0")]),
    Plane(
        left=-3,
        right=6,
        bottom=-8,
        top=8,
        step_y=2,
        graphs=[Graph(coefficients=["1", "-3", "-4"], equation="y = x² \N{MINUS SIGN} 3x \N{MINUS SIGN} 4")],
    ),
    Plane(
        left=0, right=10, bottom=0, top=10, graphs=[Graph(coefficients=["-1", "9"], equation="y = -x + 9", name="g")]
    ),
    Triangle(base="8", height="6", base_label="8 cm", left_label="6 cm", right_label="c"),
    Triangle(base="10", height="6", foot="12", base_label="10 cm", height_label="6 cm"),
    Rectangle(long="12", wide="5", long_label="12 cm", wide_label="5 cm"),
    Squares(rows=["..##", ".###"], unit="1 cm"),
    Angle(openings=[Opening(degrees=65, label="65°"), Opening(degrees=115, label="x")]),
    Angle(openings=[Opening(degrees=47)], has_scale=True),
    BarChart(bars=[Column(label="apples", value="4"), Column(label="pears", value="7")], what="fruit"),
    DotPlot(values=[2, 3, 3, 5], what="pets"),
    Clock(hour=3, minute=45),
    Circuit(battery="12 V", resistors=["4 Ω", "R"], current="2 A", voltmeter="8 V"),
    Circuit(battery="6 V", resistors=["4 Ω", "2 Ω"], is_parallel=True),
    Years(moments=[Moment(year=-44, what="Caesar is killed"), Moment(year=476)]),
]
each_sample = pytest.mark.parametrize("drawing", SAMPLES, ids=lambda each: each.kind)


def test_each_kind_is_among_the_samples() -> None:
    assert {each.kind for each in SAMPLES} == set(kinds())


@each_sample
def test_a_drawing_is_read_back_from_its_json(drawing: Drawing) -> None:
    adapter: TypeAdapter[Drawing] = TypeAdapter(AnyDrawing)
    assert adapter.validate_json(drawing.model_dump_json()) == drawing
    assert adapter.validate_python(drawing.model_dump(mode="json")) == drawing


@each_sample
def test_a_drawing_is_sound_safe_and_in_the_colour_of_the_text(drawing: Drawing) -> None:
    svg = drawing.svg()
    assert list(drawing.faults()) == []
    assert list(faults_of_svg(svg)) == []
    assert "#" not in svg
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) <= {"none", "currentColor", "Canvas"}
    assert not re.search(r'\bid="', svg)


@each_sample
def test_letters_stay_above_12_pixels_on_a_phone_and_inside_the_drawing(drawing: Drawing) -> None:
    found = seen.Seen(drawing.svg())
    wide, high = float(found.root.attrib["width"]), float(found.root.attrib["height"])
    assert wide <= WIDTH
    in_a_question = 320 - 2 * 20 - 18 - 3  # the page's margins, the question's, its rule
    assert LETTERS * min(1, in_a_question / wide) > 12
    for word in found.words:
        size = len(word.text) * 7.5
        left = word.at[0] - {"start": 0, "middle": size / 2, "end": size}[word.anchor]
        assert -3 <= left, word
        assert left + size <= wide + 3, word
        assert 6 <= word.at[1] <= high - 6, word


@each_sample
def test_what_one_sees_is_told_in_whole_sentences(drawing: Drawing) -> None:
    told = drawing.alternative
    assert all(is_whole(each.text) for each in split_sentences(told)), told
    picture = picture_of(drawing)
    assert picture is not None
    assert f'aria-label="{told}"'.replace("<", "&lt;").replace(">", "&gt;") in picture.svg
    assert 'role="img"' in picture.svg
    assert all(len(row) <= 60 for row in picture.rows)


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "bars", "bars": [{"parts": 3, "shaded": 4}]},
        {"kind": "number_line", "low": 3, "high": 3},
        {"kind": "number_line", "low": 0, "high": 10, "step": 3},
        {"kind": "number_line", "low": -1000, "high": 1000},
        {"kind": "number_line", "low": 0, "high": 2, "marks": [{"at": "7/3"}]},
        {"kind": "plane", "left": 5, "right": -5},
        {"kind": "plane", "left": -100, "right": 100},
        {"kind": "plane", "spots": [{"name": "P", "x": "6", "y": "0"}]},
        {"kind": "plane", "graphs": [{"coefficients": ["2", "1"], "equation": "y = 2x \N{MINUS SIGN} 1"}]},
        {"kind": "plane", "graphs": [{"coefficients": ["0", "9"], "equation": "y = 9"}]},
        {"kind": "triangle", "base": "0", "height": "4"},
        {"kind": "triangle", "base": "10", "height": "0.2"},
        {"kind": "triangle", "base": "8", "height": "6", "right_label": "11 cm"},
        {"kind": "triangle", "base": "8", "height": "6", "angle_labels": ["80°"]},
        {"kind": "rectangle", "long": "8", "wide": "6", "wide_label": "7 cm"},
        {"kind": "rectangle", "long": "800", "wide": "6"},
        {"kind": "squares", "rows": ["##", "#"]},
        {"kind": "angle", "openings": [{"degrees": 300}, {"degrees": 100}]},
        {"kind": "angle", "openings": [{"degrees": 60, "label": "65°"}]},
        {"kind": "angle", "openings": [{"degrees": 200}], "has_scale": True},
        {"kind": "bar_chart", "bars": [{"label": "a", "value": "-1"}, {"label": "b", "value": "2"}]},
        {"kind": "bar_chart", "bars": [{"label": "a", "value": "1"}, {"label": "b", "value": "200"}]},
        {"kind": "bar_chart", "bars": [{"label": "a", "value": "1"}, {"label": "a", "value": "2"}]},
        {"kind": "dot_plot", "values": [1, 500]},
        {"kind": "dot_plot", "values": [1] * 20},
        {"kind": "circuit", "battery": "9 V", "resistors": [" "]},
        {"kind": "years", "moments": [{"year": 1900}, {"year": 1900}]},
        {"kind": "years", "moments": [{"year": 0}, {"year": 1900}]},
    ],
    ids=lambda data: data["kind"],
)
def test_data_that_do_not_fit_are_a_fault_and_are_drawn_without_a_crash(data: dict[str, Any]) -> None:
    drawing: Drawing = TypeAdapter(AnyDrawing).validate_python(data)
    assert list(drawing.faults())
    assert list(faults_of_svg(drawing.svg())) == []
    assert len(drawing.svg()) < 60_000
    assert drawing.alternative
    assert isinstance(drawing.in_letters(), list | tuple)


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "bars", "bars": []},
        {"kind": "bars", "bars": [{"parts": 1_000_000, "shaded": 1}]},
        {"kind": "number_line", "low": 0, "high": 2, "marks": [{"at": "1/0"}]},
        {"kind": "number_line", "low": 0, "high": 2, "marks": [{"at": "two"}]},
        {"kind": "clock", "hour": 13, "minute": 0},
        {"kind": "clock", "hour": 3, "minute": 60},
        {"kind": "squares", "rows": ["<b>"]},
        {"kind": "picture", "href": "x.png"},
        {"kind": "clock", "hour": 3, "minute": 0, "onclick": "x"},
    ],
    ids=str,
)
def test_what_is_no_data_of_a_drawing_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(AnyDrawing).validate_python(data)


# ---------------------------------------------------------------- read off the SVG alone


def _answer(drawing: Drawing, ask: str) -> str:
    found = drawing.answer_to(ask)
    assert found is not None, ask
    return found


def _bar(rng: random.Random) -> None:
    parts = rng.randint(1, 24)
    drawing = Bars(bars=[Bar(parts=parts, shaded=rng.randint(0, parts))])
    shaded, count = seen.shaded_of_bar(drawing.svg())
    assert _answer(drawing, "What fraction of the bar is shaded?") == f"{shaded}/{count}"
    assert _answer(drawing, "What fraction of the bar is not shaded?") == f"{count - shaded}/{count}"
    lowest = _answer(drawing, "What fraction of the bar is shaded? Give the answer in lowest terms.")
    assert Fraction(lowest) == Fraction(shaded, count)


def _line(rng: random.Random) -> None:
    step = rng.choice((1, 1, 2, 5, 100))
    low = rng.randint(-6, 3) * step
    high = low + rng.randint(2, 12) * step
    divided = rng.choice((1, 2, 4, 5))
    at = low + Fraction(rng.randint(0, (high - low) // step * divided) * step, divided)
    drawing = NumberLine(low=low, high=high, step=step, divided=divided, marks=[Mark(at=str(at), name="A")])
    assert list(drawing.faults()) == []
    answer = exact(_answer(drawing, "Which number is at point A on the number line?"))
    assert abs(seen.at_point(drawing.svg(), "A") - answer) < 0.02 * step


def _point(rng: random.Random) -> None:
    x, y = rng.randint(-5, 5), rng.randint(-5, 5)
    drawing = Plane(spots=[Spot(name="P", x=str(x), y=str(y))])
    u, v = seen.coordinates(drawing.svg(), "P")
    assert _answer(drawing, "What are the coordinates of P?") == f"({u}, {v})".replace("-", "\N{MINUS SIGN}")


def _straight(rng: random.Random) -> None:
    slope, height = rng.choice((-3, -2, -1, 1, 2, 3)), rng.randint(-4, 4)
    size = "" if abs(slope) == 1 else str(abs(slope))
    rest = f" {'+' if height > 0 else '-'} {abs(height)}" if height else ""
    equation = f"y = {'-' if slope < 0 else ''}{size}x{rest}"
    drawing = Plane(graphs=[Graph(coefficients=[str(slope), str(height)], equation=equation)])
    assert list(drawing.faults()) == []
    (line,) = seen.graphs(drawing.svg())
    assert seen.slope_and_height(line) == pytest.approx((slope, height), abs=0.03)


def _parabola(rng: random.Random) -> None:
    first, second = sorted(rng.sample(range(-4, 5), 2))
    total, product = first + second, first * second
    terms = [f" {'-' if total > 0 else '+'} {'' if abs(total) == 1 else abs(total)}x"] if total else []
    terms += [f" {'+' if product > 0 else '-'} {abs(product)}"] if product else []
    graph = Graph(coefficients=["1", str(-total), str(product)], equation=f"y = x²{''.join(terms)}")
    drawing = Plane(left=-6, right=6, bottom=-18, top=18, step_y=3, graphs=[graph])
    assert list(drawing.faults()) == []
    (curve,) = seen.graphs(drawing.svg())
    lowest = min(curve, key=lambda each: each[1])
    assert lowest[0] == pytest.approx(total / 2, abs=0.12)
    told = [
        exact(each.removeprefix("x = "))
        for each in _answer(drawing, "Where does the parabola cross the x-axis?").split(" or ")
    ]
    assert seen.roots(curve) == pytest.approx([float(each) for each in told], abs=0.06)


def _crossing(rng: random.Random) -> None:
    x, y = rng.randint(1, 9), rng.randint(1, 9)
    one = Graph(coefficients=["-1", str(x + y)], equation=f"y = -x + {x + y}", name="g")
    rest = y - x
    other = Graph(
        coefficients=["1", str(rest)],
        equation="y = x" + (f" {'+' if rest > 0 else '-'} {abs(rest)}" if rest else ""),
        name="h",
    )
    drawing = Plane(left=0, right=10, bottom=0, top=10, graphs=[one, other])
    (a, b), (c, d) = (seen.slope_and_height(each) for each in seen.graphs(drawing.svg()))
    u = (d - b) / (a - c)
    assert _answer(drawing, "Where do the two lines cross?") == f"x = {seen.whole(u)}, y = {seen.whole(a * u + b)}"


def _right_triangle(rng: random.Random) -> None:
    a, b = rng.randint(3, 12), rng.randint(3, 12)
    drawing = Triangle(base=str(a), height=str(b), base_label=f"{a} cm", left_label=f"{b} m", right_label="c")
    sides, _ = seen.sides_and_angles(drawing.svg())
    assert sides[f"{a} cm"] / sides[f"{b} m"] == pytest.approx(a / b, rel=0.02)
    assert sides["c"] / sides[f"{a} cm"] == pytest.approx(hypot(a, b) / a, rel=0.02)


def _angles_of_triangle(rng: random.Random) -> None:
    left, right = rng.randint(40, 70), rng.randint(40, 70)
    height = 10 / (1 / tan(radians(left)) + 1 / tan(radians(right)))
    labels = [f"{left}°", f"{right}° ", "x"]
    drawing = Triangle(
        base="10", height=f"{height:.4f}", foot=f"{height / tan(radians(left)):.4f}", angle_labels=labels
    )
    assert list(drawing.faults()) == []
    _, angles = seen.sides_and_angles(drawing.svg())
    assert angles == pytest.approx({labels[0]: left, labels[1]: right, "x": 180 - left - right}, abs=0.5)


def _rectangle(rng: random.Random) -> None:
    long, wide = rng.randint(5, 20), rng.randint(2, 20)
    drawing = Rectangle(long=str(long), wide=str(wide), long_label=f"{long} cm", wide_label=f"{wide} cm")
    ((_, _, across, down, _),) = seen.Seen(drawing.svg()).boxes
    assert across / down == pytest.approx(long / wide, rel=0.02)


def _squares(rng: random.Random) -> None:
    wide = rng.randint(2, 12)
    drawing = Squares(rows=["".join(rng.choice("#.") for _ in range(wide)) for _ in range(rng.randint(1, 8))])
    assert _answer(drawing, "How many squares are shaded?") == str(seen.filled_squares(drawing.svg()))


def _angle(rng: random.Random) -> None:
    size = rng.choice((90, 180, rng.randint(10, 350)))
    drawing = Angle(openings=[Opening(degrees=size)])
    start, end = seen.arms(drawing.svg())
    assert _answer(drawing, "What kind of angle is this: acute, right, obtuse, straight or reflex?") == kind_of(
        round(end - start)
    )


def _protractor(rng: random.Random) -> None:
    drawing = Angle(openings=[Opening(degrees=rng.randint(5, 175))], has_scale=True)
    assert _answer(drawing, "How large is the angle?") == f"{round(seen.on_protractor(drawing.svg()))}°"


def _angles(rng: random.Random) -> None:
    first = rng.randint(20, 160)
    drawing = Angle(openings=[Opening(degrees=first, label=f"{first}°"), Opening(degrees=180 - first, label="x")])
    arms = seen.arms(drawing.svg())
    assert [arms[1] - arms[0], arms[2] - arms[1]] == pytest.approx([first, 180 - first], abs=0.2)


def _chart(rng: random.Random) -> None:
    names = rng.sample(["cats", "dogs", "fish", "birds"], rng.randint(2, 4))
    step = rng.choice((1, 2, 10))
    drawing = BarChart(bars=[Column(label=each, value=str(rng.randint(0, 10 * step))) for each in names], step=step)
    for name, value in seen.columns(drawing.svg()).items():
        assert value == pytest.approx(float(_answer(drawing, f"What does the bar chart show for {name}?")), abs=0.1)


def _plot(rng: random.Random) -> None:
    drawing = DotPlot(values=[rng.randint(3, 14) for _ in range(rng.choice((5, 7, 9)))] + [2, 15])
    values = seen.values_of_dots(drawing.svg())
    assert drawing.ordered == ", ".join(map(str, values))
    assert _answer(drawing, "How many values does the dot plot show?") == str(len(values))
    assert _answer(drawing, "What is the median of the values in the dot plot?") == str(values[len(values) // 2])
    assert _answer(drawing, "What is the range of the values in the dot plot?") == str(values[-1] - values[0])


def _clock(rng: random.Random) -> None:
    drawing = Clock(hour=rng.randint(1, 12), minute=rng.randint(0, 59))
    hour, minute = seen.time_of_hands(drawing.svg())
    assert _answer(drawing, "What time does the clock show?") == f"{hour}:{minute:02d}"


def _years(rng: random.Random) -> None:
    years = sorted(rng.sample(range(1500, 2000), 4))
    drawing = Years(moments=[Moment(year=each) for each in years])
    dots = sorted(x for x, _ in seen.Seen(drawing.svg()).dots)
    shares = [(x - dots[0]) / (dots[-1] - dots[0]) for x in dots]
    assert shares == pytest.approx([(each - years[0]) / (years[-1] - years[0]) for each in years], abs=0.002)


READ: list[Callable[[random.Random], None]] = [
    *(_bar, _line, _point, _straight, _parabola, _crossing, _right_triangle, _angles_of_triangle, _rectangle),
    *(_squares, _angle, _protractor, _angles, _chart, _plot, _clock, _years),
]


@pytest.mark.parametrize("read", READ, ids=lambda read: read.__name__.strip("_"))
def test_what_is_read_off_the_svg_alone_is_what_the_drawing_answers(read: Callable[[random.Random], None]) -> None:
    for seed in range(40):
        read(random.Random(seed))


def test_bars_of_one_sum_have_one_length_and_their_shares() -> None:
    drawing = Bars(bars=[Bar(parts=2, shaded=1), Bar(parts=3, shaded=1), Bar(parts=6, shaded=5)])
    shares = [float(each) for each in seen.bars_by_row(drawing.svg()).values()]
    assert shares == pytest.approx([1 / 2, 1 / 3, 5 / 6], abs=0.002)


@pytest.mark.parametrize(
    ("quantity", "text", "stands"),
    [
        ("3/8", "So 3/8 is shaded.", True),
        ("3/8", "So 13/8 is shaded.", False),
        ("3/8", "So 3/80 is shaded.", False),
        ("3", "So 3.5 is right.", False),
        ("3", "The answer is 3.", True),
        ("\N{MINUS SIGN}3", "It is \N{MINUS SIGN}3.", True),
        ("3", "Of 1, 3 and 4", True),
        ("5 cm", "a side of 15 cm", False),
        ("5 cm", "a side of 5 cm.", True),
    ],
)
def test_a_quantity_stands_in_a_text_as_a_whole(quantity: str, text: str, stands: bool) -> None:
    assert stands_in(quantity, text) is stands
