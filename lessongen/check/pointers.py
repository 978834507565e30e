"""Words that point to a part of the lesson by its sort, such as “the table above”, where no such part is there.

A part may be taken out after others were written. English only; for writers to mend, no part of the gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from lessongen.check.reading import Reading
from lessongen.lesson import model
from lessongen.lesson.draft import Problem
from lessongen.lesson.model import Lesson
from lessongen.lesson.place import Place
from lessongen.text.passages import loosely

RULE = "points-nowhere"
MISFIT = "fits-nowhere"
"""That a reader found a text of the lesson not to fit the rest."""
_Kinds: TypeAlias = tuple[type[model.Block], ...]
_THE = r"\b(?:the|this|that|our|its|your|each|every|first|second|third|last)"
_WHERE = r"(?: (?:above|below|on the board|on the page|here|you (?:saw|read|made|filled))\b)"
# A word that may as well be a thing of the topic (the table of a smith) points only where it says where.
_POINTS: Mapping[str, tuple[re.Pattern[str], _Kinds]] = {
    "a table": (
        re.compile(rf"\b(?:row|column|cell)s? of (?:the|this|our) table\b|{_THE} table{_WHERE}|\bin the table\b", re.I),
        (model.Table,),
    ),
    "a timeline": (re.compile(rf"{_THE} timeline\b", re.I), (model.Timeline,)),
    "an analogy": (re.compile(rf"{_THE} (?:analogy|comparison{_WHERE})", re.I), (model.Analogy,)),
    "a worked example": (re.compile(rf"{_THE} (?:worked example\b|example{_WHERE})", re.I), (model.Example,)),
    "an activity": (re.compile(rf"{_THE} (?:activity|role play|demonstration)\b", re.I), (model.Activity, model.Task)),
    "a picture": (re.compile(rf"{_THE} (?:picture|figure|drawing|diagram|map){_WHERE}", re.I), (model.Figure,)),
    "parts of the practice": (re.compile(rf"{_THE} part of the (?:practice|task)\b", re.I), (model.Task,)),
}


BACK_TO_THE_START = "Go back to your answer from the start: what would you change in it now, and why?"
"""What has a class return to what it said before the lesson."""


def dangling(lesson: Lesson) -> list[Problem]:
    """Each text of the sections that names a part of its cycle which the cycle does not have."""
    if lesson.language != "en":
        return []
    reading = Reading(lesson, {})
    texts = [*((claim.where, claim.text) for run in reading.runs for claim in run), *_beside(lesson)]
    found: list[Problem] = []
    for where, text in texts:
        if text == BACK_TO_THE_START and not any(each.role == "starter" for each in lesson.questions):
            found.append(Problem(rule=RULE, where=where, message="nothing was asked at the start"))
        at = where.steps[1]
        blocks = _around(lesson, int(at))
        for name, (pattern, kinds) in _POINTS.items():
            said = pattern.search(text)
            if said and not any(isinstance(block, kinds) for block in blocks):
                message = f"“{said[0]}” points to {name} that is not there: name the thing itself, or leave it out"
                found.append(Problem(rule=RULE, where=where, message=message))
    return found


def _beside(lesson: Lesson) -> Iterator[tuple[Place, str]]:
    """Notes for the teacher, steps, and what tasks ask and help with."""
    for number, section in enumerate(lesson.sections):
        for index, note in enumerate(section.notes):
            yield Place.of("sections", number, "notes", index), note.text
        for index, block in enumerate(section.blocks):
            where = Place.of("sections", number, "blocks", index)
            if isinstance(block, model.Activity):
                yield from ((where.at("steps", step), text) for step, text in enumerate(block.steps))
            elif isinstance(block, model.Task):
                yield where.at("prompt"), block.prompt
                yield from ((where.at(name), getattr(block, name) or "") for name in ("support", "stretch"))


def _around(lesson: Lesson, at: int) -> list[model.Block]:
    """The blocks of a section and of those of its cycle, without what only tells or asks."""
    own: model.Section = lesson.sections[at]
    near = [own] if own.cycle is None else [each for each in lesson.sections if each.cycle == own.cycle]
    return [block for section in near for block in section.blocks if not isinstance(block, (model.Prose, model.Check))]


def misfits(lesson: Lesson, said: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """What a reader found not to fit the rest, at the text that he names; what names no text of the lesson is left out.

    `said` are the text that each finding is about, and what is wrong with it.
    """
    reading = Reading(lesson, {})
    texts = [(loosely(each.text), each.where) for each in reading.statements]
    texts += [(loosely(each.text), each.where) for each in reading.uncited]
    for about, wrong in said:
        named = loosely(about)
        exact = [where for text, where in texts if text == named]
        where = next(iter([*exact, *(where for text, where in texts if named and named in text)]), None)
        if where is not None and wrong:
            yield Problem(rule=MISFIT, where=where, message=wrong)
