"""A worksheet: what students work on, questions and practice, on one page to be written on, as HTML.

A teacher's has its key on a page of its own. No script measures the page: the size of the type is worked out from how
much there is to print.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from lessongen.exporters import Format, Order
from lessongen.exporters.shapes import WHEN, Practice, Sheet, SheetQuestion
from lessongen.system.paper import A4

_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)  # points
# Of A4 within its margins: two columns of 88 mm, 262 mm high less the head; letters are half as wide as high.
_COLUMN_WIDTH, _COLUMN_HEIGHT, _COLUMNS = 240.0, 655.0, 2
_LETTER_WIDTH, _LINE_HEIGHT = 0.5, 1.32
_RULE = 1.7 / _LINE_HEIGHT  # lines: a rule to write on is 1.7 times the size
_SMALL_PRINT = 0.62  # of the size, for the sources
_POINTS_A_PIXEL = 0.75 * 0.81  # as drawings are made smaller there
_PHOTO_HEIGHT = 50.0  # points of 68: it stands beside the head; with its credit among the sources
_TWIPS_A_POINT = 20
_SPACED = 1.0  # lines between two questions, with what the break between columns leaves empty

_Group = tuple[str, Sequence[SheetQuestion | Practice]]


def export(order: Order) -> bytes:
    """The worksheet as a page that prints on one side, and for teachers its key on the next."""
    from lessongen.exporters.page import page
    from lessongen.exporters.sheet import lay_out

    sheet = lay_out(order.lesson, order.audience, order.about, order.image)
    groups = tuple(_groups(sheet))
    shorter = (A4.twips[1] - order.paper.twips[1]) / _TWIPS_A_POINT
    size = next((size for size in _SIZES if _lines(sheet, groups, size) <= _room(size, shorter)), _SIZES[-1])
    # A picture is there where it costs no question its size: they are what the sheet is for.
    has_photo = sheet.image is not None and bool(sheet.image.data) and _has_room(sheet, groups, size, shorter)
    return page("worksheet.html", sheet, groups=groups, size=size, has_photo=has_photo, paper=order.paper.name)


def join(title: str, orders: Iterable[Order]) -> bytes:
    """The worksheets one after the other, each as if it were alone."""
    from lessongen.exporters.joined_page import joined_page

    return joined_page(title, map(export, orders), has_contents=False)


def _groups(sheet: Sheet) -> Iterable[tuple[str, Sequence[SheetQuestion | Practice]]]:
    """What is worked on, by when; without headings where all of it is asked in or after the lesson as ever."""
    roles = {question.role for question in sheet.questions}
    if not (sheet.practice or roles & {"starter", "homework"}):
        yield "", sheet.questions
        return
    in_order = [
        block for phase in sheet.phases for block in phase.blocks if isinstance(block, SheetQuestion | Practice)
    ]
    worked_on = dict.fromkeys([*sheet.starters, *in_order, *sheet.further_questions])
    for role, title in WHEN.items():
        asked = [each for each in worked_on if each.role == role]
        if asked:
            yield title, asked


def _has_room(sheet: Sheet, groups: Sequence[_Group], size: float, shorter: float) -> bool:
    """Whether the page has room for a picture besides."""
    return _lines(sheet, groups, size) <= _room(size, _PHOTO_HEIGHT + shorter)


def _room(size: float, taken: float = 0.0) -> float:
    """How many lines of that size the page has, less so many points of each column."""
    return _COLUMNS * (_COLUMN_HEIGHT - taken) / (size * _LINE_HEIGHT)


def _letters(size: float) -> float:
    """How many letters of that size a line has."""
    return _COLUMN_WIDTH / (size * _LETTER_WIDTH)


def _lines(sheet: Sheet, groups: Iterable[tuple[str, Sequence[SheetQuestion | Practice]]], size: float) -> float:
    """How many lines of that size what is worked on and the sources take."""
    letters = _letters(size)
    sources = sum(len(f"{each.title}{each.attribution}{each.licence}") + 25 for each in sheet.references)
    head = math.ceil(sum(len(each) + 20 for each in (sheet.outcome, *sheet.safety) if each) / (2 * letters))
    worked_on = sum(sum(_height(each, size) for each in asked) + 2 * bool(title) for title, asked in groups)
    return worked_on + 2 * head + sources / letters * _SMALL_PRINT**2 + 2


def _height(asked: SheetQuestion | Practice, size: float) -> float:
    """How many lines of that size a question or a practice takes."""
    letters = _letters(size)
    if isinstance(asked, Practice):
        parts = sum(math.ceil((len(each.prompt) + 12) / letters) + _RULE * each.lines_to_write for each in asked.parts)
        return parts + _SPACED
    items = [*(text for _, text in asked.lettered), *asked.numbered]
    width = letters - 5
    height: float = math.ceil((len(asked.stem) + 5) / letters) + sum(math.ceil(len(text) / width) for text in items)
    if asked.picture:
        height += asked.picture.height * _POINTS_A_PIXEL / (size * _LINE_HEIGHT) + 1
    return height + _RULE * asked.lines_to_write + bool(asked.boxes) + _SPACED


FORMAT = Format(
    name="worksheet",
    ending="html",
    media_type="text/html; charset=utf-8",
    export=export,
    join=join,
    about="a worksheet is HTML",
    place=4,
)
