"""CSV: a sheet of questions with the columns that Quizizz, now called Wayground, imports."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lessongen.exporters.asking import Asked, quiz_format
from lessongen.lesson.interactions import Fill, Interaction, Pick, Write
from lessongen.system.terminal import counted

if TYPE_CHECKING:
    from lessongen.exporters.quiz import Item
    from lessongen.lesson.model import Lesson

_KNOWN = (Pick, Fill, Write)
_MOST_OPTIONS = 5
_OPTIONS = [f"Option {number}" for number in range(1, _MOST_OPTIONS + 1)]
COLUMNS = (
    *("Question Text", "Question Type", *_OPTIONS, "Correct Answer", "Time in seconds", "Image Link"),
    "Answer explanation",
)
_SECONDS = {"Multiple Choice": "30", "Checkbox": "45", "Fill-in-the-Blank": "60", "Open-Ended": "300"}
_NUMBER = re.compile(r"[+-]?[0-9.,]+")


def _file(title: str, lessons: Iterable[Asked]) -> bytes:
    """The questions, a row each; the explanation of a lesson's first one names its sources as well."""
    import csv

    target = io.StringIO()
    rows = csv.DictWriter(target, COLUMNS, restval="", lineterminator="\r\n")
    rows.writeheader()
    for quiz, items in lessons:
        told = [f"Sources: {' / '.join(quiz.credits)}"]
        for item in items:
            item = replace(item, asked=as_held(item.asked))
            row = {**dict(_cells(item)), "Answer explanation": " / ".join([*item.feedback, *item.reasons, *told])}
            rows.writerow({column: defused(cell) for column, cell in row.items()})
            told = []
    return target.getvalue().encode("utf-8-sig")


def _cells(item: Item) -> Iterator[tuple[str, str]]:
    asked = item.asked
    yield "Question Text", item.told_stem
    kind, options = "Open-Ended", []
    if isinstance(asked, Pick):
        kind = "Multiple Choice" if len(asked.right) == 1 else "Checkbox"
        options = [text for text, _ in asked.options]
        right = [str(number) for number, (_, is_right) in enumerate(asked.options, 1) if is_right]
        yield "Correct Answer", ",".join(right)
    elif isinstance(asked, Fill):
        kind, options = "Fill-in-the-Blank", list(asked.answers)
    yield "Question Type", kind
    yield "Time in seconds", _SECONDS[kind]
    yield from zip(_OPTIONS, options, strict=False)


def as_held(asked: Interaction) -> Interaction:
    """The same, but for what is to be typed and would be defused: no one types the mark, so a person marks it."""
    if isinstance(asked, Fill) and any(defused(each) != each for each in asked.answers):
        return Write(points=asked.answers)
    return asked


def defused(cell: str) -> str:
    """The cell such that no spreadsheet takes it for a formula; a number is none."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") and not _NUMBER.fullmatch(cell) else cell


def _defused_answers(lesson: Lesson) -> Iterator[str]:
    """How many answers begin like a formula."""
    from lessongen.exporters.quiz import asked_in

    asked = list(map(asked_in, lesson.questions))
    count = sum(as_held(each) != each for each in asked)
    if count:
        becomes = "become open ones" if count > 1 else "becomes an open one"
        yield f"A sheet has no answers that begin like a formula: {counted(count, 'question')} {becomes}."


FORMAT = quiz_format(
    "csv",
    _file,
    told_as="A sheet for Quizizz",
    known=_KNOWN,
    most_options=_MOST_OPTIONS,
    more_losses=_defused_answers,
    media_type="text/csv; charset=utf-8",
    about="csv is a sheet of questions for Quizizz",
    place=26,
)
