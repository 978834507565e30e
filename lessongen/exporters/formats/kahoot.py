"""Kahoot: a spreadsheet of questions, filled in as Kahoot's template asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING

from lessongen.exporters.asking import Asked, quiz_format
from lessongen.exporters.fitting import become, told_stem
from lessongen.exporters.markup import archive, element, xml_file
from lessongen.lesson.interactions import Interaction, Pick
from lessongen.system.terminal import counted

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lessongen.lesson.model import Lesson

_KNOWN = (Pick,)
MOST_OPTIONS, LONGEST_STEM, LONGEST_OPTION = 4, 120, 75
_SECONDS = 30
_LONGEST_CELL = 32_767  # characters, as spreadsheets have it
_HEADINGS = (
    *("", f"Question - max {LONGEST_STEM} characters"),
    *(f"Answer {number} - max {LONGEST_OPTION} characters" for number in range(1, MOST_OPTIONS + 1)),
    "Time limit (sec) \N{EN DASH} 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)
_HOLDS = "stems, options and keys alone: explanations, quotes and the lesson around them are not in it"
_HEADING_ROW = 8  # as in the template; what stands above is for people
_BASE = "http://schemas.openxmlformats.org"
_SHEET_NAMESPACE = {"xmlns": f"{_BASE}/spreadsheetml/2006/main"}
_RELATIONS = f"{_BASE}/officeDocument/2006/relationships"
_RELATED = "application/vnd.openxmlformats-package.relationships+xml"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def _file(title: str, lessons: Iterable[Asked]) -> bytes:
    """The questions that are short enough, a row each, below the names of the sources."""
    asked: list[Sequence[str | int]] = []
    credits: dict[str, None] = {}
    for quiz, items in lessons:
        credits |= dict.fromkeys(quiz.credits)
        for item in items:
            if _is_short(item.told_stem, item.asked):
                asked.append([len(asked) + 1, item.told_stem, *_answers(item.asked)])
    rows: dict[int, Sequence[str | int]] = {
        1: ["", title],
        2: ["", " / ".join(credits)[:_LONGEST_CELL]],
        _HEADING_ROW: _HEADINGS,
        **dict(enumerate(asked, _HEADING_ROW + 1)),
    }
    return _workbook(rows)


def _answers(asked: Interaction) -> list[str | int]:
    assert isinstance(asked, Pick)  # noqa: S101 - no other is known
    texts = [text for text, _ in asked.options]
    right = [number for number, (_, is_right) in enumerate(asked.options, 1) if is_right]
    key = right[0] if len(right) == 1 else ",".join(map(str, right))
    return [*texts, *[""] * (MOST_OPTIONS - len(texts)), _SECONDS, key]


def _is_short(stem: str, asked: Interaction) -> bool:
    options = asked.options if isinstance(asked, Pick) else ()
    return len(stem) <= LONGEST_STEM and all(len(text) <= LONGEST_OPTION for text, _ in options)


def _too_long(lesson: Lesson) -> Iterator[str]:
    """How many questions are too long."""
    from lessongen.exporters.quiz import asked_in, stem_of, text_of

    long = 0
    for question in lesson.questions:
        drawing = text_of(question.drawing.alternative) if question.drawing else ""
        for piece in become(asked_in(question), _KNOWN, MOST_OPTIONS):
            long += not _is_short(told_stem(piece.asks(stem_of(question)), drawing), piece.asked)
    if long:
        limits = f"{LONGEST_STEM} characters in a question and {LONGEST_OPTION} in an answer"
        yield f"Kahoot takes {limits}: {counted(long, 'row')} {'are' if long > 1 else 'is'} left out."


# ---------------------------------------------------------------- the workbook


def _workbook(rows: Mapping[int, Sequence[str | int]]) -> bytes:
    """A workbook of one sheet in which every cell is a text or a number, and none a formula."""
    data = element("sheetData", *(_row(number, rows[number]) for number in sorted(rows)))
    sheet = element("worksheet", _SHEET_NAMESPACE, data)
    named = element("sheet", {"name": "Sheet1", "sheetId": "1", "r:id": "rId1"})
    book = element("workbook", {**_SHEET_NAMESPACE, "xmlns:r": _RELATIONS}, element("sheets", named))
    paths = {"/xl/workbook.xml": f"{_TYPES}sheet.main+xml", "/xl/worksheets/sheet1.xml": f"{_TYPES}worksheet+xml"}
    types = element(
        "Types",
        {"xmlns": f"{_BASE}/package/2006/content-types"},
        element("Default", {"Extension": "rels", "ContentType": _RELATED}),
        *(element("Override", {"PartName": path, "ContentType": kind}) for path, kind in paths.items()),
    )
    files = {
        "[Content_Types].xml": types,
        "_rels/.rels": _related("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _related("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    return archive({path: xml_file(root) for path, root in files.items()}, first="[Content_Types].xml")


def _related(kind: str, target: str) -> Element:
    own = {"Id": "rId1", "Type": f"{_RELATIONS}/{kind}", "Target": target}
    return element("Relationships", {"xmlns": f"{_BASE}/package/2006/relationships"}, element("Relationship", own))


def _row(number: int, cells: Iterable[str | int]) -> Element:
    filled = [(letter, text) for letter, text in zip(ascii_uppercase, cells, strict=False) if text]
    return element("row", {"r": str(number)}, *(_cell(f"{letter}{number}", text) for letter, text in filled))


def _cell(place: str, content: str | int) -> Element:
    if isinstance(content, int):
        return element("c", {"r": place}, element("v", str(content)))
    return element("c", {"r": place, "t": "inlineStr"}, element("is", element("t", content)))


FORMAT = quiz_format(
    "kahoot",
    _file,
    told_as="Kahoot",
    known=_KNOWN,
    holds=_HOLDS,
    most_options=MOST_OPTIONS,
    more_losses=_too_long,
    ending="xlsx",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    is_binary=True,
    about="kahoot is a spreadsheet for Kahoot",
    place=27,
)
