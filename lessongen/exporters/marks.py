"""The marks of a lesson's sentences: the numbers by which a reader finds the source, or the passage, behind each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lessongen.exporters.shapes import Told
from lessongen.lesson.edition import StudentLesson, renumbered_quotes, sources_in_order
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


class Marks:
    """Gives marks in the order in which they are asked for; "2.1" is the first passage of the second source.

    Both editions get the same ones, as long as the body asks before what is the teacher's alone.
    """

    def __init__(self, lesson: Lesson, view: StudentLesson, audience: Audience) -> None:
        names = renumbered_quotes(lesson)
        self._of_lesson = {
            quote.id: names.get(quote.id, f"for teachers {quote.id}")
            for source in lesson.sources
            for quote in source.quotes
        }
        self._quotes = {
            self._of_lesson[quote.id]: (number, quote)
            for number, source in enumerate(sources_in_order(lesson), 1)
            for quote in source.quotes
        }
        withheld = {quote.id for source in view.sources for quote in source.quotes if quote.text is None}
        self._withheld = withheld if audience == "student" else set()
        self._given: dict[str, str] = {}
        self._counts: Counter[int] = Counter()

    def sources(self, cites: Iterable[str]) -> tuple[str, ...]:
        """The marks of the sources of these quotes, by the student's edition's ids: for the source's own words."""
        return tuple(dict.fromkeys(str(self._quotes[cite][0]) for cite in cites))

    def passages(self, cites: Iterable[str]) -> tuple[str, ...]:
        """The marks of these quotes, each of its own; of the source alone where students must not read the quote."""
        marks = dict.fromkeys(map(self._mark, cites))
        return tuple(sorted(marks, key=lambda mark: [int(number) for number in mark.split(".")]))

    def passages_of_lesson(self, cites: Iterable[str]) -> tuple[str, ...]:
        """The same by the lesson's own ids: for what is for teachers."""
        return self.passages(self._of_lesson[cite] for cite in cites if cite in self._of_lesson)

    def told(self, number: int) -> tuple[Told, ...]:
        """The passages of a source that marks lead to."""
        return tuple(
            Told(mark=mark, text=printable(quote.text), heading=printable(quote.section))
            for cite, mark in self._given.items()
            for of_source, quote in (self._quotes[cite],)
            if of_source == number and cite not in self._withheld
        )

    def _mark(self, cite: str) -> str:
        number, _ = self._quotes[cite]
        if cite not in self._given:
            self._counts[number] += 1
            self._given[cite] = f"{number}.{self._counts[number]}"
        return str(number) if cite in self._withheld else self._given[cite]
