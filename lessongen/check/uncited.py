"""The texts of a lesson that stand on nothing: titles, objectives, instructions, advice; each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lessongen.check.drawing import words_of_svg
from lessongen.lesson.model import Activity, Figure, Lesson, Table, Task, Timeline
from lessongen.lesson.place import Place


@dataclass(frozen=True, kw_only=True)
class Uncited:
    """A text that stands on nothing.

    A `step` is part of an activity or a task; a `heading` or a `term` need be no sentence; a `thing` is laid ready.
    `advice` is a teacher's: it may use any word and form, but names and counts nothing that the material does not; so
    may a `scene`, which ends in a question.
    """

    where: Place
    text: str
    kind: Literal["sentences", "scene", "heading", "term", "thing", "objective", "step", "product", "advice"]


def texts_of_lesson(lesson: Lesson) -> Iterator[Uncited]:
    """Those that stand beside the blocks of sections and the questions."""
    yield Uncited(where=Place.of("title"), text=lesson.title, kind="heading")
    yield Uncited(where=Place.of("outcome"), text=lesson.outcome, kind="objective")
    for index, objective in enumerate(lesson.objectives):
        yield Uncited(where=Place.of("objectives", index), text=objective.text, kind="objective")
    for index, entry in enumerate(lesson.prior_knowledge):
        yield Uncited(where=Place.of("prior_knowledge", index), text=entry, kind="heading")
    for index, term in enumerate(lesson.key_terms):
        yield Uncited(where=Place.of("key_terms", index, "term"), text=term.term, kind="term")
    for index, mixed_up in enumerate(lesson.misconceptions):
        yield Uncited(where=Place.of("misconceptions", index, "tempting"), text=mixed_up.tempting, kind="advice")
    for index, thing in enumerate(lesson.materials):
        yield Uncited(where=Place.of("materials", index), text=thing, kind="thing")
    for index, advice in enumerate(lesson.safety):
        yield Uncited(where=Place.of("safety", index), text=advice, kind="advice")
    for index, section in enumerate(lesson.sections):
        yield Uncited(where=Place.of("sections", index, "title"), text=section.title, kind="heading")


def texts_of_block(where: Place, block: object) -> Iterator[Uncited]:
    """Those of one block."""
    if isinstance(block, Activity):
        for index, step in enumerate(block.steps):
            yield Uncited(where=where.at("steps", index), text=step, kind="step")
        yield Uncited(where=where.at("product"), text=block.product, kind="product")
    elif isinstance(block, Task):
        yield Uncited(where=where.at("prompt"), text=block.prompt, kind="step")
        for index, criterion in enumerate(block.criteria):
            yield Uncited(where=where.at("criteria", index), text=criterion, kind="advice")
        for name in ("support", "stretch"):
            yield Uncited(where=where.at(name), text=getattr(block, name) or "", kind="advice")
    elif isinstance(block, Table):
        yield Uncited(where=where.at("title"), text=block.title, kind="heading")
        for index, heading in enumerate(block.headings):
            yield Uncited(where=where.at("headings", index), text=heading, kind="heading")
    elif isinstance(block, Timeline):
        yield Uncited(where=where.at("title"), text=block.title, kind="heading")
    elif isinstance(block, Figure):
        yield Uncited(where=where.at("title"), text=block.title, kind="heading")
        yield Uncited(where=where.at("svg"), text=words_of_svg(block.drawn), kind="advice")
