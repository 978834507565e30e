"""Rules on what is drawn of data: it can be drawn, is safe, and agrees with the exercise that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from lessongen.check.drawing import faults_of_svg
from lessongen.check.reading import Reading
from lessongen.check.report import Findings
from lessongen.lesson.drawings.base import Drawing, stands_in
from lessongen.lesson.model import Figure
from lessongen.lesson.place import Place


def drawing_sound(reading: Reading) -> Findings:
    """What is drawn of data can be drawn as its data say, as shapes and words that load nothing and run nothing."""
    for where, drawing, _ in _drawn(reading):
        faults = list(drawing.faults())
        yield from ((where, fault) for fault in faults or faults_of_svg(drawing.svg()))
    for where, block in reading.blocks:
        if isinstance(block, Figure) and block.drawing and (block.svg or block.alternative):
            yield where, "is drawn of data, and has an SVG or an alternative text of its own beside them"


def drawing_agrees(reading: Reading) -> Findings:
    """Each quantity in the drawing of a computed exercise stands in what the exercise asks, explains or answers."""
    for where, drawing, text in _drawn(reading):
        if text is None or any(drawing.faults()):
            continue
        for ways in drawing.shown:
            if not any(stands_in(each, text) for each in ways):
                yield where, f"shows {ways[0]}, of which what stands beside it says nothing"


def _drawn(reading: Reading) -> Iterator[tuple[Place, Drawing, str | None]]:
    """What is drawn of data, each with its place and the text that has to agree with it; None where none has."""
    for where, example in reading.examples:
        if example.drawing:
            told = [example.problem, *(step.text for step in example.steps), example.answer]
            yield where.at("drawing"), example.drawing, "\n".join(told) if example.origin == "computed" else None
    for where, question in reading.questions:
        if question.drawing:
            told = [question.stem, question.answer_text, question.feedback.text]
            yield where.at("drawing"), question.drawing, "\n".join(told) if question.origin == "computed" else None
    for where, block in reading.blocks:
        if isinstance(block, Figure) and block.drawing:
            yield where.at("drawing"), block.drawing, None
