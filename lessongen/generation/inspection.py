"""Stored lessons examined one after the other: problems, warnings and figures of each, by the quality gate."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lessongen.generation.library import Library, lesson_of
from lessongen.lesson.draft import Problem
from lessongen.lesson.place import Place
from lessongen.lesson.versions import LessonName, Version
from lessongen.system.errors import DataError

if TYPE_CHECKING:
    from lessongen.check.figures import Figures
    from lessongen.lesson.model import Lesson

_ALL = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """What was found in one version; without figures where it can't be read."""

    name: LessonName
    version: str
    title: str
    writer: str
    rules: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    figures: Figures | None

    @property
    def passed(self) -> bool:
        """Whether the quality gate would let it pass."""
        return not self.problems

    def falls_short(self, *, strict: bool) -> bool:
        """Whether it fails: by a problem or, if strict, by a warning."""
        return bool(self.problems or (strict and self.warnings))

    def as_json(self) -> dict[str, Any]:
        """The documented shape."""
        return {
            **dataclasses.asdict(self.name),
            "version": self.version,
            "title": self.title,
            "writer": self.writer,
            "passed": self.passed,
            "rules": self.rules,
            "problems": [each.as_json() for each in self.problems],
            "warnings": [each.as_json() for each in self.warnings],
            "figures": self.figures.as_json() if self.figures else None,
        }


def count_of(library: Library, *, all_versions: bool) -> int:
    """How many versions `stored` gives."""
    return sum(lesson.versions if all_versions else 1 for lesson in library.all(_ALL))


def stored(library: Library, *, all_versions: bool) -> Iterator[Version]:
    """The newest version of each lesson by name, or every version; one that was deleted meanwhile is passed by."""
    for lesson in library.all(_ALL):
        for number in lesson.numbers[0 if all_versions else -1 :]:
            version = library.store.version(lesson.id, number)
            if version is not None:
                yield version


def inspect(version: Version, library: Library) -> Inspected:
    """One version, examined against the kept texts of its sources."""
    from lessongen.check.figures import figures_of, warnings_of
    from lessongen.check.gate import RULES, examine

    try:
        lesson = lesson_of(version)
    except DataError as error:
        unread = Problem(rule="schema", where=Place.of("content"), message=error.message)
        return _inspected(version, None, (unread,), (), None, len(RULES))
    problems = examine(lesson, library.texts(version)).problems
    return _inspected(version, lesson, problems, warnings_of(lesson), figures_of(lesson), len(RULES))


def _inspected(
    version: Version,
    lesson: Lesson | None,
    problems: Iterable[Problem],
    warnings: Iterable[Problem],
    figures: Figures | None,
    rules: int,
) -> Inspected:
    return Inspected(
        name=version.lesson.name,
        version=version.text,
        title=lesson.title if lesson else version.lesson.name.topic,
        writer=version.writer,
        rules=rules,
        problems=tuple(problems),
        warnings=tuple(warnings),
        figures=figures,
    )
